//! Faults that only cells with types can carry: workbooks and OpenDocument tables.

use domain::finding::FindingCode as Code;

use super::period::day_number;
use super::{HELD, LOADED, Plant, WARNED, any, plant};
use crate::delivery::draft::Draft;
use crate::delivery::sheet::Cell;
use crate::row::Column::{Employer, First, Identity, Issued, Name};

/// Faults of workbooks.
pub(crate) const WORKBOOK: &[Plant] = &[
    plant(
        9,
        "ID number stored as a number, last three digits lost",
        HELD,
        &[Code::IdentityNumericCell],
        |d| !shows_zeros(as_number(d)),
        |d| d.set_typed(Identity, Cell::Number(as_number(d))),
    ),
    plant(27, "dates of eight digits in number cells", LOADED, &[Code::DateForm], any, |d| {
        let day = d.row.period.first_issued;
        let digits = day.year() * 10_000 + i32::from(u8::from(day.month())) * 100 + i32::from(day.day());
        d.set_typed(First, Cell::Number(f64::from(digits)));
    }),
    plant(28, "date as a day number in a cell of general format", LOADED, &[Code::DateSerial], any, |d| {
        let days = i32::try_from(day_number(d.row.period.issued)).unwrap_or(0);
        d.set_typed(Issued, Cell::Number(f64::from(days)));
    }),
    plant(0, "date in a cell of dates", LOADED, &[], any, |d| d.set_typed(Issued, Cell::Day(d.row.period.issued))),
    plant(37, "error value of a formula in a cell", HELD, &[Code::FormulaError], any, |d| d.set_typed(Employer, Cell::Error("#N/A"))),
    plant(37, "formula with its computed value", LOADED, &[], any, |d| {
        let text = d.cell(Issued).to_owned();
        d.set_typed(Issued, Cell::Computed("=TEXT(NOW(),\"yyyy-mm-dd\")", text));
    }),
    plant(36, "hidden row: imported and warned of, never dropped", WARNED, &[Code::HiddenRow], any, |d| d.is_hidden = true),
];

/// Faults of fields that are too narrow for their text.
pub(crate) const CUT: &[Plant] = &[
    plant(40, "employer cut in the middle of a character", WARNED, &[Code::HalfCharacter], any, |d| {
        d.set(Employer, format!("{}第一建设工程项目管理分部综合事务处理中心", d.cell(Employer)));
    }),
    plant(40, "name cut in the middle of a character", HELD, &[Code::HalfCharacterInName], any, |d| {
        d.set(Name, "阿卜杜热合曼买买提·依明江吐尔逊艾力")
    }),
];

/// The ID number as a spreadsheet stores it: fifteen digits are kept.
fn as_number(draft: &Draft) -> f64 {
    format!("{}000", &draft.cell(Identity)[..15]).parse().unwrap_or(0.0)
}

/// Whether the number that is nearest to what was stored (its neighbours lie 128 apart) ends in zeros all the same: case 7.
fn shows_zeros(number: f64) -> bool {
    format!("{number:.0}").ends_with("000")
}
