//! A delivered register, open for reading: its encoding, delimiter and header found, then every record with what became of it, in the order of the file.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::finding::{Finding, FindingCode};
use domain::kind::Kind;

use crate::certificate_row::{self, Context, ReadRow};
use crate::column::Column;
use crate::delimited::{Delimited, Delimiter, Limits, Record};
use crate::dictionary::Dictionary;
use crate::header::{Classifier, ColumnMap, HEADER_WITHIN_RECORDS, RecordClass, ReturnedReport};
use crate::text_encoding::{self, Decoding, SniffError, TextEncoding};

#[cfg(test)]
mod tests;

/// Why a file cannot be read as a register.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Nothing is there.
    #[error("{path}: there is no such file: check the path")]
    Missing {
        /// The path asked for.
        path: PathBuf,
    },
    /// A folder.
    #[error("{path}: it is a folder: name the files in it one by one; a folder of photos goes with --as photos")]
    IsFolder {
        /// The path asked for.
        path: PathBuf,
    },
    /// Empty, or no delimited text.
    #[error("{path}: {reason}")]
    NotRows {
        /// The path asked for.
        path: PathBuf,
        /// What it is instead, and what to do.
        reason: SniffError,
    },
    /// No header with the columns that a register needs.
    #[error("{path}: none of the first {HEADER_WITHIN_RECORDS} rows is a header of a register: missing {}; {}; add or rename the titles and deliver it again",
        .missing.join(", "), found_in_words(.found))]
    UnknownColumns {
        /// The path asked for.
        path: PathBuf,
        /// The titles of the row most like a header; empty where no row is like one.
        found: Vec<String>,
        /// The titles that would serve, one for each column that is missing.
        missing: Vec<String>,
    },
    /// A file that cannot be read.
    #[error("{path}: it cannot be read: check the disk and the permissions")]
    Unreadable {
        /// The path asked for.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
}

fn found_in_words(found: &[String]) -> String {
    if found.is_empty() { "no row has known titles".to_owned() } else { format!("found the titles {}", found.join(", ")) }
}

/// The file could not be read on.
#[derive(Debug, thiserror::Error)]
#[error("{path}: it cannot be read beyond line {after_line}: check the disk and deliver the file again")]
pub struct ReadError {
    /// The file.
    pub path: PathBuf,
    /// The last line that was read.
    pub after_line: u64,
    /// What the system says.
    #[source]
    pub source: io::Error,
}

/// A register whose records are read one by one. Every record gives exactly one item, titles and blank lines too, so that the totals of outcomes balance.
#[derive(Debug)]
pub struct CertificateFile {
    path: PathBuf,
    kind: Kind,
    context: Context,
    encoding: TextEncoding,
    records: Delimited<Decoding<File>>,
    returned: Option<ReturnedReport>,
    classifier: Classifier,
    header: Arc<ColumnMap>,
    ahead: VecDeque<(Record, RecordClass)>,
    last_line: u64,
}

/// Opens a register of `kind` and finds its header.
///
/// # Errors
/// When there is no such file, it is no delimited text, or it has no header with the columns that a register needs.
pub fn open(path: &Path, kind: Kind, context: Context) -> Result<CertificateFile, OpenError> {
    let unreadable = |source| OpenError::Unreadable { path: path.to_owned(), source };
    let mut file = open_file(path)?;
    let encoding = match text_encoding::sniff(&mut file) {
        Ok(encoding) => encoding,
        Err(SniffError::Unreadable(source)) => return Err(unreadable(source)),
        Err(reason @ (SniffError::Empty | SniffError::NotDelimitedText(_))) => {
            return Err(OpenError::NotRows { path: path.to_owned(), reason });
        }
    };
    file.rewind().map_err(unreadable)?;
    let mut records = Delimited::sniffed(Decoding::new(file, encoding), Limits::default()).map_err(unreadable)?;
    let dictionary = Dictionary::of(kind);
    let mut classifier = Classifier::new(dictionary);
    let mut ahead = VecDeque::new();
    let mut returned = None;
    while classifier.header().is_none() && ahead.len() < HEADER_WITHIN_RECORDS {
        let Some(record) = records.next().transpose().map_err(unreadable)? else {
            break;
        };
        if returned.is_none() {
            returned = ReturnedReport::recognise(&record, dictionary);
        }
        let record = restored(returned.as_ref(), record);
        let class = classifier.classify(&record);
        ahead.push_back((record, class));
    }
    let Some(header) = classifier.header().cloned() else {
        let (found, missing) = likest_header(ahead.iter().map(|(record, _)| record), dictionary);
        return Err(OpenError::UnknownColumns { path: path.to_owned(), found, missing });
    };
    Ok(CertificateFile { path: path.to_owned(), kind, context, encoding, records, returned, classifier, header, ahead, last_line: 0 })
}

fn restored(report: Option<&ReturnedReport>, record: Record) -> Record {
    match report {
        Some(report) => report.restored(&record),
        None => record,
    }
}

fn open_file(path: &Path) -> Result<File, OpenError> {
    let unreadable = |source: io::Error| {
        if source.kind() == io::ErrorKind::NotFound {
            OpenError::Missing { path: path.to_owned() }
        } else {
            OpenError::Unreadable { path: path.to_owned(), source }
        }
    };
    let file = File::open(path).map_err(unreadable)?;
    if file.metadata().map_err(unreadable)?.is_dir() {
        return Err(OpenError::IsFolder { path: path.to_owned() });
    }
    Ok(file)
}

/// Only a row with known titles is shown: any other might be a person's.
fn likest_header<'a>(records: impl Iterator<Item = &'a Record>, dictionary: &Dictionary) -> (Vec<String>, Vec<String>) {
    let best = records.filter_map(|record| ColumnMap::recognise(record, dictionary)).min_by_key(|map| map.missing(dictionary).len());
    let in_words = |columns: &[Column]| columns.iter().map(|&column| dictionary.preferred_title(column).to_owned()).collect();
    match best {
        Some(map) => {
            let found = map.titles().iter().filter(|title| !title.is_empty()).map(|title| title.to_string()).collect();
            (found, in_words(&map.missing(dictionary)))
        }
        None => (Vec::new(), in_words(dictionary.required())),
    }
}

impl CertificateFile {
    /// The encoding that was found.
    #[must_use]
    pub fn encoding(&self) -> TextEncoding {
        self.encoding
    }

    /// The delimiter that was found.
    #[must_use]
    pub fn delimiter(&self) -> Delimiter {
        self.records.delimiter()
    }

    /// The first header of the file.
    #[must_use]
    pub fn header(&self) -> &Arc<ColumnMap> {
        &self.header
    }

    fn read(&self, record: Record, class: &RecordClass) -> ReadRow {
        let columns = self.classifier.header().unwrap_or(&self.header);
        let dropped = match class {
            RecordClass::Data => {
                return certificate_row::read(self.kind, columns, record, &self.context);
            }
            RecordClass::Title => FindingCode::TitleRow,
            RecordClass::Header(_) => FindingCode::HeaderRow,
            RecordClass::RepeatedHeader => FindingCode::RepeatedHeader,
            RecordClass::Footer => FindingCode::TotalRow,
            RecordClass::Blank => FindingCode::BlankRow,
        };
        ReadRow::of_findings(vec![Finding::new(dropped)], None, record, columns)
    }
}

impl Iterator for CertificateFile {
    type Item = Result<ReadRow, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        let (record, class) = match self.ahead.pop_front() {
            Some(ahead) => ahead,
            None => match self.records.next()? {
                Ok(record) => {
                    let record = restored(self.returned.as_ref(), record);
                    let class = self.classifier.classify(&record);
                    (record, class)
                }
                Err(source) => {
                    return Some(Err(ReadError { path: self.path.clone(), after_line: self.last_line, source }));
                }
            },
        };
        self.last_line = record.line();
        Some(Ok(self.read(record, &class)))
    }
}
