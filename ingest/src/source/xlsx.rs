//! Workbooks of Excel 2007 and later (XLSX), streamed sheet by sheet. The shared strings are the only part that is kept.

mod parts;
mod sheet;

use std::fs::File;
use std::io::BufReader;

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use domain::civil_date::SerialBase;
use zip::ZipArchive;

use super::background::{self, Background, Outlet, Stop};
use super::merged::MergedRanges;
use super::refusal::Refusal;
use super::row::{Row, Sheet, number_text, sheet_name};
use crate::delimited::CellNote;

type Archive = ZipArchive<BufReader<File>>;

pub(super) fn open(file: File) -> Result<Background, Refusal> {
    let copy = file.try_clone().map_err(Refusal::Unreadable)?;
    let mut archive = ZipArchive::new(BufReader::new(copy)).map_err(Refusal::damaged)?;
    parts::check(&mut archive)?;
    let paths = parts::sheet_paths(&mut archive)?;
    Ok(background::start(move |outlet| read(file, archive, &paths, outlet))?)
}

fn refusal(error: XlsxError) -> Refusal {
    if let XlsxError::Io(error) = error {
        error.into()
    } else if matches!(error, XlsxError::Password) {
        Refusal::Encrypted
    } else {
        // The library's words may quote the file.
        Refusal::Damaged("its workbook cannot be read".to_owned())
    }
}

fn read(file: File, mut archive: Archive, paths: &[(String, String)], outlet: &mut Outlet) -> Result<(), Stop> {
    let mut workbook: Xlsx<_> = Xlsx::new(BufReader::new(file)).map_err(refusal)?;
    let serial_base = if workbook.has_1904_epoch() { SerialBase::From1904 } else { SerialBase::From1900 };
    for metadata in workbook.sheets_metadata().to_vec() {
        if metadata.typ != SheetType::WorkSheet {
            continue;
        }
        let Some((_, path)) = paths.iter().find(|(name, _)| *name == metadata.name) else {
            return Err(Refusal::Damaged("a sheet has no content".to_owned()).into());
        };
        // The cells are read only after the whole sheet was found to be within bounds.
        let layout = sheet::layout(&mut archive, path)?;
        let sheet = Sheet {
            name: Some(sheet_name(&metadata.name)),
            is_hidden: metadata.visible != SheetVisible::Visible,
            serial_base,
            leaves_out_empty_end: true,
        };
        let mut row = Row::new(sheet, MergedRanges::new(layout.merged));
        let mut cells = workbook.worksheet_cells_reader(&metadata.name).map_err(refusal)?;
        let mut number = 0;
        while let Some(cell) = cells.next_cell().map_err(refusal)? {
            let (row_of_cell, column) = cell.get_position();
            if u64::from(row_of_cell) != number {
                if let Some(record) = row.finish(number, layout.hidden_rows.contains(number)) {
                    outlet.give(record)?;
                }
                number = row_of_cell.into();
            }
            put(&mut row, column, Value::of_shared(cell.get_value()));
        }
        if let Some(record) = row.finish(number, layout.hidden_rows.contains(number)) {
            outlet.give(record)?;
        }
    }
    Ok(())
}

/// A cell's value as either library form gives it.
pub(super) enum Value<'a> {
    Empty,
    Text(&'a str),
    Integer(i64),
    Number(f64),
    Bool(bool),
    Moment(ExcelDateTime),
    Error(String),
}

impl<'a> Value<'a> {
    fn of_shared(value: &'a DataRef<'_>) -> Self {
        match value {
            DataRef::Int(number) => Self::Integer(*number),
            DataRef::Float(number) => Self::Number(*number),
            DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Self::Text(text),
            DataRef::SharedString(text) => Self::Text(text),
            DataRef::Bool(value) => Self::Bool(*value),
            DataRef::DateTime(moment) => Self::Moment(*moment),
            DataRef::Error(error) => Self::Error(error.to_string()),
            DataRef::Empty => Self::Empty,
        }
    }
}

/// Puts a value into the row as a person sees it in the program, dates in their canonical form.
pub(super) fn put(row: &mut Row, column: u32, value: Value<'_>) {
    let number = Some(CellNote::Number);
    match value {
        Value::Empty => {}
        Value::Text(text) => row.cell(column, text, None),
        Value::Integer(value) => row.cell(column, &value.to_string(), number),
        Value::Number(value) => row.cell(column, &number_text(value), number),
        Value::Bool(value) => row.cell(column, if value { "TRUE" } else { "FALSE" }, None),
        Value::Error(text) => row.cell(column, &text, None),
        Value::Moment(moment) => match moment_text(moment) {
            Some(text) => row.cell(column, &text, None),
            None => row.cell(column, &number_text(moment.as_f64()), number),
        },
    }
}

/// The day of a cell with a date format, and its time where it has one; nothing where the number is no day of a calendar.
fn moment_text(moment: ExcelDateTime) -> Option<String> {
    /// The day number of 9999-12-31, the last that is a day.
    const LAST_DAY: f64 = 2_958_465.0;
    if !moment.is_datetime() || !(1.0..=LAST_DAY).contains(&moment.as_f64()) {
        return None;
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    Some(if (hour, minute, second) == (0, 0, 0) { date } else { format!("{date} {hour:02}:{minute:02}:{second:02}") })
}
