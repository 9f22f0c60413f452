//! The states that each event leads to, and the events that each state refuses.

use super::*;
use crate::ids::LockId;
use crate::kind::Kind;
use crate::status::{Lock, LockCause};
use proptest::prelude::*;
use time::macros::date;

const TODAY: Date = date!(2026 - 11 - 15);
const FUTURE: Date = date!(2028 - 11 - 14);

fn facts(stage: Stage) -> Facts {
    Facts { stage, valid_until: Some(FUTURE), ..Facts::paper(Kind::SafetyPersonnel) }
}

fn lock() -> Lock {
    Lock {
        id: LockId(1),
        cause: LockCause::Violation,
        cause_text: "内部记录".to_owned(),
        since: date!(2026 - 11 - 01),
        until: None,
        appeal_by: None,
        lifted: false,
        on_person: false,
    }
}

fn all_events() -> Vec<Event> {
    vec![
        Event::Requested,
        Event::PhotoReceived,
        Event::PhotoApproved,
        Event::PhotoHeld,
        Event::PhotoRejected,
        Event::OrderPlaced,
        Event::DocumentCommitted,
        Event::OrderAbandoned,
        Event::Held,
        Event::Released,
        Event::Expired,
        Event::Suspended,
        Event::Restored,
        Event::Cancelled,
        Event::Withdrawn,
        Event::Revoked,
        Event::TransferredOut,
        Event::Renewed { valid_until: date!(2031 - 11 - 14) },
        Event::Renewed { valid_until: date!(2020 - 11 - 14) },
        Event::Changed,
        Event::LockSet,
        Event::LockLifted,
    ]
}

/// Every combination of the facts that matter.
fn all_facts() -> Vec<Facts> {
    let mut all = Vec::new();
    for status in LegalStatus::ALL {
        for stage in Stage::ALL {
            for bits in 0_u8..64 {
                let has = |bit: u8| bits & (1 << bit) != 0;
                all.push(Facts {
                    status: *status,
                    issue_requested: has(0),
                    photo_approved: has(1),
                    pending_business: has(2),
                    locks: if has(3) { vec![lock()] } else { Vec::new() },
                    valid_until: Some(if has(4) { date!(2026 - 11 - 14) } else { FUTURE }),
                    document_version: has(5).then_some(1),
                    ..facts(*stage)
                });
            }
        }
    }
    all
}

#[test]
fn stages_move_as_photo_and_orders_do() {
    use Event as E;
    use Stage::{AwaitingPhoto, Held, Issued, Issuing, Paper, PhotoReview, Ready};
    // stage, requested, photo approved, event, next stage, next requested
    let table = [
        (Paper, false, false, E::Requested, AwaitingPhoto, true),
        (Paper, false, true, E::Requested, Ready, true),
        (AwaitingPhoto, true, false, E::Requested, AwaitingPhoto, true),
        (PhotoReview, false, false, E::Requested, PhotoReview, true),
        (Ready, true, true, E::Requested, Ready, true),
        (Held, false, true, E::Requested, Held, true),
        (AwaitingPhoto, true, false, E::PhotoReceived, PhotoReview, true),
        (Paper, false, false, E::PhotoReceived, Paper, false),
        (Issued, false, true, E::PhotoReceived, Issued, false),
        (AwaitingPhoto, true, false, E::PhotoApproved, Ready, true),
        (PhotoReview, true, false, E::PhotoApproved, Ready, true),
        (PhotoReview, false, false, E::PhotoApproved, Paper, false),
        (Paper, false, true, E::PhotoApproved, Paper, false),
        (PhotoReview, true, false, E::PhotoHeld, PhotoReview, true),
        (AwaitingPhoto, true, false, E::PhotoHeld, PhotoReview, true),
        (Ready, true, true, E::PhotoHeld, Ready, true),
        (Ready, true, false, E::PhotoHeld, PhotoReview, true),
        (Ready, true, false, E::PhotoReceived, Ready, true),
        (PhotoReview, true, false, E::PhotoRejected, AwaitingPhoto, true),
        (Ready, true, true, E::PhotoRejected, Ready, true),
        (Ready, true, false, E::PhotoRejected, AwaitingPhoto, true),
        (Ready, true, true, E::OrderPlaced, Issuing, true),
        (Issuing, true, true, E::DocumentCommitted, Issued, false),
        (Issuing, true, true, E::OrderAbandoned, Ready, true),
        (Ready, true, true, E::Held, Held, true),
        (Held, true, true, E::Released, Ready, true),
        (Held, true, false, E::Released, AwaitingPhoto, true),
        (Held, false, false, E::Released, Paper, false),
        (Issued, false, true, E::Changed, Ready, true),
        (Paper, false, false, E::Changed, AwaitingPhoto, true),
        (PhotoReview, true, false, E::Changed, PhotoReview, true),
        (Issuing, true, true, E::Changed, Issuing, true),
        (Paper, false, true, E::Renewed { valid_until: date!(2031 - 11 - 14) }, Ready, true),
        (Held, false, true, E::Renewed { valid_until: date!(2031 - 11 - 14) }, Held, true),
        (Issued, false, true, E::LockSet, Issued, false),
    ];
    for (stage, issue_requested, photo_approved, event, next, requested) in table {
        let facts = Facts { issue_requested, photo_approved, ..facts(stage) };
        let moved = advance(&facts, &event, TODAY);
        let expected = State { status: LegalStatus::Valid, stage: next, issue_requested: requested };
        assert_eq!(moved, Ok(expected), "{stage} {event:?}");
    }
}

#[test]
fn events_out_of_place_are_refused_with_the_reason() {
    use Event as E;
    use LegalStatus::{Cancelled, Expired, Revoked, Suspended, Valid};
    let of = |status, stage| Facts { status, ..facts(stage) };
    let run_out = Facts { valid_until: Some(date!(2026 - 11 - 14)), ..facts(Stage::Ready) };
    let table = [
        (of(Valid, Stage::Issued), E::Requested, Refusal::AlreadyIssued),
        (of(Suspended, Stage::Paper), E::Requested, Refusal::WrongStatus(Suspended)),
        (run_out.clone(), E::Requested, Refusal::WrongStatus(Expired)),
        (run_out.clone(), E::OrderPlaced, Refusal::WrongStatus(Expired)),
        (of(Valid, Stage::Paper), E::OrderPlaced, Refusal::WrongStage(Stage::Paper)),
        (of(Revoked, Stage::Ready), E::OrderPlaced, Refusal::WrongStatus(Revoked)),
        (Facts { locks: vec![lock()], ..facts(Stage::Ready) }, E::OrderPlaced, Refusal::Locked),
        (Facts { locks: vec![lock()], ..facts(Stage::Issuing) }, E::DocumentCommitted, Refusal::Locked),
        (of(Suspended, Stage::Issuing), E::DocumentCommitted, Refusal::WrongStatus(Suspended)),
        (of(Valid, Stage::Ready), E::DocumentCommitted, Refusal::WrongStage(Stage::Ready)),
        (of(Valid, Stage::Issuing), E::Held, Refusal::OrderUnderWay),
        (of(Valid, Stage::Held), E::Held, Refusal::WrongStage(Stage::Held)),
        (of(Valid, Stage::Paper), E::Released, Refusal::WrongStage(Stage::Paper)),
        (of(Valid, Stage::Paper), E::Expired, Refusal::NotRunOut),
        (Facts { pending_business: true, ..run_out.clone() }, E::Expired, Refusal::PendingBusiness),
        (Facts { locks: vec![lock()], ..run_out.clone() }, E::Expired, Refusal::Locked),
        (Facts { status: Cancelled, ..run_out.clone() }, E::Expired, Refusal::WrongStatus(Cancelled)),
        (of(Valid, Stage::Paper), E::Restored, Refusal::WrongStatus(Valid)),
        (of(Expired, Stage::Paper), E::Suspended, Refusal::WrongStatus(Expired)),
        (of(Expired, Stage::Paper), E::TransferredOut, Refusal::WrongStatus(Expired)),
        (of(Cancelled, Stage::Paper), E::Changed, Refusal::WrongStatus(Cancelled)),
        (of(Suspended, Stage::Paper), E::Renewed { valid_until: FUTURE }, Refusal::WrongStatus(Suspended)),
        (of(Valid, Stage::Paper), E::Renewed { valid_until: date!(2028 - 11 - 13) }, Refusal::NoExtension),
        (of(Valid, Stage::Paper), E::LockLifted, Refusal::NoLock),
    ];
    for (facts, event, refusal) in table {
        assert_eq!(advance(&facts, &event, TODAY), Err(refusal), "{} {} {event:?}", facts.status, facts.stage);
        assert!(!refusal.code().is_empty() && !refusal.to_string().is_empty());
    }
}

#[test]
fn the_law_moves_the_status_and_leaves_the_stage() {
    use Event as E;
    use LegalStatus::{Cancelled, Expired, Revoked, Suspended, Transferred, Valid, Withdrawn};
    let past = Some(date!(2026 - 11 - 14));
    let table = [
        (Valid, past, E::Expired, Expired),
        (Suspended, past, E::Expired, Expired),
        (Valid, Some(FUTURE), E::Suspended, Suspended),
        (Suspended, Some(FUTURE), E::Restored, Valid),
        (Suspended, past, E::Restored, Expired),
        (Valid, Some(FUTURE), E::Cancelled, Cancelled),
        (Expired, past, E::Cancelled, Cancelled),
        (Suspended, Some(FUTURE), E::Revoked, Revoked),
        (Cancelled, past, E::Withdrawn, Withdrawn),
        (Valid, Some(FUTURE), E::TransferredOut, Transferred),
        (Expired, Some(date!(2017 - 01 - 01)), E::Renewed { valid_until: date!(2020 - 01 - 01) }, Expired),
        (Expired, past, E::Changed, Expired),
    ];
    for (status, valid_until, event, next) in table {
        let before = Facts { status, valid_until, ..facts(Stage::Issued) };
        let expected = State { status: next, stage: Stage::Issued, issue_requested: false };
        assert_eq!(advance(&before, &event, TODAY), Ok(expected), "{status} {event:?}");
    }
}

#[test]
fn a_renewal_revives_an_expired_certificate_and_calls_for_its_next_version() {
    let before =
        Facts { status: LegalStatus::Expired, valid_until: Some(date!(2026 - 11 - 01)), photo_approved: true, ..facts(Stage::Issued) };
    let event = Event::Renewed { valid_until: TODAY };
    let expected = State { status: LegalStatus::Valid, stage: Stage::Ready, issue_requested: true };
    assert_eq!(advance(&before, &event, TODAY), Ok(expected));
}

#[test]
fn the_last_day_is_in_force_and_the_day_after_is_not() {
    let before = Facts { valid_until: Some(TODAY), ..facts(Stage::Paper) };
    assert_eq!(advance(&before, &Event::Expired, TODAY), Err(Refusal::NotRunOut));
    let tomorrow = TODAY.next_day().unwrap();
    assert_eq!(advance(&before, &Event::Expired, tomorrow).map(|s| s.status), Ok(LegalStatus::Expired));
}

#[test]
fn over_every_state_and_event_the_rules_hold() {
    for facts in all_facts() {
        for event in all_events() {
            let Ok(next) = advance(&facts, &event, TODAY) else {
                continue;
            };
            let place = format!("{} {} {event:?}", facts.status, facts.stage);
            if facts.status.is_final() {
                assert!(next.status.is_final(), "{place} revives");
            }
            if next.status == LegalStatus::Valid && facts.status != LegalStatus::Valid {
                assert!(matches!(event, Event::Restored | Event::Renewed { .. }), "{place}");
            }
            if next.stage == Stage::Issued && facts.stage != Stage::Issued {
                let committed = event == Event::DocumentCommitted;
                assert!(committed || facts.document_version.is_some(), "{place} issues nothing");
            }
            if next.stage == Stage::Issuing && facts.stage != Stage::Issuing {
                assert_eq!((event, facts.stage), (Event::OrderPlaced, Stage::Ready), "{place}");
                assert!(facts.status == LegalStatus::Valid && facts.locks.is_empty(), "{place}");
            }
            if facts.stage == Stage::Held {
                assert!(next.stage == Stage::Held || event == Event::Released, "{place} is released");
            }
            if next.stage == Stage::Ready && facts.stage != Stage::Ready {
                let photo = facts.photo_approved || event == Event::PhotoApproved;
                assert!(photo || event == Event::OrderAbandoned, "{place} is ready without a photo");
            }
        }
    }
}

proptest! {
    #[test]
    fn no_chain_of_events_revives_a_final_certificate(
        steps in prop::collection::vec((0_usize..22, 0_i64..900), 1..30),
    ) {
        let events = all_events();
        let mut facts = facts(Stage::Paper);
        let mut ended = false;
        for (event, days) in steps {
            let Some(event) = events.get(event) else { continue };
            let today = TODAY + time::Duration::days(days);
            let Ok(next) = advance(&facts, event, today) else { continue };
            facts.status = next.status;
            facts.stage = next.stage;
            facts.issue_requested = next.issue_requested;
            facts.photo_approved |= *event == Event::PhotoApproved;
            if let Event::Renewed { valid_until } = event {
                facts.valid_until = Some(*valid_until);
            }
            ended |= facts.status.is_final();
            prop_assert!(!ended || facts.status.is_final());
        }
    }
}
