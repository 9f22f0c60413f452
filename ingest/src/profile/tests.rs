//! Tables for profiles: faults with their lines, places, dates, words and defaults. Nobody here is real.

use std::sync::Arc;

use domain::category::Category;
use domain::finding::Outcome;
use domain::kind::Kind;
use domain::settings::Settings;
use domain::sex::Sex;
use domain::status::LegalStatus;
use proptest::prelude::*;
use time::macros::date;

use super::form::by_letter;
use super::{DateFormat, Profile};
use crate::certificate_row::{self, Context, ReadRow};
use crate::column::Column;
use crate::delimited::Record;
use crate::header::ColumnMap;

const PROFILE: &str = r#"
encoding = "gbk"
delimiter = ";"
skip_rows = 2

[columns]
number = "本证编号"
identity = { letter = "C" }
valid-until = { position = 5 }

[dates]
formats = ["DD.MM.YYYY", "M/D/YYYY", "YYMMDD"]

[states]
"在册" = "有效"
"已停" = "暂扣"

[codes.sex]
"0" = "女"
[codes.category]
"乙" = "B"

[defaults]
authority = "陕西省住房和城乡建设厅"
state = "在用"
"#;

fn read(profile: &str, header: &str, row: &str) -> ReadRow {
    let context =
        Context { profile: Some(Arc::new(Profile::parse(profile).unwrap())), ..Context::new(date!(2026 - 10 - 31), Settings::default()) };
    let columns = ColumnMap::recognise(&Record::of(1, header.split(',')), context.dictionary(Kind::SafetyPersonnel)).unwrap();
    certificate_row::read(Kind::SafetyPersonnel, &Arc::new(columns), Record::of(2, row.split(',')), &context)
}

fn codes(row: &ReadRow) -> Vec<&'static str> {
    row.findings.iter().map(|finding| finding.code.as_str()).collect()
}

#[test]
fn a_profile_says_how_cells_are_read_and_what_stood_there_is_kept() {
    let header = "姓名,本证编号,列三,证书编号,列五,性别,状态,类别,发证日期";
    let row = "张三,陕建安B（2017）0000001,610103198001011233,内部17,17.05.2029,0,已停,乙,260518";
    let row = read(PROFILE, header, row);
    let read = row.row.as_deref().unwrap();
    assert_eq!((read.number.as_str(), read.identity.number()), ("陕建安B（2017）0000001", "610103198001011233"));
    assert_eq!((read.valid_until, read.issued_on), (Some(date!(2029 - 05 - 17)), Some(date!(2026 - 05 - 18))));
    assert_eq!((read.legal_status, read.category), (LegalStatus::Suspended, Some(Category::SafetyB)));
    assert_eq!(read.sex, Some(Sex::Male), "the ID number wins over the cell");
    assert_eq!(read.authority.as_deref(), Some("陕西省住房和城乡建设厅"));
    let until = row.findings.iter().find(|finding| finding.column.as_deref() == Some("列五")).unwrap();
    assert_eq!((until.original.as_deref(), until.repaired.as_deref()), (Some("17.05.2029"), Some("2029-05-17")));
    assert!(codes(&row).contains(&"profile-value") && codes(&row).contains(&"profile-default"), "{:?}", codes(&row));
    assert_eq!(row.outcome, Outcome::Warned, "only the differing sex is worth a look: {:?}", codes(&row));
    assert_eq!(row.original().find(|(title, _)| *title == "列五").unwrap().1, "17.05.2029");
}

#[test]
fn a_column_that_the_profile_names_is_found_nowhere_else() {
    let context = Context {
        profile: Some(Arc::new(Profile::parse("[columns]\nnumber = \"本证编号\"").unwrap())),
        ..Context::new(date!(2026 - 10 - 31), Settings::default())
    };
    let dictionary = context.dictionary(Kind::SafetyPersonnel);
    let map = |header: &str| ColumnMap::recognise(&Record::of(1, header.split(',')), dictionary).unwrap();
    assert_eq!(map("姓名,身份证号,证书编号").missing(dictionary), [Column::Number]);
    assert_eq!(map("姓名,身份证号,证书编号,本证编号").place(Column::Number), Some(3));
    assert!(std::ptr::eq(dictionary, context.dictionary(Kind::SafetyPersonnel)), "a dictionary is made once");
}

#[test]
fn every_fault_is_told_with_its_line_and_key() {
    let table = [
        ("\ncolour = 1", 2, "unknown field `colour`"),
        ("[columns]\nname = \"姓名\"\nnumer = \"编号\"", 3, "columns.numer: there is no such column; there are sequence, name"),
        ("[columns]\nname = { position = 0 }", 2, "columns.name: positions count from 1"),
        ("[columns]\nname = { letter = \"3\" }", 2, "columns.name: positions count from 1"),
        ("[columns]\nname = { position = 1, letter = \"A\" }", 2, "columns.name: give one of"),
        ("[columns]\nname = 3", 2, "a column is found by a title"),
        ("[columns]\nname = \"甲\"\nsex = \"甲\"", 3, "columns.sex: name is found there already"),
        ("[dates]\nformats = [\"YYYY\"]", 2, "dates.formats: \"YYYY\" is no form"),
        ("[states]\n\"甲\" = \"乙\"", 2, "states.甲: \"乙\" is not known itself"),
        ("[codes.sex]\n\"9\" = \"不明\"", 2, "codes.sex.9: \"不明\" is not known itself"),
        ("encoding = \"big5\"", 1, "encoding: \"big5\" is not known; there are utf-8"),
        ("delimiter = \"|\"", 1, "delimiter: \"|\" is not known; there are comma"),
        ("[defaults]\nname = \"张三\"", 2, "defaults.name: name, identity and number"),
        ("skip_rows = -1", 1, ""),
        ("header = 0", 1, "expected a boolean"),
        ("\nheader = false\n[columns]\nname = { position = 1 }", 2, "header: a file without one needs the position of identity"),
        ("header = false\n[columns]\nname = \"姓名\"", 3, "columns.name: a file without a header has no titles"),
    ];
    for (text, line, what) in table {
        let fault = Profile::parse(text).unwrap_err();
        assert_eq!(fault.line, line, "{text}: {fault}");
        assert!(fault.what.contains(what) && !fault.to_string().contains('\n'), "{text}: {fault}");
    }
    assert_eq!(Profile::parse("").unwrap().skip_rows(), 0);
}

#[test]
fn dates_are_read_in_the_declared_form_only() {
    let table = [
        ("DD.MM.YYYY", "05.03.2017", Some(date!(2017 - 03 - 05))),
        ("DD.MM.YYYY", "5.3.2017", None),
        ("D.M.YYYY", "5.3.2017", Some(date!(2017 - 03 - 05))),
        ("MM/DD/YYYY", "02/30/2017", None),
        ("YYMMDD", "170305", Some(date!(2017 - 03 - 05))),
        ("YYMMDD", "990305", Some(date!(1999 - 03 - 05))),
        ("YYYY年M月D日", "2017年3月5日", Some(date!(2017 - 03 - 05))),
        ("YYYYMMDD", "20170305 ", Some(date!(2017 - 03 - 05))),
        ("YYYYMMDD", "20170305x", None),
    ];
    for (format, text, day) in table {
        assert_eq!(DateFormat::parse(format).unwrap().read(text), day, "{format} {text}");
    }
    for format in ["", "YYYY-MM", "DD.MM.YYYY.DD", "hh:mm", "YYYYxMMxDD"] {
        assert_eq!(DateFormat::parse(format), None, "{format}");
    }
}

#[test]
fn letters_count_as_in_a_spreadsheet() {
    assert_eq!(["A", "z", "AA", "XFD", "", "1", "ABCD"].map(by_letter), [Some(0), Some(25), Some(26), Some(16_383), None, None, None]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_text_is_a_profile_or_a_fault_on_one_line(text in "([a-z\\[\\]\"=.\n甲{}0-9 ]|columns|dates|defaults|letter|position|name){0,40}") {
        if let Err(fault) = Profile::parse(&text) {
            prop_assert!(!fault.to_string().contains('\n'));
        }
    }
}
