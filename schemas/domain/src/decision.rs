//! Decisions of the authority (行政决定): what each kind of decision touches, and what one does to a certificate on its day.

use crate::facts::Facts;
use crate::lifecycle::{Event, Refusal, State, advance};
use crate::stored_code::stored_enum;
use time::Date;

#[cfg(test)]
mod tests;

stored_enum! {
    /// Kind of decision (决定类型).
    pub enum DecisionKind {
        /// First issue (初始、新发).
        Initial = "initial",
        /// Renewal (延续、续期、延期复核).
        Renewal = "renewal",
        /// Change (变更): the end date stays.
        Change = "change",
        /// Another specialty with an end of its own (增项).
        AddedSpecialty = "added-specialty",
        /// Suspension (暂扣).
        Suspension = "suspension",
        /// Restoration (发还).
        Restoration = "restoration",
        /// Cancellation (注销).
        Cancellation = "cancellation",
        /// Withdrawal (撤销).
        Withdrawal = "withdrawal",
        /// Revocation (吊销).
        Revocation = "revocation",
        /// Transfer to another province (转出).
        TransferOut = "transfer-out",
    }
}

/// What of a certificate a decision touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Touched {
    Period,
    Employer,
    Specialties,
    Status,
}

impl DecisionKind {
    /// The name of the event that it leaves in a certificate's history.
    pub const fn event_name(self) -> &'static str {
        match self {
            Self::Initial => "issued-first",
            Self::Renewal => "renewed",
            Self::Change => "changed",
            Self::AddedSpecialty => "specialty-added",
            Self::Suspension => "suspended",
            Self::Restoration => "restored",
            Self::Cancellation => "cancelled",
            Self::Withdrawal => "withdrawn",
            Self::Revocation => "revoked",
            Self::TransferOut => "transferred-out",
        }
    }

    /// Whether the electronic certificate or its next version follows from it (notice, N3 and N5).
    pub const fn calls_for_electronic(self) -> bool {
        matches!(self, Self::Renewal | Self::Change | Self::AddedSpecialty)
    }

    /// Whether the certificate has ended with it.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Cancellation | Self::Withdrawal | Self::Revocation | Self::TransferOut)
    }

    const fn touches(self) -> &'static [Touched] {
        match self {
            Self::Initial => &[],
            // Who was renewed was neither suspended nor ended at that time.
            Self::Renewal => &[Touched::Period, Touched::Status],
            Self::Change => &[Touched::Employer],
            Self::AddedSpecialty => &[Touched::Specialties],
            Self::Suspension | Self::Restoration | Self::Cancellation | Self::Withdrawal | Self::Revocation | Self::TransferOut => {
                &[Touched::Status]
            }
        }
    }

    /// Whether this decision, taken later and in effect already, leaves nothing for an earlier one to do.
    pub fn overtakes(self, earlier: Self) -> bool {
        if self == Self::Cancellation && earlier == Self::Withdrawal {
            // What was never rightly given stays withdrawn, whatever ended it formally.
            return false;
        }
        self.is_final() || earlier.touches().iter().any(|touched| self.touches().contains(touched))
    }

    fn event(self, valid_until: Option<Date>) -> Option<Event> {
        Some(match self {
            Self::Initial => return None,
            Self::Renewal => Event::Renewed { valid_until: valid_until? },
            Self::Change | Self::AddedSpecialty => Event::Changed,
            Self::Suspension => Event::Suspended,
            Self::Restoration => Event::Restored,
            Self::Cancellation => Event::Cancelled,
            Self::Withdrawal => Event::Withdrawn,
            Self::Revocation => Event::Revoked,
            Self::TransferOut => Event::TransferredOut,
        })
    }
}

/// The part of a decision that decides about its effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decided {
    /// Its kind.
    pub kind: DecisionKind,
    /// Day of the decision (决定日期).
    pub decided_on: Date,
    /// First day of its effect: as stated, else the day of the decision.
    pub effective_on: Date,
    /// The new last day, of a renewal.
    pub valid_until: Option<Date>,
}

/// What becomes of a decision on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It takes effect and leads to this state; its values are taken over.
    Effect(State),
    /// Its values are taken over and no electronic certificate follows: it was decided on paper, before the cut-over.
    FieldsOnly(State),
    /// Its day has not come.
    Waits,
    /// A later decision is in effect already, or what is known goes beyond it: it is kept for the record.
    Overtaken,
    /// It was decided before the certificate was first issued.
    BeforeIssue,
    /// It allots a new certificate, which is not done here.
    Initial,
    /// It has no place in the certificate's state.
    Refused(Refusal),
}

/// Judges a decision about a certificate; `later` are the decisions of after its day that are in effect already.
pub fn judge(decided: &Decided, facts: &Facts, cut_over: Date, later: &[DecisionKind], today: Date) -> Verdict {
    if decided.kind == DecisionKind::Initial {
        return Verdict::Initial;
    }
    if is_before_first_issue(decided.decided_on, facts) {
        return Verdict::BeforeIssue;
    }
    if today < decided.effective_on {
        return Verdict::Waits;
    }
    if later.iter().any(|later| later.overtakes(decided.kind)) {
        return Verdict::Overtaken;
    }
    let Some(event) = decided.kind.event(decided.valid_until) else { return Verdict::Refused(Refusal::NoExtension) };
    match advance(facts, &event, today) {
        Ok(to) => {
            // A document that shows the old facts is followed by its next version whenever it was decided.
            let is_electronic = facts.issue_requested || facts.document_version.is_some();
            if decided.kind.calls_for_electronic() && decided.decided_on < cut_over && !is_electronic {
                Verdict::FieldsOnly(State { status: to.status, ..State::of(facts) })
            } else {
                Verdict::Effect(to)
            }
        }
        // The period goes beyond it, or ran out since: it was in force at its time and is history now.
        Err(Refusal::NoExtension | Refusal::WrongStatus(crate::status::LegalStatus::Expired)) => Verdict::Overtaken,
        Err(
            refusal @ (Refusal::WrongStatus(_)
            | Refusal::WrongStage(_)
            | Refusal::AlreadyIssued
            | Refusal::OrderUnderWay
            | Refusal::NotRunOut
            | Refusal::PendingBusiness
            | Refusal::Locked
            | Refusal::NoLock),
        ) => Verdict::Refused(refusal),
    }
}

/// By the day of the first issue; else by the year in the number and, in that year, by the issue date.
fn is_before_first_issue(decided_on: Date, facts: &Facts) -> bool {
    if let Some(first) = facts.first_issued_on {
        return decided_on < first;
    }
    let Some(year) = facts.number_year.map(i32::from) else { return false };
    decided_on.year() < year || facts.issued_on.or(facts.valid_from).is_some_and(|issued| issued.year() == year && decided_on < issued)
}
