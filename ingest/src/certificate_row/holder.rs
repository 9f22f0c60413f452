//! The holder of a row: name, identity, and sex and birth date beside what the identity number tells.

use domain::civil_date::{self, DateText, DateUse};
use domain::finding::{Finding, FindingCode};
use domain::identity::{IdentityDocument, IdentityFault, IdentityKind};
use domain::name::PersonName;
use domain::sex::Sex;
use time::Date;

use super::cells::Cells;
use crate::column::Column;
use crate::delimited::CellNote;
use crate::row_correction::name_may_be_decided;

pub(crate) fn name(cells: &mut Cells<'_>) -> Option<PersonName> {
    let text = cells.text(Column::Name);
    match PersonName::parse(text) {
        Ok((name, findings)) => {
            cells.note_all(Column::Name, findings);
            Some(name)
        }
        Err(fault) => {
            cells.note(Column::Name, fault.finding(text));
            None
        }
    }
}

/// The name as it stands, where it is held for a reason that a person may overrule: Latin letters, no middle dot, one character.
pub(crate) fn decided_name(cells: &Cells<'_>) -> Option<PersonName> {
    let text = cells.text(Column::Name);
    let fault = PersonName::parse(text).err()?;
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    name_may_be_decided(fault.code()).then(|| PersonName::from_stored(one_line))
}

pub(crate) fn identity(cells: &mut Cells<'_>) -> Option<IdentityDocument> {
    let text = cells.text(Column::Identity);
    // A number cell keeps fifteen digits (case 9); the others are zeros, and may pass the check by chance.
    if text.len() > 15 && cells.has_note(Column::Identity, CellNote::Number) {
        cells.note(Column::Identity, IdentityFault::NumericCell.finding(text));
        return None;
    }
    match IdentityDocument::parse_as(text, IdentityKind::stated(cells.text(Column::IdentityKind))) {
        Ok((identity, findings)) => {
            cells.note_all(Column::Identity, findings);
            Some(identity)
        }
        Err(fault) => {
            cells.note(Column::Identity, fault.finding(text));
            None
        }
    }
}

/// Where the identity number tells sex and birth, it is taken, and a cell that says otherwise is warned of (cases 10, 11 and 44).
pub(crate) fn sex_and_birth(cells: &mut Cells<'_>, identity: Option<&IdentityDocument>) -> (Option<Sex>, Option<Date>) {
    let (sex, finding) = Sex::read(cells.text(Column::Sex), identity.and_then(IdentityDocument::sex));
    cells.note_all(Column::Sex, finding);
    let birth = birth_date(cells, identity.and_then(IdentityDocument::birth_date));
    (sex, birth)
}

fn birth_date(cells: &mut Cells<'_>, by_identity: Option<Date>) -> Option<Date> {
    let text = cells.text(Column::BirthDate);
    let Some(known) = by_identity else {
        return cells.day(Column::BirthDate, text, DateUse::Other);
    };
    let agrees = match civil_date::parse_with(text, cells.record().serial_base()) {
        DateText::Day(day) => day == known,
        // 出生年月: registers often keep the month only.
        DateText::Month { year, month } => (year, month) == (known.year(), known.month()),
        DateText::Empty => true,
        DateText::Sentinel | DateText::Ambiguous | DateText::SerialAmbiguous | DateText::Impossible | DateText::LongTerm => false,
    };
    if !agrees {
        cells.note(Column::BirthDate, Finding::repair(FindingCode::BirthDateDiffers, text, known.to_string()));
    }
    Some(known)
}
