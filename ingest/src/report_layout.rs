//! One header for a report over sheets whose titles differ: the titles of all sheets in their order, and where the cells of each sheet stand below them.

use std::collections::HashMap;

use crate::column::Column;
use crate::delimited::Record;
use crate::dictionary::{Dictionary, title_key};
use crate::header::ColumnMap;

/// Where the cells of every header's rows stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportLayout {
    titles: Vec<String>,
    /// For each header, the place of each of its cells.
    places: Vec<Vec<usize>>,
}

/// What makes two titles of different sheets one column: the meaning under which they are read, else the title itself and how often it stood before.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Meaning(Column),
    Title(String, usize),
}

impl ReportLayout {
    /// The layout over these headers. A dictionary puts cells of one meaning below one title, since only one of several titles is read when the report comes
    /// back.
    #[must_use]
    pub fn of(headers: &[Vec<String>], dictionary: Option<&Dictionary>) -> Self {
        let mut titles: Vec<String> = Vec::new();
        let mut known: HashMap<Key, usize> = HashMap::new();
        let mut places = Vec::new();
        for header in headers {
            let record = Record::of(1, header.iter().map(String::as_str));
            let map = dictionary.and_then(|dictionary| ColumnMap::recognise(&record, dictionary));
            let meaning = |place| {
                let map = map.as_ref()?;
                Column::ALL.iter().copied().find(|&column| map.place(column) == Some(place))
            };
            let mut seen: HashMap<String, usize> = HashMap::new();
            let mut of_header = Vec::with_capacity(header.len());
            for (place, title) in header.iter().enumerate() {
                let key = meaning(place).map_or_else(
                    || {
                        let count = seen.entry(title_key(title)).or_default();
                        *count += 1;
                        Key::Title(title_key(title), *count)
                    },
                    Key::Meaning,
                );
                of_header.push(*known.entry(key).or_insert_with(|| {
                    titles.push(title.trim().to_owned());
                    titles.len() - 1
                }));
            }
            places.push(of_header);
        }
        Self { titles, places }
    }

    /// The titles of the report, its own left out.
    #[must_use]
    pub fn titles(&self) -> &[String] {
        &self.titles
    }

    /// The cells of a row below the header of that number, in the order of the report. A row that was shorter than its header stays too short, one that was
    /// longer too long, so that it is found again when the report comes back. The cells of a row below none stand beyond all titles.
    #[must_use]
    pub fn arranged<'a>(&self, header: Option<usize>, cells: &'a [String]) -> Vec<&'a str> {
        let Some(places) = header.and_then(|header| self.places.get(header)) else {
            // Below no title, and so too long when they come back.
            return std::iter::repeat_n("", self.titles.len()).chain(cells.iter().map(String::as_str)).collect();
        };
        let whole = cells.len() >= places.len();
        let mut arranged: Vec<&str> = Vec::new();
        if whole && self.places.len() > 1 {
            arranged.resize(self.titles.len(), "");
        }
        for (place, cell) in cells.iter().enumerate() {
            let at = places.get(place).copied().unwrap_or_else(|| self.titles.len() + (place - places.len()));
            if arranged.len() <= at {
                arranged.resize(at + 1, "");
            }
            arranged[at] = cell;
        }
        arranged
    }
}

#[cfg(test)]
mod tests {
    use domain::kind::Kind;

    use super::*;

    fn texts(text: &str) -> Vec<String> {
        text.split(',').map(str::to_owned).collect()
    }

    #[test]
    fn cells_of_every_sheet_stand_below_their_titles() {
        let headers = [texts("姓名,身份证号,证书编号,备注"), texts("证书编号,甲,姓名,身份证号码,备注")];
        let layout = ReportLayout::of(&headers, Some(Dictionary::of(Kind::SafetyPersonnel)));
        assert_eq!(layout.titles(), ["姓名", "身份证号", "证书编号", "备注", "甲"]);
        assert_eq!(layout.arranged(Some(0), &texts("张三,1,2,3")), ["张三", "1", "2", "3", ""]);
        assert_eq!(layout.arranged(Some(1), &texts("2,x,张三,1,3")), ["张三", "1", "2", "3", "x"]);
        assert_eq!(layout.arranged(Some(1), &texts("2,x,张三")), ["张三", "", "2", "", "x"], "what it had stands in its place");
        assert_eq!(layout.arranged(Some(0), &texts("张三,1,2,3,多")).last(), Some(&"多"));
    }

    #[test]
    fn under_one_header_rows_stay_as_they_are() {
        let layout = ReportLayout::of(&[texts("姓名,备注,备注")], None);
        for row in ["张三,1,2", "张三", "张三,1,2,3,4", ""] {
            assert_eq!(layout.arranged(Some(0), &texts(row)).join(","), row);
        }
        assert_eq!(layout.titles().len(), 3, "a title may stand twice");
        assert_eq!(ReportLayout::of(&[], None).arranged(Some(0), &texts("a,b")), ["a", "b"]);
        assert_eq!(layout.arranged(None, &texts("a,b")).join(","), ",,,a,b", "what stands below no title comes below none");
    }
}
