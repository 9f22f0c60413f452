//! What a sheet says beside its cells: rows that are not shown, and merged ranges. Reading it also proves that its content is within bounds.

use quick_xml::events::Event;

use super::Archive;
use crate::source::bounds::{Bounded, too_large};
use crate::source::merged::CellRange;
use crate::source::refusal::Refusal;
use crate::source::xml::{Xml, attribute, number};

/// What one sheet may unfold to: a million rows of forty columns.
const MOST_SHEET_BYTES: u64 = 6 << 30;
/// The text of one cell.
pub(super) const MOST_CELL_BYTES: usize = 8 << 20;
/// Merged ranges of one sheet that are followed.
const MOST_RANGES: usize = 100_000;

/// Rows that a sheet can have.
const MOST_ROWS: u64 = 1 << 20;

/// A set of rows, counted from 0, a bit for each: what a sheet says of a row over and over takes no more room.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(in crate::source) struct RowSet {
    words: Vec<u64>,
    /// Whether a row beyond those that a sheet can have is among them; then all are taken to be.
    has_impossible: bool,
}

impl RowSet {
    pub(in crate::source) fn insert(&mut self, row: u64) {
        let Some(word) = Self::word(row) else {
            self.has_impossible = true;
            return;
        };
        if self.words.len() <= word {
            self.words.resize(word + 1, 0);
        }
        self.words[word] |= 1 << (row % 64);
    }

    pub(super) fn contains(&self, row: u64) -> bool {
        match Self::word(row) {
            Some(word) => self.words.get(word).is_some_and(|bits| bits & (1 << (row % 64)) != 0),
            None => self.has_impossible,
        }
    }

    fn word(row: u64) -> Option<usize> {
        usize::try_from(row / 64).ok().filter(|_| row < MOST_ROWS)
    }
}

#[derive(Debug, Default)]
pub(super) struct Layout {
    pub(super) hidden_rows: RowSet,
    pub(super) merged: Vec<CellRange>,
}

pub(super) fn index_of(archive: &Archive, path: &str) -> Result<usize, Refusal> {
    let mut names = archive.file_names().flatten();
    let name = names.find(|name| name.eq_ignore_ascii_case(path));
    name.and_then(|name| archive.index_for_name(&name)).ok_or_else(|| Refusal::Damaged("a part of the workbook is missing".to_owned()))
}

pub(super) fn layout(archive: &mut Archive, path: &str) -> Result<Layout, Refusal> {
    let index = index_of(archive, path)?;
    let entry = archive.by_index(index).map_err(Refusal::damaged)?;
    let packed = entry.compressed_size();
    let mut xml = Xml::new(Bounded::entry(entry, "a sheet", packed, MOST_SHEET_BYTES));
    let mut layout = Layout::default();
    let mut next_row = 0;
    let mut text_bytes = 0;
    while let Some(event) = xml.next()? {
        match event {
            Event::Start(element) | Event::Empty(element) => match element.local_name().as_ref() {
                "c" => text_bytes = 0,
                "row" => {
                    let row = number(&element, "r").map_or(next_row, |row| row.saturating_sub(1));
                    next_row = row.saturating_add(1);
                    if attribute(&element, "hidden").is_some_and(|hidden| hidden == "1" || hidden == "true") {
                        layout.hidden_rows.insert(row);
                    }
                }
                "mergeCell" if layout.merged.len() < MOST_RANGES => {
                    layout.merged.extend(attribute(&element, "ref").as_deref().and_then(range));
                }
                _ => {}
            },
            Event::Text(text) => text_bytes += text.len(),
            Event::CData(text) => text_bytes += text.len(),
            Event::End(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::GeneralRef(_) | Event::DocType(_) | Event::Eof => {}
        }
        if text_bytes > MOST_CELL_BYTES {
            return Err(too_large("one cell", MOST_CELL_BYTES as u64));
        }
    }
    Ok(layout)
}

/// Reads `E12:F14`.
fn range(reference: &str) -> Option<CellRange> {
    let (first, last) = reference.split_once(':')?;
    let ((first_row, first_column), (last_row, last_column)) = (cell(first)?, cell(last)?);
    Some(CellRange { first_row, first_column, last_row, last_column })
}

fn cell(reference: &str) -> Option<(u64, u32)> {
    let letters = reference.bytes().take_while(u8::is_ascii_alphabetic).count();
    let column = reference[..letters].bytes().try_fold(0_u32, |sum, letter| {
        let digit = u32::from(letter.to_ascii_uppercase() - b'A') + 1;
        sum.checked_mul(26)?.checked_add(digit)
    })?;
    let row: u64 = reference[letters..].parse().ok()?;
    Some((row.checked_sub(1)?, column.checked_sub(1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_from_their_references() {
        let of = |first_row, first_column, last_row, last_column| CellRange { first_row, first_column, last_row, last_column };
        assert_eq!(range("E12:F14"), Some(of(11, 4, 13, 5)));
        assert_eq!(range("A1:AA1"), Some(of(0, 0, 0, 26)));
        for bad in ["", "A1", "A0:B1", "1:2", "A:B", "AAAAAAAAAAAAAAAA1:B2", "张1:B2"] {
            assert_eq!(range(bad), None, "{bad}");
        }
    }

    #[test]
    fn rows_are_kept_once_in_any_order_and_within_bounds() {
        let mut rows = RowSet::default();
        for row in [9, 2, 3, 4, 9, 2, 130] {
            rows.insert(row);
        }
        assert_eq!((0..200).filter(|&row| rows.contains(row)).collect::<Vec<_>>(), [2, 3, 4, 9, 130]);
        assert!(!rows.contains(u64::MAX));
        (0..1_000_000).for_each(|row| rows.insert(u64::MAX - row));
        rows.insert(MOST_ROWS - 1);
        assert!(rows.contains(u64::MAX) && rows.contains(MOST_ROWS - 1));
        assert_eq!(rows.words.len() * 64, 1 << 20);
    }
}
