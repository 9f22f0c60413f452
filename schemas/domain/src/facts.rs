//! Everything that decides what may be done with a certificate, as plain data read from the tables.

use crate::category::Category;
use crate::kind::Kind;
use crate::status::{LegalStatus, Lock, Stage};
use time::Date;

/// How a certificate came into the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// Taken over from paper.
    Paper,
    /// Electronic from its first decision on.
    Electronic,
}

/// The facts of one certificate on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Kind of the certificate.
    pub kind: Kind,
    /// How it came into the register.
    pub origin: Origin,
    /// What the law says of it, as stored. The end date is judged beside it, so a missed sweep hides nothing.
    pub status: LegalStatus,
    /// How far its document is.
    pub stage: Stage,
    /// Whether an electronic certificate is due: applied for, or called for by a renewal or change.
    pub issue_requested: bool,
    /// First day of the present period.
    pub valid_from: Option<Date>,
    /// Last day of the present period, that day included.
    pub valid_until: Option<Date>,
    /// Day of the first issue (初次领证日期).
    pub first_issued_on: Option<Date>,
    /// Issue date of the present period (发证日期).
    pub issued_on: Option<Date>,
    /// Whether the holder has an approved photo.
    pub photo_approved: bool,
    /// Locks of the certificate and of its holder, past ones too.
    pub locks: Vec<Lock>,
    /// Whether a renewal or change is under way, which the expiry sweep must spare.
    pub pending_business: bool,
    /// The current version; the first is 1.
    pub version: u16,
    /// The newest version that has a document.
    pub document_version: Option<u16>,
    /// Category that the number carries.
    pub number_category: Option<Category>,
    /// Year that the number carries.
    pub number_year: Option<u16>,
    /// The holder's date of birth.
    pub born_on: Option<Date>,
}

impl Facts {
    /// A valid paper certificate of a kind about which nothing else is known.
    pub const fn paper(kind: Kind) -> Self {
        Self {
            kind,
            origin: Origin::Paper,
            status: LegalStatus::Valid,
            stage: Stage::Paper,
            issue_requested: false,
            valid_from: None,
            valid_until: None,
            first_issued_on: None,
            issued_on: None,
            photo_approved: false,
            locks: Vec::new(),
            pending_business: false,
            version: 1,
            document_version: None,
            number_category: None,
            number_year: None,
            born_on: None,
        }
    }

    /// Whether the last day of the period is past.
    pub fn has_run_out(&self, today: Date) -> bool {
        self.valid_until.is_some_and(|until| until < today)
    }

    /// The locks in force.
    pub fn locks_in_force(&self, today: Date) -> impl Iterator<Item = &Lock> {
        self.locks.iter().filter(move |lock| lock.in_force(today))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn the_end_date_is_the_last_day_in_force() {
        let facts = Facts { valid_until: Some(date!(2026 - 10 - 31)), ..Facts::paper(Kind::Architect) };
        assert!(!facts.has_run_out(date!(2026 - 10 - 31)));
        assert!(facts.has_run_out(date!(2026 - 11 - 01)));
        assert!(!Facts::paper(Kind::PostTraining).has_run_out(date!(2999 - 01 - 01)));
    }
}
