//! Cells that several shapes have: days and texts without which a row has no meaning.

use domain::civil_date::DateUse;
use domain::finding::{Finding, FindingCode};
use time::Date;

use crate::certificate_row::cells::Cells;
use crate::column::Column;

/// A day that may be missing.
pub(super) fn day(cells: &mut Cells<'_>, column: Column) -> Option<Date> {
    cells.day(column, cells.text(column), DateUse::Other)
}

/// A day without which the row is held.
pub(super) fn needed_day(cells: &mut Cells<'_>, column: Column) -> Option<Date> {
    let day = day(cells, column);
    if day.is_none() {
        missing(cells, column);
    }
    day
}

/// A text without which the row is held.
pub(super) fn needed_text(cells: &mut Cells<'_>, column: Column) -> Option<String> {
    let text = cells.printed(column);
    if text.is_none() {
        missing(cells, column);
    }
    text
}

/// The number of a decision, application or piece of business: blanks are no part of it, and its brackets have one form.
pub(super) fn document_number(text: &str) -> String {
    text.chars()
        .filter(|character| !domain::characters::is_spacing(*character))
        .map(|character| match character {
            '[' | '【' | '［' => '〔',
            ']' | '】' | '］' => '〕',
            '(' => '（',
            ')' => '）',
            other => domain::characters::half_width(other).unwrap_or(other),
        })
        .collect()
}

pub(super) fn missing(cells: &mut Cells<'_>, column: Column) {
    let text = cells.text(column);
    let finding = if text.is_empty() { Finding::new(FindingCode::EntryMissing) } else { Finding::about(FindingCode::EntryMissing, text) };
    cells.note(column, finding);
}
