//! `ecert cert release`: held certificates go on, because a person mended or checked what held them.

use anyhow::bail;
use domain::ids::CertificateId;
use domain::lifecycle::{Event, advance};
use domain::status::Stage;
use serde_json::json;
use store::certificates::HeldCertificate;
use store::events::{self, Move};
use store::pool::{PgConnection, PgPool};
use store::{audit, certificates, job_kinds};

use super::held::{listed, told};
use crate::app::{self, App};
use crate::commands::cert::find;
use crate::output::answer;

/// Certificates of one transaction.
const STEP: i64 = 500;

/// Those that a dry run shows.
const SHOWN: usize = 10;

/// Which certificates go on: those named, or all that are held for a reason.
#[derive(Clone, Copy)]
pub(super) struct Which<'a> {
    pub(super) numbers: &'a [String],
    pub(super) reason: Option<&'a str>,
}

/// What became of some certificates.
#[derive(Default)]
struct Released {
    numbers: Vec<(String, Stage)>,
}

pub(super) async fn run(app: &App, pool: &PgPool, which: Which<'_>, why: &str, dry_run: bool) -> anyhow::Result<()> {
    if why.trim().is_empty() {
        bail!("say what was mended or checked with --why");
    }
    let actor = app.actor(pool).await?;
    let mut named = Vec::new();
    for number in which.numbers {
        named.push((find(pool, number).await?.id, number.clone()));
    }
    if dry_run {
        return foresee(app, pool, which, &named).await;
    }
    let mut released = Released::default();
    match which.reason {
        None => {
            let mut tx = pool.begin().await?;
            released.go_on(&mut tx, &actor, &named, why, true).await?;
            tx.commit().await?;
        }
        Some(reason) => {
            let mut after = CertificateId(0);
            loop {
                let mut tx = pool.begin().await?;
                let held = certificates::held(&mut tx, Some(reason), after, STEP).await?;
                let Some(last) = held.last() else { break };
                after = last.id;
                let some: Vec<_> = held.into_iter().map(|row| (row.id, row.number)).collect();
                released.go_on(&mut tx, &actor, &some, why, false).await?;
                tx.commit().await?;
            }
        }
    }
    if let (Some(reason), true) = (which.reason, released.numbers.is_empty()) {
        bail!("no certificate is held for {reason:?}; `ecert cert held` shows all with their codes");
    }
    let all: Vec<_> = released.numbers.iter().map(|(number, stage)| json!({ "number": number, "stage": stage.as_str() })).collect();
    answer(app.json, &json!({ "released": all }), || match &released.numbers[..] {
        [(number, stage)] => {
            let next = if *stage == Stage::Ready { "; its issuing is enqueued" } else { "" };
            format!("{number} is released and {}{next}\n", stage.as_str())
        }
        several => {
            let ready = several.iter().filter(|(_, stage)| *stage == Stage::Ready).count();
            format!("{} certificates are released; the issuing of {ready} is enqueued\n", several.len())
        }
    })
}

impl Released {
    /// Releases some certificates in one transaction. `strictly` refuses one that is not held; otherwise it is passed over, since
    /// somebody else was faster.
    async fn go_on(
        &mut self,
        conn: &mut PgConnection,
        actor: &str,
        certificates: &[(CertificateId, String)],
        why: &str,
        strictly: bool,
    ) -> anyhow::Result<()> {
        let ids: Vec<CertificateId> = certificates.iter().map(|(id, _)| *id).collect();
        let (mut moves, mut ready) = (Vec::new(), Vec::new());
        for known in certificates::facts(conn, &ids, true).await? {
            let Some((_, number)) = certificates.iter().find(|(id, _)| *id == known.id) else { continue };
            if known.facts.stage != Stage::Held {
                if strictly {
                    bail!("the certificate {number:?} is not held; it is in the stage {}", known.facts.stage.as_str());
                }
                continue;
            }
            let to = advance(&known.facts, &Event::Released, app::today()).map_err(|refusal| anyhow::anyhow!("{number}: {refusal}"))?;
            moves.push(Move::new(known.id, (known.facts.status, known.facts.stage), to, "released", json!({ "why": why })));
            audit::record(conn, actor, "certificate-released", &format!("certificate:{}", known.id), &json!({ "why": why })).await?;
            if to.stage == Stage::Ready {
                ready.push(known.id);
            }
            self.numbers.push((number.clone(), to.stage));
        }
        events::apply(conn, actor, &moves).await?;
        job_kinds::enqueue_issuing(conn, &ready, None).await?;
        Ok(())
    }
}

/// What a release would do.
async fn foresee(app: &App, pool: &PgPool, which: Which<'_>, named: &[(CertificateId, String)]) -> anyhow::Result<()> {
    let mut conn = pool.acquire().await?;
    let (mut count, mut first, mut after) = (0_usize, Vec::<HeldCertificate>::new(), CertificateId(0));
    loop {
        let held = certificates::held(&mut conn, which.reason, after, STEP).await?;
        let Some(last) = held.last() else { break };
        after = last.id;
        let mut chosen: Vec<_> = held.into_iter().filter(|row| named.is_empty() || named.iter().any(|(id, _)| *id == row.id)).collect();
        count += chosen.len();
        chosen.truncate(SHOWN - first.len().min(SHOWN));
        first.extend(chosen);
    }
    let document = json!({ "would_release": count, "first": first.iter().map(told).collect::<Vec<_>>() });
    answer(app.json, &document, || match count {
        0 => "no certificate would be released; `ecert cert held` shows those that are held\n".to_owned(),
        _ => format!("{}{count} would be released\n", listed(&first)),
    })
}
