//! JSON Lines: an object a line, its keys the titles. A line that is no object is one faulty record.

use std::collections::HashMap;
use std::fmt;
use std::io::{self, BufRead, BufReader, Read};

use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use serde_json::Value;

use super::row::number_text;
use crate::delimited::{CellNote, Limits, Record, RecordFault};

/// Bytes of one title.
const LONGEST_TITLE_BYTES: usize = 256;
/// Bytes of all titles.
const MOST_TITLE_BYTES: usize = 64 << 10;
/// Lines that may add titles: each of them gives all titles anew.
const MOST_ADDING_LINES: usize = 256;

pub(super) struct JsonLines<R> {
    reader: BufReader<R>,
    limits: Limits,
    line: u64,
    titles: Titles,
    waiting: Option<Record>,
    failed: bool,
}

pub(super) fn open<R: Read>(reader: R) -> JsonLines<R> {
    let limits = Limits::default();
    JsonLines { reader: BufReader::new(reader), limits, line: 0, titles: Titles::default(), waiting: None, failed: false }
}

/// The keys that occurred, in their order.
#[derive(Default)]
struct Titles {
    list: Vec<String>,
    /// Where a key stands; a key that came twice in an object has a place for each.
    places: HashMap<String, Vec<usize>>,
    bytes: usize,
    adding_lines: usize,
}

impl Titles {
    /// A new place for a key, unless it is longer or one more than may be.
    fn add(&mut self, key: String, most: usize) -> Option<usize> {
        let bytes = self.bytes + key.len();
        if key.len() > LONGEST_TITLE_BYTES || bytes > MOST_TITLE_BYTES || self.list.len() >= most || self.adding_lines >= MOST_ADDING_LINES
        {
            return None;
        }
        self.bytes = bytes;
        self.list.push(key.replace('\0', "\u{FFFD}"));
        self.places.entry(key).or_default().push(self.list.len() - 1);
        Some(self.list.len() - 1)
    }

    /// Forgets the titles of a line that cannot be taken.
    fn forget_beyond(&mut self, known: usize) {
        if self.list.len() > known {
            self.list.truncate(known);
            self.bytes = self.list.iter().map(String::len).sum();
            self.places.values_mut().for_each(|places| places.retain(|place| *place < known));
        }
    }
}

/// The members of an object in their order.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

impl<R: Read> JsonLines<R> {
    /// The next line without its end; the flag says that it was cut.
    fn next_line(&mut self) -> io::Result<Option<(Vec<u8>, bool)>> {
        let mut line = Vec::new();
        let most = self.limits.bytes as u64;
        if self.reader.by_ref().take(most).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        self.line += 1;
        let cut = line.len() as u64 == most && !line.ends_with(b"\n");
        if cut {
            self.reader.skip_until(b'\n')?;
        }
        while line.ends_with(b"\n") || line.ends_with(b"\r") {
            line.pop();
        }
        Ok(Some((line, cut)))
    }

    fn next_record(&mut self) -> io::Result<Option<Record>> {
        if let Some(record) = self.waiting.take() {
            return Ok(Some(record));
        }
        let Some((line, cut)) = self.next_line()? else {
            return Ok(None);
        };
        let text = String::from_utf8_lossy(&line).replace('\0', "\u{FFFD}");
        if cut {
            return Ok(Some(Record::of(self.line, [text.as_str()]).with_fault(RecordFault::TooLong)));
        }
        if text.trim().is_empty() {
            return Ok(Some(Record::of(self.line, [""])));
        }
        let Ok(Members(members)) = serde_json::from_str(&text) else {
            return Ok(Some(Record::of(self.line, [text.as_str()]).with_fault(RecordFault::NotAnObject)));
        };
        let known = self.titles.list.len();
        let record = self.record(members);
        if self.titles.list.len() == known {
            return Ok(Some(record));
        }
        self.titles.adding_lines += 1;
        self.waiting = Some(record);
        Ok(Some(Record::of(self.line, self.titles.list.iter().map(String::as_str)).marked_titles()))
    }

    fn record(&mut self, members: Vec<(String, Value)>) -> Record {
        let known = self.titles.list.len();
        let mut cells: Vec<Option<String>> = vec![None; known];
        let mut notes = Vec::new();
        for (key, value) in members {
            let free = self.titles.places.get(&key).and_then(|places| places.iter().copied().find(|&place| cells[place].is_none()));
            // A key that comes twice in an object is a column of its own, so that neither value is lost.
            let Some(place) = free.or_else(|| self.titles.add(key, self.limits.fields)) else {
                self.titles.forget_beyond(known);
                let cells = cells.iter().take(known).map(|cell| cell.as_deref().unwrap_or_default());
                return Record::of(self.line, cells).with_fault(RecordFault::TooManyFields);
            };
            cells.resize(self.titles.list.len(), None);
            let (text, note) = text_of(value);
            notes.extend(note.map(|note| (place, note)));
            cells[place] = Some(text);
        }
        let mut record = Record::of(self.line, cells.iter().map(|cell| cell.as_deref().unwrap_or_default()));
        for (place, note) in notes {
            record.note_cell(place, note);
        }
        record.leaving_out_empty_end()
    }
}

/// A whole number stands in JSON with all its digits; another number may have lost some.
fn text_of(value: Value) -> (String, Option<CellNote>) {
    match value {
        Value::Null => (String::new(), None),
        Value::String(text) => (text.replace('\0', "\u{FFFD}"), None),
        Value::Number(number) if number.is_f64() => {
            (number.as_f64().map_or_else(|| number.to_string(), number_text), Some(CellNote::Number))
        }
        other @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => (other.to_string(), None),
    }
}

impl<R: Read> Iterator for JsonLines<R> {
    type Item = io::Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let item = self.next_record().transpose();
        self.failed = matches!(item, Some(Err(_)));
        item
    }
}
