//! Workbooks that count their days from 1904 (case 28): whatever cell a day stands in, it is the same day.

use domain::finding::FindingCode;
use time::macros::date;

use super::{rows, shown};
use crate::certificate_row::ReadRow;
use crate::source::tests::made::{ods, xlsx};
use crate::source::tests::old_workbook::{Cell, xls};

/// 2017-05-18, counted from 1900 and from 1904.
const ISSUED: [f64; 2] = [42_873.0, 41_411.0];

const TITLES: [&str; 5] = ["姓名", "身份证号码", "证书编号", "发证日期", "有效期至"];

const HOLDER: [&str; 3] = ["张三", "610103198001011233", "陕建安B（2017）0000001"];

/// A header, and rows whose day of issue stands in a cell of days, of general format, and of text.
fn old_workbook(from_1904: bool) -> Vec<u8> {
    let days = ISSUED[usize::from(from_1904)];
    let text = days.to_string();
    let row = |issued| HOLDER.map(Cell::Text).into_iter().chain([issued, Cell::Text("2020-05-17")]).collect::<Vec<_>>();
    let rows = [TITLES.map(Cell::Text).to_vec(), row(Cell::Day(days)), row(Cell::Number(days)), row(Cell::Text(&text))];
    xls(from_1904, "甲", &rows)
}

fn workbook(properties: &str, days: f64) -> Vec<u8> {
    let text = |text: &str| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let texts = |all: &[&str]| all.iter().map(|cell| text(cell)).collect::<String>();
    let row = |issued: &str| format!("<row>{}{issued}{}</row>", texts(&HOLDER), text("2020-05-17"));
    let rows = [format!("<c s=\"1\"><v>{days}</v></c>"), format!("<c><v>{days}</v></c>"), text(&days.to_string())].map(|cell| row(&cell));
    xlsx(properties, &[("甲", "", &format!("<sheetData><row>{}</row>{}</sheetData>", texts(&TITLES), rows.concat()))], "")
}

fn open_document(null_date: &str, days: f64) -> Vec<u8> {
    let text = |text: &str| format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>");
    let texts = |all: &[&str]| all.iter().map(|cell| text(cell)).collect::<String>();
    let cells = [
        "<table:table-cell office:value-type=\"date\" office:date-value=\"2017-05-18\"/>".to_owned(),
        format!("<table:table-cell office:value-type=\"float\" office:value=\"{days}\"/>"),
        text(&days.to_string()),
    ];
    let row = |cells: &str| format!("<table:table-row>{cells}</table:table-row>");
    let rows = cells.map(|issued| row(&format!("{}{issued}{}", texts(&HOLDER), text("2020-05-17"))));
    let head = format!("<table:calculation-settings><table:null-date {null_date}/></table:calculation-settings>");
    ods("", &format!("{head}<table:table table:name=\"甲\">{}{}</table:table>", row(&texts(&TITLES)), rows.concat()))
}

fn issued(row: &ReadRow) -> Option<time::Date> {
    row.row.as_ref()?.issued_on
}

#[test]
fn days_in_cells_of_days_and_of_numbers_are_the_same_in_every_workbook() {
    let [from_1900, from_1904] = ISSUED;
    let counted_from_1904 = [
        workbook("date1904=\"1\"", from_1904),
        workbook("date1904=\"true\"", from_1904),
        old_workbook(true),
        open_document("table:date-value=\"1904-01-01\"", from_1904),
    ];
    for bytes in counted_from_1904 {
        let expected = ["1 dropped header-row", "2 loaded", "3 loaded date-serial", "4 held date-serial-ambiguous"];
        assert_eq!(shown(&bytes), expected);
        let rows = rows(&bytes);
        let days = Some(date!(2017 - 05 - 18));
        assert_eq!([&rows[1], &rows[2], &rows[3]].map(issued), [days, days, None]);
        // What goes into the report is the day, and the finding has the number.
        assert_eq!(rows[2].record.get(3), Some("2017-05-18"));
        assert_eq!(rows[2].findings[0].original.as_deref(), Some("41411"));
        assert_eq!(rows[3].record.get(3), Some("41411"));
    }
    for bytes in [workbook("date1904=\"0\"", from_1900), workbook("", from_1900), old_workbook(false), open_document("", from_1900)] {
        let expected = ["1 dropped header-row", "2 loaded", "3 loaded date-serial", "4 loaded date-serial"];
        assert_eq!(shown(&bytes), expected);
        for row in &rows(&bytes)[1..] {
            assert_eq!(issued(row), Some(date!(2017 - 05 - 18)));
            assert!(row.findings.iter().all(|finding| finding.code == FindingCode::DateSerial));
        }
    }
}
