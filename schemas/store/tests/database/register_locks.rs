//! Certificates that a register calls locked are locked, once, and an undo takes that back.

use sqlx::PgPool;
use store::intake_rows::StagedRow;
use store::testing::complete;
use time::Date;
use time::macros::date;

use crate::sql;
use crate::staged::{certificate, counts, delivery, events, merged, row, with};
use crate::undoing::{finished, undone};

const OCTOBER: Date = date!(2026 - 10 - 31);
const LOCKS: &str = "select concat_ws(' ', c.number, l.cause, l.cause_text, l.since, l.set_by, l.row_no, l.lift_reason)
                     from lock l left join certificate c on c.id = l.certificate_id order by l.id";

fn locked(row: StagedRow) -> StagedRow {
    with(row, |fields| fields.locked = true)
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_locked_row_makes_a_certificate_with_a_lock_and_no_second_one(pool: PgPool) {
    complete(&pool).await;
    let rows = [locked(row(1, "N1", "ID1", "王小明")), row(2, "N2", "ID2", "李大海")];
    let (_, totals) = merged(&pool, &delivery(1, OCTOBER, "all"), &rows).await;
    assert_eq!(counts(totals), (2, 0, 0));
    assert_eq!(sql::texts(&pool, LOCKS).await, ["N1 other 交付登记为锁定 2026-10-31 import 1"]);
    assert_eq!(events(&pool, "N1").await, ["imported", "locked"]);
    assert_eq!(events(&pool, "N2").await, ["imported"]);
    assert_eq!(sql::number(&pool, "select count(*) from audit where action = 'lock-added'").await, 1);
    for (content, as_of) in [(2, OCTOBER), (3, date!(2026 - 11 - 10))] {
        merged(&pool, &delivery(content, as_of, "all"), &rows).await;
    }
    assert_eq!(sql::number(&pool, "select count(*) from lock").await, 1);
    assert_eq!(sql::number(&pool, "select count(*) from job where kind = 'issue_certificates'").await, 0);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_staff_lifted_is_locked_again_by_a_delivery_of_a_later_day_only(pool: PgPool) {
    complete(&pool).await;
    let rows = [locked(row(1, "N1", "ID1", "王小明"))];
    merged(&pool, &delivery(1, OCTOBER, "all"), &rows).await;
    sql::run(&pool, "update lock set lifted_at = '2026-11-05 08:00+08', lifted_by = 'staff', lift_reason = '查清'").await;
    for (content, as_of, locks) in
        [(2, OCTOBER, 1), (3, date!(2026 - 11 - 05), 1), (4, date!(2026 - 10 - 01), 1), (5, date!(2026 - 11 - 06), 2)]
    {
        merged(&pool, &delivery(content, as_of, "all"), &rows).await;
        assert_eq!(sql::number(&pool, "select count(*) from lock").await, locks, "{as_of}");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_known_certificate_is_locked_by_a_later_register_and_an_older_one_says_nothing(pool: PgPool) {
    complete(&pool).await;
    let (first, _) = merged(&pool, &delivery(1, OCTOBER, "all"), &[row(1, "N1", "ID1", "王小明")]).await;
    finished(&pool, &first).await;
    let changed = with(locked(row(1, "N1", "ID1", "王小明")), |fields| fields.duty = Some("经理".to_owned()));
    let (older, _) = merged(&pool, &delivery(2, date!(2026 - 10 - 01), "all"), &[changed]).await;
    finished(&pool, &older).await;
    assert_eq!(sql::number(&pool, "select count(*) from lock").await, 0, "a newer delivery says otherwise");
    let before = certificate(&pool, "N1").await;
    let (batch, totals) = merged(&pool, &delivery(3, date!(2026 - 11 - 10), "all"), &[locked(row(1, "N1", "ID1", "王小明"))]).await;
    assert_eq!(counts(totals), (0, 0, 1));
    assert_eq!(events(&pool, "N1").await, ["imported", "locked"]);
    finished(&pool, &batch).await;
    let counts = undone(&pool, &batch).await.unwrap();
    assert_eq!((counts.certificates_removed, counts.certificates_restored), (0, 1));
    assert_eq!(certificate(&pool, "N1").await, before);
    assert_eq!(sql::number(&pool, "select count(*) from lock where lifted_at is null").await, 0);
    merged(&pool, &delivery(4, date!(2026 - 11 - 10), "all"), &[locked(row(1, "N1", "ID1", "王小明"))]).await;
    assert_eq!(
        sql::number(&pool, "select count(*) from lock where lifted_at is null").await,
        1,
        "an undone lifting is no decision of staff"
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_lock_of_a_new_certificate_leaves_with_it_and_stays_for_the_record(pool: PgPool) {
    complete(&pool).await;
    let (batch, _) = merged(&pool, &delivery(1, OCTOBER, "all"), &[locked(row(1, "N1", "ID1", "王小明"))]).await;
    finished(&pool, &batch).await;
    let counts = undone(&pool, &batch).await.unwrap();
    assert_eq!((counts.certificates_removed, counts.persons_removed), (1, 1));
    assert_eq!(sql::number(&pool, "select count(*) from lock").await, 0);
    let kept = "select content #>> '{locks,0,cause_text}' from undone_record where sort = 'certificate'";
    assert_eq!(sql::text(&pool, kept).await, "交付登记为锁定");
}
