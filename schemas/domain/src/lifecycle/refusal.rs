//! Why an event has no place in a state.

use crate::status::{LegalStatus, Stage};

/// A refused event. Refusals are answers, not failures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refusal {
    /// The legal status does not admit the event.
    #[error("the certificate is {0}")]
    WrongStatus(LegalStatus),
    /// The stage does not admit the event.
    #[error("the certificate is at stage {0}")]
    WrongStage(Stage),
    /// The current version has its document.
    #[error("the electronic certificate is issued")]
    AlreadyIssued,
    /// An order is being carried out; it has to be abandoned first.
    #[error("an issue order is under way")]
    OrderUnderWay,
    /// The last day is not past.
    #[error("the period has not run out")]
    NotRunOut,
    /// A renewal or change is under way.
    #[error("business is under way")]
    PendingBusiness,
    /// A lock is in force.
    #[error("the certificate is locked")]
    Locked,
    /// There is no lock.
    #[error("there is no lock to lift")]
    NoLock,
    /// A renewal that would shorten the period.
    #[error("the renewal does not extend the period")]
    NoExtension,
}

impl Refusal {
    /// A stable code for reports and skip counts.
    pub const fn code(self) -> &'static str {
        match self {
            Self::WrongStatus(status) => status.as_str(),
            Self::WrongStage(_) => "wrong-stage",
            Self::AlreadyIssued => "already-issued",
            Self::OrderUnderWay => "order-under-way",
            Self::NotRunOut => "not-run-out",
            Self::PendingBusiness => "pending-business",
            Self::Locked => "locked",
            Self::NoLock => "no-lock",
            Self::NoExtension => "no-extension",
        }
    }
}
