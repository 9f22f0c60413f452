//! Workbooks of Excel up to 2003, made by hand: the few records of BIFF8 that a table needs.

use std::io::{Cursor, Write as _};

/// A cell of a row.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cell<'a> {
    Text(&'a str),
    /// A number in a cell of general format.
    Number(f64),
    /// A number in a cell with the format of a day.
    Day(f64),
}

/// The end of a globals substream or a sheet.
const END: (u16, &[u8]) = (0x000A, &[]);

fn put(stream: &mut Vec<u8>, (kind, data): (u16, &[u8])) {
    stream.extend(kind.to_le_bytes());
    stream.extend(u16::try_from(data.len()).unwrap().to_le_bytes());
    stream.extend(data);
}

fn begin(kind: u16) -> Vec<u8> {
    [&0x0600_u16.to_le_bytes()[..], &kind.to_le_bytes(), &[0; 12]].concat()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// A workbook of one sheet.
pub(crate) fn xls(from_1904: bool, name: &str, rows: &[Vec<Cell<'_>>]) -> Vec<u8> {
    let mut globals = Vec::new();
    put(&mut globals, (0x0809, &begin(0x0005)));
    put(&mut globals, (0x0022, &u16::from(from_1904).to_le_bytes()));
    for format in [0_u16, 14] {
        put(&mut globals, (0x00E0, &[&[0, 0][..], &format.to_le_bytes(), &[0; 16]].concat()));
    }
    let name = utf16(name);
    let letters = u8::try_from(name.len() / 2).unwrap();
    let start = u32::try_from(globals.len() + 4 + 8 + name.len() + 4).unwrap();
    put(&mut globals, (0x0085, &[&start.to_le_bytes()[..], &[0, 0, letters, 1], &name].concat()));
    put(&mut globals, END);
    put(&mut globals, (0x0809, &begin(0x0010)));
    for (row, cells) in (0_u16..).zip(rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            let place = |format: u16| [row.to_le_bytes(), column.to_le_bytes(), format.to_le_bytes()].concat();
            match cell {
                Cell::Text(text) => {
                    let text = utf16(text);
                    let letters = u16::try_from(text.len() / 2).unwrap();
                    put(&mut globals, (0x0204, &[&place(0)[..], &letters.to_le_bytes(), &[1], &text].concat()));
                }
                Cell::Number(number) => put(&mut globals, (0x0203, &[&place(0)[..], &number.to_le_bytes()].concat())),
                Cell::Day(number) => put(&mut globals, (0x0203, &[&place(1)[..], &number.to_le_bytes()].concat())),
            }
        }
    }
    put(&mut globals, END);
    let mut file = cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new())).unwrap();
    file.create_stream("/Workbook").unwrap().write_all(&globals).unwrap();
    file.flush().unwrap();
    file.into_inner().into_inner()
}
