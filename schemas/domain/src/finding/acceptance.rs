//! Which findings a person may overrule after a look at the papers, and which need a value first.

use super::{FindingCode, Outcome};

impl FindingCode {
    /// Whether only the delivered file tells what was noticed, so that it cannot be seen from the cells once more.
    #[must_use]
    pub const fn is_of_file(self) -> bool {
        matches!(
            self,
            Self::DateSerialAmbiguous
                | Self::IdentityNumericCell
                | Self::HalfCharacter
                | Self::HalfCharacterInName
                | Self::MemoMissing
                | Self::MergedCellFilled
                | Self::HiddenRow
                | Self::HiddenSheet
        )
    }

    /// Whether a row that this finding holds may be taken as it was read. Where something is missing or cannot be read, nothing could be taken.
    #[must_use]
    pub const fn may_be_accepted(self) -> bool {
        if !matches!(self.outcome(), Outcome::Held) {
            return !matches!(self.outcome(), Outcome::Rejected | Outcome::Dropped);
        }
        !matches!(
            self,
            Self::EndMissing
                | Self::EndUnlimited
                | Self::EndMonthOnly
                | Self::DateAmbiguous
                | Self::DateSerialAmbiguous
                | Self::StateUnknown
                | Self::StatePending
                | Self::CategoryUnknown
                | Self::UnreadableBytes
                | Self::FormulaError
                | Self::TooFewFields
                | Self::TooManyFields
                | Self::RowWithoutHeader
                | Self::AboveHeader
                | Self::RecordTruncated
                | Self::RecordsMissing
                | Self::HalfCharacterInName
                | Self::NamePrivateUseUnknown
                | Self::NamePlaceholder
                | Self::NameComposed
                | Self::TextTooLong
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lacks_a_value_cannot_be_accepted() {
        for code in [
            FindingCode::EndMissing,
            FindingCode::RequiredMissing,
            FindingCode::BlankRow,
            FindingCode::NamePlaceholder,
            FindingCode::RecordTruncated,
            FindingCode::RecordsMissing,
        ] {
            assert!(!code.may_be_accepted(), "{code}");
        }
        for code in
            [FindingCode::SameNameBirthOtherId, FindingCode::PaperAfterCutOver, FindingCode::PeriodNotOfKind, FindingCode::SexDiffers]
        {
            assert!(code.may_be_accepted(), "{code}");
        }
    }
}
