//! Workbooks of Excel up to 2003 (XLS), which fit in memory by their nature: 65,536 rows a sheet.

use std::fs::File;
use std::io::{BufReader, Seek};

use calamine::{Data, Reader, SheetType, SheetVisible, Xls, XlsError, XlsOptions};
use domain::civil_date::SerialBase;

use super::background::{self, Background, Outlet, Stop};
use super::biff::{self, HiddenRows};
use super::merged::{CellRange, MergedRanges};
use super::refusal::Refusal;
use super::row::{Row, Sheet};
use super::xlsx::{Value, put};

pub(super) fn open(file: File) -> Result<Background, Refusal> {
    let hidden_rows = biff::hidden_rows(BufReader::new(&file))?;
    Ok(background::start(move |outlet| read(file, &hidden_rows, outlet))?)
}

fn refusal(error: XlsError) -> Refusal {
    if let XlsError::Io(error) = error {
        error.into()
    } else if matches!(error, XlsError::Password) {
        Refusal::Encrypted
    } else {
        // The library's words may quote the file.
        Refusal::Damaged("its workbook cannot be read".to_owned())
    }
}

fn read(mut file: File, hidden_rows: &[HiddenRows], outlet: &mut Outlet) -> Result<(), Stop> {
    file.rewind()?;
    let mut workbook = Xls::new_with_options(BufReader::new(file), XlsOptions::default()).map_err(refusal)?;
    let serial_base = if workbook.has_1904_epoch() { SerialBase::From1904 } else { SerialBase::From1900 };
    for (place, metadata) in workbook.sheets_metadata().to_vec().into_iter().enumerate() {
        if metadata.typ != SheetType::WorkSheet {
            continue;
        }
        let merged = workbook.merge_cells_by_sheet_name(&metadata.name).unwrap_or_default();
        let merged = merged.into_iter().map(|range| CellRange {
            first_row: range.start.0.into(),
            first_column: range.start.1,
            last_row: range.end.0.into(),
            last_column: range.end.1,
        });
        let sheet = Sheet {
            name: Some(metadata.name.as_str().into()),
            is_hidden: metadata.visible != SheetVisible::Visible,
            serial_base,
            leaves_out_empty_end: true,
        };
        let mut row = Row::new(sheet, MergedRanges::new(merged.collect()));
        let range = workbook.worksheet_range(&metadata.name).map_err(refusal)?;
        let Some((first_row, first_column)) = range.start() else { continue };
        let hidden = hidden_rows.get(place);
        for (number, cells) in (u64::from(first_row)..).zip(range.rows()) {
            for (column, value) in (first_column..).zip(cells) {
                put(&mut row, column, Value::of(value));
            }
            if let Some(record) = row.finish(number, hidden.is_some_and(|hidden| hidden.contains(number))) {
                outlet.give(record)?;
            }
        }
    }
    Ok(())
}

impl<'a> Value<'a> {
    fn of(value: &'a Data) -> Self {
        match value {
            Data::Int(number) => Value::Integer(*number),
            Data::Float(number) => Value::Number(*number),
            Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => Value::Text(text),
            Data::Bool(value) => Value::Bool(*value),
            Data::DateTime(moment) => Value::Moment(*moment),
            Data::Error(error) => Value::Error(error.to_string()),
            Data::Empty => Value::Empty,
        }
    }
}
