//! Which jobs staff mean: by queue, state, batch, error code and age.

use std::time::Duration;

use domain::ids::BatchId;
use serde_json::{Value, json};
use sqlx::PgConnection;
use sqlx::postgres::types::PgInterval;

/// What a job must be to be meant; what is not said matches every job.
#[derive(Debug, Clone, Default)]
pub struct JobFilter {
    /// The queue.
    pub kind: Option<String>,
    /// waiting, running, retrying, done, dead or cancelled.
    pub state: Option<String>,
    /// The batch.
    pub batch: Option<BatchId>,
    /// The code of the last failure.
    pub error_code: Option<String>,
    /// Came at least so long ago.
    pub older_than: Option<Duration>,
}

/// A job as a list shows it.
#[derive(Debug, Clone)]
pub struct JobRow {
    /// The job.
    pub id: i64,
    /// Its queue.
    pub kind: String,
    /// Its state.
    pub state: String,
    /// Its batch.
    pub batch: Option<i64>,
    /// Attempts so far.
    pub attempt: i32,
    /// The attempt after which it is dead.
    pub max_attempts: i32,
    /// Higher ones begin first.
    pub priority: i32,
    /// Code of the last failure.
    pub error_code: Option<String>,
    /// What the last failure was.
    pub error_text: Option<String>,
    /// Seconds since it came.
    pub age_seconds: i64,
}

impl JobFilter {
    /// Whether nothing is said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self { kind, state, batch, error_code, older_than } = self;
        kind.is_none() && state.is_none() && batch.is_none() && error_code.is_none() && older_than.is_none()
    }

    /// For the audit.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "queue": self.kind, "state": self.state, "batch": self.batch.map(|batch| batch.0), "error": self.error_code,
            "older_than_s": self.older_than.map(|age| age.as_secs()),
        })
    }

    /// Of these states the one that is asked for; all of them where none is.
    fn states(&self, possible: &[&str]) -> Vec<String> {
        let wanted = |state: &&&str| self.state.as_deref().is_none_or(|wanted| wanted == **state);
        possible.iter().filter(wanted).map(|state| (*state).to_owned()).collect()
    }

    fn age(&self) -> Option<PgInterval> {
        self.older_than.map(super::attempt::interval)
    }
}

/// The jobs of these states that match, oldest first and locked, so that none changes before the caller's transaction ends. Those that a
/// worker is just beginning or ending are waited for.
///
/// # Errors
/// The database's.
pub async fn lock_matching(conn: &mut PgConnection, filter: &JobFilter, states: &[&str]) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar!(
        "select id from job
         where state = any ($1) and ($2::text is null or kind = $2) and ($3::bigint is null or batch_id = $3)
           and ($4::text is null or error_code = $4) and ($5::interval is null or created_at < now() - $5)
         order by id for update",
        &filter.states(states),
        filter.kind,
        filter.batch.map(|batch| batch.0),
        filter.error_code,
        filter.age()
    )
    .fetch_all(conn)
    .await
}

/// Jobs that match, oldest first, at most so many.
///
/// # Errors
/// The database's.
pub async fn list(conn: &mut PgConnection, filter: &JobFilter, states: &[&str], limit: i64) -> sqlx::Result<Vec<JobRow>> {
    sqlx::query_as!(
        JobRow,
        r#"select id, kind, state, batch_id as batch, attempt, max_attempts, priority, error_code, error_text,
                  extract(epoch from now() - created_at)::bigint as "age_seconds!"
           from job
           where state = any ($1) and ($2::text is null or kind = $2) and ($3::bigint is null or batch_id = $3)
             and ($4::text is null or error_code = $4) and ($5::interval is null or created_at < now() - $5)
           order by id limit $6"#,
        &filter.states(states),
        filter.kind,
        filter.batch.map(|batch| batch.0),
        filter.error_code,
        filter.age(),
        limit
    )
    .fetch_all(conn)
    .await
}

/// One job.
///
/// # Errors
/// The database's.
pub async fn find(conn: &mut PgConnection, job: i64) -> sqlx::Result<Option<JobRow>> {
    sqlx::query_as!(
        JobRow,
        r#"select id, kind, state, batch_id as batch, attempt, max_attempts, priority, error_code, error_text,
                  extract(epoch from now() - created_at)::bigint as "age_seconds!"
           from job where id = $1"#,
        job
    )
    .fetch_optional(conn)
    .await
}
