//! A profile: how the files of one origin differ from what the dictionary knows. It maps titles or places to columns, says how dates are written and what
//! words and codes mean, and gives values that stand in no cell. It changes how a cell is read, never what is kept of it.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use domain::finding::FindingCode;
use sha2::{Digest as _, Sha256};
use time::Date;

use crate::column::Column;
use crate::delimited::{Delimiter, Record};
use crate::dictionary::{Dictionary, title_key};
use crate::header::ColumnMap;
use crate::text_encoding::TextEncoding;

mod date_format;
mod form;
mod key;
#[cfg(test)]
mod tests;

pub use date_format::DateFormat;
pub use form::ProfileFault;
pub use key::Key;

/// Where a profile finds a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Under this title.
    Title(String),
    /// At this place, counted from 0.
    At(usize),
}

/// A profile that was read and found sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    text: String,
    encoding: Option<TextEncoding>,
    delimiter: Option<Delimiter>,
    skip_rows: usize,
    has_header: bool,
    columns: BTreeMap<Column, Place>,
    dates: Vec<DateFormat>,
    words: HashMap<Column, HashMap<String, String>>,
    defaults: BTreeMap<Column, String>,
}

/// A profile that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// The file cannot be read.
    #[error("{path}: the profile cannot be read: check the path given to --profile")]
    Unreadable {
        /// The path asked for.
        path: String,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// Its content is no profile.
    #[error("{path}: {fault}")]
    Fault {
        /// The path, or what stands for it.
        path: String,
        /// What is wrong where.
        fault: ProfileFault,
    },
}

/// The columns that hold one day.
const DATES: [Column; 5] = [Column::BirthDate, Column::FirstIssuedOn, Column::IssuedOn, Column::ValidFrom, Column::ValidUntil];

impl Profile {
    /// Reads a profile.
    ///
    /// # Errors
    /// What is wrong with it, with its line and key.
    pub fn parse(text: &str) -> Result<Self, ProfileFault> {
        form::parse(text)
    }

    /// Reads the profile in a file.
    ///
    /// # Errors
    /// When it cannot be read, or is no profile.
    pub fn open(path: &Path) -> Result<Self, ProfileError> {
        let named = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|source| ProfileError::Unreadable { path: named.clone(), source })?;
        Self::parse(&text).map_err(|fault| ProfileError::Fault { path: named, fault })
    }

    /// The text that it was read from.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// SHA-256 of the text.
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        Sha256::digest(self.text.as_bytes()).into()
    }

    /// The encoding in which text is read, whatever it looks like.
    #[must_use]
    pub fn encoding(&self) -> Option<TextEncoding> {
        self.encoding
    }

    /// The delimiter of text, whatever it looks like.
    #[must_use]
    pub fn delimiter(&self) -> Option<Delimiter> {
        self.delimiter
    }

    /// Records at the head of every sheet that are titles, whatever they look like.
    #[must_use]
    pub fn skip_rows(&self) -> usize {
        self.skip_rows
    }

    /// The dictionary with the profile's titles and places in it: a column that the profile names is found there only.
    #[must_use]
    pub fn dictionary(&self, general: &Dictionary) -> Dictionary {
        let titles = self.columns.iter().filter_map(|(&column, place)| match place {
            Place::Title(title) => Some((title_key(title), column)),
            Place::At(_) => None,
        });
        let places = self.columns.iter().filter_map(|(&column, place)| match place {
            Place::At(place) => Some((*place, column)),
            Place::Title(_) => None,
        });
        let dictionary = general.overridden(titles, places, self.defaults.keys().copied());
        if self.has_header { dictionary } else { dictionary.without_header() }
    }

    /// What the profile reads otherwise in a record than its cells say.
    #[must_use]
    pub fn values(&self, columns: &ColumnMap, record: &Record) -> Vec<ProfileValue> {
        let mut values = Vec::new();
        for (&column, words) in &self.words {
            if let Some(word) = words.get(columns.value(record, column)) {
                values.push(ProfileValue { column, text: word.clone(), code: FindingCode::ProfileValue });
            }
        }
        for column in DATES {
            if let Some(day) = self.day(columns.value(record, column)) {
                values.push(ProfileValue { column, text: day.to_string(), code: FindingCode::ProfileValue });
            }
        }
        for (&column, text) in &self.defaults {
            let translated = values.iter().any(|value| value.column == column);
            if columns.value(record, column).is_empty() && !translated {
                values.push(ProfileValue { column, text: text.clone(), code: FindingCode::ProfileDefault });
            }
        }
        values.sort_by_key(|value| value.column);
        values
    }

    /// The day of a cell in the first of the declared forms that it has.
    fn day(&self, cell: &str) -> Option<Date> {
        if cell.is_empty() {
            return None;
        }
        self.dates.iter().find_map(|format| format.read(cell))
    }
}

/// A value that a profile gives in place of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileValue {
    /// The column.
    pub column: Column,
    /// What is read.
    pub text: String,
    /// Whether the cell was translated, or a default stands in.
    pub code: FindingCode,
}
