//! What the caller asks for.

use time::Date;

/// The province to invent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Data rows over all certificate files (titles, headers and footers are not counted).
    pub rows: usize,
    /// The same seed gives the same province.
    pub seed: u64,
    /// The day on which the deliveries are true. Paper valid until this day "ends tonight".
    pub as_of: Date,
    /// Most photos in the archive; `None` for one of about nine in ten persons whose paper is in force.
    pub photos: Option<usize>,
}
