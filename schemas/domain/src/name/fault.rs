//! Why a text cannot stand as a name.

use super::PersonName;
use crate::characters::is_hanzi;
use crate::finding::{Finding, FindingCode};

/// A text in the name column that a person has to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum NameFault {
    /// Nothing there.
    #[error("the name is empty")]
    Empty,
    /// The text was lost in a wrong conversion.
    #[error("the name was lost in a wrong conversion")]
    Lost,
    /// A box, a geta mark, a question mark or the like stands for a character.
    #[error("a placeholder stands in the name")]
    Placeholder,
    /// A private use character without a known standard form.
    #[error("an unknown private use character stands in the name")]
    PrivateUse,
    /// A character described by its parts, as in 廖(龙/天).
    #[error("a composed character stands in the name")]
    Composed,
    /// Latin letters in place of Chinese.
    #[error("Latin letters stand in the name")]
    Latin,
    /// A note or digits beside the name, as in 张三(已离职) or 张三1.
    #[error("a note stands beside the name")]
    Note,
    /// A character that no name has.
    #[error("an unexpected character stands in the name")]
    Unexpected,
    /// So many characters without a separator that one seems to be missing.
    #[error("the separator seems to be missing in the name")]
    DotMissing,
    /// One character only, or nothing before or after the separator.
    #[error("the name is incomplete")]
    Incomplete,
    /// Over 25 characters.
    #[error("the name is too long")]
    TooLong,
    /// A test entry.
    #[error("the name is that of a test")]
    Test,
}

impl NameFault {
    /// The code under which the fault is reported.
    pub const fn code(self) -> FindingCode {
        match self {
            Self::Empty => FindingCode::RequiredMissing,
            Self::Lost => FindingCode::UnreadableBytes,
            Self::Placeholder => FindingCode::NamePlaceholder,
            Self::PrivateUse => FindingCode::NamePrivateUseUnknown,
            Self::Composed => FindingCode::NameComposed,
            Self::Latin => FindingCode::NameLatin,
            Self::Note => FindingCode::NameNote,
            Self::Unexpected => FindingCode::NameUnexpectedCharacter,
            Self::DotMissing => FindingCode::NameDotMissing,
            Self::Incomplete => FindingCode::NameIncomplete,
            Self::TooLong => FindingCode::NameTooLong,
            Self::Test => FindingCode::TestRow,
        }
    }

    /// The finding about the delivered text; for a name with a note, with the name alone as a suggestion (case 43).
    pub fn finding(self, text: &str) -> Finding {
        let suggested = if self == Self::Note { without_note(text) } else { None };
        Finding { repaired: suggested, ..Finding::about(self.code(), text) }
    }
}

/// What stands before brackets and digits, where that is a name in itself.
fn without_note(text: &str) -> Option<String> {
    let end = text.find(|c: char| "()（）[]【】〔〕".contains(c) || (c.is_numeric() && !is_hanzi(c)))?;
    let (name, _) = PersonName::parse(text[..end].trim()).ok()?;
    Some(name.as_printed().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_a_note_comes_with_the_name_alone_as_a_suggestion() {
        let table =
            [("张三(已离职)", Some("张三")), ("郝立民1", Some("郝立民")), ("李 四（大）", Some("李四")), ("(张三)", None), ("1", None)];
        for (text, suggested) in table {
            assert_eq!(NameFault::Note.finding(text).repaired.as_deref(), suggested, "{text}");
        }
        assert_eq!(NameFault::Latin.finding("zhangsan1").repaired, None);
    }
}
