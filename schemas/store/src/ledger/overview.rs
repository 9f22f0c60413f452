//! The ledger as operators see it.

use domain::ids::BatchId;
use sqlx::PgConnection;

/// One queue, that is one kind of job.
#[derive(Debug, Clone)]
pub struct QueueRow {
    /// The kind of job.
    pub kind: String,
    /// Jobs that nobody holds.
    pub waiting: i64,
    /// Jobs that a worker holds.
    pub running: i64,
    /// Failed jobs that will be tried again.
    pub retrying: i64,
    /// Jobs without an attempt left, kept until someone decides.
    pub dead: i64,
    /// Jobs done within the last hour.
    pub done_last_hour: i64,
    /// Age of the oldest waiting job in seconds.
    pub oldest_waiting_seconds: Option<i64>,
    /// Whether it is paused, by itself or with all others.
    pub paused: bool,
    /// Jobs that may run at once, where that is limited.
    pub max_running: Option<i32>,
    /// Jobs that may begin in a minute, where that is limited.
    pub per_minute: Option<i32>,
}

/// Jobs that have not ended, of some kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OpenJobs {
    /// Waiting, running or retrying.
    pub open: i64,
    /// Of those, running.
    pub running: i64,
}

/// Every kind of job that the ledger knows, by name.
///
/// # Errors
/// The database's.
pub async fn queues(conn: &mut PgConnection) -> sqlx::Result<Vec<QueueRow>> {
    sqlx::query_file_as!(QueueRow, "queries/queues.sql").fetch_all(conn).await
}

/// How many jobs of these kinds have not ended.
///
/// # Errors
/// The database's.
pub async fn open_jobs(conn: &mut PgConnection, kinds: &[String]) -> sqlx::Result<OpenJobs> {
    sqlx::query_as!(
        OpenJobs,
        r#"select count(*) as "open!", count(*) filter (where state = 'running') as "running!" from job
           where kind = any ($1) and state in ('waiting', 'running', 'retrying')"#,
        kinds
    )
    .fetch_one(conn)
    .await
}

/// Whether a job of these kinds has not ended, those that staff have paused left out: nobody works on them until they go on.
///
/// # Errors
/// The database's.
pub async fn any_open(conn: &mut PgConnection, kinds: &[String]) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from job j where j.kind = any ($1) and j.state in ('waiting', 'running', 'retrying')
               and (j.state = 'running'
                    or not exists (select from queue_control c where c.kind in (j.kind, '*') and c.paused_at is not null)
                    and not exists (select from batch_pause p where p.batch_id = j.batch_id))) as "open!""#,
        kinds
    )
    .fetch_one(conn)
    .await
}

impl QueueRow {
    /// A queue that has no job.
    #[must_use]
    pub fn empty(kind: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            waiting: 0,
            running: 0,
            retrying: 0,
            dead: 0,
            done_last_hour: 0,
            oldest_waiting_seconds: None,
            paused: false,
            max_running: None,
            per_minute: None,
        }
    }
}

/// The open job of one of these kinds about a subject.
///
/// # Errors
/// The database's.
pub async fn open_job_of(conn: &mut PgConnection, kinds: &[String], subject: &str) -> sqlx::Result<Option<domain::ids::JobId>> {
    sqlx::query_scalar!(
        r#"select id as "id: domain::ids::JobId" from job
           where kind = any ($1) and subject = $2 and state in ('waiting', 'running', 'retrying')"#,
        kinds,
        subject
    )
    .fetch_optional(conn)
    .await
}

/// Whether a job has failed for the last time.
///
/// # Errors
/// The database's.
pub async fn is_dead(conn: &mut PgConnection, job: domain::ids::JobId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(r#"select exists (select from job where id = $1 and state in ('dead', 'cancelled')) as "dead!""#, job.0)
        .fetch_one(conn)
        .await
}

/// How far a batch's import is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportProgress {
    /// `read`, `resolve`, `merge` or `finished`.
    pub phase: String,
    /// Rows that are done in this phase.
    pub done: i64,
    /// Rows of this phase, where they are known.
    pub total: Option<i64>,
    /// The worker that has it now.
    pub worker: Option<String>,
}

/// How far the import of a batch is, by its newest job.
///
/// # Errors
/// The database's.
pub async fn progress_of_batch(conn: &mut PgConnection, batch: BatchId) -> sqlx::Result<Option<ImportProgress>> {
    sqlx::query_as!(
        ImportProgress,
        "select b.phase, j.progress_done as done, j.progress_total as total, j.worker
         from intake_batch b join job j on j.batch_id = b.id
         where b.id = $1 and j.kind like 'import%' order by j.id desc limit 1",
        batch.0
    )
    .fetch_optional(conn)
    .await
}
