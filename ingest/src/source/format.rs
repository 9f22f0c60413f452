//! Which format a file is in, by its first bytes and its inner structure.

use std::fs::File;
use std::io::{BufReader, Read, Seek};

use super::refusal::Refusal;
use super::{biff, zip_archive};
use crate::text_encoding::{self, Decoding, SniffError, TextEncoding};

/// The formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Text with commas, tabulators or semicolons.
    Delimited,
    /// A workbook of Excel 2007 and later.
    Xlsx,
    /// A workbook of Excel up to 2003.
    Xls,
    /// A spreadsheet in OpenDocument form.
    OpenDocument,
    /// A table of dBASE or FoxPro.
    Dbase,
    /// Tables of an HTML page, often under the name of a workbook.
    Html,
    /// One JSON object a line.
    JsonLines,
    /// A ZIP archive of tables.
    Zip,
}

impl Format {
    /// The name for people.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Delimited => "delimited text",
            Self::Xlsx => "XLSX",
            Self::Xls => "XLS",
            Self::OpenDocument => "ODS",
            Self::Dbase => "DBF",
            Self::Html => "HTML",
            Self::JsonLines => "JSON Lines",
            Self::Zip => "ZIP",
        }
    }

    /// Whether the records may stand in several sheets or files, each with a header of its own.
    #[must_use]
    pub fn has_sheets(self) -> bool {
        matches!(self, Self::Xlsx | Self::Xls | Self::OpenDocument | Self::Zip)
    }

    /// Whether a known extension, in lower case, names another format.
    pub(super) fn is_disguised_as(self, extension: &str) -> bool {
        let own: &[&str] = match self {
            Self::Delimited => &["csv", "tsv", "txt", "tab"],
            Self::Xlsx => &["xlsx", "xlsm", "xltx"],
            Self::Xls => &["xls", "xlt", "et"],
            Self::OpenDocument => &["ods", "ots"],
            Self::Dbase => &["dbf"],
            Self::Html => &["html", "htm"],
            Self::JsonLines => &["json", "jsonl", "ndjson"],
            Self::Zip => &["zip"],
        };
        let known =
            ["csv", "tsv", "txt", "tab", "xlsx", "xlsm", "xls", "ods", "dbf", "html", "htm", "json", "jsonl", "ndjson", "zip", "pdf"];
        known.contains(&extension) && !own.contains(&extension)
    }
}

/// How many bytes at the head are looked at.
const HEAD_BYTES: u64 = 64 * 1024;

/// Says what the file holds and in which encoding its text is.
pub(super) fn detect(file: &mut File) -> Result<(Format, TextEncoding), Refusal> {
    let mut head = Vec::new();
    file.rewind()?;
    file.by_ref().take(HEAD_BYTES).read_to_end(&mut head)?;
    refuse_by_signature(&head)?;
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Ok((zip_archive::kind(BufReader::new(&*file))?, TextEncoding::Utf8));
    }
    if head.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        biff::check_container(BufReader::new(&*file))?;
        return Ok((Format::Xls, TextEncoding::Utf16Le));
    }
    if is_dbase(&head) {
        return Ok((Format::Dbase, TextEncoding::Gb18030));
    }
    file.rewind()?;
    let encoding = text_encoding::sniff(file).map_err(|error| match error {
        SniffError::Empty => Refusal::Empty,
        SniffError::Binary => Refusal::Unknown,
        SniffError::Unreadable(source) => Refusal::Unreadable(source),
    })?;
    let mut opening = String::new();
    // What a cut character at the end of the head leaves is a replacement character.
    Decoding::new(&head[..], encoding).read_to_string(&mut opening)?;
    Ok((by_opening(&opening)?, encoding))
}

fn refuse_by_signature(head: &[u8]) -> Result<(), Refusal> {
    const PICTURES: &[&[u8]] = &[b"\x89PNG\r\n\x1A\n", b"\xFF\xD8\xFF", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*"];
    const ARCHIVES: &[(&[u8], &str)] =
        &[(b"7z\xBC\xAF\x27\x1C", "7z"), (b"Rar!\x1A\x07", "RAR"), (b"\x1F\x8B\x08", "gzip"), (b"BZh", "bzip2"), (b"\xFD7zXZ\x00", "xz")];
    if head.starts_with(b"%PDF-") {
        return Err(Refusal::Pdf);
    }
    if head.starts_with(b"\x00\x01\x00\x00Standard ") {
        return Err(Refusal::Access);
    }
    if PICTURES.iter().any(|signature| head.starts_with(signature)) {
        return Err(Refusal::Picture);
    }
    match ARCHIVES.iter().find(|(signature, _)| head.starts_with(signature)) {
        Some((_, name)) => Err(Refusal::Archive(name)),
        None => Ok(()),
    }
}

/// A dBASE header: version, a date of last change, and a header length that fits whole field descriptors.
fn is_dbase(head: &[u8]) -> bool {
    let &[version, _, month, day, _, _, _, _, low, high, ..] = head else {
        return false;
    };
    let header_length = usize::from(u16::from_le_bytes([low, high]));
    // Some exporters leave the date of the last change empty.
    let has_date = (1..=12).contains(&month) && (1..=31).contains(&day) || (month, day) == (0, 0);
    matches!(version, 0x02 | 0x03 | 0x30..=0x32 | 0x43 | 0x83 | 0x8B | 0xCB | 0xF5)
        && has_date
        && header_length >= 65
        && head[..head.len().min(32)].contains(&0)
        // The type of the first field is a letter.
        && head.get(43).is_some_and(u8::is_ascii_uppercase)
}

/// What a text is by how it opens.
fn by_opening(opening: &str) -> Result<Format, Refusal> {
    let opening = opening.trim_start();
    let lower = opening.to_ascii_lowercase();
    let is_markup = lower.strip_prefix('<').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!' || c == '?'));
    if is_markup {
        if lower.starts_with("<?xml") && !lower.contains("<html") && !lower.contains("<table")
            || lower.contains("urn:schemas-microsoft-com:office:spreadsheet")
        {
            return Err(Refusal::OtherWorkbook("XML file"));
        }
        if ["<html", "<table", "<tr", "<!doctype html", "<head", "<meta", "<body", "<style"].iter().any(|tag| lower.contains(tag)) {
            return Ok(Format::Html);
        }
    }
    if opening.starts_with("[{") || opening.starts_with("[\"") || opening.starts_with('[') && opening[1..].trim_start().starts_with('{') {
        return Err(Refusal::Json);
    }
    let inner = opening.strip_prefix('{').map(str::trim_start);
    Ok(if inner.is_some_and(|inner| inner.starts_with('"') || inner.starts_with('}')) { Format::JsonLines } else { Format::Delimited })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_that_lie_are_told_from_those_that_do_not() {
        assert!(Format::Html.is_disguised_as("xls"));
        assert!(Format::Delimited.is_disguised_as("xls"));
        assert!(!Format::Delimited.is_disguised_as("txt"));
        assert!(!Format::Xlsx.is_disguised_as("xlsm"));
        assert!(!Format::Dbase.is_disguised_as("backup"));
    }

    #[test]
    fn a_text_is_told_by_its_opening() {
        let table = [
            ("\n <TABLE><tr>", Format::Html),
            ("<!-- x --><tr>", Format::Html),
            ("{\"姓名\":1}", Format::JsonLines),
            ("姓名,<b>", Format::Delimited),
        ];
        for (text, format) in table {
            assert_eq!(by_opening(text).unwrap(), format, "{text}");
        }
        for text in ["[{\"a\":1}]", "[\n {\"a\":1}]", "<?xml version=\"1.0\"?><Workbook>"] {
            assert!(by_opening(text).is_err(), "{text}");
        }
    }
}
