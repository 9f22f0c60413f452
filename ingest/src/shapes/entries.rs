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

/// Characters of the longest number of a decision, application or piece of business that is taken; those in use have some thirty.
const LONGEST_NUMBER: usize = 120;

/// The number of a decision, application or piece of business: blanks are no part of it, and its brackets have one form. None where
/// the cell is empty, or far too long for a number; then the row is held.
pub(super) fn document_number(cells: &mut Cells<'_>, column: Column) -> Option<String> {
    let text = cells.text(column);
    if text.chars().nth(LONGEST_NUMBER).is_some() {
        cells.note(column, Finding::about(FindingCode::TextTooLong, text));
        return None;
    }
    let number: String = text
        .chars()
        .filter(|character| !domain::characters::is_spacing(*character))
        .map(|character| match character {
            '[' | '【' | '［' => '〔',
            ']' | '】' | '］' => '〕',
            '(' => '（',
            ')' => '）',
            other => domain::characters::half_width(other).unwrap_or(other),
        })
        .collect();
    Some(number).filter(|number| !number.is_empty())
}

/// The number without which the row is held.
pub(super) fn needed_number(cells: &mut Cells<'_>, column: Column) -> Option<String> {
    needed_text(cells, column).and_then(|_| document_number(cells, column))
}

pub(super) fn missing(cells: &mut Cells<'_>, column: Column) {
    let text = cells.text(column);
    let finding = if text.is_empty() { Finding::new(FindingCode::EntryMissing) } else { Finding::about(FindingCode::EntryMissing, text) };
    cells.note(column, finding);
}
