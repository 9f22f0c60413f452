//! Records of delimited text (CSV, TSV), streamed: every record with the physical line it begins on, whatever is wrong with it. A record that breaks the
//! limits is one faulty record; it never swallows what follows.

use std::io::{self, Read};

mod framing;
mod record;
#[cfg(test)]
mod tests;

pub use framing::Limits;
pub use record::{CellNote, HeaderPart, Record, RecordFault};

use framing::Framed;

/// Bytes asked of the reader at a time.
const CHUNK_BYTES: usize = 64 * 1024;

/// What stands between two fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Delimiter {
    /// A comma, as in CSV.
    Comma,
    /// A tabulator, as in Excel's Unicode text.
    Tab,
    /// A semicolon, as some locales write CSV.
    Semicolon,
}

impl Delimiter {
    const ALL: [Self; 3] = [Self::Comma, Self::Tab, Self::Semicolon];

    /// Its name, as profiles give it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Comma => "comma",
            Self::Tab => "tab",
            Self::Semicolon => "semicolon",
        }
    }

    fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Tab => b'\t',
            Self::Semicolon => b';',
        }
    }
}

/// Reads records from UTF-8 text. Ends after the last record, or after the first error of the reader.
#[derive(Debug)]
pub struct Delimited<R> {
    reader: R,
    delimiter: Delimiter,
    limits: Limits,
    buffer: Vec<u8>,
    position: usize,
    input_ended: bool,
    failed: bool,
    line: u64,
}

impl<R: Read> Delimited<R> {
    /// Reads the first bytes and takes the delimiter under which the records agree best on their number of fields.
    ///
    /// # Errors
    /// When the reader fails.
    pub fn sniffed(reader: R, limits: Limits) -> io::Result<Self> {
        let mut records = Self::new(reader, Delimiter::Comma, limits);
        while records.buffer.len() < CHUNK_BYTES && !records.input_ended {
            records.read_more()?;
        }
        records.delimiter = likeliest_delimiter(&records.buffer, records.input_ended, limits);
        Ok(records)
    }

    /// Reads with a delimiter that is known.
    #[must_use]
    pub fn new(reader: R, delimiter: Delimiter, limits: Limits) -> Self {
        Self { reader, delimiter, limits, buffer: Vec::new(), position: 0, input_ended: false, failed: false, line: 1 }
    }

    /// The delimiter in use.
    #[must_use]
    pub fn delimiter(&self) -> Delimiter {
        self.delimiter
    }

    /// Asks for as much again as is waiting, so that a long record is not framed anew for every chunk.
    fn read_more(&mut self) -> io::Result<()> {
        self.buffer.drain(..self.position);
        self.position = 0;
        let wanted = self.buffer.len().max(CHUNK_BYTES);
        let read = self.reader.by_ref().take(wanted as u64).read_to_end(&mut self.buffer)?;
        self.input_ended = read < wanted;
        Ok(())
    }

    fn next_record(&mut self) -> io::Result<Option<Record>> {
        let mut record = Record::default();
        loop {
            let waiting = &self.buffer[self.position..];
            if waiting.is_empty() && self.input_ended {
                return Ok(None);
            }
            match framing::frame(waiting, self.delimiter.byte(), self.input_ended, self.limits, &mut record) {
                Framed::Incomplete => self.read_more()?,
                Framed::Record { bytes, lines } => {
                    record.line = self.line;
                    self.position += bytes;
                    self.line += lines;
                    return Ok(Some(record));
                }
                Framed::EndlessLine { bytes } => {
                    record.line = self.line;
                    self.position += bytes;
                    self.line += 1;
                    self.skip_line()?;
                    return Ok(Some(record));
                }
            }
        }
    }

    /// Passes over the rest of a line that is longer than any record may be.
    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let waiting = &self.buffer[self.position..];
            match framing::line_end(waiting, self.input_ended) {
                Some(end) => {
                    self.position += end;
                    return Ok(());
                }
                None if self.input_ended => {
                    self.position = self.buffer.len();
                    return Ok(());
                }
                None => {
                    // A carriage return at the very end stays, since its line feed may follow.
                    let kept = usize::from(waiting.last() == Some(&b'\r'));
                    self.position = self.buffer.len() - kept;
                    self.read_more()?;
                }
            }
        }
    }
}

impl<R: Read> Iterator for Delimited<R> {
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

/// The most records agree on one number of fields above one; among equals, the higher number.
fn likeliest_delimiter(head: &[u8], is_whole: bool, limits: Limits) -> Delimiter {
    const RECORDS: usize = 40;
    let agreement = |delimiter: Delimiter| {
        let mut counts: Vec<usize> = Vec::new();
        let mut position = 0;
        while counts.len() < RECORDS && position < head.len() {
            let mut record = Record::default();
            match framing::frame(&head[position..], delimiter.byte(), is_whole, limits, &mut record) {
                Framed::Record { bytes, .. } => {
                    position += bytes;
                    counts.push(record.len());
                }
                Framed::Incomplete | Framed::EndlessLine { .. } => {
                    counts.push(record.len());
                    break;
                }
            }
        }
        let agreeing = |count: usize| counts.iter().filter(|&&other| other == count).count();
        counts.iter().filter(|&&count| count > 1).map(|&count| (agreeing(count), count)).max().unwrap_or_default()
    };
    // The first of equals wins: a file without any delimiter is one column of CSV.
    let mut best = (Delimiter::Comma, agreement(Delimiter::Comma));
    for delimiter in Delimiter::ALL {
        let candidate = agreement(delimiter);
        if candidate > best.1 {
            best = (delimiter, candidate);
        }
    }
    best.0
}
