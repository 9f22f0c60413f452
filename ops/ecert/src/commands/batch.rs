//! `ecert batch`.

use std::io::BufWriter;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use domain::finding::FindingCode;
use domain::ids::BatchId;
use ingest::report_csv::{ReportLine, ReportWriter};
use serde_json::{Value, json};
use store::batches::{self, Batch};
use store::intake_rows::{self, ReportRow};
use store::pool::PgPool;

use crate::app::App;
use crate::cli;
use crate::out_file::OutFile;
use crate::output::{answer, civil_minute, grouped, table};

/// `ecert batch …`
pub(crate) async fn run(app: &App, command: cli::Batch) -> anyhow::Result<ExitCode> {
    let pool = app.known_database().await?;
    match command {
        cli::Batch::List => list(app, &pool).await?,
        cli::Batch::Show { id } => show(app, &pool, BatchId(id)).await?,
        cli::Batch::Report { id, out } => report(app, &pool, BatchId(id), &out).await?,
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

fn document(batch: &Batch, waiting: bool) -> Value {
    let (t, c) = (&batch.totals, &batch.certificates);
    json!({
        "id": batch.id.to_string(), "state": batch.state, "waiting": waiting, "shape": batch.shape, "kind": batch.kind, "file": batch.file_name,
        "as_of": batch.as_of.to_string(), "issue": batch.issue_policy, "registered_by": batch.registered_by,
        "registered_at": civil_minute(batch.registered_at), "failure": batch.failure,
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
        text += &format!("  failed: {failure}\n");
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
    let all = batches::list(&mut conn, None).await?;
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
    shown["findings"] = findings.iter().map(|(code, n)| json!({ "code": code, "rows": n })).collect();
    answer(app.json, &shown, || {
        let state = state_text(&batch, waiting);
        let mut text = format!("batch {} {} {} as of {}: {state}\n", batch.id, batch.file_name, batch.kind, batch.as_of);
        text += &format!("  delivered {} by {}\n", civil_minute(batch.registered_at), batch.registered_by);
        text += &totals_text(&batch);
        for (code, n) in &findings {
            let words = code.parse::<FindingCode>().map(|code| code.zh()).unwrap_or_default();
            text += &format!("  {} × {code}  {words}\n", grouped(*n));
        }
        if batch.totals.held + batch.totals.rejected + batch.totals.warned > 0 {
            text += &format!(
                "`ecert batch report {} --out 报告.csv` writes the rows that were not plainly loaded, each with its reasons\n",
                batch.id
            );
        }
        text
    })
}

/// Rows of the report that are in memory at once.
const PAGE: i64 = 5_000;

async fn report(app: &App, pool: &PgPool, id: BatchId, out: &Path) -> anyhow::Result<()> {
    if out.extension().is_none_or(|extension| !extension.eq_ignore_ascii_case("csv")) {
        bail!("{}: reports are written as .csv; name the file so", out.display());
    }
    let batch = find(pool, id).await?;
    if batch.state == "running" {
        bail!("batch {id} is still being imported; `ecert work --until-idle` finishes it");
    }
    let cannot = || format!("cannot write {}; name another file with --out", out.display());
    let file = OutFile::create(out).with_context(cannot)?;
    let mut writer = ReportWriter::new(BufWriter::new(file), batch.titles.iter().map(String::as_str)).with_context(cannot)?;
    let (mut after, mut rows) = (0, 0_i64);
    let mut conn = pool.acquire().await?;
    loop {
        let page = intake_rows::reported(&mut conn, id, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.row_no;
        for row in &page {
            write_row(&mut writer, row).with_context(cannot)?;
            rows += 1;
        }
    }
    writer
        .finish()
        .with_context(cannot)?
        .into_inner()
        .map_err(std::io::IntoInnerError::into_error)
        .with_context(cannot)?
        .finish()
        .with_context(cannot)?;
    answer(app.json, &json!({ "batch": id.to_string(), "out": out.display().to_string(), "rows": rows }), || {
        let next = if batch.shape == "photos" {
            "rename or replace the photos and deliver them again"
        } else {
            "correct them there and deliver the file again"
        };
        format!("{} rows written to {}; {next}\n", grouped(rows), out.display())
    })
}

fn write_row<W: std::io::Write>(writer: &mut ReportWriter<W>, row: &ReportRow) -> anyhow::Result<()> {
    let empty = Vec::new();
    let findings = row.findings.as_array().unwrap_or(&empty);
    let codes: Vec<&str> = findings.iter().filter_map(|finding| finding["code"].as_str()).collect();
    let messages: Vec<String> = findings.iter().map(message).collect();
    let cells: Vec<&str> = row.original.as_array().unwrap_or(&empty).iter().filter_map(Value::as_str).collect();
    let line = ReportLine {
        sheet: &row.sheet,
        line: u64::try_from(row.line).unwrap_or(0),
        outcome: &row.outcome,
        codes: &codes.join(" "),
        message: &messages.join("；"),
    };
    writer.write(&line, cells)?;
    Ok(())
}

/// A finding in Chinese and English, with its column and what was repaired.
fn message(finding: &Value) -> String {
    let code = finding["code"].as_str().unwrap_or_default();
    let mut text = code.parse::<FindingCode>().map_or_else(|_| code.to_owned(), |code| format!("{} / {}", code.zh(), code.en()));
    if let Some(column) = finding["column"].as_str() {
        text = format!("{column}：{text}");
    }
    if let (Some(original), Some(repaired)) = (finding["original"].as_str(), finding["repaired"].as_str()) {
        text += &format!("（{original} → {repaired}）");
    }
    text
}
