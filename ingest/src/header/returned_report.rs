//! A batch report that staff corrected and deliver again: its own columns are left out and its cells freed, so that it reads, and is reported on, like the
//! original.

use crate::column::Column;
use crate::delimited::Record;
use crate::dictionary::Dictionary;
use crate::report_csv::{OWN_COLUMNS, freed};

/// Where a report's own columns stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnedReport {
    own_places: Vec<usize>,
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
        (own_places.len() >= OWN_COLUMNS.len()).then_some(Self { own_places })
    }

    /// The record as it was before it was reported.
    #[must_use]
    pub fn restored(&self, record: &Record) -> Record {
        record.without(&self.own_places, freed)
    }
}
