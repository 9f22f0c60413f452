//! One row of violations.

use domain::finding::{Finding, FindingCode};
use domain::kind::Kind;
use store::violations::Fields;

use super::{entries, subject};
use crate::certificate_row::cells::Cells;
use crate::column::Column;

pub(super) fn read(kind: Option<Kind>, cells: &mut Cells<'_>) -> Option<Fields> {
    let subject = subject::read(kind, cells, true);
    let cause_text = entries::needed_text(cells, Column::Cause);
    let on = entries::needed_day(cells, Column::FoundOn);
    let until = entries::day(cells, Column::LockedUntil);
    if let (Some(since), Some(until)) = (on, until)
        && until < since
    {
        cells.note(Column::LockedUntil, Finding::about(FindingCode::EndBeforeStart, format!("{since} – {until}")));
    }
    let mut appeal_by = entries::day(cells, Column::AppealBy);
    if let (Some(since), Some(day)) = (on, appeal_by)
        && day < since
    {
        // The lock must not wait for a typing error.
        cells.note(Column::AppealBy, Finding::about(FindingCode::AppealBeforeFinding, day.to_string()));
        appeal_by = None;
    }
    Some(Fields { subject: subject?, cause_text: cause_text?, on, appeal_by, until })
}
