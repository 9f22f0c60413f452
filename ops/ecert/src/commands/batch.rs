//! `ecert batch`.

mod not_used;
mod report;
mod undo;

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use domain::finding::{FindingCode, Outcome};
use domain::ids::BatchId;
use ingest::certificate_row::Context as RowContext;
use ingest::profile::Profile;
use serde_json::{Value, json};
use store::batches::{self, Batch};
use store::census::{self, KindCount};
use store::intake_rows;
use store::photo_views;
use store::pool::{PgConnection, PgPool};
use store::undo::Note;

use crate::app::App;
use crate::cli;
use crate::output::{answer, civil_minute, grouped, iso, plain, table};

/// `ecert batch …`
pub(crate) async fn run(app: &App, command: cli::Batch) -> anyhow::Result<ExitCode> {
    let pool = app.known_database().await?;
    match command {
        cli::Batch::List => list(app, &pool).await?,
        cli::Batch::Show { id } => show(app, &pool, BatchId(id)).await?,
        cli::Batch::Report { id, out, force } => report::run(app, &pool, BatchId(id), &out, force).await?,
        cli::Batch::Undo { id, why } => undo::run(app, &pool, BatchId(id), &why).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn find(pool: &PgPool, id: BatchId) -> anyhow::Result<Batch> {
    let mut conn = pool.acquire().await?;
    let Some(mut batch) = batches::find(&mut conn, id).await? else { bail!("there is no batch {id}; `ecert batch list` shows them") };
    if batch.state == "running" {
        batch.totals = intake_rows::totals(&mut conn, id).await?;
    }
    Ok(batch)
}

/// What the rows of a batch were judged against.
pub(crate) async fn context_of(conn: &mut PgConnection, app: &App, batch: &Batch) -> anyhow::Result<RowContext> {
    let profile = store::profiles::find(conn, batch.id).await?;
    let profile = profile.map(|text| Profile::parse(&text).context("the profile of the batch")).transpose()?.map(Arc::new);
    Ok(RowContext { profile, ..RowContext::new(batch.as_of, app.config.domain_settings().clone()) })
}

/// A batch as programs read it.
pub(crate) fn document(batch: &Batch, waiting: bool) -> Value {
    let (t, c) = (&batch.totals, &batch.certificates);
    json!({
        "id": batch.id.to_string(), "state": batch.state, "waiting": waiting, "shape": batch.shape, "kind": batch.kind, "file": batch.file_name,
        "as_of": batch.as_of.to_string(), "issue": batch.issue_policy, "registered_by": batch.registered_by,
        "registered_at": iso(batch.registered_at), "failure": batch.failure,
        "totals": { "read": t.read, "loaded": t.loaded, "warned": t.warned, "held": t.held, "rejected": t.rejected, "dropped": t.dropped },
        "certificates": { "created": c.created, "updated": c.updated, "unchanged": c.unchanged },
    })
}

/// The totals of a batch in words.
pub(crate) fn totals_text(batch: &Batch) -> String {
    let t = &batch.totals;
    let mut text = format!(
        "  {} rows read = {} loaded + {} warned + {} held + {} rejected + {} dropped\n",
        grouped(t.read),
        grouped(t.loaded),
        grouped(t.warned),
        grouped(t.held),
        grouped(t.rejected),
        grouped(t.dropped)
    );
    if batch.shape == "certificates" {
        let c = &batch.certificates;
        text += &format!(
            "  certificates: {} created, {} updated, {} unchanged\n",
            grouped(c.created),
            grouped(c.updated),
            grouped(c.unchanged)
        );
    }
    if let Some(failure) = &batch.failure {
        text += &format!(
            "  failed: {}; mend that and deliver the file again: what its rows made until then is known and stays as it is\n",
            plain(failure)
        );
    }
    text
}

/// Whether the import has not ended and nobody is doing it. The contract's state of such a batch is `running`.
fn is_waiting(batch: &Batch, waiting: &[BatchId]) -> bool {
    batch.state == "running" && waiting.contains(&batch.id)
}

fn state_text(batch: &Batch, waiting: bool) -> &str {
    if waiting { "waiting" } else { &batch.state }
}

async fn list(app: &App, pool: &PgPool) -> anyhow::Result<()> {
    let mut conn = pool.acquire().await?;
    let mut all = batches::list(&mut conn, None).await?;
    for batch in all.iter_mut().filter(|batch| batch.state == "running") {
        batch.totals = intake_rows::totals(&mut conn, batch.id).await?;
    }
    let waiting = batches::waiting(&mut conn).await?;
    let waits = |batch: &Batch| is_waiting(batch, &waiting);
    answer(app.json, &json!({ "batches": all.iter().map(|b| document(b, waits(b))).collect::<Vec<_>>() }), || {
        let titles = ["batch", "file", "shape", "kind", "state", "read", "held", "rejected", "delivered", "by"];
        let mut rows = vec![titles.map(str::to_owned).to_vec()];
        rows.extend(all.iter().map(|b| {
            vec![
                b.id.to_string(),
                b.file_name.clone(),
                b.shape.clone(),
                b.kind.clone(),
                state_text(b, waits(b)).to_owned(),
                grouped(b.totals.read),
                grouped(b.totals.held),
                grouped(b.totals.rejected),
                civil_minute(b.registered_at),
                b.registered_by.clone(),
            ]
        }));
        table(&rows)
    })
}

async fn show(app: &App, pool: &PgPool, id: BatchId) -> anyhow::Result<()> {
    let batch = find(pool, id).await?;
    let mut conn = pool.acquire().await?;
    let findings = intake_rows::findings_by_code(&mut conn, id).await?;
    let waiting = is_waiting(&batch, &batches::waiting(&mut conn).await?);
    let mut shown = document(&batch, waiting);
    let kinds = census::of_batch(&mut conn, id).await?;
    let photos = if batch.shape == "photos" { photo_views::of_batch(&mut conn, id).await? } else { Vec::new() };
    let undone = store::undo::find(&mut conn, id).await?;
    let has_profile = store::profiles::find(&mut conn, id).await?.is_some();
    let not_used = not_used::titles(&mut conn, app, &batch).await?;
    shown["profile"] = has_profile.into();
    shown["columns_not_used"] = json!(not_used);
    shown["register"] = kinds.iter().map(|k| json!({ "kind": k.kind, "before": k.before, "after": k.after })).collect();
    if batch.shape == "photos" {
        shown["photos"] = photos.iter().map(|(state, n)| (state.clone(), json!(n))).collect::<serde_json::Map<_, _>>().into();
    }
    shown["undone"] = undone.as_ref().map_or(Value::Null, undone_json);
    shown["findings"] = findings.iter().map(|(code, n)| json!({ "code": code, "rows": n })).collect();
    answer(app.json, &shown, || {
        let state = state_text(&batch, waiting);
        let mut text =
            format!("batch {} {} {} {} as of {}: {state}\n", batch.id, plain(&batch.file_name), batch.shape, batch.kind, batch.as_of);
        text += &format!("  delivered {} by {}\n", civil_minute(batch.registered_at), batch.registered_by);
        if has_profile {
            text += "  read by a profile\n";
        }
        if !not_used.is_empty() {
            text += &format!("  columns kept, not used: {}\n", not_used.join(", "));
        }
        text += &totals_text(&batch);
        text += &register_text(&kinds);
        text += &photos_text(&photos, id);
        if let Some(note) = &undone {
            text += &format!("  undone {} by {}: {}\n", civil_minute(note.at), note.actor, note.why);
        }
        if !findings.is_empty() {
            text += "  rows by what was found about them; a row may have several:\n";
        }
        for (code, n) in &findings {
            let words = code.parse::<FindingCode>().map(|code| format!("{} / {}", code.zh(), code.en())).unwrap_or_default();
            text += &format!("  {} × {code}  {words}\n", grouped(*n));
        }
        if batch.totals.held + batch.totals.rejected + batch.totals.warned > 0 {
            text += &format!(
                "`ecert batch report {} --out 报告.xlsx` writes the rows that were not plainly loaded, each with its reasons\n",
                batch.id
            );
        }
        if batch.state == "finished" && batch.totals.held > 0 && batch.shape == "certificates" {
            text += &format!("`ecert row list --batch {}` shows the held ones, to be worked off\n", batch.id);
        }
        text
    })
}

/// The register before and after a batch.
fn register_text(kinds: &[KindCount]) -> String {
    let line = |kind: &KindCount| {
        let after = kind.after.map_or_else(|| "not finished".to_owned(), grouped);
        format!("  certificates of {} in the register: {} before, {after} after\n", kind.kind, grouped(kind.before))
    };
    kinds.iter().map(line).collect()
}

/// How far the review of a delivery's photos has come.
fn photos_text(photos: &[(String, i64)], batch: BatchId) -> String {
    if photos.is_empty() {
        return String::new();
    }
    let told: Vec<String> = photos.iter().map(|(state, n)| format!("{} {state}", grouped(*n))).collect();
    let mut text = format!("  its photos: {}\n", told.join(", "));
    for state in ["held", "rejected"].into_iter().filter(|state| photos.iter().any(|(known, _)| known == state)) {
        text += &format!("`ecert photo list --batch {batch} --state {state}` shows the {state} ones, each with the reason\n");
    }
    text
}

fn undone_json(note: &Note) -> Value {
    json!({ "at": iso(note.at), "by": note.actor, "why": note.why, "counts": note.counts })
}

/// The findings with the deciding one first: the worst before those that only tell of a repair, else in their order.
pub(crate) fn worst_first(findings: &Value) -> Vec<&Value> {
    let mut all: Vec<&Value> = findings.as_array().into_iter().flatten().collect();
    let outcome = |finding: &Value| match finding["code"].as_str().map(str::parse::<FindingCode>) {
        Some(Ok(code)) => Some(code.outcome()),
        // What the review of a photo found.
        Some(Err(_)) => Some(if finding["grade"] == "warn" { Outcome::Warned } else { Outcome::Held }),
        None => None,
    };
    all.sort_by_key(|finding| std::cmp::Reverse(outcome(finding)));
    all
}

/// A finding in Chinese and English, with its column and what was repaired.
pub(crate) fn message(finding: &Value) -> String {
    let code = finding["code"].as_str().unwrap_or_default();
    // The review of a photo tells in its own words what its holder can do.
    let own = finding["zh"].as_str().zip(finding["en"].as_str()).map(|(zh, en)| format!("{zh} / {en}"));
    let known = || code.parse::<FindingCode>().map_or_else(|_| code.to_owned(), |code| format!("{} / {}", code.zh(), code.en()));
    let mut text = own.unwrap_or_else(known);
    if let Some(column) = finding["column"].as_str() {
        text = format!("{column}：{text}");
    }
    match (finding["original"].as_str(), finding["repaired"].as_str()) {
        // What was put into a form that it had already is no change to tell.
        (Some(original), Some(repaired)) if original == repaired => {}
        (Some(original), Some(repaired)) => text += &format!("（{original} → {repaired}）"),
        // What is said of the whole row stands in no cell.
        (Some(original), None) if finding["column"].is_null() => text += &format!("：{original}"),
        _ => {}
    }
    if let Some(detail) = finding["detail"].as_str() {
        text += &format!("：{detail}");
    }
    text
}
