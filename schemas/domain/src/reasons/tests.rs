//! Every reason against an action, on the day that it begins and on the day that it ends.

use super::*;
use crate::ids::LockId;
use crate::settings::Settings;
use crate::status::LockCause;
use proptest::prelude::*;
use time::macros::date;

const TODAY: Date = date!(2026 - 10 - 31);
const CONTACT: &str = "029-87283010 转 0";

/// A certificate against which nothing speaks.
fn good() -> Facts {
    Facts {
        stage: Stage::Issued,
        valid_from: Some(date!(2024 - 05 - 04)),
        valid_until: Some(date!(2027 - 05 - 03)),
        first_issued_on: Some(date!(2018 - 05 - 04)),
        issued_on: Some(date!(2024 - 05 - 04)),
        photo_approved: true,
        document_version: Some(1),
        number_year: Some(2018),
        born_on: Some(date!(1980 - 01 - 01)),
        ..Facts::paper(Kind::SafetyPersonnel)
    }
}

fn lock() -> Lock {
    Lock {
        id: LockId(1),
        cause: LockCause::ExamCheating,
        cause_text: "举报人王某来信".to_owned(),
        since: date!(2026 - 10 - 08),
        until: Some(date!(2029 - 10 - 08)),
        appeal_by: Some(date!(2026 - 11 - 06)),
        lifted: false,
        on_person: false,
    }
}

fn codes(action: Action, facts: &Facts) -> Vec<&'static str> {
    let settings = Settings::default();
    against(action, facts, settings.kind(facts.kind), CONTACT, TODAY).iter().map(|r| r.code).collect()
}

#[test]
fn each_fact_gives_its_reason_against_each_action() {
    use LegalStatus::{Cancelled, Expired, Revoked, Suspended, Transferred, Withdrawn};
    let with = |status| Facts { status, ..good() };
    type Codes = &'static [&'static str];
    let table: Vec<(Facts, Codes, Codes, Codes)> = vec![
        (good(), &[], &[], &[]),
        (with(Expired), &["expired"], &["expired"], &["expired"]),
        (with(Suspended), &["suspended"], &["suspended"], &["suspended"]),
        (with(Cancelled), &["cancelled"], &["cancelled"], &["cancelled"]),
        (with(Withdrawn), &["withdrawn"], &["withdrawn"], &["withdrawn"]),
        (with(Revoked), &["revoked"], &["revoked"], &["revoked"]),
        (with(Transferred), &["transferred"], &["transferred"], &["transferred"]),
        (Facts { locks: vec![lock()], ..good() }, &["locked"], &["locked"], &["locked"]),
        (Facts { locks: vec![Lock { lifted: true, ..lock() }], ..good() }, &[], &[], &[]),
        (Facts { stage: Stage::Held, ..good() }, &["held"], &[], &[]),
        (Facts { stage: Stage::Held, document_version: None, ..good() }, &["held"], &["held", "no-document"], &["held"]),
        // The end date counts also where no sweep has run.
        (Facts { valid_until: Some(date!(2026 - 10 - 30)), ..good() }, &["expired"], &["expired"], &["expired"]),
        (Facts { valid_until: Some(TODAY), ..good() }, &[], &[], &[]),
        (Facts { valid_from: Some(date!(2026 - 11 - 01)), ..good() }, &["not-yet-valid"], &[], &["not-yet-valid"]),
        (Facts { valid_until: None, ..good() }, &["no-validity"], &[], &["no-validity"]),
        (Facts { photo_approved: false, ..good() }, &["no-photo"], &[], &[]),
        (Facts { document_version: None, ..good() }, &[], &["no-document"], &[]),
        (Facts { first_issued_on: Some(date!(2018 - 11 - 01)), ..good() }, &["paper-after-cut-over"], &[], &[]),
        (Facts { first_issued_on: Some(date!(2018 - 11 - 01)), origin: Origin::Electronic, ..good() }, &[], &[], &[]),
        (Facts { kind: Kind::PostTraining, valid_until: None, ..good() }, &["kind-not-started"], &[], &[]),
        (Facts { kind: Kind::Constructor, born_on: Some(date!(1961 - 10 - 30)), ..good() }, &["over-age"], &["over-age"], &["over-age"]),
        (Facts { kind: Kind::SpecialOperation, born_on: Some(date!(2008 - 11 - 01)), ..good() }, &["under-age"], &[], &[]),
        (Facts { born_on: Some(date!(1940 - 01 - 01)), ..good() }, &[], &[], &[]),
    ];
    for (facts, issue, download, show) in table {
        assert_eq!(codes(Action::Issue, &facts), issue, "issue {facts:?}");
        assert_eq!(codes(Action::Download, &facts), download, "download {facts:?}");
        assert_eq!(codes(Action::ShowAsValid, &facts), show, "show {facts:?}");
    }
}

#[test]
fn all_reasons_are_given_at_once() {
    let facts = Facts {
        status: LegalStatus::Suspended,
        stage: Stage::Held,
        valid_until: Some(date!(2020 - 01 - 01)),
        photo_approved: false,
        locks: vec![lock(), Lock { id: LockId(2), on_person: true, ..lock() }],
        ..good()
    };
    assert_eq!(codes(Action::Issue, &facts), ["suspended", "expired", "locked", "locked", "held", "no-photo"]);
}

#[test]
fn reasons_name_what_to_do_and_whom_to_ask_and_no_internal_note() {
    let facts = Facts { locks: vec![lock()], valid_until: Some(date!(2020 - 07 - 01)), status: LegalStatus::Expired, ..good() };
    let settings = Settings::default();
    let reasons = against(Action::Download, &facts, settings.kind(facts.kind), CONTACT, TODAY);
    assert_eq!(reasons[0].zh, "证书有效期已于2020年07月01日届满，须先办理延续。咨询：029-87283010 转 0");
    assert_eq!(reasons[1].zh, "证书已被锁定（考试作弊），申诉截止日期2026年11月06日，锁定至2029年10月08日。咨询：029-87283010 转 0");
    assert_eq!(
        reasons[1].en,
        "the certificate is locked (cheating in an examination), appeal by 2026-11-06, until 2029-10-08. Contact: 029-87283010 转 0"
    );
    assert!(reasons.iter().all(|r| !r.zh.contains("举报")));
    assert!(against(Action::Download, &facts, settings.kind(facts.kind), "", TODAY)[0].zh.ends_with("须先办理延续。"));
}

proptest! {
    #[test]
    fn only_a_valid_unlocked_unexpired_certificate_is_free_of_reasons(
        status in prop::sample::select(LegalStatus::ALL), stage in prop::sample::select(Stage::ALL),
        ends_in in -40_i64..40, is_locked: bool, photo: bool,
    ) {
        let facts = Facts {
            status,
            stage,
            valid_until: Some(TODAY + time::Duration::days(ends_in)),
            locks: if is_locked { vec![lock()] } else { Vec::new() },
            photo_approved: photo,
            ..good()
        };
        // What is held is the next version: the one that was issued stays as good as it was.
        let free = status == LegalStatus::Valid && ends_in >= 0 && !is_locked;
        prop_assert_eq!(codes(Action::ShowAsValid, &facts).is_empty(), free);
        prop_assert_eq!(codes(Action::Issue, &facts).is_empty(), free && photo && stage != Stage::Held);
    }
}
