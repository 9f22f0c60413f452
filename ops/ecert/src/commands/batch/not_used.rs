//! The columns of a delivery that are kept and not used, by the titles that were stored with it.

use domain::kind::Kind;
use ingest::dictionary::Dictionary;
use ingest::header::unread_titles;
use ingest::shapes::RecordShape;
use store::batches::Batch;
use store::pool::PgConnection;

use super::context_of;
use crate::app::App;

/// Their titles, sheet after sheet, each once; none while the file is being read, and none of photos.
pub(super) async fn titles(conn: &mut PgConnection, app: &App, batch: &Batch) -> anyhow::Result<Vec<String>> {
    let dictionary = match (batch.kind.parse::<Kind>(), RecordShape::of_code(&batch.shape)) {
        (_, Some(shape)) => Dictionary::of_shape(shape),
        (Ok(kind), None) if batch.shape == "certificates" => context_of(conn, app, batch).await?.dictionary(kind),
        (Ok(_) | Err(_), None) => return Ok(Vec::new()),
    };
    let mut headers: Vec<Vec<String>> = store::rows::headers(conn, batch.id).await?.into_iter().map(|(_, _, titles)| titles).collect();
    // Formats that give titles outside their rows have no header row.
    if headers.is_empty() {
        headers.push(batch.titles.clone());
    }
    Ok(unread_titles(&headers, dictionary))
}
