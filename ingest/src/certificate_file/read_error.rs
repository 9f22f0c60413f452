//! A delivered file that cannot be read beyond some place: which file, where in it, why, and what to do.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::delimited::Record;
use crate::source::Refusal;

/// Where a record stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Position {
    /// The sheet, archive entry or both; empty where the format has none.
    pub sheet: String,
    /// The line, from 1; 0 before the first.
    pub line: u64,
}

impl Position {
    /// Notes where a record stands.
    pub(crate) fn note(&mut self, record: &Record) {
        if self.sheet != record.sheet() {
            record.sheet().clone_into(&mut self.sheet);
        }
        self.line = record.line();
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.sheet.is_empty() {
            write!(f, "sheet {:?}, ", self.sheet.chars().take(120).collect::<String>())?;
        }
        match self.line {
            0 => write!(f, "at its beginning"),
            line => write!(f, "after line {line}"),
        }
    }
}

/// The file could not be read on.
#[derive(Debug)]
pub struct ReadError {
    /// The file, by the name under which it was delivered.
    pub path: PathBuf,
    /// The last record that was read.
    pub after: Position,
    /// What the system or the reader of the format says.
    pub source: io::Error,
}

impl ReadError {
    /// Whether the content is at fault, so that reading it again cannot help.
    #[must_use]
    pub fn is_of_content(&self) -> bool {
        self.refusal().is_some()
    }

    fn refusal(&self) -> Option<&Refusal> {
        self.source.get_ref().and_then(|inner| inner.downcast_ref())
    }
}

/// A fault of the content is told in its own words, with its remedy; the words of the system follow as the source.
impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: ", self.path.display(), self.after)?;
        match self.refusal() {
            Some(refusal) => write!(f, "{refusal}"),
            None => f.write_str("it cannot be read on: check the disk and deliver the file again"),
        }
    }
}

impl Error for ReadError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        if self.is_of_content() { None } else { Some(&self.source) }
    }
}
