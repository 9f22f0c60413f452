//! What the timed sweeps read and record.

use domain::ids::{CertificateId, SweepRunId};
use serde_json::Value;
use sqlx::PgConnection;
use time::Date;

/// Valid certificates whose last day is before `today`, after `after`, at most `limit`, by their end date and id.
///
/// # Errors
/// The database's.
pub async fn run_out(conn: &mut PgConnection, today: Date, after: (Date, i64), limit: i64) -> sqlx::Result<Vec<(Date, CertificateId)>> {
    let rows = sqlx::query!(
        r#"select valid_until as "valid_until!", id as "id: CertificateId" from certificate
           where legal_status = 'valid' and valid_until < $1 and (valid_until, id) > ($2, $3)
           order by valid_until, id limit $4"#,
        today,
        after.0,
        after.1,
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.valid_until, row.id)).collect())
}

/// What a sweep did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SweepTotals {
    /// Certificates that were looked at.
    pub examined: i64,
    /// Certificates that changed.
    pub changed: i64,
    /// Certificates left alone, by reason.
    pub skipped: std::collections::BTreeMap<String, i64>,
    /// Jobs enqueued.
    pub enqueued: i64,
}

/// Records the start of a sweep.
///
/// # Errors
/// The database's.
pub async fn start(conn: &mut PgConnection, sweep: &str, today: Date, actor: &str, dry_run: bool) -> sqlx::Result<SweepRunId> {
    sqlx::query_scalar!(
        r#"insert into sweep_run (sweep, today, actor, dry_run) values ($1, $2, $3, $4) returning id as "id: SweepRunId""#,
        sweep,
        today,
        actor,
        dry_run
    )
    .fetch_one(conn)
    .await
}

/// Records the end of a sweep.
///
/// # Errors
/// The database's.
pub async fn finish(conn: &mut PgConnection, id: SweepRunId, totals: &SweepTotals) -> sqlx::Result<()> {
    let skipped: Value =
        totals.skipped.iter().map(|(reason, n)| (reason.clone(), Value::from(*n))).collect::<serde_json::Map<_, _>>().into();
    sqlx::query!(
        "update sweep_run set finished_at = now(), examined = $2, changed = $3, skipped = $4, enqueued = $5 where id = $1",
        id.0,
        totals.examined,
        totals.changed,
        skipped,
        totals.enqueued
    )
    .execute(conn)
    .await?;
    Ok(())
}
