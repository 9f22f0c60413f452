//! Archives made for tests, of each form and with the same content.

use std::fs;
use std::io::{BufReader, Cursor, Read, Write};
use std::path::Path;

use ::tar::{Builder, EntryType, Header};
use ::zip::ZipWriter;
use ::zip::write::SimpleFileOptions;
use flate2::Compression;
use flate2::bufread::GzEncoder;

/// Names and bytes; a name that ends in `/` is a folder's.
pub(super) type Made<'a> = &'a [(&'a str, &'a [u8])];

pub(super) fn zip_of(entries: Made<'_>) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        if name.ends_with('/') {
            writer.add_directory(*name, SimpleFileOptions::default()).unwrap();
        } else {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
    }
    writer.finish().unwrap().into_inner()
}

/// A header as it stands in archives, whatever the name: the library refuses to write hostile ones.
pub(super) fn header(name: &[u8], entry_type: EntryType, size: u64) -> Header {
    let mut header = Header::new_gnu();
    header.as_old_mut().name[..name.len()].copy_from_slice(name);
    header.set_entry_type(entry_type);
    header.set_mode(0o644);
    header.set_size(size);
    header.set_cksum();
    header
}

/// An entry of a type, without the end of an archive.
pub(super) fn tar_entry(name: &[u8], entry_type: EntryType, bytes: &[u8]) -> Vec<u8> {
    let mut entry = header(name, entry_type, bytes.len() as u64).as_bytes().to_vec();
    entry.extend_from_slice(bytes);
    entry.resize(entry.len().next_multiple_of(512), 0);
    entry
}

/// Entries and the end of the archive.
pub(super) fn ended(entries: &[Vec<u8>]) -> Vec<u8> {
    let mut archive = entries.concat();
    archive.resize(archive.len() + 1024, 0);
    archive
}

pub(super) fn tar_of(entries: Made<'_>) -> Vec<u8> {
    let entry = |(name, bytes): &(&str, &[u8])| {
        tar_entry(name.as_bytes(), if name.ends_with('/') { EntryType::Directory } else { EntryType::Regular }, bytes)
    };
    ended(&entries.iter().map(entry).collect::<Vec<_>>())
}

/// As the library writes it, with long names in entries of their own.
pub(super) fn tar_with_long_names(entries: Made<'_>) -> Vec<u8> {
    let mut builder = Builder::new(Vec::new());
    for (name, bytes) in entries {
        let mut header = Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

pub(super) fn gz_of(bytes: &[u8]) -> Vec<u8> {
    gz_of_zeros_behind(bytes, 0)
}

/// Bytes and so many zeros behind them, packed without holding them.
pub(super) fn gz_of_zeros_behind(bytes: &[u8], zeros: u64) -> Vec<u8> {
    let unpacked = BufReader::with_capacity(1 << 20, bytes.chain(std::io::repeat(0).take(zeros)));
    let mut packed = Vec::new();
    GzEncoder::new(unpacked, Compression::default()).read_to_end(&mut packed).unwrap();
    packed
}

pub(super) fn folder_of(root: &Path, entries: Made<'_>) {
    for (name, bytes) in entries {
        let path = root.join(name);
        if name.ends_with('/') {
            fs::create_dir_all(path).unwrap();
        } else {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
    }
}
