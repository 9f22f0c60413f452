//! dBASE tables (.dbf), as FoxPro left them: GBK whatever the code page byte says, fields cut wherever their bytes end.

use crate::delivery::sheet::Sheet;

/// A field of a table: a name of at most ten bytes in GBK, and its width in bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) width: u8,
}

/// The mark of the end of a header and of a table.
const HEADER_END: u8 = 0x0D;
const TABLE_END: u8 = 0x1A;

/// Writes one table; its first line holds the titles, in place of which the fields' names stand.
pub(crate) fn dbase(sheet: &Sheet, fields: &[Field], code_page: u8) -> anyhow::Result<Vec<u8>> {
    let records = sheet.lines.iter().filter(|line| !line.expected.is_optional);
    let header_size = u16::try_from(32 + 32 * fields.len() + 1)?;
    let record_size = 1 + fields.iter().map(|field| u16::from(field.width)).sum::<u16>();
    // A table without memo, last changed on 26 October 2016.
    let mut bytes = vec![0x03, 116, 10, 26];
    bytes.extend(u32::try_from(records.clone().count())?.to_le_bytes());
    bytes.extend(header_size.to_le_bytes());
    bytes.extend(record_size.to_le_bytes());
    bytes.resize(29, 0);
    bytes.extend([code_page, 0, 0]);
    for field in fields {
        let mut descriptor = gbk(field.name);
        descriptor.resize(11, 0);
        descriptor.push(b'C');
        descriptor.resize(16, 0);
        descriptor.push(field.width);
        descriptor.resize(32, 0);
        bytes.extend(descriptor);
    }
    bytes.push(HEADER_END);
    for line in records {
        bytes.push(if line.is_deleted { b'*' } else { b' ' });
        for (place, field) in fields.iter().enumerate() {
            let mut value = line.cells.get(place).map(|cell| gbk(&cell.text())).unwrap_or_default();
            value.resize(usize::from(field.width), b' ');
            bytes.extend(value);
        }
    }
    bytes.push(TABLE_END);
    Ok(bytes)
}

fn gbk(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}
