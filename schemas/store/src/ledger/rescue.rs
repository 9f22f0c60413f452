//! What keeps jobs from being lost: due retries are handed out, jobs of dead workers are given on.
//!
//! These are store functions, so that workers and the scheduler call the same ones.

use std::time::Duration;

use sqlx::PgConnection;

/// Jobs handed out at once.
const STEP: i64 = 1_000;

/// What [`rescue_lost`] did.
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
        "select j.id from job j
         where j.state = 'retrying' and j.run_at <= clock_timestamp()
           and not exists (select from apalis.jobs a where a.id = task_id(j.id, j.dispatch))
         order by j.run_at limit $1",
        STEP
    )
    .fetch_all(&mut *conn)
    .await?;
    dispatch(conn, &ids).await?;
    Ok(i64::try_from(ids.len()).unwrap_or(i64::MAX))
}

/// Gives on what a dead or frozen worker held: attempts whose lease ran out, and tasks fetched by a worker that has not
/// been seen for `silence`; after four times that, also jobs that no task stands for.
///
/// # Errors
/// The database's.
pub async fn rescue_lost(conn: &mut PgConnection, silence: Duration) -> sqlx::Result<Rescued> {
    let lost = sqlx::query!(
        r#"with lost as (
               select id, attempt, attempt >= max_attempts as dead from job
               where state = 'running' and lease_until < clock_timestamp()
               order by id limit $1 for update skip locked
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
           returning j.id, lost.dead as "dead!""#,
        STEP
    )
    .fetch_all(&mut *conn)
    .await?;
    // A batch whose import can no longer go on has failed, so that its file may be delivered again.
    let dead: Vec<i64> = lost.iter().filter(|row| row.dead).map(|row| row.id).collect();
    sqlx::query!(
        "update intake_batch b set state = 'failed', finished_at = now(), failure = j.error_text
         from job j where j.id = any ($1) and j.subject = 'batch:' || b.id and b.state = 'running'",
        &dead
    )
    .execute(&mut *conn)
    .await?;
    let again: Vec<i64> = lost.iter().filter(|row| !row.dead).map(|row| row.id).collect();
    dispatch(conn, &again).await?;
    let stranded = sqlx::query_scalar!(
        "with fetched as (
             select a.id from apalis.jobs a left join apalis.workers w on w.id = a.lock_by
             where a.status in ('Queued', 'Running') and a.id ~ '^[0-9A-F]{26}$'
               and coalesce(w.last_seen, a.lock_at) < clock_timestamp() - make_interval(secs => $2::float8)
             limit $1
         )
         update job j set dispatch = j.dispatch + 1
         from fetched f
         where j.id = ('x' || substr(f.id, 3, 16))::bit(64)::bigint and task_id(j.id, j.dispatch) = f.id
           and j.state in ('waiting', 'retrying')
         returning j.id",
        STEP,
        silence.as_secs_f64()
    )
    .fetch_all(&mut *conn)
    .await?;
    dispatch(conn, &stranded).await?;
    let forgotten = sqlx::query_scalar!(
        "with forgotten as (
             select j.id from job j
             where j.state in ('waiting', 'retrying') and j.run_at < clock_timestamp() - make_interval(secs => 4 * $2::float8)
               and j.dispatched_at < clock_timestamp() - make_interval(secs => 4 * $2::float8)
               and not exists (select from apalis.jobs a where a.id = task_id(j.id, j.dispatch)
                               and a.status in ('Pending', 'Queued', 'Running'))
             order by j.id limit $1
         )
         update job j set dispatch = j.dispatch + 1 from forgotten f where j.id = f.id
         returning j.id",
        STEP,
        silence.as_secs_f64()
    )
    .fetch_all(&mut *conn)
    .await?;
    dispatch(conn, &forgotten).await?;
    Ok(Rescued {
        leases: i64::try_from(lost.len()).unwrap_or(i64::MAX),
        dead: i64::try_from(lost.len() - again.len()).unwrap_or(i64::MAX),
        stranded: i64::try_from(stranded.len() + forgotten.len()).unwrap_or(i64::MAX),
    })
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

async fn dispatch(conn: &mut PgConnection, ids: &[i64]) -> sqlx::Result<()> {
    if !ids.is_empty() {
        sqlx::query!("select dispatch_jobs($1)", ids).execute(conn).await?;
    }
    Ok(())
}
