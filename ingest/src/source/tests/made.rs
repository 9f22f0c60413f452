//! Small files of every format, made by hand.

use std::io::{Cursor, Write};

use encoding_rs::GB18030;
use tempfile::NamedTempFile;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::super::{OpenError, Source, open};
use crate::delimited::Record;

pub(crate) fn written(bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

pub(crate) fn opened(bytes: &[u8]) -> Result<Source, OpenError> {
    open(written(bytes).path())
}

pub(crate) fn records(bytes: &[u8]) -> Vec<Record> {
    opened(bytes).unwrap().map(Result::unwrap).collect()
}

/// A record as `sheet line: cells`.
pub(crate) fn shown(record: &Record) -> String {
    let mark = if record.is_titles() { "titles " } else { "" };
    format!("{mark}{} {}: {}", record.sheet(), record.line(), record.fields().collect::<Vec<_>>().join("|"))
}

/// The refusal of a file that cannot be opened, or the error among its records.
pub(crate) fn refused(bytes: &[u8]) -> String {
    let message = match opened(bytes) {
        Err(error) => error.to_string(),
        Ok(source) => source.filter_map(Result::err).map(|error| error.to_string()).next().expect("an error among the records"),
    };
    assert!(!message.contains('\n'), "{message}");
    message
}

pub(crate) fn gb18030(text: &str) -> Vec<u8> {
    GB18030.encode(text).0.into_owned()
}

pub(crate) fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        if let Some(folder) = name.strip_suffix('/') {
            writer.add_directory(folder, SimpleFileOptions::default()).unwrap();
        } else {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(content).unwrap();
        }
    }
    writer.finish().unwrap().into_inner()
}

/// A workbook of these sheets, each a name, attributes of its entry, and the content between `<worksheet>` and its end.
pub(crate) fn xlsx(properties: &str, sheets: &[(&str, &str, &str)], strings: &str) -> Vec<u8> {
    const MAIN: &str = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
    const REL: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let mut list = String::new();
    let mut relations = String::new();
    let mut parts: Vec<(String, String)> = Vec::new();
    for (number, (name, attributes, content)) in (1..).zip(sheets) {
        list += &format!("<sheet name=\"{name}\" sheetId=\"{number}\" {attributes} r:id=\"rId{number}\"/>");
        relations += &format!("<Relationship Id=\"rId{number}\" Type=\"{REL}/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>");
        parts.push((format!("xl/worksheets/sheet{number}.xml"), format!("<worksheet {MAIN}>{content}</worksheet>")));
    }
    relations += &format!(
        "<Relationship Id=\"s\" Type=\"{REL}/sharedStrings\" Target=\"sharedStrings.xml\"/><Relationship Id=\"y\" Type=\"{REL}/styles\" Target=\"styles.xml\"/>"
    );
    let relationships = "xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"";
    parts.push((
        "xl/workbook.xml".into(),
        format!("<workbook {MAIN} xmlns:r=\"{REL}\"><workbookPr {properties}/><sheets>{list}</sheets></workbook>"),
    ));
    parts.push(("xl/_rels/workbook.xml.rels".into(), format!("<Relationships {relationships}>{relations}</Relationships>")));
    parts.push((
        "xl/styles.xml".into(),
        format!("<styleSheet {MAIN}><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"),
    ));
    parts.push((
        "xl/sharedStrings.xml".into(),
        if strings.starts_with('<') && strings.contains("<sst") { strings.to_owned() } else { format!("<sst {MAIN}>{strings}</sst>") },
    ));
    parts.push((
        "_rels/.rels".into(),
        format!("<Relationships {relationships}><Relationship Id=\"w\" Type=\"{REL}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"),
    ));
    parts.push(("[Content_Types].xml".into(), "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>".into()));
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(name, content)| (name.as_str(), content.as_bytes())).collect();
    zipped(&parts)
}

/// A spreadsheet in OpenDocument form around the content of `<office:spreadsheet>`.
pub(crate) fn ods(styles: &str, content: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\" xmlns:style=\"s\"><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>{content}</office:spreadsheet></office:body></office:document-content>"
    );
    zipped(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", content.as_bytes())])
}

/// A dBASE table of fields (name, type, length) and records of raw bytes, each with its mark of deletion.
pub(crate) fn dbf(version: u8, code_page: u8, fields: &[(&str, u8, u8)], rows: &[Vec<u8>]) -> Vec<u8> {
    let header_bytes = 32 + 32 * fields.len() + 1;
    let record_bytes = 1 + fields.iter().map(|field| usize::from(field.2)).sum::<usize>();
    let mut bytes = vec![version, 116, 5, 4];
    bytes.extend(u32::try_from(rows.len()).unwrap().to_le_bytes());
    bytes.extend(u16::try_from(header_bytes).unwrap().to_le_bytes());
    bytes.extend(u16::try_from(record_bytes).unwrap().to_le_bytes());
    bytes.resize(29, 0);
    bytes.push(code_page);
    bytes.resize(32, 0);
    for (name, kind, length) in fields {
        let mut descriptor = gb18030(name);
        descriptor.resize(11, 0);
        descriptor.push(*kind);
        descriptor.extend([0; 4]);
        descriptor.push(*length);
        descriptor.resize(32, 0);
        bytes.extend(descriptor);
    }
    bytes.push(0x0D);
    for row in rows {
        let mut row = row.clone();
        row.resize(record_bytes, b' ');
        bytes.extend(row);
    }
    bytes.push(0x1A);
    bytes
}
