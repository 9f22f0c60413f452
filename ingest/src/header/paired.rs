//! The records of a file in which a header of two rows was put together: the upper row is marked as such, and the lower one has whole titles.

use std::io;

use super::{ColumnMap, HEADER_WITHIN_RECORDS, two_rows};
use crate::delimited::{HeaderPart, Record};
use crate::dictionary::Dictionary;
use crate::source::Source;

/// Records with the one behind in sight while a header is looked for.
pub(crate) struct PairedHeaders {
    source: Source,
    dictionary: &'static Dictionary,
    /// Records at the head of every sheet that are titles, whatever they look like.
    skip_rows: usize,
    sheet: String,
    state: State,
    /// Read and not yet given.
    ahead: Option<io::Result<Record>>,
}

/// How far the sheet is.
enum State {
    /// So many records were passed over, and so many looked at.
    Looking { skipped: usize, seen: usize },
    /// The header is known, or will not come.
    Past,
    /// It had these two rows, which may come again on the next page.
    PastTwoRows(Box<[Record; 2]>),
}

impl std::fmt::Debug for PairedHeaders {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PairedHeaders").field("source", &self.source).finish_non_exhaustive()
    }
}

impl PairedHeaders {
    pub(crate) fn new(source: Source, dictionary: &'static Dictionary, skip_rows: usize) -> Self {
        let state = State::Looking { skipped: 0, seen: 0 };
        Self { source, dictionary, skip_rows, sheet: String::new(), state, ahead: None }
    }

    /// Where the records come from.
    pub(crate) fn source(&self) -> &Source {
        &self.source
    }

    fn look_at(&mut self, record: Record) -> Record {
        if record.sheet() != self.sheet {
            record.sheet().clone_into(&mut self.sheet);
            self.state = State::Looking { skipped: 0, seen: 0 };
        }
        if record.is_titles() || record.header_part().is_some() || record.is_settled() {
            return record;
        }
        match &mut self.state {
            State::Past => record,
            State::PastTwoRows(rows) if rows.iter().any(|row| record.has_cells_of(row)) => record.with_header_part(HeaderPart::Repeated),
            State::PastTwoRows(_) => record,
            State::Looking { skipped, .. } if *skipped < self.skip_rows => {
                *skipped += 1;
                record
            }
            State::Looking { .. } if !self.dictionary.has_header() => record,
            State::Looking { seen, .. } => {
                *seen += 1;
                let is_last = *seen >= HEADER_WITHIN_RECORDS;
                self.look_behind(record, is_last)
            }
        }
    }

    /// Looks whether the record and the one behind it are a header.
    fn look_behind(&mut self, record: Record, is_last: bool) -> Record {
        let may_be_title = |record: &Record| !record.is_blank() && record.fault().is_none();
        if !is_last && may_be_title(&record) {
            self.ahead = self.source.next();
        }
        if let Some(Ok(lower)) = &self.ahead
            && lower.sheet() == record.sheet()
            && may_be_title(lower)
            && let Some(titles) = two_rows::joined(&record, lower, self.dictionary)
        {
            self.state = State::PastTwoRows(Box::new([record.clone(), lower.clone()]));
            self.ahead = Some(Ok(titles));
            return record.with_header_part(HeaderPart::Groups);
        }
        let is_header = || ColumnMap::recognise(&record, self.dictionary).is_some_and(|map| map.missing(self.dictionary).is_empty());
        if is_last || is_header() {
            self.state = State::Past;
        }
        record
    }
}

impl Iterator for PairedHeaders {
    type Item = io::Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.ahead.take().or_else(|| self.source.next())?;
        Some(next.map(|record| self.look_at(record)))
    }
}
