//! Records from a reader that gives them only while it runs: it runs on a thread of its own, a bounded number of records ahead. Should a format's library
//! panic over a damaged file, that is an error of the file and ends nothing else.

use std::io;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread::{self, JoinHandle};

use super::refusal::Refusal;
use crate::delimited::Record;

/// Records handed over at a time.
const BATCH_RECORDS: usize = 256;
/// Bytes handed over at a time, if the records are long.
const BATCH_BYTES: usize = 1 << 20;
/// Batches that may wait.
const BATCHES_AHEAD: usize = 4;

/// Where the reading thread puts records.
pub(super) struct Outlet {
    sender: SyncSender<Vec<Record>>,
    batch: Vec<Record>,
    bytes: usize,
}

/// Why reading stops before the end.
pub(super) enum Stop {
    /// Nobody takes the records any more.
    Unwanted,
    /// The file cannot be read on.
    Failed(Refusal),
}

impl<E: Into<Refusal>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl Outlet {
    pub(super) fn give(&mut self, record: Record) -> Result<(), Stop> {
        self.bytes += record.size_bytes();
        self.batch.push(record);
        if self.batch.len() < BATCH_RECORDS && self.bytes < BATCH_BYTES {
            return Ok(());
        }
        self.flush()
    }

    fn flush(&mut self) -> Result<(), Stop> {
        self.bytes = 0;
        self.sender.send(std::mem::take(&mut self.batch)).map_err(|_| Stop::Unwanted)
    }
}

/// The records as they come.
pub(super) struct Background {
    receiver: Option<Receiver<Vec<Record>>>,
    waiting: std::vec::IntoIter<Record>,
    thread: Option<JoinHandle<Result<(), Refusal>>>,
}

/// Starts `read` on a thread of its own.
pub(super) fn start(read: impl FnOnce(&mut Outlet) -> Result<(), Stop> + Send + 'static) -> io::Result<Background> {
    let (sender, receiver) = mpsc::sync_channel(BATCHES_AHEAD);
    let thread = thread::Builder::new().name("reader".to_owned()).spawn(move || {
        let mut outlet = Outlet { sender, batch: Vec::new(), bytes: 0 };
        match read(&mut outlet) {
            Ok(()) => {
                // A receiver that is gone wants no rest.
                let _ = outlet.flush();
                Ok(())
            }
            Err(Stop::Unwanted) => Ok(()),
            Err(Stop::Failed(refusal)) => {
                let _ = outlet.flush();
                Err(refusal)
            }
        }
    })?;
    Ok(Background { receiver: Some(receiver), waiting: Vec::new().into_iter(), thread: Some(thread) })
}

impl Iterator for Background {
    type Item = io::Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(record) = self.waiting.next() {
                return Some(Ok(record));
            }
            match self.receiver.as_ref()?.recv() {
                Ok(batch) => self.waiting = batch.into_iter(),
                Err(_) => {
                    self.receiver = None;
                    let ended = self.thread.take()?.join();
                    return match ended {
                        Ok(Ok(())) => None,
                        Ok(Err(refusal)) => Some(Err(refusal.into())),
                        Err(_) => Some(Err(Refusal::Damaged("its reader gave up".to_owned()).into())),
                    };
                }
            }
        }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.receiver = None;
        if let Some(thread) = self.thread.take() {
            // Its end frees what it read; how it ended no longer matters.
            let _ = thread.join();
        }
    }
}
