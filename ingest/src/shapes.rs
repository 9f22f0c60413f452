//! Deliveries that are no registers: decisions, applications, violations and business under way. Each reader makes typed fields
//! and findings of one record; rules that need other rows or what is known are not judged here.

use std::sync::Arc;

use domain::finding::{Finding, FindingCode, Outcome};
use domain::kind::Kind;
use serde_json::Value;

use crate::certificate_row::cells::Cells;
use crate::certificate_row::{check_fields, form_finding};
use crate::delimited::Record;
use crate::header::{ColumnMap, RecordClass};
use crate::serial_days;

mod application;
mod decision;
pub mod delivery;
mod entries;
mod pending;
mod subject;
#[cfg(test)]
mod tests;
mod violation;
mod words;

/// What the rows of a delivery are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RecordShape {
    /// Decisions (行政决定).
    Decisions,
    /// Applications for the electronic certificate (电子证书申请).
    Applications,
    /// Violations that become locks (违规).
    Violations,
    /// Business under way (在办业务).
    Pending,
}

impl RecordShape {
    /// Every shape, in the order of declaration.
    pub const ALL: &'static [Self] = &[Self::Decisions, Self::Applications, Self::Violations, Self::Pending];

    /// The shape's code.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Decisions => "decisions",
            Self::Applications => "applications",
            Self::Violations => "violations",
            Self::Pending => "pending",
        }
    }

    /// The shape of a code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|shape| shape.as_str() == code)
    }
}

/// One record of a delivery with what became of it.
#[derive(Debug, Clone)]
pub struct ReadRecord {
    /// What becomes of the record, as far as it alone decides: that of the worst finding.
    pub outcome: Outcome,
    /// Everything noticed.
    pub findings: Vec<Finding>,
    /// The typed fields of the shape, as `store` stages them; absent where the row was not understood.
    pub fields: Option<Value>,
    /// The record as delivered.
    pub record: Record,
}

impl ReadRecord {
    fn of(findings: Vec<Finding>, fields: Option<Value>, record: Record) -> Self {
        Self { outcome: Finding::worst(&findings), findings, fields, record }
    }
}

/// Reads a record of a delivery below the header `columns`; a sheet without one has no rows. `kind` is that of the delivery, if it has one.
#[must_use]
pub fn read(shape: RecordShape, kind: Option<Kind>, columns: Option<&Arc<ColumnMap>>, record: Record, class: &RecordClass) -> ReadRecord {
    let finding = match (class.why_not_read(&record, columns.is_some()), columns) {
        (Some(why), _) => why,
        (None, Some(columns)) => return read_data(shape, kind, columns, record),
        (None, None) => record.fault().map_or_else(|| Finding::new(FindingCode::SheetWithoutHeader), form_finding),
    };
    ReadRecord::of(vec![finding], None, record)
}

fn read_data(shape: RecordShape, kind: Option<Kind>, columns: &ColumnMap, record: Record) -> ReadRecord {
    if let Some(fault) = record.fault() {
        return ReadRecord::of(vec![form_finding(fault)], None, record);
    }
    let (record, serials) = serial_days::settled(columns, record.completed(columns.width()));
    let mut cells = Cells::new(columns, &record);
    check_fields(&mut cells);
    serials.into_iter().for_each(|finding| cells.add(finding));
    let fields = match shape {
        RecordShape::Decisions => decision::read(kind, &mut cells).map(json),
        RecordShape::Applications => application::read(kind, &mut cells).map(json),
        RecordShape::Violations => violation::read(kind, &mut cells).map(json),
        RecordShape::Pending => pending::read(kind, &mut cells).map(json),
    };
    let findings = cells.into_findings();
    ReadRecord::of(findings, fields.flatten(), record)
}

/// The fields are texts, days and lists of them, for which JSON has a form.
fn json<T: serde::Serialize>(fields: T) -> Option<Value> {
    serde_json::to_value(fields).ok()
}
