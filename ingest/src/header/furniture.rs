//! The rows of a printed list that are no records: totals, and who made it and when.

use super::ColumnMap;
use crate::column::Column;
use crate::delimited::Record;

/// Beginnings of a total; a count may stand in any column of the row.
const TOTALS: &[&str] = &["合计", "总计", "小计", "共计", "总数", "本页小计", "本页合计", "累计"];

/// Beginnings of a footer, which stands where there is no identity and no number.
const FOOTERS: &[&str] = &[
    "制表",
    "填表",
    "审核",
    "复核",
    "打印日期",
    "打印时间",
    "打印人",
    "导出日期",
    "导出时间",
    "导出人",
    "填报",
    "单位负责人",
    "注：",
    "注:",
    "说明：",
    "说明:",
    "备注：",
    "备注:",
];

/// The columns of which none is written in a total, but for a count.
const OF_A_RECORD: [Column; 6] =
    [Column::Name, Column::Identity, Column::Number, Column::DecisionNumber, Column::ApplicationNumber, Column::BusinessNumber];

/// Whether the row is a total or a footer. What has a name or a number is a record, whatever its first cell says: 总数据科技有限公司 is an employer.
pub(super) fn is_footer(header: &ColumnMap, record: &Record) -> bool {
    let Some(first) = record.fields().map(str::trim).find(|cell| !cell.is_empty()) else {
        return false;
    };
    let begins = |words: &[&str]| words.iter().any(|word| first.starts_with(word));
    if begins(TOTALS) {
        let is_counted = |column| {
            let cell = header.value(record, column);
            is_count(cell) || std::ptr::eq(cell, first)
        };
        return OF_A_RECORD.into_iter().all(is_counted);
    }
    let empty = |column| {
        let cell = header.value(record, column);
        cell.is_empty() || std::ptr::eq(cell, first)
    };
    (begins(FOOTERS) || is_page_count(first)) && empty(Column::Identity) && empty(Column::Number)
}

/// Nothing, or a number of people or papers: `128`, `共 128 人`, `1,024本`.
fn is_count(cell: &str) -> bool {
    let digits = cell.chars().filter(|character| character.is_numeric()).count();
    let others = |character: char| {
        character.is_numeric() || character.is_whitespace() || "共计约,，.个人名本张份条项件：:（）()".contains(character)
    };
    cell.is_empty() || (digits > 0 && digits < 10 && cell.chars().all(others))
}

/// `第3页 共8页` and the like.
fn is_page_count(cell: &str) -> bool {
    cell.starts_with('第') && cell.ends_with('页') && cell.chars().any(|character| character.is_ascii_digit())
}

/// The one cell of the record that is not empty, if there is just one.
pub(super) fn only_cell(record: &Record) -> Option<&str> {
    let mut written = record.fields().map(str::trim).filter(|cell| !cell.is_empty());
    let only = written.next()?;
    written.next().is_none().then_some(only)
}
