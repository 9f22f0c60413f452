//! Files made to hurt: each ends with a clear error or faulty records, and takes bounded memory and time.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::made::{dbf, ods, opened, records, refused, xlsx, zipped};
use crate::delimited::RecordFault;

fn row(cells: &str) -> String {
    format!("<sheetData><row r=\"1\">{cells}</row></sheetData>")
}

/// An archive of one entry that unfolds to zeros.
fn zeros(name: &str, megabytes: usize) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file(name, SimpleFileOptions::default().large_file(true)).unwrap();
    let megabyte = vec![b'0'; 1 << 20];
    for _ in 0..megabytes {
        writer.write_all(&megabyte).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn an_entry_that_unfolds_beyond_measure_is_refused_before_it_is_unpacked() {
    let bomb = zeros("一.csv", 300);
    assert!(refused(&bomb).contains("bomb"), "by what it says of itself");
    // The central directory is made to lie about the size.
    let size = u32::try_from(300_usize << 20).unwrap().to_le_bytes();
    let places: Vec<usize> = bomb.windows(4).enumerate().filter(|(_, window)| *window == size).map(|(place, _)| place).collect();
    let mut lying = bomb;
    for place in places {
        lying[place..place + 4].copy_from_slice(&100_u32.to_le_bytes());
    }
    if let Ok(source) = opened(&lying) {
        let read: Vec<_> = source.collect();
        assert!(
            read.iter().all(|record| record.as_ref().is_ok_and(|record| record.fault() == Some(RecordFault::UnreadableEntry))),
            "{read:?}"
        );
    }
}

#[test]
fn entities_of_a_document_type_are_never_resolved() {
    let laughs = "<!DOCTYPE sst [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]><sst><si><t>&b;</t></si></sst>";
    assert!(refused(&xlsx("", &[("甲", "", &row(""))], laughs)).contains("document type"));
    let external = "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>";
    let content = format!("<sheetData/>{external}");
    assert!(refused(&xlsx("", &[("甲", "", &content)], "")).contains("document type"));
    let message =
        refused(&zipped(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", external.as_bytes())]));
    assert!(message.contains("document type"), "{message}");
}

#[test]
fn dimensions_and_places_that_a_sheet_claims_cost_nothing() {
    let content = format!(
        "<dimension ref=\"A1:XFD1048576\"/>{}",
        row("<c r=\"A1\" t=\"str\"><v>x</v></c><c r=\"XFD1048576\" t=\"str\"><v>y</v></c>")
    );
    let read = records(&xlsx("", &[("甲", "", &content)], ""));
    assert_eq!(read.len(), 2);
    assert_eq!(read[1].fault(), Some(RecordFault::TooManyFields));
    let claims = "<sst uniqueCount=\"100000000000\"><si><t>x</t></si></sst>";
    assert!(refused(&xlsx("", &[("甲", "", &row(""))], claims)).contains("too many"));
    let merged = "<sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><v>x</v></c></row><row r=\"2\"><c r=\"B2\" t=\"str\"><v>y</v></c></row></sheetData><mergeCells><mergeCell ref=\"A1:XFD1048576\"/></mergeCells>";
    let read = records(&xlsx("", &[("甲", "", merged)], ""));
    assert_eq!(read[1].fields().collect::<Vec<_>>(), ["x", "y"]);
}

#[test]
fn repeated_rows_and_columns_of_open_documents_are_bounded() {
    let cell = |repeated: &str| {
        format!(
            "<table:table table:name=\"甲\"><table:table-row {repeated}><table:table-cell table:number-columns-repeated=\"1000000000\"><text:p>x</text:p></table:table-cell></table:table-row></table:table>"
        )
    };
    let read = records(&ods("", &cell("")));
    assert_eq!((read.len(), read[0].fault()), (1, Some(RecordFault::TooManyFields)));
    assert!(refused(&ods("", &cell("table:number-rows-repeated=\"1000000000\""))).contains("repeated row"));
}

#[test]
fn cells_of_any_length_and_number_end_in_faulty_records() {
    let long = "长".repeat(600_000);
    let cells: String = (0..3_000).map(|_| "<c t=\"str\"><v>x</v></c>").collect();
    let content =
        format!("<sheetData><row><c t=\"str\"><v>{long}</v></c></row><row>{cells}</row><row><c t=\"str\"><v>ok</v></c></row></sheetData>");
    let read = records(&xlsx("", &[("甲", "", &content)], ""));
    let faults: Vec<_> = read.iter().map(|record| record.fault()).collect();
    assert_eq!(faults, [Some(RecordFault::TooLong), Some(RecordFault::TooManyFields), None]);

    let page = format!("<table><tr><td>{long}</td></tr><tr>{}</tr><tr><td>ok</td></tr></table>", "<td>x".repeat(5_000));
    let faults: Vec<_> = records(page.as_bytes()).iter().map(|record| record.fault()).collect();
    assert_eq!(faults, [Some(RecordFault::TooLong), Some(RecordFault::TooManyFields), None]);

    let endless = format!("<table><tr><td>{}", "x".repeat(20 << 20));
    assert!(refused(endless.as_bytes()).contains("one cell"));

    let lines = format!("{{\"a\":\"{}\"}}\n{{\"a\":\"ok\"}}\n", "x".repeat(2 << 20));
    let read = records(lines.as_bytes());
    assert_eq!((read[0].fault(), read[2].get(0)), (Some(RecordFault::TooLong), Some("ok")));
    let nested = format!("{{\"a\":1}}\n{}\n", "[".repeat(100_000));
    assert_eq!(records(nested.as_bytes())[2].fault(), Some(RecordFault::NotAnObject));
}

#[test]
fn a_damaged_entry_costs_no_other_entry() {
    let mut broken = xlsx("", &[("甲", "", &row("<c t=\"str\"><v>x</v></c>"))], "");
    let end = broken.len();
    broken.truncate(end / 2);
    let read = records(&zipped(&[("一.xlsx", &broken), ("二.csv", b"a,b\n")]));
    assert_eq!((read.len(), read[0].fault()), (2, Some(RecordFault::UnreadableEntry)));
    assert!(refused(&broken).contains("damaged"));
}

#[test]
fn headers_of_tables_that_lie_are_told() {
    let table = dbf(0x03, 0, &[("XM", b'C', 4)], &[b" abcd".to_vec()]);
    let mut lying = table.clone();
    lying[10..12].copy_from_slice(&1_u16.to_le_bytes());
    assert!(refused(&lying).contains("header"));
    let mut many = table;
    many[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
    let read = records(&many);
    let records = u64::from(u32::MAX) - 1;
    assert_eq!((read.len(), read[2].fault()), (3, Some(RecordFault::Missing { records, announced: records + 1 })));
}
