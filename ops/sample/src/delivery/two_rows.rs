//! Registers whose header has two rows (case 34): groups of columns above their parts, in merged cells where the format has them.

use domain::finding::FindingCode;
use domain::kind::Kind;

use super::Files;
use super::expectation::{Counting, of_sheets};
use super::format::{Text, delimited, workbook};
use super::register::{self, Dress, Source};
use super::sheet::{Expected, Line, Merge, Sheet};
use crate::row::Column;

const ROWS: usize = 60;

/// Titles of both rows; the period has a beginning beside its end.
const HEADER: [(&str, &str); 16] = [
    ("姓名", ""),
    ("性别", ""),
    ("出生日期", ""),
    ("身份证号码", ""),
    ("企业信息", "名称"),
    ("", "统一社会信用代码"),
    ("职务", ""),
    ("证书", "编号"),
    ("", "初次领证日期"),
    ("", "发证日期"),
    ("有效期", "起"),
    ("", "止"),
    ("证书状态", ""),
    ("手机号", ""),
    ("备注", ""),
    ("发证机关", ""),
];

/// A workbook and the same form of register as text.
pub(super) fn registers(source: &mut Source, files: &mut Files<'_>) -> anyhow::Result<()> {
    let kind = Kind::SafetyPersonnel;
    let sheet = with_two_rows(register::sheet("两行表头", kind, source.sound(kind, ROWS), Dress::Paged));
    let expected = of_sheets(std::slice::from_ref(&sheet), Counting::Rows);
    files.register("安管人员_两行表头.xlsx", kind, &workbook(std::slice::from_ref(&sheet))?, &expected)?;

    let sheet = with_two_rows(register::sheet("", kind, source.sound(kind, ROWS), Dress::Framed));
    let expected = of_sheets(std::slice::from_ref(&sheet), Counting::Lines);
    files.register("安管人员_两行表头.csv", kind, &delimited(&sheet, Text::Gb18030Comma)?, &expected)
}

/// The same table with its header in two rows, on the second page, too, and with the beginning of the period before its end.
fn with_two_rows(sheet: Sheet) -> Sheet {
    let mut two = Sheet::new(&sheet.name, Vec::new());
    for mut line in sheet.lines {
        let is_header = line.expected.is_optional || line.expected.codes.as_ref().is_some_and(|codes| codes.contains("repeated-header"));
        match line.cells.len() {
            1 | 2 => two.lines.push(line),
            _ if is_header => put_header(&mut two, &line.expected),
            _ => {
                let issued = line.cells[Column::Issued as usize].clone();
                line.cells.insert(Column::Until as usize, issued);
                two.lines.push(line);
            }
        }
    }
    two
}

fn put_header(sheet: &mut Sheet, expected: &Expected) {
    let first = sheet.lines.len();
    let row = |titles: [&'static str; 16], why| {
        let expected = if expected.is_optional { Expected::heading(why) } else { Expected::furniture(FindingCode::RepeatedHeader, why) };
        Line::of_texts(titles, expected)
    };
    sheet.lines.push(row(HEADER.map(|(upper, _)| upper), "header: groups of columns"));
    sheet.lines.push(row(HEADER.map(|(_, lower)| lower), "header: their parts"));
    for (column, (_, lower)) in HEADER.iter().enumerate().filter(|(_, (upper, _))| !upper.is_empty()) {
        let parts = HEADER[column + 1..].iter().take_while(|(upper, _)| upper.is_empty()).count();
        let last = if lower.is_empty() { first + 1 } else { first };
        sheet.merges.push(Merge { column, last_column: column + parts, first, last });
    }
}
