//! Whether a row asks for the electronic certificate, judged while its certificate is not known to anybody.

use domain::facts::{Facts, Origin};
use domain::kind::Kind;
use domain::lifecycle::{Event, advance};
use domain::reasons::{self, Action, Reason};
use domain::settings::Settings;
use domain::status::{LegalStatus, Stage};
use time::Date;

use crate::certificates::status_on;
use crate::intake_rows::StagedFields;

/// Whether the electronic certificate of this row is requested when its certificate turns out to be new: it is due, and nothing
/// stands against it that does not pass. It then waits for its holder's photo.
#[must_use]
pub fn requested_when_new(row: &StagedFields, kind: Kind, issue_policy: &str, settings: &Settings, today: Date) -> bool {
    let of_kind = settings.kind(kind);
    let number_year = row.number_year.and_then(|year| u16::try_from(year).ok());
    let due = issue_policy == "all" || of_kind.renewal_calls_for_electronic(row.first_issued_on, number_year, row.issued_on);
    let status = row.legal_status.as_deref().and_then(|status| status.parse::<LegalStatus>().ok());
    let (true, Some(status)) = (due, status) else { return false };
    let facts = Facts {
        kind,
        origin: Origin::Paper,
        status: status_on(status, row.valid_until, today),
        stage: Stage::Paper,
        issue_requested: false,
        valid_from: row.valid_from,
        valid_until: row.valid_until,
        first_issued_on: row.first_issued_on,
        issued_on: row.issued_on,
        photo_approved: false,
        locks: Vec::new(),
        pending_business: false,
        version: 1,
        document_version: None,
        number_category: row.category.as_deref().and_then(|category| category.parse().ok()),
        number_year,
        born_on: row.birth_date,
    };
    reasons::against(Action::Issue, &facts, of_kind, "", today).iter().all(Reason::is_temporary)
        && advance(&facts, &Event::Requested, today).is_ok_and(|to| to.stage == Stage::AwaitingPhoto)
}
