//! Jobs that wait for a decision, grouped by what went wrong, and one job with everything that is known of it.

use sqlx::PgConnection;
use time::OffsetDateTime;

/// Dead jobs of one queue with one error code.
#[derive(Debug, Clone)]
pub struct DeadGroup {
    /// The queue.
    pub kind: String,
    /// The error code.
    pub code: String,
    /// How many.
    pub jobs: i64,
    /// When the first of them died.
    pub first: OffsetDateTime,
    /// When the last of them died.
    pub last: OffsetDateTime,
    /// What the last of them said.
    pub text: String,
}

/// One attempt of a job.
#[derive(Debug, Clone)]
pub struct PastAttempt {
    /// Counts from 1.
    pub attempt: i32,
    /// Who made it.
    pub worker: String,
    /// When it began.
    pub started_at: OffsetDateTime,
    /// When it ended; `None` while it runs.
    pub finished_at: Option<OffsetDateTime>,
    /// How it ended.
    pub outcome: Option<String>,
    /// The error code.
    pub error_code: Option<String>,
    /// What went wrong.
    pub error_text: Option<String>,
}

/// What a job is about, and how that stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubjectState {
    /// `batch:3`, `certificate:17`, `photo:9`.
    pub subject: String,
    /// Its state in one word.
    pub state: String,
}

/// Dead jobs, the largest group first.
///
/// # Errors
/// The database's.
pub async fn groups(conn: &mut PgConnection) -> sqlx::Result<Vec<DeadGroup>> {
    sqlx::query_as!(
        DeadGroup,
        r#"select kind, error_code as "code!", count(*) as "jobs!", min(finished_at) as "first!", max(finished_at) as "last!",
                  coalesce((array_agg(error_text order by finished_at desc))[1], '') as "text!"
           from job where state = 'dead' group by kind, error_code order by count(*) desc, kind, error_code"#
    )
    .fetch_all(conn)
    .await
}

/// The attempts of a job, oldest first.
///
/// # Errors
/// The database's.
pub async fn attempts(conn: &mut PgConnection, job: i64) -> sqlx::Result<Vec<PastAttempt>> {
    sqlx::query_as!(
        PastAttempt,
        "select attempt, worker, started_at, finished_at, outcome, error_code, error_text from job_attempt where job_id = $1 order by attempt",
        job
    )
    .fetch_all(conn)
    .await
}

/// What a job is about, at most so many, by the ids of its payload.
///
/// # Errors
/// The database's.
pub async fn subjects(conn: &mut PgConnection, job: i64, limit: i64) -> sqlx::Result<Vec<SubjectState>> {
    sqlx::query_file_as!(SubjectState, "queries/ledger/subjects.sql", job, limit).fetch_all(conn).await
}
