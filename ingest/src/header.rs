//! Which records are titles, headers, footers or data, told by the column dictionary.

use std::sync::Arc;

use domain::finding::{Finding, FindingCode};

use crate::certificate_row::form_finding;
use crate::column::Column;
use crate::delimited::{HeaderPart, Record};
use crate::dictionary::{Dictionary, title_key};

mod column_map;
mod furniture;
mod likeness;
mod likest;
mod other_shape;
mod paired;
mod returned_report;
#[cfg(test)]
mod tests;
mod two_rows;

pub use column_map::{ColumnMap, unread_titles};
pub(crate) use likeness::{is_persons_number, looks_like_data};
pub use likest::{Likest, UnreadableEntry};
pub(crate) use other_shape::likelier;
pub(crate) use paired::PairedHeaders;
pub use returned_report::ReturnedReport;

/// A header stands among this many records at the head of a file.
pub const HEADER_WITHIN_RECORDS: usize = 20;

/// What a record is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordClass {
    /// A title above the header, or the same again at the head of a page.
    Title,
    /// The row of column titles. A later header with other titles rules the rows below it.
    Header(Arc<ColumnMap>),
    /// The row of column titles once more.
    RepeatedHeader,
    /// A total, or who made the list and when.
    Footer,
    /// Nothing but white space.
    Blank,
    /// Anything else: a row that must be accounted for.
    Data,
}

impl RecordClass {
    /// Why a record is no row of the table; nothing for data. Without a header nothing above it can be its title. What has the look of data is held where it
    /// stands below no header, since it cannot be read there, and what is faulty is told as such.
    pub(crate) fn why_not_read(&self, record: &Record, has_header: bool) -> Option<Finding> {
        let code = match self {
            Self::Data => return None,
            Self::Title if record.header_part().is_none() && record.fault().is_some() => return record.fault().map(form_finding),
            Self::Title if !has_header && looks_like_data(record) => FindingCode::RowWithoutHeader,
            Self::Title if looks_like_data(record) => FindingCode::AboveHeader,
            Self::Title if !has_header => FindingCode::SheetWithoutHeader,
            Self::Title => FindingCode::TitleRow,
            Self::Header(_) => FindingCode::HeaderRow,
            Self::RepeatedHeader => FindingCode::RepeatedHeader,
            Self::Footer => FindingCode::TotalRow,
            Self::Blank => FindingCode::BlankRow,
        };
        match record.header_part() {
            Some(HeaderPart::Titles(delivered)) => Some(Finding::about(code, delivered)),
            Some(HeaderPart::Groups | HeaderPart::Repeated) | None => Some(Finding::new(code)),
        }
    }
}

/// Classifies the records of one file in their order.
#[derive(Debug)]
pub struct Classifier {
    dictionary: &'static Dictionary,
    header: Option<Arc<ColumnMap>>,
    titles_above: Vec<String>,
}

impl Classifier {
    /// A classifier for a file of which nothing was read.
    #[must_use]
    pub fn new(dictionary: &'static Dictionary) -> Self {
        Self { dictionary, header: None, titles_above: Vec::new() }
    }

    /// The header in force.
    #[must_use]
    pub fn header(&self) -> Option<&Arc<ColumnMap>> {
        self.header.as_ref()
    }

    /// Takes titles that the format gives outside its records, where they serve as a header.
    pub fn adopt_titles(&mut self, titles: &Record) {
        let recognised = ColumnMap::recognise(titles, self.dictionary).filter(|map| map.missing(self.dictionary).is_empty());
        if let Some(map) = recognised {
            self.adopt(map);
        }
    }

    /// Says what the next record of the file is.
    pub fn classify(&mut self, record: &Record) -> RecordClass {
        match record.header_part() {
            Some(HeaderPart::Groups) => return RecordClass::Title,
            Some(HeaderPart::Repeated) => return RecordClass::RepeatedHeader,
            Some(HeaderPart::Titles(_)) | None => {}
        }
        if record.is_blank() {
            return RecordClass::Blank;
        }
        let Some(header) = &self.header else {
            return self.classify_above_header(record);
        };
        if may_be_header(header, record) {
            if self.knows_places() {
                return if is_named_as(header, record, self.dictionary) { RecordClass::RepeatedHeader } else { RecordClass::Data };
            }
            if header.is_repeated_by(record, self.dictionary) {
                return RecordClass::RepeatedHeader;
            }
            if let Some(other) = ColumnMap::recognise(record, self.dictionary).filter(|map| map.missing(self.dictionary).is_empty()) {
                return self.adopt(other);
            }
        }
        if furniture::is_footer(header, record) {
            return RecordClass::Footer;
        }
        if !self.titles_above.is_empty() && furniture::only_cell(record).is_some_and(|cell| self.titles_above.contains(&title_key(cell))) {
            return RecordClass::Title;
        }
        RecordClass::Data
    }

    /// Whether a column that is needed is known by its place: then any row would do for a header.
    fn knows_places(&self) -> bool {
        self.dictionary.required().iter().any(|&column| self.dictionary.place_of(column).is_some())
    }

    fn classify_above_header(&mut self, record: &Record) -> RecordClass {
        if let Some(map) = self.columns_without_header(record) {
            self.header = Some(Arc::new(map));
            return RecordClass::Data;
        }
        let recognised = ColumnMap::recognise(record, self.dictionary).filter(|map| map.missing(self.dictionary).is_empty());
        if let Some(map) = recognised {
            return self.adopt(map);
        }
        self.titles_above.extend(record.fields().map(title_key).filter(|cell| !cell.is_empty()));
        RecordClass::Title
    }

    /// The columns by their places, where the record is the first row of data: the file is said to have no header, or a number stands where one belongs.
    fn columns_without_header(&self, record: &Record) -> Option<ColumnMap> {
        let map = ColumnMap::by_places(record.len(), self.dictionary).filter(|_| record.fault().is_none())?;
        let has_number = || [Column::Identity, Column::Number].into_iter().any(|column| is_persons_number(map.value(record, column)));
        let is_data = if self.dictionary.has_header() { has_number() } else { !is_named_as(&map, record, self.dictionary) };
        is_data.then_some(map)
    }

    fn adopt(&mut self, map: ColumnMap) -> RecordClass {
        let map = Arc::new(map);
        self.header = Some(Arc::clone(&map));
        RecordClass::Header(map)
    }
}

/// Whether a record names the columns that are needed by the titles of a header, as the head of a batch report does whose file had none.
fn is_named_as(header: &ColumnMap, record: &Record, dictionary: &Dictionary) -> bool {
    let has_title = |column| header.title(column).is_some_and(|title| title_key(title) == title_key(header.value(record, column)));
    dictionary.required().iter().all(|&column| has_title(column))
}

/// A quick look that spares every data row the dictionary: where a number is asked for, titles have no digit.
fn may_be_header(header: &ColumnMap, record: &Record) -> bool {
    [Column::Identity, Column::Number].into_iter().all(|column| {
        let cell = header.value(record, column);
        !cell.is_empty() && !cell.chars().any(|character| character.is_ascii_digit() || ('０'..='９').contains(&character))
    })
}
