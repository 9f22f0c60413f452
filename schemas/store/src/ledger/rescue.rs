//! What keeps jobs from being lost: due retries are handed out, jobs of dead workers are given on.
//!
//! These are store functions, so that workers and the scheduler call the same ones.

use std::time::Duration;

use sqlx::{Connection as _, PgConnection};

use super::stranded::{rescue_forgotten, rescue_stranded};

/// Jobs handed out at once.
pub(super) const STEP: i64 = 1_000;

/// What a rescue did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rescued {
    /// Attempts whose lease had run out; their jobs are tried again.
    pub leases: i64,
    /// Of those, jobs that had no attempt left.
    pub dead: i64,
    /// Jobs whose task a vanished worker had fetched without beginning it, or whose task ended without them.
    pub stranded: i64,
}

/// Hands out retries whose time has come; returns how many.
///
/// # Errors
/// The database's.
pub async fn requeue_due(conn: &mut PgConnection) -> sqlx::Result<i64> {
    let ids = sqlx::query_scalar!(
        "select id from job where state = 'retrying' and dispatched_at < run_at and run_at <= statement_timestamp()
         order by run_at limit $1",
        STEP
    )
    .fetch_all(&mut *conn)
    .await?;
    dispatch(conn, &ids).await?;
    Ok(count(&ids))
}

/// Everything below at once, for callers that do it rarely and remember nothing.
///
/// # Errors
/// The database's.
pub async fn rescue_lost(conn: &mut PgConnection, silence: Duration) -> sqlx::Result<Rescued> {
    let mut rescued = rescue_leases(conn).await?;
    rescued.stranded = rescue_stranded(conn, silence).await? + rescue_forgotten(conn, silence, 0).await?.rescued;
    Ok(rescued)
}

/// The name under which the sessions of a worker stand in the server, which cuts names at 63 bytes: its end is what tells it apart.
#[must_use]
pub fn session_name(worker: &str) -> String {
    let end: String = worker.chars().rev().take(12 * 4).collect();
    format!("ecert {}", end.chars().rev().collect::<String>())
}

/// Gives on attempts whose lease ran out: their worker died or stood still. What such a worker had begun under the lease is ended by the
/// server: whoever takes the job over would wait for its locks, and a COPY whose program stands still has no other end.
///
/// # Errors
/// The database's.
pub async fn rescue_leases(conn: &mut PgConnection) -> sqlx::Result<Rescued> {
    let mut tx = conn.begin().await?;
    let lost = sqlx::query!(
        r#"with lost as (
               select id, attempt, attempt >= max_attempts as dead, worker, lease_until from job
               where state = 'running' and lease_until < statement_timestamp()
               order by lease_until limit $1 for update skip locked
           ), noted as (
               update job_attempt a set finished_at = clock_timestamp(), outcome = 'lost', error_code = 'lease-lost',
                      error_text = 'the worker stopped or stood still for longer than the lease'
               from lost where a.job_id = lost.id and a.attempt = lost.attempt
           )
           update job j set state = case when lost.dead then 'dead' else 'retrying' end, lease_until = null, worker = null,
                  dispatch = dispatch + 1, run_at = clock_timestamp(),
                  finished_at = case when lost.dead then clock_timestamp() end,
                  error_code = 'lease-lost', error_text = 'the worker stopped or stood still for longer than the lease'
           from lost where j.id = lost.id
           returning j.id, j.kind, j.payload, lost.dead as "dead!", lost.worker, lost.lease_until as "lease_until!""#,
        STEP
    )
    .fetch_all(&mut *tx)
    .await?;
    if lost.is_empty() {
        // Nearly always: it is looked for every second.
        tx.rollback().await?;
        return Ok(Rescued::default());
    }
    let sessions: Vec<String> = lost.iter().map(|row| session_name(row.worker.as_deref().unwrap_or_default())).collect();
    let leases: Vec<time::OffsetDateTime> = lost.iter().map(|row| row.lease_until).collect();
    sqlx::query!(
        "select pg_terminate_backend(s.pid)
         from unnest($1::text[], $2::timestamptz[]) as lost (name, until)
         join pg_stat_activity s on s.application_name = lost.name and s.xact_start < lost.until
         where s.datname = current_database() and s.usename = current_user and s.pid <> pg_backend_pid()",
        &sessions,
        &leases
    )
    .fetch_all(&mut *tx)
    .await?;
    // A batch whose import can no longer go on has failed, so that its file may be delivered again.
    let dead: Vec<i64> = lost.iter().filter(|row| row.dead).map(|row| row.id).collect();
    sqlx::query!(
        "update intake_batch b set state = 'failed', finished_at = now(), failure = j.error_text
         from job j where j.id = any ($1) and j.subject = 'batch:' || b.id and b.state = 'running'",
        &dead
    )
    .execute(&mut *tx)
    .await?;
    // A photo whose checks end no worker survives goes to a person.
    let of_photos = lost.iter().filter(|row| row.dead && row.kind == crate::job_kinds::REVIEW_PHOTOS);
    // A payload that cannot be read must not stop the rescue of all others.
    let photos: Vec<i64> = of_photos.filter_map(|row| crate::handler::ids(&row.payload, "photos").ok()).flatten().collect();
    crate::photo_reviews::give_up(&mut tx, "automatic-review", &photos).await?;
    super::enqueue::enqueue_again(&mut tx, &dead).await?;
    let again: Vec<i64> = lost.iter().filter(|row| !row.dead).map(|row| row.id).collect();
    dispatch(&mut tx, &again).await?;
    tx.commit().await?;
    Ok(Rescued { leases: count(&lost), dead: count(&dead), stranded: 0 })
}

/// Deletes up to `limit` of apalis's finished tasks: the ledger remembers the jobs, the tasks would only slow fetching.
///
/// # Errors
/// The database's.
pub async fn prune_tasks(conn: &mut PgConnection, limit: i64) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "delete from apalis.jobs where ctid = any (array(
             select ctid from apalis.jobs where status in ('Done', 'Killed', 'Failed') and done_at < now() - interval '1 minute' limit $1))",
        limit
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

pub(super) fn count<T>(rows: &[T]) -> i64 {
    i64::try_from(rows.len()).unwrap_or(i64::MAX)
}

pub(super) async fn dispatch(conn: &mut PgConnection, ids: &[i64]) -> sqlx::Result<()> {
    if !ids.is_empty() {
        sqlx::query!("select dispatch_jobs($1)", ids).execute(conn).await?;
    }
    Ok(())
}
