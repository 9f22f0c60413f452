//! The columns of one header: which column of the file means what, and the titles as they stand there.

use std::sync::Arc;

use super::likeness::looks_like_data;
use crate::column::Column;
use crate::delimited::Record;
use crate::dictionary::{Dictionary, Meaning};

/// Where the columns stand in the records below a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnMap {
    titles: Arc<[Box<str>]>,
    places: Vec<Option<usize>>,
    /// Further places under the very title of a column that is read.
    again: Vec<(Column, usize)>,
    width: usize,
}

impl ColumnMap {
    /// Reads a record as a header: at least two columns known, and with them all that are needed or no less known than unknown titles; and nobody's
    /// number among them.
    #[must_use]
    pub fn recognise(record: &Record, dictionary: &Dictionary) -> Option<Self> {
        let mut chosen: Vec<Option<(usize, usize)>> = vec![None; Column::ALL.len()];
        let (mut known, mut written) = (0, 0);
        let mut meant: Vec<(Column, usize, usize)> = Vec::new();
        for (place, title) in record.fields().enumerate() {
            if title.trim().is_empty() {
                continue;
            }
            written += 1;
            let Some(Meaning { column, rank }) = dictionary.meaning_at(place, title) else {
                continue;
            };
            known += 1;
            meant.push((column, rank, place));
            let slot = &mut chosen[column as usize];
            if slot.is_none_or(|(best, _)| rank < best) {
                *slot = Some((rank, place));
            }
        }
        let needed = dictionary.required();
        let has_all_needed = !needed.is_empty() && needed.iter().all(|&column| chosen[column as usize].is_some());
        let is_mostly_unknown = known * 2 < written && !has_all_needed;
        if known < 2 || is_mostly_unknown || record.fault().is_some() || looks_like_data(record) {
            return None;
        }
        let titles: Arc<[Box<str>]> = record.fields().map(|title| title.trim().into()).collect();
        let width = titles.iter().rposition(|title| !title.is_empty()).map_or(0, |last| last + 1);
        let is_again = |(column, rank, place): &(Column, usize, usize)| {
            chosen[*column as usize].is_some_and(|(best, first)| best == *rank && first != *place)
        };
        let again = meant.into_iter().filter(is_again).map(|(column, _, place)| (column, place)).collect();
        let places = chosen.into_iter().map(|slot| slot.map(|(_, place)| place)).collect();
        Some(Self { titles, places, again, width })
    }

    /// The columns that are known by their places, above rows of so many cells; their titles are those under which they are best delivered. Nothing where
    /// one that is needed is not known so.
    pub(super) fn by_places(cells: usize, dictionary: &Dictionary) -> Option<Self> {
        if dictionary.required().iter().any(|&column| dictionary.place_of(column).is_none()) {
            return None;
        }
        let places: Vec<Option<usize>> = Column::ALL.iter().map(|&column| dictionary.place_of(column)).collect();
        let width = places.iter().flatten().max().map_or(0, |last| last + 1);
        let title = |place| dictionary.column_at(place).map_or("", |column| dictionary.preferred_title(column));
        let titles = (0..cells.max(width)).map(|place| title(place).into()).collect();
        Some(Self { titles, places, again: Vec::new(), width })
    }

    /// No columns, for rows that stand below no header.
    #[must_use]
    pub fn none() -> Self {
        Self { titles: Arc::new([]), places: vec![None; Column::ALL.len()], again: Vec::new(), width: 0 }
    }

    /// The titles in the order of the file.
    #[must_use]
    pub fn titles(&self) -> &Arc<[Box<str>]> {
        &self.titles
    }

    /// How many fields a record needs: up to the last title that is not empty.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// The place of a column, counted from 0.
    #[must_use]
    pub fn place(&self, column: Column) -> Option<usize> {
        self.places.get(column as usize).copied().flatten()
    }

    /// Columns that the header has more than once, with the places that are not read.
    #[must_use]
    pub fn again(&self) -> &[(Column, usize)] {
        &self.again
    }

    /// The title under which a column stands.
    #[must_use]
    pub fn title(&self, column: Column) -> Option<&str> {
        self.titles.get(self.place(column)?).map(|title| &**title)
    }

    /// Places and titles of the columns that are not read: the dictionary does not know the title, or prefers another column.
    pub fn unread(&self) -> impl Iterator<Item = (usize, &str)> {
        let titles = self.titles.iter().enumerate().map(|(place, title)| (place, &**title));
        titles.filter(|(place, title)| !title.is_empty() && !self.places.contains(&Some(*place)))
    }

    /// The cell of a column without white space around it; empty where there is none.
    #[must_use]
    pub fn value<'record>(&self, record: &'record Record, column: Column) -> &'record str {
        let Some(cell) = self.place(column).and_then(|place| record.get(place)) else {
            return "";
        };
        cell.trim()
    }

    /// The required columns that no title means.
    #[must_use]
    pub fn missing(&self, dictionary: &Dictionary) -> Vec<Column> {
        dictionary.required().iter().copied().filter(|&column| self.place(column).is_none()).collect()
    }

    /// Whether a record has the same columns at the same places, under whatever titles.
    pub(super) fn is_repeated_by(&self, record: &Record, dictionary: &Dictionary) -> bool {
        Self::recognise(record, dictionary).is_some_and(|other| other.places == self.places)
    }
}

/// The titles of all headers under which nothing is read, in their order, each once. A title that is read in one sheet may not be in another.
#[must_use]
pub fn unread_titles(headers: &[Vec<String>], dictionary: &Dictionary) -> Vec<String> {
    let mut unread: Vec<String> = Vec::new();
    for header in headers {
        let Some(map) = ColumnMap::recognise(&Record::of(1, header.iter().map(String::as_str)), dictionary) else { continue };
        for (_, title) in map.unread() {
            if !unread.iter().any(|known| known == title) {
                unread.push(title.to_owned());
            }
        }
    }
    unread
}
