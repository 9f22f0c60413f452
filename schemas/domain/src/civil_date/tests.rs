//! Days as files write them, and days that no calendar has.

use super::*;
use proptest::prelude::*;
use time::macros::date;

#[test]
fn each_way_of_writing_a_date_is_read_or_left_alone() {
    let day = DateText::Day(date!(2016 - 03 - 05));
    let month = DateText::Month { year: 2016, month: Month::March };
    let table = [
        ("2016-03-05", day),
        ("2016-3-5", day),
        ("2016/3/5", day),
        ("2016.3.5", day),
        ("2016．03．05", day),
        ("2016年3月5日", day),
        ("2016 年 3 月 5 日", day),
        ("二〇一六年三月五日", day),
        ("20160305", day),
        ("20160305.0", day),
        ("２０１６－０３－０５", day),
        ("'2016-03-05", day),
        ("2016-3-5 0:00:00", day),
        ("2016-03-05 00:00:00.000", day),
        ("2016-03-05T00:00:00", day),
        ("42434", day),
        ("42434.0", day),
        ("有效期至2016年3月5日止", day),
        ("2016/03", month),
        ("2016-3", month),
        ("2016.03", month),
        ("2016年3月", month),
        ("201613", DateText::Ambiguous),
        ("201630", DateText::Ambiguous),
        ("201603", month),
        ("201112", DateText::Ambiguous),
        ("160305", DateText::Ambiguous),
        ("16.3.5", DateText::Ambiguous),
        ("16-03-05", DateText::Ambiguous),
        ("03/05/2016", DateText::Ambiguous),
        ("民国105年3月5日", DateText::Ambiguous),
        ("农历三月初五", DateText::Ambiguous),
        ("2016-03-05-06", DateText::Ambiguous),
        ("待定", DateText::Ambiguous),
        ("32873", DateText::Ambiguous),
        ("2016-02-30", DateText::Impossible),
        ("2015年2月29日", DateText::Impossible),
        ("2016-13", DateText::Impossible),
        ("3016-01-01", DateText::Impossible),
        ("0000-00-00", DateText::Sentinel),
        ("00000000", DateText::Sentinel),
        ("0", DateText::Sentinel),
        ("1900-01-01", DateText::Sentinel),
        ("1900/1/0", DateText::Sentinel),
        ("2099-12-31", DateText::Sentinel),
        ("9999.12.31", DateText::Sentinel),
        ("", DateText::Empty),
        ("　", DateText::Empty),
        ("--", DateText::Empty),
        ("NULL", DateText::Empty),
        ("长期", DateText::LongTerm),
        ("长期有效", DateText::LongTerm),
    ];
    for (text, expected) in table {
        assert_eq!(parse(text), expected, "{text}");
    }
}

#[test]
fn day_numbers_follow_the_base_of_their_workbook() {
    assert_eq!(from_serial(42_434, SerialBase::From1900), Some(date!(2016 - 03 - 05)));
    assert_eq!(from_serial(40_972, SerialBase::From1904), Some(date!(2016 - 03 - 05)));
    assert_eq!(parse_with("40972", SerialBase::From1904), DateText::Day(date!(2016 - 03 - 05)));
    assert_eq!(from_serial(32_874, SerialBase::From1900), Some(date!(1990 - 01 - 01)));
    assert_eq!(from_serial(51_501, SerialBase::From1900), Some(date!(2040 - 12 - 31)));
    for days in [0, 32_873, 51_502, u32::MAX] {
        assert_eq!(from_serial(days, SerialBase::From1900), None, "{days}");
    }
}

#[test]
fn the_printed_form_has_two_digits_for_month_and_day() {
    assert_eq!(format_zh(date!(2019 - 03 - 05)), "2019年03月05日");
}

proptest! {
    #[test]
    fn every_written_form_of_a_day_reads_as_that_day(ordinal in 0_i64..60_000) {
        let day = date!(1900 - 01 - 02) + time::Duration::days(ordinal);
        prop_assume!(day != date!(2099 - 12 - 31));
        let (y, m, d) = (day.year(), u8::from(day.month()), day.day());
        for text in [
            day.to_string(),
            format_zh(day),
            format!("{y}年{m}月{d}日"),
            format!("{y}/{m}/{d}"),
            format!("{y}.{m}.{d} 0:00:00"),
            format!("{y:04}{m:02}{d:02}"),
        ] {
            prop_assert_eq!(parse(&text), DateText::Day(day), "{}", text);
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "[0-9年月日./: -〇一二三十至止T]{0,20}|.{0,20}") {
        if let DateText::Day(day) = parse(&text) {
            prop_assert!((1850..=2100).contains(&day.year()));
        }
    }
}
