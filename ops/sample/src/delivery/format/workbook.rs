//! Workbooks (.xlsx).

use anyhow::Context;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Formula, Workbook, Worksheet};

use crate::delivery::sheet::{Cell, Line, Sheet};

/// Writes the sheets.
pub(crate) fn workbook(sheets: &[Sheet]) -> anyhow::Result<Vec<u8>> {
    let mut book = Workbook::new();
    // A day of its own would change the bytes from run to run.
    let made = ExcelDateTime::from_ymd(2018, 11, 1).context("a day of this century")?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let day_format = Format::new().set_num_format("yyyy-mm-dd");
    for sheet in sheets {
        let page = book.add_worksheet();
        page.set_name(&sheet.name)?;
        page.set_hidden(sheet.is_hidden);
        for (row, line) in (0_u32..).zip(&sheet.lines) {
            write_line(page, row, line, &day_format)?;
        }
        for merge in &sheet.merges {
            let (column, last_column) = (u16::try_from(merge.column)?, u16::try_from(merge.last_column)?);
            let (first, last) = (u32::try_from(merge.first)?, u32::try_from(merge.last)?);
            let text = sheet.lines.get(merge.first).and_then(|line| line.cells.get(merge.column)).map(Cell::text).unwrap_or_default();
            page.merge_range(first, column, last, last_column, &text, &Format::new())?;
        }
    }
    book.save_to_buffer().context("write a workbook")
}

fn write_line(page: &mut Worksheet, row: u32, line: &Line, day_format: &Format) -> anyhow::Result<()> {
    for (column, cell) in (0_u16..).zip(&line.cells) {
        match cell {
            Cell::Text(text) if text.is_empty() => continue,
            Cell::Text(text) => page.write_string(row, column, text)?,
            Cell::Number(number) => page.write_number(row, column, *number)?,
            Cell::Day(day) => {
                let year = u16::try_from(day.year())?;
                let moment = ExcelDateTime::from_ymd(year, u8::from(day.month()), day.day())?;
                page.write_datetime_with_format(row, column, &moment, day_format)?
            }
            Cell::Error(error) => page.write_formula(row, column, Formula::new("=NA()").set_result(*error))?,
            Cell::Computed(formula, text) => page.write_formula(row, column, Formula::new(*formula).set_result(text))?,
        };
    }
    if line.is_hidden {
        page.set_row_hidden(row)?;
    }
    Ok(())
}
