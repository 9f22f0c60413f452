//! A delivered register, open for reading: its encoding, delimiter and header found, then every record with what became of it, in the order of the file.

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::finding::{Finding, FindingCode};
use domain::kind::Kind;

use crate::certificate_row::{self, Context, ReadRow};
use crate::delimited::{Delimiter, Record};
use crate::dictionary::Dictionary;
use crate::header::{
    Classifier, ColumnMap, HEADER_WITHIN_RECORDS, Likest, PairedHeaders, RecordClass, ReturnedReport, UnreadableEntry, likelier,
};
use crate::source::{self, Forced, Format};
use crate::text_encoding::TextEncoding;

mod profile_cause;
mod read_error;
#[cfg(test)]
mod tests;

pub use read_error::{Position, ReadError};

/// Why a file cannot be read as a register.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Not there, or no table.
    #[error(transparent)]
    Source(#[from] source::OpenError),
    /// No header with the columns that a register needs.
    #[error("{path}: none of the first {HEADER_WITHIN_RECORDS} rows is a header of a register: {what}")]
    UnknownColumns {
        /// The path asked for.
        path: PathBuf,
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
    /// A profile under which no header is found.
    #[error("{path}: the profile does not fit the file: {cause}")]
    Profile {
        /// The path asked for.
        path: PathBuf,
        /// The key at fault, and what to do.
        cause: String,
    },
    /// An archive without a register, and with a file that cannot be read.
    #[error("{path}: {entry}")]
    UnreadableEntry {
        /// The path asked for.
        path: PathBuf,
        /// The file in it, what is wrong with it, and what to do.
        entry: UnreadableEntry,
    },
}

impl OpenError {
    /// The same error of a file that goes by another name.
    #[must_use]
    pub fn told_of(self, name: &str) -> Self {
        match self {
            Self::Source(error) => Self::Source(error.told_of(name)),
            Self::UnknownColumns { what, .. } => Self::UnknownColumns { path: PathBuf::from(name), what },
            Self::OtherShape { what, .. } => Self::OtherShape { path: PathBuf::from(name), what },
            Self::Profile { cause, .. } => Self::Profile { path: PathBuf::from(name), cause },
            Self::UnreadableEntry { entry, .. } => Self::UnreadableEntry { path: PathBuf::from(name), entry },
        }
    }

    fn without_header(path: &Path, likest: &Likest) -> Self {
        let path = path.to_owned();
        match likest.cause() {
            Some(entry) => Self::UnreadableEntry { path, entry },
            None => Self::UnknownColumns { path, what: likest.in_words() },
        }
    }
}

/// A register whose records are read one by one. Every record gives exactly one item, titles and blank lines too, so that the totals of outcomes balance.
#[derive(Debug)]
pub struct CertificateFile {
    path: PathBuf,
    kind: Kind,
    context: Context,
    records: PairedHeaders,
    section: Section,
    /// The first header of the file.
    header: Arc<ColumnMap>,
    /// Read and not yet given.
    ahead: VecDeque<Result<(Record, RecordClass), io::Error>>,
    /// The first record of the next sheet.
    next_sheet: Option<Record>,
    /// Columns for rows that have none.
    no_columns: Arc<ColumnMap>,
    /// Where the last record stood.
    last: Position,
}

/// Opens a register of `kind` and finds its header.
///
/// # Errors
/// When there is no such file, it is no table of a known format, or no sheet of it has a header with the columns that a register needs.
pub fn open(path: &Path, kind: Kind, context: Context) -> Result<CertificateFile, OpenError> {
    match open_as_said(path, kind, context.clone()) {
        Err(OpenError::UnknownColumns { path, what }) => Err(match profile_cause::cause(&path, kind, &context) {
            Some(cause) => OpenError::Profile { path, cause },
            None => OpenError::UnknownColumns { path, what },
        }),
        // A profile says what the columns are.
        Ok(file) if file.context.profile.is_none() => match likelier(&file.header, "certificates") {
            Some(other) => Err(OpenError::OtherShape { path: path.to_owned(), what: other.to_string() }),
            None => Ok(file),
        },
        opened => opened,
    }
}

/// Opens a register just as the profile says.
fn open_as_said(path: &Path, kind: Kind, context: Context) -> Result<CertificateFile, OpenError> {
    let dictionary = context.dictionary(kind);
    let profile = context.profile.clone();
    let (forced, skip_rows) = match &profile {
        // The report of a batch is as this program writes it, whatever the file was that the batch came from.
        Some(_) if is_returned_report(path, dictionary) => (Forced::default(), 0),
        Some(profile) => (Forced { encoding: profile.encoding(), delimiter: profile.delimiter() }, profile.skip_rows()),
        None => (Forced::default(), 0),
    };
    let refused = |error: io::Error| source::OpenError::Refused { path: path.to_owned(), reason: error.into() };
    let mut records = PairedHeaders::new(source::open_forced(path, forced)?, dictionary, skip_rows);
    let mut section = Section::new(dictionary, skip_rows);
    let mut ahead = section.read_head(&mut records).map_err(refused)?;
    let header = match section.classifier.header() {
        Some(header) => Arc::clone(header),
        None => {
            // The first sheet has none, and may be long: the others are looked through, and the file is read again.
            let header = header_of_a_later_sheet(&mut records, &mut ahead, dictionary, skip_rows)
                .map_err(refused)?
                .map_err(|likest| OpenError::without_header(path, &likest))?;
            drop(records);
            records = PairedHeaders::new(source::open_forced(path, forced)?, dictionary, skip_rows);
            section = Section::new(dictionary, skip_rows);
            ahead = section.read_head(&mut records).map_err(refused)?;
            header
        }
    };
    let mut file = CertificateFile {
        path: path.to_owned(),
        kind,
        context,
        records,
        section,
        header,
        ahead: VecDeque::new(),
        next_sheet: None,
        no_columns: Arc::new(ColumnMap::none()),
        last: Position::default(),
    };
    file.take_head(ahead);
    Ok(file)
}

/// Whether a file is the report of a batch: its first record has all of a report's own columns.
fn is_returned_report(path: &Path, dictionary: &Dictionary) -> bool {
    let first = source::open(path).ok().and_then(|mut records| records.next()?.ok());
    first.is_some_and(|record| ReturnedReport::recognise(&record, dictionary).is_some())
}

/// The part of a file that has its own header: a sheet, or the whole of a file without sheets.
#[derive(Debug)]
struct Section {
    sheet: Option<String>,
    classifier: Classifier,
    returned: Option<ReturnedReport>,
    dictionary: &'static Dictionary,
    /// Its first records hold no header, and the others are not asked.
    is_without_header: bool,
    /// Records at its head that are titles, whatever they look like.
    skip_rows: usize,
    /// How many of them were read.
    skipped: usize,
}

/// The records of a section up to its header, or so many that it has none, and the first record of the section behind it.
#[derive(Debug, Default)]
struct Head {
    records: VecDeque<(Record, RecordClass)>,
    next_sheet: Option<Record>,
}

impl Section {
    fn new(dictionary: &'static Dictionary, skip_rows: usize) -> Self {
        Self {
            sheet: None,
            classifier: Classifier::new(dictionary),
            returned: None,
            dictionary,
            is_without_header: false,
            skip_rows,
            skipped: 0,
        }
    }

    fn holds(&self, record: &Record) -> bool {
        self.sheet.as_deref().is_none_or(|sheet| sheet == record.sheet())
    }

    fn read_head(&mut self, records: &mut impl Iterator<Item = io::Result<Record>>) -> io::Result<Head> {
        let mut head = Head::default();
        while self.classifier.header().is_none() && head.records.len() < HEADER_WITHIN_RECORDS + self.skip_rows {
            let Some(record) = records.next().transpose()? else { break };
            if !self.holds(&record) {
                head.next_sheet = Some(record);
                break;
            }
            head.records.extend(self.classify(record));
        }
        self.is_without_header = self.classifier.header().is_none();
        Ok(head)
    }

    /// Says what a record of the section is; nothing of titles that are no record.
    fn classify(&mut self, record: Record) -> Option<(Record, RecordClass)> {
        if self.sheet.is_none() {
            self.sheet = Some(record.sheet().to_owned());
        }
        if record.is_titles() {
            self.classifier.adopt_titles(&record);
            return None;
        }
        if self.skipped < self.skip_rows && !record.is_settled() {
            self.skipped += 1;
            return Some((record, RecordClass::Title));
        }
        if self.is_without_header && self.classifier.header().is_none() && !record.is_settled() {
            let class = if record.is_blank() { RecordClass::Blank } else { RecordClass::Title };
            return Some((record, class));
        }
        if self.returned.is_none() && self.classifier.header().is_none() {
            self.returned = ReturnedReport::recognise(&record, self.dictionary);
        }
        let record = match &self.returned {
            Some(report) => report.restored(&record),
            None => record,
        };
        let class = if record.is_settled() { RecordClass::Data } else { self.classifier.classify(&record) };
        Some((record, class))
    }
}

fn header_of_a_later_sheet(
    records: &mut PairedHeaders,
    first: &mut Head,
    dictionary: &'static Dictionary,
    skip_rows: usize,
) -> io::Result<Result<Arc<ColumnMap>, Likest>> {
    let mut likest = Likest::new(dictionary);
    first.records.iter().for_each(|(record, _)| likest.look_at(record));
    let mut sheet = first.records.front().map(|(record, _)| record.sheet().to_owned());
    let mut waiting = first.next_sheet.take();
    if !records.source().format().has_sheets() {
        return Ok(Err(likest));
    }
    loop {
        let record = match waiting.take() {
            Some(record) => record,
            None => match records.next().transpose()? {
                Some(record) => record,
                None => return Ok(Err(likest)),
            },
        };
        if sheet.as_deref() == Some(record.sheet()) {
            continue;
        }
        let mut section = Section::new(dictionary, skip_rows);
        sheet = Some(record.sheet().to_owned());
        let head = section.read_head(&mut std::iter::once(Ok(record)).chain(&mut *records))?;
        if let Some(header) = section.classifier.header() {
            return Ok(Ok(Arc::clone(header)));
        }
        head.records.iter().for_each(|(record, _)| likest.look_at(record));
        waiting = head.next_sheet;
    }
}

impl CertificateFile {
    /// The encoding that was found.
    #[must_use]
    pub fn encoding(&self) -> TextEncoding {
        self.records.source().encoding()
    }

    /// The format that was found.
    #[must_use]
    pub fn format(&self) -> Format {
        self.records.source().format()
    }

    /// The delimiter that was found, in delimited text.
    #[must_use]
    pub fn delimiter(&self) -> Option<Delimiter> {
        self.records.source().delimiter()
    }

    /// The first header of the file.
    #[must_use]
    pub fn header(&self) -> &Arc<ColumnMap> {
        &self.header
    }

    /// The same file, told under the name by which it was delivered.
    #[must_use]
    pub fn told_as(mut self, name: &str) -> Self {
        self.path = PathBuf::from(name);
        self
    }

    fn take_head(&mut self, head: Head) {
        self.ahead = head.records.into_iter().map(Ok).collect();
        self.next_sheet = head.next_sheet;
    }

    /// Goes on to the sheet that begins with `first`, up to its header.
    fn begin_sheet(&mut self, first: Record) {
        self.section = Section::new(self.section.dictionary, self.section.skip_rows);
        let mut records = std::iter::once(Ok(first)).chain(&mut self.records);
        match self.section.read_head(&mut records) {
            Ok(head) => self.take_head(head),
            Err(error) => self.ahead.push_back(Err(error)),
        }
    }

    fn next_classified(&mut self) -> Option<io::Result<(Record, RecordClass)>> {
        loop {
            if let Some(item) = self.ahead.pop_front() {
                return Some(item);
            }
            if let Some(first) = self.next_sheet.take() {
                self.begin_sheet(first);
                continue;
            }
            match self.records.next()? {
                Err(error) => return Some(Err(error)),
                Ok(record) if !self.section.holds(&record) => self.begin_sheet(record),
                Ok(record) => {
                    if let Some(classified) = self.section.classify(record) {
                        return Some(Ok(classified));
                    }
                }
            }
        }
    }

    fn read(&self, record: Record, class: &RecordClass) -> ReadRow {
        let has_header = self.section.classifier.header().is_some();
        let columns = self.section.classifier.header().unwrap_or(&self.no_columns);
        let Some(why) = class.why_not_read(&record, has_header) else {
            let record = if has_header { record.completed(columns.width()) } else { record };
            return certificate_row::read(self.kind, columns, record, &self.context);
        };
        let is_header = why.code == FindingCode::HeaderRow;
        let mut findings = vec![why];
        if self.records.source().is_disguised() && is_header {
            findings.push(Finding::about(FindingCode::DisguisedFormat, self.format().as_str()));
        }
        ReadRow::of_findings(findings, None, record, columns)
    }
}

impl Iterator for CertificateFile {
    type Item = Result<ReadRow, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.next_classified()? {
            Ok((record, class)) => {
                self.last.note(&record);
                Some(Ok(self.read(record, &class)))
            }
            Err(source) => Some(Err(ReadError { path: self.path.clone(), after: self.last.clone(), source })),
        }
    }
}
