//! Photo bytes become a normalised portrait with the outcome of every check, or a refusal that its holder understands.
//!
//! Pure: no IO, no clock, no randomness. Equal bytes under equal rules give equal reviews. Whatever the bytes are, the answer
//! is a [`Review`] or a [`Refusal`]; sizes are judged before a single pixel is decoded.
//!
//! ```
//! use portrait::{Limits, Policy, Refusal, Reviewer, Rules};
//!
//! let mut reviewer = Reviewer::new(Limits::default(), Rules::legacy(), Rules::upload());
//! assert_eq!(reviewer.review(b"", Policy::Upload), Err(Refusal::Empty));
//! ```

mod check;
mod checks;
mod colour;
mod composition;
mod decode;
mod encode;
mod faces;
mod format;
mod gif_blocks;
mod ground;
mod head;
mod jpeg_markers;
mod likeness;
mod limits;
mod measure;
mod normalise;
mod png_chunks;
mod policy;
mod polyglot;
mod rect;
mod refusal;
mod resize;
mod review;
mod rules;
mod scene;
mod sitter;
mod statistics;
mod turn;

pub use check::{Check, Grade};
pub use format::Format;
pub use likeness::Likeness;
pub use limits::{Aspect, Limits};
pub use measure::{Measure, Texts};
pub use policy::{Policy, Verdict};
pub use refusal::Refusal;
pub use review::{Portrait, Review, Reviewer, STEPS, glance};
pub use rules::{Bounds, Rules};
