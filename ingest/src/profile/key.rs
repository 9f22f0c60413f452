//! The keys of a profile that say how a file is opened and its header found, and the profile without some of them.

use super::{Place, Profile};
use crate::dictionary::title_key;
use crate::header::ColumnMap;

/// A key on which it depends whether a header is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// `encoding`.
    Encoding,
    /// `delimiter`.
    Delimiter,
    /// `skip_rows`.
    SkipRows,
    /// `header`.
    Header,
    /// The table `columns`.
    Columns,
}

impl Key {
    /// Every key, the likeliest fault first.
    pub const ALL: [Self; 5] = [Self::Encoding, Self::Delimiter, Self::SkipRows, Self::Header, Self::Columns];

    /// The key as the profile writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Encoding => "encoding",
            Self::Delimiter => "delimiter",
            Self::SkipRows => "skip_rows",
            Self::Header => "header",
            Self::Columns => "columns",
        }
    }
}

impl Profile {
    /// Whether the profile says anything under a key.
    #[must_use]
    pub fn has(&self, key: Key) -> bool {
        match key {
            Key::Encoding => self.encoding.is_some(),
            Key::Delimiter => self.delimiter.is_some(),
            Key::SkipRows => self.skip_rows > 0,
            Key::Header => !self.has_header,
            Key::Columns => !self.columns.is_empty(),
        }
    }

    /// The profile without some keys, and with another text, by which it is known.
    #[must_use]
    pub(crate) fn without(&self, keys: &[Key]) -> Self {
        let mut other = self.clone();
        for key in keys {
            match key {
                Key::Encoding => other.encoding = None,
                Key::Delimiter => other.delimiter = None,
                Key::SkipRows => other.skip_rows = 0,
                Key::Header => other.has_header = true,
                // Without columns in their places nothing is known of a file without titles.
                Key::Columns => (other.columns, other.has_header) = (std::collections::BTreeMap::new(), true),
            }
            other.text += "\n# without ";
            other.text += key.as_str();
        }
        other
    }

    /// Whether any column is known by its place.
    #[must_use]
    pub fn knows_by_place(&self) -> bool {
        self.columns.values().any(|place| matches!(place, Place::At(_)))
    }

    /// The columns, with their titles or places, that a header does not have.
    #[must_use]
    pub(crate) fn columns_not_in(&self, header: &ColumnMap) -> Vec<String> {
        let is_there = |place: &Place| match place {
            Place::Title(title) => header.titles().iter().any(|known| title_key(known) == title_key(title)),
            Place::At(place) => header.titles().get(*place).is_some_and(|title| !title.is_empty()),
        };
        let absent = self.columns.iter().filter(|(_, place)| !is_there(place));
        absent
            .map(|(column, place)| match place {
                Place::Title(title) => format!("{title:?} ({})", column.as_str()),
                Place::At(place) => format!("{} ({})", place + 1, column.as_str()),
            })
            .collect()
    }
}
