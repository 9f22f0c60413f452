//! A delivery of a shape, open for reading: every record of every sheet with what became of it, in the order of the file.

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::kind::Kind;

use super::{ReadRecord, RecordShape, read};
use crate::certificate_file::{Position, ReadError};
use crate::delimited::Record;
use crate::dictionary::Dictionary;
use crate::header::{
    Classifier, ColumnMap, HEADER_WITHIN_RECORDS, Likest, PairedHeaders, RecordClass, ReturnedReport, UnreadableEntry, likelier,
};
use crate::source;

/// Why a file cannot be read as a delivery of a shape.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It is not there, or no table.
    #[error(transparent)]
    Source(#[from] source::OpenError),
    /// No header with the columns that the shape needs.
    #[error("{path}: no sheet has a header of {shape} among its first {HEADER_WITHIN_RECORDS} rows: {what}")]
    UnknownColumns {
        /// The path asked for.
        path: PathBuf,
        /// The shape's code.
        shape: &'static str,
        /// What was found, what is missing, and what to do.
        what: String,
    },
    /// Its header is rather one of another shape.
    #[error("{path}: {what}")]
    OtherShape {
        /// The path asked for.
        path: PathBuf,
        /// Which, by which titles, and what to do.
        what: String,
    },
    /// An archive without such a header, and with a file that cannot be read.
    #[error("{path}: {entry}")]
    UnreadableEntry {
        /// The path asked for.
        path: PathBuf,
        /// The file in it, what is wrong with it, and what to do.
        entry: UnreadableEntry,
    },
    /// It breaks off before its header.
    #[error(transparent)]
    Read(#[from] ReadError),
}

impl OpenError {
    /// The same error of a file that goes by another name.
    #[must_use]
    pub fn told_of(self, name: &str) -> Self {
        let path = PathBuf::from(name);
        match self {
            Self::Source(error) => Self::Source(error.told_of(name)),
            Self::UnknownColumns { shape, what, .. } => Self::UnknownColumns { path, shape, what },
            Self::OtherShape { what, .. } => Self::OtherShape { path, what },
            Self::UnreadableEntry { entry, .. } => Self::UnreadableEntry { path, entry },
            Self::Read(error) => Self::Read(ReadError { path, ..error }),
        }
    }
}

/// A delivery whose records are read one by one; each gives exactly one item.
pub struct Delivery {
    path: PathBuf,
    shape: RecordShape,
    kind: Option<Kind>,
    records: PairedHeaders,
    sheet: Sheet,
    /// Read to find the header of the sheet, and not yet given.
    ahead: VecDeque<(Record, RecordClass)>,
    /// The first record of the next sheet.
    next_sheet: Option<Record>,
    header: Arc<ColumnMap>,
    /// Where the last record stood.
    last: Position,
}

impl std::fmt::Debug for Delivery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Delivery").field("shape", &self.shape).finish_non_exhaustive()
    }
}

/// Opens a delivery and finds its first header.
///
/// # Errors
/// When there is no such file, it is no table, or no sheet has a header with the columns that the shape needs.
pub fn open(path: &Path, shape: RecordShape, kind: Option<Kind>) -> Result<Delivery, OpenError> {
    let header = first_header(path, shape)?;
    if let Some(other) = likelier(&header, shape.as_str()) {
        return Err(OpenError::OtherShape { path: path.to_owned(), what: other.to_string() });
    }
    let records = PairedHeaders::new(source::open(path)?, Dictionary::of_shape(shape), 0);
    let sheet = Sheet::new(Dictionary::of_shape(shape), None);
    Ok(Delivery {
        path: path.to_owned(),
        shape,
        kind,
        records,
        sheet,
        ahead: VecDeque::new(),
        next_sheet: None,
        header,
        last: Position::default(),
    })
}

/// Looks for a header in a reading of its own, so that nothing has to be kept meanwhile.
fn first_header(path: &Path, shape: RecordShape) -> Result<Arc<ColumnMap>, OpenError> {
    let dictionary = Dictionary::of_shape(shape);
    let mut sheet = Sheet::new(dictionary, None);
    let mut likest = Likest::new(dictionary);
    let mut last = Position::default();
    for record in PairedHeaders::new(source::open(path)?, dictionary, 0) {
        let record = record.map_err(|source| ReadError { path: path.to_owned(), after: last.clone(), source })?;
        last.note(&record);
        if !sheet.holds(&record) {
            sheet = Sheet::new(dictionary, Some(record.sheet().to_owned()));
        }
        if !sheet.may_have_its_header_here() {
            continue;
        }
        likest.look_at(&record);
        sheet.classify(record);
        if let Some(header) = sheet.classifier.header() {
            return Ok(Arc::clone(header));
        }
    }
    let path = path.to_owned();
    Err(match likest.cause() {
        Some(entry) => OpenError::UnreadableEntry { path, entry },
        None => OpenError::UnknownColumns { path, shape: shape.as_str(), what: likest.in_words() },
    })
}

/// Classifies the records of one sheet, which has a header of its own.
struct Sheet {
    name: Option<String>,
    classifier: Classifier,
    returned: Option<ReturnedReport>,
    dictionary: &'static Dictionary,
    seen: usize,
}

impl Sheet {
    fn new(dictionary: &'static Dictionary, name: Option<String>) -> Self {
        Self { name, classifier: Classifier::new(dictionary), returned: None, dictionary, seen: 0 }
    }

    fn holds(&self, record: &Record) -> bool {
        self.name.as_deref() == Some(record.sheet())
    }

    fn may_have_its_header_here(&self) -> bool {
        self.classifier.header().is_none() && self.seen < HEADER_WITHIN_RECORDS
    }

    /// Says what a record is; nothing of titles that are no record.
    fn classify(&mut self, record: Record) -> Option<(Record, RecordClass)> {
        if record.is_titles() {
            self.classifier.adopt_titles(&record);
            return None;
        }
        self.seen += 1;
        if record.is_settled() {
            return Some((record, RecordClass::Data));
        }
        if self.classifier.header().is_none() {
            if self.seen > HEADER_WITHIN_RECORDS {
                let class = if record.is_blank() { RecordClass::Blank } else { RecordClass::Title };
                return Some((record, class));
            }
            if self.returned.is_none() {
                self.returned = ReturnedReport::recognise(&record, self.dictionary);
            }
        }
        let record = match &self.returned {
            Some(report) => report.restored(&record),
            None => record,
        };
        let class = if record.is_settled() { RecordClass::Data } else { self.classifier.classify(&record) };
        Some((record, class))
    }
}

impl Delivery {
    /// The first header of the file.
    #[must_use]
    pub fn header(&self) -> &Arc<ColumnMap> {
        &self.header
    }

    /// The columns in force for the record that was given last.
    #[must_use]
    pub fn columns(&self) -> Option<&Arc<ColumnMap>> {
        self.sheet.classifier.header()
    }

    /// The same delivery, told under the name by which it came.
    #[must_use]
    pub fn told_as(mut self, name: &str) -> Self {
        self.path = PathBuf::from(name);
        self
    }

    /// The code of the encoding that was found.
    #[must_use]
    pub fn encoding(&self) -> &'static str {
        self.records.source().encoding().as_str()
    }

    /// Begins a sheet: reads on until its header is found, so that what stands above one is told from a sheet without any.
    fn begin(&mut self, first: Record) -> io::Result<()> {
        self.sheet = Sheet::new(Dictionary::of_shape(self.shape), Some(first.sheet().to_owned()));
        self.ahead.extend(self.sheet.classify(first));
        while self.sheet.may_have_its_header_here() {
            let Some(record) = self.records.next().transpose()? else { break };
            if !self.sheet.holds(&record) {
                self.next_sheet = Some(record);
                break;
            }
            self.ahead.extend(self.sheet.classify(record));
        }
        Ok(())
    }

    fn classified(&mut self) -> io::Result<Option<(Record, RecordClass)>> {
        loop {
            if let Some(ahead) = self.ahead.pop_front() {
                return Ok(Some(ahead));
            }
            let next = match self.next_sheet.take() {
                Some(record) => record,
                None => match self.records.next().transpose()? {
                    Some(record) => record,
                    None => return Ok(None),
                },
            };
            if !self.sheet.holds(&next) {
                self.begin(next)?;
            } else if let Some(classified) = self.sheet.classify(next) {
                return Ok(Some(classified));
            }
        }
    }
}

impl Iterator for Delivery {
    type Item = Result<ReadRecord, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.classified() {
            Ok(None) => None,
            Ok(Some((record, class))) => {
                self.last.note(&record);
                Some(Ok(read(self.shape, self.kind, self.sheet.classifier.header(), record, &class)))
            }
            Err(source) => Some(Err(ReadError { path: self.path.clone(), after: self.last.clone(), source })),
        }
    }
}
