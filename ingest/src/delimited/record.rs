//! One record as it stood in the file: its fields, its line, and what was wrong with its form.

use std::sync::Arc;

use domain::civil_date::SerialBase;

/// What is wrong with the form of a record; its fields are then what could be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RecordFault {
    /// A quotation mark opens a field and nothing closes it: only the first line counts as the record.
    UnbalancedQuote,
    /// More bytes than a record may have; the fields are cut.
    TooLong,
    /// More fields than a record may have; the others are left out.
    TooManyFields,
    /// A line of JSON Lines that is no object.
    NotAnObject,
    /// The file ends within the record.
    Truncated,
    /// No record: the file ends before others that it announces.
    Missing {
        /// How many are not there.
        records: u64,
        /// How many the file announces.
        announced: u64,
    },
    /// A record that its table marks as deleted.
    Deleted,
    /// A row of a batch report that was no row of the table when it was reported.
    DroppedBefore,
    /// A file of an archive that cannot be read as a table; the only field says why.
    UnreadableEntry,
    /// A folder of an archive, or what a system left there.
    ArchiveFurniture,
}

/// What a cell is besides its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CellNote {
    /// A number as the program stored it, without the digits that it could not keep.
    Number,
    /// The value of a merged range, which stands in its first cell only.
    Merged,
    /// The text was cut within a character; the half of it is left out.
    HalfCharacter,
    /// The text stands in a memo file that is not there.
    MemoMissing,
}

/// What a record is in a header of two rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeaderPart {
    /// The upper row, which names groups of columns.
    Groups,
    /// The lower row, its cells completed to whole titles; they were delivered so, with strokes between them.
    Titles(String),
    /// Either of them once more.
    Repeated,
}

/// What is said of a record beyond its text; most records need none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Notes {
    hidden_row: bool,
    hidden_sheet: bool,
    header_part: Option<HeaderPart>,
    cells: Vec<(usize, CellNote)>,
    /// Cells to the right in a merged range, with their value; taken over for data rows only, since a title spans its page.
    to_the_right: Vec<(usize, String)>,
}

/// One record: fields in order, without quotation marks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    pub(super) line: u64,
    pub(super) text: String,
    pub(super) ends: Vec<usize>,
    pub(super) fault: Option<RecordFault>,
    sheet: Option<Arc<str>>,
    notes: Option<Box<Notes>>,
    leaves_out_empty_end: bool,
    is_titles: bool,
    serial_base: SerialBase,
}

impl Record {
    /// A record of these fields, for callers that have no file.
    #[must_use]
    pub fn of<'a>(line: u64, fields: impl IntoIterator<Item = &'a str>) -> Self {
        let mut record = Self { line, ..Self::default() };
        for field in fields {
            record.text.push_str(field);
            record.ends.push(record.text.len());
        }
        record
    }

    /// The same record without the fields at these places, every other field as `rewrite` gives it.
    #[must_use]
    pub(crate) fn without(&self, places: &[usize], rewrite: fn(&str) -> &str) -> Self {
        let kept = |place: usize| !places.contains(&place);
        let fields = self.fields().enumerate().filter(|(place, _)| kept(*place)).map(|(_, cell)| rewrite(cell));
        let mut notes = self.notes.clone();
        if let Some(notes) = &mut notes {
            let moved = |place: usize| place - places.iter().filter(|&&other| other < place).count();
            notes.cells.retain(|(place, _)| kept(*place));
            notes.cells.iter_mut().for_each(|(place, _)| *place = moved(*place));
            notes.to_the_right.retain(|(place, _)| kept(*place));
            notes.to_the_right.iter_mut().for_each(|(place, _)| *place = moved(*place));
        }
        Self {
            fault: self.fault,
            sheet: self.sheet.clone(),
            notes,
            leaves_out_empty_end: self.leaves_out_empty_end,
            is_titles: self.is_titles,
            serial_base: self.serial_base,
            ..Self::of(self.line, fields)
        }
    }

    /// The same record with another text in a cell, of which nothing is noted any more.
    pub(crate) fn with_cell(mut self, place: usize, text: &str) -> Self {
        let cells = self.fields().enumerate().map(|(at, cell)| if at == place { text } else { cell });
        let changed = Self::of(self.line, cells);
        (self.text, self.ends) = (changed.text, changed.ends);
        if let Some(notes) = &mut self.notes {
            notes.cells.retain(|(at, _)| *at != place);
        }
        self
    }

    /// A record of a sheet or archive entry.
    pub(crate) fn in_sheet(mut self, sheet: Arc<str>) -> Self {
        self.sheet = Some(sheet);
        self
    }

    /// The same record on another line, for rows that a file writes once for several.
    pub(crate) fn on_line(mut self, line: u64) -> Self {
        self.line = line;
        self
    }

    /// The same record in the sheet of another.
    pub(crate) fn standing_like(mut self, other: &Self) -> Self {
        self.sheet.clone_from(&other.sheet);
        self
    }

    pub(crate) fn with_header_part(mut self, part: HeaderPart) -> Self {
        self.notes_mut().header_part = Some(part);
        self
    }

    pub(crate) fn with_fault(mut self, fault: RecordFault) -> Self {
        self.fault = Some(fault);
        self
    }

    /// Marks titles that the format gives outside its records, such as the names of columns; no record of the file.
    pub(crate) fn marked_titles(mut self) -> Self {
        self.is_titles = true;
        self
    }

    /// Marks a record of a format that does not store empty cells at the end.
    pub(crate) fn leaving_out_empty_end(mut self) -> Self {
        self.leaves_out_empty_end = true;
        self
    }

    pub(crate) fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.ends.push(self.text.len());
    }

    fn notes_mut(&mut self) -> &mut Notes {
        self.notes.get_or_insert_default()
    }

    pub(crate) fn note_cell(&mut self, place: usize, note: CellNote) {
        self.notes_mut().cells.push((place, note));
    }

    pub(crate) fn note_to_the_right(&mut self, place: usize, value: &str) {
        self.notes_mut().to_the_right.push((place, value.to_owned()));
    }

    pub(crate) fn note_hidden(&mut self, row: bool, sheet: bool) {
        if row || sheet {
            let notes = self.notes_mut();
            (notes.hidden_row, notes.hidden_sheet) = (row, sheet);
        }
    }

    /// Says from which day the day numbers of the record's workbook count.
    pub(crate) fn counting_from(&mut self, base: SerialBase) {
        self.serial_base = base;
    }

    /// The record as data: cells of merged ranges filled to the right, and empty cells at the end up to `width` where the format leaves them out.
    pub(crate) fn completed(mut self, width: usize) -> Self {
        let fills = self.notes.as_mut().map(|notes| std::mem::take(&mut notes.to_the_right)).unwrap_or_default();
        if !fills.is_empty() {
            let mut cells: Vec<String> = self.fields().map(str::to_owned).collect();
            for (place, value) in fills {
                if cells.len() <= place {
                    cells.resize(place + 1, String::new());
                }
                if cells[place].is_empty() {
                    cells[place] = value;
                    self.note_cell(place, CellNote::Merged);
                }
            }
            let filled = Self::of(self.line, cells.iter().map(String::as_str));
            (self.text, self.ends) = (filled.text, filled.ends);
        }
        while self.leaves_out_empty_end && self.ends.len() < width {
            self.push("");
        }
        self
    }

    /// The physical line on which the record begins, or the row of its sheet, or its number in a table; from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The sheet, archive entry or both in which the record stands; empty where the format has none.
    #[must_use]
    pub fn sheet(&self) -> &str {
        self.sheet.as_deref().unwrap_or_default()
    }

    /// Whether these are titles that the format gives outside its records.
    #[must_use]
    pub fn is_titles(&self) -> bool {
        self.is_titles
    }

    /// Whether the program that wrote the file does not show the row.
    #[must_use]
    pub fn is_hidden_row(&self) -> bool {
        self.notes.as_ref().is_some_and(|notes| notes.hidden_row)
    }

    /// Whether the program that wrote the file does not show the sheet.
    #[must_use]
    pub fn is_in_hidden_sheet(&self) -> bool {
        self.notes.as_ref().is_some_and(|notes| notes.hidden_sheet)
    }

    /// The day from which day numbers in the record count.
    #[must_use]
    pub fn serial_base(&self) -> SerialBase {
        self.serial_base
    }

    /// What the record is in a header of two rows.
    #[must_use]
    pub fn header_part(&self) -> Option<&HeaderPart> {
        self.notes.as_ref()?.header_part.as_ref()
    }

    /// Cells that merged ranges reach from the left, with their value.
    pub(crate) fn to_the_right(&self) -> &[(usize, String)] {
        self.notes.as_ref().map_or(&[], |notes| &notes.to_the_right)
    }

    /// Whether the cells of both records are the same.
    pub(crate) fn has_cells_of(&self, other: &Self) -> bool {
        self.text == other.text && self.ends == other.ends
    }

    /// What is said of single cells, with their places counted from 0.
    #[must_use]
    pub fn cell_notes(&self) -> &[(usize, CellNote)] {
        self.notes.as_ref().map_or(&[], |notes| &notes.cells)
    }

    /// Whether something is said of the cell at `place`.
    #[must_use]
    pub fn has_note(&self, place: usize, note: CellNote) -> bool {
        self.cell_notes().contains(&(place, note))
    }

    /// Bytes of all fields.
    pub(crate) fn size_bytes(&self) -> usize {
        self.text.len()
    }

    /// What is wrong with the form, if anything.
    #[must_use]
    pub fn fault(&self) -> Option<RecordFault> {
        self.fault
    }

    /// Whether its format already says that the record is no row of the table, or the end of it: no header is needed to tell.
    pub(crate) fn is_settled(&self) -> bool {
        match self.fault {
            Some(
                RecordFault::Deleted
                | RecordFault::DroppedBefore
                | RecordFault::UnreadableEntry
                | RecordFault::ArchiveFurniture
                | RecordFault::Truncated
                | RecordFault::Missing { .. },
            ) => true,
            Some(RecordFault::NotAnObject | RecordFault::TooLong | RecordFault::TooManyFields | RecordFault::UnbalancedQuote) | None => {
                false
            }
        }
    }

    /// How many fields there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no field at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The field at `index`, counted from 0.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before).copied()).unwrap_or(0);
        self.text.get(start..end)
    }

    /// The fields in order.
    pub fn fields(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        (0..self.ends.len()).map(|index| self.get(index).unwrap_or_default())
    }

    /// Whether no field holds more than white space.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Whether a byte of the record could not be decoded, or was zero.
    #[must_use]
    pub fn has_unreadable_characters(&self) -> bool {
        self.text.contains('\u{FFFD}')
    }
}
