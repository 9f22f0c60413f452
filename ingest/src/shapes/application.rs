//! One row of applications.

use domain::kind::Kind;
use store::applications::Fields;

use super::{entries, subject};
use crate::certificate_row::cells::Cells;
use crate::column::Column;

pub(super) fn read(kind: Option<Kind>, cells: &mut Cells<'_>) -> Option<Fields> {
    let subject = subject::read(kind, cells, true);
    let on = entries::day(cells, Column::AppliedOn);
    let (phone, findings) = domain::phone::parse(cells.text(Column::Phone));
    cells.note_all(Column::Phone, findings);
    Some(Fields {
        subject: subject?,
        number: entries::document_number(cells, Column::ApplicationNumber).unwrap_or_default(),
        on,
        channel: cells.printed(Column::Channel),
        phone,
    })
}
