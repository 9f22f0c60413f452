//! What the forms have in common, and what is of no form that is read.

use super::made::{folder_of, gz_of, tar_of, zip_of};
use super::*;

#[test]
fn every_form_gives_the_same_entries_for_the_same_content() {
    let large = vec![7; usize::try_from(LARGEST_PHOTO_BYTES).unwrap() + 1];
    // In the order of their paths, which is a folder's own.
    let content: &[(&str, &[u8])] = &[
        ("11010519491231002X.jpg", b""),
        ("610103198001011233 - 副本.jpg", b"abc"),
        ("张三.jpg", b"abc"),
        ("照片/", b""),
        ("照片/610103198001011233.JPG.jpg", &[0; 512]),
        ("照片/610103800101123.png", &large),
        ("照片/Thumbs.db", b"x"),
    ];
    let folder = tempfile::tempdir().unwrap();
    folder_of(folder.path(), content);
    let in_folder: Vec<_> = PhotoArchive::open(folder.path()).unwrap().entries_from(0).map(Result::unwrap).collect();
    assert_eq!(
        shown(&in_folder),
        [
            "1 11010519491231002X.jpg 11010519491231002X 0 photo-empty",
            "2 610103198001011233 - 副本.jpg 610103198001011233 3",
            "3 张三.jpg - 3 photo-bad-name",
            "4 照片 - 0 photo-folder",
            "5 照片/610103198001011233.JPG.jpg 610103198001011233 512",
            "6 照片/610103800101123.png 610103198001011233 0 photo-too-large",
            "7 照片/Thumbs.db - 0 photo-folder",
        ]
    );
    for (form, bytes) in [("zip", zip_of(content)), ("tar", tar_of(content)), ("tar.gz", gz_of(&tar_of(content)))] {
        let file = file_of(&bytes);
        let mut archive = PhotoArchive::open(file.path()).unwrap();
        let mut entries: Vec<_> = archive.entries_from(0).map(Result::unwrap).collect();
        assert_eq!(entries[3].path_in_archive, "照片/", "{form}");
        // Archives close the name of a folder.
        entries[3] = in_folder[3].clone();
        assert_eq!(entries, in_folder, "{form}");
        for start in [1, 4, 7, 8, u64::MAX] {
            let rest: Vec<_> = archive.entries_from(start).map(|entry| entry.unwrap().position).collect();
            assert_eq!(rest, (1..=7).filter(|position| *position > start).collect::<Vec<_>>(), "{form} from {start}");
        }
    }
}

#[test]
fn the_content_tells_the_form_and_other_forms_are_named_with_what_to_do() {
    let table: &[(&[u8], &str)] = &[
        (b"7z\xBC\xAF\x27\x1C\x00\x04", "it is a 7z archive, which is not read: unpack it and deliver the folder of photos"),
        (b"Rar!\x1A\x07\x00", "it is a RAR archive"),
        (b"Rar!\x1A\x07\x01\x00", "it is a RAR archive"),
        (b"\xFD7zXZ\x00\x00\x04", "it is a file packed by xz"),
        (b"BZh91AY&SY", "it is a file packed by bzip2"),
        (b"\x28\xB5\x2F\xFD\x04", "it is a file packed by zstd"),
        (b"MSCF\x00\x00", "it is a CAB archive"),
        (b"PK\x07\x08PK\x03\x04", "it is a part of a ZIP archive in several parts"),
        (b"\xFF\xD8\xFF\xE0", "it is no archive"),
        (b"\x1F\x8B\x08\x00", "the TAR.GZ archive is damaged"),
        (b"\x1F", "it is no archive"),
        (&[0; 512], "it is no archive"),
    ];
    for (bytes, told) in table {
        let error = read(bytes).unwrap_err();
        assert!(error.to_string().contains(told), "{error}");
        assert!(error.is_of_content() && error.told_of("照片").to_string().starts_with("照片: "));
    }
    let single = read(&gz_of(&[7; 4000])).unwrap_err();
    assert!(single.to_string().contains("a single file packed by gzip"), "{single}");
    let zip_in_gzip = read(&gz_of(&zip_of(&[("a.jpg", b"x")]))).unwrap_err();
    assert!(zip_in_gzip.to_string().contains("pack that as a ZIP, TAR or TAR.GZ archive"), "{zip_in_gzip}");
}

#[test]
fn an_archive_without_entries_has_none() {
    for bytes in [zip_of(&[]), tar_of(&[]), gz_of(&tar_of(&[])), vec![0; 10_240]] {
        assert_eq!(read(&bytes).unwrap(), []);
    }
}
