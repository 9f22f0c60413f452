//! The dry run of a register: how it is read, what its columns hold, what its rows would do. Nothing is written.

use std::path::Path;

use domain::kind::Kind;
use ingest::certificate_row::Context;
use ingest::dry_run::{DryRun, Summary};
use serde_json::{Value, json};
use store::pool::PgPool;
use store::preview::{self, Preview};

use crate::output::{grouped, table};

/// Rows that are compared with the register at a time.
const PAGE: usize = 5_000;

/// Looks at a register; without a database everything in it is new.
pub(super) async fn look(path: &Path, kind: Kind, context: &Context, register: Option<&PgPool>) -> anyhow::Result<(Value, String)> {
    let mut run = DryRun::open(path, kind, context)?;
    let mut would = Preview::default();
    while let Some(rows) = run.read_on(PAGE)? {
        would += match register {
            Some(pool) => preview::compare(&mut *pool.acquire().await?, kind, context.as_of, &rows).await?,
            None => Preview { created: i64::try_from(rows.len())?, ..Preview::default() },
        };
    }
    let summary = run.summary;
    Ok((document(path, &summary, would), words(path, &summary, would, register.is_some())))
}

fn document(path: &Path, summary: &Summary, would: Preview) -> Value {
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
        "repeated_numbers": summary.repeated_numbers,
        "would": { "created": would.created, "updated": would.updated, "unchanged": would.unchanged, "held": would.held },
    })
}

/// The share in percent, to one decimal.
fn rate(filled: i64, rows: i64) -> f64 {
    let tenths = (filled * 1000).checked_div(rows).unwrap_or(0);
    f64::from(i32::try_from(tenths).unwrap_or(1000)) / 10.0
}

fn words(path: &Path, summary: &Summary, would: Preview, compared: bool) -> String {
    let mut text = format!("{}: {}, {}\n", path.display(), summary.format, summary.encoding);
    for (name, rows) in summary.sheets.iter().filter(|(name, _)| !name.is_empty()) {
        text += &format!("  sheet {name}: {} rows\n", grouped(*rows));
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
        text += &format!("  {} × {}  {}\n", grouped(*n), code.as_str(), code.zh());
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
            .map(|(code, column)| if column.is_empty() { code.zh().to_owned() } else { format!("{column}：{}", code.zh()) })
            .collect();
        text += &format!("  {place}line {} {}: {}\n", bad.line, bad.outcome.as_str(), why.join("；"));
    }
    text += &format!(
        "  would be: {} created, {} updated, {} left alone",
        grouped(would.created),
        grouped(would.updated),
        grouped(would.unchanged)
    );
    if would.held > 0 {
        text += &format!(", {} held since the register says otherwise", grouped(would.held));
    }
    text += if compared { "\n" } else { " (there is no register yet)\n" };
    if summary.repeated_numbers > 0 {
        text += &format!(
            "  {} rows repeat a certificate number of the file; the import compares them with each other\n",
            grouped(summary.repeated_numbers)
        );
    }
    text
}
