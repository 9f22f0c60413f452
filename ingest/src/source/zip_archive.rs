//! ZIP archives: which format they carry, and archives of tables, entry by entry. An entry is copied to a file without a name before it is read, since
//! workbooks are read from their end; a name that points elsewhere is only a name.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::sync::Arc;

use zip::ZipArchive;

use super::bounds::{Bounded, most_bytes_of, too_large};
use super::format::Format;
use super::refusal::Refusal;
use super::{Forced, Nesting, Source, open_file};
use crate::delimited::{Record, RecordFault};
use crate::photo_archive::{decoded_name, is_left_by_system};

/// Files of one archive.
const MOST_ENTRIES: usize = 10_000;
/// What one file of an archive may unfold to.
const MOST_ENTRY_BYTES: u64 = 8 << 30;
/// What all files of an archive may unfold to.
const MOST_BYTES: u64 = 32 << 30;

/// Whether an archive is a workbook, by the names in it.
pub(super) fn kind<R: Read + Seek>(reader: R) -> Result<Format, Refusal> {
    let mut archive = ZipArchive::new(reader).map_err(Refusal::damaged)?;
    let has = |name: &str| archive.file_names().flatten().any(|other| other.eq_ignore_ascii_case(name));
    if has("xl/workbook.bin") {
        return Err(Refusal::OtherWorkbook("binary workbook (XLSB)"));
    }
    if has("[Content_Types].xml") && (has("xl/workbook.xml") || archive.file_names().flatten().any(|name| name.starts_with("xl/"))) {
        return Ok(Format::Xlsx);
    }
    if has("word/document.xml") {
        return Err(Refusal::Document("a Word document"));
    }
    if has("content.xml") && has("mimetype") {
        let mut mimetype = String::new();
        let entry = archive.by_name("mimetype").map_err(Refusal::damaged)?;
        entry.take(256).read_to_string(&mut mimetype)?;
        return if mimetype.contains("spreadsheet") {
            Ok(Format::OpenDocument)
        } else {
            Err(Refusal::Document("an OpenDocument text or drawing"))
        };
    }
    Ok(Format::Zip)
}

pub(super) struct Entries {
    archive: ZipArchive<BufReader<File>>,
    names: Vec<Arc<str>>,
    next: usize,
    bytes_left: u64,
    current: Option<Current>,
}

struct Current {
    name: Arc<str>,
    source: Source,
    /// The last name of a sheet, and how it is told with the entry's.
    sheet: (String, Arc<str>),
    last_line: u64,
}

pub(super) fn open(file: File) -> Result<Entries, Refusal> {
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(Refusal::damaged)?;
    if archive.len() > MOST_ENTRIES {
        return Err(Refusal::TooLarge { what: "the archive".to_owned(), limit: format!("{MOST_ENTRIES} files") });
    }
    let mut names = Vec::new();
    let mut total = 0_u64;
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(Refusal::damaged)?;
        if entry.encrypted() {
            return Err(Refusal::Encrypted);
        }
        let name: Arc<str> = decoded_name(entry.name_raw()).replace('\\', "/").replace('\0', "\u{FFFD}").into();
        // What an archive honestly says of itself is refused before anything is unpacked.
        let limit = most_bytes_of(entry.compressed_size()).min(MOST_ENTRY_BYTES);
        if entry.size() > limit {
            return Err(too_large(&format!("its file {name:?}"), limit));
        }
        total = total.saturating_add(entry.size());
        names.push(name);
    }
    if total > MOST_BYTES {
        return Err(too_large("the archive", MOST_BYTES));
    }
    Ok(Entries { archive, names, next: 0, bytes_left: MOST_BYTES, current: None })
}

impl Entries {
    /// Opens the next entry; what is no table becomes one record that says why.
    fn open_next(&mut self) -> io::Result<Option<Record>> {
        let index = self.next;
        let name = Arc::clone(&self.names[index]);
        self.next += 1;
        let aside = |fault, text: &str| Record::of(1, [text]).with_fault(fault).in_sheet(Arc::clone(&name));
        if name.ends_with('/') || is_left_by_system(&name) || is_memo(&name) {
            return Ok(Some(aside(RecordFault::ArchiveFurniture, &name)));
        }
        let opened = self.unpacked(index).and_then(|file| {
            let memos: Vec<(&str, Option<File>)> = if name.to_lowercase().ends_with(".dbf") {
                ["fpt", "dbt"].map(|kind| (kind, self.memo_of(index, kind))).into()
            } else {
                Vec::new()
            };
            let memo = |kind: &str| memos.iter().find(|(known, _)| *known == kind).and_then(|(_, file)| file.as_ref()?.try_clone().ok());
            open_file(file, &memo, Nesting::InArchive, Forced::default())
        });
        match opened {
            Ok(source) => {
                let sheet = (String::new(), Arc::clone(&name));
                self.current = Some(Current { name, source, sheet, last_line: 0 });
                Ok(None)
            }
            Err(Refusal::Unreadable(error)) => Err(error),
            Err(refusal) => Ok(Some(aside(RecordFault::UnreadableEntry, &refusal.to_string()))),
        }
    }

    fn unpacked(&mut self, index: usize) -> Result<File, Refusal> {
        let entry = self.archive.by_index(index).map_err(Refusal::damaged)?;
        let packed = entry.compressed_size();
        let stated = entry.size();
        let mut bounded = Bounded::entry(entry, "it", packed, MOST_ENTRY_BYTES.min(self.bytes_left));
        let mut file = tempfile::tempfile().map_err(Refusal::Unreadable)?;
        let bytes =
            io::copy(&mut bounded, &mut file).map_err(|error| if is_larger(&error) { Refusal::SizeLies(stated) } else { error.into() })?;
        self.bytes_left = self.bytes_left.saturating_sub(bytes);
        if bytes != stated {
            return Err(Refusal::SizeLies(stated));
        }
        file.rewind()?;
        Ok(file)
    }

    /// The memo file of the table at `table`, by the same name with another extension.
    fn memo_of(&mut self, table: usize, kind: &str) -> Option<File> {
        let stem = self.names[table].rsplit_once('.')?.0.to_lowercase();
        let wanted = format!("{stem}.{kind}");
        let index = self.names.iter().position(|name| name.to_lowercase() == wanted)?;
        self.unpacked(index).ok()
    }

    fn next_record(&mut self) -> io::Result<Option<Record>> {
        loop {
            if let Some(current) = &mut self.current {
                match current.source.next() {
                    Some(Ok(record)) => {
                        current.last_line = record.line();
                        let sheet = current.sheet_of(&record);
                        return Ok(Some(record.in_sheet(sheet)));
                    }
                    Some(Err(error)) => {
                        // A damaged entry ends with a record that says so, and the next one is read.
                        let refusal = Refusal::from(error);
                        if let Refusal::Unreadable(error) = refusal {
                            return Err(error);
                        }
                        let record = Record::of(current.last_line + 1, [refusal.to_string().as_str()]);
                        let sheet = Arc::clone(&current.sheet.1);
                        self.current = None;
                        return Ok(Some(record.with_fault(RecordFault::UnreadableEntry).in_sheet(sheet)));
                    }
                    None => self.current = None,
                }
            }
            if self.next == self.names.len() {
                return Ok(None);
            }
            if let Some(record) = self.open_next()? {
                return Ok(Some(record));
            }
        }
    }
}

impl Current {
    fn sheet_of(&mut self, record: &Record) -> Arc<str> {
        if record.sheet() != self.sheet.0 {
            let name = record.sheet();
            self.sheet = (name.to_owned(), if name.is_empty() { Arc::clone(&self.name) } else { format!("{}/{name}", self.name).into() });
        }
        Arc::clone(&self.sheet.1)
    }
}

/// Whether the library stopped at an entry that goes on beyond its stated size. It has words for that and no kind of error.
fn is_larger(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.to_string().contains("larger than its declared uncompressed size"))
}

/// Memo files belong to the table beside them.
fn is_memo(name: &str) -> bool {
    let lower = name.to_lowercase();
    lower.ends_with(".dbt") || lower.ends_with(".fpt")
}

impl Iterator for Entries {
    type Item = io::Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        let item = self.next_record().transpose();
        if matches!(item, Some(Err(_))) {
            self.next = self.names.len();
            self.current = None;
        }
        item
    }
}
