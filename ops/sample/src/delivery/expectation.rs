//! `NAME.expect.json`: what must become of every row of a file.

use std::path::Path;

use anyhow::Context;
use serde_json::{Value, json};

use super::sheet::{Cell, Line, Sheet};

/// How a format counts its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counting {
    /// By rows of the sheet, the first is 1.
    Rows,
    /// By lines of the file, of which a quoted line break takes two; records are told beside them.
    Lines,
    /// By records below a header that is no row: the header is not told.
    Records,
}

/// The shape and kind on the command line, and files that must be delivered before.
pub(crate) struct Heading<'a> {
    pub(crate) shape: &'a str,
    pub(crate) kind: Option<&'a str>,
    pub(crate) requires: &'a [String],
}

/// The expectations of the sheets in one format.
pub(crate) fn of_sheets(sheets: &[Sheet], counting: Counting) -> Vec<Value> {
    sheets.iter().flat_map(|sheet| of_sheet(sheet, counting)).collect()
}

fn of_sheet(sheet: &Sheet, counting: Counting) -> Vec<Value> {
    let mut line_no = 1;
    let mut rows = Vec::new();
    let told = sheet.lines.iter().filter(|line| counting != Counting::Records || !line.expected.is_optional);
    for (place, line) in told.enumerate() {
        let number = if counting == Counting::Lines { line_no } else { place + 1 };
        let mut row = of_line(line, &sheet.name, number);
        if counting == Counting::Lines {
            row["record"] = (place + 1).into();
        }
        line_no += 1 + line.cells.iter().map(line_breaks).sum::<usize>();
        rows.push(row);
    }
    rows
}

fn line_breaks(cell: &Cell) -> usize {
    cell.text().matches('\n').count()
}

fn of_line(line: &Line, sheet: &str, number: usize) -> Value {
    let expected = &line.expected;
    let outcome = match expected.outcomes {
        [one] => Value::from(*one),
        several => Value::from(several.to_vec()),
    };
    let mut row = json!({
        "sheet": sheet, "line": number, "key": line.key, "outcome": outcome, "why": expected.why, "case": expected.case,
    });
    if let Some(codes) = &expected.codes {
        row["codes"] = codes.iter().copied().collect();
    }
    if expected.is_optional {
        row["optional"] = true.into();
    }
    row
}

/// Writes the expectations beside the file, a row a line.
pub(crate) fn write(file: &Path, heading: &Heading<'_>, rows: &[Value]) -> anyhow::Result<()> {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let path = file.with_file_name(format!("{name}.expect.json"));
    let data = rows.iter().filter(|row| row["outcome"] != "dropped").count();
    let mut text = format!("{{\"kind\": {}, \"shape\": \"{}\", \"rows\": {data}, ", json!(heading.kind), heading.shape);
    if !heading.requires.is_empty() {
        text.push_str(&format!("\"requires\": {}, ", json!(heading.requires)));
    }
    text.push_str("\"outcomes\": [");
    for (place, row) in rows.iter().enumerate() {
        text.push_str(if place == 0 { "\n" } else { ",\n" });
        text.push_str(&row.to_string());
    }
    text.push_str("\n]}\n");
    std::fs::write(&path, text).with_context(|| format!("write {}", path.display()))
}
