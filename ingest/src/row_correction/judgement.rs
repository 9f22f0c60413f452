//! What a person's word about a row can do and what it cannot: nobody can vouch for a value that was not read, or for one that cannot be true.

use domain::finding::FindingCode as Code;

/// Whether the cell was not read as its column, so that setting it to this text would decide nothing.
#[must_use]
pub fn is_unread(code: Code) -> bool {
    matches!(
        code,
        Code::RequiredMissing
            | Code::DateImpossible
            | Code::DateSentinel
            | Code::DateAmbiguous
            | Code::DateSerialAmbiguous
            | Code::EndDateImpossible
            | Code::EndUnlimited
            | Code::EndMonthOnly
            | Code::IdentityFifteenBadDate
            | Code::IdentityChecksum
            | Code::IdentityBadDate
            | Code::IdentityDamaged
            | Code::IdentityScientific
            | Code::IdentityNumericCell
            | Code::IdentityUnrecognised
            | Code::NumberSerialZerosLost
            | Code::NumberYear
            | Code::NumberLetters
            | Code::NumberLength
            | Code::NumberUnrecognised
            | Code::KindMismatch
            | Code::CategoryUnknown
            | Code::StateUnknown
            | Code::StatePending
            | Code::SexUnrecognised
            | Code::PhoneUnusable
            | Code::EmployerCodeUnrecognised
            | Code::UnreadableBytes
            | Code::FormulaError
            | Code::NamePlaceholder
            | Code::NamePrivateUseUnknown
            | Code::NameComposed
            | Code::NameUnexpectedCharacter
            | Code::NameNote
            | Code::NameTooLong
            | Code::TextTooLong
            | Code::TestRow
    )
}

/// Whether two values of the row contradict each other in a way that no paper can show.
#[must_use]
pub fn cannot_be_true(code: Code) -> bool {
    matches!(code, Code::EndBeforeStart | Code::StartBeforeFirstIssue)
}

/// Whether a name that was held for this can be a name all the same, which a person with the paper in hand decides.
#[must_use]
pub fn name_may_be_decided(code: Code) -> bool {
    matches!(code, Code::NameLatin | Code::NameDotMissing | Code::NameIncomplete)
}
