//! A row of a sheet put together cell by cell into a record: in the order of the columns, within limits, with merged ranges filled.

use std::ops::Range;
use std::sync::Arc;

use domain::civil_date::SerialBase;

use super::merged::{CellRange, MergedRanges};
use crate::delimited::{CellNote, Limits, Record, RecordFault};

/// What holds for all rows of a sheet.
#[derive(Debug, Clone, Default)]
pub(super) struct Sheet {
    pub(super) name: Option<Arc<str>>,
    pub(super) is_hidden: bool,
    /// From which day its workbook counts; unknown for a page of the web.
    pub(super) serial_base: SerialBase,
    /// Empty cells at the end of a row are not stored.
    pub(super) leaves_out_empty_end: bool,
}

/// The name of a sheet as it is told with every row: no longer than any program lets it be.
pub(super) fn sheet_name(name: &str) -> Arc<str> {
    const LONGEST_CHARACTERS: usize = 255;
    name.chars().take(LONGEST_CHARACTERS).map(|character| if character == '\0' { '\u{FFFD}' } else { character }).collect::<String>().into()
}

/// The row in work.
#[derive(Debug)]
pub(super) struct Row {
    sheet: Sheet,
    limits: Limits,
    merged: MergedRanges,
    cells: Vec<(u32, Range<usize>, Option<CellNote>)>,
    spans: Vec<CellRange>,
    text: String,
    fault: Option<RecordFault>,
    is_sorted: bool,
}

impl Row {
    pub(super) fn new(sheet: Sheet, merged: MergedRanges) -> Self {
        let limits = Limits::default();
        Self { sheet, limits, merged, cells: Vec::new(), spans: Vec::new(), text: String::new(), fault: None, is_sorted: true }
    }

    /// Takes a cell; empty ones and those beyond the limits are left out.
    pub(super) fn cell(&mut self, column: u32, text: &str, note: Option<CellNote>) {
        if text.is_empty() && note.is_none() {
            return;
        }
        if column as usize >= self.limits.fields || self.cells.len() >= self.limits.fields {
            if !text.trim().is_empty() {
                self.fault = Some(RecordFault::TooManyFields);
            }
            return;
        }
        if self.text.len() + text.len() > self.limits.bytes {
            self.fault = Some(RecordFault::TooLong);
            return;
        }
        let start = self.text.len();
        if text.contains('\0') {
            // A zero byte belongs to no text; databases refuse it.
            self.text.push_str(&text.replace('\0', "\u{FFFD}"));
        } else {
            self.text.push_str(text);
        }
        self.is_sorted &= self.cells.last().is_none_or(|(last, ..)| *last < column);
        self.cells.push((column, start..self.text.len(), note));
    }

    /// Takes a range that begins with a cell of this row.
    pub(super) fn span(&mut self, range: CellRange) {
        if self.spans.len() < self.limits.fields {
            self.spans.push(range);
        }
    }

    /// Whether a range from above covers the cell of the row.
    pub(super) fn is_covered(&self, row: u64, column: u32) -> bool {
        self.merged.covers(row, column)
    }

    /// Ends the row, counted from 0. A row without any text of its own is none.
    pub(super) fn finish(&mut self, row: u64, is_hidden: bool) -> Option<Record> {
        let mut beginning = self.merged.go_to(row);
        beginning.append(&mut self.spans);
        if !self.is_sorted {
            self.cells.sort_by_key(|(column, ..)| *column);
            self.cells.dedup_by_key(|(column, ..)| *column);
        }
        let is_empty = self.text.trim().is_empty() && self.fault.is_none() && self.cells.iter().all(|(_, _, note)| note.is_none());
        let record = (!is_empty).then(|| self.record(row, is_hidden, &beginning));
        for range in &beginning {
            let value = self.own(range.first_column);
            if range.last_row > range.first_row {
                let value = value.to_owned();
                self.merged.keep(*range, &value);
            }
        }
        self.cells.clear();
        self.text.clear();
        self.fault = None;
        self.is_sorted = true;
        record
    }

    fn own(&self, column: u32) -> &str {
        match self.cells.binary_search_by_key(&column, |(column, ..)| *column) {
            Ok(place) => &self.text[self.cells[place].1.clone()],
            Err(_) => "",
        }
    }

    fn record(&self, row: u64, is_hidden: bool, beginning: &[CellRange]) -> Record {
        let mut filled: Vec<(u32, &str)> = self
            .merged
            .reaching_down_to(row)
            .filter(|(range, value)| {
                !value.is_empty() && (range.first_column as usize) < self.limits.fields && self.own(range.first_column).is_empty()
            })
            .map(|(range, value)| (range.first_column, value.as_str()))
            .collect();
        filled.sort_unstable();
        let mut left = self.limits.bytes;
        let mut take = |value: &str| {
            let fits = value.len() <= left;
            left = left.saturating_sub(value.len());
            fits
        };
        let mut record = Record::of(row + 1, []);
        let mut filled = filled.into_iter().peekable();
        let mut cells = self.cells.iter().peekable();
        let push = |record: &mut Record, column: u32, text: &str, note: Option<CellNote>| {
            let column = column as usize;
            while record.len() < column {
                record.push("");
            }
            // A second cell for one place can only come from ranges that overlap.
            if record.len() == column {
                record.push(text);
                if let Some(note) = note {
                    record.note_cell(column, note);
                }
            }
        };
        loop {
            let reaching_down_to = match (filled.peek(), cells.peek()) {
                (Some((above, _)), Some((own, ..))) => above < own,
                (Some(_), None) => true,
                (None, Some(_)) => false,
                (None, None) => break,
            };
            if reaching_down_to {
                let Some((column, text)) = filled.next() else { break };
                if !take(text) {
                    continue;
                }
                push(&mut record, column, text, Some(CellNote::Merged));
            } else {
                let Some((column, range, note)) = cells.next() else { break };
                // A value from above stands in its place already where the cell itself is empty.
                if !range.is_empty() || note.is_some() {
                    push(&mut record, *column, &self.text[range.clone()], *note);
                }
            }
        }
        let mut to_the_right = |record: &mut Record, range: &CellRange, value: &str| {
            for column in range.first_column + 1..=range.last_column {
                if !value.is_empty() && !take(value) {
                    break;
                }
                if !value.is_empty() && (column as usize) < self.limits.fields && self.own(column).is_empty() {
                    record.note_to_the_right(column as usize, value);
                }
                if column as usize >= self.limits.fields {
                    break;
                }
            }
        };
        for range in beginning {
            to_the_right(&mut record, range, self.own(range.first_column));
        }
        for (range, value) in self.merged.reaching_down_to(row) {
            to_the_right(&mut record, range, value);
        }
        record.note_hidden(is_hidden, self.sheet.is_hidden);
        record.counting_from(self.sheet.serial_base);
        if let Some(name) = &self.sheet.name {
            record = record.in_sheet(Arc::clone(name));
        }
        if self.sheet.leaves_out_empty_end {
            record = record.leaving_out_empty_end();
        }
        match self.fault {
            Some(fault) => record.with_fault(fault),
            None => record,
        }
    }
}

/// A number as a program shows it: whole numbers without a point or exponent, and no more than the fifteen digits that are kept.
pub(super) fn number_text(number: f64) -> String {
    if number.abs() < 1e15 || number.abs() >= 1e21 {
        return number.to_string();
    }
    let scientific = format!("{number:.14e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let zeros = exponent.parse::<usize>().unwrap_or_default().saturating_sub(14);
    mantissa.replace('.', "") + &"0".repeat(zeros)
}

#[cfg(test)]
mod tests {
    use super::number_text;

    #[test]
    fn numbers_keep_fifteen_digits() {
        let table = [
            (0.0, "0"),
            (42434.0, "42434"),
            (42434.5, "42434.5"),
            (-3.0, "-3"),
            (610_103_800_101_123.0, "610103800101123"),
            (610_103_198_001_011_200.0, "610103198001011000"),
            (-610_103_198_001_011_200.0, "-610103198001011000"),
            (1.5e20, "150000000000000000000"),
        ];
        for (number, text) in table {
            assert_eq!(number_text(number), text);
        }
    }
}
