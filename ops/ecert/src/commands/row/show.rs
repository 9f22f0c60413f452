//! `ecert row show`: a row's cells under their titles, what was found about them, and what stands against the row in the register.

use domain::finding::FindingCode;
use domain::identity::IdentityDocument;
use serde_json::{Value, json};
use store::pool::PgPool;
use store::rows::{self, CertificateAgainst, PersonAgainst};

use super::find;
use crate::app::App;
use crate::commands::batch::message;
use crate::output::{answer, civil_minute, table};

/// `ecert row show BATCH.ROW`
pub(super) async fn run(app: &App, pool: &PgPool, id: (i64, i64)) -> anyhow::Result<()> {
    let mut conn = pool.acquire().await?;
    let (batch, row) = find(&mut conn, id).await?;
    let (mut certificate, mut persons) = (None, Vec::new());
    if let Some(fields) = &row.fields {
        certificate = rows::certificate_against(&mut conn, &batch.kind, &fields.number).await?;
        persons = rows::persons_against(&mut conn, &fields.id_number, &fields.id_kind, &fields.name, fields.birth_date).await?;
    }
    let resolution = rows::resolution(&mut conn, row.batch, row.row_no).await?;
    let title = |place: usize| row.titles.get(place).map_or("", |title| title.trim());
    let findings: Vec<Value> = row.findings.as_array().cloned().unwrap_or_default();
    let acceptable = row.fields.is_some() && findings.iter().filter_map(code_of).all(FindingCode::may_be_accepted);
    let document = json!({
        "id": format!("{}.{}", row.batch, row.row_no), "file": batch.file_name, "sheet": row.sheet, "line": row.line, "outcome": row.outcome,
        "cells": row.original.iter().enumerate().map(|(place, cell)| json!({ "title": title(place), "text": cell })).collect::<Vec<_>>(),
        "findings": findings.iter().map(finding_json).collect::<Vec<_>>(),
        "may_be_accepted": acceptable,
        "against": {
            "certificate": certificate.as_ref().map(certificate_json),
            "persons": persons.iter().map(|person| Ok(json!({
                "person": person.id.0, "name": person.name, "id_masked": masked(person)?, "same_document": person.same_document,
                "certificates": person.numbers,
            }))).collect::<anyhow::Result<Vec<_>>>()?,
        },
        "resolution": resolution.as_ref().map(|known| json!({
            "decision": known.decision, "by": known.actor, "at": civil_minute(known.at), "why": known.why, "changes": known.changes,
            "outcome": known.outcome, "findings_before": known.findings_before,
        })),
    });
    let persons_text = persons.iter().map(person_text).collect::<anyhow::Result<String>>()?;
    answer(app.json, &document, || {
        let sheet = if row.sheet.is_empty() { String::new() } else { format!("{}, ", row.sheet) };
        let mut text = format!("row {}.{} of {}: {sheet}line {}, {}\n", row.batch, row.row_no, batch.file_name, row.line, row.outcome);
        let cells: Vec<Vec<String>> =
            row.original.iter().enumerate().map(|(place, cell)| vec![format!("  {}", title(place)), cell.clone()]).collect();
        text += &table(&cells);
        text += "found:\n";
        for finding in &findings {
            text += &format!("  {}  {}\n", finding["code"].as_str().unwrap_or("-"), message(finding));
        }
        if let Some(known) = &certificate {
            let until = known.valid_until.map_or_else(|| "-".to_owned(), |day| day.to_string());
            text += &format!(
                "known under its number: a certificate of {} (person {}), {} until {until}\n",
                known.holder_name, known.person, known.legal_status
            );
        }
        text += &persons_text;
        match &resolution {
            Some(known) => text += &format!("{} {} by {}: {}\n", known.decision, civil_minute(known.at), known.actor, known.why),
            None if row.outcome == "held" => {
                let accept = if acceptable { "--accept, " } else { "" };
                text += &format!(
                    "`ecert row resolve {}.{}` takes {accept}--set 列名=值, --merge PERSON or --refuse, each with --why\n",
                    row.batch, row.row_no
                );
            }
            None => {}
        }
        text
    })
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

fn certificate_json(known: &CertificateAgainst) -> Value {
    json!({
        "holder": known.holder_name, "person": known.person.0, "legal_status": known.legal_status,
        "valid_until": known.valid_until.map(|day| day.to_string()),
    })
}

fn masked(person: &PersonAgainst) -> anyhow::Result<String> {
    Ok(IdentityDocument::from_stored(person.id_kind.parse()?, person.id_number.clone()).masked())
}

fn person_text(person: &PersonAgainst) -> anyhow::Result<String> {
    let why = if person.same_document { "the same document" } else { "the same name and birth date" };
    let numbers = person.numbers.as_ref().map_or_else(|| "no certificate".to_owned(), |numbers| numbers.join(", "));
    Ok(format!("person {}: {} {} ({why}): {numbers}\n", person.id, person.name, masked(person)?))
}
