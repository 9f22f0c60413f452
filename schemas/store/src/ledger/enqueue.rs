//! Enqueueing: the ledger row and apalis's task in the caller's transaction.

use domain::ids::{BatchId, JobId};
use serde_json::Value;
use sqlx::PgConnection;

/// A job to be done.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// Ids only.
    pub payload: Value,
    /// What the job is about: unique per kind among jobs that have not ended. `None` for chunks.
    pub subject: Option<String>,
}

/// Enqueues jobs of one kind, set-based; returns the ids of the jobs that now stand for them.
///
/// A subject with an open twin gives that twin, once; a running twin is marked to run again after it ended.
///
/// # Errors
/// The database's.
pub async fn enqueue(
    conn: &mut PgConnection,
    kind: &str,
    jobs: &[NewJob],
    batch: Option<BatchId>,
    priority: i32,
    max_attempts: i32,
) -> sqlx::Result<Vec<JobId>> {
    if jobs.is_empty() {
        return Ok(Vec::new());
    }
    let subjects: Vec<Option<String>> = jobs.iter().map(|job| job.subject.clone()).collect();
    let payloads: Vec<Value> = jobs.iter().map(|job| job.payload.clone()).collect();
    sqlx::query_scalar!(
        r#"select enqueue_jobs($1, $2, $3, $4, $5, $6) as "id!: JobId""#,
        kind,
        &subjects as &[Option<String>],
        &payloads,
        batch.map(|batch| batch.0),
        priority,
        max_attempts
    )
    .fetch_all(conn)
    .await
}

/// Enqueues one job; see [`enqueue`].
///
/// # Errors
/// The database's.
pub async fn enqueue_one(
    conn: &mut PgConnection,
    kind: &str,
    payload: Value,
    subject: Option<String>,
    batch: Option<BatchId>,
) -> sqlx::Result<JobId> {
    let ids = enqueue(conn, kind, &[NewJob { payload, subject }], batch, 0, super::MAX_ATTEMPTS).await?;
    ids.into_iter().next().ok_or(sqlx::Error::RowNotFound)
}

/// Enqueues jobs that have ended once more, as far as an enqueue met them running.
pub(super) async fn enqueue_again(conn: &mut PgConnection, ended: &[i64]) -> sqlx::Result<()> {
    let wished = sqlx::query!(
        "select kind, subject, payload, batch_id, priority, max_attempts from job where id = any ($1) and again order by id",
        ended
    )
    .fetch_all(&mut *conn)
    .await?;
    for job in wished {
        let fresh = NewJob { payload: job.payload, subject: job.subject };
        enqueue(conn, &job.kind, &[fresh], job.batch_id.map(BatchId), job.priority, job.max_attempts).await?;
    }
    Ok(())
}
