//! Valid certificates whose last day is past become expired (失效). Locked ones and those with a renewal under way are spared.
//!
//! Source: 注册建造师管理规定 (order 153) art. 16(5) for constructors; 建质〔2008〕75号 art. 26 and order 60 for renewals that were
//! filed in time and not yet decided. The end date itself is a day in force.

use domain::ids::CertificateId;
use domain::lifecycle::{Event, advance};
use serde_json::json;
use store::certificates::{self, Known};
use store::events::{self, Move};
use store::pool::PgPool;
use store::sweeps::{self, SweepTotals};
use time::Date;
use time::macros::date;

/// The sweep's name.
pub const NAME: &str = "expire-certificates";

/// Certificates of one transaction.
const STEP: i64 = 1_000;

/// Runs the sweep for a civil day of Asia/Shanghai; a dry run changes nothing and counts all the same.
///
/// # Errors
/// When the database refuses; steps before the failure stay done.
pub async fn run(pool: &PgPool, today: Date, actor: &str, dry_run: bool) -> anyhow::Result<SweepTotals> {
    let mut conn = pool.acquire().await?;
    let run = sweeps::start(&mut conn, NAME, today, actor, dry_run).await?;
    drop(conn);
    let mut totals = SweepTotals::default();
    let mut after = (date!(0001 - 01 - 01), 0);
    loop {
        let mut tx = pool.begin().await?;
        let found = sweeps::run_out(&mut tx, today, after, STEP).await?;
        let Some(last) = found.last() else { break };
        after = (last.0, last.1.0);
        let ids: Vec<CertificateId> = found.iter().map(|(_, id)| *id).collect();
        let known = certificates::facts(&mut tx, &ids, !dry_run).await?;
        let moves: Vec<Move> = known.iter().filter_map(|certificate| expiry(certificate, today, &mut totals)).collect();
        if dry_run {
            totals.changed += i64::try_from(moves.len())?;
            tx.rollback().await?;
        } else {
            totals.changed += i64::try_from(events::apply(&mut tx, actor, &moves).await?.len())?;
            tx.commit().await?;
        }
    }
    let mut conn = pool.acquire().await?;
    sweeps::finish(&mut conn, run, &totals).await?;
    tracing::info!(sweep = NAME, %today, examined = totals.examined, changed = totals.changed, dry_run, "sweep done");
    Ok(totals)
}

fn expiry(certificate: &Known, today: Date, totals: &mut SweepTotals) -> Option<Move> {
    totals.examined += 1;
    let facts = &certificate.facts;
    let spared = if facts.locks_in_force(today).next().is_some() {
        Some("locked")
    } else if facts.pending_business {
        Some("pending-business")
    } else if !facts.has_run_out(today) {
        Some("changed-meanwhile")
    } else {
        None
    };
    match (spared, advance(facts, &Event::Expired, today)) {
        (None, Ok(to)) => {
            let detail = json!({ "valid_until": facts.valid_until.map(|until| until.to_string()) });
            Some(Move::new(certificate.id, (facts.status, facts.stage), to, "expired", detail))
        }
        (reason, _) => {
            *totals.skipped.entry(reason.unwrap_or("refused").to_owned()).or_default() += 1;
            None
        }
    }
}
