//! What only ZIP archives have: a list of their entries, encryption, and the wide forms.

use std::io::{Cursor, Write};

use ::zip::ZipWriter;
use ::zip::write::SimpleFileOptions;

use super::made::zip_of;
use super::*;

/// Sets bits of the byte at an offset behind each place where a signature stands.
fn set_bits(bytes: &mut [u8], signature: &[u8], offset: usize, bits: u8) {
    for at in 0..bytes.len() - signature.len() {
        if bytes[at..].starts_with(signature) {
            bytes[at + offset] |= bits;
        }
    }
}

#[test]
fn an_encrypted_entry_is_unreadable() {
    let mut bytes = zip_of(&[("610103198001011233.jpg", b"abc")]);
    set_bits(&mut bytes, b"PK\x03\x04", 6, 1);
    set_bits(&mut bytes, b"PK\x01\x02", 8, 1);
    assert_eq!(shown(&read(&bytes).unwrap()), ["1 610103198001011233.jpg 610103198001011233 0 photo-unreadable"]);
}

#[test]
fn names_lead_nowhere_and_backslashes_part_them() {
    let entries = read(&zip_of(&[("..\\..\\610103198001011233.jpg", b"a"), ("/etc/11010519491231002X.jpg", b"b")])).unwrap();
    assert_eq!(
        shown(&entries),
        ["1 ../../610103198001011233.jpg 610103198001011233 1", "2 /etc/11010519491231002X.jpg 11010519491231002X 1"]
    );
}

#[test]
fn two_entries_of_one_name_are_refused() {
    let mut bytes = zip_of(&[("a.jpg", b"old"), ("c.jpg", b"new")]);
    // No writer of archives does it.
    for at in 0..bytes.len() - 5 {
        if bytes[at..].starts_with(b"c.jpg") {
            bytes[at] = b'a';
        }
    }
    let error = read(&bytes).unwrap_err();
    assert!(matches!(error, ArchiveError::NameTwice { .. }) && error.to_string().contains("two entries of one name"), "{error}");
}

#[test]
fn more_entries_than_the_old_form_counts_are_read_and_resumed() {
    let names: Vec<String> = (0..100_000).map(|number| format!("{number:06}.jpg")).collect();
    let entries: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), name.as_bytes())).collect();
    let file = file_of(&zip_of(&entries));
    let mut archive = PhotoArchive::open(file.path()).unwrap();
    assert_eq!(archive.entries_from(0).filter(|entry| entry.as_ref().is_ok_and(|entry| entry.bytes.len() == 10)).count(), 100_000);
    assert_eq!(archive.entries_from(99_998).map(|entry| entry.unwrap().file_name).collect::<Vec<_>>(), ["099998.jpg", "099999.jpg"]);
}

#[test]
fn sizes_in_the_wide_form_are_read() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("610103198001011233.jpg", SimpleFileOptions::default().large_file(true)).unwrap();
    writer.write_all(b"abc").unwrap();
    let entries = read(&writer.finish().unwrap().into_inner()).unwrap();
    assert_eq!(shown(&entries), ["1 610103198001011233.jpg 610103198001011233 3"]);
}

#[test]
fn a_list_of_entries_that_fits_no_memory_is_refused() {
    // One header with the longest name and comment, over and over: more than 64 MB in few entries.
    let mut one = b"PK\x01\x02".to_vec();
    one.resize(46 + 2 * usize::from(u16::MAX), b'a');
    one[4..46].fill(0);
    one[28..30].copy_from_slice(&u16::MAX.to_le_bytes());
    one[32..34].copy_from_slice(&u16::MAX.to_le_bytes());
    let entries = 550_u16;
    let start = 64_u32;
    let mut bytes = b"PK\x03\x04".to_vec();
    bytes.resize(64, 0);
    bytes.extend(one.repeat(usize::from(entries)));
    let length = u32::try_from(bytes.len()).unwrap() - start;
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend([entries.to_le_bytes(), entries.to_le_bytes()].concat());
    bytes.extend([length.to_le_bytes(), start.to_le_bytes()].concat());
    bytes.extend([0, 0]);
    let error = read(&bytes).unwrap_err();
    assert!(matches!(error, ArchiveError::TooManyEntries { .. }) && error.is_of_content(), "{error:?}");
    assert!(error.to_string().contains("longer than 64 MB"), "{error}");
}
