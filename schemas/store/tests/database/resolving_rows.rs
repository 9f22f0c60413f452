//! A held row that a person decided about goes on as if it had loaded, once, and the totals stay balanced.

use sqlx::PgPool;
use store::batches;
use store::merge::Rules;
use store::rows::{self, Decision, Settled};
use store::testing::complete;
use time::macros::date;

use crate::sql;
use crate::staged::{KIND, TODAY, certificate, delivery, merged, row, settings};

async fn settle(pool: &PgPool, batch: &batches::Batch, row_no: i64, change: impl FnOnce(&mut Decision<'_>)) -> Settled {
    let settings = settings();
    let mut tx = pool.begin().await.unwrap();
    let row = rows::find(&mut tx, batch.id, row_no).await.unwrap().unwrap();
    let mut decision = Decision {
        name: "accept",
        why: "checked",
        changes: serde_json::json!({}),
        person: None,
        outcome: "warned",
        findings: row.findings.clone(),
        fields: row.fields.clone(),
    };
    change(&mut decision);
    let rules = Rules { settings: &settings, today: TODAY, actor: "staff:王敏" };
    let settled = rows::settle(&mut tx, batch, Some(KIND), &row, &decision, rules).await.unwrap();
    if matches!(settled, Settled::Done(_)) {
        tx.commit().await.unwrap();
    }
    settled
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_row_is_resolved_once_and_the_totals_follow(pool: PgPool) {
    complete(&pool).await;
    let mut held = [row(2, "N2", "ID2", "李大海"), row(3, "N3", "ID3", "赵一"), row(4, "N4", "ID1", "王大明")];
    held.iter_mut().for_each(|row| row.outcome = "held");
    let all: Vec<_> = std::iter::once(row(1, "N1", "ID1", "王小明")).chain(held).collect();
    let (batch, _) = merged(&pool, &delivery(1, date!(2026 - 10 - 31), "on-application"), &all).await;
    assert_eq!(settle(&pool, &batch, 2, |_| ()).await, Settled::NotHeld, "the batch is not finished");
    let mut conn = pool.acquire().await.unwrap();
    batches::finish(&mut conn, batch.id, 4).await.unwrap();
    assert_eq!(rows::list(&mut conn, Some(batch.id), 10).await.unwrap().len(), 3);
    let Settled::Done(totals) = settle(&pool, &batch, 2, |_| ()).await else { panic!("the row is held") };
    assert_eq!((totals.created, certificate(&pool, "N2").await.as_str()), (1, "valid paper 2028-02-29 r1"));
    assert_eq!(settle(&pool, &batch, 2, |_| ()).await, Settled::NotHeld);
    let refused = settle(&pool, &batch, 3, |decision| {
        (decision.name, decision.outcome, decision.fields) = ("refuse", "rejected", None);
    });
    assert!(matches!(refused.await, Settled::Done(_)));
    assert_eq!(settle(&pool, &batch, 4, |_| ()).await, Settled::Against("same-id-other-name"));
    let known = batches::find(&mut conn, batch.id).await.unwrap().unwrap().totals;
    assert_eq!((known.read, known.loaded, known.warned, known.held, known.rejected), (4, 1, 1, 1, 1));
    assert_eq!(sql::number(&pool, "select count(*) from certificate where number = 'N3' or number = 'N4'").await, 0);
    assert_eq!(sql::number(&pool, "select count(*) from row_resolution").await, 2);
    assert_eq!(sql::number(&pool, "select count(*) from audit where action = 'row-resolved' and actor = 'staff:王敏'").await, 2);
    assert_eq!(sql::refusal(&pool, "update row_resolution set why = 'x'").await, "rows of row_resolution are append-only");
}
