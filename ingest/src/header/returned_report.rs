//! A batch report that staff corrected and deliver again: its own columns are left out and its cells freed, so that it reads, and is reported on, like the
//! original.

use domain::finding::Outcome;

use crate::column::Column;
use crate::delimited::{Record, RecordFault};
use crate::dictionary::{Dictionary, title_key};
use crate::report_csv::{OWN_COLUMNS, freed};

/// The title of the report's own column that says what became of a row.
const OUTCOME: &str = "outcome";

/// Where a report's own columns stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnedReport {
    own_places: Vec<usize>,
    /// Where the outcome stands.
    outcome: Option<usize>,
}

impl ReturnedReport {
    /// Tells a report by its header: all of its own columns, wherever they stand.
    #[must_use]
    pub fn recognise(header: &Record, dictionary: &Dictionary) -> Option<Self> {
        let own_places: Vec<usize> = header
            .fields()
            .enumerate()
            .filter(|(_, title)| dictionary.meaning(title).is_some_and(|meaning| meaning.column == Column::Report))
            .map(|(place, _)| place)
            .collect();
        let is_outcome = |place: &&usize| header.get(**place).is_some_and(|title| title_key(title) == OUTCOME);
        let outcome = own_places.iter().find(is_outcome).copied();
        (own_places.len() >= OWN_COLUMNS.len()).then_some(Self { own_places, outcome })
    }

    /// The record as it was before it was reported. One that was no row of the table is none now, unless its outcome was taken out of the report.
    #[must_use]
    pub fn restored(&self, record: &Record) -> Record {
        let was_dropped =
            self.outcome.and_then(|place| record.get(place)).is_some_and(|outcome| outcome.trim() == Outcome::Dropped.as_str());
        let restored = record.without(&self.own_places, freed);
        if was_dropped && restored.fault().is_none() { restored.with_fault(RecordFault::DroppedBefore) } else { restored }
    }
}
