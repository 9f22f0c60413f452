//! `ecert cert release`: a held certificate goes on, because a person mended or checked what held it.

use anyhow::bail;
use domain::ids::CertificateId;
use domain::lifecycle::{Event, advance};
use domain::status::Stage;
use serde_json::json;
use store::events::{self, Move};
use store::pool::PgPool;
use store::{audit, certificates, job_kinds};

use crate::app::{self, App};
use crate::commands::cert::find;
use crate::output::answer;

pub(super) async fn run(app: &App, pool: &PgPool, number: &str, why: &str) -> anyhow::Result<()> {
    if why.trim().is_empty() {
        bail!("say what was mended or checked with --why");
    }
    let actor = app.actor(pool).await?;
    let id = find(pool, number).await?.id;
    let mut tx = pool.begin().await?;
    let Some(known) = certificates::facts(&mut tx, &[id], true).await?.pop() else { bail!("the certificate {number:?} is gone") };
    if known.facts.stage != Stage::Held {
        bail!("the certificate {number:?} is not held; it is in the stage {}", known.facts.stage.as_str());
    }
    let to = advance(&known.facts, &Event::Released, app::today()).map_err(|refusal| anyhow::anyhow!("{refusal}"))?;
    let expected = (known.facts.status, known.facts.stage);
    events::apply(&mut tx, &actor, &[Move::new(id, expected, to, "released", json!({ "why": why }))]).await?;
    audit::record(&mut tx, &actor, "certificate-released", &format!("certificate:{id}"), &json!({ "why": why })).await?;
    let ready: Vec<CertificateId> = (to.stage == Stage::Ready).then_some(id).into_iter().collect();
    job_kinds::enqueue_issuing(&mut tx, &ready, None).await?;
    tx.commit().await?;
    answer(app.json, &json!({ "number": number, "stage": to.stage.as_str() }), || {
        let next = if ready.is_empty() { "" } else { "; its issuing is enqueued" };
        format!("{number} is released and {}{next}\n", to.stage.as_str())
    })
}
