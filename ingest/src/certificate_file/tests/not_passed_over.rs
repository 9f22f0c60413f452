//! Rows that stand where no data should: above a header, in a sheet without one, below a word that begins like a total, in a report that came back. What has
//! somebody's number is held, whatever stands around it.

use super::{HEADER, ROW, archive, open_at, rows, shown, written};
use crate::shapes::{RecordShape, delivery};

#[test]
fn a_row_of_data_above_the_header_is_held_and_titles_are_dropped() {
    let list = format!("名册 2017,,,,\n{ROW}\n张三,610103198001011234,,,\n打印日期：2017-05-18,,,,\n{HEADER}\n{ROW}\n");
    assert_eq!(
        shown(list.as_bytes()),
        ["1 dropped title-row", "2 held above-header", "3 held above-header", "4 dropped title-row", "5 dropped header-row", "6 loaded"]
    );
    let decisions = "\
陕建安B（2017）0000001,610103198001011233\n\
决定文号,决定类型,决定日期,姓名,身份证号,证书编号\n";
    let file = written(decisions.as_bytes());
    if let Ok(delivery) = delivery::open(file.path(), RecordShape::Decisions, None) {
        let first = delivery.map(Result::unwrap).next().unwrap();
        assert_eq!(first.findings[0].code.as_str(), "above-header");
    }
}

#[test]
fn rows_of_data_in_a_sheet_without_a_header_are_held() {
    let register = format!("{HEADER}\n{ROW}\n");
    let bare = format!("说明,无\n{ROW}\n,陕建安B（2017）0000002\n\n电话,13800138000\n");
    let long = "说明,无\n".repeat(30) + ROW + "\n";
    let read = rows(&archive(&[("一.csv", register.as_bytes()), ("二.csv", bare.as_bytes()), ("三.csv", long.as_bytes())]));
    let codes = |sheet: &str| -> Vec<String> {
        let of_sheet = read.iter().filter(|row| row.sheet() == sheet);
        of_sheet.map(|row| format!("{} {}", row.outcome, row.findings[0].code)).collect()
    };
    assert_eq!(
        codes("二.csv"),
        [
            "dropped sheet-without-header",
            "held row-without-header",
            "held row-without-header",
            "dropped blank-row",
            "dropped sheet-without-header"
        ]
    );
    assert_eq!(codes("三.csv").last().unwrap(), "held row-without-header");
    assert_eq!(codes("三.csv").len(), 31);
    let held = read.iter().find(|row| row.findings.iter().any(|finding| finding.code.as_str() == "row-without-header")).unwrap();
    assert!(held.row.is_none() && held.columns.titles().is_empty(), "nothing is read of it under a header of another sheet");
}

#[test]
fn what_is_broken_above_the_header_is_told_as_such() {
    let giant = "长".repeat(500_000);
    let list = format!("{giant}\n{HEADER}\n{ROW}\n");
    assert_eq!(shown(list.as_bytes()), ["1 rejected record-too-large", "2 dropped header-row", "3 loaded"]);
}

#[test]
fn an_employer_whose_name_begins_like_a_total_is_no_total() {
    let list = "\
工作单位,姓名,身份证号码,证书编号,发证日期,有效期至\n\
总数据科技有限公司,张三,610103198001011233,陕建安B（2017）0000001,2017-05-18,2020-05-17\n\
累计建筑公司,李四,,陕建安B（2017）0000002,2017-05-18,2020-05-17\n\
合计,2,,,,\n\
总数：,,共 2 人,2,,\n\
合计,,,,2,2\n";
    let read = shown(list.as_bytes());
    assert_eq!(read[1], "2 loaded");
    assert!(read[2].starts_with("3 rejected required-missing"), "{}", read[2]);
    assert!(read[3..].iter().all(|row| row.ends_with("dropped total-row")), "{read:?}");
}

#[test]
fn rows_that_were_dropped_are_dropped_again_when_their_report_comes_back() {
    let head = format!("sheet,line,outcome,codes,message,{HEADER}\n");
    let report = format!("{head},3,held,c,m,{ROW}\n说明,4,dropped,sheet-without-header,m,说明,无\n,5,dropped,total-row,m,合计,2,,,\n");
    assert_eq!(shown(report.as_bytes()), ["1 dropped header-row", "2 loaded", "3 dropped dropped-before", "4 dropped dropped-before"]);
    let wanted = format!("{head},3,,c,m,{ROW}\n");
    assert_eq!(shown(wanted.as_bytes()), ["1 dropped header-row", "2 loaded"], "an outcome that was taken out is read");
    assert!(open_at(written(head.as_bytes()).path()).is_ok());
}
