//! Deliveries of the other shapes as the tests tell of them: rows staged, put into order, and in effect. Nobody here is real.

use domain::finding::Outcome;
use serde::Serialize;
use sqlx::PgPool;
use store::batches::{Batch, NewBatch};
use store::merge::Rules;
use store::records::{self, NewRecord, Subject};
use store::{applications, decisions, pending, violations};
use time::Date;

use crate::staged::{TODAY, delivery, merged, registered, row, settings};

/// The day on which the registers of these tests were true.
pub(crate) const REGISTER: Date = time::macros::date!(2026 - 10 - 31);

/// The certificate N1 of 王小明 (ID1), N2 of 李大海 (ID2), N3 of 王小明, all paper, valid to 2028-02-29.
pub(crate) async fn three_on_paper(pool: &PgPool) {
    store::testing::complete(pool).await;
    let rows = [row(1, "N1", "ID1", "王小明"), row(2, "N2", "ID2", "李大海"), row(3, "N3", "ID1", "王小明")];
    merged(pool, &delivery(200, REGISTER, "on-application"), &rows).await;
}

/// Whom a row names.
pub(crate) fn subject(number: Option<&str>, id_number: &str, name: &str) -> Subject {
    Subject {
        number: number.map(str::to_owned),
        kind: None,
        name: name.to_owned(),
        id_kind: "resident".to_owned(),
        id_number: id_number.to_owned(),
    }
}

/// N1 of 王小明.
pub(crate) fn first() -> Subject {
    subject(Some("N1"), "ID1", "王小明")
}

/// A delivery of a shape whose content is named by one byte.
pub(crate) fn shaped(content: u8, shape: &str) -> NewBatch {
    NewBatch { shape: shape.to_owned(), kind: None, ..delivery(content, TODAY, "on-application") }
}

/// Registers and stages a delivery and puts its rows into order.
pub(crate) async fn staged<F: Serialize>(pool: &PgPool, new: &NewBatch, rows: &[F]) -> Batch {
    let batch = registered(pool, new).await;
    let rows: Vec<NewRecord> = (1_i64..)
        .zip(rows)
        .map(|(row_no, fields)| NewRecord {
            row_no,
            line: row_no + 1,
            outcome: Outcome::Loaded.as_str(),
            original: vec![format!("cell {row_no}")],
            fields: Some(serde_json::to_value(fields).unwrap()),
            ..NewRecord::default()
        })
        .collect();
    let mut conn = pool.acquire().await.unwrap();
    records::stage(&mut conn, batch.id, &rows).await.unwrap();
    records::order(&mut conn, batch.id).await.unwrap();
    batch
}

/// Lets the turns `after` < turn ≤ `upto` of a batch take effect on a day.
pub(crate) async fn step(pool: &PgPool, batch: &Batch, today: Date, after: i64, upto: i64) {
    let settings = settings();
    let rules = Rules { settings: &settings, today, actor: "import" };
    let mut tx = pool.begin().await.unwrap();
    match batch.shape.as_str() {
        "decisions" => decisions::step(&mut tx, batch, rules, after, upto).await,
        "applications" => applications::step(&mut tx, batch, rules, after, upto).await,
        "violations" => violations::step(&mut tx, batch, rules, after, upto).await,
        _ => pending::step(&mut tx, batch, rules, after, upto).await,
    }
    .unwrap();
    tx.commit().await.unwrap();
}

/// Delivers rows and lets them take effect today.
pub(crate) async fn delivered<F: Serialize>(pool: &PgPool, content: u8, shape: &str, rows: &[F]) -> Batch {
    let batch = staged(pool, &shaped(content, shape), rows).await;
    step(pool, &batch, TODAY, 0, 1_000).await;
    batch
}

/// Everything that rows of these shapes can change, but for the outcomes of the rows themselves.
pub(crate) async fn everything(pool: &PgPool) -> String {
    crate::sql::text(
        pool,
        "select string_agg(t, E'\\n' order by t) from (
            select c::text as t from certificate c union all select e::text from certificate_event e union all select l::text from lock l
            union all select d::text from decision d union all select f::text from decision_effect f union all select a::text from application a
            union all select p::text from pending_business p union all select j::text from job j union all select s::text from certificate_specialty s
            union all select r.row_no || r.outcome || r.findings::text from intake_row r) x",
    )
    .await
}

/// Gives every person known an approved portrait.
pub(crate) async fn give_portraits(pool: &PgPool) {
    crate::sql::run(
        pool,
        "insert into photo (file_name, id_kind, id_number, person_id, original_sha256, original_key, size_bytes, state, portrait_sha256, portrait_key)
         select '1.jpg', id_kind, id_number, id, sha256('1'), 'o/1', 10, 'approved', sha256('2'), 'p/2' from person;
         update person p set portrait_photo_id = (select id from photo where person_id = p.id)",
    )
    .await;
}
