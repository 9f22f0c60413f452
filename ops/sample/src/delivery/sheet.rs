//! A table as a program shows it, and what must become of each of its rows.

use std::collections::BTreeSet;

use domain::finding::FindingCode;
use time::Date;

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    /// Characters.
    Text(String),
    /// A number; formats without types write its digits.
    Number(f64),
    /// A day; formats without types write `2016-03-05`.
    Day(Date),
    /// The error value of a formula.
    Error(&'static str),
    /// A formula with the value that was computed last.
    Computed(&'static str, String),
}

impl Cell {
    pub(crate) const fn empty() -> Cell {
        Cell::Text(String::new())
    }

    /// The cell as characters.
    pub(crate) fn text(&self) -> String {
        match self {
            Cell::Text(text) | Cell::Computed(_, text) => text.clone(),
            Cell::Number(number) => number.to_string(),
            Cell::Day(day) => crate::calendar::iso(*day),
            Cell::Error(error) => (*error).to_owned(),
        }
    }
}

/// What must become of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Expected {
    pub(crate) outcomes: &'static [&'static str],
    /// The findings that must be made; `None` where any may be.
    pub(crate) codes: Option<BTreeSet<&'static str>>,
    pub(crate) why: &'static str,
    pub(crate) case: Option<u8>,
    /// A title or header, which a report may leave out.
    pub(crate) is_optional: bool,
}

const DROPPED: &[&str] = &["dropped"];

impl Expected {
    /// A row of data with exactly these findings.
    pub(crate) fn row(outcomes: &'static [&'static str], codes: &[FindingCode], why: &'static str, case: Option<u8>) -> Expected {
        let codes = Some(codes.iter().map(|code| code.as_str()).collect());
        Expected { outcomes, codes, why, case, is_optional: false }
    }

    /// A row of data whatever is found.
    pub(crate) fn any(outcomes: &'static [&'static str], why: &'static str, case: Option<u8>) -> Expected {
        Expected { outcomes, codes: None, why, case, is_optional: false }
    }

    /// A title or header.
    pub(crate) fn heading(why: &'static str) -> Expected {
        Expected { outcomes: DROPPED, codes: None, why, case: Some(34), is_optional: true }
    }

    /// A repeated header or a total, which must be reported as dropped.
    pub(crate) fn furniture(code: FindingCode, why: &'static str) -> Expected {
        Expected::row(DROPPED, &[code], why, Some(34))
    }

    /// Adds a finding that warns.
    pub(crate) fn warn(&mut self, code: FindingCode) {
        self.codes.get_or_insert_default().insert(code.as_str());
        if self.outcomes == ["loaded"] {
            self.outcomes = &["warned"];
        }
    }

    /// Adds a finding that changes no outcome.
    pub(crate) fn note(&mut self, code: FindingCode) {
        self.codes.get_or_insert_default().insert(code.as_str());
    }
}

/// A row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    pub(crate) cells: Vec<Cell>,
    /// A cell by which the row is recognised.
    pub(crate) key: String,
    pub(crate) expected: Expected,
    /// Hidden in a workbook.
    pub(crate) is_hidden: bool,
    /// Marked as deleted in a dBASE file.
    pub(crate) is_deleted: bool,
}

impl Line {
    pub(crate) fn new(cells: Vec<Cell>, key: String, expected: Expected) -> Line {
        Line { cells, key, expected, is_hidden: false, is_deleted: false }
    }

    /// A row of texts that is no data.
    pub(crate) fn of_texts<'a>(texts: impl IntoIterator<Item = &'a str>, expected: Expected) -> Line {
        Line::new(texts.into_iter().map(|text| Cell::Text(text.to_owned())).collect(), String::new(), expected)
    }
}

/// A cell over several rows, columns or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Merge {
    pub(crate) column: usize,
    pub(crate) last_column: usize,
    /// Places of the first and the last row among the lines.
    pub(crate) first: usize,
    pub(crate) last: usize,
}

impl Merge {
    /// Whether the cell at the column of the line is part of it.
    pub(crate) fn covers(&self, line: usize, column: usize) -> bool {
        (self.first..=self.last).contains(&line) && (self.column..=self.last_column).contains(&column)
    }
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sheet {
    /// Empty where the format has no names.
    pub(crate) name: String,
    pub(crate) is_hidden: bool,
    pub(crate) lines: Vec<Line>,
    pub(crate) merges: Vec<Merge>,
}

impl Sheet {
    pub(crate) fn new(name: &str, lines: Vec<Line>) -> Sheet {
        Sheet { name: name.to_owned(), is_hidden: false, lines, merges: Vec::new() }
    }

    /// The widest row.
    pub(crate) fn width(&self) -> usize {
        self.lines.iter().map(|line| line.cells.len()).max().unwrap_or(0)
    }
}
