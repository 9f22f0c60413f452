//! What is told of a file in which no header was found: the row most like one, and what could not be read at all.

use super::ColumnMap;
use super::other_shape::shape_of;
use crate::column::Column;
use crate::delimited::{Record, RecordFault};
use crate::dictionary::Dictionary;

/// The row most like a header among those looked at, and the files of an archive that could not be read.
#[derive(Debug)]
pub struct Likest {
    dictionary: &'static Dictionary,
    map: Option<ColumnMap>,
    /// The shape of which a record is a header.
    other: Option<&'static str>,
    unreadable: Option<UnreadableEntry>,
    /// Whether there was any record.
    has_records: bool,
    /// The first line that is no record of its format.
    broken_line: Option<u64>,
}

/// A file of an archive that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadableEntry {
    /// Its name in the archive.
    pub entry: String,
    /// What it is or what is wrong with it, and what to do.
    pub reason: String,
    /// How many others could not be read.
    pub others: usize,
}

impl std::fmt::Display for UnreadableEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "its file {:?} cannot be read: {}", self.entry, self.reason)?;
        match self.others {
            0 => Ok(()),
            others => write!(f, " ({others} more of its files cannot be read either)"),
        }
    }
}

impl Likest {
    /// Nothing was looked at yet.
    #[must_use]
    pub fn new(dictionary: &'static Dictionary) -> Self {
        Self { dictionary, map: None, other: None, unreadable: None, has_records: false, broken_line: None }
    }

    /// Looks at a record that may be a header.
    pub fn look_at(&mut self, record: &Record) {
        if record.fault() == Some(RecordFault::UnreadableEntry) {
            self.note_unreadable(record);
            return;
        }
        self.has_records = true;
        if record.fault() == Some(RecordFault::NotAnObject) {
            self.broken_line = self.broken_line.or(Some(record.line()));
        }
        self.other = self.other.or_else(|| shape_of(record));
        let missing = |map: &ColumnMap| map.missing(self.dictionary).len();
        if let Some(map) = ColumnMap::recognise(record, self.dictionary)
            && self.map.as_ref().is_none_or(|best| missing(&map) < missing(best))
        {
            self.map = Some(map);
        }
    }

    /// The names of entries are kept on one line, and short.
    fn note_unreadable(&mut self, record: &Record) {
        match &mut self.unreadable {
            Some(first) => first.others += 1,
            None => {
                let entry = record.sheet().chars().take(120).collect();
                let reason = record.get(0).unwrap_or_default().to_owned();
                self.unreadable = Some(UnreadableEntry { entry, reason, others: 0 });
            }
        }
    }

    /// The file of an archive that could not be read, where that explains why there is no header: no row has titles.
    #[must_use]
    pub fn cause(&self) -> Option<UnreadableEntry> {
        self.unreadable.clone().filter(|_| self.map.is_none())
    }

    /// What was found and what is missing. Only a row with known titles is shown: any other might be a person's.
    #[must_use]
    pub fn in_words(&self) -> String {
        if !self.has_records {
            return "it holds no row at all; check how it was made and deliver it again".to_owned();
        }
        if let (None, Some(line)) = (&self.map, self.broken_line) {
            return format!("its line {line} is no whole JSON object; have it made again with one object in each line and deliver that");
        }
        let missing = self.map.as_ref().map_or_else(|| self.dictionary.required().to_vec(), |map| map.missing(self.dictionary));
        let missing: Vec<&str> = missing.into_iter().map(|column: Column| self.dictionary.preferred_title(column)).collect();
        let found = self.map.as_ref().map_or_else(
            || "no row has such titles".to_owned(),
            |map| {
                let titles: Vec<&str> = map.titles().iter().map(|title| &**title).filter(|title| !title.is_empty()).collect();
                format!("found the titles {}", titles.join(", "))
            },
        );
        let unreadable = self.unreadable.as_ref().map(|entry| format!("; {entry}")).unwrap_or_default();
        let remedy = self.other.map_or_else(
            || "add or rename the titles and deliver it again".to_owned(),
            |shape| format!("a row has the titles of {shape}: deliver it with --as {shape}, or add or rename the titles"),
        );
        format!("missing {}; {found}; {remedy}{unreadable}", missing.join(", "))
    }
}
