//! What a reader of TAR archives takes from its file, counted: in all, since gzip unfolds, and between the data of two entries,
//! since names are kept in memory however long the archive says they are.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use super::super::form::BLOCK_BYTES;

/// Headers, long names and attributes of one entry.
const MOST_HEADER_BYTES: u64 = 1 << 20;

/// What ends an archive, and fills it up.
const EMPTY_BLOCK: [u8; 512] = [0; 512];

/// Counts of bytes from the beginning of the archive.
#[derive(Debug)]
pub(super) struct Meter {
    most_bytes: u64,
    position: Cell<u64>,
    data_end: Cell<u64>,
    /// Where the headers of the next entry begin, once they have. The empty blocks before them are not kept.
    headers_begin: Cell<Option<u64>>,
}

impl Meter {
    /// Counts for an archive that may have so many bytes when unpacked.
    pub(super) fn new(most_bytes: u64) -> Self {
        Self { most_bytes, position: Cell::new(0), data_end: Cell::new(0), headers_begin: Cell::new(None) }
    }

    /// How many bytes were read.
    pub(super) fn position(&self) -> u64 {
        self.position.get()
    }

    /// Where the data of the latest entry end, and the headers of the next may begin.
    pub(super) fn data_end(&self) -> u64 {
        self.data_end.get()
    }

    /// Notes that the headers of an entry were read and so many bytes of data follow, up to a whole block.
    pub(super) fn data_follows(&self, bytes: u64) {
        let blocks = bytes.div_ceil(BLOCK_BYTES);
        self.data_end.set(self.position.get().saturating_add(blocks.saturating_mul(BLOCK_BYTES)));
        self.headers_begin.set(None);
    }

    fn count(&self, chunk: &[u8]) -> io::Result<()> {
        let before = self.position.get();
        self.position.set(before + chunk.len() as u64);
        if self.position.get() > self.most_bytes {
            return Err(io::Error::other(Excess::Unfolded));
        }
        if before < self.data_end.get() {
            return Ok(());
        }
        if self.headers_begin.get().is_none() && !EMPTY_BLOCK.starts_with(chunk) {
            self.headers_begin.set(Some(before));
        }
        match self.headers_begin.get() {
            Some(begin) if self.position.get() - begin > MOST_HEADER_BYTES => Err(io::Error::other(Excess::Headers)),
            Some(_) | None => Ok(()),
        }
    }
}

/// What there was too much of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum Excess {
    #[error("the archive unfolds to far more than its size")]
    Unfolded,
    #[error("the name or the attributes of an entry are longer than {} KB", MOST_HEADER_BYTES >> 10)]
    Headers,
}

/// Whether an error says that the archive unfolds without measure.
pub(super) fn is_of_unfolding(error: &io::Error) -> bool {
    error.get_ref().and_then(|inner| inner.downcast_ref()) == Some(&Excess::Unfolded)
}

/// A reader whose bytes are counted, and that fails once there are too many.
#[derive(Debug)]
pub(super) struct Metered<R> {
    reader: R,
    meter: Rc<Meter>,
}

impl<R> Metered<R> {
    pub(super) fn new(reader: R, meter: Rc<Meter>) -> Self {
        Self { reader, meter }
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = loop {
            match self.reader.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        self.meter.count(&buffer[..read])?;
        Ok(read)
    }
}
