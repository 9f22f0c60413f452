//! What was noticed about a row or a photo, and what becomes of it: stable codes with Chinese and English words.

mod acceptance;
mod code;

pub use code::FindingCode;

use crate::stored_code::stored_enum;

stored_enum! {
    /// What becomes of an input row (处理结果), from mild to severe. Every row ends in exactly one.
    pub enum Outcome {
        /// Taken over (导入); repairs that can be reversed are recorded.
        Loaded = "loaded",
        /// Taken over with a warning (导入并提示).
        Warned = "warned",
        /// Kept for a person to decide (待人工处理).
        Held = "held",
        /// Not taken over (拒收).
        Rejected = "rejected",
        /// No record at all: titles, headers, totals (非数据行).
        Dropped = "dropped",
    }
}

impl Outcome {
    /// The most severe of several outcomes; `Loaded` when there are none.
    pub fn worst(outcomes: impl IntoIterator<Item = Self>) -> Self {
        outcomes.into_iter().max().unwrap_or(Self::Loaded)
    }
}

/// One thing noticed about one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was noticed.
    pub code: FindingCode,
    /// Title of the column it concerns, as the file has it.
    pub column: Option<String>,
    /// The text as it was delivered.
    pub original: Option<String>,
    /// The value it was repaired to.
    pub repaired: Option<String>,
}

impl Finding {
    /// A finding without a place or values.
    pub const fn new(code: FindingCode) -> Self {
        Self { code, column: None, original: None, repaired: None }
    }

    /// A finding about a delivered text.
    pub fn about(code: FindingCode, original: impl Into<String>) -> Self {
        Self { original: Some(original.into()), ..Self::new(code) }
    }

    /// A repair of a delivered text.
    /// A text that stays as it was is no repair.
    pub fn repair(code: FindingCode, original: impl Into<String>, repaired: impl Into<String>) -> Self {
        let (original, repaired) = (original.into(), repaired.into());
        Self { repaired: Some(repaired).filter(|repaired| *repaired != original), ..Self::about(code, original) }
    }

    /// Names the column.
    #[must_use]
    pub fn in_column(mut self, column: impl Into<String>) -> Self {
        self.column = Some(column.into());
        self
    }

    /// What the finding alone makes of the row.
    pub const fn outcome(&self) -> Outcome {
        self.code.outcome()
    }

    /// The outcome of a row with these findings.
    pub fn worst<'a>(findings: impl IntoIterator<Item = &'a Self>) -> Outcome {
        Outcome::worst(findings.into_iter().map(Self::outcome))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_finding_decides_and_no_finding_loads() {
        let loaded = Finding::new(FindingCode::IdentityFullWidth);
        let warned = Finding::new(FindingCode::IdentityFifteenDigits);
        let held = Finding::new(FindingCode::IdentityChecksum);
        assert_eq!(Finding::worst([]), Outcome::Loaded);
        assert_eq!(Finding::worst([&loaded, &warned]), Outcome::Warned);
        assert_eq!(Finding::worst([&held, &warned, &loaded]), Outcome::Held);
        assert!(Outcome::Held < Outcome::Rejected && Outcome::Rejected < Outcome::Dropped);
    }

    #[test]
    fn no_text_is_repaired_to_itself() {
        let repaired = |text| Finding::repair(FindingCode::IdentityOtherDocument, "H12345678", text).repaired;
        assert_eq!((repaired("H12345678"), repaired("12345678").as_deref()), (None, Some("12345678")));
    }

    #[test]
    fn every_code_speaks_both_languages_and_names_a_known_case() {
        for code in FindingCode::ALL {
            assert!(code.zh().chars().any(crate::characters::is_hanzi), "{code}");
            assert!(code.en().is_ascii() && !code.en().is_empty(), "{code}");
            assert!(code.case_no().is_none_or(|case| (1..=53).contains(&case)), "{code}");
        }
    }
}
