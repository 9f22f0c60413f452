//! Spreadsheets in OpenDocument form, streamed: cells as they are shown, with repeated, merged and hidden rows.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufReader, Read};

use domain::civil_date::SerialBase;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::background::{self, Background, Outlet, Stop};
use super::bounds::{Bounded, too_large};
use super::merged::{CellRange, MergedRanges};
use super::refusal::Refusal;
use super::row::{Row, Sheet, number_text, sheet_name};
use super::xml::{Xml, attribute, number};
use crate::delimited::{CellNote, Limits};

/// What the content may unfold to.
const MOST_BYTES: u64 = 4 << 30;
/// The text of one cell.
const MOST_CELL_BYTES: usize = 8 << 20;
/// A row with text that is repeated stands for rows of data this often at most.
const MOST_REPEATED_ROWS: u64 = 2_000;
/// Bytes of the names of styles that hide a sheet.
const MOST_STYLE_BYTES: usize = 1 << 20;

pub(super) fn open(file: File) -> Result<Background, Refusal> {
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(Refusal::damaged)?;
    if is_encrypted(&mut archive) {
        return Err(Refusal::Encrypted);
    }
    Ok(background::start(move |outlet| {
        let entry = archive.by_name("content.xml").map_err(Refusal::damaged)?;
        let packed = entry.compressed_size();
        read(&mut Xml::new(Bounded::entry(entry, "the content of the spreadsheet", packed, MOST_BYTES)), outlet)
    })?)
}

fn is_encrypted(archive: &mut ZipArchive<BufReader<File>>) -> bool {
    let mut manifest = String::new();
    let Ok(entry) = archive.by_name("META-INF/manifest.xml") else { return false };
    // A manifest that is no text says nothing about a password.
    let _ = entry.take(1 << 20).read_to_string(&mut manifest);
    manifest.contains("encryption-data")
}

/// The cell in work.
#[derive(Default)]
struct Cell {
    note: Option<CellNote>,
    /// A value that is told better by the attribute than by its text: a date, or a number with all its digits.
    value: Option<String>,
    text: String,
    repeated: u64,
    rows: u64,
    columns: u64,
}

struct Reading {
    sheet: Sheet,
    row: Row,
    hidden_styles: HashSet<String>,
    /// Bytes of their names.
    style_bytes: usize,
    style: String,
    /// Day numbers count from 1904.
    from_1904: bool,
    next_row: u64,
    repeated_rows: u64,
    row_is_hidden: bool,
    column: u64,
    cell: Option<Cell>,
    /// Paragraphs of the cell; other text of the document, and notes at cells, are passed over.
    paragraphs: usize,
    annotations: usize,
}

fn read(xml: &mut Xml<impl Read>, outlet: &mut Outlet) -> Result<(), Stop> {
    let mut reading = Reading {
        sheet: Sheet::default(),
        row: Row::new(Sheet::default(), MergedRanges::default()),
        hidden_styles: HashSet::new(),
        style_bytes: 0,
        style: String::new(),
        from_1904: false,
        next_row: 0,
        repeated_rows: 1,
        row_is_hidden: false,
        column: 0,
        cell: None,
        paragraphs: 0,
        annotations: 0,
    };
    while let Some(event) = xml.next()? {
        match event {
            Event::Start(element) => reading.open(&element)?,
            Event::Empty(element) => {
                reading.open(&element)?;
                reading.close(element.local_name().as_ref(), outlet)?;
            }
            Event::End(element) => reading.close(element.local_name().as_ref(), outlet)?,
            Event::Text(text) => reading.text(&text)?,
            Event::CData(text) => reading.text(&text)?,
            Event::GeneralRef(reference) => {
                let named = match &*reference {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => reference.resolve_char_ref().ok().flatten(),
                };
                reading.text(named.unwrap_or('\u{FFFD}').encode_utf8(&mut [0; 4]))?;
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) | Event::Eof => {}
        }
    }
    Ok(())
}

impl Reading {
    fn open(&mut self, element: &BytesStart<'_>) -> Result<(), Refusal> {
        match element.local_name().as_ref() {
            "style" => self.style = attribute(element, "name").unwrap_or_default(),
            "table-properties" if attribute(element, "display").is_some_and(|display| display == "false") => {
                self.hide_sheets_of_style()?;
            }
            "null-date" => self.from_1904 = attribute(element, "date-value").is_some_and(|day| day.starts_with("1904-01-01")),
            "table" => {
                let style = attribute(element, "style-name").unwrap_or_default();
                self.sheet = Sheet {
                    name: Some(sheet_name(&attribute(element, "name").unwrap_or_default())),
                    is_hidden: self.hidden_styles.contains(&style),
                    serial_base: if self.from_1904 { SerialBase::From1904 } else { SerialBase::From1900 },
                    leaves_out_empty_end: true,
                };
                self.row = Row::new(self.sheet.clone(), MergedRanges::default());
                self.next_row = 0;
            }
            "table-row" => {
                self.repeated_rows = number(element, "number-rows-repeated").unwrap_or(1).max(1);
                self.row_is_hidden = attribute(element, "visibility").is_some_and(|visibility| visibility != "visible");
                self.column = 0;
            }
            "table-cell" | "covered-table-cell" => self.cell = Some(cell(element)),
            "annotation" => self.annotations += 1,
            "p" if self.annotations == 0 => {
                if let Some(cell) = &mut self.cell
                    && self.paragraphs == 0
                    && !cell.text.is_empty()
                {
                    cell.text.push('\n');
                }
                self.paragraphs += 1;
            }
            "s" => {
                let blanks = number(element, "c").unwrap_or(1).clamp(1, 1_000);
                self.push(&" ".repeat(usize::try_from(blanks).unwrap_or(1)));
            }
            "tab" => self.push("\t"),
            "line-break" => self.push("\n"),
            _ => {}
        }
        Ok(())
    }

    fn hide_sheets_of_style(&mut self) -> Result<(), Refusal> {
        if !self.hidden_styles.contains(&self.style) {
            self.style_bytes += self.style.len();
            self.hidden_styles.insert(self.style.clone());
        }
        // A set takes room for each name, however short.
        let most = MOST_STYLE_BYTES;
        if self.style_bytes.max(self.hidden_styles.len() * 64) > most { Err(too_large("its list of styles", most as u64)) } else { Ok(()) }
    }

    fn push(&mut self, text: &str) {
        if self.paragraphs > 0
            && self.annotations == 0
            && let Some(cell) = &mut self.cell
        {
            cell.text.push_str(text);
        }
    }

    fn text(&mut self, text: &str) -> Result<(), Refusal> {
        self.push(text);
        let length = self.cell.as_ref().map_or(0, |cell| cell.text.len());
        if length > MOST_CELL_BYTES { Err(too_large("one cell", MOST_CELL_BYTES as u64)) } else { Ok(()) }
    }

    fn close(&mut self, name: &str, outlet: &mut Outlet) -> Result<(), Stop> {
        match name {
            "p" if self.annotations == 0 => self.paragraphs = self.paragraphs.saturating_sub(1),
            "annotation" => self.annotations = self.annotations.saturating_sub(1),
            "table-cell" | "covered-table-cell" => self.end_cell(),
            "table-row" => self.end_row(outlet)?,
            _ => {}
        }
        Ok(())
    }

    fn end_cell(&mut self) {
        let Some(cell) = self.cell.take() else { return };
        let text = cell.value.as_deref().unwrap_or(&cell.text);
        // Empty cells are repeated to the end of the sheet; written ones up to what a row may have.
        let most = Limits::default().fields as u64 + 1;
        let written = if text.is_empty() { 0 } else { cell.repeated.min(most.saturating_sub(self.column).max(1)) };
        for place in self.column..self.column.saturating_add(written) {
            self.row.cell(u32::try_from(place).unwrap_or(u32::MAX), text, cell.note);
        }
        if cell.rows > 1 || cell.columns > 1 {
            let first_column = u32::try_from(self.column).unwrap_or(u32::MAX);
            let last_column = u32::try_from(self.column.saturating_add(cell.columns - 1)).unwrap_or(u32::MAX);
            let last_row = self.next_row.saturating_add(cell.rows - 1);
            self.row.span(CellRange { first_row: self.next_row, first_column, last_row, last_column });
        }
        self.column = self.column.saturating_add(cell.repeated);
    }

    fn end_row(&mut self, outlet: &mut Outlet) -> Result<(), Stop> {
        let record = self.row.finish(self.next_row, self.row_is_hidden);
        if let Some(record) = record {
            if self.repeated_rows > MOST_REPEATED_ROWS {
                return Err(Refusal::TooLarge { what: "a repeated row".to_owned(), limit: format!("{MOST_REPEATED_ROWS} rows") }.into());
            }
            for times in 0..self.repeated_rows {
                outlet.give(record.clone().on_line(self.next_row + times + 1))?;
            }
        }
        self.next_row = self.next_row.saturating_add(self.repeated_rows);
        Ok(())
    }
}

fn cell(element: &BytesStart<'_>) -> Cell {
    let mut cell = Cell {
        repeated: number(element, "number-columns-repeated").unwrap_or(1).max(1),
        rows: number(element, "number-rows-spanned").unwrap_or(1).clamp(1, 1 << 24),
        columns: number(element, "number-columns-spanned").unwrap_or(1).clamp(1, 1 << 16),
        ..Cell::default()
    };
    match attribute(element, "value-type").as_deref() {
        Some("date") => cell.value = attribute(element, "date-value").map(|moment| moment.trim_end_matches("T00:00:00").replace('T', " ")),
        Some("float" | "percentage" | "currency") => {
            let value = attribute(element, "value").unwrap_or_default();
            cell.value = Some(value.parse().map_or(value, number_text));
            cell.note = Some(CellNote::Number);
        }
        _ => {}
    }
    cell
}
