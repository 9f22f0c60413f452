//! What a dry run saw of a delivery, in a document and in words: how it is read, what its columns hold, what became of its rows and why.

use std::path::Path;

use ingest::dry_run::Summary;
use serde_json::{Value, json};

use crate::output::{grouped, plain, table};

/// The summary for programs.
pub(super) fn document(path: &Path, summary: &Summary) -> Value {
    let totals: serde_json::Map<String, Value> =
        summary.totals.iter().map(|(outcome, n)| (outcome.as_str().to_owned(), json!(n))).collect();
    let findings: serde_json::Map<String, Value> = summary.findings.iter().map(|(code, n)| (code.as_str().to_owned(), json!(n))).collect();
    json!({
        "file": path.display().to_string(), "format": summary.format, "encoding": summary.encoding, "read": summary.read(),
        "sheets": summary.sheets.iter().map(|(name, rows)| json!({ "sheet": name, "rows": rows })).collect::<Vec<_>>(),
        "columns": summary.columns.iter().map(|seen| json!({
            "title": seen.title, "column": seen.column.map(|column| column.as_str()), "filled": seen.filled,
            "fill_rate": rate(seen.filled, summary.data_rows), "samples": seen.samples,
        })).collect::<Vec<_>>(),
        "missing": summary.missing, "absent": summary.absent.iter().map(|column| column.as_str()).collect::<Vec<_>>(),
        "totals": totals, "findings": findings,
        "first_bad": summary.first_bad.iter().map(|bad| json!({
            "sheet": bad.sheet, "line": bad.line, "outcome": bad.outcome.as_str(),
            "reasons": bad.codes.iter().zip(&bad.columns).map(|(code, column)| {
                json!({ "code": code.as_str(), "zh": code.zh(), "en": code.en(), "column": column })
            }).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    })
}

/// The share in percent, to one decimal.
fn rate(filled: i64, rows: i64) -> f64 {
    let tenths = (filled * 1000).checked_div(rows).unwrap_or(0);
    f64::from(i32::try_from(tenths).unwrap_or(1000)) / 10.0
}

/// The summary for people.
pub(super) fn words(path: &Path, summary: &Summary) -> String {
    let read_as: Vec<&str> = [summary.format.as_str(), summary.encoding].into_iter().filter(|text| !text.is_empty()).collect();
    let mut text = format!("{}: {}\n", plain(&path.display().to_string()), read_as.join(", "));
    for (name, rows) in summary.sheets.iter().filter(|(name, _)| !name.is_empty()) {
        text += &format!("  sheet {}: {} rows\n", plain(name), grouped(*rows));
    }
    let mut rows = vec![["  title", "read as", "filled", "for example"].map(str::to_owned).to_vec()];
    rows.extend(summary.columns.iter().map(|seen| {
        let column = seen.column.map_or("(kept, not used)", |column| column.as_str());
        let title = if seen.title.is_empty() { "(no title)" } else { &seen.title };
        vec![format!("  {title}"), column.to_owned(), format!("{} %", rate(seen.filled, summary.data_rows)), seen.samples.join(" | ")]
    }));
    text += &table(&rows);
    if !summary.absent.is_empty() {
        let absent: Vec<&str> = summary.absent.iter().map(|column| column.as_str()).collect();
        text += &format!("  not in the file: {}\n", absent.join(", "));
    }
    let of = |outcome: &domain::finding::Outcome| grouped(summary.totals.get(outcome).copied().unwrap_or(0));
    let counts: Vec<String> = domain::finding::Outcome::ALL.iter().map(|outcome| format!("{} {}", of(outcome), outcome.as_str())).collect();
    text += &format!("  {} rows read = {}\n", grouped(summary.read()), counts.join(" + "));
    for (code, n) in &summary.findings {
        text += &format!("  {} × {}  {} / {}\n", grouped(*n), code.as_str(), code.zh(), code.en());
    }
    if summary.bad() > 0 {
        text += &format!("  the first {} of {} held or rejected rows:\n", summary.first_bad.len(), grouped(summary.bad()));
    }
    for bad in &summary.first_bad {
        let place = if bad.sheet.is_empty() { String::new() } else { format!("{} ", bad.sheet) };
        let why: Vec<String> = bad
            .codes
            .iter()
            .zip(&bad.columns)
            .map(|(code, column)| {
                let words = format!("{} / {}", code.zh(), code.en());
                if column.is_empty() { words } else { format!("{column}：{words}") }
            })
            .collect();
        text += &plain(&format!("  {place}line {} {}: {}", bad.line, bad.outcome.as_str(), why.join("；")));
        text.push('\n');
    }
    text
}
