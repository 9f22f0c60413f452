//! What a job handler is: the seam between the crates that do the work and the adapter that runs them.

use std::time::Duration;

use futures::future::BoxFuture;
use serde_json::Value;
use sqlx::{PgConnection, Postgres, Transaction};

use crate::ledger::{Attempt, Ending};

/// What a handler leaves: its last effects, uncommitted, and how the job ended. The adapter commits both together.
pub struct Conclusion {
    /// The transaction with the job's last effects.
    pub tx: Transaction<'static, Postgres>,
    /// How the job ended.
    pub ending: Ending,
}

impl std::fmt::Debug for Conclusion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Conclusion").field("ending", &self.ending).finish_non_exhaustive()
    }
}

impl Conclusion {
    /// The work is done.
    #[must_use]
    pub fn done(tx: Transaction<'static, Postgres>) -> Self {
        Self { tx, ending: Ending::Done }
    }
}

/// Does the jobs of one kind. Must be safe to run twice and to be killed anywhere; never retries by itself.
pub trait JobHandler: Send + Sync + 'static {
    /// The kind of job, which is its queue's name.
    fn kind(&self) -> &'static str;

    /// The longest that one attempt may take.
    fn time_limit(&self) -> Duration {
        Duration::from_secs(600)
    }

    /// Works on one attempt. Every transaction that it commits on the way is guarded by [`crate::ledger::fence`].
    fn run<'a>(&'a self, attempt: &'a Attempt) -> BoxFuture<'a, anyhow::Result<Conclusion>>;

    /// What the last failure of a job means for its subject, in the transaction that buries the job.
    fn buried<'a>(&'a self, conn: &'a mut PgConnection, attempt: &'a Attempt, why: &'a str) -> BoxFuture<'a, anyhow::Result<()>> {
        let _ = (conn, attempt, why);
        Box::pin(std::future::ready(Ok(())))
    }

    /// Two halves of a chunk that failed, until the bad item stands alone; `None` when it cannot be halved.
    fn halves(&self, payload: &Value) -> Option<[Value; 2]> {
        let _ = payload;
        None
    }
}

/// Halves the list of ids under `key`, for handlers whose payload is `{key: [ids]}`.
#[must_use]
pub fn halve_ids(payload: &Value, key: &str) -> Option<[Value; 2]> {
    let ids = payload.get(key)?.as_array()?;
    if ids.len() < 2 {
        return None;
    }
    let (left, right) = ids.split_at(ids.len() / 2);
    let half = |ids: &[Value]| {
        let mut half = payload.clone();
        half[key] = Value::Array(ids.to_vec());
        half
    };
    Some([half(left), half(right)])
}

/// The ids under `key` of a payload.
///
/// # Errors
/// When the payload has no such list of numbers.
pub fn ids(payload: &Value, key: &str) -> anyhow::Result<Vec<i64>> {
    payload
        .get(key)
        .and_then(Value::as_array)
        .and_then(|ids| ids.iter().map(Value::as_i64).collect::<Option<Vec<_>>>())
        .ok_or_else(|| anyhow::anyhow!("no list of numbers").context(format!("the job's payload has no list of ids named {key:?}")))
}
