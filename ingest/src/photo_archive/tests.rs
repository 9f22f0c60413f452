//! Folders and archives as they come, hostile ones among them.

use std::fs;

use domain::finding::{FindingCode, Outcome};
use domain::identity::IdentityDocument;

use super::{ArchiveError, LARGEST_PHOTO_BYTES, PhotoArchive, PhotoEntry, digest_of};

mod damage;
mod forms;
mod made;
mod tar;
mod zip;

use made::zip_of;

fn file_of(bytes: &[u8]) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), bytes).unwrap();
    file
}

fn read(bytes: &[u8]) -> Result<Vec<PhotoEntry>, ArchiveError> {
    let file = file_of(bytes);
    PhotoArchive::open(file.path())?.entries_from(0).collect()
}

fn shown(entries: &[PhotoEntry]) -> Vec<String> {
    entries
        .iter()
        .map(|entry| {
            let number = entry.identity.as_ref().map_or("-", IdentityDocument::number);
            let codes: Vec<_> = entry.findings.iter().map(|finding| finding.code.as_str()).collect();
            format!("{} {} {} {} {}", entry.position, entry.path_in_archive, number, entry.bytes.len(), codes.join("+"))
                .trim_end()
                .to_owned()
        })
        .collect()
}

#[test]
fn every_entry_of_an_archive_is_accounted_for_in_its_order() {
    let large = vec![0; usize::try_from(LARGEST_PHOTO_BYTES).unwrap() + 1];
    let entries = read(&zip_of(&[
        ("照片/", b""),
        ("照片/610103198001011233.JPG.jpg", b"abc"),
        ("照片/张三.jpg", b"abc"),
        ("11010519491231002X.jpg", b""),
        ("照片/Thumbs.db", b"x"),
        ("610103800101123.png", &large),
        ("../../etc/610103198001011233.png", b"a"),
    ]))
    .unwrap();
    assert_eq!(
        shown(&entries),
        [
            "1 照片/ - 0 photo-folder",
            "2 照片/610103198001011233.JPG.jpg 610103198001011233 3",
            "3 照片/张三.jpg - 3 photo-bad-name",
            "4 11010519491231002X.jpg 11010519491231002X 0 photo-empty",
            "5 照片/Thumbs.db - 0 photo-folder",
            "6 610103800101123.png 610103198001011233 0 photo-too-large",
            "7 ../../etc/610103198001011233.png 610103198001011233 1",
        ]
    );
    assert_eq!(entries[0].outcome(), Outcome::Dropped);
    assert_eq!(entries[1].outcome(), Outcome::Loaded);
    assert_eq!(entries[5].findings[0].code, FindingCode::PhotoTooLarge);
}

#[test]
fn names_written_in_gbk_are_read() {
    let plain = zip_of(&[("ab.jpg", b"x")]);
    let gbk: Vec<u8> = plain
        .iter()
        .enumerate()
        .map(|(at, &byte)| match &plain[at..] {
            [b'a', b'b', b'.', ..] => 0xD5,
            [b'b', b'.', ..] => 0xC5,
            _ => byte,
        })
        .collect();
    assert_eq!(read(&gbk).unwrap()[0].path_in_archive, "张.jpg");
}

#[test]
fn a_folder_is_read_in_the_order_of_paths_and_links_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("b")).unwrap();
    fs::write(folder.path().join("b").join("610103198001011233.jpg"), b"abc").unwrap();
    fs::write(folder.path().join("610103800101123.jpg"), b"").unwrap();
    std::os::unix::fs::symlink("/dev/zero", folder.path().join("11010519491231002X.jpg")).unwrap();
    std::os::unix::fs::symlink(folder.path(), folder.path().join("z")).unwrap();
    let mut archive = PhotoArchive::open(folder.path()).unwrap();
    let entries: Vec<_> = archive.entries_from(0).map(Result::unwrap).collect();
    assert_eq!(
        shown(&entries),
        [
            "1 11010519491231002X.jpg 11010519491231002X 0 photo-unreadable",
            "2 610103800101123.jpg 610103198001011233 0 photo-empty",
            "3 b - 0 photo-folder",
            "4 b/610103198001011233.jpg 610103198001011233 3",
            "5 z - 0 photo-unreadable+photo-bad-name",
        ]
    );
    let rest: Vec<_> = archive.entries_from(3).map(|entry| entry.unwrap().position).collect();
    assert_eq!(rest, [4, 5]);
}

#[test]
fn the_digest_of_a_folder_is_that_of_names_and_contents() {
    let digest = |files: &[(&str, &str)]| {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        digest_of(folder.path()).unwrap()
    };
    let first = digest(&[("a", "1"), ("b", "2")]);
    assert_eq!(first, digest(&[("b", "2"), ("a", "1")]));
    assert_ne!(first, digest(&[("a", "1"), ("c", "2")]));
    assert_ne!(first, digest(&[("a", "1"), ("b", "3")]));
    assert_ne!(first, digest(&[("a", "1")]));
}

#[test]
fn what_is_no_archive_is_told_in_one_line() {
    let open = |bytes: &[u8]| read(bytes).unwrap_err().to_string();
    assert!(open(b"\xFF\xD8\xFF\xE0").contains("no archive: photos are delivered as a folder or a ZIP, TAR or TAR.GZ archive"));
    assert!(open(b"").contains("no archive: photos are delivered as a folder or a ZIP, TAR or TAR.GZ archive"));
    assert!(open(b"PK\x03\x04 and nothing more").contains("pack it again"));
    let missing = PhotoArchive::open("/nowhere/at/all".as_ref()).unwrap_err();
    assert!(missing.to_string().contains("no such file"));
}

#[test]
fn an_archive_that_unfolds_without_measure_ends_in_an_error() {
    let photo = vec![0; 9 << 20];
    let names: Vec<_> = (0..12).map(|number| format!("{number}.jpg")).collect();
    let entries: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), photo.as_slice())).collect();
    let bytes = zip_of(&entries);
    let file = file_of(&bytes);
    let mut archive = PhotoArchive::open(file.path()).unwrap();
    let read: Vec<_> = archive.entries_from(0).collect();
    let unfolded: usize = read.iter().flatten().map(|entry| entry.bytes.len()).sum();
    assert!(unfolded as u64 <= 200 * bytes.len() as u64 + (64 << 20));
    let Some(Err(error)) = read.into_iter().last() else { panic!("the archive ends in an error") };
    assert!(matches!(error, ArchiveError::Bomb { .. }) && error.is_of_content());
    assert!(error.told_of("照片.zip").to_string().starts_with("照片.zip: the ZIP archive unfolds"));
}
