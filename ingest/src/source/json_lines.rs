//! JSON Lines: an object a line, its keys the titles. A line that is no object is one faulty record.

use std::collections::HashMap;
use std::fmt;
use std::io::{self, BufRead, BufReader, Read};

use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use serde_json::Value;

use super::row::number_text;
use crate::delimited::{CellNote, Limits, Record, RecordFault};

pub(super) struct JsonLines<R> {
    reader: BufReader<R>,
    limits: Limits,
    line: u64,
    titles: Vec<String>,
    places: HashMap<String, usize>,
    waiting: Option<Record>,
    failed: bool,
}

pub(super) fn open<R: Read>(reader: R) -> JsonLines<R> {
    let limits = Limits::default();
    JsonLines { reader: BufReader::new(reader), limits, line: 0, titles: Vec::new(), places: HashMap::new(), waiting: None, failed: false }
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
        let known = self.titles.len();
        let record = self.record(members);
        if self.titles.len() == known {
            return Ok(Some(record));
        }
        self.waiting = Some(record);
        Ok(Some(Record::of(self.line, self.titles.iter().map(String::as_str)).marked_titles()))
    }

    fn record(&mut self, members: Vec<(String, Value)>) -> Record {
        let mut cells: Vec<Option<String>> = vec![None; self.titles.len()];
        let mut notes = Vec::new();
        let mut fault = None;
        for (key, value) in members {
            let known = self.places.get(&key).copied().filter(|&place| cells[place].is_none());
            let place = match known {
                Some(place) => place,
                // A key that comes twice in an object is a column of its own, so that neither value is lost.
                None if self.titles.len() < self.limits.fields => {
                    let place = self.titles.len();
                    self.titles.push(key.replace('\0', "\u{FFFD}"));
                    self.places.entry(key).or_insert(place);
                    cells.push(None);
                    place
                }
                None => {
                    fault = Some(RecordFault::TooManyFields);
                    continue;
                }
            };
            let (text, note) = text_of(value);
            notes.extend(note.map(|note| (place, note)));
            cells[place] = Some(text);
        }
        let mut record = Record::of(self.line, cells.iter().map(|cell| cell.as_deref().unwrap_or_default()));
        for (place, note) in notes {
            record.note_cell(place, note);
        }
        match fault {
            Some(fault) => record.with_fault(fault),
            None => record.leaving_out_empty_end(),
        }
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
