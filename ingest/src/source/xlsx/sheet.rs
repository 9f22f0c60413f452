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

/// Rows as ranges, in ascending order, counted from 0.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(in crate::source) struct RowSet(Vec<(u64, u64)>);

impl RowSet {
    pub(in crate::source) fn insert(&mut self, row: u64) {
        match self.0.last_mut() {
            Some((_, last)) if *last + 1 == row => *last = row,
            Some(_) | None => self.0.push((row, row)),
        }
    }

    pub(super) fn contains(&self, row: u64) -> bool {
        let after = self.0.partition_point(|(first, _)| *first <= row);
        after.checked_sub(1).is_some_and(|place| self.0[place].1 >= row)
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
    fn rows_are_kept_as_ranges() {
        let mut rows = RowSet::default();
        for row in [2, 3, 4, 9] {
            rows.insert(row);
        }
        assert_eq!((0..11).filter(|&row| rows.contains(row)).collect::<Vec<_>>(), [2, 3, 4, 9]);
    }
}
