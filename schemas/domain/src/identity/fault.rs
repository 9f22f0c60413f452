//! Why a text cannot stand as an identity number.

use crate::finding::{Finding, FindingCode};

/// A text in the ID column that must not be taken as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum IdentityFault {
    /// Nothing there.
    #[error("the ID number is empty")]
    Empty,
    /// 18 digits ending in 000, as spreadsheets leave them; a damaged number still passes the check one time in eleven.
    #[error("the ID number ends in 000, as a spreadsheet leaves it")]
    Damaged000,
    /// Written as `6.10103E+17`: the digits are gone.
    #[error("the ID number is in scientific notation")]
    ScientificNotation,
    /// Written as `610103198001011200.0` or `6.10103198001011E+17`: the last digits are gone.
    #[error("the ID number was stored as a number")]
    NumericCell,
    /// The check character is wrong.
    #[error("the ID number has a wrong check character")]
    Checksum,
    /// 18 characters with a birth date that does not exist.
    #[error("the ID number has an impossible birth date")]
    BadDate,
    /// 15 digits with a birth date that does not exist.
    #[error("the ID number of 15 digits has an impossible birth date")]
    FifteenBadDate,
    /// No known form.
    #[error("the ID number is of no known form")]
    Unrecognised,
    /// Not the form of the document that the row names.
    #[error("the ID number has not the form of the stated kind of document")]
    OtherKind,
}

impl IdentityFault {
    /// The code under which the fault is reported.
    pub const fn code(self) -> FindingCode {
        match self {
            Self::Empty => FindingCode::RequiredMissing,
            Self::Damaged000 => FindingCode::IdentityDamaged,
            Self::ScientificNotation => FindingCode::IdentityScientific,
            Self::NumericCell => FindingCode::IdentityNumericCell,
            Self::Checksum => FindingCode::IdentityChecksum,
            Self::BadDate => FindingCode::IdentityBadDate,
            Self::FifteenBadDate => FindingCode::IdentityFifteenBadDate,
            Self::Unrecognised => FindingCode::IdentityUnrecognised,
            Self::OtherKind => FindingCode::IdentityKindDiffers,
        }
    }

    /// The finding about the delivered text.
    pub fn finding(self, text: &str) -> Finding {
        Finding::about(self.code(), text)
    }
}
