//! What staff do to jobs and queues. Each runs in the caller's transaction and leaves one audit row there.

use domain::ids::BatchId;
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::MAX_ATTEMPTS;
use super::matching::{JobFilter, lock_matching};
use super::rescue::dispatch;

/// In whose name, and why.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// The member of the staff.
    pub actor: &'a str,
    /// In words, where somebody said it.
    pub why: &'a str,
}

/// What an action did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Acted {
    /// The jobs that it changed.
    pub changed: Vec<i64>,
    /// Jobs that match and were left alone, because newer work stands for them.
    pub skipped: Vec<i64>,
}

/// What is paused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Every queue.
    All,
    /// One queue.
    Queue(String),
    /// The jobs of one batch.
    Batch(BatchId),
}

/// Gives dead jobs new attempts and makes failed ones due at once; each keeps its place in its queue. An import whose batch had failed runs
/// again. A job for which a newer one stands, or a newer delivery of the same file, is left alone.
///
/// # Errors
/// The database's.
pub async fn retry(conn: &mut PgConnection, filter: &JobFilter, order: Order<'_>) -> sqlx::Result<Acted> {
    let matching = lock_matching(conn, filter, &["dead", "retrying"]).await?;
    let skipped = sqlx::query_file_scalar!("queries/ledger/stood_for.sql", &matching).fetch_all(&mut *conn).await?;
    let changed: Vec<i64> = matching.into_iter().filter(|id| skipped.binary_search(id).is_err()).collect();
    sqlx::query_file!("queries/ledger/retry.sql", &changed, MAX_ATTEMPTS).execute(&mut *conn).await?;
    sqlx::query!(
        "update intake_batch b set state = 'running', finished_at = null, failure = null
         from job j where j.id = any ($1) and j.subject = 'batch:' || b.id and b.state = 'failed'",
        &changed
    )
    .execute(&mut *conn)
    .await?;
    dispatch(conn, &changed).await?;
    audit(conn, order, "jobs-retried", filter, &changed).await?;
    Ok(Acted { changed, skipped })
}

/// Decides that dead jobs are not tried again; their attempts stay on record.
///
/// # Errors
/// The database's.
pub async fn discard(conn: &mut PgConnection, filter: &JobFilter, order: Order<'_>) -> sqlx::Result<Acted> {
    let changed = lock_matching(conn, filter, &["dead"]).await?;
    sqlx::query!("update job set state = 'cancelled' where id = any ($1)", &changed).execute(&mut *conn).await?;
    audit(conn, order, "jobs-discarded", filter, &changed).await?;
    Ok(Acted { changed, skipped: Vec::new() })
}

/// Cancels jobs that no worker holds. The batch of a cancelled import has failed.
///
/// # Errors
/// The database's.
pub async fn cancel(conn: &mut PgConnection, filter: &JobFilter, order: Order<'_>) -> sqlx::Result<Acted> {
    let changed = lock_matching(conn, filter, &["waiting", "retrying"]).await?;
    sqlx::query!(
        "update job set state = 'cancelled', finished_at = clock_timestamp(), error_code = 'cancelled', error_text = 'cancelled by staff'
         where id = any ($1)",
        &changed
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update intake_batch b set state = 'failed', finished_at = now(), failure = 'the import was cancelled by staff'
         from job j where j.id = any ($1) and j.subject = 'batch:' || b.id and b.state = 'running'",
        &changed
    )
    .execute(&mut *conn)
    .await?;
    audit(conn, order, "jobs-cancelled", filter, &changed).await?;
    Ok(Acted { changed, skipped: Vec::new() })
}

/// Gives open jobs another priority; higher ones begin first.
///
/// # Errors
/// The database's.
pub async fn prioritise(conn: &mut PgConnection, filter: &JobFilter, priority: i32, order: Order<'_>) -> sqlx::Result<Acted> {
    let changed = lock_matching(conn, filter, &["waiting", "retrying"]).await?;
    sqlx::query!("update job set priority = $2 where id = any ($1)", &changed, priority).execute(&mut *conn).await?;
    sqlx::query!(
        "update apalis.jobs a set priority = $2 from job j where j.id = any ($1) and a.id = task_id(j.id, j.dispatch) and a.status = 'Pending'",
        &changed,
        priority
    )
    .execute(&mut *conn)
    .await?;
    audit(conn, order, "jobs-prioritised", filter, &changed).await?;
    Ok(Acted { changed, skipped: Vec::new() })
}

/// Pauses: running jobs end, no other begins. Whether it was not paused before.
///
/// # Errors
/// The database's; a batch that does not exist breaks `pause_batch`.
pub async fn pause(conn: &mut PgConnection, scope: &Scope, order: Order<'_>) -> sqlx::Result<bool> {
    let (actor, why) = (order.actor, order.why);
    let done = match scope {
        Scope::All | Scope::Queue(_) => {
            let kind = if let Scope::Queue(kind) = scope { kind } else { ALL };
            sqlx::query!(
                "insert into queue_control as c (kind, paused_at, paused_by, pause_reason) values ($1, now(), $2, $3)
                 on conflict (kind) do update set paused_at = now(), paused_by = $2, pause_reason = $3 where c.paused_at is null",
                kind,
                actor,
                why
            )
            .execute(&mut *conn)
            .await?
        }
        Scope::Batch(batch) => {
            sqlx::query!(
                "insert into batch_pause (batch_id, paused_by, reason) values ($1, $2, $3) on conflict do nothing",
                batch.0,
                actor,
                why
            )
            .execute(&mut *conn)
            .await?
        }
    };
    record(conn, order, "queue-paused", scope.to_json()).await?;
    Ok(done.rows_affected() > 0)
}

/// The row that stands for all queues.
const ALL: &str = "*";

/// Ends a pause; [`Scope::All`] ends every pause, of queues and batches. Whether something was paused. Jobs of a batch whose task was used
/// up meanwhile are handed out again.
///
/// # Errors
/// The database's.
pub async fn resume(conn: &mut PgConnection, scope: &Scope, order: Order<'_>) -> sqlx::Result<bool> {
    let kind = if let Scope::Queue(kind) = scope { Some(kind.as_str()) } else { None };
    let batch = if let Scope::Batch(batch) = scope { Some(batch.0) } else { None };
    let mut ended = 0;
    if batch.is_none() {
        let resumed = sqlx::query!(
            "update queue_control set paused_at = null, paused_by = null, pause_reason = null
             where paused_at is not null and ($1::text is null or kind = $1)",
            kind
        );
        ended += resumed.execute(&mut *conn).await?.rows_affected();
    }
    if kind.is_none() {
        let resumed = sqlx::query_scalar!("delete from batch_pause where $1::bigint is null or batch_id = $1 returning batch_id", batch);
        let batches = resumed.fetch_all(&mut *conn).await?;
        let without_task = sqlx::query_scalar!(
            "update job j set dispatch = j.dispatch + 1
             where j.batch_id = any ($1) and j.state in ('waiting', 'retrying') and j.run_at <= clock_timestamp()
               and not exists (select from apalis.jobs a where a.id = task_id(j.id, j.dispatch) and a.status in ('Pending', 'Queued', 'Running'))
             returning j.id",
            &batches
        );
        let without_task = without_task.fetch_all(&mut *conn).await?;
        dispatch(conn, &without_task).await?;
        ended += batches.len() as u64;
    }
    record(conn, order, "queue-resumed", scope.to_json()).await?;
    Ok(ended > 0)
}

/// Limits a queue over all workers; `None` lifts that limit.
///
/// # Errors
/// The database's.
pub async fn limit(
    conn: &mut PgConnection,
    kind: &str,
    max_running: Option<i32>,
    per_minute: Option<i32>,
    order: Order<'_>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into queue_control (kind, max_running, per_minute) values ($1, $2, $3)
         on conflict (kind) do update set max_running = $2, per_minute = $3, tokens = 0, reckoned_at = now()",
        kind,
        max_running,
        per_minute
    )
    .execute(&mut *conn)
    .await?;
    record(conn, order, "queue-limited", json!({ "queue": kind, "running": max_running, "per_minute": per_minute })).await
}

/// Drains a host: its workers begin nothing more and end. Without `on` it is taken into use again. Whether that changed something.
///
/// # Errors
/// The database's.
pub async fn drain(conn: &mut PgConnection, host: &str, on: bool, order: Order<'_>) -> sqlx::Result<bool> {
    let changed = if on {
        let (actor, why) = (order.actor, order.why);
        sqlx::query!("insert into host_drain (host, drained_by, reason) values ($1, $2, $3) on conflict do nothing", host, actor, why)
            .execute(&mut *conn)
            .await?
    } else {
        sqlx::query!("delete from host_drain where host = $1", host).execute(&mut *conn).await?
    };
    record(conn, order, if on { "host-drained" } else { "host-taken-into-use" }, json!({ "host": host })).await?;
    Ok(changed.rows_affected() > 0)
}

/// Whether the host of a worker is drained.
///
/// # Errors
/// The database's.
pub async fn is_drained(conn: &mut PgConnection, worker: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar!(r#"select exists (select from host_drain where host = host_of($1)) as "drained!""#, worker).fetch_one(conn).await
}

impl Scope {
    fn to_json(&self) -> Value {
        match self {
            Self::All => json!({ "queue": ALL }),
            Self::Queue(kind) => json!({ "queue": kind }),
            Self::Batch(batch) => json!({ "batch": batch.0 }),
        }
    }
}

async fn audit(conn: &mut PgConnection, order: Order<'_>, action: &str, filter: &JobFilter, changed: &[i64]) -> sqlx::Result<()> {
    // The jobs themselves, where they are few enough to be read.
    let named = if changed.len() <= 100 { json!(changed) } else { Value::Null };
    record(conn, order, action, json!({ "filter": filter.to_json(), "changed": changed.len(), "jobs": named })).await
}

async fn record(conn: &mut PgConnection, order: Order<'_>, action: &str, mut detail: Value) -> sqlx::Result<()> {
    detail["why"] = json!(order.why);
    crate::audit::record(conn, order.actor, action, "queue", &detail).await
}
