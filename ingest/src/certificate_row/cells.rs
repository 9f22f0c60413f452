//! The cells of one record by their meaning, and the findings about them.

use domain::finding::{Finding, FindingCode};

use crate::column::Column;
use crate::delimited::Record;
use crate::header::ColumnMap;

/// Error values of formulas, as spreadsheet programs export them (case 37).
const FORMULA_ERRORS: &[&str] = &["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"];

pub(super) struct Cells<'a> {
    columns: &'a ColumnMap,
    record: &'a Record,
    findings: Vec<Finding>,
}

impl<'a> Cells<'a> {
    pub(super) fn new(columns: &'a ColumnMap, record: &'a Record) -> Self {
        Self { columns, record, findings: Vec::new() }
    }

    pub(super) fn columns(&self) -> &'a ColumnMap {
        self.columns
    }

    pub(super) fn record(&self) -> &'a Record {
        self.record
    }

    /// The cell of a column without white space around it; empty where there is none.
    pub(super) fn text(&self, column: Column) -> &'a str {
        self.columns.value(self.record, column)
    }

    /// The cell as it is to be kept; `None` where it is empty.
    pub(super) fn printed(&self, column: Column) -> Option<String> {
        Some(self.text(column)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// Adds a finding about the record as a whole.
    pub(super) fn add(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Adds a finding about a column, under its title where the file has one.
    pub(super) fn note(&mut self, column: Column, finding: Finding) {
        let title = self.columns.title(column).unwrap_or(column.as_str());
        self.findings.push(finding.in_column(title));
    }

    pub(super) fn note_all(&mut self, column: Column, findings: impl IntoIterator<Item = Finding>) {
        for finding in findings {
            self.note(column, finding);
        }
    }

    /// Cells with bytes that could not be read, or with the error value of a formula, hold the row whatever their column.
    pub(super) fn find_unreadable(&mut self) {
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

    /// The findings, each once: a rule about the whole row and a rule about the cell may notice the same.
    pub(super) fn into_findings(self) -> Vec<Finding> {
        let mut findings: Vec<Finding> = Vec::with_capacity(self.findings.len());
        for finding in self.findings {
            if !findings.iter().any(|known| known.code == finding.code && known.column == finding.column) {
                findings.push(finding);
            }
        }
        findings
    }
}
