//! Rows in the binary form that COPY reads: nothing has to be parsed on the other side, and a million rows go through here.
//!
//! Source: the PostgreSQL manual, COPY, "Binary Format", and the receive functions of the types.

use sqlx::PgConnection;
use time::Date;

/// The Julian day of 2000-01-01, from which PostgreSQL counts days.
const DAY_ZERO: i32 = 2_451_545;

/// Stands for NUL, which PostgreSQL does not have in texts; the row that held one was given a finding when it was read.
pub(crate) const NUL: &str = "\u{2400}";

/// Bytes that are sent at once: few enough to stay near the processor, and the other side begins while rows are still sent.
const PIECE: usize = 256 << 10;

/// Rows of one COPY, each with the same number of fields, written one field after the other.
#[derive(Debug)]
pub(crate) struct BinaryCopy {
    fields: i16,
    /// Whole rows. Growing one long buffer would copy it again and again.
    pieces: Vec<Vec<u8>>,
    /// The piece that is being written.
    bytes: Vec<u8>,
    /// Bytes of the whole pieces.
    whole: usize,
}

impl BinaryCopy {
    /// No rows yet, of so many fields.
    pub(crate) fn new(fields: i16) -> Self {
        let mut bytes = b"PGCOPY\n\xff\r\n\0".to_vec();
        bytes.extend([0; 8]);
        Self { fields, pieces: Vec::new(), bytes, whole: 0 }
    }

    /// Begins a row; its fields follow.
    pub(crate) fn row(&mut self) {
        if self.bytes.len() >= PIECE {
            let room = self.bytes.capacity();
            self.whole += self.bytes.len();
            self.pieces.push(std::mem::replace(&mut self.bytes, Vec::with_capacity(room.min(2 * PIECE))));
        }
        self.bytes.extend(self.fields.to_be_bytes());
    }

    /// Bytes of all rows.
    pub(crate) fn size_bytes(&self) -> usize {
        self.whole + self.bytes.len()
    }

    pub(crate) fn null(&mut self) {
        self.bytes.extend((-1_i32).to_be_bytes());
    }

    /// A value that the database gave in its binary form.
    pub(crate) fn raw(&mut self, value: Option<&[u8]>) {
        match value {
            Some(value) => self.field(value),
            None => self.null(),
        }
    }

    fn field(&mut self, bytes: &[u8]) {
        self.length(bytes.len());
        self.bytes.extend_from_slice(bytes);
    }

    fn length(&mut self, length: usize) {
        self.bytes.extend(i32::try_from(length).expect("a field has less than two gigabytes: records are limited").to_be_bytes());
    }

    pub(crate) fn bigint(&mut self, value: i64) {
        self.field(&value.to_be_bytes());
    }

    pub(crate) fn integer(&mut self, value: Option<i32>) {
        match value {
            Some(value) => self.field(&value.to_be_bytes()),
            None => self.null(),
        }
    }

    pub(crate) fn boolean(&mut self, value: bool) {
        self.field(&[u8::from(value)]);
    }

    pub(crate) fn bytea(&mut self, value: &[u8]) {
        self.field(value);
    }

    /// A text, or a value of type `json`, which is sent as its text.
    pub(crate) fn text(&mut self, text: &str) {
        if text.as_bytes().contains(&0) { self.field(text.replace('\0', NUL).as_bytes()) } else { self.field(text.as_bytes()) }
    }

    pub(crate) fn optional_text(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.null(),
        }
    }

    /// A value of type `jsonb`, given as its text.
    pub(crate) fn jsonb(&mut self, text: &str) {
        self.length(text.len() + 1);
        self.bytes.push(1);
        self.bytes.extend_from_slice(text.as_bytes());
    }

    pub(crate) fn date(&mut self, date: Option<Date>) {
        match date {
            Some(date) => self.field(&(date.to_julian_day() - DAY_ZERO).to_be_bytes()),
            None => self.null(),
        }
    }

    /// A `timestamptz`, given in microseconds since 1970-01-01 UTC.
    pub(crate) fn instant(&mut self, unix_microseconds: i64) {
        const YEAR_2000: i64 = 946_684_800_000_000;
        self.field(&(unix_microseconds - YEAR_2000).to_be_bytes());
    }

    /// Writes a field whose length is known when it is written.
    pub(crate) fn written(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        let at = self.bytes.len();
        self.bytes.extend([0; 4]);
        write(&mut self.bytes);
        let length = i32::try_from(self.bytes.len() - at - 4).expect("a field has less than two gigabytes: records are limited");
        self.bytes[at..at + 4].copy_from_slice(&length.to_be_bytes());
    }

    /// Copies the rows in the caller's transaction by a statement `copy … from stdin (format binary)`; says how many there were.
    ///
    /// # Errors
    /// The database's.
    pub(crate) async fn send(mut self, conn: &mut PgConnection, statement: &'static str) -> sqlx::Result<u64> {
        self.bytes.extend((-1_i16).to_be_bytes());
        // COPY is one of the two statements that the checked macros cannot express.
        let mut copy = conn.copy_in_raw(statement).await?;
        for piece in self.pieces.into_iter().chain([self.bytes]) {
            copy.send(piece).await?;
        }
        copy.finish().await
    }
}
