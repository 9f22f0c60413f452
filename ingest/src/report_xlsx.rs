//! The batch report as a workbook: text cells under a header that stays in view, the outcome in its colour. Numbers stay the text that they were.

use rust_xlsxwriter::{Color, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use crate::report_csv::{OWN_COLUMNS, ReportLine, neutralised};

/// Rows of a sheet, header included; a spreadsheet program has no more.
const SHEET_ROWS: u32 = 1_048_576;
/// Characters of a cell; a spreadsheet program has no more.
const CELL_CHARACTERS: usize = 32_767;
/// The built-in number format of text, "@": a number of eighteen digits that is typed or pasted stays what it is.
const TEXT: u8 = 49;
/// Columns of a sheet.
const SHEET_COLUMNS: usize = 16_384;

/// Writes a report as XLSX. Rows go to temporary files as they come; what is in memory does not grow with them.
pub struct XlsxReport {
    workbook: Workbook,
    titles: Vec<String>,
    /// The next row of the sheet under way.
    row: u32,
    sheets: u32,
    /// A cell that a spreadsheet program keeps as text, whatever is typed into it.
    text: Format,
}

impl std::fmt::Debug for XlsxReport {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("XlsxReport").field("row", &self.row).finish_non_exhaustive()
    }
}

/// The report could not be written.
#[derive(Debug, thiserror::Error)]
pub enum XlsxReportError {
    /// A cell or a row is larger than a workbook can hold.
    #[error("line {line} of the delivery has a cell or a row that no workbook can hold: name the report .csv")]
    TooLarge {
        /// Line of the delivered file.
        line: u64,
    },
    /// The library or the disk.
    #[error("the report cannot be written: check that the disk has room")]
    Failed(#[from] XlsxError),
}

impl XlsxReport {
    /// Begins a report with the original titles behind its own.
    ///
    /// # Errors
    /// When a temporary file cannot be written.
    pub fn new<'a>(titles: impl IntoIterator<Item = &'a str>) -> Result<Self, XlsxReportError> {
        let titles: Vec<String> = OWN_COLUMNS.into_iter().chain(titles).map(|title| neutralised(title).into_owned()).collect();
        let mut report = Self { workbook: Workbook::new(), titles, row: 0, sheets: 0, text: Format::new().set_num_format_index(TEXT) };
        report.begin_sheet()?;
        Ok(report)
    }

    /// Writes one row: the report's own cells and the original ones.
    ///
    /// # Errors
    /// When it is larger than a workbook can hold, or a temporary file cannot be written.
    pub fn write<'a>(&mut self, line: &ReportLine<'_>, cells: impl IntoIterator<Item = &'a str>) -> Result<(), XlsxReportError> {
        if self.row == SHEET_ROWS {
            self.begin_sheet()?;
        }
        let (row, colour) = (self.row, colour_of(line.outcome));
        let number = line.line.to_string();
        let cells: Vec<&str> = cells.into_iter().collect();
        let own = [line.sheet, &number, line.outcome, line.codes, line.message];
        let sheet = self.workbook.worksheet_from_index(usize::try_from(self.sheets - 1).unwrap_or_default())?;
        for (place, cell) in own.iter().chain(&cells).enumerate() {
            let text = neutralised(cell);
            if place >= SHEET_COLUMNS || text.chars().count() > CELL_CHARACTERS {
                return Err(XlsxReportError::TooLarge { line: line.line });
            }
            let column = u16::try_from(place).unwrap_or(u16::MAX);
            if place == OUTCOME {
                sheet.write_string_with_format(row, column, &*text, &colour)?;
            } else if !text.is_empty() {
                sheet.write_string_with_format(row, column, &*text, &self.text)?;
            }
        }
        self.row += 1;
        Ok(())
    }

    /// The whole workbook.
    ///
    /// # Errors
    /// When a temporary file cannot be read.
    pub fn finish(mut self) -> Result<Vec<u8>, XlsxReportError> {
        Ok(self.workbook.save_to_buffer()?)
    }

    fn begin_sheet(&mut self) -> Result<(), XlsxReportError> {
        let head =
            Format::new().set_num_format_index(TEXT).set_bold().set_background_color(Color::RGB(0xD9_E2_F3)).set_align(FormatAlign::Top);
        let sheet: &mut Worksheet = self.workbook.add_worksheet_with_constant_memory()?;
        for (place, title) in self.titles.iter().enumerate().take(SHEET_COLUMNS) {
            let column = u16::try_from(place).unwrap_or(u16::MAX);
            sheet.set_column_width(column, width_of(place, title))?;
            sheet.set_column_format(column, &self.text)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        for (place, title) in self.titles.iter().enumerate().take(SHEET_COLUMNS) {
            sheet.write_string_with_format(0, u16::try_from(place).unwrap_or(u16::MAX), title, &head)?;
        }
        (self.row, self.sheets) = (1, self.sheets + 1);
        Ok(())
    }
}

/// The place of the outcome among the report's own columns.
const OUTCOME: usize = 2;

fn colour_of(outcome: &str) -> Format {
    Format::new().set_num_format_index(TEXT).set_background_color(Color::RGB(match outcome {
        "warned" => 0xFF_F2_CC,
        "held" => 0xFC_E4_D6,
        "rejected" => 0xF8_CB_AD,
        "dropped" => 0xED_ED_ED,
        _ => 0xE2_EF_DA,
    }))
}

/// Widths in characters of Latin text, of which a Chinese one takes two.
fn width_of(place: usize, title: &str) -> f64 {
    match place {
        0 | 2 => 10.0,
        1 => 7.0,
        3 => 26.0,
        4 => 48.0,
        _ if title.contains("身份证") || title.contains("编号") => 24.0,
        _ if title.contains("企业") || title.contains("单位") => 32.0,
        _ => 14.0,
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read as _};

    use super::*;

    fn sheet_of(bytes: Vec<u8>) -> String {
        part_of(bytes, "xl/worksheets/sheet1.xml")
    }

    fn part_of(bytes: Vec<u8>, name: &str) -> String {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn cells_are_text_the_header_stays_in_view_and_formulas_are_neutralised() {
        let mut report = XlsxReport::new(["姓名", "身份证号"]).unwrap();
        let line = ReportLine { sheet: "一", line: 7, outcome: "held", codes: "a", message: "说明" };
        report.write(&line, ["=1+1", "610103198001011233"]).unwrap();
        let bytes = report.finish().unwrap();
        let styles = part_of(bytes.clone(), "xl/styles.xml");
        let formats: Vec<&str> = styles.split("<cellXfs").nth(1).unwrap().split("<xf ").skip(2).collect();
        assert!(
            !formats.is_empty() && formats.iter().all(|format| format.contains("numFmtId=\"49\"")),
            "every cell has the format @: {styles}"
        );
        let sheet = sheet_of(bytes);
        assert!(sheet.matches("<c r=").count() == sheet.matches(" s=\"").count(), "every cell has a format: {sheet}");
        assert!(sheet.contains("610103198001011233") && sheet.contains("&apos;=1+1") || sheet.contains("'=1+1"), "{sheet}");
        assert!(sheet.contains("t=\"inlineStr\"") && !sheet.contains("<f>"), "{sheet}");
        assert!(sheet.contains("state=\"frozen\"") && sheet.contains("<col "), "{sheet}");
        assert!(!sheet.contains("<v>"), "no cell is a number: {sheet}");
    }

    #[test]
    fn a_cell_that_no_workbook_can_hold_is_told_with_its_line() {
        let mut report = XlsxReport::new(["备注"]).unwrap();
        let line = ReportLine { sheet: "", line: 9, outcome: "held", codes: "a", message: "" };
        let error = report.write(&line, ["长".repeat(40_000).as_str()]).unwrap_err();
        assert!(error.to_string().starts_with("line 9 "), "{error}");
    }
}
