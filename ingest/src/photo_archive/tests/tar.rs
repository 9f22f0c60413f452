//! What only TAR archives have: names of three sorts, links and devices, and archives that were added to.

use ::tar::EntryType;

use super::made::{ended, gz_of, header, tar_entry, tar_of, tar_with_long_names};
use super::*;

/// A record of a PAX header: its length, which counts itself, a key and a value.
fn pax(key: &str, value: &[u8]) -> Vec<u8> {
    let rest = key.len() + value.len() + 3;
    let length = (1..4).map(|digits| rest + digits).find(|length| length.to_string().len() + rest == *length).unwrap();
    [format!("{length} {key}=").as_bytes(), value, b"\n"].concat()
}

fn names(bytes: &[u8]) -> Vec<String> {
    shown(&read(bytes).unwrap())
}

#[test]
fn names_are_read_whether_long_or_of_another_system() {
    let long = format!("{}/610103198001011233.jpg", "照片".repeat(60));
    assert_eq!(names(&tar_with_long_names(&[(&long, b"abc")])), [format!("1 {long} 610103198001011233 3")]);
    let pax_name = tar_entry(b"x", EntryType::XHeader, &pax("path", long.as_bytes()));
    let global = tar_entry(b"g", EntryType::XGlobalHeader, &pax("comment", b"a commit"));
    let file = tar_entry(b"cut off.jpg", EntryType::Regular, b"abc");
    assert_eq!(names(&ended(&[global, pax_name, file])), [format!("1 {long} 610103198001011233 3")]);
    let gbk = tar_entry(b"\xD5\xD5\xC6\xAC/\xD5\xC5\xC8\xFD.jpg", EntryType::Regular, b"x");
    assert_eq!(names(&ended(&[gbk])), ["1 照片/张三.jpg - 1 photo-bad-name"]);
    let nothing_in_name = tar_entry(b"x", EntryType::XHeader, &pax("path", b"610103198001011233\0.jpg"));
    let entries = ended(&[nothing_in_name, tar_entry(b"a", EntryType::Regular, b"x")]);
    assert_eq!(names(&entries), ["1 610103198001011233\u{FFFD}.jpg 610103198001011233 1"]);
}

#[test]
fn paths_that_lead_elsewhere_are_only_names() {
    let entries: [(&[u8], u8); 4] =
        [(b"/etc/610103198001011233.jpg", b'0'), (b"../../11010519491231002X.jpg", b'0'), (b"./", b'5'), (b"old/", b'0')];
    let made: Vec<_> = entries.iter().map(|(name, kind)| tar_entry(name, EntryType::new(*kind), b"")).collect();
    assert_eq!(
        names(&ended(&made)),
        [
            "1 /etc/610103198001011233.jpg 610103198001011233 0 photo-empty",
            "2 ../../11010519491231002X.jpg 11010519491231002X 0 photo-empty",
            "3 ./ - 0 photo-folder",
            "4 old/ - 0 photo-folder",
        ]
    );
}

#[test]
fn links_and_devices_are_unreadable_and_never_followed() {
    let name = b"610103198001011233.jpg";
    for kind in *b"12346VMZ" {
        let made = ended(&[tar_entry(name, EntryType::new(kind), b""), tar_entry(name, EntryType::Regular, b"abc")]);
        let told = ["1 610103198001011233.jpg 610103198001011233 0 photo-unreadable", "2 610103198001011233.jpg 610103198001011233 3"];
        assert_eq!(names(&made), told, "{}", char::from(kind));
    }
}

#[test]
fn sparse_files_are_unreadable_and_not_unfolded() {
    let name = b"610103198001011233.jpg";
    let mut sparse = header(name, EntryType::GNUSparse, 512);
    let gnu = sparse.as_gnu_mut().unwrap();
    gnu.sparse[0].offset.copy_from_slice(b"00000000000\0");
    gnu.sparse[0].numbytes.copy_from_slice(b"00000001000\0");
    gnu.sparse[1].offset.copy_from_slice(b"77777777777\0");
    gnu.sparse[1].numbytes.copy_from_slice(b"00000000000\0");
    gnu.realsize.copy_from_slice(b"77777777777\0");
    sparse.set_cksum();
    let old = [sparse.as_bytes().to_vec(), vec![1; 512]].concat();
    let keys = [pax("GNU.sparse.major", b"1"), pax("GNU.sparse.name", name)].concat();
    let new = [tar_entry(b"x", EntryType::XHeader, &keys), tar_entry(b"GNUSparseFile.1/a", EntryType::Regular, b"1\n0\n")].concat();
    let photo = tar_entry(b"11010519491231002X.jpg", EntryType::Regular, b"abc");
    let unreadable = |place: u64| format!("{place} 610103198001011233.jpg 610103198001011233 0 photo-unreadable");
    assert_eq!(
        names(&ended(&[old, new, photo])),
        [unreadable(1), unreadable(2), "3 11010519491231002X.jpg 11010519491231002X 3".to_owned()]
    );
}

#[test]
fn a_large_entry_is_passed_over_however_its_size_is_written() {
    let bytes = vec![1; 11 << 20];
    let size = bytes.len() as u64;
    let name = b"610103198001011233.jpg";
    let by_pax = tar_entry(b"x", EntryType::XHeader, &pax("size", size.to_string().as_bytes()));
    let large = tar_entry(name, EntryType::Regular, &bytes);
    let unsized_header = header(name, EntryType::Regular, 0).as_bytes().to_vec();
    let photo = tar_entry(b"11010519491231002X.jpg", EntryType::Regular, b"abc");
    let told = |place: u64| format!("{place} 610103198001011233.jpg 610103198001011233 0 photo-too-large");
    assert_eq!(
        names(&ended(&[large, by_pax, unsized_header, bytes, photo])),
        [told(1), told(2), "3 11010519491231002X.jpg 11010519491231002X 3".to_owned()]
    );
}

#[test]
fn what_was_added_to_an_archive_is_read_too() {
    let first = tar_of(&[("610103198001011233.jpg", b"old")]);
    let second = tar_of(&[("610103198001011233.jpg", b"newer")]);
    let told = ["1 610103198001011233.jpg 610103198001011233 3", "2 610103198001011233.jpg 610103198001011233 5"];
    assert_eq!(names(&[first.clone(), vec![0; 3 << 20], second.clone()].concat()), told);
    assert_eq!(names(&[gz_of(&first), gz_of(&second)].concat()), told, "members that are archives");
    let whole = [first, second].concat();
    let (one, other) = whole.split_at(700);
    assert_eq!(names(&[gz_of(one), gz_of(b""), gz_of(other)].concat()), told, "members that are parts");
}
