//! Files made to do harm: bombs, lies about sizes, entities, lines without end. Each function writes one of them and keeps nothing.

use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::Path;

use flate2::{Compress, Compression, FlushCompress, Status};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A header under which every register of safety personnel is read.
pub const HEADER: &str = "姓名,性别,身份证号码,企业名称,证书编号,发证日期,有效期至,证书状态";

/// A sound row below the header.
pub const ROW: &str = "洨澜楹,男,61990019700101001X,陕西潏澜楹建筑工程有限公司,陕建安B（2017）9999999,2017-03-05,2020-03-04,过期";

const MEGABYTE: usize = 1 << 20;

/// Writes text or bytes as they are.
///
/// # Panics
/// When the disk refuses, like every function here.
pub fn plain(path: &Path, content: impl AsRef<[u8]>) {
    std::fs::write(path, content).expect("a temporary file");
}

/// A register, then a line of so many megabytes without an end.
///
/// # Panics
/// When the disk refuses.
pub fn endless_line(path: &Path, megabytes: usize) {
    let mut file = BufWriter::new(File::create(path).expect("a temporary file"));
    file.write_all(format!("{HEADER}\r\n{ROW}\r\n").as_bytes()).expect("room for a line");
    let block = vec![b'x'; MEGABYTE];
    for _ in 0..megabytes {
        file.write_all(&block).expect("room for a long line");
    }
    file.flush().expect("room for a long line");
}

/// A register, then so many megabytes of NUL bytes, which take no room on the disk.
///
/// # Panics
/// When the disk refuses.
pub fn sparse(path: &Path, megabytes: u64) {
    let mut file = File::create(path).expect("a temporary file");
    file.write_all(format!("{HEADER}\r\n{ROW}\r\n").as_bytes()).expect("room for a line");
    file.set_len(megabytes * 1024 * 1024).expect("room for nothing");
}

/// A table of so many columns more than a register has, and three rows.
#[must_use]
pub fn wide(columns: usize) -> String {
    let row = |start: &str| format!("{start}{}\r\n", ",x".repeat(columns));
    [row(HEADER), row(ROW), row(ROW)].concat()
}

/// A register with one cell of so many bytes in each of ten rows.
#[must_use]
pub fn long_cells(bytes: usize) -> String {
    let row = format!("{ROW},{}\r\n", "长".repeat(bytes / 3));
    format!("{HEADER},备注\r\n{}", row.repeat(10))
}

/// What an entry says about its size when it is unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Announced {
    /// The truth.
    Truth,
    /// A hundred bytes.
    Little,
}

/// An archive of about a thousandth of so many megabytes: one entry with the head of a register, then zeros.
///
/// # Panics
/// When the disk refuses.
pub fn zeros(path: &Path, entry: &str, megabytes: u64, announced: Announced) {
    let mut file = BufWriter::new(File::create(path).expect("a temporary file"));
    let head = format!("{HEADER}\r\n{ROW}\r\n");
    let truth = head.len() as u64 + megabytes * 1024 * 1024;
    let size = match announced {
        Announced::Truth => truth,
        Announced::Little => 100,
    };
    let local = entry_header(*b"PK\x03\x04", entry, 0, size, None);
    file.write_all(&local).expect("room for an entry");
    // A block that is not packed, then packed ones.
    let length = u16::try_from(head.len()).expect("a short head");
    let head = [&[0][..], &length.to_le_bytes(), &(!length).to_le_bytes(), head.as_bytes()].concat();
    file.write_all(&head).expect("room for an entry");
    let mut packed = head.len() as u64;
    let block = zero_block();
    for _ in 0..megabytes {
        file.write_all(&block).expect("room for an entry");
        packed += block.len() as u64;
    }
    // The last block of a stream, empty.
    file.write_all(&[0x03, 0x00]).expect("room for an entry");
    packed += 2;
    let directory_at = local.len() as u64 + packed;
    let central = entry_header(*b"PK\x01\x02", entry, packed, size, Some(0));
    file.write_all(&central).expect("room for a directory");
    let mut end = b"PK\x05\x06\0\0\0\0\x01\0\x01\0".to_vec();
    end.extend(narrow(central.len() as u64).to_le_bytes());
    end.extend(narrow(directory_at).to_le_bytes());
    end.extend([0, 0]);
    file.write_all(&end).expect("room for a directory");
    file.seek(SeekFrom::Start(0)).expect("a file");
    file.write_all(&entry_header(*b"PK\x03\x04", entry, packed, size, None)).expect("a file");
    file.flush().expect("a file");
}

/// The head of an entry, local or (with an offset) in the directory; sizes over 4 GB stand in the extra field of ZIP64.
fn entry_header(magic: [u8; 4], name: &str, packed: u64, size: u64, offset: Option<u32>) -> Vec<u8> {
    let extra: Vec<u8> = [&[1, 0, 16, 0][..], &size.to_le_bytes(), &packed.to_le_bytes()].concat();
    let mut header = magic.to_vec();
    if offset.is_some() {
        header.extend(45_u16.to_le_bytes());
    }
    header.extend(45_u16.to_le_bytes());
    // UTF-8 names, deflated, no date.
    header.extend([0, 8, 8, 0, 0, 0, 0x21, 0]);
    header.extend([0; 4]);
    header.extend([0xFF; 8]);
    header.extend((u16::try_from(name.len()).expect("a short name")).to_le_bytes());
    header.extend((u16::try_from(extra.len()).expect("a short field")).to_le_bytes());
    if let Some(offset) = offset {
        header.extend([0; 10]);
        header.extend(offset.to_le_bytes());
    }
    header.extend(name.as_bytes());
    header.extend(extra);
    header
}

fn narrow(value: u64) -> u32 {
    u32::try_from(value).expect("an archive of less than 4 GB")
}

/// A megabyte of zeros, deflated without looking back beyond its start, so that it may be repeated.
fn zero_block() -> Vec<u8> {
    let mut deflate = Compress::new(Compression::best(), false);
    let mut packed = Vec::with_capacity(64 * 1024);
    let status = deflate.compress_vec(&vec![0; MEGABYTE], &mut packed, FlushCompress::Full).expect("zeros can be packed");
    assert_eq!(status, Status::Ok, "room for a packed block");
    packed
}

/// A small archive of named entries.
///
/// # Panics
/// When the disk refuses.
pub fn archive(path: &Path, entries: &[(&str, &[u8])]) {
    let mut archive = ZipWriter::new(BufWriter::new(File::create(path).expect("a temporary file")));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, content) in entries {
        archive.start_file(*name, options).expect("an entry can begin");
        archive.write_all(content).expect("room for an entry");
    }
    archive.finish().expect("an archive can end").flush().expect("room for an archive");
}

/// What the parts of a workbook are.
const CONTENT_TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>
<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>
</Types>"#;

/// Where its beginning is.
const ROOT_RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>
</Relationships>"#;

/// Its one sheet.
const BOOK: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
<sheets>
<sheet name="Sheet1" sheetId="1" r:id="rId1"/>
</sheets>
</workbook>"#;

/// Where its sheet and its texts are.
const BOOK_RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/>
</Relationships>"#;

/// A workbook whose texts and whose one sheet are these XML documents.
///
/// # Panics
/// When the disk refuses.
pub fn workbook(path: &Path, shared_strings: &str, sheet: &str) {
    workbook_of_pieces(path, std::iter::once(shared_strings.as_bytes()), sheet);
}

/// The same with the document of its texts in pieces, of which none has to be kept.
///
/// # Panics
/// When the disk refuses.
pub fn workbook_of_pieces<'a>(path: &Path, shared_strings: impl Iterator<Item = &'a [u8]>, sheet: &str) {
    let mut archive = ZipWriter::new(BufWriter::new(File::create(path).expect("a temporary file")));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).compression_level(Some(1)).large_file(true);
    let parts = [
        ("[Content_Types].xml", CONTENT_TYPES),
        ("_rels/.rels", ROOT_RELATIONS),
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", BOOK_RELATIONS),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    for (name, content) in parts {
        archive.start_file(name, options).expect("an entry can begin");
        archive.write_all(content.as_bytes()).expect("room for an entry");
    }
    archive.start_file("xl/sharedStrings.xml", options).expect("an entry can begin");
    for piece in shared_strings {
        archive.write_all(piece).expect("room for an entry");
    }
    archive.finish().expect("an archive can end").flush().expect("room for an archive");
}

/// A workbook of which one text has so many megabytes.
///
/// # Panics
/// When the disk refuses.
pub fn workbook_of_one_text(path: &Path, megabytes: usize) {
    let strings = shared_strings("", "amp");
    let (head, tail) = strings.split_once("&amp;").expect("the entity stands once");
    let block = vec![b'x'; MEGABYTE];
    let pieces = std::iter::once(head.as_bytes()).chain(std::iter::repeat_n(block.as_slice(), megabytes));
    workbook_of_pieces(path, pieces.chain(std::iter::once(tail.as_bytes())), &sheet_of_strings("A1:H2"));
}

/// The titles of a register and one text that is an entity; the document declares its own entities where it is given any.
#[must_use]
pub fn shared_strings(declarations: &str, used: &str) -> String {
    let titles: String = HEADER.split(',').map(|title| format!("<si><t>{title}</t></si>")).collect();
    let kind = if declarations.is_empty() { String::new() } else { format!("<!DOCTYPE sst [{declarations}]>") };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>{kind}\
         <sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">{titles}<si><t>&{used};</t></si></sst>"
    )
}

/// A sheet with the titles of [`shared_strings`] in its first row and its last string in every cell of the second.
#[must_use]
pub fn sheet_of_strings(dimension: &str) -> String {
    let titles = HEADER.split(',').count();
    let row = |number: usize, string: &dyn Fn(usize) -> usize| {
        let cells: String = (0..titles)
            .map(|column| format!("<c r=\"{}{number}\" t=\"s\"><v>{}</v></c>", char::from(b"ABCDEFGHIJ"[column]), string(column)))
            .collect();
        format!("<row r=\"{number}\">{cells}</row>")
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
         <dimension ref=\"{dimension}\"/><sheetData>{}{}</sheetData></worksheet>",
        row(1, &|column| column),
        row(2, &|_| titles)
    )
}

/// Entities of entities, a billion characters if they are expanded.
#[must_use]
pub fn billion_laughs() -> String {
    let mut declarations = "<!ENTITY l0 \"哈\">".to_owned();
    for level in 1..10 {
        declarations.push_str(&format!("<!ENTITY l{level} \"{}\">", format!("&l{};", level - 1).repeat(10)));
    }
    declarations
}

/// The head of a dBASE table that promises so many records of so many bytes, with one field, and gives one record.
#[must_use]
pub fn lying_table(records: u32, record_size: u16, field_width: u8) -> Vec<u8> {
    let mut bytes = vec![0x03, 116, 10, 26];
    bytes.extend(records.to_le_bytes());
    bytes.extend(65_u16.to_le_bytes());
    bytes.extend(record_size.to_le_bytes());
    bytes.resize(32, 0);
    bytes.extend(b"XM\0\0\0\0\0\0\0\0\0C\0\0\0\0");
    bytes.push(field_width);
    bytes.resize(64, 0);
    bytes.push(0x0D);
    bytes.extend(b" \xD5\xC5\xC8\xFD      ");
    bytes
}
