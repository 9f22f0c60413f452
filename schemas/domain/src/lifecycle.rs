//! The one way from one state to the next. Every pair of state and event moves, stays, or is refused with a reason.

mod refusal;

pub use refusal::Refusal;

use crate::facts::Facts;
use crate::status::{LegalStatus, Stage};
use time::Date;

/// What happened to a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Event {
    /// The electronic certificate was applied for.
    Requested,
    /// A photo of the holder arrived.
    PhotoReceived,
    /// A photo of the holder was approved.
    PhotoApproved,
    /// A photo of the holder was left to a person.
    PhotoHeld,
    /// A photo of the holder was rejected.
    PhotoRejected,
    /// An issue order was placed.
    OrderPlaced,
    /// The document of the order was committed.
    DocumentCommitted,
    /// The order was closed without a document.
    OrderAbandoned,
    /// The certificate was set aside for a person to decide.
    Held,
    /// The person decided that it may go on.
    Released,
    /// The period ran out (the nightly sweep).
    Expired,
    /// Suspended as a punishment (暂扣).
    Suspended,
    /// Given back (发还).
    Restored,
    /// Ended formally (注销).
    Cancelled,
    /// Found never to have been rightly given (撤销).
    Withdrawn,
    /// Taken away as a punishment (吊销).
    Revoked,
    /// Transferred to another province (转出).
    TransferredOut,
    /// Renewed (延续). Calls for the next electronic version.
    Renewed {
        /// The new last day.
        valid_until: Date,
    },
    /// Changed (变更). The end date stays; calls for the next electronic version. A change decided before the cut-over
    /// of its kind alters the fields only and is no event.
    Changed,
    /// A lock was set. Locks are facts beside the state and change nothing of it.
    LockSet,
    /// A lock was lifted.
    LockLifted,
}

/// The part of a certificate's facts that events move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct State {
    /// What the law says.
    pub status: LegalStatus,
    /// How far the document is.
    pub stage: Stage,
    /// Whether an electronic certificate is due.
    pub issue_requested: bool,
}

impl State {
    /// The state that facts are in.
    pub const fn of(facts: &Facts) -> Self {
        Self { status: facts.status, stage: facts.stage, issue_requested: facts.issue_requested }
    }
}

/// The state after an event on a day. Legal status and stage move apart from each other: what the law says is asked
/// again, with every other reason, when an order is placed and when its document is committed.
///
/// # Errors
///
/// The event has no place in the state; nothing moves.
pub fn advance(facts: &Facts, event: &Event, today: Date) -> Result<State, Refusal> {
    let now = State::of(facts);
    match event {
        Event::Requested => requested(facts, today),
        Event::PhotoReceived => Ok(photo_in_review(now)),
        // The approval on which it was ready was taken back.
        Event::PhotoHeld if now.stage == Stage::Ready && !facts.photo_approved => Ok(State { stage: Stage::PhotoReview, ..now }),
        Event::PhotoHeld => Ok(photo_in_review(now)),
        Event::PhotoApproved => Ok(photo_approved(facts)),
        Event::PhotoRejected => Ok(photo_rejected(facts)),
        Event::OrderPlaced => {
            in_force(facts, today)?;
            from_stage(now, Stage::Ready, Stage::Issuing)
        }
        Event::DocumentCommitted => {
            in_force(facts, today)?;
            let issued = from_stage(now, Stage::Issuing, Stage::Issued)?;
            Ok(State { issue_requested: false, ..issued })
        }
        Event::OrderAbandoned => from_stage(now, Stage::Issuing, Stage::Ready),
        Event::Held => match now.stage {
            Stage::Issuing => Err(Refusal::OrderUnderWay),
            Stage::Held => Err(Refusal::WrongStage(Stage::Held)),
            Stage::Paper | Stage::AwaitingPhoto | Stage::PhotoReview | Stage::Ready | Stage::Issued => {
                Ok(State { stage: Stage::Held, ..now })
            }
        },
        Event::Released => from_stage(now, Stage::Held, resting_stage(facts, now.issue_requested)),
        Event::Expired => expired(facts, today),
        Event::Suspended => from_status(now, &[LegalStatus::Valid], LegalStatus::Suspended),
        Event::Restored => {
            let status = if facts.has_run_out(today) { LegalStatus::Expired } else { LegalStatus::Valid };
            from_status(now, &[LegalStatus::Suspended], status)
        }
        Event::Cancelled => from_status(now, &ALIVE, LegalStatus::Cancelled),
        Event::Revoked => from_status(now, &ALIVE, LegalStatus::Revoked),
        // What was never rightly given can be found so after its formal end, too.
        Event::Withdrawn => from_status(
            now,
            &[LegalStatus::Valid, LegalStatus::Suspended, LegalStatus::Expired, LegalStatus::Cancelled],
            LegalStatus::Withdrawn,
        ),
        Event::TransferredOut => from_status(now, &[LegalStatus::Valid], LegalStatus::Transferred),
        Event::Renewed { valid_until } => renewed(facts, *valid_until, today),
        Event::Changed => changed(facts),
        Event::LockSet => Ok(now),
        Event::LockLifted if facts.locks.is_empty() => Err(Refusal::NoLock),
        Event::LockLifted => Ok(now),
    }
}

/// States that are not final.
const ALIVE: [LegalStatus; 3] = [LegalStatus::Valid, LegalStatus::Suspended, LegalStatus::Expired];

fn from_stage(now: State, expected: Stage, next: Stage) -> Result<State, Refusal> {
    if now.stage == expected { Ok(State { stage: next, ..now }) } else { Err(Refusal::WrongStage(now.stage)) }
}

fn from_status(now: State, expected: &[LegalStatus], next: LegalStatus) -> Result<State, Refusal> {
    if expected.contains(&now.status) { Ok(State { status: next, ..now }) } else { Err(Refusal::WrongStatus(now.status)) }
}

/// A document is made only of a certificate that is valid, not run out and not locked.
fn in_force(facts: &Facts, today: Date) -> Result<(), Refusal> {
    if facts.status != LegalStatus::Valid {
        return Err(Refusal::WrongStatus(facts.status));
    }
    if facts.has_run_out(today) {
        return Err(Refusal::WrongStatus(LegalStatus::Expired));
    }
    if facts.locks_in_force(today).next().is_some() {
        return Err(Refusal::Locked);
    }
    Ok(())
}

/// Where a certificate waits when nothing is being done with it.
const fn resting_stage(facts: &Facts, issue_requested: bool) -> Stage {
    match (issue_requested, facts.photo_approved, facts.document_version) {
        (true, true, _) => Stage::Ready,
        (true, false, _) => Stage::AwaitingPhoto,
        (false, _, Some(_)) => Stage::Issued,
        (false, _, None) => Stage::Paper,
    }
}

/// The state in which the next electronic version is due.
const fn due(facts: &Facts, status: LegalStatus) -> State {
    let stage = match facts.stage {
        // An order under way no longer agrees with the facts; it is abandoned and leaves the certificate ready.
        Stage::Issuing => Stage::Issuing,
        Stage::Held => Stage::Held,
        Stage::PhotoReview if !facts.photo_approved => Stage::PhotoReview,
        Stage::Paper | Stage::AwaitingPhoto | Stage::PhotoReview | Stage::Ready | Stage::Issued => resting_stage(facts, true),
    };
    State { status, stage, issue_requested: true }
}

fn requested(facts: &Facts, today: Date) -> Result<State, Refusal> {
    if facts.status != LegalStatus::Valid {
        return Err(Refusal::WrongStatus(facts.status));
    }
    if facts.has_run_out(today) {
        return Err(Refusal::WrongStatus(LegalStatus::Expired));
    }
    match facts.stage {
        Stage::Issued => Err(Refusal::AlreadyIssued),
        Stage::Paper | Stage::AwaitingPhoto | Stage::PhotoReview | Stage::Ready | Stage::Issuing | Stage::Held => {
            Ok(due(facts, facts.status))
        }
    }
}

const fn photo_in_review(now: State) -> State {
    match now.stage {
        Stage::AwaitingPhoto | Stage::PhotoReview => State { stage: Stage::PhotoReview, ..now },
        Stage::Paper | Stage::Ready | Stage::Issuing | Stage::Issued | Stage::Held => now,
    }
}

const fn photo_approved(facts: &Facts) -> State {
    let now = State::of(facts);
    let stage = match (now.stage, now.issue_requested, facts.document_version) {
        (Stage::AwaitingPhoto | Stage::PhotoReview, true, _) => Stage::Ready,
        (Stage::AwaitingPhoto | Stage::PhotoReview, false, None) => Stage::Paper,
        (Stage::AwaitingPhoto | Stage::PhotoReview, false, Some(_)) => Stage::Issued,
        (Stage::Paper | Stage::Ready | Stage::Issuing | Stage::Issued | Stage::Held, _, _) => now.stage,
    };
    State { stage, ..now }
}

const fn photo_rejected(facts: &Facts) -> State {
    let now = State::of(facts);
    match now.stage {
        Stage::AwaitingPhoto | Stage::PhotoReview => State { stage: Stage::AwaitingPhoto, ..now },
        // The approval on which it was ready was overturned.
        Stage::Ready if !facts.photo_approved => State { stage: Stage::AwaitingPhoto, ..now },
        Stage::Paper | Stage::Ready | Stage::Issuing | Stage::Issued | Stage::Held => now,
    }
}

/// The sweep spares what is locked and what has business under way; reasons judge the end date all the same.
fn expired(facts: &Facts, today: Date) -> Result<State, Refusal> {
    if facts.status != LegalStatus::Valid && facts.status != LegalStatus::Suspended {
        return Err(Refusal::WrongStatus(facts.status));
    }
    if !facts.has_run_out(today) {
        return Err(Refusal::NotRunOut);
    }
    if facts.pending_business {
        return Err(Refusal::PendingBusiness);
    }
    if facts.locks_in_force(today).next().is_some() {
        return Err(Refusal::Locked);
    }
    Ok(State { status: LegalStatus::Expired, ..State::of(facts) })
}

/// An end before the known one extends nothing; an equal one is the renewal that the facts already carry. A renewal
/// whose own end is past leaves the certificate expired: old decisions are taken over, too.
fn renewed(facts: &Facts, valid_until: Date, today: Date) -> Result<State, Refusal> {
    if facts.status != LegalStatus::Valid && facts.status != LegalStatus::Expired {
        return Err(Refusal::WrongStatus(facts.status));
    }
    if facts.valid_until.is_some_and(|until| valid_until < until) {
        return Err(Refusal::NoExtension);
    }
    if valid_until < today {
        return Ok(State { status: LegalStatus::Expired, ..State::of(facts) });
    }
    Ok(due(facts, LegalStatus::Valid))
}

/// A change of an expired certificate alters its fields only; of a suspended one it waits for the restoration.
fn changed(facts: &Facts) -> Result<State, Refusal> {
    match facts.status {
        LegalStatus::Valid | LegalStatus::Suspended => Ok(due(facts, facts.status)),
        LegalStatus::Expired => Ok(State::of(facts)),
        LegalStatus::Cancelled | LegalStatus::Withdrawn | LegalStatus::Revoked | LegalStatus::Transferred => {
            Err(Refusal::WrongStatus(facts.status))
        }
    }
}

#[cfg(test)]
mod tests;
