//! Certificates that were asked for and whose last obstacle passed by itself are handed to issuing: a lock that ended by its
//! date, a period that began, a kind that started.

use domain::ids::CertificateId;
use domain::settings::Settings;
use store::pool::PgPool;
use store::ready;
use store::sweeps::{self, SweepTotals};
use time::Date;

/// The sweep's name.
pub const NAME: &str = "enqueue-ready";

/// Certificates of one transaction.
const STEP: i64 = 5_000;

/// Runs the sweep for a civil day of Asia/Shanghai; a dry run enqueues nothing and counts all the same.
///
/// # Errors
/// When the database refuses; steps before the failure stay done.
pub async fn run(pool: &PgPool, settings: &Settings, today: Date, actor: &str, dry_run: bool) -> anyhow::Result<SweepTotals> {
    let run = sweeps::start(&mut *pool.acquire().await?, NAME, today, actor, dry_run).await?;
    let mut totals = SweepTotals::default();
    let (mut after, mut waiting) = (CertificateId(0), 0);
    loop {
        let mut tx = pool.begin().await?;
        let found = ready::enqueue_due(&mut tx, settings, today, after, STEP, dry_run).await?;
        tx.commit().await?;
        totals.examined += found.examined;
        totals.changed += found.due;
        waiting += found.waiting;
        if !dry_run {
            totals.enqueued += found.due;
        }
        let Some(last) = found.last else { break };
        after = last;
    }
    if waiting > 0 {
        totals.skipped.insert("not-yet".to_owned(), waiting);
    }
    sweeps::finish(&mut *pool.acquire().await?, run, &totals).await?;
    tracing::info!(sweep = NAME, %today, examined = totals.examined, enqueued = totals.enqueued, dry_run, "sweep done");
    Ok(totals)
}
