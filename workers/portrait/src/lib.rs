//! Photo bytes become a normalised portrait with findings, or a refusal that its holder understands.
//!
//! Pure: no IO, no clock, no randomness. Equal bytes under equal limits give equal portraits. Whatever the bytes are, the answer
//! is a [`Portrait`] or a [`Refusal`]; sizes are judged before a single pixel is decoded.
//!
//! ```
//! use portrait::{Limits, Refusal, review};
//!
//! assert_eq!(review(b"", &Limits::default()), Err(Refusal::Empty));
//! ```

mod checks;
mod colour;
mod decode;
mod encode;
mod finding;
mod format;
mod jpeg_markers;
mod limits;
mod normalise;
mod refusal;
mod review;

pub use finding::{FindingCode, PhotoFinding};
pub use format::Format;
pub use limits::{Aspect, Limits};
pub use refusal::Refusal;
pub use review::{Portrait, Verdict, review};
