//! `ecert ingest --wait`: runs a batch's import to its end in this process, shows how far it is, and says how to go on when it is stopped.

use std::fmt::Write;
use std::time::Duration;

use anyhow::bail;
use domain::ids::{BatchId, JobId};
use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use store::batches::Batch;
use store::ledger::HeldBack;
use store::pool::PgPool;
use workers::adapter::Outcome;

use super::find;
use crate::app::App;
use crate::commands::work::stop_signal;
use crate::output::is_watched;
use crate::wiring;

/// How often the ledger is asked how far the import is.
const LOOK: Duration = Duration::from_millis(500);

/// Runs the import under the operator's eyes: with a bar on a terminal, and one line when it is stopped or the database goes away.
pub(super) async fn watched(app: &App, pool: &PgPool, id: BatchId, job: Option<JobId>) -> anyhow::Result<()> {
    let stop = stop_signal()?;
    let bar = if is_watched() && !app.json { Some(bar(id)?) } else { None };
    let done = tokio::select! {
        done = finish_import(app, pool, id, job) => done,
        never = follow(app, pool, id, bar.as_ref()) => never,
        () = stop => Err(anyhow::anyhow!(
            "stopped: batch {id} is registered and keeps what was imported; the same command or `ecert work --until-idle` takes it up where it stands"
        )),
    };
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    done
}

fn bar(id: BatchId) -> anyhow::Result<ProgressBar> {
    Ok(ProgressBar::new(0).with_style(style("")?).with_message(format!("{id}")))
}

/// How many rows there are is known when all are read, and comparing them counts none.
fn style(phase: &str) -> anyhow::Result<ProgressStyle> {
    let template = match phase {
        "read" => "batch {msg} {human_pos} rows, {rate}",
        "merge" => "batch {msg} {wide_bar} {human_pos}/{human_len}, {rate}, {eta} left",
        _ => "batch {msg} …",
    };
    let rate = |state: &ProgressState, out: &mut dyn Write| {
        // The terminal misses a rate that cannot be written; there is nobody else to tell.
        let _ = write!(out, "{:.0}/s", state.per_sec());
    };
    Ok(ProgressStyle::with_template(template)?.with_key("rate", rate))
}

/// Moves the bar by what the ledger says, without end.
async fn follow(app: &App, pool: &PgPool, id: BatchId, bar: Option<&ProgressBar>) -> anyhow::Result<()> {
    let Some(bar) = bar else { return std::future::pending().await };
    let mut phase = String::new();
    loop {
        tokio::time::sleep(LOOK).await;
        // What cannot be asked now is asked again; the import itself tells when the database is gone.
        let Ok(mut conn) = pool.acquire().await else { continue };
        let Ok(Some(progress)) = store::ledger::progress_of_batch(&mut conn, id).await else { continue };
        let waits = progress.worker.as_ref().is_some_and(|worker| *worker != app.worker);
        let shown = if waits { "waiting" } else { progress.phase.as_str() };
        let changed = shown != phase;
        // First, so that no phase is drawn with what another has counted.
        bar.set_position(u64::try_from(progress.done).unwrap_or(0));
        if changed {
            shown.clone_into(&mut phase);
            bar.set_style(style(&phase)?);
        }
        // Nobody knows of a process that was killed before its lease ends.
        let told = if waits {
            format!(": another process has it, for at most {} s if it died", app.config.work.lease_seconds)
        } else {
            String::new()
        };
        bar.set_message(format!("{id} {}{told}", words(&phase)));
        match progress.total {
            Some(total) if phase == "merge" => bar.set_length(u64::try_from(total).unwrap_or(0)),
            Some(_) | None => bar.unset_length(),
        }
        if changed {
            // A rate over two kinds of work, or over what was done before, would tell of neither.
            bar.reset_eta();
        }
    }
}

fn words(phase: &str) -> &str {
    match phase {
        "read" => "读取/reading",
        "resolve" => "比对/comparing",
        "merge" => "入库/merging",
        "waiting" => "等待/waiting",
        other => other,
    }
}

/// How often somebody who waits is kept waiting for what is away before he is told.
const PATIENCE: u32 = 5;

/// Runs a batch's import to its end in this process, or waits for the process that has it.
pub(crate) async fn finish_import(app: &App, pool: &PgPool, id: BatchId, job: Option<JobId>) -> anyhow::Result<()> {
    let Err(error) = run(app, pool, id, job).await else { return Ok(()) };
    let kept = "it keeps what was imported";
    Err(if store::database::is_gone(error.as_ref()) {
        error.context(format!(
            "the database went away while batch {id} was imported; {kept}: see why it stopped (`ecert db status` names its log), then give the same \
             command again, which starts a private one and takes the import up"
        ))
    } else {
        error.context(format!("the import of batch {id} stopped; {kept}, and the same command or `ecert work --until-idle` takes it up"))
    })
}

async fn run(app: &App, pool: &PgPool, id: BatchId, job: Option<JobId>) -> anyhow::Result<()> {
    let handlers = wiring::import_handlers(app, pool);
    let holder = wiring::holder(app);
    let mut put_off = 0;
    loop {
        let batch = find(pool, id).await?;
        if batch.state != "running" {
            return Ok(());
        }
        let kinds: Vec<String> = handlers.iter().map(|handler| handler.kind().to_owned()).collect();
        let open = match job {
            Some(job) => Some(job),
            None => store::ledger::open_job_of(&mut *pool.acquire().await?, &kinds, &format!("batch:{id}")).await?,
        };
        let Some(open) = open else { bail!("no job stands for it; see `ecert queue list`") };
        for handler in &handlers {
            if !batch_is_of(handler.kind(), &batch) {
                continue;
            }
            match workers::adapter::run_job(pool, handler.as_ref(), open, &holder).await? {
                Outcome::PutOff { reason, .. } => {
                    put_off += 1;
                    if put_off == PATIENCE {
                        bail!("{reason}");
                    }
                    tracing::warn!(reason, "the import waits; it goes on by itself when this is over");
                }
                // A limit passes by itself.
                Outcome::HeldBack(by @ (HeldBack::Paused | HeldBack::BatchPaused | HeldBack::Drained)) => bail!("{by}"),
                Outcome::HeldBack(HeldBack::Limit | HeldBack::Rate)
                | Outcome::NothingToDo
                | Outcome::Ended
                | Outcome::Retrying
                | Outcome::Dead
                | Outcome::Lost => {}
            }
        }
        let batch = find(pool, id).await?;
        if batch.state == "running" {
            let mut conn = pool.acquire().await?;
            if store::ledger::is_dead(&mut conn, open).await? {
                bail!("it failed for the last time; `ecert queue list` and the log say why");
            }
            store::ledger::rescue_lost(&mut conn, store::queue::silence(holder.lease)).await?;
            drop(conn);
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    }
}

fn batch_is_of(job_kind: &str, batch: &Batch) -> bool {
    let of_shape = match batch.shape.as_str() {
        "photos" => store::job_kinds::IMPORT_PHOTOS,
        "certificates" => store::job_kinds::IMPORT_CERTIFICATES,
        _ => store::job_kinds::IMPORT_RECORDS,
    };
    job_kind == of_shape
}
