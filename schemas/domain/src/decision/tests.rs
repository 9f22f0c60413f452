//! Tables for what decisions do.

use time::macros::date;

use super::{Decided, DecisionKind, Verdict, judge};
use crate::facts::Facts;
use crate::kind::Kind;
use crate::lifecycle::{Refusal, State};
use crate::status::{LegalStatus, Stage};

const CUT_OVER: time::Date = date!(2026 - 10 - 01);
const TODAY: time::Date = date!(2026 - 11 - 15);

fn facts() -> Facts {
    Facts {
        valid_from: Some(date!(2024 - 12 - 01)),
        valid_until: Some(date!(2026 - 11 - 30)),
        first_issued_on: Some(date!(2018 - 05 - 04)),
        number_year: Some(2018),
        ..Facts::paper(Kind::SafetyPersonnel)
    }
}

fn decided(kind: DecisionKind, on: time::Date) -> Decided {
    let valid_until = (kind == DecisionKind::Renewal).then_some(date!(2029 - 11 - 30));
    Decided { kind, decided_on: on, effective_on: on, valid_until }
}

fn verdict(decided: Decided, facts: &Facts, later: &[DecisionKind]) -> Verdict {
    judge(&decided, facts, CUT_OVER, later, TODAY)
}

const DUE: State = State { status: LegalStatus::Valid, stage: Stage::AwaitingPhoto, issue_requested: true };
const PAPER: State = State { status: LegalStatus::Valid, stage: Stage::Paper, issue_requested: false };

#[test]
fn a_decision_since_the_cut_over_calls_for_the_electronic_certificate() {
    for kind in [DecisionKind::Renewal, DecisionKind::Change, DecisionKind::AddedSpecialty] {
        assert_eq!(verdict(decided(kind, CUT_OVER), &facts(), &[]), Verdict::Effect(DUE), "{kind}");
        assert_eq!(verdict(decided(kind, date!(2026 - 09 - 30)), &facts(), &[]), Verdict::FieldsOnly(PAPER), "{kind}");
        let issued = Facts { stage: Stage::Issued, document_version: Some(1), ..facts() };
        assert_eq!(verdict(decided(kind, date!(2026 - 09 - 30)), &issued, &[]), Verdict::Effect(DUE), "{kind} of an issued one");
    }
}

#[test]
fn a_decision_waits_for_its_day_and_none_lies_before_the_first_issue() {
    let on = |day| decided(DecisionKind::Change, day);
    assert_eq!(verdict(on(date!(2026 - 11 - 16)), &facts(), &[]), Verdict::Waits);
    assert_eq!(verdict(Decided { effective_on: date!(2026 - 12 - 01), ..on(CUT_OVER) }, &facts(), &[]), Verdict::Waits);
    assert_eq!(verdict(on(TODAY), &facts(), &[]), Verdict::Effect(DUE));
    assert_eq!(verdict(on(date!(2018 - 05 - 03)), &facts(), &[]), Verdict::BeforeIssue);
    assert_eq!(verdict(on(date!(2018 - 05 - 04)), &facts(), &[]), Verdict::FieldsOnly(PAPER));
    let unknown = Facts { first_issued_on: None, ..facts() };
    assert_eq!(verdict(on(date!(2017 - 12 - 31)), &unknown, &[]), Verdict::BeforeIssue);
    assert_eq!(verdict(on(date!(2018 - 01 - 01)), &unknown, &[]), Verdict::FieldsOnly(PAPER));
    let issued_that_year = Facts { issued_on: Some(date!(2018 - 05 - 04)), ..unknown };
    assert_eq!(verdict(on(date!(2018 - 01 - 01)), &issued_that_year, &[]), Verdict::BeforeIssue);
}

#[test]
fn what_ended_does_not_change_any_more() {
    for status in [LegalStatus::Cancelled, LegalStatus::Withdrawn, LegalStatus::Revoked, LegalStatus::Transferred] {
        let ended = Facts { status, ..facts() };
        for kind in [DecisionKind::Renewal, DecisionKind::Change, DecisionKind::Suspension, DecisionKind::Restoration] {
            assert_eq!(verdict(decided(kind, TODAY), &ended, &[]), Verdict::Refused(Refusal::WrongStatus(status)), "{kind} {status}");
        }
    }
    let cancelled = Facts { status: LegalStatus::Cancelled, ..facts() };
    assert!(matches!(verdict(decided(DecisionKind::Withdrawal, TODAY), &cancelled, &[]), Verdict::Effect(_)));
}

#[test]
fn an_earlier_decision_never_undoes_a_later_one() {
    use DecisionKind::{AddedSpecialty, Cancellation, Change, Renewal, Restoration, Suspension, Withdrawal};
    let table = [
        (Change, Change, true),
        (Renewal, Renewal, true),
        (Renewal, Change, false),
        (Change, Renewal, false),
        (Restoration, Suspension, true),
        (Renewal, Suspension, true),
        (Renewal, Cancellation, true),
        (Cancellation, Change, true),
        (Cancellation, AddedSpecialty, true),
        (Cancellation, Withdrawal, false),
        (Withdrawal, Cancellation, true),
    ];
    for (later, earlier, overtaken) in table {
        assert_eq!(later.overtakes(earlier), overtaken, "{later} after {earlier}");
        let became = verdict(decided(earlier, CUT_OVER), &facts(), &[later]);
        assert_eq!(became == Verdict::Overtaken, overtaken, "{later} after {earlier}");
    }
}

#[test]
fn what_goes_no_further_than_what_is_known_is_kept_for_the_record() {
    let beyond = Facts { valid_until: Some(date!(2030 - 01 - 01)), ..facts() };
    assert_eq!(verdict(decided(DecisionKind::Renewal, CUT_OVER), &beyond, &[]), Verdict::Overtaken);
    let expired = Facts { status: LegalStatus::Expired, ..facts() };
    assert_eq!(verdict(decided(DecisionKind::Suspension, CUT_OVER), &expired, &[]), Verdict::Overtaken);
    let past = Decided { valid_until: Some(date!(2026 - 11 - 14)), ..decided(DecisionKind::Renewal, date!(2023 - 11 - 01)) };
    let old = Facts { valid_until: Some(date!(2023 - 11 - 14)), ..expired };
    assert_eq!(verdict(past, &old, &[]), Verdict::FieldsOnly(State { status: LegalStatus::Expired, ..PAPER }));
    assert_eq!(verdict(decided(DecisionKind::Initial, CUT_OVER), &facts(), &[]), Verdict::Initial);
}
