//! Tables of dBASE and FoxPro (DBF), record by record. The code page that the table states is not believed: the texts decide.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

use encoding_rs::GB18030;
use time::Date;

use super::FindMemo;
use super::memo::MemoFile;
use super::refusal::Refusal;
use super::row::number_text;
use crate::delimited::{CellNote, Limits, Record, RecordFault};
use crate::text_encoding::{self, TextEncoding};

/// How much of the records is looked at for their encoding.
const SAMPLE_BYTES: u64 = 256 * 1024;

#[derive(Debug)]
struct Field {
    title: String,
    kind: u8,
    length: usize,
}

pub(super) struct Dbase {
    reader: BufReader<File>,
    encoding: TextEncoding,
    fields: Vec<Field>,
    record: Vec<u8>,
    announced: u64,
    read: u64,
    titles_given: bool,
    ended: bool,
    /// What stands for the records that are not there, once the table has ended.
    missing: Option<Record>,
    memo: Option<MemoFile>,
}

pub(super) fn open(mut file: File, memo: FindMemo<'_>) -> Result<Dbase, Refusal> {
    let damaged = || Refusal::Damaged("its header does not describe a table".to_owned());
    let mut head = [0; 32];
    file.rewind()?;
    file.read_exact(&mut head)?;
    let header_bytes = u64::from(u16::from_le_bytes([head[8], head[9]]));
    let record_bytes = usize::from(u16::from_le_bytes([head[10], head[11]]));
    let mut descriptors = Vec::new();
    let described = header_bytes.saturating_sub(32);
    if (file.by_ref().take(described).read_to_end(&mut descriptors)? as u64) < described {
        return Err(Refusal::Damaged("it breaks off within its header".to_owned()));
    }
    let mut fields = Vec::new();
    for descriptor in descriptors.chunks_exact(32).take_while(|descriptor| !matches!(descriptor[0], 0x0D | 0)) {
        let name = descriptor[..11].split(|&byte| byte == 0).next().unwrap_or_default();
        let kind = descriptor[11].to_ascii_uppercase();
        // Long texts of some dialects carry the high byte of their length in the place of the decimals.
        let high = if kind == b'C' { usize::from(descriptor[17]) << 8 } else { 0 };
        let title = GB18030.decode_without_bom_handling(name).0.trim().to_owned();
        fields.push(Field { title, kind, length: usize::from(descriptor[16]) + high });
    }
    let width: usize = 1 + fields.iter().map(|field| field.length).sum::<usize>();
    if fields.is_empty() || record_bytes < width {
        return Err(damaged());
    }
    file.seek(SeekFrom::Start(header_bytes))?;
    let mut sample = Vec::new();
    file.by_ref().take(SAMPLE_BYTES).read_to_end(&mut sample)?;
    file.seek(SeekFrom::Start(header_bytes))?;
    let has_memo = fields.iter().any(|field| field.kind == b'M');
    let memo = if has_memo { ["fpt", "dbt"].iter().find_map(|kind| MemoFile::open(memo(kind)?, kind).ok()) } else { None };
    Ok(Dbase {
        reader: BufReader::with_capacity(1 << 18, file),
        // Plain ASCII says nothing of the memo texts.
        encoding: if sample.is_ascii() { TextEncoding::Gb18030 } else { text_encoding::utf8_or_gb18030(&sample) },
        fields,
        record: vec![0; record_bytes],
        announced: u64::from(u32::from_le_bytes([head[4], head[5], head[6], head[7]])),
        read: 0,
        titles_given: false,
        ended: false,
        missing: None,
        memo,
    })
}

impl Dbase {
    fn next_record(&mut self) -> io::Result<Option<Record>> {
        if !self.titles_given {
            self.titles_given = true;
            return Ok(Some(Record::of(0, self.fields.iter().map(|field| field.title.as_str())).marked_titles()));
        }
        let filled = self.fill()?;
        if filled < self.record.len() {
            return self.last_record(filled);
        }
        self.read += 1;
        let deleted = self.record[0] == b'*';
        let record = self.fields_of_record()?;
        Ok(Some(if deleted { record.with_fault(RecordFault::Deleted) } else { record }))
    }

    /// Reads the bytes of the next record; how many there are, none at the mark of the end.
    fn fill(&mut self) -> io::Result<usize> {
        let mut filled = 0;
        while filled < self.record.len() {
            match self.reader.read(&mut self.record[filled..])? {
                0 => break,
                read => filled += read,
            }
            // The mark of the end stands where a record would begin.
            if self.record[0] == 0x1A {
                return Ok(0);
            }
        }
        Ok(filled)
    }

    /// Ends the table: with what is there of a record in which it breaks off, and with a record that counts those which its header announces in vain.
    fn last_record(&mut self, filled: usize) -> io::Result<Option<Record>> {
        self.ended = true;
        let lacks = self.read < self.announced;
        let is_padding = self.record[..filled].iter().all(|byte| matches!(byte, 0 | b' ' | 0x1A));
        let mut broken = None;
        // A mark of deletion alone is nothing of a record.
        if filled > 1 && (lacks || !is_padding) {
            self.record[filled..].fill(b' ');
            self.read += 1;
            broken = Some(self.fields_of_record()?.with_fault(RecordFault::Truncated));
        }
        let missing = self.announced.saturating_sub(self.read);
        if missing > 0 {
            let empty = Record::of(self.read + 1, self.fields.iter().map(|_| ""));
            self.missing = Some(empty.with_fault(RecordFault::Missing { records: missing, announced: self.announced }));
        }
        Ok(broken.or_else(|| self.missing.take()))
    }

    /// The fields of the record, memo texts included, as far as they are within the limits of a record.
    fn fields_of_record(&mut self) -> io::Result<Record> {
        let limits = Limits::default();
        let mut record = Record::of(self.read, []);
        let mut fault = None;
        let mut at = 1;
        for (place, field) in self.fields.iter().enumerate().take(limits.fields) {
            let bytes = &self.record[at..at + field.length];
            at += field.length;
            let left = limits.bytes.saturating_sub(record.size_bytes());
            let read = match field.kind {
                _ if fault.is_some() => None,
                b'M' => memo_text(bytes, self.memo.as_mut(), self.encoding, left),
                kind => Some(cell(kind, bytes, self.encoding)),
            };
            let (text, note) = read.filter(|(text, _)| text.len() <= left).unwrap_or_else(|| {
                fault = Some(RecordFault::TooLong);
                (String::new(), None)
            });
            record.push(&text.replace('\0', "\u{FFFD}"));
            if let Some(note) = note {
                record.note_cell(place, note);
            }
        }
        if self.fields.len() > limits.fields {
            fault = Some(RecordFault::TooManyFields);
        }
        Ok(match fault {
            Some(fault) => record.with_fault(fault),
            None => record,
        })
    }
}

fn cell(kind: u8, bytes: &[u8], encoding: TextEncoding) -> (String, Option<CellNote>) {
    let number = |text: String| (text, Some(CellNote::Number));
    match (kind, bytes) {
        (b'I', &[a, b, c, d]) => number(i32::from_le_bytes([a, b, c, d]).to_string()),
        (b'B', &[a, b, c, d, e, f, g, h]) => number(number_text(f64::from_le_bytes([a, b, c, d, e, f, g, h]))),
        (b'T', &[a, b, c, d, ..]) => (julian_day(i32::from_le_bytes([a, b, c, d])), None),
        (b'D', _) => {
            let text = String::from_utf8_lossy(trimmed(bytes)).into_owned();
            // A date field is eight digits by definition, not by the writer's taste.
            let iso = (text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()))
                .then(|| format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]));
            (iso.unwrap_or(text), None)
        }
        (b'N' | b'F', _) => {
            let text = String::from_utf8_lossy(trimmed(bytes)).trim_start().to_owned();
            // Digits are stored as such, unless there are more than a number of this format keeps.
            let note = (text.len() > 15 && text.contains(['.', 'e', 'E'])).then_some(CellNote::Number);
            (text, note)
        }
        // Pictures, objects and the marks of empty fields are no text.
        (b'G' | b'P' | b'0', _) => (String::new(), None),
        _ => decoded(trimmed(bytes), encoding),
    }
}

fn trimmed(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|byte| !matches!(byte, b' ' | 0)).map_or(0, |last| last + 1);
    &bytes[..end]
}

/// Decodes a field; half a character at its end is left out and noted (case 40).
fn decoded(bytes: &[u8], encoding: TextEncoding) -> (String, Option<CellNote>) {
    let whole = if encoding == TextEncoding::Utf8 { whole_utf8(bytes) } else { whole_gb18030(bytes) };
    let kept = &bytes[..whole];
    let text = if encoding == TextEncoding::Utf8 {
        String::from_utf8_lossy(kept).into_owned()
    } else {
        GB18030.decode_without_bom_handling(kept).0.into_owned()
    };
    (text, (whole < bytes.len()).then_some(CellNote::HalfCharacter))
}

fn whole_utf8(bytes: &[u8]) -> usize {
    match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        Ok(_) | Err(_) => bytes.len(),
    }
}

/// How many bytes are whole characters: all, unless the last one lacks its second byte, or the third and fourth.
fn whole_gb18030(bytes: &[u8]) -> usize {
    let mut at = 0;
    while at < bytes.len() {
        let length = match (bytes[at], bytes.get(at + 1)) {
            (0x81..=0xFE, None) => return at,
            (0x81..=0xFE, Some(b'0'..=b'9')) if at + 4 > bytes.len() => return at,
            (0x81..=0xFE, Some(b'0'..=b'9')) => 4,
            (0x81..=0xFE, Some(_)) => 2,
            _ => 1,
        };
        at += length;
    }
    bytes.len()
}

/// The day of a Julian day number, as FoxPro stores moments.
fn julian_day(number: i32) -> String {
    if number == 0 { String::new() } else { Date::from_julian_day(number).map_or_else(|_| number.to_string(), |day| day.to_string()) }
}

/// The text in the memo file; nothing where it is longer than `most` bytes.
fn memo_text(bytes: &[u8], memo: Option<&mut MemoFile>, encoding: TextEncoding, most: usize) -> Option<(String, Option<CellNote>)> {
    let block = match bytes {
        &[a, b, c, d] => u64::from(u32::from_le_bytes([a, b, c, d])),
        digits => String::from_utf8_lossy(digits).trim().parse().unwrap_or(0),
    };
    if block == 0 {
        return Some((String::new(), None));
    }
    match memo.map(|memo| memo.text(block, most)) {
        Some(Ok(Some(text))) => Some(decoded(trimmed(&text), encoding)),
        Some(Ok(None)) => None,
        Some(Err(_)) | None => Some((String::new(), Some(CellNote::MemoMissing))),
    }
}

impl Iterator for Dbase {
    type Item = io::Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return self.missing.take().map(Ok);
        }
        let item = self.next_record().transpose();
        self.ended |= !matches!(item, Some(Ok(_)));
        item
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_character_at_the_end_is_left_out_and_told() {
        let cases: &[(&[u8], TextEncoding, &str, bool)] = &[
            (b"\xB9\xAB\xCB\xBE", TextEncoding::Gb18030, "公司", false),
            (b"\xB9\xAB\xCB", TextEncoding::Gb18030, "公", true),
            (b"\xB9\xAB\x90\x30\x81", TextEncoding::Gb18030, "公", true),
            (b"\xE5\x85\xAC\xE5\x8F", TextEncoding::Utf8, "公", true),
            (b"A1", TextEncoding::Gb18030, "A1", false),
            (b"", TextEncoding::Gb18030, "", false),
        ];
        for (bytes, encoding, text, is_cut) in cases {
            assert_eq!(decoded(bytes, *encoding), ((*text).to_owned(), is_cut.then_some(CellNote::HalfCharacter)), "{bytes:x?}");
        }
    }

    #[test]
    fn fields_are_read_by_their_type() {
        let text = |kind, bytes: &[u8]| cell(kind, bytes, TextEncoding::Gb18030).0;
        assert_eq!(text(b'D', b"20160305"), "2016-03-05");
        assert_eq!(text(b'D', b"        "), "");
        assert_eq!(text(b'I', &7_i32.to_le_bytes()), "7");
        assert_eq!(text(b'T', &[0x4E, 0x83, 0x25, 0, 0, 0, 0, 0]), "2018-11-23");
        assert_eq!(text(b'N', b"   12"), "12");
        assert_eq!(text(b'0', b"\x01"), "");
    }
}
