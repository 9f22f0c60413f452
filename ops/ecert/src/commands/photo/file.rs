//! A photo as a file that the caller named.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use portrait::{Limits, Refusal};

/// The whole file, or the refusal of one with more bytes than a photo may have.
///
/// # Errors
/// What is no file or cannot be read, with what to check.
pub(super) fn read(path: &Path) -> anyhow::Result<Result<Vec<u8>, Refusal>> {
    let cannot = || format!("{}: it cannot be read: check the path and the permissions", path.display());
    // Before it is opened: opening a pipe would wait for somebody to write to it.
    let meta = fs::metadata(path).with_context(cannot)?;
    if !meta.is_file() {
        bail!("{}: it is no file; name the photo itself", path.display());
    }
    let limit = Limits::default().max_bytes;
    let too_many = |bytes: u64| Refusal::TooManyBytes { bytes: usize::try_from(bytes).unwrap_or(usize::MAX), limit };
    if meta.len() > limit as u64 {
        return Ok(Err(too_many(meta.len())));
    }
    let mut bytes = Vec::new();
    File::open(path).with_context(cannot)?.take(limit as u64 + 1).read_to_end(&mut bytes).with_context(cannot)?;
    Ok(Ok(bytes))
}
