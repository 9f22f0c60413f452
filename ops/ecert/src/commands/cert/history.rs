//! `ecert cert history`: every event with who and when, and whether their chain holds.

use domain::ids::BatchId;
use serde_json::json;
use store::certificates::{self, HistoryEvent};
use store::pool::PgPool;

use super::find;
use crate::app::App;
use crate::output::{answer, civil_minute, table};

/// `ecert cert history NUMBER`
pub(super) async fn run(app: &App, pool: &PgPool, number: &str) -> anyhow::Result<()> {
    let shown = find(pool, number).await?;
    let mut conn = pool.acquire().await?;
    let events = certificates::history(&mut conn, shown.id).await?;
    // Every certificate began with an event.
    let broken_at = if events.is_empty() { Some(1) } else { events.iter().find(|event| !event.chained).map(|event| event.seq) };
    let batches: Vec<BatchId> = events.iter().filter_map(batch_of).collect();
    let deliverers = store::batches::deliverers(&mut conn, &batches).await?;
    let delivered_by = |event: &HistoryEvent| batch_of(event).and_then(|batch| deliverers.get(&batch));
    let document = json!({
        "number": shown.number, "intact": broken_at.is_none(), "broken_at": broken_at,
        "events": events.iter().map(|e| json!({
            "seq": e.seq, "at": crate::output::iso(e.at), "actor": e.actor, "delivered_by": delivered_by(e), "event": e.event, "legal_status": e.legal_status, "stage": e.stage, "detail": e.detail,
        })).collect::<Vec<_>>(),
    });
    answer(app.json, &document, || {
        let mut rows = vec![["", "when", "who", "what", "legal status", "stage", "more"].map(str::to_owned).to_vec()];
        rows.extend(events.iter().map(|e| {
            let detail = if e.detail == json!({}) { String::new() } else { e.detail.to_string() };
            vec![
                e.seq.to_string(),
                civil_minute(e.at),
                delivered_by(e).map_or_else(|| e.actor.clone(), |who| format!("{} for {who}", e.actor)),
                e.event.clone(),
                e.legal_status.clone(),
                e.stage.clone(),
                detail,
            ]
        }));
        table(&rows)
            + &broken_at.map_or_else(
                || "the chain of events is intact\n".to_owned(),
                |seq| format!("the chain of events breaks at event {seq}: rows were changed behind the program's back\n"),
            )
    })
}

/// The batch on whose behalf the import wrote an event.
fn batch_of(event: &HistoryEvent) -> Option<BatchId> {
    event.detail["batch"].as_i64().filter(|_| event.actor == IMPORT).map(BatchId)
}

/// Who stands in the events that imports write.
const IMPORT: &str = "import";
