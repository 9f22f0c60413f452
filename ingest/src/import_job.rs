//! What the jobs that import deliveries have in common.

use std::time::Duration;

use domain::ids::BatchId;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use store::batches;
use store::ledger::Attempt;
use store::pool::PgConnection;

/// Who acts in the name of an import.
pub(crate) const ACTOR: &str = "import";

/// An import of a million photos may take a night.
pub(crate) const TIME_LIMIT: Duration = Duration::from_secs(24 * 3600);

/// Bytes of rows that are staged or take effect in one transaction, unless a single row has more: a step of the longest rows must not fill the memory.
pub(crate) const STEP_BYTES: usize = 8 << 20;

/// Fails the batch of a job that is dead, so that it may be delivered again; what its steps had done until then is known and stays.
pub(crate) fn bury<'a>(conn: &'a mut PgConnection, attempt: &'a Attempt, why: &'a str) -> BoxFuture<'a, anyhow::Result<()>> {
    async move {
        match attempt.payload["batch"].as_i64() {
            Some(id) => Ok(batches::fail(conn, BatchId(id), why).await?),
            None => Ok(()),
        }
    }
    .boxed()
}
