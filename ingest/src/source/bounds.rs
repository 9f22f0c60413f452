//! Bounds on what is unpacked, counted while it is read: the sizes that an archive states of itself are not believed.

use std::io::{self, BufRead, Read};

use super::refusal::Refusal;

/// What an entry may unfold to however small it is.
pub(super) const FREE_BYTES: u64 = 64 << 20;
/// Tables of text shrink to a tenth or a thirtieth; what unfolds to more than this many times its size is a bomb.
pub(super) const TIMES_UNFOLDED: u64 = 250;
/// The longest single piece of markup or text, many times the longest cell that is kept.
const LONGEST_PIECE_BYTES: u64 = 8 << 20;

/// A reader that fails once more comes out of it than may.
#[derive(Debug)]
pub(super) struct Bounded<R> {
    reader: R,
    what: String,
    limit: u64,
    left: u64,
}

impl<R: Read> Bounded<R> {
    /// Bounds an entry of an archive by `most_bytes` and by its size in the archive.
    pub(super) fn entry(reader: R, what: &str, packed_bytes: u64, most_bytes: u64) -> Self {
        let limit = most_bytes_of(packed_bytes).min(most_bytes);
        Self { reader, what: what.to_owned(), limit, left: limit }
    }
}

/// What an entry of a packed size may unfold to.
pub(super) fn most_bytes_of(packed_bytes: u64) -> u64 {
    FREE_BYTES.max(packed_bytes.saturating_mul(TIMES_UNFOLDED))
}

/// The refusal of an entry that is too large.
pub(super) fn too_large(what: &str, limit: u64) -> Refusal {
    Refusal::TooLarge { what: what.to_owned(), limit: format!("{} MB", limit >> 20) }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.left = self.left.checked_sub(read as u64).ok_or_else(|| too_large(&self.what, self.limit))?;
        Ok(read)
    }
}

/// A reader that fails when a single piece, begun by [`Pieces::begin`], grows too long to be kept in memory.
#[derive(Debug)]
pub(super) struct Pieces<R> {
    reader: R,
    bytes: u64,
}

impl<R> Pieces<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, bytes: 0 }
    }

    pub(super) fn begin(&mut self) {
        self.bytes = 0;
    }

    fn count(&mut self, read: usize) -> io::Result<()> {
        self.bytes += read as u64;
        if self.bytes > LONGEST_PIECE_BYTES { Err(too_large("one cell", LONGEST_PIECE_BYTES).into()) } else { Ok(()) }
    }
}

impl<R: Read> Read for Pieces<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.count(read)?;
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Pieces<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.count(0)?;
        self.reader.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.bytes += amount as u64;
        self.reader.consume(amount);
    }
}
