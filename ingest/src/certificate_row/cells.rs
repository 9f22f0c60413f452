//! The cells of one record by their meaning, and the findings about them.

use std::borrow::Cow;

use domain::civil_date::{DateCell, DateUse, SerialBase};
use domain::finding::{Finding, FindingCode};
use domain::mojibake::{self, Printed};
use time::Date;

use crate::column::Column;
use crate::delimited::{CellNote, Record};
use crate::header::ColumnMap;
use crate::profile::ProfileValue;

/// Error values of formulas, as spreadsheet programs export them (case 37).
const FORMULA_ERRORS: &[&str] = &["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"];

pub(crate) struct Cells<'a> {
    columns: &'a ColumnMap,
    record: &'a Record,
    /// What a profile reads in place of a cell.
    values: &'a [ProfileValue],
    findings: Vec<Finding>,
}

impl<'a> Cells<'a> {
    pub(crate) fn new(columns: &'a ColumnMap, record: &'a Record) -> Self {
        Self { columns, record, values: &[], findings: Vec::new() }
    }

    /// The same cells, read as a profile says; each value that it gave is noted with what stood there.
    pub(crate) fn with_values(mut self, values: &'a [ProfileValue]) -> Self {
        self.values = values;
        for value in values {
            let original = self.columns.value(self.record, value.column);
            let finding = Finding::repair(value.code, original, value.text.as_str());
            self.note(value.column, finding);
        }
        self
    }

    pub(crate) fn columns(&self) -> &'a ColumnMap {
        self.columns
    }

    pub(crate) fn record(&self) -> &'a Record {
        self.record
    }

    /// The cell of a column without white space around it; empty where there is none.
    pub(crate) fn text(&self, column: Column) -> &'a str {
        match self.values.iter().find(|value| value.column == column) {
            Some(value) => &value.text,
            None => self.columns.value(self.record, column),
        }
    }

    /// The cell of a column that is printed, recovered from a wrong conversion where that can be undone (case 39).
    pub(crate) fn recovered(&mut self, column: Column) -> Cow<'a, str> {
        let text = self.text(column);
        match mojibake::read_printed(text) {
            Printed::Plain => {}
            Printed::Recovered(recovered) => {
                self.note(column, Finding::repair(FindingCode::MojibakeRecovered, text, recovered.as_str()));
                return Cow::Owned(recovered);
            }
            Printed::Lost => self.note(column, Finding::about(FindingCode::UnreadableBytes, text)),
        }
        Cow::Borrowed(text)
    }

    /// The cell as it is to be kept; `None` where it is empty.
    pub(crate) fn printed(&self, column: Column) -> Option<String> {
        Some(self.text(column)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// Adds a finding about the record as a whole.
    pub(crate) fn add(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Adds a finding about a column, under its title where the file has one.
    pub(crate) fn note(&mut self, column: Column, finding: Finding) {
        let title = self.columns.title(column).unwrap_or(column.as_str());
        self.findings.push(finding.in_column(title));
    }

    pub(crate) fn note_all(&mut self, column: Column, findings: impl IntoIterator<Item = Finding>) {
        for finding in findings {
            self.note(column, finding);
        }
    }

    /// Reads a day and notes what has to be said of it. In a workbook that counts from 1904, a text that is a day number may be counted from either year.
    pub(crate) fn day(&mut self, column: Column, text: &str, date_use: DateUse) -> Option<Date> {
        let base = self.record.serial_base();
        let DateCell { day, finding, .. } = DateCell::read_with(text, date_use, base);
        if base == SerialBase::From1904 && finding.as_ref().is_some_and(|finding| finding.code == FindingCode::DateSerial) {
            self.note(column, Finding::about(FindingCode::DateSerialAmbiguous, text));
            return None;
        }
        self.note_all(column, finding);
        day
    }

    /// Adds a proposal to findings about a value that is missing.
    pub(super) fn propose(&mut self, codes: &[FindingCode], proposal: &str) {
        for finding in self.findings.iter_mut().filter(|finding| codes.contains(&finding.code)) {
            finding.repaired = Some(proposal.to_owned());
        }
    }

    /// Cells with bytes that could not be read, or with the error value of a formula, hold the row whatever their column.
    pub(crate) fn find_unreadable(&mut self) {
        let suspicious = self.record.has_unreadable_characters() || self.record.fields().any(|cell| cell.starts_with('#'));
        if !suspicious {
            return;
        }
        for (place, cell) in self.record.fields().enumerate() {
            let code = if cell.contains('\u{FFFD}') {
                FindingCode::UnreadableBytes
            } else if FORMULA_ERRORS.contains(&cell.trim()) {
                FindingCode::FormulaError
            } else {
                continue;
            };
            let title = self.columns.titles().get(place).map_or("", |title| &**title);
            self.findings.push(Finding::about(code, cell).in_column(title));
        }
    }

    /// Whether something is said of the cell of a column.
    pub(super) fn has_note(&self, column: Column, note: CellNote) -> bool {
        self.columns.place(column).is_some_and(|place| self.record.has_note(place, note))
    }

    /// What the file says of the row and its cells: hidden, merged, cut.
    pub(super) fn find_noted(&mut self) {
        if self.record.is_in_hidden_sheet() {
            self.add(Finding::new(FindingCode::HiddenSheet));
        }
        if self.record.is_hidden_row() {
            self.add(Finding::new(FindingCode::HiddenRow));
        }
        for &(place, note) in self.record.cell_notes() {
            let is_name = self.columns.place(Column::Name) == Some(place);
            let code = match note {
                CellNote::Number => continue,
                CellNote::Merged => FindingCode::MergedCellFilled,
                CellNote::HalfCharacter if is_name => FindingCode::HalfCharacterInName,
                CellNote::HalfCharacter => FindingCode::HalfCharacter,
                CellNote::MemoMissing => FindingCode::MemoMissing,
            };
            let title = self.columns.titles().get(place).map_or("", |title| &**title);
            let cell = self.record.get(place).unwrap_or_default();
            // The cell itself is empty: its value stands once for the whole range.
            let finding = if note == CellNote::Merged { Finding::repair(code, "", cell) } else { Finding::about(code, cell) };
            self.findings.push(finding.in_column(title));
        }
    }

    /// A column that the header has twice is read once; where the other cell says something else, a person must choose.
    pub(super) fn find_repeated(&mut self) {
        for &(column, place) in self.columns.again() {
            let (read, other) = (self.columns.value(self.record, column), self.record.get(place).unwrap_or_default().trim());
            if !other.is_empty() && other != read && column != Column::Report {
                self.note(column, Finding::about(FindingCode::ColumnTwice, format!("{read} / {other}")));
            }
        }
    }

    /// The findings, each once: a rule about the whole row and a rule about the cell may notice the same.
    pub(crate) fn into_findings(self) -> Vec<Finding> {
        let mut findings: Vec<Finding> = Vec::with_capacity(self.findings.len());
        for finding in self.findings {
            if !findings.iter().any(|known| known.code == finding.code && known.column == finding.column) {
                findings.push(finding);
            }
        }
        findings
    }
}
