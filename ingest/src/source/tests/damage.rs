//! Any bytes, and small files of every format damaged at random: the reading always ends, never panics, and gives no record twice.

use std::path::Path;

use proptest::prelude::*;

use super::super::open;
use super::made::{dbf, gb18030, ods, written, xlsx, zipped};

/// A change to a file.
#[derive(Debug, Clone)]
enum Change {
    Flip(prop::sample::Index, u8),
    Cut(prop::sample::Index, usize),
    Insert(prop::sample::Index, Vec<u8>),
    Repeat(prop::sample::Index, usize),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => (any::<prop::sample::Index>(), any::<u8>()).prop_map(|(place, byte)| Change::Flip(place, byte)),
        1 => (any::<prop::sample::Index>(), 1_usize..200).prop_map(|(place, bytes)| Change::Cut(place, bytes)),
        1 => (any::<prop::sample::Index>(), prop::collection::vec(any::<u8>(), 1..20)).prop_map(|(place, bytes)| Change::Insert(place, bytes)),
        1 => (any::<prop::sample::Index>(), 1_usize..60).prop_map(|(place, bytes)| Change::Repeat(place, bytes)),
    ]
}

fn changed(bytes: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for change in changes {
        if bytes.is_empty() {
            break;
        }
        match change {
            Change::Flip(place, byte) => {
                let place = place.index(bytes.len());
                bytes[place] ^= byte;
            }
            Change::Cut(place, length) => {
                let start = place.index(bytes.len());
                let end = bytes.len().min(start + length);
                bytes.drain(start..end);
            }
            Change::Insert(place, more) => {
                let place = place.index(bytes.len());
                bytes.splice(place..place, more.iter().copied());
            }
            Change::Repeat(place, length) => {
                let start = place.index(bytes.len());
                let piece = bytes[start..bytes.len().min(start + length)].to_vec();
                bytes.splice(start..start, piece);
            }
        }
    }
    bytes
}

/// Reads a file to its end or its error, which is one line.
fn read(bytes: &[u8]) -> usize {
    match open(written(bytes).path()) {
        Err(error) => {
            assert!(!error.to_string().contains('\n'), "{error}");
            0
        }
        Ok(source) => {
            let mut count = 0;
            let mut failed = false;
            for record in source {
                assert!(!failed, "nothing follows an error");
                match record {
                    Ok(record) => {
                        assert!(record.len() <= 2_001, "{}", record.len());
                        count += 1;
                    }
                    Err(error) => {
                        assert!(!error.to_string().contains('\n'), "{error}");
                        failed = true;
                    }
                }
            }
            count
        }
    }
}

const SHEET: &str = "<sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" s=\"1\"><v>42434</v></c></row><row r=\"2\"><c r=\"A2\" t=\"e\"><v>#N/A</v></c></row></sheetData><mergeCells><mergeCell ref=\"A1:A2\"/></mergeCells>";

fn whole() -> Vec<Vec<u8>> {
    let workbook = xlsx("", &[("甲", "", SHEET)], "<si><t>张三</t></si>");
    let table = dbf(0x03, 0x7A, &[("XM", b'C', 8), ("RQ", b'D', 8)], &[gb18030(" 张三    20160305"), gb18030("*李四    20160305")]);
    let document = ods(
        "",
        "<table:table table:name=\"甲\"><table:table-row><table:table-cell table:number-rows-spanned=\"2\"><text:p>张三</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell/><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row></table:table>",
    );
    let archive = zipped(&[("一.csv", "姓名,号\n张三,1\n".as_bytes()), ("二.dbf", &table)]);
    let page = "<table><tr><td rowspan=2>张三<td>1</tr><tr><td>2</tr></table>".as_bytes().to_vec();
    let lines = "{\"姓名\":\"张三\"}\n{\"姓名\":\"李四\",\"n\":1}\n".as_bytes().to_vec();
    let mut files = vec![workbook, table, document, archive, page, lines, gb18030("姓名,号\n张三,\"1\"\n")];
    // A workbook of the older form is too large to be made by hand; another program's serves where it is there.
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/samples/特种作业_2016.xls");
    match std::fs::read(&sample) {
        Ok(bytes) => files.push(bytes),
        Err(_) => println!("passed over: {} is not there", sample.display()),
    }
    files
}

#[test]
fn whole_files_are_read() {
    for (place, bytes) in whole().iter().enumerate() {
        assert!(read(bytes) >= 2, "file {place}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        read(&bytes);
    }

    #[test]
    fn any_bytes_behind_a_signature_are_read_or_refused(
        signature in prop::sample::select(vec![&b"PK\x03\x04"[..], b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", b"\x03\x74\x05\x04", b"<table>", b"{\"a\":", b"\xFF\xFE"]),
        bytes in prop::collection::vec(any::<u8>(), 0..600),
    ) {
        read(&[signature, &bytes].concat());
    }

    #[test]
    fn damaged_files_are_read_or_refused(file in any::<prop::sample::Index>(), changes in prop::collection::vec(change(), 1..6)) {
        let files = whole();
        read(&changed(&files[file.index(files.len())], &changes));
    }
}
