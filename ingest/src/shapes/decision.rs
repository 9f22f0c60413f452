//! One row of decisions.

use domain::category::Category;
use domain::civil_date::DateUse;
use domain::decision::DecisionKind;
use domain::employer::{EmployerCode, match_key};
use domain::finding::{Finding, FindingCode};
use domain::kind::Kind;
use store::decisions::Fields;
use time::Date;

use super::{entries, subject, words};
use crate::certificate_row::cells::Cells;
use crate::column::Column;

pub(super) fn read(kind: Option<Kind>, cells: &mut Cells<'_>) -> Option<Fields> {
    let number = entries::needed_number(cells, Column::DecisionNumber);
    let decision = decision_kind(cells);
    // First of all: such a row waits whatever else it says, and the certificate that it speaks of is not there yet.
    if decision == Some(DecisionKind::Initial) {
        cells.note(Column::DecisionKind, Finding::about(FindingCode::DecisionInitial, cells.text(Column::DecisionKind)));
        return None;
    }
    let on = entries::needed_day(cells, Column::DecidedOn);
    let effective_on = entries::day(cells, Column::EffectiveOn);
    let subject = subject::read(kind, cells, false);
    let of_kind = subject.as_ref().and_then(|subject| subject.kind.as_deref()?.parse().ok()).or(kind);
    let valid_from = entries::day(cells, Column::NewValidFrom);
    let valid_until = valid_until(cells, decision, of_kind);
    if let (Some(from), Some(until)) = (valid_from, valid_until)
        && until < from
    {
        cells.note(Column::NewValidUntil, Finding::about(FindingCode::EndBeforeStart, format!("{from} – {until}")));
    }
    let (employer_name, employer_code) = employer(cells);
    let duty = Some(cells.recovered(Column::NewDuty).into_owned()).filter(|text| !text.is_empty());
    if decision == Some(DecisionKind::Change) && employer_name.is_none() && duty.is_none() {
        entries::missing(cells, Column::NewEmployer);
    }
    let specialties = specialties(cells, decision);
    Some(Fields {
        subject: subject?,
        number: number?,
        kind: decision?.as_str().to_owned(),
        on,
        effective_on,
        valid_from,
        valid_until,
        employer_key: employer_name.as_deref().map(match_key),
        employer_name,
        employer_code,
        duty,
        specialties,
        reason: cells.printed(Column::Reason),
    })
}

fn decision_kind(cells: &mut Cells<'_>) -> Option<DecisionKind> {
    let word = entries::needed_text(cells, Column::DecisionKind)?;
    let kind = words::decision_kind(&word);
    if kind.is_none() {
        cells.note(Column::DecisionKind, Finding::about(FindingCode::WordUnknown, word));
    }
    kind
}

/// A renewal and an addition bring an end, which is read as strictly as that of a certificate; of others it says nothing.
fn valid_until(cells: &mut Cells<'_>, decision: Option<DecisionKind>, kind: Option<Kind>) -> Option<Date> {
    let needs_end = matches!(decision, Some(DecisionKind::Renewal | DecisionKind::AddedSpecialty));
    if !needs_end {
        entries::day(cells, Column::NewValidUntil);
        return None;
    }
    // A certificate of post training without an end is not renewed.
    let strict = DateUse::End(kind.filter(|kind| *kind != Kind::PostTraining).unwrap_or(Kind::SafetyPersonnel));
    cells.day(Column::NewValidUntil, cells.text(Column::NewValidUntil), strict)
}

fn employer(cells: &mut Cells<'_>) -> (Option<String>, Option<String>) {
    let (name, findings) = domain::employer::parse_name(&cells.recovered(Column::NewEmployer));
    cells.note_all(Column::NewEmployer, findings);
    let (code, findings) = EmployerCode::parse(cells.text(Column::NewEmployerCode));
    cells.note_all(Column::NewEmployerCode, findings);
    let code = Some(code.as_str().to_owned()).filter(|code| !code.is_empty());
    (name, code)
}

/// Only constructors have specialties with ends of their own.
fn specialties(cells: &mut Cells<'_>, decision: Option<DecisionKind>) -> Vec<String> {
    let text = cells.recovered(Column::Category);
    let text = text.as_ref();
    let adds = decision == Some(DecisionKind::AddedSpecialty);
    if text.is_empty() && adds {
        entries::missing(cells, Column::Category);
    }
    if text.is_empty() || !(adds || decision == Some(DecisionKind::Renewal)) {
        return Vec::new();
    }
    match domain::category::read_specialties(text) {
        Ok((specialties, findings)) => {
            let about_words = |finding: &Finding| finding.code == FindingCode::CategorySynonym;
            cells.note_all(Column::Category, findings.into_iter().filter(about_words));
            specialties.into_iter().map(|specialty| specialty.category.as_str().to_owned()).collect()
        }
        // The category of another kind stands there for information.
        Err(_) if !adds && Kind::ALL.iter().any(|kind| Category::read(*kind, text).is_ok()) => Vec::new(),
        Err(unknown) => {
            cells.note(Column::Category, unknown.finding());
            Vec::new()
        }
    }
}
