//! Tables for headers, repeated headers, titles and footers.

use domain::kind::Kind;

use super::{Classifier, ColumnMap, RecordClass, ReturnedReport, unread_titles};
use crate::column::Column;
use crate::delimited::Record;
use crate::dictionary::Dictionary;

fn record(text: &str) -> Record {
    Record::of(1, text.split(','))
}

fn classes(lines: &[&str]) -> Vec<&'static str> {
    let mut classifier = Classifier::new(Dictionary::of(Kind::SafetyPersonnel));
    lines
        .iter()
        .map(|line| match classifier.classify(&record(line)) {
            RecordClass::Title => "title",
            RecordClass::Header(_) => "header",
            RecordClass::RepeatedHeader => "repeated",
            RecordClass::Footer => "footer",
            RecordClass::Blank => "blank",
            RecordClass::Data => "data",
        })
        .collect()
}

const HEADER: &str = "序号,姓名,身份证号,证书编号,备注";

#[test]
fn every_row_of_a_printed_list_is_told() {
    let list = [
        ("陕西省安管人员证书,,,,", "title"),
        (",,,,", "blank"),
        (HEADER, "header"),
        ("1,张三,610103198001011233,陕建安A（2017）0000001,", "data"),
        ("本页小计,1,,,", "footer"),
        ("第1页 共2页,,,,", "footer"),
        ("陕西省安管人员证书,,,,", "title"),
        (" 序 号,姓名,身份证号码,证书编号,备注", "repeated"),
        ("2,李四,,,", "data"),
        ("3,合计,610103198001011233,陕建安A（2017）0000002,", "data"),
        ("合计,610103198001011233x,610103198001011233,陕建安A（2017）0000002,", "data"),
        (",,,陕建安A（2017）0000003,", "data"),
        ("别的标题,,,,", "data"),
        ("   ,　,,,", "blank"),
        ("总计,2,,3,", "footer"),
        ("制表人：王五,,,审核：赵六,", "data"),
        ("制表人：王五,,,,审核：赵六", "footer"),
        ("注：以上人员均合格,,,,", "footer"),
    ];
    let expected: Vec<_> = list.iter().map(|(_, class)| *class).collect();
    assert_eq!(classes(&list.map(|(line, _)| line)), expected);
}

#[test]
fn a_header_with_other_columns_rules_the_rows_below_it() {
    let mut classifier = Classifier::new(Dictionary::of(Kind::SafetyPersonnel));
    classifier.classify(&record(HEADER));
    let other = record("姓名,证书编号,身份证号,职务,手机号");
    assert!(matches!(classifier.classify(&other), RecordClass::Header(_)));
    let header = classifier.header().unwrap();
    assert_eq!(header.value(&record("张三,证,身,项目负责人,"), Column::Duty), "项目负责人");
}

#[test]
fn a_row_that_lacks_a_required_column_is_no_header() {
    assert_eq!(classes(&["姓名,性别,证书编号", "姓名,性别,民族,身份证号,证号"]), ["title", "header"]);
}

#[test]
fn a_row_mostly_of_unknown_titles_is_no_header() {
    let map = ColumnMap::recognise(&record("姓名,身份证号,甲,乙,丙"), Dictionary::of(Kind::SafetyPersonnel));
    assert_eq!(map, None);
}

#[test]
fn many_unknown_titles_beside_all_that_are_needed_do_no_harm() {
    let map = ColumnMap::recognise(&record("甲,乙,丙,丁,戊,己,庚,姓名,身份证号,证书编号"), Dictionary::of(Kind::SafetyPersonnel)).unwrap();
    assert_eq!(map.place(Column::Number), Some(9));
}

#[test]
fn of_two_titles_for_one_column_the_preferred_one_is_read() {
    let map = ColumnMap::recognise(&record("姓名,身份证号,证书编号,注册编号,,"), Dictionary::of(Kind::Constructor)).unwrap();
    assert_eq!(map.place(Column::Number), Some(3));
    assert_eq!(map.title(Column::Number), Some("注册编号"));
    assert_eq!((map.width(), map.titles().len()), (4, 6));
    assert_eq!(map.value(&record("a,b,c, 陕2 "), Column::Number), "陕2");
    assert_eq!(map.value(&record("a"), Column::Number), "");
    assert_eq!(map.value(&record("a"), Column::Phone), "");
}

#[test]
fn titles_under_which_nothing_is_read_are_told_once() {
    let headers = ["姓名,身份证号,证书编号,内部号,,证号", "序号,姓名,身份证号,证书编号,内部号,血型", "张三,李四"];
    let headers = headers.map(|header| header.split(',').map(str::to_owned).collect::<Vec<_>>());
    assert_eq!(unread_titles(&headers, Dictionary::of(Kind::SafetyPersonnel)), ["内部号", "证号", "血型"]);
    assert_eq!(unread_titles(&[], Dictionary::of(Kind::SafetyPersonnel)).len(), 0);
}

#[test]
fn a_report_that_comes_back_is_restored() {
    let dictionary = Dictionary::of(Kind::SafetyPersonnel);
    let header = record("sheet,line,outcome,codes,message,姓名,'=甲,证书编号");
    let report = ReturnedReport::recognise(&header, dictionary).unwrap();
    let restored = |text: &str| report.restored(&record(text)).fields().collect::<Vec<_>>().join(",");
    assert_eq!(report.restored(&header).fields().collect::<Vec<_>>(), ["姓名", "=甲", "证书编号"]);
    assert_eq!(restored(",3,held,c,m,'=乙,'610,''-"), "=乙,'610,'-");
    assert_eq!(restored(",3,held,c,m"), "");
    assert_eq!(ReturnedReport::recognise(&record(HEADER), dictionary), None);
    assert_eq!(ReturnedReport::recognise(&record("line,codes,姓名,身份证号,证书编号"), dictionary), None);
}
