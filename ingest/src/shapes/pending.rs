//! One row of business under way.

use domain::business::BusinessState;
use domain::finding::{Finding, FindingCode};
use domain::kind::Kind;
use store::pending::Fields;

use super::{entries, subject, words};
use crate::certificate_row::cells::Cells;
use crate::column::Column;

pub(super) fn read(kind: Option<Kind>, cells: &mut Cells<'_>) -> Option<Fields> {
    let number = entries::needed_number(cells, Column::BusinessNumber);
    let subject = subject::read(kind, cells, false);
    let on = entries::needed_day(cells, Column::FiledOn);
    let closed_on = entries::day(cells, Column::ClosedOn);
    let word = cells.printed(Column::BusinessState);
    let state = match &word {
        // A list of business under way without states lists what is open.
        None if closed_on.is_some() => Some(BusinessState::Closed),
        None => Some(BusinessState::Open),
        Some(word) => words::business_state(word),
    };
    if state.is_none() {
        cells.note(Column::BusinessState, Finding::about(FindingCode::WordUnknown, word.clone().unwrap_or_default()));
    }
    Some(Fields {
        subject: subject?,
        number: number?,
        business: cells.printed(Column::Business).unwrap_or_default(),
        on,
        state: state?.as_str().to_owned(),
        state_word: word,
        closed_on,
    })
}
