//! The bound on what an archive may unfold to: counted as it is read, since what it states of itself is not believed.

use std::path::Path;

use super::{ArchiveError, ArchiveForm};

/// Pictures hardly shrink when they are packed; what unfolds to more than this many times the archive is a bomb.
const TIMES_UNFOLDED: u64 = 200;
/// What any archive may unfold to, however small it is.
const FREE_BYTES: u64 = 64 << 20;

/// What an archive of a size in bytes may unfold to, in bytes.
pub(super) fn most_bytes_of(packed_bytes: u64) -> u64 {
    packed_bytes.saturating_mul(TIMES_UNFOLDED).saturating_add(FREE_BYTES)
}

/// The error of an archive that passed its bound.
pub(super) fn bomb(path: &Path, form: ArchiveForm) -> ArchiveError {
    ArchiveError::Bomb { path: path.to_owned(), form, times: TIMES_UNFOLDED }
}
