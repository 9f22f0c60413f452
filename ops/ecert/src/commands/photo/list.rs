//! `ecert photo list`.

use domain::identity::IdentityDocument;
use domain::ids::BatchId;
use domain::name::PersonName;
use serde_json::{Value, json};
use store::photo_views::{self, Filter, Listed};
use store::pool::PgPool;
use time::OffsetDateTime;

use crate::app::{self, App};
use crate::output::{answer, civil_minute, iso, table};

pub(super) async fn run(app: &App, pool: &PgPool, state: Option<String>, batch: Option<i64>, limit: u32) -> anyhow::Result<()> {
    let mut conn = pool.acquire().await?;
    if let Some(batch) = batch {
        crate::commands::row::known_batch(&mut conn, BatchId(batch)).await?;
    }
    let filter = Filter { state, batch: batch.map(BatchId), limit: i64::from(limit) };
    let all = photo_views::list(&mut conn, &filter).await?;
    let document = json!({ "photos": all.iter().map(document).collect::<Vec<_>>() });
    answer(app.json, &document, || {
        if all.is_empty() {
            return match &filter.state {
                None => "no photo waits for a reviewer\n".to_owned(),
                Some(state) => format!("no photo is {state}\n"),
            };
        }
        let waiting = filter.state.is_none();
        let head = ["photo", "holder", "document", if waiting { "waits since" } else { "came" }, "why", "in the hands of"];
        let mut rows = vec![head.map(str::to_owned).to_vec()];
        rows.extend(all.iter().map(|photo| {
            let since = photo.opened_at.filter(|_| waiting).unwrap_or(photo.received_at);
            vec![photo.id.to_string(), holder(photo), masked(photo), civil_minute(since), why(photo), hands(photo)]
        }));
        let mut text = table(&rows);
        if all.len() >= limit as usize {
            text += &format!("{} photos; --limit shows more\n", all.len());
        }
        text
    })
}

/// A photo as programs read it.
pub(super) fn document(photo: &Listed) -> Value {
    json!({
        "id": photo.id.to_string(), "state": photo.state, "policy": photo.policy, "received_at": iso(photo.received_at),
        "holder_masked": holder(photo), "id_masked": masked(photo), "findings": photo.findings, "cause": photo.cause,
        "waits_since": photo.opened_at.map(iso), "claimed_by": photo.claimed_by, "claimed_until": photo.claimed_until.map(iso),
    })
}

pub(super) fn holder(photo: &Listed) -> String {
    photo.holder_name.as_ref().map_or_else(|| "not known yet".to_owned(), |name| PersonName::from_stored(name.clone()).masked())
}

pub(super) fn masked(photo: &Listed) -> String {
    photo.id_kind.parse().map_or_else(|_| "-".to_owned(), |kind| IdentityDocument::from_stored(kind, photo.id_number.clone()).masked())
}

/// The codes of what was found, the cause first where it is not the checks.
fn why(photo: &Listed) -> String {
    let cause = photo.cause.as_deref().filter(|cause| *cause != "checks");
    let codes = photo.findings.iter().filter_map(Value::as_array).flatten().filter_map(|finding| finding["code"].as_str());
    cause
        .into_iter()
        .chain(codes)
        .fold(Vec::new(), |mut told: Vec<&str>, code| {
            if !told.contains(&code) {
                told.push(code);
            }
            told
        })
        .join(", ")
}

/// Who holds it, and for how long.
pub(super) fn hands(photo: &Listed) -> String {
    match (&photo.claimed_by, photo.claimed_until) {
        (Some(by), Some(until)) => format!("{by}, {} min", minutes_until(until)),
        _ => String::new(),
    }
}

/// Minutes that are left, begun ones counted.
pub(super) fn minutes_until(until: OffsetDateTime) -> i64 {
    ((until - app::now()).whole_seconds().max(0) + 59) / 60
}
