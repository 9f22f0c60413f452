//! Faults that real deliveries have, put in on purpose, each with what must become of its row.

use domain::finding::FindingCode as Code;
use domain::kind::Kind;

use crate::calendar::{add_days, add_years, iso};
use crate::names::DOT;
use crate::row::{Column, Row};

/// A fault of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Fault {
    LowerCaseX,
    ApostropheBeforeIdentity,
    FifteenDigits,
    WrongCheckDigit,
    DamagedBySpreadsheet,
    ScientificNotation,
    NumberOfTwoPeople,
    HalfWidthBrackets,
    OldCategory,
    MonthOnly,
    ImpossibleBirthDate,
    EndBeforeStart,
    WrongPeriod,
    LineBreakInRemark,
    PlaceholderInName,
    AnotherDot,
    NoteInName,
    WrongEmployerCode,
    StateContradictsDates,
    PhoneWithText,
    TooFewFields,
}

/// The faults that are put into a share of the rows, in ten thousandths. The others need a row that happens to fit.
pub(crate) const SHARES: &[(Fault, usize)] = &[
    (Fault::WrongCheckDigit, 25),
    (Fault::HalfWidthBrackets, 40),
    (Fault::PlaceholderInName, 15),
    (Fault::ScientificNotation, 15),
    (Fault::ImpossibleBirthDate, 15),
    (Fault::TooFewFields, 10),
    (Fault::NumberOfTwoPeople, 20),
    (Fault::PhoneWithText, 30),
    (Fault::ApostropheBeforeIdentity, 20),
    (Fault::FifteenDigits, 20),
    (Fault::DamagedBySpreadsheet, 10),
    (Fault::OldCategory, 15),
    (Fault::MonthOnly, 10),
    (Fault::EndBeforeStart, 10),
    (Fault::WrongPeriod, 10),
    (Fault::LineBreakInRemark, 15),
    (Fault::NoteInName, 10),
    (Fault::WrongEmployerCode, 15),
    (Fault::StateContradictsDates, 15),
];

/// What must become of a row: one outcome, or several where the rules leave room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Expectation {
    pub(crate) outcomes: &'static [&'static str],
    pub(crate) why: &'static str,
    /// Case of the catalogue of dirty data, where there is one.
    pub(crate) case: Option<u8>,
    /// The findings that the fault makes; what follows from the cells besides is said by [`Row::consequences`].
    pub(crate) codes: &'static [Code],
}

const fn expect(outcomes: &'static [&'static str], why: &'static str, case: u8, codes: &'static [Code]) -> Expectation {
    Expectation { outcomes, why, case: Some(case), codes }
}

/// What a row lacks besides that ends before its number.
const TOO_FEW: &[Code] = &[Code::TooFewFields, Code::RequiredMissing];

/// A row without a fault.
pub(crate) const CLEAN: Expectation = Expectation { outcomes: &["loaded"], why: "clean row", case: None, codes: &[] };

impl Fault {
    /// What must become of a row with this fault.
    pub(crate) const fn expectation(self) -> Expectation {
        match self {
            Fault::LowerCaseX => expect(&["loaded", "warned"], "lower-case x in the ID number", 1, &[Code::IdentityLowerCase]),
            Fault::ApostropheBeforeIdentity => {
                expect(&["loaded", "warned"], "apostrophe before the ID number", 3, &[Code::IdentitySpacing])
            }
            Fault::FifteenDigits => expect(&["warned"], "ID number of 15 digits", 4, &[Code::IdentityFifteenDigits]),
            Fault::WrongCheckDigit => expect(&["held"], "ID number with a wrong check character", 6, &[Code::IdentityChecksum]),
            Fault::DamagedBySpreadsheet => {
                expect(&["held"], "ID number ends in 000, damaged by a spreadsheet", 7, &[Code::IdentityDamaged])
            }
            Fault::ScientificNotation => expect(&["rejected"], "ID number in scientific notation", 8, &[Code::IdentityScientific]),
            Fault::NumberOfTwoPeople => expect(&["held"], "one certificate number for two people", 18, &[Code::NumberOfTwoPeople]),
            Fault::HalfWidthBrackets => expect(&["loaded", "warned"], "half-width brackets in the number", 19, &[Code::NumberForm]),
            Fault::OldCategory => expect(&["warned"], "old category C without a class", 22, &[Code::OldCategoryC]),
            Fault::MonthOnly => expect(&["warned", "held"], "issue date gives only year and month", 27, &[Code::MonthOnly]),
            Fault::ImpossibleBirthDate => expect(&["warned"], "birth date that no calendar has", 30, &[Code::BirthDateDiffers]),
            Fault::EndBeforeStart => expect(&["held"], "end before start", 31, &[Code::EndBeforeStart]),
            Fault::WrongPeriod => expect(&["held"], "period is not that of the kind", 31, &[Code::PeriodNotOfKind]),
            Fault::LineBreakInRemark => expect(&["loaded", "warned"], "quoted line break inside a cell", 38, &[]),
            Fault::PlaceholderInName => expect(&["held"], "placeholder instead of a character in the name", 41, &[Code::NamePlaceholder]),
            Fault::AnotherDot => expect(&["loaded", "warned"], "name with another dot", 42, &[Code::NameDotMapped]),
            Fault::NoteInName => expect(&["held"], "note in the name", 43, &[Code::NameNote]),
            Fault::WrongEmployerCode => expect(&["warned"], "unified code with a wrong check character", 45, &[Code::EmployerCodeCheck]),
            Fault::StateContradictsDates => expect(&["warned"], "state says valid, dates say expired", 48, &[Code::StateContradictsDates]),
            Fault::PhoneWithText => expect(&["warned"], "text in the telephone column", 51, &[Code::PhoneExtra]),
            Fault::TooFewFields => Expectation { outcomes: &["rejected"], why: "too few fields", case: None, codes: TOO_FEW },
        }
    }

    /// Whether a row with this fault becomes a certificate by itself.
    pub(crate) fn loads(self) -> bool {
        self.expectation().outcomes.iter().all(|outcome| matches!(*outcome, "loaded" | "warned"))
    }

    /// Whether the row can carry the fault.
    pub(crate) fn fits(self, row: &Row) -> bool {
        match self {
            Fault::LowerCaseX => row.person.identity.ends_with('X'),
            Fault::FifteenDigits => row.person.short_identity().is_some(),
            Fault::HalfWidthBrackets => row.kind == Kind::SafetyPersonnel,
            Fault::OldCategory => row.kind == Kind::SafetyPersonnel && row.cell(Column::Number).starts_with("陕建安C"),
            Fault::EndBeforeStart | Fault::WrongPeriod => row.period.until.is_some(),
            Fault::AnotherDot => row.person.name.contains(DOT),
            Fault::PlaceholderInName | Fault::NoteInName => !row.person.name.contains(DOT),
            Fault::StateContradictsDates => !row.is_alive(),
            Fault::ApostropheBeforeIdentity
            | Fault::WrongCheckDigit
            | Fault::DamagedBySpreadsheet
            | Fault::ScientificNotation
            | Fault::NumberOfTwoPeople
            | Fault::MonthOnly
            | Fault::ImpossibleBirthDate
            | Fault::LineBreakInRemark
            | Fault::WrongEmployerCode
            | Fault::PhoneWithText
            | Fault::TooFewFields => true,
        }
    }

    /// Puts the fault into the row. The number of two people is given by the caller, who knows the other row.
    pub(crate) fn put_into(self, row: &mut Row) {
        let identity = row.person.identity.clone();
        match self {
            Fault::LowerCaseX => row.set(Column::Identity, identity.to_lowercase()),
            Fault::ApostropheBeforeIdentity => row.set(Column::Identity, format!("'{identity}")),
            Fault::FifteenDigits => {
                if let Some(short) = row.person.short_identity() {
                    row.set(Column::Identity, short);
                }
            }
            Fault::WrongCheckDigit => row.set(Column::Identity, with_other_end(&identity, "0123456789")),
            Fault::DamagedBySpreadsheet => row.set(Column::Identity, format!("{}000", &identity[..15])),
            Fault::ScientificNotation => row.set(Column::Identity, format!("{}.{}E+17", &identity[..1], &identity[1..6])),
            Fault::NumberOfTwoPeople => {}
            Fault::HalfWidthBrackets => {
                let number = row.cell(Column::Number).replace('（', "(").replace('）', ")");
                row.set(Column::Number, number);
            }
            Fault::OldCategory => {
                let number = row.cell(Column::Number).replace("C1", "C").replace("C2", "C").replace("C3", "C");
                row.set(Column::Number, number);
            }
            Fault::MonthOnly => {
                let issued = row.period.issued;
                row.set(Column::Issued, format!("{}年{}月", issued.year(), u8::from(issued.month())));
            }
            Fault::ImpossibleBirthDate => row.set(Column::Birth, format!("{}-02-30", row.person.birth.year())),
            Fault::EndBeforeStart => {
                let before = add_days(row.period.issued, -40);
                row.set(Column::Until, iso(before));
                row.end = Some(before);
            }
            Fault::WrongPeriod => {
                if let Some(until) = row.period.until {
                    let earlier = add_years(until, -1);
                    row.set(Column::Until, iso(earlier));
                    row.end = Some(earlier);
                }
            }
            Fault::LineBreakInRemark => row.set(Column::Remark, "企业更名\n原名见附件,待核".to_owned()),
            Fault::PlaceholderInName => {
                let kept: String = row.person.name.chars().take(1).collect();
                row.set(Column::Name, format!("{kept}□"));
            }
            Fault::AnotherDot => {
                let name = row.person.name.replace(DOT, "•");
                row.set(Column::Name, name);
            }
            Fault::NoteInName => {
                let name = format!("{}(已离职)", row.person.name);
                row.set(Column::Name, name);
            }
            Fault::WrongEmployerCode => {
                let code = with_other_end(row.cell(Column::EmployerCode), "0123456789");
                row.set(Column::EmployerCode, code);
            }
            Fault::StateContradictsDates => row.set(Column::State, "有效".to_owned()),
            Fault::PhoneWithText => {
                let phone = format!("{}(本人)", row.person.phone);
                row.set(Column::Phone, phone);
            }
            Fault::TooFewFields => row.cut_after(6),
        }
    }
}

/// The text with another last character, the next one of the alphabet.
fn with_other_end(text: &str, alphabet: &str) -> String {
    let mut text = text.to_owned();
    let last = text.pop();
    let place = last.and_then(|last| alphabet.find(last)).map_or(0, |place| (place + 1) % alphabet.len());
    text.extend(alphabet.chars().nth(place));
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::check_digit;

    #[test]
    fn another_end_never_holds() {
        for (number, wrong) in [("11010519491231002X", "110105194912310020"), ("440524188001010014", "440524188001010015")] {
            assert_eq!(with_other_end(number, "0123456789"), wrong);
            assert!(!check_digit::gb11643_holds(wrong));
        }
    }

    #[test]
    fn about_three_rows_in_a_hundred_are_faulty() {
        let sum: usize = SHARES.iter().map(|(_, share)| share).sum();
        assert!((250..=350).contains(&sum), "{sum} of 10,000");
    }
}
