//! Headers of two rows (case 34) in every format that has them: both rows are dropped, what stands below is read by its whole title, and nothing else is lost.

use time::macros::date;

use super::{HEADER, ROW, gb18030, open_at, rows, shown, written};
use crate::column::Column;
use crate::dry_run::DryRun;
use crate::shapes::{RecordShape, delivery};
use crate::source::tests::made::xlsx;

const UPPER: &str = "姓名,身份证号码,证书编号,发证,,有效期,";
const LOWER: &str = ",,,日期,机关,起,止";
const DATA: &str = "张三,610103198001011233,陕建安B（2017）0000001,2017-05-18,陕西省住房和城乡建设厅,2017-05-18,2020-05-17";
const TITLES: &str = "姓名,身份证号码,证书编号,发证日期,发证机关,有效期起,有效期止";

fn texts(row: u32, cells: &str) -> String {
    let cell = |(column, text): (char, &str)| {
        if text.is_empty() { String::new() } else { format!("<c r=\"{column}{row}\" t=\"inlineStr\"><is><t>{text}</t></is></c>") }
    };
    format!("<row r=\"{row}\">{}</row>", ('A'..).zip(cells.split(',')).map(cell).collect::<String>())
}

/// A workbook with a title above, merged cells in its header, and the header again on the next page.
fn workbook() -> Vec<u8> {
    let lines = ["安管人员证书台账", UPPER, LOWER, DATA, UPPER, LOWER, DATA, "合计,2"];
    let rows: String = (1..).zip(lines).map(|(row, cells)| texts(row, cells)).collect();
    let merged = ["A1:G1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:G2", "A5:A6", "B5:B6", "C5:C6", "D5:E5", "F5:G5"];
    let merged: String = merged.iter().map(|range| format!("<mergeCell ref=\"{range}\"/>")).collect();
    xlsx("", &[("甲", "", &format!("<sheetData>{rows}</sheetData><mergeCells>{merged}</mergeCells>"))], "")
}

/// The same as a web page.
fn page() -> Vec<u8> {
    let cells = |line: &str| line.split(',').map(|cell| format!("<td>{cell}</td>")).collect::<String>();
    let head = "<tr><td rowspan=2>姓名<td rowspan=2>身份证号码<td rowspan=2>证书编号<td colspan=2>发证<td colspan=2>有效期</tr>\
        <tr><td>日期<td>机关<td>起<td>止</tr>";
    let data = format!("<tr>{}</tr>", cells(DATA));
    format!("<table><tr><td colspan=7>安管人员证书台账</td></tr>{head}{data}{head}{data}<tr><td>合计<td>2</tr></table>").into_bytes()
}

#[test]
fn both_rows_of_a_header_are_dropped_and_again_on_the_next_page() {
    let text = ["安管人员证书台账,,,,,,", UPPER, LOWER, DATA, UPPER, LOWER, DATA, "合计,2,,,,,"].join("\n");
    for bytes in [workbook(), page(), text.clone().into_bytes(), gb18030(&text)] {
        let expected = [
            "1 dropped title-row",
            "2 dropped title-row",
            "3 dropped header-row",
            "4 loaded",
            "5 dropped repeated-header",
            "6 dropped repeated-header",
            "7 loaded",
            "8 dropped total-row",
        ];
        assert_eq!(shown(&bytes), expected);
        let file = written(&bytes);
        assert_eq!(open_at(file.path()).unwrap().header().titles().join(","), TITLES);
        let rows = rows(&bytes);
        // What stands for the header in the report are the whole titles; the finding has the cells as they were delivered.
        assert_eq!(rows[2].record.fields().collect::<Vec<_>>().join(","), TITLES);
        assert!(rows[2].findings[0].original.as_deref().unwrap().ends_with("日期|机关|起|止"));
        let read = rows[3].row.as_ref().unwrap();
        assert_eq!((read.valid_from, read.valid_until), (Some(date!(2017 - 05 - 18)), Some(date!(2020 - 05 - 17))));
        assert_eq!(read.authority.as_deref(), Some("陕西省住房和城乡建设厅"));
    }
}

#[test]
fn a_row_below_a_header_of_one_row_stays_data_whatever_it_lacks() {
    let header = format!("{HEADER},备注,,");
    for row in [format!("{ROW},,,"), "张三,,,,,,,".to_owned(), ",,,,,起,止,".to_owned(), ",,,,起,止,,".to_owned()] {
        let shown = shown(format!("{header}\n{row}\n{ROW},,,\n").as_bytes());
        assert_eq!((shown.len(), shown[0].as_str(), shown[2].as_str()), (3, "1 dropped header-row", "3 loaded"), "{row}");
        assert!(!shown[1].contains("dropped"), "{row}: {shown:?}");
    }
}

#[test]
fn the_dry_run_and_other_shapes_read_by_the_whole_titles() {
    let file = written(format!("{UPPER}\n{LOWER}\n{DATA}\n").as_bytes());
    let mut run = DryRun::open(file.path(), domain::kind::Kind::SafetyPersonnel, &super::context()).unwrap();
    while run.read_on(10).unwrap().is_some() {}
    let columns: Vec<_> = run.summary.columns.iter().map(|seen| (seen.title.as_str(), seen.column)).collect();
    assert_eq!(columns[5..], [("有效期起", Some(Column::ValidFrom)), ("有效期止", Some(Column::ValidUntil))]);

    let decisions = "决定,,,持证人,,证书,新有效期,\n文号,类型,日期,姓名,身份证号,编号,起,止\n\
        1号,延续,2026-09-24,张三丰,610103198001011233,陕建安A（2018）0000001,2026-10-10,2029-10-09\n";
    let file = written(decisions.as_bytes());
    let read: Vec<_> = delivery::open(file.path(), RecordShape::Decisions, None).unwrap().map(Result::unwrap).collect();
    let outcomes: Vec<_> = read.iter().map(|row| (row.record.line(), row.outcome.as_str())).collect();
    assert_eq!(outcomes, [(1, "dropped"), (2, "dropped"), (3, "loaded")], "{read:?}");
    assert_eq!(read[2].fields.as_ref().unwrap()["valid_until"], "2029-10-09");
}
