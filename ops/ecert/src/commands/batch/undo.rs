//! `ecert batch undo`: all of it, or nothing and the reasons.

use anyhow::bail;
use domain::ids::BatchId;
use serde_json::json;
use store::pool::PgPool;
use store::undo::{self, Obstacle};

use super::find;
use crate::app::{self, App};
use crate::output::{answer, grouped};

/// `ecert batch undo ID --why TEXT`
pub(super) async fn run(app: &App, pool: &PgPool, id: BatchId, why: &str) -> anyhow::Result<()> {
    if why.trim().is_empty() {
        bail!("say why the batch is undone with --why");
    }
    let batch = find(pool, id).await?;
    let actor = app.actor(pool).await?;
    let mut tx = pool.begin().await?;
    let undone = match undo::undo(&mut tx, id, &actor, why, app::today()).await? {
        Ok(undone) => undone,
        Err(against) => {
            tx.rollback().await?;
            let reasons: Vec<String> = against.iter().map(words).collect();
            bail!("batch {id} cannot be undone, nothing was changed: {}", reasons.join("; "));
        }
    };
    tx.commit().await?;
    answer(app.json, &json!({ "id": id.to_string(), "state": "undone", "counts": undone.to_json() }), || {
        let count = |n: u64| grouped(i64::try_from(n).unwrap_or(i64::MAX));
        let mut text = format!("batch {id} ({}) is undone\n", batch.file_name);
        if batch.shape == "photos" {
            text += &format!("  {} photos withdrawn\n", count(undone.photos_withdrawn));
        } else {
            text += &format!(
                "  {} certificates and {} persons taken out of the register, {} known certificates as they were before\n",
                count(undone.certificates_removed),
                count(undone.persons_removed),
                count(undone.certificates_restored)
            );
        }
        text + "  its rows stay for the record; the file can be delivered again\n"
    })
}

fn words(obstacle: &Obstacle) -> String {
    match obstacle {
        Obstacle::State(state) if state == "running" => {
            "its import has not ended; `ecert work --until-idle` finishes it, and then it can be undone".to_owned()
        }
        Obstacle::State(state) => format!("it is {state} already"),
        Obstacle::Shape(shape) => {
            format!("{shape} are taken back by later decisions, not by undoing; only certificates and photos can be undone")
        }
        Obstacle::Ordered(n) => format!("{} of its certificates were issued or are being issued", grouped(*n)),
        Obstacle::LaterEvents(n) => {
            format!("{} of its certificates have later events; `ecert cert history NUMBER` shows them", grouped(*n))
        }
        Obstacle::DeliveredAgain(n) => format!("{} of its certificates stand in a later delivery; undo that one first", grouped(*n)),
        Obstacle::ReferredTo(n) => format!("{} of its certificates have decisions, applications, locks or business under way", grouped(*n)),
        Obstacle::Printed(n) => format!("{} of its photos are on an electronic certificate", grouped(*n)),
    }
}
