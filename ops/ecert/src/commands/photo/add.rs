//! `ecert photo add|appeal`: what a holder sends, until the portal takes it.

use std::path::Path;

use anyhow::bail;
use domain::identity::IdentityDocument;
use domain::ids::PhotoId;
use portrait::Limits;
use serde_json::json;
use store::objects::Area;
use store::photo_cases;
use store::photo_uploads::{self, Holder, Upload};
use store::pool::{PgConnection, PgPool};

use super::{cause, file};
use crate::app::App;
use crate::output::answer;

pub(super) async fn add(app: &App, pool: &PgPool, number: &str, path: &Path) -> anyhow::Result<()> {
    let actor = app.actor(pool).await?;
    let holder = holder_of(&mut *pool.acquire().await?, number).await?;
    let bytes = match file::read(path)?.and_then(|bytes| portrait::glance(&bytes, &Limits::default()).map(|_| bytes)) {
        Ok(bytes) => bytes,
        Err(refusal) => bail!("{}: {} / {}", path.display(), refusal.zh(), refusal.en()),
    };
    let stored = app.objects().write_all(Area::Photos, [bytes]).await?;
    let Some(object) = stored.into_iter().next() else { bail!("{}: it was not stored; try again", path.display()) };
    let file_name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let mut tx = pool.begin().await?;
    let upload = Upload { holder, file_name, sha256: object.sha256, key: object.key, size_bytes: i64::try_from(object.size_bytes)? };
    let received = photo_uploads::receive(&mut tx, cause(&actor), &upload).await?;
    tx.commit().await?;
    let document = json!({ "photo": received.photo.to_string(), "new": received.new, "state": received.state });
    answer(app.json, &document, || {
        let id = received.photo;
        match (received.new, received.state.as_str()) {
            (true, _) => format!(
                "photo {id} is stored and waits for the automatic checks; `ecert work` does them, `ecert photo show {id}` tells what they say\n"
            ),
            (false, "rejected") => format!(
                "this very file came before as photo {id} and was rejected; `ecert photo show {id}` tells why, `ecert photo appeal {id}` asks for another reviewer\n"
            ),
            (false, "replaced") => format!(
                "this very file came before as photo {id}, which gave way to a newer one; to go back to it, save the picture anew and add that\n"
            ),
            (false, state) => format!("this very file came before as photo {id}, which is {state}\n"),
        }
    })
}

/// The holder of a certificate, or whoever has this document.
async fn holder_of(conn: &mut PgConnection, number: &str) -> anyhow::Result<Holder> {
    let number = domain::characters::tidy(number);
    let document = IdentityDocument::parse(&number).ok().map(|(document, _)| document);
    let found = photo_uploads::holders(conn, &number, document.as_ref().map(|d| (d.kind().as_str(), d.number()))).await?;
    match <[Holder; 1]>::try_from(found) {
        Ok([holder]) => Ok(holder),
        Err(found) if found.is_empty() => {
            bail!("{number:?} is the number of no certificate and of no holder's document; `ecert cert show` knows certificates by number")
        }
        Err(found) => bail!("{number:?} leads to {} holders; name the number of the holder's document", found.len()),
    }
}

pub(super) async fn appeal(app: &App, pool: &PgPool, id: PhotoId, note: Option<&str>) -> anyhow::Result<()> {
    let actor = app.actor(pool).await?;
    let mut tx = pool.begin().await?;
    photo_cases::appeal(&mut tx, cause(&actor), id, note, workers::review_photos::SAME).await?;
    tx.commit().await?;
    answer(app.json, &json!({ "photo": id.to_string() }), || format!("photo {id} waits for another reviewer\n"))
}
