//! Hands the publication of every status list to the workers: what became of each version, signed, for whoever verifies without asking.

use serde_json::json;
use store::job_kinds;
use store::ledger::{self, MAX_ATTEMPTS, NewJob};
use store::pool::PgPool;
use store::status_lists;
use store::sweeps::{self, SweepTotals};
use time::Date;

/// The sweep's name.
pub const NAME: &str = "publish-status-lists";

/// Before other work: a lock has to be told soon.
const PRIORITY: i32 = 10;

/// Runs the sweep; a dry run counts the lists and enqueues nothing. A list whose publication waits already is not enqueued again.
///
/// # Errors
/// When the database refuses.
pub async fn run(pool: &PgPool, today: Date, actor: &str, dry_run: bool) -> anyhow::Result<SweepTotals> {
    let run = sweeps::start(&mut *pool.acquire().await?, NAME, today, actor, dry_run).await?;
    let mut tx = pool.begin().await?;
    let lists = status_lists::newest_number(&mut tx).await?;
    let mut totals = SweepTotals { examined: i64::from(lists), changed: i64::from(lists), ..SweepTotals::default() };
    if !dry_run {
        let jobs: Vec<NewJob> =
            (1..=lists).map(|list| NewJob { payload: json!({ "list": list }), subject: Some(format!("status-list:{list}")) }).collect();
        let enqueued = ledger::enqueue(&mut tx, job_kinds::PUBLISH_STATUS_LIST, &jobs, None, PRIORITY, MAX_ATTEMPTS).await?;
        totals.enqueued = i64::try_from(enqueued.len())?;
    }
    tx.commit().await?;
    sweeps::finish(&mut *pool.acquire().await?, run, &totals).await?;
    tracing::info!(sweep = NAME, %today, lists, dry_run, "sweep done");
    Ok(totals)
}
