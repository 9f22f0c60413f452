//! Tables of an HTML page, row by row as the page is read. Spans over rows are merged ranges.

use std::fs::File;
use std::io;

use html5gum::{DefaultEmitter, IoReader, StartTag, Token, Tokenizer};

use super::background::{self, Background, Outlet, Stop};
use super::bounds::{FREE_BYTES, Pieces, too_large};
use super::merged::{CellRange, MergedRanges};
use super::row::{Row, Sheet};
use crate::delimited::{Limits, Record};
use crate::text_encoding::{Decoding, TextEncoding};

pub(super) fn open(file: File, encoding: TextEncoding) -> Box<dyn Iterator<Item = io::Result<Record>> + Send> {
    match background::start(move |outlet| read(file, encoding, outlet)) {
        Ok(records) => Box::new(records) as Box<Background>,
        Err(error) => Box::new(std::iter::once(Err(error))),
    }
}

/// The cell in work.
struct Cell {
    text: String,
    rows: u64,
    columns: u32,
}

/// Where in a table the reading stands. A table within a cell belongs to the cell's text.
struct Table {
    row: Row,
    rows_ended: u64,
    column: u32,
    is_in_row: bool,
    cell: Option<Cell>,
    /// How many tables stand around.
    depth: usize,
    is_hidden: bool,
}

fn read(file: File, encoding: TextEncoding, outlet: &mut Outlet) -> Result<(), Stop> {
    let mut emitter = DefaultEmitter::<()>::default();
    emitter.naively_switch_states(true);
    let pieces = SharedPieces::new(Pieces::new(Decoding::new(file, encoding)));
    let tokens = Tokenizer::new_with_emitter(IoReader::new(pieces.clone()), emitter);
    let mut table = Table {
        row: Row::new(Sheet::default(), MergedRanges::default()),
        rows_ended: 0,
        column: 0,
        is_in_row: false,
        cell: None,
        depth: 0,
        is_hidden: false,
    };
    for token in tokens {
        pieces.begin();
        match token? {
            Token::StartTag(tag) => table.open(&tag, outlet)?,
            Token::EndTag(tag) => table.close(&tag.name, outlet)?,
            Token::String(text) => table.text(&String::from_utf8_lossy(&text.value))?,
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    table.end_row(outlet)
}

impl Table {
    fn open(&mut self, tag: &StartTag<()>, outlet: &mut Outlet) -> Result<(), Stop> {
        match tag.name.as_slice() {
            b"table" => self.depth += usize::from(self.cell.is_some()),
            b"tr" if self.depth == 0 => {
                self.end_row(outlet)?;
                self.is_in_row = true;
                self.is_hidden = is_hidden(tag);
            }
            b"td" | b"th" if self.depth == 0 => {
                self.end_cell();
                self.is_in_row = true;
                let span = |name: &str| attribute(tag, name).and_then(|text| text.trim().parse::<u32>().ok()).unwrap_or(1).clamp(1, 65_534);
                self.cell = Some(Cell { text: String::new(), rows: u64::from(span("rowspan")), columns: span("colspan") });
            }
            b"br" | b"p" | b"div" | b"tr" | b"td" | b"th" => self.blank(),
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, name: &[u8], outlet: &mut Outlet) -> Result<(), Stop> {
        match name {
            b"table" if self.depth > 0 => self.depth -= 1,
            b"table" | b"tr" if self.depth == 0 => self.end_row(outlet)?,
            b"td" | b"th" if self.depth == 0 => self.end_cell(),
            _ => {}
        }
        Ok(())
    }

    fn blank(&mut self) {
        if let Some(cell) = &mut self.cell
            && !cell.text.is_empty()
            && !cell.text.ends_with(' ')
        {
            cell.text.push(' ');
        }
    }

    /// White space of the page is one blank.
    fn text(&mut self, text: &str) -> Result<(), Stop> {
        let Some(cell) = &mut self.cell else { return Ok(()) };
        let is_blank = |c: char| matches!(c, ' ' | '\t' | '\r' | '\n' | '\u{C}');
        for c in text.chars() {
            if is_blank(c) {
                if !cell.text.is_empty() && !cell.text.ends_with(' ') {
                    cell.text.push(' ');
                }
            } else {
                cell.text.push(c);
            }
        }
        if cell.text.len() as u64 > FREE_BYTES { Err(too_large("one cell", FREE_BYTES).into()) } else { Ok(()) }
    }

    fn end_cell(&mut self) {
        let Some(cell) = self.cell.take() else { return };
        let row = self.rows_ended;
        while self.column < 4_000 && self.row.is_covered(row, self.column) {
            self.column += 1;
        }
        // A non-breaking space alone is how pages write an empty cell.
        let text = cell.text.trim_matches([' ', '\u{A0}']);
        self.row.cell(self.column, text, None);
        let last_column = self.column.saturating_add(cell.columns - 1);
        if cell.rows > 1 || cell.columns > 1 {
            let last_row = row + cell.rows - 1;
            self.row.span(CellRange { first_row: row, first_column: self.column, last_row, last_column });
        }
        self.column = last_column.saturating_add(1);
    }

    fn end_row(&mut self, outlet: &mut Outlet) -> Result<(), Stop> {
        self.end_cell();
        if !self.is_in_row {
            return Ok(());
        }
        let width = (self.column as usize).min(Limits::default().fields);
        let record = self.row.finish(self.rows_ended, self.is_hidden);
        self.rows_ended += 1;
        self.column = 0;
        self.is_in_row = false;
        match record {
            // The last cells of a page's row are there even when they are empty.
            Some(mut record) => {
                while record.len() < width {
                    record.push("");
                }
                outlet.give(record)
            }
            None => Ok(()),
        }
    }
}

fn attribute(tag: &StartTag<()>, name: &str) -> Option<String> {
    tag.attributes.get(name.as_bytes()).map(|value| String::from_utf8_lossy(&value.value).into_owned())
}

fn is_hidden(tag: &StartTag<()>) -> bool {
    let style = attribute(tag, "style").unwrap_or_default().to_ascii_lowercase();
    style.split_whitespace().collect::<String>().contains("display:none") || tag.attributes.contains_key(&b"hidden"[..])
}

/// The pieces of the page, counted by the loop over its tokens while the tokenizer owns the reader.
struct SharedPieces<R>(std::rc::Rc<std::cell::RefCell<Pieces<R>>>);

impl<R> Clone for SharedPieces<R> {
    fn clone(&self) -> Self {
        Self(std::rc::Rc::clone(&self.0))
    }
}

impl<R> SharedPieces<R> {
    fn new(pieces: Pieces<R>) -> Self {
        Self(std::rc::Rc::new(std::cell::RefCell::new(pieces)))
    }

    fn begin(&self) {
        self.0.borrow_mut().begin();
    }
}

impl<R: io::Read> io::Read for SharedPieces<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.borrow_mut().read(buffer)
    }
}
