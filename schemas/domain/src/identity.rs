//! Identity documents (身份证件): one canonical number for matching, the printed one kept beside it, damage never repaired.

mod fault;
mod reading;
mod stated;

pub use fault::IdentityFault;

use crate::finding::Finding;
use crate::sex::Sex;
use crate::stored_code::stored_enum;
use time::{Date, Month};

stored_enum! {
    /// Sort of identity document (证件类型).
    pub enum IdentityKind {
        /// Resident ID card (居民身份证), residence permits of Hong Kong, Macau and Taiwan residents included.
        Resident = "resident",
        /// Mainland travel permit of Hong Kong and Macau residents (港澳居民来往内地通行证).
        HongKongMacaoPermit = "hong-kong-macao-permit",
        /// Mainland travel permit of Taiwan residents (台湾居民来往大陆通行证).
        TaiwanPermit = "taiwan-permit",
        /// Permanent resident card of foreigners (外国人永久居留身份证).
        ForeignPermanentResident = "foreign-permanent-resident",
        /// Passport (护照).
        Passport = "passport",
        /// Card of officers and soldiers (军官证、士兵证).
        Officer = "officer",
    }
}

impl IdentityKind {
    /// The word for it.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Resident => "居民身份证",
            Self::HongKongMacaoPermit => "港澳居民来往内地通行证",
            Self::TaiwanPermit => "台湾居民来往大陆通行证",
            Self::ForeignPermanentResident => "外国人永久居留身份证",
            Self::Passport => "护照",
            Self::Officer => "军官证",
        }
    }

    /// The kind that a word or code of the column 证件类型 states; `None` for a blank, 其他 and words in no list.
    pub fn stated(text: &str) -> Option<Self> {
        if text.is_empty() { None } else { stated::kind(text) }
    }

    /// Code in the national certificate catalogue (GB/T 36903, appendix A; the codes of permits and passports
    /// after GA/T 517).
    pub const fn catalogue_code(self) -> &'static str {
        match self {
            Self::Resident => "111",
            Self::Passport => "414",
            Self::TaiwanPermit => "511",
            Self::HongKongMacaoPermit => "516",
            Self::ForeignPermanentResident => "553",
            Self::Officer => "999",
        }
    }
}

/// An identity document that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityDocument {
    kind: IdentityKind,
    number: String,
    original: String,
}

impl IdentityDocument {
    /// Reads the ID column or a file name (cases 1 to 9, 12 and 13).
    ///
    /// # Errors
    ///
    /// A number that was damaged or is of no known form is a fault; nothing is recomputed or guessed.
    pub fn parse(text: &str) -> Result<(Self, Vec<Finding>), IdentityFault> {
        reading::read(text)
    }

    /// The same beside a column that states the kind of document: it decides where the form leaves a choice, so that 护照 makes a
    /// passport of a number that would else be a permit's (case 12).
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse), and where the number cannot be that of the stated kind.
    pub fn parse_as(text: &str, stated: Option<IdentityKind>) -> Result<(Self, Vec<Finding>), IdentityFault> {
        stated::read(text, stated)
    }

    /// A document as the database holds it.
    pub fn from_stored(kind: IdentityKind, number: String) -> Self {
        Self { kind, original: number.clone(), number }
    }

    /// Sort of document.
    pub const fn kind(&self) -> IdentityKind {
        self.kind
    }

    /// The canonical number: 18 characters for residents, also where 15 were delivered.
    pub fn number(&self) -> &str {
        &self.number
    }

    /// The number as it was delivered.
    pub fn original(&self) -> &str {
        &self.original
    }

    /// Date of birth, where the number holds one.
    pub fn birth_date(&self) -> Option<Date> {
        match self.kind {
            IdentityKind::Resident | IdentityKind::ForeignPermanentResident => birth_date_of_18(&self.number),
            IdentityKind::HongKongMacaoPermit | IdentityKind::TaiwanPermit | IdentityKind::Passport | IdentityKind::Officer => None,
        }
    }

    /// Sex, where the number holds one: the 17th digit is odd for men.
    pub fn sex(&self) -> Option<Sex> {
        self.birth_date()?;
        let digit = self.number.as_bytes().get(16)?;
        Some(if digit % 2 == 1 { Sex::Male } else { Sex::Female })
    }

    /// The number for public pages: the first and last 4 characters of a resident's, the first and last 2 of another.
    pub fn masked(&self) -> String {
        let kept = match self.kind {
            IdentityKind::Resident => 4,
            IdentityKind::HongKongMacaoPermit
            | IdentityKind::TaiwanPermit
            | IdentityKind::ForeignPermanentResident
            | IdentityKind::Passport
            | IdentityKind::Officer => 2,
        };
        let count = self.number.chars().count();
        let shown = if count > 2 * kept { kept } else { 0 };
        self.number.chars().enumerate().map(|(i, c)| if i < shown || i + shown >= count { c } else { '*' }).collect()
    }

    /// The last four characters.
    pub fn last_four(&self) -> String {
        let skipped = self.number.chars().count().saturating_sub(4);
        self.number.chars().skip(skipped).collect()
    }

    /// The form of 15 digits under which old systems knew a resident born in 19xx.
    pub fn short_form(&self) -> Option<String> {
        let number = &self.number;
        let has_one = self.kind == IdentityKind::Resident && number.is_ascii() && number.len() == 18 && number[6..].starts_with("19");
        has_one.then(|| format!("{}{}", &number[..6], &number[8..17]))
    }
}

/// The date in characters 7 to 14 of an 18-character number; births before 1850 or after 2100 are no births.
fn birth_date_of_18(number: &str) -> Option<Date> {
    let digits = number.as_bytes().get(6..14).filter(|_| number.len() == 18)?;
    let number_at = |range: std::ops::Range<usize>| {
        digits[range].iter().try_fold(0_u16, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u16::from(byte - b'0')))
    };
    let year = number_at(0..4).filter(|year| (1850..=2100).contains(year))?;
    let month = Month::try_from(u8::try_from(number_at(4..6)?).ok()?).ok()?;
    let day = u8::try_from(number_at(6..8)?).ok()?;
    Date::from_calendar_date(i32::from(year), month, day).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    fn resident(number: &str) -> IdentityDocument {
        IdentityDocument::from_stored(IdentityKind::Resident, number.to_owned())
    }

    #[test]
    fn a_resident_number_tells_birth_and_sex() {
        let man = resident("610103198001011233");
        assert_eq!(man.birth_date(), Some(date!(1980 - 01 - 01)));
        assert_eq!(man.sex(), Some(Sex::Male));
        let woman = resident("11010519491231002X");
        assert_eq!(woman.birth_date(), Some(date!(1949 - 12 - 31)));
        assert_eq!(woman.sex(), Some(Sex::Female));
        assert_eq!(resident("短").birth_date(), None);
        let permit = IdentityDocument::from_stored(IdentityKind::HongKongMacaoPermit, "H12345678".into());
        assert_eq!((permit.birth_date(), permit.sex()), (None, None));
    }

    #[test]
    fn masks_show_the_ends_only() {
        let table = [
            (IdentityKind::Resident, "610103198001011233", "6101**********1233", "1233"),
            (IdentityKind::HongKongMacaoPermit, "H12345678", "H1*****78", "5678"),
            (IdentityKind::Officer, "军字第1234567号", "军字*******7号", "567号"),
            (IdentityKind::Passport, "E12", "***", "E12"),
            (IdentityKind::Passport, "", "", ""),
        ];
        for (kind, number, masked, last) in table {
            let document = IdentityDocument::from_stored(kind, number.to_owned());
            assert_eq!(document.masked(), masked);
            assert_eq!(document.last_four(), last);
        }
    }

    #[test]
    fn the_short_form_is_that_of_births_in_19xx() {
        assert_eq!(resident("610103198001011233").short_form().as_deref(), Some("610103800101123"));
        assert_eq!(resident("610103200301011234").short_form(), None);
        assert_eq!(resident("六一").short_form(), None);
    }
}
