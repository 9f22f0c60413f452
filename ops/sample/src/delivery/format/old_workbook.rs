//! Workbooks of Excel up to 2003 (.xls) as a Mac saved them: their days count from 1904.

use std::io::{Cursor, Write};

use anyhow::Context;
use time::Date;
use time::macros::date;

use crate::calendar::days_between;
use crate::delivery::sheet::{Cell, Sheet};

/// Records of BIFF8, of which few are needed for a table.
const BEGIN: u16 = 0x0809;
const END: u16 = 0x000A;
const DATE_MODE: u16 = 0x0022;
const CELL_FORMAT: u16 = 0x00E0;
const SHEET: u16 = 0x0085;
const LABEL: u16 = 0x0204;
const NUMBER: u16 = 0x0203;

/// Formats of cells by their number in the workbook: the general one, and that of days.
const FORMATS: [u16; 2] = [0, 14];

/// A day as such a workbook stores it.
pub(crate) fn day_number(day: Date) -> i64 {
    days_between(date!(1904 - 01 - 01), day)
}

/// Writes one sheet.
pub(crate) fn old_workbook(sheet: &Sheet) -> anyhow::Result<Vec<u8>> {
    let mut stream = Vec::new();
    put(&mut stream, BEGIN, &[&begin(0x0005)])?;
    put(&mut stream, DATE_MODE, &[&1_u16.to_le_bytes()])?;
    for format in FORMATS {
        put(&mut stream, CELL_FORMAT, &[&[0, 0], &format.to_le_bytes(), &[0; 16]])?;
    }
    let name = utf16(&sheet.name);
    let letters = u8::try_from(name.len() / 2)?;
    // The sheet begins behind this record and the end of the globals.
    let start = u32::try_from(stream.len() + 4 + 8 + name.len() + 4)?;
    put(&mut stream, SHEET, &[&start.to_le_bytes(), &[u8::from(sheet.is_hidden), 0, letters, 1], &name])?;
    put(&mut stream, END, &[])?;
    put(&mut stream, BEGIN, &[&begin(0x0010)])?;
    for (row, line) in (0_u16..).zip(&sheet.lines) {
        for (column, cell) in (0_u16..).zip(&line.cells) {
            put_cell(&mut stream, [row, column], cell)?;
        }
    }
    put(&mut stream, END, &[])?;
    let mut file = cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new())).context("begin a workbook")?;
    file.create_stream("/Workbook")?.write_all(&stream).context("write a workbook")?;
    file.flush().context("end a workbook")?;
    Ok(file.into_inner().into_inner())
}

fn put_cell(stream: &mut Vec<u8>, [row, column]: [u16; 2], cell: &Cell) -> anyhow::Result<()> {
    let place = |format: u16| [row, column, format].map(u16::to_le_bytes).concat();
    match cell {
        Cell::Number(number) => put(stream, NUMBER, &[&place(0), &number.to_le_bytes()]),
        Cell::Day(day) => put(stream, NUMBER, &[&place(1), &f64::from(i32::try_from(day_number(*day))?).to_le_bytes()]),
        Cell::Text(text) if text.is_empty() => Ok(()),
        Cell::Text(_) | Cell::Error(_) | Cell::Computed(..) => {
            let text = utf16(&cell.text());
            put(stream, LABEL, &[&place(0), &u16::try_from(text.len() / 2)?.to_le_bytes(), &[1], &text])
        }
    }
}

fn put(stream: &mut Vec<u8>, kind: u16, parts: &[&[u8]]) -> anyhow::Result<()> {
    stream.extend(kind.to_le_bytes());
    stream.extend(u16::try_from(parts.iter().map(|part| part.len()).sum::<usize>()).context("a record is too long")?.to_le_bytes());
    parts.iter().for_each(|part| stream.extend(*part));
    Ok(())
}

/// The beginning of the globals or of a sheet, in the version of Excel 97.
fn begin(kind: u16) -> Vec<u8> {
    [&0x0600_u16.to_le_bytes()[..], &kind.to_le_bytes(), &[0; 12]].concat()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}
