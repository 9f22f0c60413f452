//! What the library for old workbooks (XLS) does not tell: hidden rows, and how much memory a workbook asks for. A walk over its records, none of which
//! is interpreted beyond that.

use std::io::{Read, Seek};

use super::refusal::Refusal;

/// Cells that the sheets of a workbook may span together, empty ones included, since the library keeps them all.
const MOST_CELLS: u64 = 12_000_000;
/// The largest workbook that is read.
const MOST_BYTES: u64 = 256 << 20;

/// A sheet's rows that are not shown, in ascending order, counted from 0.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct HiddenRows(Vec<u16>);

impl HiddenRows {
    pub(super) fn contains(&self, row: u64) -> bool {
        u16::try_from(row).is_ok_and(|row| self.0.binary_search(&row).is_ok())
    }
}

/// Tells a workbook from other Office files of its time.
pub(super) fn check_container<R: Read + Seek>(reader: R) -> Result<(), Refusal> {
    let file = cfb::CompoundFile::open(reader)?;
    if file.is_stream("/EncryptedPackage") {
        Err(Refusal::Encrypted)
    } else if file.is_stream("/Workbook") || file.is_stream("/Book") {
        Ok(())
    } else if file.is_stream("/WordDocument") {
        Err(Refusal::Document("a Word document"))
    } else {
        Err(Refusal::Document("an Office file without a workbook"))
    }
}

/// The hidden rows of every sheet, in the order of the sheets.
pub(super) fn hidden_rows<R: Read + Seek>(mut reader: R) -> Result<Vec<HiddenRows>, Refusal> {
    let size = reader.seek(std::io::SeekFrom::End(0))?;
    if size > MOST_BYTES {
        return Err(super::bounds::too_large("the workbook", MOST_BYTES));
    }
    reader.rewind()?;
    let mut file = cfb::CompoundFile::open(reader)?;
    let name = if file.is_stream("/Workbook") { "/Workbook" } else { "/Book" };
    let mut stream = Vec::new();
    file.open_stream(name)?.take(size).read_to_end(&mut stream)?;
    let mut cells = 0_u64;
    let mut sheets = Vec::new();
    for (kind, record) in Records::from(&stream, 0) {
        match kind {
            0x002F => return Err(Refusal::Encrypted),
            0x0085 => {
                let start = record.first_chunk().map_or(u32::MAX, |bytes: &[u8; 4]| u32::from_le_bytes(*bytes));
                sheets.push(sheet(&stream, start as usize, &mut cells)?);
            }
            _ => {}
        }
    }
    Ok(sheets)
}

fn sheet(stream: &[u8], start: usize, cells: &mut u64) -> Result<HiddenRows, Refusal> {
    let mut hidden = Vec::new();
    let (mut last_row, mut last_column) = (0_u64, 0_u64);
    // Charts within the sheet have a beginning and an end of their own.
    let mut depth = 0_u32;
    for (kind, record) in Records::from(stream, start) {
        let word = |at: usize| record.get(at..at + 2).map_or(0, |bytes| u16::from_le_bytes([bytes[0], bytes[1]]));
        match kind {
            0x0809 | 0x0409 | 0x0209 | 0x0009 => depth += 1,
            0x000A if depth <= 1 => break,
            0x000A => depth -= 1,
            0x0208 if word(12) & 0x20 != 0 => hidden.push(word(0)),
            0x0006 | 0x00FD | 0x0203 | 0x027E | 0x0204 | 0x00D6 | 0x0205 => {
                last_row = last_row.max(u64::from(word(0)));
                last_column = last_column.max(u64::from(word(2)));
            }
            0x00BD => {
                last_row = last_row.max(u64::from(word(0)));
                last_column = last_column.max(u64::from(word(record.len().saturating_sub(2))));
            }
            _ => {}
        }
    }
    *cells = cells.saturating_add((last_row + 1) * (last_column + 1));
    if *cells > MOST_CELLS {
        return Err(Refusal::TooLarge { what: "the workbook".to_owned(), limit: format!("{MOST_CELLS} cells") });
    }
    hidden.sort_unstable();
    Ok(HiddenRows(hidden))
}

/// The records of a substream, with their kinds, to its end.
struct Records<'a> {
    rest: &'a [u8],
}

impl<'a> Records<'a> {
    fn from(stream: &'a [u8], start: usize) -> Self {
        Self { rest: stream.get(start..).unwrap_or_default() }
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (&[kind_low, kind_high, low, high], rest) = self.rest.split_first_chunk()?;
        let length = usize::from(u16::from_le_bytes([low, high])).min(rest.len());
        let (record, rest) = rest.split_at(length);
        self.rest = rest;
        Some((u16::from_le_bytes([kind_low, kind_high]), record))
    }
}
