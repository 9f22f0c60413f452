//! A row of a register before it is written: sound at first, then with what was done to it.

use domain::finding::FindingCode;
use domain::kind::Kind;
use time::Date;

use super::sheet::{Cell, Expected, Line};
use crate::calendar::iso;
use crate::row::{Column, Row, titles};

/// The authority under its name of today (发证机关).
const AUTHORITY: &str = "陕西省住房和城乡建设厅";

/// A row that is being prepared.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) row: Row,
    pub(crate) authority: String,
    pub(crate) as_of: Date,
    pub(crate) expected: Expected,
    pub(crate) is_hidden: bool,
    typed: Vec<(Column, Cell)>,
}

impl Draft {
    /// A sound row with its dates as `2016-03-05`.
    pub(crate) fn sound(mut row: Row, as_of: Date) -> Draft {
        row.set(Column::First, iso(row.period.first_issued));
        row.set(Column::Issued, iso(row.period.issued));
        if let Some(until) = row.period.until {
            row.set(Column::Until, iso(until));
        }
        Draft {
            row,
            authority: AUTHORITY.to_owned(),
            as_of,
            expected: Expected::row(&["loaded"], &[], "clean row", None),
            is_hidden: false,
            typed: Vec::new(),
        }
    }

    pub(crate) fn kind(&self) -> Kind {
        self.row.kind
    }

    pub(crate) fn cell(&self, column: Column) -> &str {
        self.row.cell(column)
    }

    pub(crate) fn set(&mut self, column: Column, text: impl Into<String>) {
        self.row.set(column, text.into());
    }

    /// Stores a cell as something else than characters.
    pub(crate) fn set_typed(&mut self, column: Column, cell: Cell) {
        self.row.set(column, cell.text());
        self.typed.push((column, cell));
    }

    /// Another last day, written as usual.
    pub(crate) fn set_end(&mut self, end: Date) {
        self.set(Column::Until, iso(end));
        self.row.end = Some(end);
    }

    /// A last day that cannot be read.
    pub(crate) fn spoil_end(&mut self, text: impl Into<String>) {
        self.set(Column::Until, text);
        self.row.end = None;
    }

    /// Takes line breaks out of the remark, for formats whose cells have one line.
    pub(crate) fn flatten(&mut self) {
        let remark = self.cell(Column::Remark).replace('\n', " ");
        self.set(Column::Remark, remark);
    }

    /// The row as it is written, with what follows from its cells whatever was done to it.
    pub(crate) fn into_line(mut self) -> Line {
        for code in self.row.consequences(self.as_of) {
            if code == FindingCode::StateContradictsDates {
                self.expected.warn(code);
            } else if code != FindingCode::DateForm {
                // Dates in words are a fault of their own here.
                self.expected.note(code);
            }
        }
        let key = if self.cell(Column::Number).is_empty() { self.cell(Column::Identity) } else { self.cell(Column::Number) };
        let key = key.to_owned();
        let mut cells: Vec<Cell> = self.row.cells().iter().map(|text| Cell::Text(text.clone())).collect();
        cells.push(Cell::Text(self.authority));
        for (column, cell) in self.typed {
            cells[column as usize] = cell;
        }
        Line { is_hidden: self.is_hidden, ..Line::new(cells, key, self.expected) }
    }
}

/// The titles of a register of the kind, the authority's behind the others.
pub(crate) fn register_titles(kind: Kind) -> Vec<&'static str> {
    let mut all = titles(kind).to_vec();
    all.push("发证机关");
    all
}
