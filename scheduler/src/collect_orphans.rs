//! Removes objects that no row names and that nobody wrote to for a day: documents whose order was given up after they were made, and
//! status lists that newer ones replaced. Files that killed processes left half written go, too. What is announced meanwhile is not removed.

use std::time::{Duration, SystemTime};

use anyhow::Context as _;
use store::objects::{Area, Objects};
use store::orphans;
use store::pool::PgPool;
use store::sweeps::{self, SweepTotals};
use time::Date;

/// The sweep's name.
pub const NAME: &str = "collect-orphans";

/// How long an object lies untouched before it can be an orphan.
pub const GRACE: Duration = Duration::from_secs(24 * 60 * 60);

/// Runs the sweep; a dry run counts and removes nothing. `now` is the present moment, by which the age of files is told.
///
/// # Errors
/// When the database or the object store refuses; what was removed before stays removed.
pub async fn run(
    pool: &PgPool,
    objects: &Objects,
    (today, now): (Date, SystemTime),
    actor: &str,
    dry_run: bool,
) -> anyhow::Result<SweepTotals> {
    let run = sweeps::start(&mut *pool.acquire().await?, NAME, today, actor, dry_run).await?;
    let mut totals = SweepTotals::default();
    let before = now.checked_sub(GRACE).unwrap_or(SystemTime::UNIX_EPOCH);
    for area in [Area::Documents, Area::StatusLists] {
        // One folder of the store at a time bounds memory and the time for which announcing waits.
        for folder in 0..=u8::MAX {
            let old = objects.untouched_since(area, folder, before).await?;
            totals.examined += i64::try_from(old.len())?;
            if old.is_empty() {
                continue;
            }
            let mut tx = pool.begin().await?;
            orphans::exclude_announcing(&mut tx).await?;
            let digests: Vec<Vec<u8>> = old.iter().map(|sha256| sha256.to_vec()).collect();
            let unnamed = orphans::unnamed(&mut tx, area, &digests).await?;
            let mut removed = 0;
            for sha256 in unnamed.iter().filter_map(|sha256| <[u8; 32]>::try_from(sha256.as_slice()).ok()) {
                removed += objects.remove_untouched(area, &sha256, before, dry_run).await?;
            }
            tx.commit().await?;
            totals.changed += removed;
        }
    }
    totals.changed += clear_unfinished(objects, before, dry_run).await?;
    sweeps::finish(&mut *pool.acquire().await?, run, &totals).await?;
    tracing::info!(sweep = NAME, %today, examined = totals.examined, removed = totals.changed, dry_run, "sweep done");
    Ok(totals)
}

/// Removes what killed processes left half written, in every area.
async fn clear_unfinished(objects: &Objects, before: SystemTime, dry_run: bool) -> anyhow::Result<i64> {
    let objects = objects.clone();
    let folders = move || Area::ALL.into_iter().flat_map(|area| (0..=u8::MAX).map(move |folder| (area, folder)));
    let cleared = move || folders().map(|(area, folder)| objects.clear_unfinished(area, folder, before, dry_run)).sum::<Result<i64, _>>();
    tokio::task::spawn_blocking(cleared).await?.context("remove unfinished files")
}
