//! Runs one attempt of one job: begin by compare-and-set, lease kept while the handler works, panics and time-outs caught,
//! finished in the transaction of the job's effects.

use std::future::poll_fn;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use anyhow::Context as _;
use domain::ids::JobId;
use futures::FutureExt as _;
use rand::RngExt as _;
use sqlx_pool::PgPool;
use store::handler::{Conclusion, JobHandler};
use store::ledger::failure_text::{failure_text, failure_text_of_cause};
use store::ledger::{self, Attempt, Begun, Ending, Failure, FailureKind, FenceError, HeldBack, NewJob, Reach};
use tracing::Instrument as _;

use store::pool as sqlx_pool;

use crate::panics;

/// How long a lease is and who holds it.
#[derive(Debug, Clone)]
pub struct Holder {
    /// Unique per start of a process.
    pub worker: String,
    /// Length of a lease; it is renewed after a third of it.
    pub lease: Duration,
}

/// What became of a job that was handed to [`run_job`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing to do: a duplicate, not yet due, or ended.
    NothingToDo,
    /// Staff hold it back: it did not begin.
    HeldBack(HeldBack),
    /// Ended: done, refused, split, or to be run later by its own wish.
    Ended,
    /// Failed; it is tried again.
    Retrying,
    /// Failed for the last time.
    Dead,
    /// What every job of its kind needs is away; it is tried again without losing an attempt.
    PutOff {
        /// Stable code.
        code: &'static str,
        /// In words, for the log.
        reason: String,
    },
    /// The lease was lost; whoever has the job now decides.
    Lost,
}

/// What became of a job that was to be run.
#[derive(Debug)]
pub enum Ended {
    /// It did not begin: a duplicate, not yet due, ended.
    NothingToDo,
    /// It did not begin: staff hold it back.
    HeldBack(HeldBack),
    /// The ledger has it.
    Recorded(Outcome),
    /// The ledger could not be written; unless [`put_off`] can do it later, the lease runs out and the job is rescued.
    Unrecorded(Box<Attempt>, anyhow::Error),
}

/// Begins an attempt and runs it.
///
/// # Errors
/// When the attempt cannot be begun.
pub async fn run_attempt(pool: &PgPool, handler: &dyn JobHandler, job: JobId, holder: &Holder) -> anyhow::Result<Ended> {
    let mut conn = pool.acquire().await.context("reach the database")?;
    let attempt = match ledger::begin(&mut conn, job, &holder.worker, holder.lease).await.context("begin an attempt")? {
        Begun::Attempt(attempt) => attempt,
        Begun::Nothing => return Ok(Ended::NothingToDo),
        Begun::HeldBack(by) => return Ok(Ended::HeldBack(by)),
    };
    drop(conn);
    let span = tracing::info_span!("job", job.id = job.0, job.kind = %attempt.kind, job.attempt = attempt.attempt);
    let ended = work(pool, handler, &attempt, holder).instrument(span).await;
    Ok(ended.map_or_else(|error| Ended::Unrecorded(Box::new(attempt), error), Ended::Recorded))
}

/// Runs one attempt.
///
/// # Errors
/// Only when the ledger itself cannot be written; the lease then runs out and the job is rescued.
pub async fn run_job(pool: &PgPool, handler: &dyn JobHandler, job: JobId, holder: &Holder) -> anyhow::Result<Outcome> {
    match run_attempt(pool, handler, job, holder).await? {
        Ended::NothingToDo => Ok(Outcome::NothingToDo),
        Ended::HeldBack(by) => Ok(Outcome::HeldBack(by)),
        Ended::Recorded(outcome) => Ok(outcome),
        Ended::Unrecorded(_, error) => Err(error),
    }
}

/// Gives an attempt back whose end could not be recorded. If it was recorded after all, or the job was given on, nothing happens.
///
/// # Errors
/// The database's.
pub async fn put_off(pool: &PgPool, attempt: &Attempt, code: &str, text: &str) -> anyhow::Result<()> {
    let mut tx = pool.begin().await?;
    match ledger::put_off(&mut tx, attempt, code, text, Duration::ZERO).await {
        Ok(()) => Ok(tx.commit().await?),
        Err(FenceError::Lost { .. }) => Ok(()),
        Err(FenceError::Database(error)) => Err(error.into()),
    }
}

async fn work(pool: &PgPool, handler: &dyn JobHandler, attempt: &Attempt, holder: &Holder) -> anyhow::Result<Outcome> {
    if attempt.lost_before > 0 && split(pool, handler, attempt).await? {
        return Ok(Outcome::Ended);
    }
    panics::keep_messages_out();
    let mut run = async { handler.run(attempt).await }.boxed();
    let handled = AssertUnwindSafe(poll_fn(|cx| panics::in_handler(|| run.as_mut().poll(cx)))).catch_unwind();
    let lease = keep_lease(pool.clone(), attempt.clone(), holder.lease);
    let ended = tokio::select! {
        ended = tokio::time::timeout(handler.time_limit(), handled) => ended,
        () = lease => {
            tracing::warn!("the lease was lost; this attempt stops and rolls back");
            return Ok(Outcome::Lost);
        }
    };
    match ended {
        Ok(Ok(Ok(conclusion))) => conclude(attempt, conclusion).await,
        Ok(Ok(Err(error))) if error.chain().any(|cause| matches!(cause.downcast_ref(), Some(FenceError::Lost { .. }))) => Ok(Outcome::Lost),
        Ok(Ok(Err(error))) => match panics::place_of_step(&error) {
            Some(place) => fail(pool, handler, attempt, PANICKED, format!("panicked at {place}")).await,
            None => fail(pool, handler, attempt, ledger::failure_kind(&error), failure_text(&error)).await,
        },
        Ok(Err(_message)) => fail(pool, handler, attempt, PANICKED, format!("panicked at {}", panics::place_of_this_task())).await,
        Err(_elapsed) => fail(pool, handler, attempt, TIMED_OUT, format!("took longer than {} s", handler.time_limit().as_secs())).await,
    }
}

const PANICKED: FailureKind = FailureKind { code: "panicked", reach: Reach::Items };
const TIMED_OUT: FailureKind = FailureKind { code: "timed-out", reach: Reach::Items };

/// Ends when the lease is lost. Runs beside the handler, whose transaction may hold the job's row locked for a while.
async fn keep_lease(pool: PgPool, attempt: Attempt, lease: Duration) {
    loop {
        tokio::time::sleep(lease / 3).await;
        let renewed = async { ledger::renew(&mut *pool.acquire().await?, &attempt, lease).await };
        match renewed.await {
            Ok(true) => {}
            Ok(false) => return,
            // The database decides; while it is away, so is everybody who could take the job.
            Err(error) => tracing::warn!(error = failure_text_of_cause(&error), "the lease could not be renewed"),
        }
    }
}

async fn conclude(attempt: &Attempt, conclusion: Conclusion) -> anyhow::Result<Outcome> {
    let Conclusion { mut tx, ending } = conclusion;
    match ledger::finish(&mut tx, attempt, &ending).await {
        Ok(()) => {
            tx.commit().await.context("commit the job's effects")?;
            if let Ending::Refused { code, .. } = &ending {
                tracing::info!(error.code = %code, "the job was refused");
            }
            Ok(Outcome::Ended)
        }
        Err(FenceError::Lost { .. }) => {
            tracing::warn!("the lease was lost before the end; the effects are rolled back");
            Ok(Outcome::Lost)
        }
        Err(FenceError::Database(error)) => Err(error).context("finish the job"),
    }
}

async fn fail(
    pool: &PgPool,
    handler: &dyn JobHandler,
    attempt: &Attempt,
    FailureKind { code, reach }: FailureKind,
    text: String,
) -> anyhow::Result<Outcome> {
    let is_last = attempt.attempt >= attempt.max_attempts;
    let halves = match reach {
        Reach::Everything if !is_its_own(pool, attempt).await? => return wait(pool, attempt, code, text).await,
        Reach::Everything | Reach::Items => true,
        Reach::Attempt => is_last,
    };
    if halves && split(pool, handler, attempt).await? {
        tracing::warn!(error.code = code, error.text = %text, "the chunk failed and was halved");
        return Ok(Outcome::Ended);
    }
    let outcome = if ["panicked", "timed-out"].contains(&code) { code } else { "failed" };
    let failure = Failure { outcome, code: code.to_owned(), text };
    let counted = i32::try_from(i64::from(attempt.attempt) - attempt.put_off_before).unwrap_or(attempt.attempt);
    let back_off = back_off(counted, rand::rng().random_range(0.5..1.5));
    let mut tx = pool.begin().await?;
    match ledger::fail(&mut tx, attempt, &failure, back_off).await {
        Ok(dead) => {
            if dead {
                handler.buried(&mut tx, attempt, &failure.text).await.context("record what the failure means")?;
            }
            tx.commit().await?;
            let text = &failure.text;
            if dead {
                tracing::error!(error.code = code, error.text = %text, "the job failed for the last time and waits for a decision");
                Ok(Outcome::Dead)
            } else {
                tracing::warn!(error.code = code, error.text = %text, retry_in_ms = back_off.as_secs_f64() * 1e3, "the job failed and will be tried again");
                Ok(Outcome::Retrying)
            }
        }
        Err(FenceError::Lost { .. }) => Ok(Outcome::Lost),
        Err(FenceError::Database(error)) => Err(error).context("record the failure"),
    }
}

/// What the job needs is away: it comes back soon, whole and without a lost attempt. The gate before its kind keeps the pauses.
async fn wait(pool: &PgPool, attempt: &Attempt, code: &'static str, text: String) -> anyhow::Result<Outcome> {
    let delay = put_off_delay(attempt.put_off_before, rand::rng().random_range(0.5..1.0));
    let mut tx = pool.begin().await?;
    match ledger::put_off(&mut tx, attempt, code, &text, delay).await {
        Ok(()) => {
            tx.commit().await?;
            tracing::debug!(error.code = code, error.text = %text, "the job waits for what it needs");
            Ok(Outcome::PutOff { code, reason: text })
        }
        Err(FenceError::Lost { .. }) => Ok(Outcome::Lost),
        Err(FenceError::Database(error)) => Err(error).context("put the job off"),
    }
}

/// Replaces a chunk by its halves, so that a bad item ends up alone.
async fn split(pool: &PgPool, handler: &dyn JobHandler, attempt: &Attempt) -> anyhow::Result<bool> {
    let Some(halves) = handler.halves(&attempt.payload) else { return Ok(false) };
    let mut tx = pool.begin().await?;
    let jobs = halves.map(|payload| NewJob { payload, subject: None });
    // What was put off has raised the bound for this job, not for its halves.
    let attempts = i32::try_from(i64::from(attempt.max_attempts) - attempt.put_off_before).unwrap_or(attempt.max_attempts).max(1);
    ledger::enqueue(&mut tx, &attempt.kind, &jobs, attempt.batch, attempt.priority, attempts).await?;
    match ledger::finish(&mut tx, attempt, &Ending::Split).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(true)
        }
        Err(FenceError::Lost { .. }) => Ok(true),
        Err(FenceError::Database(error)) => Err(error).context("halve the chunk"),
    }
}

/// How often a job may be put off before it is looked at whether others of its kind go well.
const PATIENCE: i64 = 10;

/// Whether a job that was put off again and again meets alone what seemed to meet every job: one object that cannot be read, a statement
/// of its own for which the server has no room.
async fn is_its_own(pool: &PgPool, attempt: &Attempt) -> anyhow::Result<bool> {
    Ok(PATIENCE <= attempt.put_off_before && ledger::others_go_well(&mut *pool.acquire().await?, attempt).await?)
}

/// Doubles from half a second to eight: a job that is put off alone keeps nobody busy, and what is back is noticed soon.
fn put_off_delay(times: i64, jitter: f64) -> Duration {
    let doublings = i32::try_from(times.clamp(0, 4)).unwrap_or(4);
    Duration::from_secs_f64(0.5 * 2_f64.powi(doublings) * jitter)
}

/// Exponential from one second, at most five minutes, times a jitter of 0.5 to 1.5.
fn back_off(attempt: i32, jitter: f64) -> Duration {
    let seconds = 2_f64.powi(attempt.clamp(1, 10) - 1).min(300.0);
    Duration::from_secs_f64(seconds * jitter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_back_off_doubles_and_has_an_end() {
        let seconds: Vec<u64> = (1..12).map(|attempt| back_off(attempt, 1.0).as_secs()).collect();
        assert_eq!(seconds, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
    }
}
