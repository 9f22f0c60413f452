//! How many certificates of each kind the register had before a batch and after it.

use domain::ids::BatchId;
use sqlx::PgConnection;

/// A kind's certificates in the register, before a batch and after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindCount {
    /// The kind's code.
    pub kind: String,
    /// When the import began.
    pub before: i64,
    /// When it ended; none while it goes on.
    pub after: Option<i64>,
}

/// Counts the register when an import begins; an import that begins once more changes nothing.
///
/// # Errors
/// The database's.
pub async fn before(conn: &mut PgConnection, batch: BatchId) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into batch_census (batch_id, kind, before)
         select b.id, k.kind, count(c.id)
         from intake_batch b
         join unnest(case when b.kind = '' then (select coalesce(array_agg(distinct kind), '{}') from certificate) else array[b.kind] end)
             as k (kind) on true
         left join certificate c on c.kind = k.kind
         where b.id = $1
         group by b.id, k.kind
         on conflict do nothing",
        batch.0
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Counts the register when an import ends, in the transaction that finishes it.
///
/// # Errors
/// The database's.
pub async fn after(conn: &mut PgConnection, batch: BatchId) -> sqlx::Result<()> {
    for kind in sqlx::query_scalar!("select kind from batch_census where batch_id = $1", batch.0).fetch_all(&mut *conn).await? {
        // Counted by itself: an update would count on one processor.
        let count = sqlx::query_scalar!("select count(*) from certificate where kind = $1", kind).fetch_one(&mut *conn).await?;
        sqlx::query!("update batch_census set after = $3 where batch_id = $1 and kind = $2", batch.0, kind, count)
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}

/// The counts of a batch, by kind.
///
/// # Errors
/// The database's.
pub async fn of_batch(conn: &mut PgConnection, batch: BatchId) -> sqlx::Result<Vec<KindCount>> {
    sqlx::query_as!(KindCount, "select kind, before, after from batch_census where batch_id = $1 order by kind", batch.0)
        .fetch_all(conn)
        .await
}
