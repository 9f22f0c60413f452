//! Certificates that are ready to be issued and that no job stands for: a lock ended by its date, a period or a kind began.

use domain::ids::CertificateId;
use domain::reasons::{self, Action};
use domain::settings::Settings;
use sqlx::PgConnection;
use time::Date;

use crate::{certificates, job_kinds};

/// What looking for forgotten certificates found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Found {
    /// Ready certificates without a job.
    pub examined: i64,
    /// Of those, certificates that still wait because a reason stands against them.
    pub waiting: i64,
    /// The others: their issuing was enqueued, unless it was only asked how many there are.
    pub due: i64,
    /// The last one examined; the next step begins after it.
    pub last: Option<CertificateId>,
}

/// Looks at up to `limit` ready certificates after `after` that no open or dead issuing job names, and enqueues those against
/// which no reason stands on `today`. With `dry_run` nothing is enqueued.
///
/// # Errors
/// The database's.
pub async fn enqueue_due(
    conn: &mut PgConnection,
    settings: &Settings,
    today: Date,
    after: CertificateId,
    limit: i64,
    dry_run: bool,
) -> sqlx::Result<Found> {
    let ids: Vec<CertificateId> = sqlx::query_file_scalar!("queries/ready_without_job.sql", job_kinds::ISSUE_CERTIFICATES, after.0, limit)
        .fetch_all(&mut *conn)
        .await?;
    let known = certificates::facts(conn, &ids, false).await?;
    let due: Vec<CertificateId> = known
        .iter()
        .filter(|known| {
            let kind = settings.kind(known.facts.kind);
            reasons::against(Action::Issue, &known.facts, kind, &settings.contact_zh, today).is_empty()
        })
        .map(|known| known.id)
        .collect();
    if !dry_run {
        job_kinds::enqueue_issuing(conn, &due, None).await?;
    }
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    Ok(Found { examined: count(ids.len()), waiting: count(ids.len() - due.len()), due: count(due.len()), last: ids.last().copied() })
}
