//! JSON Lines: an object a row, its keys the titles.

use serde_json::{Map, Value};

use crate::delivery::sheet::{Cell, Sheet};

/// Writes one table; its first line holds the titles and is not written.
pub(crate) fn json_lines(sheet: &Sheet) -> Vec<u8> {
    let mut lines = sheet.lines.iter();
    let titles: Vec<String> = lines.next().map(|line| line.cells.iter().map(Cell::text).collect()).unwrap_or_default();
    let mut text = String::new();
    for line in lines {
        let object: Map<String, Value> = titles.iter().cloned().zip(line.cells.iter().map(value)).collect();
        text.push_str(&Value::Object(object).to_string());
        text.push('\n');
    }
    text.into_bytes()
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Number(number) => Value::from(*number),
        Cell::Text(text) if text.is_empty() => Value::Null,
        Cell::Text(_) | Cell::Day(_) | Cell::Error(_) | Cell::Computed(..) => Value::from(cell.text()),
    }
}
