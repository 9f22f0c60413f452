//! Tables over single rows: outcomes, findings and values. All people, firms and numbers are invented.

use std::sync::Arc;

use domain::category::{Category, Duty};
use domain::finding::Outcome;
use domain::kind::Kind;
use domain::settings::Settings;
use domain::sex::Sex;
use domain::status::LegalStatus;
use proptest::prelude::*;
use time::macros::date;

use super::{CertificateRow, Context, ReadRow, read};
use crate::delimited::{Delimited, Delimiter, Limits, Record, RecordFault};
use crate::dictionary::Dictionary;
use crate::header::ColumnMap;

const HEADER: &str =
    "姓名,性别,出生日期,身份证号码,企业名称,统一社会信用代码,职务,证书编号,初次领证日期,发证日期,有效期至,证书状态,手机号,备注";

/// A row without fault, by title.
const CLEAN: &[(&str, &str)] = &[
    ("姓名", "张三"),
    ("性别", "男"),
    ("出生日期", "1980-01-01"),
    ("身份证号码", "610103198001011233"),
    ("企业名称", "陕西甬垚建筑工程有限公司"),
    ("职务", "项目负责人"),
    ("证书编号", "陕建安B（2017）0000001"),
    ("初次领证日期", "2017-05-18"),
    ("发证日期", "2026-05-18"),
    ("有效期至", "2029-05-17"),
    ("证书状态", "续期"),
    ("手机号", "19900000001"),
];

fn context() -> Context {
    Context::new(date!(2026 - 10 - 31), Settings::default())
}

fn columns(kind: Kind, header: &str) -> Arc<ColumnMap> {
    Arc::new(ColumnMap::recognise(&Record::of(1, header.split(',')), Dictionary::of(kind)).unwrap())
}

fn safety(changes: &[(&str, &str)]) -> ReadRow {
    let cell = |title| {
        let find = |cells: &[(&str, &'static str)]| cells.iter().find(|(known, _)| *known == title).map(|(_, cell)| *cell);
        let changed = changes.iter().find(|(known, _)| *known == title).map(|(_, cell)| (*cell).to_owned());
        changed.or_else(|| find(CLEAN).map(str::to_owned)).unwrap_or_default()
    };
    let cells: Vec<String> = HEADER.split(',').map(cell).collect();
    let record = Record::of(3, cells.iter().map(String::as_str));
    read(Kind::SafetyPersonnel, &columns(Kind::SafetyPersonnel, HEADER), record, &context())
}

fn of_kind(kind: Kind, header: &str, row: &str) -> ReadRow {
    read(kind, &columns(kind, header), Record::of(2, row.split(',')), &context())
}

fn codes(row: &ReadRow) -> Vec<&'static str> {
    row.findings.iter().map(|finding| finding.code.as_str()).collect()
}

fn certificate(row: &ReadRow) -> &CertificateRow {
    row.row.as_deref().unwrap()
}

#[test]
fn a_clean_row_is_loaded_with_every_value() {
    let row = safety(&[("备注", " 无 ")]);
    assert_eq!((row.outcome, codes(&row)), (Outcome::Loaded, vec![]));
    let read = certificate(&row);
    assert_eq!(read.number.as_str(), "陕建安B（2017）0000001");
    assert_eq!((read.number_year, read.category), (Some(2017), Some(Category::SafetyB)));
    assert_eq!((read.name.as_printed(), read.identity.number()), ("张三", "610103198001011233"));
    assert_eq!((read.sex, read.birth_date), (Some(Sex::Male), Some(date!(1980 - 01 - 01))));
    assert_eq!((read.duty, read.duty_printed.as_deref()), (Some(Duty::ProjectLeader), Some("项目负责人")));
    assert_eq!(read.first_issued_on, Some(date!(2017 - 05 - 18)));
    assert_eq!((read.issued_on, &read.issued_on_printed), (Some(date!(2026 - 05 - 18)), &None));
    assert_eq!((read.valid_from, read.valid_until), (Some(date!(2026 - 05 - 18)), Some(date!(2029 - 05 - 17))));
    assert_eq!(read.legal_status, LegalStatus::Valid);
    assert_eq!((read.phone.as_deref(), read.remark.as_deref()), (Some("19900000001"), Some("无")));
    assert_eq!(row.original().last(), Some(("备注", " 无 ")));
    assert_eq!(row.line(), 3);
}

#[test]
fn a_state_under_a_title_that_nobody_knows_holds_the_row() {
    let header = format!("{HEADER},状况X");
    let plain: Vec<&str> =
        HEADER.split(',').map(|title| CLEAN.iter().find(|(known, _)| *known == title).map_or("", |(_, cell)| *cell)).collect();
    for (word, held) in [("注销", true), ("吊销", true), ("有效", false), ("", false), ("A区", false)] {
        let row = of_kind(Kind::SafetyPersonnel, &header, &format!("{},{word}", plain.join(",")));
        assert_eq!(codes(&row).contains(&"state-elsewhere"), held, "{word}: {:?}", codes(&row));
        assert_eq!(row.outcome == Outcome::Held, held, "{word}");
    }
}

#[test]
fn every_rule_about_one_row_gives_its_finding() {
    use Outcome::{Held, Loaded, Rejected, Warned};
    type Case = (&'static [(&'static str, &'static str)], Outcome, &'static [&'static str]);
    let cases: &[Case] = &[
        (&[("姓名", "")], Rejected, &["required-missing"]),
        (&[("身份证号码", " ")], Rejected, &["required-missing"]),
        (&[("证书编号", "")], Rejected, &["required-missing"]),
        (&[("身份证号码", "6.10323E+17")], Rejected, &["identity-scientific"]),
        (&[("身份证号码", "610103198001011234")], Held, &["identity-checksum"]),
        (&[("身份证号码", "610103800101123")], Warned, &["identity-fifteen-digits"]),
        (&[("身份证号码", "H47967615"), ("性别", "女")], Warned, &["identity-other-document"]),
        (&[("性别", "女")], Warned, &["sex-differs"]),
        (&[("性别", "1")], Loaded, &["sex-coded"]),
        (&[("性别", "")], Loaded, &[]),
        (&[("出生日期", "1980-02-01")], Warned, &["birth-date-differs"]),
        (&[("出生日期", "1980年1月")], Loaded, &[]),
        (&[("出生日期", "1980.1.1")], Loaded, &[]),
        (&[("出生日期", "80.1.1")], Warned, &["birth-date-differs"]),
        (&[("证书编号", "陕建安B(2017)0000001")], Loaded, &["number-form"]),
        (&[("证书编号", "陕建安B（2017）123")], Held, &["number-serial-zeros-lost"]),
        (&[("证书编号", "陕A012017000001")], Held, &["kind-mismatch"]),
        (&[("证书编号", "水安B（2017）0000001")], Rejected, &["out-of-scope"]),
        (&[("证书编号", "陕建安C（2017）0000001"), ("职务", "安全员")], Warned, &["old-category-c"]),
        (&[("职务", "法定代表人")], Warned, &["duty-differs"]),
        (&[("职务", "")], Loaded, &[]),
        (&[("发证日期", "2026年5月")], Warned, &["month-only"]),
        (&[("发证日期", "2026年5月18日")], Loaded, &["date-form"]),
        (&[("有效期至", "")], Held, &["end-missing"]),
        (&[("有效期至", "长期")], Held, &["end-unlimited"]),
        (&[("有效期至", "2029年5月")], Held, &["end-month-only"]),
        (&[("有效期至", "2029-02-30")], Rejected, &["end-date-impossible"]),
        (&[("有效期至", "2029-05-18")], Loaded, &[]),
        (&[("有效期至", "2029-05-19")], Warned, &["period-off-by-a-day"]),
        (&[("有效期至", "2029-10-17")], Held, &["period-not-of-kind"]),
        (&[("有效期至", "2029-01-17"), ("证书状态", "变更")], Loaded, &[]),
        (&[("有效期至", "2027-01-17"), ("证书状态", "注销")], Loaded, &[]),
        (&[("有效期至", "2027-01-17"), ("证书状态", "吊销")], Loaded, &[]),
        (&[("有效期至", "2027-01-17"), ("证书状态", "撤销")], Loaded, &[]),
        (&[("有效期至", "2027-01-17"), ("证书状态", "转出")], Loaded, &[]),
        (&[("有效期至", "2025-01-17"), ("证书状态", "注销")], Held, &["end-before-start"]),
        (&[("有效期至", "2016-05-17"), ("发证日期", ""), ("证书状态", "过期")], Held, &["end-before-start"]),
        (&[("有效期至", "2026-05-17"), ("证书状态", "过期")], Held, &["end-before-start"]),
        (&[("初次领证日期", "2026-06-18")], Held, &["start-before-first-issue", "paper-after-cut-over"]),
        (&[("发证日期", "2062-05-18"), ("有效期至", "2065-05-17")], Held, &["issued-after-delivery", "end-too-late"]),
        (&[("发证日期", "2026-11-01"), ("有效期至", "2029-10-31")], Held, &["issued-after-delivery"]),
        (&[("有效期至", "2062-05-17")], Held, &["period-not-of-kind", "end-too-late"]),
        (&[("有效期至", "有效期至 2099-12-31")], Rejected, &["end-date-sentinel"]),
        (&[("初次领证日期", "2018-11-01")], Held, &["paper-after-cut-over"]),
        (&[("初次领证日期", "2018-10-31")], Loaded, &[]),
        (&[("初次领证日期", ""), ("证书编号", "陕建安B（2019）0000001")], Held, &["paper-after-cut-over"]),
        (&[("初次领证日期", ""), ("证书编号", "陕建安B（2018）0000001")], Held, &["paper-after-cut-over"]),
        (&[("初次领证日期", "")], Loaded, &[]),
        (&[("证书状态", "过期")], Warned, &["state-contradicts-dates"]),
        (&[("证书状态", "锁定")], Warned, &["state-locked"]),
        (&[("证书状态", "待审批")], Held, &["state-pending"]),
        (&[("证书状态", "莫名")], Held, &["state-unknown"]),
        (&[("证书状态", "")], Loaded, &[]),
        (&[("手机号", "19900000001(本人)")], Warned, &["phone-extra"]),
        (&[("手机号", "")], Loaded, &[]),
        (&[("统一社会信用代码", "91610702MA60Y6T393")], Warned, &["employer-code-check"]),
        (&[("企业名称", "甬垚公司咸阳分公司")], Warned, &["employer-branch"]),
        (&[("姓名", "胡?")], Held, &["name-placeholder"]),
        (&[("姓名", "测试")], Held, &["test-row"]),
        (&[("企业名称", "甬\u{FFFD}公司")], Held, &["unreadable-bytes"]),
        (&[("企业名称", "ÉÂÎ÷½¨Öþ¹«Ë¾")], Loaded, &["mojibake-recovered"]),
        (&[("企业名称", "????")], Held, &["unreadable-bytes"]),
        (&[("企业名称", "锟斤拷建筑公司")], Held, &["unreadable-bytes"]),
        (&[("职务", "ÏîÄ¿¸ºÔðÈË")], Loaded, &["mojibake-recovered"]),
        (&[("职务", "??")], Held, &["unreadable-bytes"]),
        (&[("备注", "#REF!")], Held, &["formula-error"]),
        (&[("备注", "#1 楼")], Loaded, &[]),
    ];
    for (changes, outcome, expected) in cases {
        let row = safety(changes);
        assert_eq!((row.outcome, codes(&row).as_slice()), (*outcome, *expected), "{changes:?}");
    }
}

#[test]
fn the_kind_of_document_is_that_of_its_column() {
    let header = "姓名,证件类型,证件号码,证书编号,发证日期,有效期至";
    let of = |kind, number| format!("王小明,{kind},{number},陕建安B（2017）0000001,2026-05-18,2029-05-17");
    let row = of_kind(Kind::SafetyPersonnel, header, &of("护照", "12345678"));
    assert_eq!((row.outcome, codes(&row)), (Outcome::Warned, vec!["identity-other-document"]));
    assert_eq!(certificate(&row).identity.kind(), domain::identity::IdentityKind::Passport);
    let row = of_kind(Kind::SafetyPersonnel, header, &of("身份证", "12345678"));
    assert_eq!((row.outcome, codes(&row)), (Outcome::Held, vec!["identity-kind-differs"]));
}

#[test]
fn a_column_that_stands_twice_holds_rows_whose_cells_differ() {
    let header = "姓名,身份证号,证书编号,发证日期,有效期至,有效期至";
    let of = |ends| format!("王小明,610103198001011233,陕建安B（2017）0000001,2026-05-18,{ends}");
    let table = [
        ("2029-05-17,2029-05-17", ""),
        ("2029-05-17,", ""),
        ("2029-05-17,2026-05-17", "column-twice"),
        (",2029-05-17", "column-twice end-missing"),
    ];
    for (ends, expected) in table {
        assert_eq!(codes(&of_kind(Kind::SafetyPersonnel, header, &of(ends))).join(" "), expected, "{ends}");
    }
    // Two titles of one meaning are two columns, of which the better known is read.
    let header = "姓名,身份证号,证书编号,发证日期,签发日期,有效期至";
    let row = of_kind(Kind::SafetyPersonnel, header, &of("2020-01-01,2029-05-17"));
    assert_eq!(codes(&row), Vec::<&str>::new());
}

#[test]
fn findings_say_what_stood_there_and_what_was_taken_or_is_proposed() {
    let told = |changes: &[(&str, &str)]| {
        let row = safety(changes);
        let finding = row.findings.first().unwrap();
        (finding.code.as_str(), finding.original.clone(), finding.repaired.clone())
    };
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(told(&[("证书状态", "过期")]), ("state-contradicts-dates", text("过期"), text("失效")));
    assert_eq!(told(&[("证书状态", "已作废")]), ("state-void", text("已作废"), text("注销")));
    assert_eq!(told(&[("证书状态", "待审批")]), ("state-pending", text("待审批"), None));
    assert_eq!(told(&[("证书状态", "锁定")]), ("state-locked", text("锁定"), None));
    assert_eq!(told(&[("有效期至", "")]), ("end-missing", text(""), text("2029-05-17")));
    assert_eq!(told(&[("有效期至", "长期")]), ("end-unlimited", text("长期"), text("2029-05-17")));
    assert_eq!(told(&[("姓名", "张三(已离职)")]), ("name-note", text("张三(已离职)"), text("张三")));
    let row = of_kind(Kind::SafetyPersonnel, "姓名,身份证号,证书编号,有效期至", ",,陕建安B（2017）0000001,2020-05-17");
    let missing: Vec<_> = row.findings.iter().map(|finding| (finding.code.as_str(), finding.column.as_deref())).collect();
    assert_eq!(missing, [("required-missing", Some("姓名")), ("required-missing", Some("身份证号"))]);
}

#[test]
fn findings_name_the_title_of_the_file() {
    let row = safety(&[("手机号", "19900000001(本人)")]);
    let finding = &row.findings[0];
    assert_eq!(finding.column.as_deref(), Some("手机号"));
    assert_eq!(finding.original.as_deref(), Some("19900000001(本人)"));
    assert_eq!(finding.repaired.as_deref(), Some("19900000001"));
}

#[test]
fn rows_of_another_length_than_the_header_are_held_unless_the_rest_is_empty() {
    let header = "姓名,身份证号,证书编号,有效期至,";
    let row = "张三,610103198001011233,陕建安B（2017）0000001,2020-05-17";
    let cases: &[(String, &[&str])] = &[
        (row.to_owned(), &[]),
        (format!("{row},"), &[]),
        (format!("{row},,, ,"), &[]),
        (format!("{row},,多"), &["too-many-fields"]),
        ("张三,610103198001011233,陕建安B（2017）0000001".to_owned(), &["too-few-fields", "end-missing"]),
        ("张三".to_owned(), &["too-few-fields", "required-missing", "required-missing", "end-missing"]),
    ];
    for (text, expected) in cases {
        assert_eq!(codes(&of_kind(Kind::SafetyPersonnel, header, text)), *expected, "{text}");
    }
}

#[test]
fn a_record_that_could_not_be_framed_is_rejected_with_its_cells() {
    let limits = Limits { fields: 3, ..Limits::default() };
    let record = Delimited::new(&b"a,b,c,d"[..], Delimiter::Comma, limits).next().unwrap().unwrap();
    let row = read(Kind::SafetyPersonnel, &columns(Kind::SafetyPersonnel, HEADER), record, &context());
    assert_eq!((row.outcome, codes(&row)), (Outcome::Rejected, vec!["record-too-large"]));
    assert_eq!(row.original().map(|(_, cell)| cell).collect::<Vec<_>>(), ["a", "b", "c"]);
}

#[test]
fn where_a_table_breaks_off_its_last_record_is_held_and_so_are_those_that_are_missing() {
    let of = |fault| {
        let record = Record::of(4, ["张三"]).with_fault(fault);
        read(Kind::SafetyPersonnel, &columns(Kind::SafetyPersonnel, HEADER), record, &context())
    };
    let row = of(RecordFault::Truncated);
    assert_eq!((row.outcome, codes(&row), &row.row), (Outcome::Held, vec!["record-truncated"], &None));
    let row = of(RecordFault::Missing { records: 51, announced: 151 });
    assert_eq!((row.outcome, codes(&row), &row.row), (Outcome::Held, vec!["records-missing"], &None));
    assert_eq!(row.findings[0].original.as_deref(), Some("声明151条，缺51条 / 151 announced, 51 missing"));
}

#[test]
fn a_period_in_one_cell_serves_where_no_columns_give_it() {
    let header = "姓名,身份证号,证书编号,发证日期,有效期";
    let of = |period: &str| {
        let row = of_kind(Kind::SafetyPersonnel, header, &format!("张三,610103198001011233,陕建安B（2017）0000001,2017-05-18,{period}"));
        (codes(&row), certificate(&row).valid_from, certificate(&row).valid_until)
    };
    let (start, end) = (Some(date!(2017 - 05 - 18)), Some(date!(2020 - 05 - 17)));
    assert_eq!(of("2017-05-18至2020-05-17"), (vec![], start, end));
    assert_eq!(of("2020-05-17"), (vec![], start, end));
    assert_eq!(of("2017.5.18-2020.5.17").1, start);
    assert_eq!(of(""), (vec!["end-missing"], start, None));
}

#[test]
fn the_specialties_of_a_constructor_give_the_end_where_no_column_does() {
    let header = "姓名,身份证号,注册编号,注册专业,发证日期";
    let row = of_kind(Kind::Constructor, header, "张三,610103198001011233,陕261171700001,建筑(2019-03-01)、市政(2020-05-17),2017-05-18");
    let read = certificate(&row);
    assert_eq!(read.category, Some(Category::Building));
    assert_eq!(read.specialties.len(), 2);
    assert_eq!(read.valid_until, Some(date!(2020 - 05 - 17)));
    assert!(!codes(&row).contains(&"end-missing"));
    assert!(codes(&row).contains(&"several-specialties"));
}

#[test]
fn what_cannot_be_typed_leaves_no_certificate() {
    for title in ["姓名", "身份证号码", "证书编号"] {
        assert_eq!(safety(&[(title, "?")]).row, None, "{title}");
    }
    assert!(safety(&[("有效期至", "")]).row.is_some());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_cells_give_the_outcome_of_their_worst_finding(cells in proptest::collection::vec("\\PC{0,12}|[0-9Xx./年月日-]{0,20}|[陕建安ABC123（）()0]{0,22}", 0..18)) {
        for &kind in Kind::ALL {
            let columns = columns(kind, HEADER);
            let row = read(kind, &columns, Record::of(1, cells.iter().map(String::as_str)), &context());
            prop_assert_eq!(row.outcome, domain::finding::Finding::worst(&row.findings));
            prop_assert!(row.outcome != Outcome::Dropped);
            prop_assert_eq!(row.original().map(|(_, cell)| cell.to_owned()).collect::<Vec<_>>(), cells.clone());
        }
    }
}
