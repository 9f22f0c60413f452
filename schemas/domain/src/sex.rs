//! Sex as written in files: words, codes, and what the ID number says.

use crate::finding::{Finding, FindingCode};

crate::stored_code::stored_enum! {
    /// Sex of a holder (性别).
    pub enum Sex {
        /// Male (男).
        Male = "male",
        /// Female (女).
        Female = "female",
    }
}

impl Sex {
    /// Reads a word or a code; `0` means different things in different systems and is not read.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "男" => return Some(Self::Male),
            "女" => return Some(Self::Female),
            _ => {}
        }
        let text = crate::characters::tidy(text);
        match text.trim_end_matches(".0") {
            "男" | "男性" | "1" | "01" | "M" | "m" | "MALE" | "Male" | "male" => Some(Self::Male),
            "女" | "女性" | "2" | "02" | "F" | "f" | "FEMALE" | "Female" | "female" => Some(Self::Female),
            _ => None,
        }
    }

    /// Reads the cell beside the sex that the ID number gives, which wins where they differ (cases 11, 44).
    pub fn read(text: &str, by_identity: Option<Self>) -> (Option<Self>, Option<Finding>) {
        let written = text.trim();
        if written.is_empty() {
            return (by_identity, None);
        }
        let Some(stated) = Self::parse(written) else {
            return (by_identity, Some(Finding::about(FindingCode::SexUnrecognised, text)));
        };
        match by_identity {
            Some(sex) if sex != stated => (Some(sex), Some(Finding::repair(FindingCode::SexDiffers, text, sex.zh()))),
            Some(_) | None if written == stated.zh() => (Some(stated), None),
            Some(_) | None => (Some(stated), Some(Finding::repair(FindingCode::SexCoded, text, stated.zh()))),
        }
    }

    /// The word printed on certificates.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Male => "男",
            Self::Female => "女",
        }
    }

    /// Code of GB/T 2261.1: 1 male, 2 female.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Male => "1",
            Self::Female => "2",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_codes_are_read_beside_the_id_number() {
        use FindingCode::{SexCoded, SexDiffers, SexUnrecognised};
        let (m, f) = (Some(Sex::Male), Some(Sex::Female));
        let table = [
            ("男", m, m, None),
            ("女", f, f, None),
            ("", f, f, None),
            ("男性", m, m, Some(SexCoded)),
            ("M", None, m, Some(SexCoded)),
            ("2", f, f, Some(SexCoded)),
            ("２.0", f, f, Some(SexCoded)),
            ("女", m, m, Some(SexDiffers)),
            ("0", m, m, Some(SexUnrecognised)),
            ("未知", None, None, Some(SexUnrecognised)),
        ];
        for (text, by_identity, sex, code) in table {
            let (read, finding) = Sex::read(text, by_identity);
            assert_eq!((read, finding.map(|f| f.code)), (sex, code), "{text}");
        }
    }
}
