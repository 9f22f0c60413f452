//! A batch is undone whole or not at all; what leaves the register stays for the record.

use sqlx::PgPool;
use store::testing::complete;
use store::undo::{self, Concerned, Obstacle, Undone};
use time::Date;
use time::macros::date;

use crate::sql;
use crate::staged::{TODAY, certificate, delivery, events, merged, row, with};

const OCTOBER: Date = date!(2026 - 10 - 31);

pub(crate) async fn finished(pool: &PgPool, batch: &store::batches::Batch) {
    let mut tx = pool.begin().await.unwrap();
    let read = store::intake_rows::last_staged(&mut tx, batch.id).await.unwrap();
    store::batches::finish(&mut tx, batch.id, read).await.unwrap();
    tx.commit().await.unwrap();
}

pub(crate) async fn undone(pool: &PgPool, batch: &store::batches::Batch) -> Result<Undone, Vec<Obstacle>> {
    let mut tx = pool.begin().await.unwrap();
    let undone = undo::undo(&mut tx, batch.id, "staff:王敏", "wrong file", TODAY).await.unwrap();
    if undone.is_ok() {
        tx.commit().await.unwrap();
    }
    undone
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn new_certificates_leave_with_their_holders_and_may_come_again(pool: PgPool) {
    complete(&pool).await;
    let rows = [row(1, "N1", "ID1", "王小明"), row(2, "N2", "ID2", "李大海")];
    let (batch, _) = merged(&pool, &delivery(1, OCTOBER, "all"), &rows).await;
    assert_eq!(undone(&pool, &batch).await, Err(vec![Obstacle::State("running".to_owned())]));
    finished(&pool, &batch).await;
    let counts = undone(&pool, &batch).await.unwrap();
    assert_eq!((counts.certificates_removed, counts.persons_removed, counts.certificates_restored), (2, 2, 0));
    for (table, rows) in
        [("certificate", 0), ("certificate_event", 0), ("person", 0), ("undone_event", 2), ("undone_record", 4), ("intake_row", 2)]
    {
        assert_eq!(sql::number(&pool, &format!("select count(*) from {table}")).await, rows, "{table}");
    }
    assert_eq!(sql::text(&pool, "select state || ' ' || rows_loaded from intake_batch").await, "undone 2");
    assert_eq!(sql::text(&pool, "select actor from audit where action = 'batch-undone'").await, "staff:王敏");
    assert_eq!(undone(&pool, &batch).await, Err(vec![Obstacle::State("undone".to_owned())]));
    let (again, totals) = merged(&pool, &delivery(1, OCTOBER, "all"), &rows).await;
    assert!(again.id != batch.id && totals.created == 2);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn known_certificates_are_again_what_they_were(pool: PgPool) {
    complete(&pool).await;
    let (first, _) =
        merged(&pool, &delivery(1, OCTOBER, "on-application"), &[row(1, "N1", "ID1", "王小明"), row(2, "N2", "ID2", "李大海")]).await;
    finished(&pool, &first).await;
    let before = certificate(&pool, "N1").await;
    let renewed = with(row(1, "N1", "ID1", "王小明"), |fields| {
        fields.valid_until = Some(date!(2031 - 02 - 28));
        fields.duty = Some("项目负责人".to_owned());
    });
    let later = delivery(2, date!(2026 - 11 - 10), "on-application");
    let (second, totals) = merged(&pool, &later, &[renewed, row(2, "N2", "ID2", "李大海"), row(3, "N3", "ID3", "赵一")]).await;
    assert_eq!((totals.created, totals.updated, totals.unchanged), (1, 1, 1));
    finished(&pool, &second).await;
    let against = undone(&pool, &first).await.unwrap_err();
    let both = Concerned { count: 2, numbers: vec!["N1".to_owned(), "N2".to_owned()] };
    assert!(against.contains(&Obstacle::DeliveredAgain(both, vec![second.id])), "{against:?}");
    let counts = undone(&pool, &second).await.unwrap();
    assert_eq!((counts.certificates_removed, counts.certificates_restored), (1, 1));
    assert_eq!(certificate(&pool, "N1").await, before.replace("r1", "r3"));
    assert_eq!(events(&pool, "N1").await.last().map(String::as_str), Some("record-restored"));
    assert_eq!(sql::number(&pool, "select count(*) from certificate where delivered_as_of = '2026-10-31' and duty is null").await, 2);
    assert!(undone(&pool, &first).await.is_ok(), "nothing later stands in the way any more");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_happened_since_stands_against_it_and_history_is_never_lost(pool: PgPool) {
    complete(&pool).await;
    let (batch, _) = merged(&pool, &delivery(1, OCTOBER, "on-application"), &[row(1, "N1", "ID1", "王小明")]).await;
    finished(&pool, &batch).await;
    assert_eq!(sql::refusal(&pool, "delete from certificate_event").await, "rows of certificate_event are append-only");
    sql::run(
        &pool,
        "insert into certificate_event (certificate_id, seq, at, actor, event, legal_status, stage, hash)
             select id, 2, now(), 'a', 'locked', legal_status, stage, '\\x00' from certificate;
         update certificate set event_seq = 2;
         insert into lock (certificate_id, cause, cause_text, since, set_by) select id, 'other', 'x', '2026-11-01', 'a' from certificate",
    )
    .await;
    let one = Concerned { count: 1, numbers: vec!["N1".to_owned()] };
    assert_eq!(undone(&pool, &batch).await, Err(vec![Obstacle::LaterEvents(one.clone()), Obstacle::ReferredTo(one)]));
    assert_eq!(certificate(&pool, "N1").await, "valid paper 2028-02-29 r1");
    for table in ["undone_event", "undone_record", "batch_undo", "row_resolution"] {
        assert_eq!(sql::refusal(&pool, &format!("truncate {table}")).await, format!("rows of {table} are append-only"));
    }
}
