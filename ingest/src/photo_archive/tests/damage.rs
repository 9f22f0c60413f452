//! Archives that were cut off, altered, or made to break their reader.

use ::tar::EntryType;
use proptest::prelude::*;

use super::made::{ended, gz_of, gz_of_zeros_behind, header, tar_entry, tar_of, zip_of};
use super::*;

const CONTENT: &[(&str, &[u8])] =
    &[("610103198001011233.jpg", b"abcabcabcabc"), ("b/", b""), ("b/11010519491231002X.jpg", &[5; 700]), ("610103800101123.png", b"xyz")];

/// The entries before the end, and the error that ended them.
fn read_until(bytes: &[u8]) -> (Vec<PhotoEntry>, Option<ArchiveError>) {
    let file = file_of(bytes);
    let mut entries = Vec::new();
    let mut archive = match PhotoArchive::open(file.path()) {
        Ok(archive) => archive,
        Err(error) => return (entries, Some(error)),
    };
    for entry in archive.entries_from(0) {
        match entry {
            Ok(entry) => entries.push(entry),
            Err(error) => return (entries, Some(error)),
        }
    }
    (entries, None)
}

#[test]
fn a_tar_that_was_cut_off_gives_what_stood_before_and_says_so_at_every_place() {
    let whole = tar_of(CONTENT);
    let entries = read(&whole).unwrap();
    let end = whole.len() - 1024;
    for cut in (0..whole.len()).step_by(13).chain((0..whole.len()).step_by(512)) {
        let (read, error) = read_until(&whole[..cut]);
        assert_eq!(read, entries[..read.len()], "{cut}");
        assert_eq!(read.len() == entries.len(), cut >= end - 512 + 3, "{cut}");
        // A single empty block ends an archive as well as two.
        assert_eq!(error.is_none(), cut == end + 512, "{cut}: {error:?}");
        if let Some(ArchiveError::BreaksOff { entries, .. }) = &error {
            assert_eq!(*entries, read.len() as u64);
            assert!(error.unwrap().told_of("照片.tar").to_string().starts_with("照片.tar: the TAR archive is damaged or cut off behind"));
        }
    }
}

#[test]
fn a_tar_gz_that_was_cut_off_is_never_taken_for_whole() {
    let unpacked = tar_of(CONTENT);
    let (whole, entries) = (gz_of(&unpacked), read(&unpacked).unwrap());
    for cut in 0..whole.len() {
        let (read, error) = read_until(&whole[..cut]);
        assert_eq!(read, entries[..read.len()], "{cut}");
        assert!(error.is_some_and(|error| error.is_of_content()), "{cut}");
    }
}

#[test]
fn a_size_that_lies_takes_no_memory_and_ends_the_archive() {
    let photo = tar_entry(b"610103198001011233.jpg", EntryType::Regular, b"abc");
    for size in [2000, LARGEST_PHOTO_BYTES, LARGEST_PHOTO_BYTES + 1, 8 << 30, u64::MAX] {
        let lying = header(b"11010519491231002X.jpg", EntryType::Regular, size).as_bytes().to_vec();
        let (read, error) = read_until(&ended(&[photo.clone(), lying]));
        assert_eq!(read[0].bytes, b"abc");
        assert!(read[1..].iter().all(|entry| entry.bytes.is_empty()), "{size}");
        assert!(matches!(error, Some(ArchiveError::BreaksOff { .. })), "{size}: {error:?}");
    }
}

#[test]
fn names_and_attributes_without_measure_end_the_archive() {
    for kind in [EntryType::GNULongName, EntryType::GNULongLink, EntryType::XHeader] {
        for name in [b'a', b'\n', 0] {
            let long = tar_entry(b"././@LongLink", kind, &vec![name; 5 << 20]);
            let made = ended(&[tar_entry(b"a.jpg", EntryType::Regular, b"x"), long, tar_entry(b"b.jpg", EntryType::Regular, b"y")]);
            let (read, error) = read_until(&made);
            assert_eq!(read.len(), 1);
            let Some(ArchiveError::BreaksOff { entries: 1, source, .. }) = error else { panic!("{error:?}") };
            assert!(source.to_string().contains("longer than 1024 KB"), "{source}");
        }
    }
}

#[test]
fn a_tar_gz_that_unfolds_without_measure_ends_in_an_error() {
    let photo = tar_entry(b"610103198001011233.jpg", EntryType::Regular, b"abc");
    let large = header(b"11010519491231002X.jpg", EntryType::Regular, 200 << 20).as_bytes().to_vec();
    for (before, entries) in [([photo.clone(), large].concat(), 2), (photo, 1), (Vec::new(), 0)] {
        let (read, error) = read_until(&gz_of_zeros_behind(&before, 200 << 20));
        assert_eq!(read.len(), entries);
        let Some(error @ ArchiveError::Bomb { .. }) = error else { panic!("{error:?}") };
        assert!(error.is_of_content());
        assert!(error.told_of("照片.tar.gz").to_string().starts_with("照片.tar.gz: the TAR.GZ archive unfolds to more than 200 times"));
    }
}

#[test]
fn a_byte_that_was_altered_in_a_tar_gz_shows_at_its_end() {
    let photo: Vec<u8> = (0..4000_u32).flat_map(|number| number.wrapping_mul(2_654_435_761).to_be_bytes()).collect();
    let whole = gz_of(&tar_of(&[("610103198001011233.jpg", &photo)]));
    for at in (20..whole.len()).step_by(997) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        assert!(read_until(&bytes).1.is_some(), "{at}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn damage_never_panics_and_always_ends(
        form in 0..3_usize, flips in proptest::collection::vec((any::<u16>(), any::<u8>()), 1..4), cut in any::<u16>(),
    ) {
        let mut bytes = match form {
            0 => zip_of(CONTENT),
            1 => tar_of(CONTENT),
            _ => gz_of(&tar_of(CONTENT)),
        };
        let length = bytes.len();
        for (at, byte) in flips {
            bytes[usize::from(at) % length] = byte;
        }
        prop_assert!(read_until(&bytes).0.len() <= CONTENT.len());
        bytes.truncate(usize::from(cut) % length);
        prop_assert!(read_until(&bytes).0.len() <= CONTENT.len());
    }
}
