//! Jobs that nobody will begin: a vanished worker had fetched their task, or no task stands for them.
//!
//! Neither search looks through everything that waits: one sees what is fetched, the other goes through the jobs step by step.

use std::time::Duration;

use domain::ids::JobId;
use sqlx::PgConnection;

use super::rescue::{STEP, count, dispatch};

/// Jobs that one call of [`rescue_forgotten`] looks at.
const LOOK: i64 = 2_000;

/// How far [`rescue_forgotten`] came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Looked {
    /// Jobs that were handed out again.
    pub rescued: i64,
    /// Where the next call goes on; 0 when the end was reached.
    pub next: i64,
}

/// Hands out jobs whose task was fetched by a worker that has not been seen for `silence`; returns how many.
///
/// # Errors
/// The database's.
pub async fn rescue_stranded(conn: &mut PgConnection, silence: Duration) -> sqlx::Result<i64> {
    // The cast stands in a CASE, since a task id that is not the ledger's has no such number.
    let stranded = sqlx::query_scalar!(
        "with stranded as (
             select j.id from apalis.jobs a
             join job j on j.id = case when a.id ~ '^[0-9A-F]{26}$' then ('x' || substr(a.id, 3, 16))::bit(64)::bigint end
             left join apalis.workers w on w.id = a.lock_by
             where a.status in ('Queued', 'Running') and task_id(j.id, j.dispatch) = a.id and j.state in ('waiting', 'retrying')
               and coalesce(w.last_seen, a.lock_at) < statement_timestamp() - make_interval(secs => $2::float8)
             limit $1 for update of j skip locked
         )
         update job j set dispatch = j.dispatch + 1 from stranded s where j.id = s.id
         returning j.id",
        STEP,
        silence.as_secs_f64()
    )
    .fetch_all(&mut *conn)
    .await?;
    dispatch(conn, &stranded).await?;
    Ok(count(&stranded))
}

/// Hands a job out again whose task is used up and which did not begin: its worker stops.
///
/// # Errors
/// The database's.
pub async fn hand_back(conn: &mut PgConnection, job: JobId) -> sqlx::Result<()> {
    let waiting = sqlx::query_scalar!(
        "update job set dispatch = dispatch + 1 where id = $1 and state in ('waiting', 'retrying') and run_at <= clock_timestamp() returning id",
        job.0
    )
    .fetch_all(&mut *conn)
    .await?;
    dispatch(conn, &waiting).await
}

/// Hands out jobs that no task has stood for since four times `silence`, among the next few after the job `after`.
///
/// # Errors
/// The database's.
pub async fn rescue_forgotten(conn: &mut PgConnection, silence: Duration, after: i64) -> sqlx::Result<Looked> {
    let ids =
        sqlx::query_scalar!("select id from job where state in ('waiting', 'retrying') and id > $1 order by id limit $2", after, LOOK)
            .fetch_all(&mut *conn)
            .await?;
    let forgotten = sqlx::query_scalar!(
        "update job j set dispatch = j.dispatch + 1
         where j.id = any ($1) and j.state in ('waiting', 'retrying')
           and greatest(j.run_at, j.dispatched_at) < statement_timestamp() - make_interval(secs => 4 * $2::float8)
           and not exists (select from batch_pause p where p.batch_id = j.batch_id)
           and not exists (select from apalis.jobs a where a.id = task_id(j.id, j.dispatch)
                           and a.status in ('Pending', 'Queued', 'Running'))
         returning j.id",
        &ids,
        silence.as_secs_f64()
    )
    .fetch_all(&mut *conn)
    .await?;
    dispatch(conn, &forgotten).await?;
    let next = if count(&ids) < LOOK { 0 } else { ids.last().copied().unwrap_or(0) };
    Ok(Looked { rescued: count(&forgotten), next })
}
