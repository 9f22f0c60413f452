//! `ecert row show`: a row's cells under their titles, what was found about them, and what stands against the row in its delivery and in the register.

mod against;

use domain::finding::{FindingCode, Outcome};
use ingest::row_correction::{cannot_be_true, name_may_be_decided};
use serde_json::{Value, json};
use store::batches::Batch;
use store::pool::PgPool;
use store::rows::{self, Resolution, StoredRow};

use self::against::Against;
use super::{find, name};
use crate::app::App;
use crate::cli::RowName;
use crate::commands::batch::message;
use crate::output::{answer, civil_minute, iso, plain, table};

/// `ecert row show BATCH.ROW`
pub(super) async fn run(app: &App, pool: &PgPool, id: RowName) -> anyhow::Result<()> {
    let mut conn = pool.acquire().await?;
    let (batch, row) = find(&mut conn, id).await?;
    let resolution = rows::resolution(&mut conn, row.batch, row.row_no).await?;
    let against = Against::find(&mut conn, &batch, &row).await?;
    let before = if row.outcome == "held" { rows::decision_of_cells(&mut conn, row.batch, row.row_no).await? } else { None };
    let title = |place: usize| row.titles.get(place).map_or("", |title| title.trim());
    let findings: Vec<Value> = row.findings.as_array().cloned().unwrap_or_default();
    let document = json!({
        "id": name(&row), "file": batch.file_name, "sheet": row.sheet, "line": row.line, "outcome": row.outcome,
        "cells": row.original.iter().enumerate().map(|(place, cell)| json!({ "title": title(place), "text": cell })).collect::<Vec<_>>(),
        "findings": findings.iter().map(finding_json).collect::<Vec<_>>(),
        "may_be_accepted": batch.shape == "certificates" && may_be_accepted(&row) && !against.forbids(&row),
        "ways": ways(&batch, &row, &against),
        "against": against.document()?,
        "decided_before": before.as_ref().map(|known| json!({
            "id": format!("{}.{}", known.batch, known.row_no), "decision": known.decision, "by": known.actor, "at": iso(known.at),
        })),
        "resolution": resolution.as_ref().map(|known| json!({
            "decision": known.decision, "by": known.actor, "at": iso(known.at), "why": known.why, "changes": known.changes,
            "outcome": known.outcome, "findings_before": known.findings_before,
        })),
    });
    let against_text = against.text()?;
    answer(app.json, &document, || {
        let sheet = if row.sheet.is_empty() { String::new() } else { format!("{}, ", plain(&row.sheet)) };
        let mut text = format!("row {} of {}: {sheet}line {}, {}\n", name(&row), plain(&batch.file_name), row.line, row.outcome);
        let cells: Vec<Vec<String>> =
            row.original.iter().enumerate().map(|(place, cell)| vec![format!("  {}", title(place)), cell.clone()]).collect();
        text += &table(&cells);
        text += "found:\n";
        for finding in &findings {
            text += &format!("  {}  {}\n", finding["code"].as_str().unwrap_or("-"), plain(&message(finding)));
        }
        text += &against_text;
        if let Some(known) = &before {
            text += &format!(
                "the same cells were decided about as row {}.{}: {} {} by {}\n",
                known.batch,
                known.row_no,
                known.decision,
                civil_minute(known.at),
                known.actor
            );
        }
        text + &way_on(&batch, &row, &against, resolution.as_ref())
    })
}

/// What was decided, or how to decide.
fn way_on(batch: &Batch, row: &StoredRow, against: &Against, resolution: Option<&Resolution>) -> String {
    if let Some(known) = resolution {
        return format!("{} {} by {}: {}\n", known.decision, civil_minute(known.at), known.actor, plain(&known.why));
    }
    if row.outcome != "held" {
        return String::new();
    }
    if batch.state != "finished" {
        return format!("batch {} is {}: its rows cannot be resolved\n", batch.id, batch.state);
    }
    let ways = ways(batch, row, against);
    if ways.is_empty() {
        return "a photo waits for its holder's record, which takes it by itself; or name the file rightly and deliver it again\n"
            .to_owned();
    }
    let mut text = format!("`ecert row resolve {}` takes {}, each with --why\n", name(row), ways.join(" or "));
    if batch.shape != "certificates" {
        text += "or correct the row in the batch report and deliver that\n";
    }
    text
}

/// The ways of deciding that there are for the row.
fn ways(batch: &Batch, row: &StoredRow, against: &Against) -> Vec<&'static str> {
    match batch.shape.as_str() {
        _ if row.outcome != "held" || batch.state != "finished" => Vec::new(),
        "photos" => Vec::new(),
        "certificates" => {
            let all = [
                (may_be_accepted(row) && !against.forbids(row), "--accept"),
                (!row.titles.is_empty(), "--set 列名=值"),
                (row.fields.is_some() && against.offers_persons(), "--merge PERSON"),
                (true, "--refuse"),
            ];
            all.into_iter().filter(|(is_there, _)| *is_there).map(|(_, way)| way).collect()
        }
        _ => vec!["--refuse"],
    }
}

fn may_be_accepted(row: &StoredRow) -> bool {
    let mut codes = row.findings.as_array().into_iter().flatten().filter_map(code_of);
    match &row.fields {
        Some(_) => codes.all(|code| code.may_be_accepted() && !cannot_be_true(code)),
        // Nothing was read; only a name that looks like none is a matter of opinion.
        None => codes.all(|code| code.outcome() < Outcome::Held || name_may_be_decided(code)),
    }
}

pub(super) fn code_of(finding: &Value) -> Option<FindingCode> {
    finding["code"].as_str()?.parse().ok()
}

fn finding_json(finding: &Value) -> Value {
    let mut shown = finding.clone();
    if let Some(code) = code_of(finding) {
        shown["zh"] = code.zh().into();
        shown["en"] = code.en().into();
    }
    shown
}
