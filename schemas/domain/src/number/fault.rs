//! Why a text cannot stand as a certificate number of its kind.

use crate::finding::{Finding, FindingCode};
use crate::kind::Kind;

/// A text in the number column that must not be taken as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum NumberFault {
    /// Nothing there.
    #[error("the certificate number is empty")]
    Empty,
    /// The serial has too few digits (case 20).
    #[error("the serial lost its leading zeros")]
    SerialZerosLost,
    /// The year is missing or not of four digits (case 21).
    #[error("the year is missing or not of four digits")]
    Year,
    /// A letter in place of a digit, or a look-alike of 陕 (case 23).
    #[error("a letter stands in place of a digit")]
    Letters,
    /// Too many or too few characters (case 24).
    #[error("the number has a wrong length")]
    Length,
    /// First level, water or traffic system, another province (case 52).
    #[error("the number is out of scope")]
    OutOfScope,
    /// The number follows the grammar of another kind.
    #[error("the number belongs to {0}")]
    OtherKind(Kind),
    /// No known form.
    #[error("the number is of no known form")]
    Unrecognised,
}

impl NumberFault {
    /// The code under which the fault is reported.
    pub const fn code(self) -> FindingCode {
        match self {
            Self::Empty => FindingCode::RequiredMissing,
            Self::SerialZerosLost => FindingCode::NumberSerialZerosLost,
            Self::Year => FindingCode::NumberYear,
            Self::Letters => FindingCode::NumberLetters,
            Self::Length => FindingCode::NumberLength,
            Self::OutOfScope => FindingCode::OutOfScope,
            Self::OtherKind(_) => FindingCode::KindMismatch,
            Self::Unrecognised => FindingCode::NumberUnrecognised,
        }
    }

    /// The finding about the delivered text.
    pub fn finding(self, text: &str) -> Finding {
        Finding::about(self.code(), text)
    }
}
