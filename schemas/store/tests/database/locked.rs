//! Violations become locks at once, each one lock and no second.

use sqlx::PgPool;
use store::violations::Fields;
use time::macros::date;

use crate::shaped::{delivered, everything, first, step, subject, three_on_paper};
use crate::sql;
use crate::staged::{TODAY, events, fates};

fn violation(cause: &str) -> Fields {
    Fields {
        subject: first(),
        cause_text: cause.to_owned(),
        on: Some(date!(2026 - 11 - 01)),
        appeal_by: Some(date!(2026 - 11 - 30)),
        until: Some(date!(2027 - 11 - 01)),
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_violation_becomes_a_lock_with_its_terms(pool: PgPool) {
    three_on_paper(&pool).await;
    let rows = [violation("考试作弊"), Fields { until: None, on: Some(date!(2026 - 12 - 01)), ..violation("行政处罚执行中") }];
    let batch = delivered(&pool, 1, "violations", &rows).await;
    assert_eq!(fates(&pool, &batch).await, ["1 loaded", "2 loaded"]);
    let locks = "select concat_ws(' ', c.number, l.cause, l.cause_text, l.since, l.appeal_by, l.until, l.set_by) from lock l
                 join certificate c on c.id = l.certificate_id order by l.id";
    let expected =
        ["N1 exam-cheating 考试作弊 2026-11-01 2026-11-30 2027-11-01 import", "N1 punishment 行政处罚执行中 2026-12-01 2026-11-30 import"];
    assert_eq!(sql::texts(&pool, locks).await, expected);
    assert_eq!(events(&pool, "N1").await, ["imported", "locked", "locked"]);
    assert_eq!(sql::number(&pool, "select count(*) from audit where action = 'lock-added'").await, 2);
    let before = everything(&pool).await;
    step(&pool, &batch, TODAY, 0, 1_000).await;
    assert_eq!(everything(&pool).await, before, "a step that runs again changes nothing");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_same_violation_adds_no_second_lock_even_when_it_was_lifted(pool: PgPool) {
    three_on_paper(&pool).await;
    let batch = delivered(&pool, 1, "violations", &[violation("考试作弊"), violation("考试作弊")]).await;
    assert_eq!(fates(&pool, &batch).await, ["1 loaded", "2 loaded duplicate-row"]);
    sql::run(&pool, "update lock set lifted_at = now(), lifted_by = 'staff', lift_reason = '申诉成立'").await;
    let rows = [violation("考试作弊"), Fields { until: None, ..violation("考试作弊") }];
    let batch = delivered(&pool, 2, "violations", &rows).await;
    assert_eq!(fates(&pool, &batch).await, ["1 loaded already-known", "2 held violation-differs"]);
    assert_eq!(sql::number(&pool, "select count(*) from lock").await, 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn without_a_number_the_person_is_locked(pool: PgPool) {
    three_on_paper(&pool).await;
    let rows = [
        Fields { subject: subject(None, "ID1", "王小明"), ..violation("提供虚假材料") },
        Fields { subject: subject(Some("N1"), "ID2", "李大海"), ..violation("提供虚假材料") },
        Fields { subject: subject(Some("N9"), "ID1", "王小明"), ..violation("提供虚假材料") },
    ];
    let batch = delivered(&pool, 1, "violations", &rows).await;
    assert_eq!(fates(&pool, &batch).await, ["1 warned all-certificates-of-holder", "2 held not-the-holder", "3 held certificate-unknown"]);
    assert_eq!(sql::number(&pool, "select count(*) from lock l join person p on p.id = l.person_id where p.id_number = 'ID1'").await, 1);
    assert_eq!(events(&pool, "N1").await, ["imported", "locked"]);
    assert_eq!(events(&pool, "N3").await, ["imported", "locked"]);
    assert_eq!(events(&pool, "N2").await, ["imported"]);
}
