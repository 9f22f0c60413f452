//! Delimited text in the encodings that occur.

use anyhow::Context;

use crate::delivery::sheet::{Cell, Sheet};

/// How a text spells its characters and separates its cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Text {
    Gb18030Comma,
    Utf8MarkComma,
    Utf16Tab,
}

/// Writes one table.
pub(crate) fn delimited(sheet: &Sheet, text: Text) -> anyhow::Result<Vec<u8>> {
    let delimiter = if text == Text::Utf16Tab { b'\t' } else { b',' };
    let mut writer =
        csv::WriterBuilder::new().delimiter(delimiter).flexible(true).terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for line in &sheet.lines {
        writer.write_record(line.cells.iter().map(Cell::text))?;
    }
    let utf8 = String::from_utf8(writer.into_inner().context("end a table")?).context("cells are text")?;
    Ok(match text {
        Text::Gb18030Comma => encoding_rs::GB18030.encode(&utf8).0.into_owned(),
        Text::Utf8MarkComma => [b"\xEF\xBB\xBF", utf8.as_bytes()].concat(),
        Text::Utf16Tab => std::iter::once(0xFEFF).chain(utf8.encode_utf16()).flat_map(u16::to_le_bytes).collect(),
    })
}
