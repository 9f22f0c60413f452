//! The titles above a row, whether they stand in a row of the file or not, and steps that are bounded by bytes.

use sqlx::PgPool;
use store::batches;
use store::intake_rows::{self, StagedRow};
use store::intake_titles::{self, TitlesFrom};
use store::records::{self, NewRecord};
use store::rows;
use time::macros::date;

use crate::staged::{delivery, registered, stage};

fn held(row_no: i64, sheet: &str, code: &str) -> StagedRow {
    let findings = vec![serde_json::json!({ "code": code })];
    let outcome = if code == "header-row" { "dropped" } else { "held" };
    StagedRow { row_no, line: row_no, sheet: sheet.to_owned(), outcome, findings, original: vec![format!("c{row_no}")], fields: None }
}

fn titles(from_row: i64, sheet: &str, titles: &[&str]) -> TitlesFrom {
    TitlesFrom { from_row, sheet: sheet.to_owned(), titles: titles.iter().map(|title| (*title).to_owned()).collect() }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn every_row_stands_below_the_last_titles_of_its_sheet(pool: PgPool) {
    let batch = registered(&pool, &delivery(1, date!(2026 - 10 - 31), "on-application")).await;
    let all = [
        held(1, "一", "end-missing"),
        held(2, "一", "end-missing"),
        held(3, "二", "header-row"),
        held(4, "二", "end-missing"),
        held(5, "三", "row-without-header"),
        held(6, "四", "end-missing"),
    ];
    stage(&pool, &batch, &all).await;
    let mut conn = pool.acquire().await.unwrap();
    batches::set_titles(&mut conn, batch.id, "utf-8", &["a".to_owned()]).await.unwrap();
    let of_file = rows::find(&mut conn, batch.id, 2).await.unwrap().unwrap().titles;
    assert_eq!(of_file, ["a"], "a batch that came before titles were kept");
    let found = [titles(1, "一", &["a"]), titles(2, "一", &["a", "b"]), titles(6, "四", &["x"])];
    for _ in 0..2 {
        intake_titles::keep(&mut conn, batch.id, &found).await.unwrap();
    }
    let mut above = Vec::new();
    for row_no in [1, 2, 4, 5, 6] {
        above.push(rows::find(&mut conn, batch.id, row_no).await.unwrap().unwrap().titles.join(","));
    }
    assert_eq!(above, ["a", "a,b", "c3", "", "x"]);
    let headers: Vec<_> = rows::headers(&mut conn, batch.id).await.unwrap().into_iter().map(|(row, sheet, _)| (row, sheet)).collect();
    let expected = [(0, "一"), (1, "一"), (3, "二"), (5, "四")].map(|(row, sheet)| (row, sheet.to_owned()));
    assert_eq!(headers, expected);
    intake_rows::forget(&mut conn, batch.id).await.unwrap();
    assert_eq!(rows::headers(&mut conn, batch.id).await.unwrap(), [(0, String::new(), vec!["a".to_owned()])]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_step_of_long_rows_ends_before_its_bytes_are_too_many(pool: PgPool) {
    let batch = registered(&pool, &delivery(1, date!(2026 - 10 - 31), "on-application")).await;
    let record = |row_no: i64, bytes: usize| NewRecord {
        row_no,
        line: row_no,
        outcome: "loaded",
        fields: Some(serde_json::json!({ "on": "2026-01-01", "reason": "x".repeat(bytes) })),
        ..NewRecord::default()
    };
    let all = [record(1, 900), record(2, 900), record(3, 90_000), record(4, 10)];
    let mut conn = pool.acquire().await.unwrap();
    records::stage(&mut conn, batch.id, &all).await.unwrap();
    records::order(&mut conn, batch.id).await.unwrap();
    let mut upto = Vec::new();
    for (after, last) in [(0, 4), (1, 4), (2, 4), (3, 4), (0, 1)] {
        upto.push(records::turns_within(&mut conn, batch.id, (after, last), 2_000).await.unwrap());
    }
    assert_eq!(upto, [2, 2, 3, 4, 1]);
}
