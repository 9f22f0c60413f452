//! One attempt at a job: begin, lease, fence, finish.

use std::time::Duration;

use domain::ids::{BatchId, JobId};
use serde_json::Value;
use sqlx::PgConnection;
use sqlx::postgres::types::PgInterval;

use super::enqueue::enqueue_again;

/// An attempt that this process holds.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The job.
    pub job: JobId,
    /// Its kind, which is its queue's name.
    pub kind: String,
    /// Counts from 1.
    pub attempt: i32,
    /// The attempt after which the job is dead.
    pub max_attempts: i32,
    /// Ids only.
    pub payload: Value,
    /// The batch that the job belongs to, if any.
    pub batch: Option<BatchId>,
    /// How many attempts before this one lost their lease (their worker died or stood still).
    pub lost_before: i64,
    /// How many attempts before this one were put off: they count as none.
    pub put_off_before: i64,
    /// Higher ones begin first.
    pub priority: i32,
}

/// The attempt is no longer ours: its lease ran out and the job was given on, or it was cancelled.
#[derive(Debug, thiserror::Error)]
pub enum FenceError {
    /// Another attempt holds the job, or it ended.
    #[error("attempt {attempt} of job {job} lost its lease; its effects are rolled back")]
    Lost {
        /// The job.
        job: JobId,
        /// The attempt that lost.
        attempt: i32,
    },
    /// The database failed.
    #[error("the database refused")]
    Database(#[from] sqlx::Error),
}

/// How an attempt ended without failing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// The work is done.
    Done,
    /// A business answer, recorded; no error.
    Refused {
        /// Stable code.
        code: String,
        /// In words.
        text: String,
    },
    /// The work went on in smaller jobs.
    Split,
    /// Not now: once more after this time; does not count as a failure.
    RetryAfter(Duration),
}

/// Why an attempt failed.
#[derive(Debug, Clone)]
pub struct Failure {
    /// `failed`, `panicked` or `timed-out`.
    pub outcome: &'static str,
    /// Stable code.
    pub code: String,
    /// The chain of causes, without names, numbers or file bodies.
    pub text: String,
}

pub(super) fn interval(duration: Duration) -> PgInterval {
    PgInterval { months: 0, days: 0, microseconds: i64::try_from(duration.as_micros()).unwrap_or(i64::MAX) }
}

/// What came of the wish to begin an attempt.
#[derive(Debug)]
pub enum Begun {
    /// This process holds it.
    Attempt(Attempt),
    /// There is nothing to do: a duplicate fetch, not yet due, ended.
    Nothing,
    /// Staff hold it back.
    HeldBack(HeldBack),
}

impl Begun {
    /// The attempt, where one began.
    #[must_use]
    pub fn attempt(self) -> Option<Attempt> {
        match self {
            Self::Attempt(attempt) => Some(attempt),
            Self::Nothing | Self::HeldBack(_) => None,
        }
    }
}

impl std::fmt::Display for HeldBack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Paused => "the queue is paused; `ecert queue resume` lets it go on",
            Self::BatchPaused => "the batch is paused; `ecert queue resume --batch ID` lets it go on",
            Self::Limit => "as many jobs of the queue run as may at once",
            Self::Rate => "as many jobs of the queue began in this minute as may",
            Self::Drained => "this host is drained; `ecert queue drain HOST --undo` takes it into use again",
        })
    }
}

/// Why a job may not begin now, by the word of staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeldBack {
    /// Its queue is paused.
    Paused,
    /// Its batch is paused.
    BatchPaused,
    /// So many of its queue run already as may.
    Limit,
    /// So many of its queue began in this minute as may.
    Rate,
    /// The worker's host is drained.
    Drained,
}

impl HeldBack {
    fn of(code: &str) -> Option<Self> {
        match code {
            "paused" => Some(Self::Paused),
            "batch-paused" => Some(Self::BatchPaused),
            "limit" => Some(Self::Limit),
            "rate" => Some(Self::Rate),
            "drained" => Some(Self::Drained),
            _ => None,
        }
    }
}

/// Begins an attempt by compare-and-set, unless staff hold it back.
///
/// # Errors
/// The database's.
pub async fn begin(conn: &mut PgConnection, job: JobId, worker: &str, lease: Duration) -> sqlx::Result<Begun> {
    let row = sqlx::query_file!("queries/ledger/begin.sql", job.0, worker, interval(lease)).fetch_optional(conn).await?;
    let Some(row) = row else { return Ok(Begun::Nothing) };
    if let Some(code) = row.held_back {
        return Ok(HeldBack::of(&code).map_or(Begun::Nothing, Begun::HeldBack));
    }
    Ok(Begun::Attempt(Attempt {
        job: JobId(row.id),
        kind: row.kind,
        attempt: row.attempt,
        max_attempts: row.max_attempts,
        payload: row.payload,
        batch: row.batch_id.map(BatchId),
        lost_before: row.lost_before,
        put_off_before: row.put_off_before,
        priority: row.priority,
    }))
}

/// Prolongs the lease; false when the attempt is no longer ours.
///
/// # Errors
/// The database's.
pub async fn renew(conn: &mut PgConnection, attempt: &Attempt, lease: Duration) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update job set lease_until = clock_timestamp() + $3 where id = $1 and attempt = $2 and state = 'running'",
        attempt.job.0,
        attempt.attempt,
        interval(lease)
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Locks the job's row and demands that this attempt still holds it: the guard of every transaction with effects.
///
/// # Errors
/// [`FenceError::Lost`] when it does not; the caller rolls back.
pub async fn fence(conn: &mut PgConnection, attempt: &Attempt) -> Result<(), FenceError> {
    let held = sqlx::query_scalar!(
        r#"select true as "held!" from job where id = $1 and attempt = $2 and state = 'running' for update"#,
        attempt.job.0,
        attempt.attempt
    )
    .fetch_optional(conn)
    .await?;
    held.map(|_| ()).ok_or(FenceError::Lost { job: attempt.job, attempt: attempt.attempt })
}

/// Writes how far the job has come, in the caller's transaction.
///
/// # Errors
/// The database's.
pub async fn progress(conn: &mut PgConnection, attempt: &Attempt, done: i64, total: Option<i64>) -> sqlx::Result<()> {
    sqlx::query!(
        "update job set progress_done = $3, progress_total = coalesce($4, progress_total) where id = $1 and attempt = $2",
        attempt.job.0,
        attempt.attempt,
        done,
        total
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends the attempt in the transaction of its effects. A job that was enqueued meanwhile is enqueued once more.
///
/// # Errors
/// [`FenceError::Lost`] when the attempt is no longer ours; the caller rolls back.
pub async fn finish(conn: &mut PgConnection, attempt: &Attempt, ending: &Ending) -> Result<(), FenceError> {
    fence(conn, attempt).await?;
    let (outcome, code, text) = match ending {
        Ending::Done => ("done", None, None),
        Ending::Refused { code, text } => ("refused", Some(code.as_str()), Some(text.as_str())),
        Ending::Split => ("split", None, None),
        Ending::RetryAfter(_) => ("retry", None, None),
    };
    close_attempt(conn, attempt, outcome, code, text).await?;
    if let Ending::RetryAfter(delay) = ending {
        later(conn, attempt, None, None, *delay).await?;
        return Ok(());
    }
    sqlx::query!(
        "update job set state = 'done', lease_until = null, finished_at = clock_timestamp(), error_code = $2, error_text = $3 where id = $1",
        attempt.job.0,
        code,
        text
    )
    .execute(&mut *conn)
    .await?;
    enqueue_again(conn, &[attempt.job.0]).await?;
    Ok(())
}

/// Ends the attempt as failed: the job is tried again after `back_off`, or dead after its last attempt (true).
/// A dead job that was enqueued meanwhile is enqueued once more.
///
/// # Errors
/// [`FenceError::Lost`] when the attempt is no longer ours: then somebody else decides.
pub async fn fail(conn: &mut PgConnection, attempt: &Attempt, failure: &Failure, back_off: Duration) -> Result<bool, FenceError> {
    fence(conn, attempt).await?;
    close_attempt(conn, attempt, failure.outcome, Some(&failure.code), Some(&failure.text)).await?;
    let dead = attempt.attempt >= attempt.max_attempts;
    sqlx::query!(
        "update job set state = case when $2 then 'dead' else 'retrying' end, lease_until = null, worker = null,
                dispatch = dispatch + 1, run_at = clock_timestamp() + $3,
                finished_at = case when $2 then clock_timestamp() end, error_code = $4, error_text = $5
         where id = $1",
        attempt.job.0,
        dead,
        interval(back_off),
        failure.code,
        failure.text
    )
    .execute(&mut *conn)
    .await?;
    if dead {
        enqueue_again(conn, &[attempt.job.0]).await?;
    }
    Ok(dead)
}

/// Whether a job of the same kind has ended well since this attempt began: what both need is not away, then.
///
/// # Errors
/// The database's.
pub async fn others_go_well(conn: &mut PgConnection, attempt: &Attempt) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from job_attempt a
                          join job o on o.finished_at > a.started_at and o.state = 'done' and o.error_code is null
                          where a.job_id = $1 and a.attempt = $2 and o.kind = $3) as "well!""#,
        attempt.job.0,
        attempt.attempt,
        attempt.kind
    )
    .fetch_one(conn)
    .await
}

/// Ends the attempt without counting it: what the job needs is away, and it is tried again after `delay`, however often.
///
/// # Errors
/// [`FenceError::Lost`] when the attempt is no longer ours: then somebody else decides.
pub async fn put_off(conn: &mut PgConnection, attempt: &Attempt, code: &str, text: &str, delay: Duration) -> Result<(), FenceError> {
    fence(conn, attempt).await?;
    close_attempt(conn, attempt, "retry", Some(code), Some(text)).await?;
    later(conn, attempt, Some(code), Some(text), delay).await?;
    Ok(())
}

/// Once more after a while, as if this attempt had not been.
async fn later(conn: &mut PgConnection, attempt: &Attempt, code: Option<&str>, text: Option<&str>, delay: Duration) -> sqlx::Result<()> {
    sqlx::query!(
        "update job set state = 'retrying', lease_until = null, worker = null, dispatch = dispatch + 1, max_attempts = max_attempts + 1,
                run_at = clock_timestamp() + $2, error_code = $3, error_text = $4
         where id = $1",
        attempt.job.0,
        interval(delay),
        code,
        text
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn close_attempt(
    conn: &mut PgConnection,
    attempt: &Attempt,
    outcome: &str,
    code: Option<&str>,
    text: Option<&str>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update job_attempt set finished_at = clock_timestamp(), outcome = $3, error_code = $4, error_text = $5
         where job_id = $1 and attempt = $2",
        attempt.job.0,
        attempt.attempt,
        outcome,
        code,
        text
    )
    .execute(conn)
    .await?;
    Ok(())
}
