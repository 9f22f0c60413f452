//! Photos as reviewers and operators see them.

use domain::ids::{BatchId, PersonId, PhotoId};
use serde_json::Value;
use sqlx::PgConnection;
use time::OffsetDateTime;

/// A photo in a list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The photo.
    pub id: PhotoId,
    /// `received`, `approved`, `held`, `rejected`, `replaced` or `withdrawn`.
    pub state: String,
    /// `legacy` or `upload`.
    pub policy: String,
    /// When it came.
    pub received_at: OffsetDateTime,
    /// Its holder, where a record is known.
    pub holder_name: Option<String>,
    /// Kind of the holder's document.
    pub id_kind: String,
    /// Number of the holder's document; masked before it is shown.
    pub id_number: String,
    /// What its last review found.
    pub findings: Option<Value>,
    /// Why a person has to decide, where one has.
    pub cause: Option<String>,
    /// Since when it waits for that.
    pub opened_at: Option<OffsetDateTime>,
    /// Who holds it.
    pub claimed_by: Option<String>,
    /// Until when.
    pub claimed_until: Option<OffsetDateTime>,
}

/// Which photos are listed.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only those in this state; none means those that wait for a person.
    pub state: Option<String>,
    /// Only those of this delivery.
    pub batch: Option<BatchId>,
    /// At most so many.
    pub limit: i64,
}

/// Those that wait for a person, oldest first; with a state, those in it, newest first.
///
/// # Errors
/// The database's.
pub async fn list(conn: &mut PgConnection, filter: &Filter) -> sqlx::Result<Vec<Listed>> {
    let batch = filter.batch.map(|batch| batch.0);
    match &filter.state {
        None => sqlx::query_file_as!(Listed, "queries/photos/list_waiting.sql", batch, filter.limit).fetch_all(conn).await,
        Some(state) => listed(conn, None, Some(state), batch, filter.limit).await,
    }
}

/// This photo, or those in a state and of a delivery, newest first.
async fn listed(
    conn: &mut PgConnection,
    photo: Option<PhotoId>,
    state: Option<&str>,
    batch: Option<i64>,
    limit: i64,
) -> sqlx::Result<Vec<Listed>> {
    let photo = photo.map(|photo| photo.0);
    sqlx::query_file_as!(Listed, "queries/photos/list.sql", photo, state, batch, limit).fetch_all(conn).await
}

/// Everything about one photo.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The photo, as in a list.
    pub listed: Listed,
    /// Its holder.
    pub person: Option<PersonId>,
    /// The delivery that it came with.
    pub batch: Option<BatchId>,
    /// Name of the file as it came.
    pub file_name: String,
    /// Length of the file in bytes.
    pub size_bytes: i64,
    /// Where the original lies, and its SHA-256.
    pub original: (String, Vec<u8>),
    /// Where the portrait lies, and its SHA-256; none before the review and of what cannot be read.
    pub portrait: Option<(String, Vec<u8>)>,
    /// The newer photo that took its place.
    pub replaced_by: Option<PhotoId>,
    /// What was decided, oldest first.
    pub reviews: Vec<Reviewed>,
}

/// One decision.
#[derive(Debug, Clone)]
pub struct Reviewed {
    /// When.
    pub at: OffsetDateTime,
    /// Who.
    pub reviewer: String,
    /// `approved`, `held`, `rejected`, `appealed` or `taken-back`.
    pub decision: String,
    /// What was found, with code and sentences.
    pub findings: Value,
    /// Every check with its value, of an automatic review.
    pub checks: Value,
    /// The codes that a reviewer gave.
    pub reasons: Vec<String>,
    /// What he wrote beside them.
    pub note: Option<String>,
}

/// Reads one photo; none where there is no such.
///
/// # Errors
/// The database's.
pub async fn show(conn: &mut PgConnection, photo: PhotoId) -> sqlx::Result<Option<Shown>> {
    let Some(listed) = listed(conn, Some(photo), None, None, 1).await?.pop() else { return Ok(None) };
    let row = sqlx::query!(
        r#"select person_id as "person: PersonId", batch_id as "batch: BatchId", file_name, size_bytes, original_key, original_sha256,
                  portrait_key, portrait_sha256, replaced_by as "replaced_by: PhotoId"
           from photo where id = $1"#,
        photo.0
    )
    .fetch_one(&mut *conn)
    .await?;
    let reviews = sqlx::query_as!(
        Reviewed,
        "select at, reviewer, decision, findings, checks, reasons, note from photo_review where photo_id = $1 order by id",
        photo.0
    )
    .fetch_all(conn)
    .await?;
    Ok(Some(Shown {
        listed,
        person: row.person,
        batch: row.batch,
        file_name: row.file_name,
        size_bytes: row.size_bytes,
        original: (row.original_key, row.original_sha256),
        portrait: row.portrait_key.zip(row.portrait_sha256),
        replaced_by: row.replaced_by,
        reviews,
    }))
}

/// How many photos of a delivery are in each state; those whose holder is not known yet are `unmatched`.
///
/// # Errors
/// The database's.
pub async fn of_batch(conn: &mut PgConnection, batch: BatchId) -> sqlx::Result<Vec<(String, i64)>> {
    let rows = sqlx::query!(
        r#"select case when person_id is null then 'unmatched' else state end as "state!", count(*) as "n!"
           from photo where batch_id = $1 group by 1 order by 1"#,
        batch.0
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.state, row.n)).collect())
}
