//! The steps of an import: runs of rows, each staged in one transaction and merged in another. Any number of lanes may take
//! them; a crash costs the steps under way and nothing else.

use domain::ids::BatchId;
use sqlx::PgConnection;

use crate::batches::CertificateTotals;

/// Rows `after` < row ≤ `upto` of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The row before the first.
    pub after: i64,
    /// The last row.
    pub upto: i64,
}

/// Notes that the rows of a step are staged, in the transaction that staged them.
///
/// # Errors
/// The database's; the primary key when the step was staged before.
pub async fn staged(conn: &mut PgConnection, batch: BatchId, step: Step) -> sqlx::Result<()> {
    sqlx::query!("insert into intake_step (batch_id, after_row, upto_row) values ($1, $2, $3)", batch.0, step.after, step.upto)
        .execute(conn)
        .await?;
    Ok(())
}

/// The steps of a batch that are staged, in their order.
///
/// # Errors
/// The database's.
pub async fn all(conn: &mut PgConnection, batch: BatchId) -> sqlx::Result<Vec<Step>> {
    sqlx::query_as!(Step, "select after_row as after, upto_row as upto from intake_step where batch_id = $1 order by after_row", batch.0)
        .fetch_all(conn)
        .await
}

/// How many rows of a batch are staged.
///
/// # Errors
/// The database's.
pub async fn rows_staged(conn: &mut PgConnection, batch: BatchId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select coalesce(sum(upto_row - after_row), 0)::bigint as "n!" from intake_step where batch_id = $1"#, batch.0)
        .fetch_one(conn)
        .await
}

/// Takes the next step that nobody has merged or is merging; it is the caller's until the transaction ends.
///
/// # Errors
/// The database's.
pub async fn take(conn: &mut PgConnection, batch: BatchId) -> sqlx::Result<Option<Step>> {
    sqlx::query_as!(
        Step,
        "select after_row as after, upto_row as upto from intake_step
         where batch_id = $1 and merged_at is null order by after_row limit 1 for update skip locked",
        batch.0
    )
    .fetch_optional(conn)
    .await
}

/// Whether a step is left that is not merged. Waits for whoever holds it: the connection of an attempt that died may hold its step for a while, and
/// [`take`] passes over it.
///
/// # Errors
/// The database's.
pub async fn is_any_left(conn: &mut PgConnection, batch: BatchId) -> sqlx::Result<bool> {
    let left = sqlx::query_scalar!(
        "select after_row from intake_step where batch_id = $1 and merged_at is null order by after_row limit 1 for update",
        batch.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(left.is_some())
}

/// Holds a step until the transaction ends, after whoever holds it.
///
/// # Errors
/// The database's.
pub async fn hold(conn: &mut PgConnection, batch: BatchId, step: Step) -> sqlx::Result<()> {
    sqlx::query!("select after_row from intake_step where batch_id = $1 and after_row = $2 for update", batch.0, step.after)
        .fetch_optional(conn)
        .await?;
    Ok(())
}

/// Notes that a step is merged and what it did, in the transaction that merged it.
///
/// # Errors
/// The database's.
pub async fn merged(conn: &mut PgConnection, batch: BatchId, step: Step, totals: CertificateTotals) -> sqlx::Result<()> {
    sqlx::query!(
        "update intake_step set merged_at = now(), certificates_created = $3, certificates_updated = $4, certificates_unchanged = $5
         where batch_id = $1 and after_row = $2",
        batch.0,
        step.after,
        totals.created,
        totals.updated,
        totals.unchanged
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// How many rows of a batch are merged.
///
/// # Errors
/// The database's.
pub async fn rows_merged(conn: &mut PgConnection, batch: BatchId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select coalesce(sum(upto_row - after_row), 0)::bigint as "n!" from intake_step where batch_id = $1 and merged_at is not null"#,
        batch.0
    )
    .fetch_one(conn)
    .await
}
