//! Several specialties of a constructor in one cell, each perhaps with an end date of its own (case 26).

use super::{Category, UnknownCategory};
use crate::civil_date::{DateText, parse as parse_date};
use crate::finding::{Finding, FindingCode};
use crate::kind::Kind;
use time::Date;

/// One specialty of a constructor's registration; validity belongs to it, not to the certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Specialty {
    /// The specialty.
    pub category: Category,
    /// Its own end date, where the cell gives one.
    pub valid_until: Option<Date>,
}

/// Reads a cell of specialties: `机电、市政(2020-8-4) 公路`.
///
/// # Errors
///
/// One of them is in no list, or the cell is empty.
pub fn read_specialties(text: &str) -> Result<(Vec<Specialty>, Vec<Finding>), UnknownCategory> {
    let unknown = |text: &str| UnknownCategory { kind: Kind::Constructor, text: text.trim().to_owned() };
    let mut specialties: Vec<Specialty> = Vec::new();
    let mut findings = Vec::new();
    for (name, date) in items(text) {
        let (category, synonym) = Category::read(Kind::Constructor, name)?;
        findings.extend(synonym);
        let valid_until = match date.map(|date| (date, parse_date(date))) {
            Some((_, DateText::Day(day))) => Some(day),
            Some((_, DateText::Empty)) | None => None,
            Some((
                date,
                DateText::Month { .. }
                | DateText::Sentinel
                | DateText::Ambiguous
                | DateText::SerialAmbiguous
                | DateText::Impossible
                | DateText::LongTerm,
            )) => {
                findings.push(Finding::about(FindingCode::DateAmbiguous, date));
                None
            }
        };
        if !specialties.iter().any(|known| known.category == category) {
            specialties.push(Specialty { category, valid_until });
        }
    }
    if specialties.is_empty() {
        return Err(unknown(text));
    }
    if specialties.len() > 1 {
        findings.push(Finding::about(FindingCode::SeveralSpecialties, text));
    }
    Ok((specialties, findings))
}

/// The names in a cell, each with the text in the brackets after it.
fn items(text: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let separator = |c: char| c.is_whitespace() || matches!(c, '、' | '，' | ',' | ';' | '；' | '/' | '／' | '|' | '+' | '和' | '及');
        rest = rest.trim_start_matches(separator);
        if rest.is_empty() {
            return None;
        }
        let opening = |c: char| matches!(c, '(' | '（');
        let end = rest.find(|c: char| separator(c) || opening(c)).unwrap_or(rest.len());
        let (name, tail) = rest.split_at(end);
        if !tail.starts_with(opening) {
            rest = tail;
            return Some((name, None));
        }
        let inner = tail.trim_start_matches(opening);
        let close = inner.find([')', '）']).unwrap_or(inner.len());
        let (date, after) = inner.split_at(close);
        rest = after.trim_start_matches([')', '）']);
        Some((name, Some(date)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use time::macros::date;

    #[test]
    fn cells_of_several_specialties_are_split_with_their_dates() {
        use Category::{Building, Highway, MechanicalElectrical, MunicipalWorks};
        let none = |category| Specialty { category, valid_until: None };
        let table: &[(&str, &[Specialty])] = &[
            ("建筑工程", &[none(Building)]),
            ("公路工程，建筑工程", &[none(Highway), none(Building)]),
            ("机电工程/公路工程", &[none(MechanicalElectrical), none(Highway)]),
            ("市政公用工程 建筑工程", &[none(MunicipalWorks), none(Building)]),
            ("建筑、建筑工程", &[none(Building)]),
            (
                "机电、市政(2020-8-4) 公路",
                &[
                    none(MechanicalElectrical),
                    Specialty { category: MunicipalWorks, valid_until: Some(date!(2020 - 08 - 04)) },
                    none(Highway),
                ],
            ),
        ];
        for (text, expected) in table {
            let (read, findings) = read_specialties(text).unwrap();
            assert_eq!(read, *expected, "{text}");
            let several = findings.iter().any(|f| f.code == FindingCode::SeveralSpecialties);
            assert_eq!(several, expected.len() > 1, "{text}");
        }
    }

    #[test]
    fn an_unknown_specialty_or_an_unclear_date_is_held() {
        assert_eq!(read_specialties("建筑、园林绿化").unwrap_err().text, "园林绿化");
        assert!(read_specialties(" 、").is_err());
        let (read, findings) = read_specialties("建筑(20年)").unwrap();
        assert_eq!(read[0].valid_until, None);
        assert!(findings.iter().any(|f| f.code == FindingCode::DateAmbiguous));
    }

    proptest! {
        #[test]
        fn no_cell_makes_the_reader_panic(text in "[建筑市政机电、(（)）0-9 -]{0,20}|.{0,20}") {
            if let Ok((read, _)) = read_specialties(&text) {
                prop_assert!(!read.is_empty());
            }
        }
    }
}
