//! Day numbers of a workbook that counts from 1904 (case 28), written as the days that they mean before anything else reads them: in a batch report, or under
//! a person's correction, they would be taken to count from 1900, four years off. It never touches a workbook that counts from 1900.

use domain::civil_date::{SerialBase, from_serial};
use domain::finding::{Finding, FindingCode};
use time::Date;

use crate::column::Column;
use crate::delimited::{CellNote, Record};
use crate::header::ColumnMap;

/// The record with the days of its number cells, and what is to be said of them. A text of five digits is left: it may have come from anywhere.
pub(crate) fn settled(columns: &ColumnMap, mut record: Record) -> (Record, Vec<Finding>) {
    let mut findings = Vec::new();
    if record.serial_base() != SerialBase::From1904 {
        return (record, findings);
    }
    for &column in Column::DAYS {
        let Some(place) = columns.place(column).filter(|place| record.has_note(*place, CellNote::Number)) else { continue };
        let text = columns.value(&record, column).to_owned();
        let Some(day) = day(&text).map(|day| day.to_string()) else { continue };
        record = record.with_cell(place, &day);
        findings.push(Finding::repair(FindingCode::DateSerial, text, day).in_column(columns.title(column).unwrap_or(column.as_str())));
    }
    (record, findings)
}

/// The day of a number counted from 1904; its decimals are a time of day.
fn day(text: &str) -> Option<Date> {
    let (days, time) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let days = Some(days).filter(|days| days.len() == 5 && is_number(days) && is_number(time))?;
    from_serial(days.parse().ok()?, SerialBase::From1904)
}

#[cfg(test)]
mod tests {
    use domain::kind::Kind;

    use super::*;
    use crate::dictionary::Dictionary;

    fn read(cells: &[&str], from_1904: bool) -> (Vec<String>, Vec<(&'static str, Option<String>)>) {
        let header = Record::of(1, "姓名,身份证号,证书编号,发证日期,有效期至,备注".split(','));
        let columns = ColumnMap::recognise(&header, Dictionary::of(Kind::SafetyPersonnel)).unwrap();
        let mut record = Record::of(2, cells.iter().copied());
        record.note_cell(3, CellNote::Number);
        record.note_cell(5, CellNote::Number);
        if from_1904 {
            record.counting_from(SerialBase::From1904);
        }
        let (record, findings) = settled(&columns, record);
        let findings = findings.into_iter().map(|finding| (finding.code.as_str(), finding.repaired)).collect();
        (record.fields().map(str::to_owned).collect(), findings)
    }

    #[test]
    fn numbers_become_days_in_a_workbook_that_counts_from_1904_and_texts_stay() {
        let row = ["张三", "1", "2", "40972", "2019-03-04", "40972"];
        assert_eq!(read(&row, false), (row.map(str::to_owned).to_vec(), vec![]));
        let (cells, findings) = read(&row, true);
        assert_eq!(cells, ["张三", "1", "2", "2016-03-05", "2019-03-04", "40972"]);
        assert_eq!(findings, [("date-serial", Some("2016-03-05".to_owned()))]);
        let (cells, findings) = read(&["张三", "1", "2", "40972.5", "42067", ""], true);
        assert_eq!(cells[3..5], ["2016-03-05", "42067"]);
        assert_eq!(findings, [("date-serial", Some("2016-03-05".to_owned()))]);
        for other in ["20160305", "4097", "40972x", "99999", ""] {
            assert_eq!(read(&["张三", "1", "2", other, "", ""], true).1, [], "{other}");
        }
    }
}
