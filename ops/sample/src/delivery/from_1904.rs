//! A register in a workbook whose days count from 1904 (case 28): in cells of days, in cells of numbers, and as text.

use domain::finding::FindingCode;
use domain::kind::Kind;

use super::Files;
use super::draft::Draft;
use super::expectation::{Counting, of_sheets};
use super::format::{day_number, old_workbook};
use super::register::{self, Dress, Source};
use super::sheet::{Cell, Expected};
use crate::row::Column::Issued;

/// Rows of the register; every fourth has its day of issue in a cell of days, another fourth in one of numbers.
const ROWS: usize = 80;

/// The row whose day is a number in a cell of text.
const AS_TEXT: usize = 42;

/// An old workbook as a Mac saved it.
pub(super) fn workbook(source: &mut Source, files: &mut Files<'_>) -> anyhow::Result<()> {
    let kind = Kind::SpecialOperation;
    let mut drafts = source.sound(kind, ROWS);
    for (place, draft) in drafts.iter_mut().enumerate() {
        match place % 4 {
            0 => as_day(draft),
            1 => as_number(draft)?,
            2 if place == AS_TEXT => as_text(draft),
            _ => {}
        }
    }
    let sheet = register::sheet("特种作业", kind, drafts, Dress::Framed);
    let expected = of_sheets(std::slice::from_ref(&sheet), Counting::Rows);
    files.register("特种作业_苹果机.xls", kind, &old_workbook(&sheet)?, &expected)
}

fn as_day(draft: &mut Draft) {
    draft.set_typed(Issued, Cell::Day(draft.row.period.issued));
    draft.expected = Expected::row(&["loaded"], &[], "day in a cell of days that counts from 1904", Some(28));
}

fn as_number(draft: &mut Draft) -> anyhow::Result<()> {
    let days = i32::try_from(day_number(draft.row.period.issued))?;
    draft.set_typed(Issued, Cell::Number(f64::from(days)));
    draft.expected = Expected::row(&["loaded"], &[FindingCode::DateSerial], "day number that counts from 1904", Some(28));
    Ok(())
}

fn as_text(draft: &mut Draft) {
    draft.set(Issued, day_number(draft.row.period.issued).to_string());
    let why = "day number as text, where the workbook counts from 1904 and others from 1900";
    draft.expected = Expected::row(&["held"], &[FindingCode::DateSerialAmbiguous], why, Some(28));
}
