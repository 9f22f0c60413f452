//! Batches: one delivered file each, from registration to balanced totals.

mod overview;

use domain::ids::BatchId;
use domain::kind::Kind;
use sqlx::PgConnection;
use time::{Date, OffsetDateTime};

pub use self::overview::{deliverers, waiting};

/// A delivery to register.
#[derive(Debug, Clone)]
pub struct NewBatch {
    /// `certificates` or `photos`.
    pub shape: String,
    /// The kind of certificate, for shapes that have one.
    pub kind: Option<Kind>,
    /// Of the file; of a folder, of its sorted names and digests.
    pub sha256: [u8; 32],
    /// `all` or `on-application`.
    pub issue_policy: String,
    /// The day on which the delivery was true.
    pub as_of: Date,
    /// The file's name as the operator gave it.
    pub file_name: String,
    /// Object key, or the folder's path.
    pub location: String,
    /// Length in bytes.
    pub size_bytes: i64,
}

/// What registering gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registered {
    /// A new batch, to be imported.
    New(BatchId),
    /// The same content was delivered before; nothing is changed.
    RepeatOf(BatchId),
}

/// A batch as stored.
#[derive(Debug, Clone)]
pub struct Batch {
    /// Its number.
    pub id: BatchId,
    /// `certificates` or `photos`.
    pub shape: String,
    /// The kind's code, or empty.
    pub kind: String,
    /// Of the content.
    pub sha256: Vec<u8>,
    /// `all` or `on-application`.
    pub issue_policy: String,
    /// The day on which the delivery was true.
    pub as_of: Date,
    /// `running`, `finished`, `failed`, `undone`: the import's.
    pub state: String,
    /// `read`, `resolve`, `merge`, `finished`.
    pub phase: String,
    /// How far the phase has come.
    pub position: i64,
    /// Who delivered.
    pub registered_by: String,
    /// When.
    pub registered_at: OffsetDateTime,
    /// When the import ended.
    pub finished_at: Option<OffsetDateTime>,
    /// Why it failed.
    pub failure: Option<String>,
    /// Name of the delivered file.
    pub file_name: String,
    /// Object key, or the folder's path.
    pub location: String,
    /// Titles of the header row.
    pub titles: Vec<String>,
    /// Rows by outcome.
    pub totals: Totals,
    /// Certificates by what became of them.
    pub certificates: CertificateTotals,
}

/// Rows by outcome. `read` is the sum of the others once the batch is finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Rows of the file.
    pub read: i64,
    /// Taken as they were, or repaired reversibly.
    pub loaded: i64,
    /// Taken, with something that a person may want to look at.
    pub warned: i64,
    /// Waiting for a person.
    pub held: i64,
    /// Not taken.
    pub rejected: i64,
    /// Titles, headers, totals, blank rows.
    pub dropped: i64,
}

/// Certificates by what a batch did to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CertificateTotals {
    /// New ones.
    pub created: i64,
    /// Known ones whose printed facts changed.
    pub updated: i64,
    /// Known ones that stayed as they were.
    pub unchanged: i64,
}

/// Registers a delivery; the caller enqueues its import in the same transaction when it is new.
///
/// # Errors
/// The database's.
pub async fn register(conn: &mut PgConnection, new: &NewBatch, actor: &str) -> sqlx::Result<Registered> {
    let kind = new.kind.map_or("", Kind::as_str);
    let id = sqlx::query_scalar!(
        r#"insert into intake_batch (shape, kind, sha256, issue_policy, as_of, registered_by) values ($1, $2, $3, $4, $5, $6)
           on conflict (sha256, shape, kind) where state in ('running', 'finished') do nothing returning id as "id: BatchId""#,
        new.shape,
        kind,
        new.sha256.as_slice(),
        new.issue_policy,
        new.as_of,
        actor
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(id) = id else {
        let known = find_content(conn, &new.shape, new.kind, &new.sha256).await?;
        return known.map(Registered::RepeatOf).ok_or(sqlx::Error::RowNotFound);
    };
    sqlx::query!(
        "insert into intake_file (batch_id, name, location, size_bytes) values ($1, $2, $3, $4)",
        id.0,
        new.file_name,
        new.location,
        new.size_bytes
    )
    .execute(&mut *conn)
    .await?;
    let detail = serde_json::json!({ "shape": new.shape, "kind": kind, "file": new.file_name, "issue": new.issue_policy });
    crate::audit::record(conn, actor, "batch-registered", &format!("batch:{id}"), &detail).await?;
    Ok(Registered::New(id))
}

/// The batch that already holds this content under this shape and kind, unless it failed or was undone.
///
/// # Errors
/// The database's.
pub async fn find_content(conn: &mut PgConnection, shape: &str, kind: Option<Kind>, sha256: &[u8; 32]) -> sqlx::Result<Option<BatchId>> {
    sqlx::query_scalar!(
        r#"select id as "id: BatchId" from intake_batch
           where sha256 = $1 and shape = $2 and kind = $3 and state in ('running', 'finished')"#,
        sha256.as_slice(),
        shape,
        kind.map_or("", Kind::as_str)
    )
    .fetch_optional(conn)
    .await
}

struct BatchRow {
    id: BatchId,
    shape: String,
    kind: String,
    sha256: Vec<u8>,
    issue_policy: String,
    as_of: Date,
    state: String,
    phase: String,
    position: i64,
    registered_by: String,
    registered_at: OffsetDateTime,
    finished_at: Option<OffsetDateTime>,
    failure: Option<String>,
    file_name: String,
    location: String,
    titles: Vec<String>,
    rows_read: i64,
    rows_loaded: i64,
    rows_warned: i64,
    rows_held: i64,
    rows_rejected: i64,
    rows_dropped: i64,
    certificates_created: i64,
    certificates_updated: i64,
    certificates_unchanged: i64,
}

impl From<BatchRow> for Batch {
    fn from(row: BatchRow) -> Self {
        Self {
            id: row.id,
            shape: row.shape,
            kind: row.kind,
            sha256: row.sha256,
            issue_policy: row.issue_policy,
            as_of: row.as_of,
            state: row.state,
            phase: row.phase,
            position: row.position,
            registered_by: row.registered_by,
            registered_at: row.registered_at,
            finished_at: row.finished_at,
            failure: row.failure,
            file_name: row.file_name,
            location: row.location,
            titles: row.titles,
            totals: Totals {
                read: row.rows_read,
                loaded: row.rows_loaded,
                warned: row.rows_warned,
                held: row.rows_held,
                rejected: row.rows_rejected,
                dropped: row.rows_dropped,
            },
            certificates: CertificateTotals {
                created: row.certificates_created,
                updated: row.certificates_updated,
                unchanged: row.certificates_unchanged,
            },
        }
    }
}

/// Batches, newest first; one when `id` is given.
///
/// # Errors
/// The database's.
pub async fn list(conn: &mut PgConnection, id: Option<BatchId>) -> sqlx::Result<Vec<Batch>> {
    let rows = sqlx::query_file_as!(BatchRow, "queries/batches.sql", id.map(|id| id.0)).fetch_all(conn).await?;
    Ok(rows.into_iter().map(Batch::from).collect())
}

/// One batch.
///
/// # Errors
/// The database's.
pub async fn find(conn: &mut PgConnection, id: BatchId) -> sqlx::Result<Option<Batch>> {
    Ok(list(conn, Some(id)).await?.into_iter().next())
}

/// Remembers what the file's header said.
///
/// # Errors
/// The database's.
pub async fn set_titles(conn: &mut PgConnection, id: BatchId, encoding: &str, titles: &[String]) -> sqlx::Result<()> {
    sqlx::query!("update intake_file set encoding = $2, titles = $3 where batch_id = $1", id.0, encoding, titles).execute(conn).await?;
    Ok(())
}

/// Moves the import on: the phase it is in and how far it has come there.
///
/// # Errors
/// The database's.
pub async fn advance(conn: &mut PgConnection, id: BatchId, phase: &str, position: i64) -> sqlx::Result<()> {
    sqlx::query!("update intake_batch set phase = $2, position = $3 where id = $1 and state = 'running'", id.0, phase, position)
        .execute(conn)
        .await?;
    Ok(())
}

/// Notes how many rows the file has, when it was read to its end: by whoever read it, so that a row that was lost on the way shows.
///
/// # Errors
/// The database's.
pub async fn read_to_end(conn: &mut PgConnection, id: BatchId, rows: i64) -> sqlx::Result<()> {
    sqlx::query!("update intake_batch set rows_read = $2 where id = $1 and state = 'running'", id.0, rows).execute(conn).await?;
    Ok(())
}

/// Finishes the import: counts the rows by outcome; the table refuses totals that do not balance with `read`.
///
/// # Errors
/// The database's; constraint `batch_balances` when a row was lost.
pub async fn finish(conn: &mut PgConnection, id: BatchId, read: i64) -> sqlx::Result<()> {
    // Held first, so that photos which are adopted at this moment are counted either here or by whoever adopts them.
    sqlx::query!("select id from intake_batch where id = $1 for update", id.0).fetch_all(&mut *conn).await?;
    // Counted by itself: an update would count on one processor.
    let counted = crate::intake_rows::totals(conn, id).await?;
    sqlx::query!(
        "update intake_batch
         set state = 'finished', phase = 'finished', finished_at = now(), rows_read = $2,
             rows_loaded = $3, rows_warned = $4, rows_held = $5, rows_rejected = $6, rows_dropped = $7
         where id = $1 and state = 'running'",
        id.0,
        read,
        counted.loaded,
        counted.warned,
        counted.held,
        counted.rejected,
        counted.dropped
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Fails the import with its reason. What its steps had merged until then stays and is known to the next delivery.
///
/// # Errors
/// The database's.
pub async fn fail(conn: &mut PgConnection, id: BatchId, reason: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "update intake_batch set state = 'failed', failure = $2, finished_at = now() where id = $1 and state = 'running'",
        id.0,
        reason
    )
    .execute(conn)
    .await?;
    Ok(())
}
