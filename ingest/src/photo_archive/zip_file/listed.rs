//! A file whose list of entries is read: at most so many bytes of it, since each takes about eight in memory.

use std::cell::Cell;
use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;

/// The list of half a million entries and more, by how much stands beside their names.
pub(super) const MOST_LIST_BYTES: u64 = 64 << 20;

/// The error of a list that is longer.
#[derive(Debug, thiserror::Error)]
#[error("the list of entries is longer than {} MB", MOST_LIST_BYTES >> 20)]
struct TooLong;

/// Whether an error says that the list is too long.
pub(super) fn is_of_listing(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<TooLong>())
}

/// The bytes that may still be read.
#[derive(Debug, Clone)]
pub(super) struct Bound(Rc<Cell<u64>>);

impl Bound {
    /// Lets the rest of the file be read.
    pub(super) fn lift(&self) {
        self.0.set(u64::MAX);
    }
}

/// A file that fails once more was read of it than may.
#[derive(Debug)]
pub(super) struct Listed<R> {
    reader: R,
    bound: Bound,
}

impl<R> Listed<R> {
    pub(super) fn new(reader: R) -> (Self, Bound) {
        let bound = Bound(Rc::new(Cell::new(MOST_LIST_BYTES)));
        (Self { reader, bound: bound.clone() }, bound)
    }
}

impl<R: Read> Read for Listed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        let left = self.bound.0.get().checked_sub(read as u64).ok_or_else(|| io::Error::other(TooLong))?;
        self.bound.0.set(left);
        Ok(read)
    }
}

impl<R: Seek> Seek for Listed<R> {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.reader.seek(position)
    }
}
