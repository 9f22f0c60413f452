//! `ecert batch undo`: all of it, or nothing and the reasons.

use anyhow::bail;
use domain::ids::BatchId;
use serde_json::json;
use store::pool::PgPool;
use store::undo::{self, Concerned, Obstacle};

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
        Obstacle::State(state) if state == "failed" => {
            "its import failed, so there is nothing to undo as a whole; mend what it says in `ecert batch show` and deliver the file again"
                .to_owned()
        }
        Obstacle::State(state) => format!("it is {state} already"),
        Obstacle::Shape(shape) => format!("only certificates and photos can be undone; {}", instead(shape)),
        Obstacle::Ordered(which) => format!("{} issued or being issued", certificates(which)),
        Obstacle::LaterEvents(which) => format!("{} with later events; `ecert cert history NUMBER` shows them", certificates(which)),
        Obstacle::DeliveredAgain(which, batches) => {
            let named: Vec<String> = batches.iter().map(ToString::to_string).collect();
            format!("{} also in the later batch {}; undo that one first", certificates(which), named.join(", "))
        }
        Obstacle::ReferredTo(which) => format!("{} with decisions, applications, locks or business under way", certificates(which)),
        Obstacle::Printed(n) => format!("{} of its photos are on an electronic certificate", grouped(*n)),
    }
}

/// How many, and the first of them by number.
fn certificates(which: &Concerned) -> String {
    let shown = i64::try_from(which.numbers.len()).unwrap_or(i64::MAX);
    let rest = if which.count > shown { ", …" } else { "" };
    format!("{} of its certificates ({}{rest})", grouped(which.count), which.numbers.join(", "))
}

/// How deliveries of a shape that cannot be undone are taken back.
fn instead(shape: &str) -> &'static str {
    match shape {
        "violations" => "a violation is taken back by `ecert lock lift LOCK --why TEXT`; `ecert lock list` shows them",
        "pending" => "pending business is taken back by a delivery whose rows say that it is done",
        "applications" => "an application cannot be taken back; a lock keeps its certificate from being issued",
        _ => "a decision is taken back by a later decision, such as a restoration after a suspension",
    }
}
