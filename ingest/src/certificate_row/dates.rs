//! The dates of a row: first issue, issue, and the period, whether it stands in two columns or in one cell.

use domain::category::Category;
use domain::civil_date::{self, DateUse};
use domain::finding::{Finding, FindingCode};
use domain::kind::Kind;
use domain::state_word::StateWord;
use domain::validity;
use time::Date;

use super::cells::Cells;
use crate::column::Column;

#[derive(Debug, Default)]
pub(super) struct Dates {
    pub(super) first_issued_on: Option<Date>,
    pub(super) issued_on: Option<Date>,
    pub(super) issued_on_printed: Option<String>,
    pub(super) valid_from: Option<Date>,
    /// Whether the beginning stands in the row itself and is not the issue date.
    pub(super) from_is_stated: bool,
    pub(super) valid_until: Option<Date>,
}

/// Reads the dates. `last_specialty_end` stands in for an end that has no cell: a constructor's certificate lives as long as one specialty does.
pub(super) fn read(kind: Kind, cells: &mut Cells<'_>, last_specialty_end: Option<Date>) -> Dates {
    let first_issued_on = cells.day(Column::FirstIssuedOn, cells.text(Column::FirstIssuedOn), DateUse::Other);
    let issued = cells.text(Column::IssuedOn);
    let issued_on = cells.day(Column::IssuedOn, issued, DateUse::Other);
    let (stated_from, until) = period_cells(cells);
    let stated_from = stated_from.and_then(|(column, text)| cells.day(column, text, DateUse::Other));
    let (column, text) = until;
    let valid_until = match last_specialty_end {
        Some(end) if text.is_empty() => Some(end),
        Some(_) | None => cells.day(column, text, DateUse::End(kind)),
    };
    Dates {
        first_issued_on,
        issued_on,
        issued_on_printed: (!issued.is_empty() && !civil_date::is_canonical(issued)).then(|| issued.to_owned()),
        valid_from: stated_from.or(issued_on),
        from_is_stated: stated_from.is_some(),
        valid_until,
    }
}

type Cell<'a> = (Column, &'a str);

/// Where the period begins and ends: in columns of their own, else in the one cell of the period.
fn period_cells<'a>(cells: &Cells<'a>) -> (Option<Cell<'a>>, Cell<'a>) {
    let (from, until) = (cells.text(Column::ValidFrom), cells.text(Column::ValidUntil));
    let (from_in_period, until_in_period) = split_period(cells.text(Column::Validity));
    let from = if from.is_empty() { from_in_period.map(|from| (Column::Validity, from)) } else { Some((Column::ValidFrom, from)) };
    let has_period = !until_in_period.is_empty();
    let until = if until.is_empty() && has_period { (Column::Validity, until_in_period) } else { (Column::ValidUntil, until) };
    (from, until)
}

/// Splits `2015-05-04至2018-05-03`; a text without a beginning is an end (`至2018-05-03`, `2018-05-03`).
fn split_period(text: &str) -> (Option<&str>, &str) {
    const SEPARATORS: &[&str] = &["至", "到", "—", "–", "~", "～", "--", " - "];
    let has_digit = |text: &str| text.chars().any(|character| character.is_ascii_digit() || ('０'..='９').contains(&character));
    let parts = SEPARATORS.iter().find_map(|separator| text.split_once(separator));
    let parts = parts.or_else(|| {
        // Between dates written with points or characters a single hyphen can only separate.
        let single = text.matches('-').count() == 1 && text.contains(['.', '年', '/']);
        single.then(|| text.split_once('-')).flatten()
    });
    match parts {
        Some((from, until)) if has_digit(from) => (Some(from.trim()), until.trim_start_matches(['—', '–', '-']).trim()),
        Some(_) | None => (None, text),
    }
}

/// Judges order and length of the period by the rule of the kind (case 31).
pub(super) fn judge_period(kind: Kind, category: Option<Category>, dates: &Dates, state: &StateWord, cells: &mut Cells<'_>) {
    let first_issued_on = dates.first_issued_on;
    let Some(end) = dates.valid_until else {
        // What the end would be is proposed to whoever decides, and taken by nobody else (case 32).
        let rule = |start| validity::rule(kind, category, first_issued_on, dates.issued_on.unwrap_or(start));
        if let Some([proposal, _]) = dates.valid_from.and_then(|start| validity::expected_end(start, rule(start))) {
            cells.propose(&[FindingCode::EndMissing, FindingCode::EndUnlimited], &proposal.to_string());
        }
        return;
    };
    let Some(start) = dates.valid_from else {
        if let Some(first) = first_issued_on.filter(|first| end < *first) {
            cells.note(Column::ValidUntil, Finding::about(FindingCode::EndBeforeStart, format!("{first} – {end}")));
        }
        return;
    };
    // A change and a re-issue are new sheets of the old period: their issue date does not begin it.
    let new_sheet = !dates.from_is_stated && matches!(state, StateWord::Changed | StateWord::Reissued);
    let rule = validity::rule(kind, category, first_issued_on, dates.issued_on.unwrap_or(start));
    let of_length = |code| matches!(code, FindingCode::PeriodNotOfKind | FindingCode::PeriodOffByADay);
    let finding = validity::period_finding(start, end, first_issued_on, rule)
        .filter(|finding| !new_sheet || finding.code != FindingCode::PeriodNotOfKind)
        .filter(|finding| !has_ended(state) || !of_length(finding.code));
    cells.note_all(Column::ValidUntil, finding);
}

/// Holds dates that cannot stand in a register of its day (case 31): an issue after it, a period long after it, an end out of reach.
pub(super) fn judge_years(kind: Kind, dates: &Dates, specialty_ends: impl Iterator<Item = Date>, as_of: Date, cells: &mut Cells<'_>) {
    let issued = |day: Option<Date>| day.and_then(|day| validity::issue_after_delivery(day, as_of));
    cells.note_all(Column::FirstIssuedOn, issued(dates.first_issued_on));
    cells.note_all(Column::IssuedOn, issued(dates.issued_on));
    let stated_from = dates.valid_from.filter(|_| dates.from_is_stated);
    cells.note_all(Column::ValidFrom, stated_from.and_then(|from| validity::start_too_late(from, as_of)));
    let too_late = |end: Date| validity::end_too_late(kind, dates.valid_from, end, as_of);
    cells.note_all(Column::ValidUntil, dates.valid_until.and_then(too_late));
    cells.note_all(Column::Category, specialty_ends.filter(|end| Some(*end) != dates.valid_until).find_map(too_late));
}

/// Whether a decision has ended the certificate: its end date may then be the day of that decision, and its length says nothing.
fn has_ended(state: &StateWord) -> bool {
    matches!(state, StateWord::Cancelled | StateWord::Withdrawn | StateWord::Revoked | StateWord::TransferredOut | StateWord::Void)
}

#[cfg(test)]
mod tests {
    use super::split_period;

    #[test]
    fn a_period_in_one_cell_is_split_where_a_beginning_stands() {
        let table = [
            ("2015-05-04至2018-05-03", Some("2015-05-04"), "2018-05-03"),
            ("2015.5.4-2018.5.3", Some("2015.5.4"), "2018.5.3"),
            ("2015年5月4日-2018年5月3日", Some("2015年5月4日"), "2018年5月3日"),
            ("2015-05-04 - 2018-05-03", Some("2015-05-04"), "2018-05-03"),
            ("2015-05-04——2018-05-03", Some("2015-05-04"), "2018-05-03"),
            ("２０１５.5.4～2018.5.3", Some("２０１５.5.4"), "2018.5.3"),
            ("至2018-05-03", None, "至2018-05-03"),
            ("有效期至2018-05-03", None, "有效期至2018-05-03"),
            ("2018-05-03", None, "2018-05-03"),
            ("长期", None, "长期"),
            ("", None, ""),
        ];
        for (text, from, until) in table {
            assert_eq!(split_period(text), (from, until), "{text}");
        }
    }
}
