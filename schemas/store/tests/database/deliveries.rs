//! Batches: what is a repeat, and when an import may end.

use domain::finding::{Finding, FindingCode};
use domain::kind::Kind;
use futures::TryStreamExt as _;
use sqlx::PgPool;
use store::batches::{self, CertificateTotals, NewBatch, Registered, Totals};
use store::intake_rows::{self, StagedRow};
use store::intake_steps::{self, Step};
use time::macros::date;

use crate::sql;
use crate::staged::{delivery, registered, row, stage};

async fn register(pool: &PgPool, new: &NewBatch) -> Registered {
    batches::register(&mut pool.acquire().await.unwrap(), new, "operator").await.unwrap()
}

fn october(content: u8) -> NewBatch {
    delivery(content, date!(2026 - 10 - 31), "all")
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_same_content_is_a_repeat_and_changes_nothing(pool: PgPool) {
    let first = registered(&pool, &october(1)).await;
    let again = NewBatch {
        file_name: "renamed.csv".to_owned(),
        as_of: date!(2026 - 11 - 01),
        issue_policy: "on-application".to_owned(),
        ..october(1)
    };
    assert_eq!(register(&pool, &again).await, Registered::RepeatOf(first.id), "while it runs");
    batches::finish(&mut pool.acquire().await.unwrap(), first.id, 0).await.unwrap();
    assert_eq!(register(&pool, &again).await, Registered::RepeatOf(first.id), "after it finished");
    for (table, rows) in [("intake_batch", 1), ("intake_file", 1), ("audit", 1)] {
        assert_eq!(sql::number(&pool, &format!("select count(*) from {table}")).await, rows, "{table}");
    }
    let mut conn = pool.acquire().await.unwrap();
    assert_eq!(batches::find_content(&mut conn, "certificates", october(1).kind, &[1; 32]).await.unwrap(), Some(first.id));
    assert_eq!(batches::find_content(&mut conn, "certificates", october(1).kind, &[2; 32]).await.unwrap(), None);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_same_content_under_another_kind_or_shape_is_new(pool: PgPool) {
    registered(&pool, &october(1)).await;
    for other in [
        NewBatch { kind: Some(Kind::Constructor), ..october(1) },
        NewBatch { shape: "photos".to_owned(), kind: None, ..october(1) },
        october(2),
    ] {
        assert!(matches!(register(&pool, &other).await, Registered::New(_)), "{other:?}");
    }
    let photos = NewBatch { shape: "photos".to_owned(), kind: None, ..october(1) };
    assert!(matches!(register(&pool, &photos).await, Registered::RepeatOf(_)), "shapes without a kind repeat too");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_batch_that_failed_or_was_undone_may_be_delivered_again(pool: PgPool) {
    let failed = registered(&pool, &october(1)).await;
    batches::fail(&mut pool.acquire().await.unwrap(), failed.id, "the file is cut off").await.unwrap();
    let second = registered(&pool, &october(1)).await;
    assert_ne!(second.id, failed.id);
    sql::run(&pool, &format!("update intake_batch set state = 'undone', finished_at = now() where id = {}", second.id)).await;
    let third = registered(&pool, &october(1)).await;
    assert_eq!(register(&pool, &october(1)).await, Registered::RepeatOf(third.id));

    let listed = batches::list(&mut pool.acquire().await.unwrap(), None).await.unwrap();
    let states: Vec<_> = listed.iter().map(|batch| (batch.id, batch.state.as_str(), batch.failure.as_deref())).collect();
    assert_eq!(states, [(third.id, "running", None), (second.id, "undone", None), (failed.id, "failed", Some("the file is cut off"))]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_import_ends_only_with_totals_that_balance(pool: PgPool) {
    let batch = registered(&pool, &october(1)).await;
    let of = |row_no, outcome| StagedRow { outcome, ..row(row_no, &format!("N{row_no}"), &format!("ID{row_no}"), "王小明") };
    let rows = [of(1, "loaded"), of(2, "warned"), of(3, "held"), of(4, "rejected"), of(5, "dropped"), of(6, "loaded")];
    stage(&pool, &batch, &rows).await;
    let mut conn = pool.acquire().await.unwrap();
    for read in [5, 7] {
        let error = batches::finish(&mut conn, batch.id, read).await.unwrap_err();
        assert_eq!(sql::reason(&error), "batch_balances", "{read} rows read, 6 accounted for");
    }
    assert_eq!(batches::find(&mut conn, batch.id).await.unwrap().unwrap().state, "running");

    batches::finish(&mut conn, batch.id, 6).await.unwrap();
    let finished = batches::find(&mut conn, batch.id).await.unwrap().unwrap();
    assert_eq!((finished.state.as_str(), finished.phase.as_str()), ("finished", "finished"));
    assert_eq!(finished.totals, Totals { read: 6, loaded: 2, warned: 1, held: 1, rejected: 1, dropped: 1 });
    assert_eq!(intake_rows::totals(&mut conn, batch.id).await.unwrap(), finished.totals);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_ended_batch_neither_fails_nor_advances(pool: PgPool) {
    let batch = registered(&pool, &october(1)).await;
    let mut conn = pool.acquire().await.unwrap();
    batches::advance(&mut conn, batch.id, "resolve", 40).await.unwrap();
    let under_way = batches::find(&mut conn, batch.id).await.unwrap().unwrap();
    assert_eq!((under_way.phase.as_str(), under_way.position), ("resolve", 40));
    batches::finish(&mut conn, batch.id, 0).await.unwrap();
    batches::fail(&mut conn, batch.id, "too late").await.unwrap();
    batches::advance(&mut conn, batch.id, "read", 1).await.unwrap();
    let ended = batches::find(&mut conn, batch.id).await.unwrap().unwrap();
    assert_eq!((ended.state.as_str(), ended.phase.as_str(), ended.failure), ("finished", "finished", None));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_a_batch_did_to_certificates_adds_up(pool: PgPool) {
    let batch = registered(&pool, &october(1)).await;
    let mut conn = pool.acquire().await.unwrap();
    for (after, totals) in [(0, (3, 0, 1)), (10, (0, 2, 5))] {
        let step = Step { after, upto: after + 10 };
        intake_steps::staged(&mut conn, batch.id, step).await.unwrap();
        let totals = CertificateTotals { created: totals.0, updated: totals.1, unchanged: totals.2 };
        intake_steps::merged(&mut conn, batch.id, step, totals).await.unwrap();
    }
    assert_eq!(intake_steps::rows_merged(&mut conn, batch.id).await.unwrap(), 20);
    let counted = batches::find(&mut conn, batch.id).await.unwrap().unwrap().certificates;
    assert_eq!(counted, CertificateTotals { created: 3, updated: 2, unchanged: 6 });
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn each_lane_takes_a_step_of_its_own_until_all_are_merged(pool: PgPool) {
    let batch = registered(&pool, &october(1)).await;
    let steps = [Step { after: 0, upto: 10 }, Step { after: 10, upto: 15 }];
    let mut conn = pool.acquire().await.unwrap();
    for step in steps {
        intake_steps::staged(&mut conn, batch.id, step).await.unwrap();
    }
    assert_eq!(intake_steps::all(&mut conn, batch.id).await.unwrap(), steps);
    let (mut one, mut other) = (pool.begin().await.unwrap(), pool.begin().await.unwrap());
    assert_eq!(intake_steps::take(&mut one, batch.id).await.unwrap(), Some(steps[0]));
    assert_eq!(intake_steps::take(&mut other, batch.id).await.unwrap(), Some(steps[1]));
    assert_eq!(intake_steps::take(&mut conn, batch.id).await.unwrap(), None);
    intake_steps::merged(&mut one, batch.id, steps[0], CertificateTotals::default()).await.unwrap();
    one.commit().await.unwrap();
    other.rollback().await.unwrap();
    assert_eq!(intake_steps::take(&mut conn, batch.id).await.unwrap(), Some(steps[1]), "what a lane lost is taken again");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn staged_texts_come_back_as_they_were_delivered(pool: PgPool) {
    let batch = registered(&pool, &october(1)).await;
    let awkward = ["tab\there", "line\nbreak", "return\rcarried", r"back\slash", r"\N", "\\.", "", "𠮷田·买买提", "quote\"d'", "nul\0byte"];
    let rows: Vec<StagedRow> = (1..)
        .zip(awkward)
        .map(|(n, text)| StagedRow { outcome: "held", original: vec![text.to_owned()], ..row(n, text, "ID", text) })
        .collect();
    stage(&pool, &batch, &rows).await;
    let reported: Vec<_> = intake_rows::reported(&mut pool.acquire().await.unwrap(), batch.id).try_collect().await.unwrap();
    assert_eq!(reported.len(), awkward.len());
    for (row, text) in reported.iter().zip(awkward) {
        assert_eq!(row.original[0], text.replace('\0', "\u{2400}"));
    }
    let names = sql::texts(&pool, "select name from intake_row order by row_no").await;
    assert_eq!(names, awkward.map(|text| text.replace('\0', "\u{2400}")));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_finding_about_a_text_with_a_nul_is_staged_like_any_other(pool: PgPool) {
    let batch = registered(&pool, &october(1)).await;
    let finding = Finding::about(FindingCode::PhotoBadName, "nul\0byte.jpg");
    let rejected =
        StagedRow { row_no: 1, line: 1, outcome: "rejected", findings: vec![intake_rows::finding_json(&finding)], ..StagedRow::default() };
    let copied = intake_rows::copy(&mut pool.acquire().await.unwrap(), batch.id, &[rejected]).await;
    assert_eq!(copied.map_err(|error| sql::reason(&error)), Ok(1));
    let original = sql::text(&pool, "select findings -> 0 ->> 'original' from intake_row").await;
    assert_eq!(original, "nul\u{2400}byte.jpg");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_failed_delivery_leaves_no_rows_behind(pool: PgPool) {
    let batch = registered(&pool, &october(1)).await;
    let other = registered(&pool, &october(2)).await;
    for batch in [&batch, &other] {
        stage(&pool, batch, &[row(1, "N1", "ID1", "王小明"), row(2, "N2", "ID2", "李大海")]).await;
    }
    let mut conn = pool.acquire().await.unwrap();
    assert_eq!(intake_rows::last_staged(&mut conn, batch.id).await.unwrap(), 2);
    intake_rows::forget(&mut conn, batch.id).await.unwrap();
    assert_eq!(intake_rows::last_staged(&mut conn, batch.id).await.unwrap(), 0);
    assert_eq!(intake_rows::last_staged(&mut conn, other.id).await.unwrap(), 2);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_step_in_other_hands_is_waited_for(pool: PgPool) {
    let batch = registered(&pool, &delivery(1, date!(2026 - 10 - 31), "on-application")).await;
    intake_steps::staged(&mut pool.acquire().await.unwrap(), batch.id, Step { after: 0, upto: 1 }).await.unwrap();
    let mut dying = pool.begin().await.unwrap();
    let step = intake_steps::take(&mut dying, batch.id).await.unwrap().unwrap();
    let mut other = pool.begin().await.unwrap();
    assert!(intake_steps::take(&mut other, batch.id).await.unwrap().is_none(), "it is passed over");
    let waiting = tokio::spawn(async move {
        let left = intake_steps::is_any_left(&mut other, batch.id).await.unwrap();
        other.rollback().await.unwrap();
        left
    });
    dying.rollback().await.unwrap();
    assert!(waiting.await.unwrap(), "what its holder did not merge is left");
    let mut tx = pool.begin().await.unwrap();
    intake_steps::merged(&mut tx, batch.id, step, CertificateTotals::default()).await.unwrap();
    assert!(!intake_steps::is_any_left(&mut tx, batch.id).await.unwrap());
}
