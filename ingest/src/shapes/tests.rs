//! Tables for one row of each shape.

use std::sync::Arc;

use domain::finding::Outcome;
use serde_json::Value;

use super::{ReadRecord, RecordShape, delivery, read};
use crate::delimited::Record;
use crate::dictionary::Dictionary;
use crate::header::{ColumnMap, RecordClass};

/// Invented: no such number is given out.
const ID: &str = "610103198001011233";

fn row(shape: RecordShape, titles: &str, cells: &str) -> ReadRecord {
    let columns = ColumnMap::recognise(&Record::of(1, titles.split(',')), Dictionary::of_shape(shape)).unwrap();
    read(shape, None, Some(&Arc::new(columns)), Record::of(2, cells.split(',')), &RecordClass::Data)
}

fn codes(read: &ReadRecord) -> Vec<&'static str> {
    read.findings.iter().map(|finding| finding.code.as_str()).collect()
}

const DECISION: &str =
    "决定文号,决定类型,决定日期,证书编号,姓名,身份证号,新有效期起,新有效期止,新企业,新企业统一社会信用代码,决定事由,增项专业";

fn decision(cells: &str) -> ReadRecord {
    row(RecordShape::Decisions, DECISION, &cells.replace("$", &format!("陕建安A（2018）0000001,张三丰,{ID}")))
}

#[test]
fn a_decision_is_read_with_its_number_kind_days_and_subject() {
    let read = decision("陕建证延[2026] 1号,续期,2026.9.24,$,2026-10-10,2029-10-09,,,,");
    assert_eq!((read.outcome, codes(&read)), (Outcome::Loaded, vec!["date-form"]));
    let fields = read.fields.unwrap();
    assert_eq!(fields["number"], "陕建证延〔2026〕1号");
    assert_eq!(fields["subject"]["number"], "陕建安A（2018）0000001");
    assert_eq!(fields["subject"]["kind"], "safety-personnel");
    assert_eq!(fields["subject"]["id_number"], ID);
    assert_eq!((&fields["kind"], &fields["on"], &fields["valid_until"]), (&"renewal".into(), &"2026-09-24".into(), &"2029-10-09".into()));
    assert_eq!(fields["effective_on"], Value::Null);
}

#[test]
fn a_decision_that_lacks_what_it_needs_is_held() {
    let table = [
        (",延续,2026-09-24,$,2026-10-10,2029-10-09,,,,", Outcome::Held, "entry-missing"),
        ("1号,表扬,2026-09-24,$,,,,,,", Outcome::Held, "word-unknown"),
        ("1号,延续,,$,2026-10-10,2029-10-09,,,,", Outcome::Held, "entry-missing"),
        ("1号,延续,2026-09,$,2026-10-10,2029-10-09,,,,", Outcome::Held, "month-only entry-missing"),
        ("1号,延续,2026-09-24,$,2026-10-10,,,,,", Outcome::Held, "end-missing"),
        ("1号,延续,2026-09-24,$,2029-10-10,2026-10-09,,,,", Outcome::Held, "end-before-start"),
        ("1号,变更,2026-09-24,$,,,,,执业企业变更,", Outcome::Held, "entry-missing"),
        ("1号,增项,2026-09-24,$,,2029-10-09,,,,", Outcome::Held, "entry-missing"),
        ("1号,注销,2026-09-24,$,,,,,本人申请,", Outcome::Loaded, ""),
        ("1号,增项,2026-09-24,$,,2029-10-09,,,,市政", Outcome::Loaded, "category-synonym"),
        ("1号,初始,2026-09-24,$,,,,,,", Outcome::Held, "decision-initial"),
        ("1号,初始,2026-09-24,,张三丰,610103198001011233,,,,,,", Outcome::Held, "decision-initial"),
        ("1号,新发,,,,,,,,,,", Outcome::Held, "decision-initial"),
        ("1号,注销,2026-09-24,,张三丰,610103198001011233,,,,,,", Outcome::Rejected, "required-missing"),
        ("1号,注销,2026-09-24,陕建安A（2018）0000001,张三丰,610103198001011234,,,,,,", Outcome::Held, "identity-checksum"),
    ];
    for (cells, outcome, found) in table {
        let read = decision(cells);
        assert_eq!((read.outcome, codes(&read).join(" ")), (outcome, found.to_owned()), "{cells}");
    }
}

#[test]
fn an_identity_of_fifteen_digits_is_that_of_eighteen() {
    let cells = "1号,注销,2026-09-24,陕建安A(2018)0000001,张三丰,610103800101123,,,,,,";
    let fields = decision(cells).fields.unwrap();
    assert_eq!((&fields["subject"]["id_number"], &fields["subject"]["number"]), (&ID.into(), &"陕建安A（2018）0000001".into()));
}

#[test]
fn applications_and_violations_may_lack_the_number() {
    let application = row(
        RecordShape::Applications,
        "申请编号,证书编号,姓名,身份证号,手机号,申请日期",
        &format!("S1,,张三丰,{ID},19900000001/1,2026-11-09"),
    );
    assert_eq!((application.outcome, codes(&application)), (Outcome::Warned, vec!["phone-extra"]));
    assert_eq!(application.fields.unwrap()["subject"]["number"], Value::Null);
    let titles = "证书编号,姓名,身份证号,违规原因,认定日期,申诉截止日期,锁定截止日期";
    let violation = |cells: &str| row(RecordShape::Violations, titles, &format!(",张三丰,{ID},{cells}"));
    let table = [
        ("考试作弊,2026-08-04,2026-09-02,2027-08-04", Outcome::Loaded, ""),
        ("考试作弊,2026-08-04,,", Outcome::Loaded, ""),
        ("考试作弊,2026-08-04,2026-08-01,2027-08-04", Outcome::Warned, "appeal-before-finding"),
        ("考试作弊,2026-08-04,2026-09-02,2026-08-03", Outcome::Held, "end-before-start"),
        (",2026-08-04,2026-09-02,2027-08-04", Outcome::Held, "entry-missing"),
        ("考试作弊,,2026-09-02,2027-08-04", Outcome::Held, "entry-missing"),
    ];
    for (cells, outcome, found) in table {
        let read = violation(cells);
        assert_eq!((read.outcome, codes(&read).join(" ")), (outcome, found.to_owned()), "{cells}");
    }
}

#[test]
fn business_is_open_unless_its_state_says_otherwise() {
    let titles = "受理编号,业务类型,证书编号,姓名,身份证号,受理日期,办理状态,办结日期";
    let table = [
        ("受理", "", Some("open")),
        ("", "", Some("open")),
        ("", "2026-10-20", Some("closed")),
        ("办结", "", Some("closed")),
        ("退回", "", Some("closed")),
        ("不详", "", None),
    ];
    for (word, closed, state) in table {
        let read = row(RecordShape::Pending, titles, &format!("Y1,变更,陕建安A（2018）0000001,张三丰,{ID},2026-10-19,{word},{closed}"));
        assert_eq!(read.fields.as_ref().and_then(|fields| fields["state"].as_str()), state, "{word} {closed}");
        assert_eq!(read.outcome, if state.is_some() { Outcome::Loaded } else { Outcome::Held }, "{word}");
    }
}

#[test]
fn a_delivery_gives_one_item_for_each_record() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("在办业务.csv");
    let text = format!(
        "在办业务清单,,,,\n受理编号,证书编号,姓名,身份证号,受理日期\nY1,陕建安A（2018）0000001,张三丰,{ID},2026-10-19\n,,,,\n合计,1,,,\n"
    );
    std::fs::write(&path, text).unwrap();
    let rows: Vec<_> = delivery::open(&path, RecordShape::Pending, None).unwrap().map(Result::unwrap).collect();
    let found: Vec<String> = rows.iter().map(|read| codes(read).join(" ")).collect();
    assert_eq!(found, ["title-row", "header-row", "", "blank-row", "total-row"]);
    std::fs::write(&path, "姓名,身份证号,证书编号\n").unwrap();
    let error = delivery::open(&path, RecordShape::Pending, None).unwrap_err().to_string();
    assert!(error.contains("missing 受理编号, 受理日期; found the titles 姓名, 身份证号, 证书编号"), "{error}");
}
