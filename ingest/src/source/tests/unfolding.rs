//! Small files that say the same over and over: what they unfold to is bounded as what an archive unfolds to is.

use std::fmt::Write as _;

use super::super::open;
use super::made::{dbf, ods, records, refused, written, xlsx, zipped};
use crate::delimited::{Record, RecordFault};

fn bytes_of(records: &[Record]) -> usize {
    records.iter().map(Record::size_bytes).sum()
}

/// A memo file of FoxPro with one text at block 1.
fn memo(text_bytes: usize) -> Vec<u8> {
    let mut memo = vec![0; 512];
    memo[6..8].copy_from_slice(&512_u16.to_be_bytes());
    memo.extend([0, 0, 0, 1]);
    memo.extend(u32::try_from(text_bytes).unwrap().to_be_bytes());
    memo.resize(512 + 8 + text_bytes, b'm');
    memo
}

#[test]
fn memo_texts_count_towards_the_limits_of_their_record_and_one_text_is_not_given_without_end() {
    let fields: Vec<(&str, u8, u8)> = (0..40).map(|_| ("BZ", b'M', 4)).collect();
    let row: Vec<u8> = std::iter::once(b' ').chain(std::iter::repeat_n(1_u32.to_le_bytes(), 40).flatten()).collect();
    let table = dbf(0x30, 0, &fields, &vec![row; 300]);
    let read = records(&zipped(&[("a.dbf", &table), ("a.fpt", &memo(700_000))]));
    let of_table: Vec<_> = read.iter().filter(|record| record.sheet() == "a.dbf" && !record.is_titles()).collect();
    assert_eq!(of_table.len(), 300);
    assert!(of_table.iter().all(|record| record.fault() == Some(RecordFault::TooLong) && record.size_bytes() <= 1 << 20));
    assert!(bytes_of(&read) < 20 << 20, "{}", bytes_of(&read));
}

#[test]
fn memo_texts_of_honest_length_are_read_and_longer_ones_fault_their_record_alone() {
    let row = |block: u32| [&[b' '][..], &block.to_le_bytes()].concat();
    let table = dbf(0x30, 0, &[("BZ", b'M', 4)], &[row(1), row(0)]);
    let fault = |bytes| {
        let read = records(&zipped(&[("a.dbf", &table), ("a.fpt", &memo(bytes))]));
        (read[1].fault(), read[1].size_bytes(), read[2].fault())
    };
    assert_eq!(fault(1_000_000), (None, 1_000_000, None));
    assert_eq!(fault((1 << 20) + 1), (Some(RecordFault::TooLong), 0, None));
}

#[test]
fn a_memo_of_the_oldest_form_is_read_up_to_its_mark() {
    let row = |block: &str| format!(" {block:>10}").into_bytes();
    let table = dbf(0x83, 0, &[("BZ", b'M', 10)], &[row("1"), row("3")]);
    let mut memo = vec![0; 512];
    memo[16] = 3;
    memo.extend("x".repeat(700).bytes());
    memo.push(0x1A);
    memo.resize(3 * 512, 0);
    memo.extend("y".repeat(2 << 20).bytes());
    let read = records(&zipped(&[("a.dbf", &table), ("a.dbt", &memo)]));
    assert_eq!((read[1].size_bytes(), read[1].fault(), read[2].fault()), (700, None, Some(RecordFault::TooLong)));
}

#[test]
fn rows_that_are_hidden_over_and_over_take_no_room() {
    let mut rows = String::new();
    for number in 0..200_000 {
        write!(rows, "<row r=\"{}\" hidden=\"1\"/>", 3 + number % 2 * 5).unwrap();
    }
    let content = format!("<sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><v>x</v></c></row>{rows}</sheetData>");
    let read = records(&xlsx("", &[("甲", "", &content)], ""));
    assert_eq!((read.len(), read[0].is_hidden_row()), (1, false));
}

#[test]
fn styles_that_hide_sheets_are_kept_once_and_not_without_end() {
    let hide = "<style:table-properties table:display=\"false\"/>";
    let style = |name: &str| format!("<style:style style:name=\"{name}\">{hide}</style:style>");
    let sheet = |style: &str| {
        format!(
            "<table:table table:name=\"甲\" table:style-name=\"{style}\"><table:table-row><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row></table:table>"
        )
    };
    let read = records(&ods(&style("ta1").repeat(50_000), &sheet("ta1")));
    assert!(read[0].is_in_hidden_sheet());
    let many: String = (0..20_000).map(|number| style(&format!("t{number}"))).collect();
    assert!(refused(&ods(&many, &sheet("t1"))).contains("styles"));
    assert!(refused(&ods(&style(&"n".repeat(2 << 20)), &sheet("t1"))).contains("styles"));
}

#[test]
fn a_value_that_ranges_spread_is_spread_within_the_limits_of_a_record() {
    let long = "长".repeat(100_000);
    let range = |first: &str| format!("<mergeCell ref=\"{first}:ZZ900\"/>");
    let content = format!(
        "<sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><v>{long}</v></c></row><row r=\"2\"><c r=\"B2\" t=\"str\"><v>y</v></c></row></sheetData><mergeCells>{}</mergeCells>",
        range("A1").repeat(3_000)
    );
    for record in records(&xlsx("", &[("甲", "", &content)], "")) {
        let spread: usize = record.to_the_right().iter().map(|(_, value)| value.len()).sum();
        assert!(record.size_bytes() + spread < 2 << 20, "{spread}");
        assert!(record.completed(0).size_bytes() < 2 << 20);
    }
}

#[test]
fn names_of_sheets_are_short() {
    let long = "长".repeat(5_000);
    let content = format!(
        "<table:table table:name=\"{long}\"><table:table-row><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row></table:table>"
    );
    assert_eq!(records(&ods("", &content))[0].sheet().chars().count(), 255);
}

#[test]
fn lines_with_new_keys_add_columns_only_within_bounds() {
    let ok = "{\"姓名\":\"张三\"}\n".to_owned();
    let faults = |text: &str| {
        let read = records((ok.clone() + text + &ok).as_bytes());
        assert!(bytes_of(&read) < 30 << 20, "{}", bytes_of(&read));
        assert_eq!(read.last().unwrap().fields().collect::<Vec<_>>().first(), Some(&"张三"));
        read.iter().filter(|record| record.fault() == Some(RecordFault::TooManyFields)).count()
    };
    assert_eq!(faults(&format!("{{\"{}\":1}}\n", "k".repeat(100_000))), 1, "a long key");
    let growing: String = (0..5_000).map(|number| format!("{{\"姓名\":\"李四\",\"k{number}\":1}}\n")).collect();
    assert_eq!(faults(&growing), 5_000 - 255, "a new key in every line");
    let wide: String = (0..3_000).map(|number| format!("\"k{number}\":1,")).collect();
    assert_eq!(faults(&format!("{{{}\"姓名\":\"李四\"}}\n", wide)), 1, "too many keys in a line");
    let long: String = (0..1_000).map(|number| format!("\"{number:0>200}\":1,")).collect();
    assert_eq!(faults(&format!("{{{}\"姓名\":\"李四\"}}\n", long)), 1, "too long in all");
}

#[test]
fn a_key_that_comes_twice_in_every_line_takes_two_columns_and_no_more() {
    let read = records("{\"a\":1,\"a\":2}\n".repeat(500).as_bytes());
    assert_eq!(read.len(), 501);
    assert!(read[1..].iter().all(|record| record.fields().collect::<Vec<_>>() == ["1", "2"]));
}

#[test]
fn a_line_that_is_refused_leaves_no_title_behind() {
    let wide: String = (0..3_000).map(|number| format!("\"k{number}\":1,")).collect();
    let file = written(format!("{{\"a\":1}}\n{{{wide}\"b\":1}}\n{{\"c\":1}}\n").as_bytes());
    let read: Vec<_> = open(file.path()).unwrap().map(Result::unwrap).collect();
    assert_eq!(read[3].fields().collect::<Vec<_>>(), ["a", "c"]);
    assert_eq!(read[4].fields().collect::<Vec<_>>(), ["", "1"]);
}
