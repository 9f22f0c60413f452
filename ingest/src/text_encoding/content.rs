//! What a file's first bytes say about it: the formats that are no delimited text, byte order, and UTF-8 against GB18030.

use super::TextEncoding;

/// Formats that are not delimited text, told by their first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BinaryFormat {
    /// A workbook of Excel 2007 and later.
    Xlsx,
    /// A spreadsheet in OpenDocument form.
    OpenDocument,
    /// Any other ZIP archive.
    Zip,
    /// An OLE compound file: Excel or Word up to 2003.
    Ole,
    /// A database of Access.
    Access,
    /// A table of dBASE or FoxPro.
    Dbase,
    /// A PDF document.
    Pdf,
    /// A picture.
    Picture,
    /// A 7z, RAR, gzip, bzip2 or xz archive.
    Archive,
    /// A page of HTML, often a table under the name of a workbook.
    Html,
    /// XML, such as Excel's 2003 form.
    Xml,
    /// JSON.
    Json,
    /// A database dump or program of another binary form.
    Unknown,
}

impl BinaryFormat {
    fn what(self) -> &'static str {
        match self {
            Self::Xlsx => "an Excel workbook (XLSX)",
            Self::OpenDocument => "an OpenDocument spreadsheet",
            Self::Zip => "a ZIP archive",
            Self::Ole => "an Office file of before 2007 (XLS, DOC)",
            Self::Access => "an Access database",
            Self::Dbase => "a dBASE/FoxPro table (DBF)",
            Self::Pdf => "a PDF document",
            Self::Picture => "a picture",
            Self::Archive => "a compressed archive",
            Self::Html => "an HTML page",
            Self::Xml => "an XML file",
            Self::Json => "a JSON file",
            Self::Unknown => "binary data",
        }
    }

    fn remedy(self) -> &'static str {
        match self {
            Self::Xlsx | Self::OpenDocument | Self::Ole | Self::Html | Self::Xml => {
                "open it in a spreadsheet program, save each sheet as CSV (UTF-8) and deliver that"
            }
            Self::Access | Self::Dbase | Self::Json => "export its table as CSV (UTF-8) and deliver that",
            Self::Zip => "unpack it and deliver the tables in it as CSV; photos go with --as photos",
            Self::Archive => "unpack it and deliver the tables in it as CSV",
            Self::Picture => "photos go with --as photos, as a folder or a ZIP archive",
            Self::Pdf | Self::Unknown => "deliver the table it was made from as CSV (UTF-8)",
        }
    }
}

/// Why a content cannot be read as delimited text.
#[derive(Debug, thiserror::Error)]
pub enum SniffError {
    /// Nothing, or nothing but white space and marks.
    #[error("it is empty: export it again and deliver a file with a header row")]
    Empty,
    /// Another format than delimited text.
    #[error("it is {}, not delimited text: {}", .0.what(), .0.remedy())]
    NotDelimitedText(BinaryFormat),
    /// The bytes could not be read.
    #[error("it cannot be read: check the disk and the permissions")]
    Unreadable(#[from] std::io::Error),
}

pub(super) fn refuse_what_is_no_rows(head: &[u8]) -> Result<(), SniffError> {
    if let Some(format) = by_signature(head) {
        return Err(SniffError::NotDelimitedText(format));
    }
    if byte_order(head).is_some() {
        return if head.len() <= 2 { Err(SniffError::Empty) } else { Ok(()) };
    }
    let text = without_mark(head);
    let trimmed = text.trim_ascii();
    if trimmed.is_empty() {
        return Err(SniffError::Empty);
    }
    if let Some(format) = by_opening(trimmed) {
        return Err(SniffError::NotDelimitedText(format));
    }
    // A damaged cell may hold a few control characters; a binary file is full of them.
    let control = head.iter().filter(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31)).count();
    if control * 50 > head.len() {
        return Err(SniffError::NotDelimitedText(BinaryFormat::Unknown));
    }
    Ok(())
}

fn without_mark(head: &[u8]) -> &[u8] {
    head.strip_prefix(b"\xEF\xBB\xBF").or_else(|| head.strip_prefix(b"\x84\x31\x95\x33")).unwrap_or(head)
}

fn by_signature(head: &[u8]) -> Option<BinaryFormat> {
    const SIGNATURES: &[(&[u8], BinaryFormat)] = &[
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", BinaryFormat::Ole),
        (b"\x00\x01\x00\x00Standard ", BinaryFormat::Access),
        (b"%PDF-", BinaryFormat::Pdf),
        (b"\x89PNG\r\n\x1A\n", BinaryFormat::Picture),
        (b"\xFF\xD8\xFF", BinaryFormat::Picture),
        (b"GIF87a", BinaryFormat::Picture),
        (b"GIF89a", BinaryFormat::Picture),
        (b"II*\x00", BinaryFormat::Picture),
        (b"MM\x00*", BinaryFormat::Picture),
        (b"7z\xBC\xAF\x27\x1C", BinaryFormat::Archive),
        (b"Rar!\x1A\x07", BinaryFormat::Archive),
        (b"\x1F\x8B\x08", BinaryFormat::Archive),
        (b"BZh", BinaryFormat::Archive),
        (b"\xFD7zXZ\x00", BinaryFormat::Archive),
    ];
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        let start = &head[..head.len().min(8192)];
        let names = |needle: &[u8]| start.windows(needle.len()).any(|window| window == needle);
        return Some(if names(b"[Content_Types].xml") || names(b"xl/") {
            BinaryFormat::Xlsx
        } else if names(b"opendocument") {
            BinaryFormat::OpenDocument
        } else {
            BinaryFormat::Zip
        });
    }
    SIGNATURES
        .iter()
        .find(|(signature, _)| head.starts_with(signature))
        .map(|&(_, format)| format)
        .or_else(|| is_dbase(head).then_some(BinaryFormat::Dbase))
}

/// A dBASE header: version, a date of last change, and a header length that fits whole field descriptors.
fn is_dbase(head: &[u8]) -> bool {
    let &[version, _, month, day, _, _, _, _, low, high, ..] = head else {
        return false;
    };
    let header_length = usize::from(u16::from_le_bytes([low, high]));
    matches!(version, 0x02 | 0x03 | 0x30..=0x32 | 0x83 | 0x8B | 0xF5)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && header_length >= 65
        && head.get(header_length.min(head.len()) - 1).is_some()
        && head[..head.len().min(32)].contains(&0)
}

fn by_opening(text: &[u8]) -> Option<BinaryFormat> {
    let opening = text[..text.len().min(64)].to_ascii_lowercase();
    if opening.starts_with(b"<?xml") {
        return Some(BinaryFormat::Xml);
    }
    if [&b"<!doctype"[..], b"<html", b"<table", b"<head", b"<meta", b"<style", b"<body"].iter().any(|tag| opening.starts_with(tag)) {
        return Some(BinaryFormat::Html);
    }
    let json = opening.starts_with(b"{\"") || opening.starts_with(b"[{") || opening.starts_with(b"[\"");
    json.then_some(BinaryFormat::Json)
}

/// The byte order of UTF-16, by its mark or by where the zero bytes of commas, digits and line ends stand.
pub(super) fn byte_order(head: &[u8]) -> Option<TextEncoding> {
    if head.starts_with(b"\xFF\xFE") {
        return Some(TextEncoding::Utf16Le);
    }
    if head.starts_with(b"\xFE\xFF") {
        return Some(TextEncoding::Utf16Be);
    }
    let (pairs, _) = head.as_chunks::<2>();
    let wide = |ordinary: usize, zero: usize| {
        pairs.iter().filter(|pair| pair[zero] == 0 && matches!(pair[ordinary], b'\t' | b'\r' | b'\n' | 0x20..=0x7E)).count()
    };
    let zeros = pairs.iter().flatten().filter(|&&byte| byte == 0).count();
    let (little, big) = (wide(0, 1), wide(1, 0));
    // U+4E00 and its like end in zero bytes too, and count against neither.
    let enough = |count: usize| count * 10 > pairs.len() && count * 10 > zeros * 9;
    if enough(little) {
        Some(TextEncoding::Utf16Le)
    } else if enough(big) {
        Some(TextEncoding::Utf16Be)
    } else {
        None
    }
}

#[derive(Default)]
struct Utf8Sequences {
    of_two: usize,
    of_more: usize,
    middle_dots: usize,
    faults: usize,
}

fn utf8_sequences(bytes: &[u8]) -> Utf8Sequences {
    let mut found = Utf8Sequences::default();
    let mut chunks = bytes.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        for character in chunk.valid().chars() {
            match character.len_utf8() {
                1 => {}
                2 => {
                    found.of_two += 1;
                    found.middle_dots += usize::from(character == '·');
                }
                _ => found.of_more += 1,
            }
        }
        // A sequence cut by the window's end is no fault.
        if !chunk.invalid().is_empty() && (chunks.peek().is_some() || chunk.invalid().len() > 3) {
            found.faults += 1;
        }
    }
    found
}

/// Chinese in UTF-8 is made of three-byte sequences, which GB18030 text forms by chance only now and then.
pub(super) fn utf8_or_gb18030(window: &[u8]) -> TextEncoding {
    let body = window.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(window);
    let found = utf8_sequences(body);
    let only_pairs = found.of_more == 0 && found.of_two > found.middle_dots;
    let utf8 = if found.faults == 0 { !only_pairs } else { found.of_more > found.faults };
    if utf8 { TextEncoding::Utf8 } else { TextEncoding::Gb18030 }
}
