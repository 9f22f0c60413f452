//! Deliveries as the tests tell of them: rows of safety personnel, staged and merged. Nobody here is real.

use domain::kind::Kind;
use domain::settings::Settings;
use sqlx::PgPool;
use store::batches::{self, Batch, CertificateTotals, NewBatch, Registered};
use store::intake_rows::{self, StagedFields, StagedRow};
use store::intake_steps::Step;
use store::merge::{self, Lane, Rules};
use store::resolve;
use time::Date;
use time::macros::date;

use crate::sql;

/// The kind of the tests' certificates.
pub(crate) const KIND: Kind = Kind::SafetyPersonnel;
/// The day on which everything happens.
pub(crate) const TODAY: Date = date!(2026 - 11 - 15);

/// A province that switched over on the first of October 2026.
pub(crate) fn settings() -> Settings {
    Settings::default().with_cut_over(KIND, date!(2026 - 10 - 01))
}

/// A delivery whose content is named by one byte.
pub(crate) fn delivery(content: u8, as_of: Date, issue_policy: &str) -> NewBatch {
    NewBatch {
        shape: "certificates".to_owned(),
        kind: Some(KIND),
        sha256: [content; 32],
        issue_policy: issue_policy.to_owned(),
        as_of,
        file_name: format!("delivery-{content}.csv"),
        location: format!("objects/{content}"),
        size_bytes: 1_000,
    }
}

/// Registers a delivery that must be new.
pub(crate) async fn registered(pool: &PgPool, new: &NewBatch) -> Batch {
    let mut conn = pool.acquire().await.unwrap();
    let Registered::New(id) = batches::register(&mut conn, new, "operator").await.unwrap() else { panic!("{} is a repeat", new.file_name) };
    batches::find(&mut conn, id).await.unwrap().unwrap()
}

/// A plain row: renewed on paper in 2025, before the switch.
pub(crate) fn row(row_no: i64, number: &str, id_number: &str, name: &str) -> StagedRow {
    StagedRow {
        row_no,
        line: row_no + 1,
        outcome: "loaded",
        original: vec![name.to_owned(), number.to_owned()],
        fields: Some(StagedFields {
            number: number.to_owned(),
            number_printed: number.to_owned(),
            name: name.to_owned(),
            id_kind: "resident".to_owned(),
            id_number: id_number.to_owned(),
            id_original: id_number.to_owned(),
            first_issued_on: Some(date!(2016 - 05 - 04)),
            issued_on: Some(date!(2025 - 03 - 01)),
            valid_from: Some(date!(2025 - 03 - 01)),
            valid_until: Some(date!(2028 - 02 - 29)),
            legal_status: Some("valid".to_owned()),
            ..StagedFields::default()
        }),
        ..StagedRow::default()
    }
}

/// A row with some of its fields changed.
pub(crate) fn with(mut row: StagedRow, change: impl FnOnce(&mut StagedFields)) -> StagedRow {
    change(row.fields.as_mut().unwrap());
    row
}

/// Stages rows of a batch.
pub(crate) async fn stage(pool: &PgPool, batch: &Batch, rows: &[StagedRow]) {
    let copied = intake_rows::copy(&mut pool.acquire().await.unwrap(), batch.id, rows).await.unwrap();
    assert_eq!(copied, u64::try_from(rows.len()).unwrap());
}

/// Stages rows and makes certificates of them in one step.
pub(crate) async fn merged(pool: &PgPool, new: &NewBatch, rows: &[StagedRow]) -> (Batch, CertificateTotals) {
    let batch = registered(pool, new).await;
    let settings = settings();
    let asking =
        |fields: &mut StagedFields| fields.request = merge::requested_when_new(fields, KIND, &batch.issue_policy, &settings, TODAY);
    let rows: Vec<StagedRow> = rows.iter().map(|row| if row.fields.is_some() { with(row.clone(), asking) } else { row.clone() }).collect();
    stage(pool, &batch, &rows).await;
    let totals = step(pool, &batch).await;
    (batch, totals)
}

/// Compares the rows of a batch with each other and with what is known.
pub(crate) async fn compare(pool: &PgPool, batch: &Batch) {
    let mut conn = pool.acquire().await.unwrap();
    merge::know(&mut conn, batch.id, KIND, Step { after: 0, upto: 1_000 }).await.unwrap();
    // As of a delivery so long that its hashes are compared in three parts.
    let mut suspects = resolve::suspects(&mut conn, batch.id, 3_000_000).await.unwrap();
    suspects.by_birth.extend(resolve::namesakes(&mut conn, batch.id).await.unwrap());
    resolve::cross_row_rules(&mut conn, batch.id, &suspects).await.unwrap();
}

/// Merges every row of a batch that is not merged yet.
pub(crate) async fn step(pool: &PgPool, batch: &Batch) -> CertificateTotals {
    let settings = settings();
    let rules = Rules { settings: &settings, today: TODAY, actor: "import" };
    let mut tx = pool.begin().await.unwrap();
    merge::employers(&mut tx, batch.id).await.unwrap();
    let step = Step { after: 0, upto: 1_000 };
    merge::know(&mut tx, batch.id, KIND, step).await.unwrap();
    let totals = merge::step(&mut tx, &mut Lane::new(batch, KIND, rules), step).await.unwrap();
    merge::adopt_photos(&mut tx, batch.id, rules.actor, TODAY).await.unwrap();
    tx.commit().await.unwrap();
    totals
}

/// What a merge counted: created, updated, unchanged.
pub(crate) fn counts(totals: CertificateTotals) -> (i64, i64, i64) {
    (totals.created, totals.updated, totals.unchanged)
}

/// What became of each row: its number, outcome, whether another speaks for it, and the codes found.
pub(crate) async fn fates(pool: &PgPool, batch: &Batch) -> Vec<String> {
    sql::texts(
        pool,
        &format!(
            "select concat_ws(' ', row_no, outcome, case when superseded then 'superseded' end,
                              (select string_agg(f ->> 'code', ' ' order by n) from jsonb_array_elements(findings) with ordinality as x (f, n)))
             from intake_row where batch_id = {} order by row_no",
            batch.id
        ),
    )
    .await
}

/// A certificate's legal status, stage, end and revision.
pub(crate) async fn certificate(pool: &PgPool, number: &str) -> String {
    sql::text(
        pool,
        &format!("select concat_ws(' ', legal_status, stage, valid_until, 'r' || revision) from certificate where number = '{number}'"),
    )
    .await
}

/// The events of a certificate, oldest first.
pub(crate) async fn events(pool: &PgPool, number: &str) -> Vec<String> {
    sql::texts(
        pool,
        &format!(
            "select event from certificate_event e join certificate c on c.id = e.certificate_id where c.number = '{number}' order by e.seq"
        ),
    )
    .await
}
