//! Tables for ordinary and broken records, and properties over any bytes.

use std::io::{self, Read};

use proptest::prelude::*;

use super::{Delimited, Delimiter, Limits, Record, RecordFault};

const SMALL: Limits = Limits { bytes: 60, lines: 4, fields: 5 };

/// Hands out one byte at a time, so that every chunk border is met.
struct Trickle<'a>(&'a [u8]);

impl Read for Trickle<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match (self.0.split_first(), buffer.first_mut()) {
            (Some((&byte, rest)), Some(place)) => {
                *place = byte;
                self.0 = rest;
                Ok(1)
            }
            _ => Ok(0),
        }
    }
}

fn read(text: &[u8], limits: Limits) -> Vec<Record> {
    Delimited::new(text, Delimiter::Comma, limits).map(Result::unwrap).collect()
}

fn shown(text: &str, limits: Limits) -> Vec<String> {
    read(text.as_bytes(), limits)
        .iter()
        .map(|record| {
            let fault = record.fault().map(|fault| format!(" {fault:?}")).unwrap_or_default();
            format!("{}:{}{fault}", record.line(), record.fields().collect::<Vec<_>>().join("|"))
        })
        .collect()
}

#[test]
fn records_carry_the_physical_line_they_begin_on() {
    let cases: &[(&str, &[&str])] = &[
        ("", &[]),
        ("a,b\nc,d\n", &["1:a|b", "2:c|d"]),
        ("a,b\nc,d", &["1:a|b", "2:c|d"]),
        ("a,b\r\nc,d\r\n", &["1:a|b", "2:c|d"]),
        ("a,b\rc,d\r", &["1:a|b", "2:c|d"]),
        ("\n\na\n", &["1:", "2:", "3:a"]),
        ("a,\n,b\n", &["1:a|", "2:|b"]),
        ("a,", &["1:a|"]),
        ("\"a\r\nb\",c\nd\n", &["1:a\r\nb|c", "3:d"]),
        ("\"a\rb\",c\nd\n", &["1:a\rb|c", "3:d"]),
        ("\"他说\"\"好\"\"\",b\n", &["1:他说\"好\"|b"]),
        ("\"\",b\n", &["1:|b"]),
        ("a\"b,c\"\n", &["1:a\"b|c\""]),
        ("\"a,b\"\n", &["1:a,b"]),
    ];
    for (text, expected) in cases {
        assert_eq!(shown(text, Limits::default()), *expected, "{text:?}");
    }
}

#[test]
fn a_stray_quotation_mark_inside_a_quoted_field_is_text() {
    assert_eq!(shown("\"甲\"分公司\",b\n", Limits::default()), ["1:甲\"分公司|b"]);
}

#[test]
fn an_unbalanced_quotation_mark_costs_its_own_line_only() {
    let cases: &[(&str, &[&str])] = &[
        ("a,\"b\nc,d\n", &["1:a|\"b UnbalancedQuote", "2:c|d"]),
        ("a,\"b\nc,d\n\"e\",f\n", &["1:a|\"b UnbalancedQuote", "2:c|d", "3:e|f"]),
        ("a,\"b\n1\n2\n3\n4\n5\n", &["1:a|\"b UnbalancedQuote", "2:1", "3:2", "4:3", "5:4", "6:5"]),
        ("\"", &["1:\" UnbalancedQuote"]),
        ("x\n\"b", &["1:x", "2:\"b UnbalancedQuote"]),
    ];
    for (text, expected) in cases {
        assert_eq!(shown(text, SMALL), *expected, "{text:?}");
    }
}

#[test]
fn records_beyond_the_limits_are_faulty_and_reading_goes_on() {
    let long = "长".repeat(100);
    let records = read(format!("a\n{long}\nb,c\n\"{long}\",x\nd\n1,2,3,4,5,6,7\ne\n").as_bytes(), SMALL);
    let shown: Vec<_> = records.iter().map(|record| (record.line(), record.fault(), record.len())).collect();
    assert_eq!(
        shown,
        [
            (1, None, 1),
            (2, Some(RecordFault::TooLong), 1),
            (3, None, 2),
            (4, Some(RecordFault::TooLong), 1),
            (5, None, 1),
            (6, Some(RecordFault::TooManyFields), 5),
            (7, None, 1)
        ]
    );
    assert_eq!(records[5].fields().collect::<Vec<_>>(), ["1", "2", "3", "4", "5"]);
    assert!(records.iter().all(|record| record.fields().map(str::len).sum::<usize>() <= SMALL.bytes + 3));
}

#[test]
fn one_giant_line_is_one_faulty_record_in_bounded_memory() {
    let giant = io::repeat(b'x').take(50 << 20);
    let text = (&b"a,b\n"[..]).chain(giant).chain(&b"\r\nc,d\n"[..]);
    let mut records = Delimited::sniffed(text, Limits::default()).unwrap();
    let mut lines = Vec::new();
    while let Some(record) = records.next() {
        let record = record.unwrap();
        lines.push((record.line(), record.fault()));
        assert!(records.buffer.capacity() < 8 << 20);
    }
    assert_eq!(lines, [(1, None), (2, Some(RecordFault::TooLong)), (3, None)]);
}

#[test]
fn zero_bytes_become_replacement_characters() {
    let records = read(b"a\0b,c\n", Limits::default());
    assert_eq!(records[0].get(0), Some("a\u{FFFD}b"));
    assert!(records[0].has_unreadable_characters());
}

#[test]
fn the_delimiter_is_the_one_under_which_records_agree() {
    let cases = [
        ("姓名,性别\n张三,男\n", Delimiter::Comma),
        ("姓名\t性别\n张三\t男\n", Delimiter::Tab),
        ("姓名;性别\n张三;男\n", Delimiter::Semicolon),
        ("title\n姓名\t性别\t备注\n张三\t男\ta,b\n李四\t女\tc,d;e\n", Delimiter::Tab),
        ("姓名,备注\n张三,a;b\n李四,c;d\n", Delimiter::Comma),
        ("姓名\n张三\n", Delimiter::Comma),
        ("", Delimiter::Comma),
    ];
    for (text, expected) in cases {
        assert_eq!(Delimited::sniffed(text.as_bytes(), Limits::default()).unwrap().delimiter(), expected, "{text:?}");
    }
}

#[test]
fn nothing_is_read_after_an_error_of_the_reader() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("gone"))
        }
    }
    let mut records = Delimited::new(Broken, Delimiter::Comma, SMALL);
    assert!(records.next().unwrap().is_err());
    assert!(records.next().is_none());
}

fn lines_of(text: &str) -> u64 {
    let ends = text.replace("\r\n", "\n").replace('\r', "\n");
    ends.split('\n').count() as u64 - u64::from(ends.ends_with('\n') || ends.is_empty())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_text_is_framed_alike_whatever_the_chunks(text in "[a,;\"\r\n\0\t长]{0,120}") {
        let whole = read(text.as_bytes(), SMALL);
        let trickled: Vec<_> = Delimited::new(Trickle(text.as_bytes()), Delimiter::Comma, SMALL).map(Result::unwrap).collect();
        prop_assert_eq!(&whole, &trickled);
        prop_assert!(whole.windows(2).all(|pair| pair[0].line() < pair[1].line()));
        prop_assert!(whole.last().is_none_or(|record| record.line() <= lines_of(&text)));
        prop_assert!(whole.iter().all(|record| record.len() <= SMALL.fields && !record.is_empty()));
    }

    #[test]
    fn any_bytes_are_framed_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let records = read(&bytes, SMALL);
        prop_assert_eq!(bytes.is_empty(), records.is_empty());
    }

    #[test]
    fn quoted_fields_come_back_as_they_were(fields in proptest::collection::vec("[a,\"长 ]{0,8}", 1..5)) {
        let quoted: Vec<_> = fields.iter().map(|field| format!("\"{}\"", field.replace('"', "\"\""))).collect();
        let records = read(format!("{}\r\n", quoted.join(",")).as_bytes(), Limits::default());
        prop_assert_eq!(records.len(), 1);
        prop_assert_eq!(records[0].fields().collect::<Vec<_>>(), fields);
    }
}
