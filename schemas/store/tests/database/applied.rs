//! Applications are released, kept, or answered with every reason.

use sqlx::PgPool;
use store::applications::Fields;
use time::macros::date;

use crate::shaped::{delivered, everything, first, give_portraits, step, subject, three_on_paper};
use crate::sql;
use crate::staged::{TODAY, certificate, events, fates};

fn application(number: &str) -> Fields {
    Fields {
        subject: first(),
        number: number.to_owned(),
        on: Some(date!(2026 - 11 - 20)),
        channel: Some("网站".to_owned()),
        phone: Some("19900000001".to_owned()),
    }
}

async fn answers(pool: &PgPool) -> Vec<String> {
    sql::texts(
        pool,
        "select concat_ws(' ', a.number, c.number, a.answer, (select string_agg(r ->> 'code', ' ') from jsonb_array_elements(a.reasons) r))
         from application a join certificate c on c.id = a.certificate_id order by a.id",
    )
    .await
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_application_releases_paper_that_may_be_issued(pool: PgPool) {
    three_on_paper(&pool).await;
    let batch = delivered(&pool, 1, "applications", &[application("A1")]).await;
    assert_eq!(fates(&pool, &batch).await, ["1 loaded"]);
    assert_eq!(certificate(&pool, "N1").await, "valid awaiting-photo 2028-02-29 r1");
    assert_eq!(events(&pool, "N1").await, ["imported", "requested"]);
    assert_eq!(answers(&pool).await, ["A1 N1 released no-photo"]);
    give_portraits(&pool).await;
    delivered(&pool, 2, "applications", &[Fields { subject: subject(Some("N2"), "ID2", "李大海"), ..application("A2") }]).await;
    assert_eq!(certificate(&pool, "N2").await, "valid ready 2028-02-29 r1");
    assert_eq!(sql::number(&pool, "select count(*) from job where kind = 'issue_certificates'").await, 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_refused_application_is_answered_with_every_reason(pool: PgPool) {
    three_on_paper(&pool).await;
    sql::run(&pool, "update certificate set legal_status = 'suspended', valid_until = '2026-11-14' where number = 'N1'").await;
    let batch = delivered(&pool, 1, "applications", &[application("A1")]).await;
    assert_eq!(fates(&pool, &batch).await, ["1 warned application-refused"]);
    assert_eq!(answers(&pool).await, ["A1 N1 refused suspended expired no-photo"]);
    let message = sql::text(&pool, "select findings -> 0 ->> 'detail' from intake_row where fields is not null").await;
    assert!(
        message.contains("证书已被暂扣") && message.contains("must be renewed first") && message.contains("缺少审核通过的照片"),
        "{message}"
    );
    assert_eq!(events(&pool, "N1").await, ["imported"], "nothing happened to the certificate");

    // Delivered again it is judged again: with the same reasons, or released where they are gone.
    let again = delivered(&pool, 2, "applications", &[application("A1"), application("A1")]).await;
    assert_eq!(fates(&pool, &again).await, ["1 warned application-refused", "2 warned application-refused"]);
    sql::run(&pool, "update certificate set legal_status = 'valid', valid_until = '2028-02-29' where number = 'N1'").await;
    let released = delivered(&pool, 3, "applications", &[application("A1")]).await;
    assert_eq!(fates(&pool, &released).await, ["1 loaded"]);
    let known = delivered(&pool, 4, "applications", &[application("A1")]).await;
    assert_eq!(fates(&pool, &known).await, ["1 loaded already-known"]);
    assert_eq!(answers(&pool).await, ["A1 N1 refused suspended expired no-photo", "A1 N1 released no-photo"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_request_against_which_only_something_temporary_stands_is_kept(pool: PgPool) {
    three_on_paper(&pool).await;
    give_portraits(&pool).await;
    sql::run(
        &pool,
        "insert into lock (person_id, cause, cause_text, since, until, set_by)
         select id, 'violation', '处罚', '2026-11-01', '2026-11-20', 'staff' from person where id_number = 'ID1'",
    )
    .await;
    let batch = delivered(&pool, 1, "applications", &[application("A1")]).await;
    assert_eq!(fates(&pool, &batch).await, ["1 loaded application-kept"]);
    assert_eq!(certificate(&pool, "N1").await, "valid ready 2028-02-29 r1");
    assert_eq!(sql::number(&pool, "select count(*) from job where kind = 'issue_certificates'").await, 0);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn without_a_number_it_asks_for_every_certificate_of_the_person(pool: PgPool) {
    three_on_paper(&pool).await;
    let rows = [
        Fields { subject: subject(None, "ID1", "王小明"), ..application("A1") },
        Fields { subject: subject(None, "ID9", "王小明"), ..application("A2") },
        Fields { subject: subject(None, "ID2", "王小明"), ..application("A3") },
    ];
    let batch = delivered(&pool, 1, "applications", &rows).await;
    assert_eq!(fates(&pool, &batch).await, ["1 warned all-certificates-of-holder", "2 held holder-unknown", "3 held not-the-holder"]);
    assert_eq!(answers(&pool).await, ["A1 N1 released no-photo", "A1 N3 released no-photo"]);
    assert_eq!(
        sql::text(&pool, "select findings -> 0 ->> 'detail' from intake_row where fields is not null and row_no = 1").await,
        "N1、N3"
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_same_application_again_is_one_and_a_step_again_changes_nothing(pool: PgPool) {
    three_on_paper(&pool).await;
    let unnumbered = Fields { subject: subject(Some("N3"), "ID1", "王小明"), ..application("") };
    let other = Fields { subject: subject(Some("N2"), "ID2", "李大海"), ..application("A1") };
    let rows = [application("A1"), application("A1"), other, unnumbered.clone(), unnumbered.clone(), application("A2")];
    let batch = delivered(&pool, 1, "applications", &rows).await;
    let expected = [
        "1 loaded",
        "2 loaded duplicate-row",
        "3 held application-number-taken",
        "4 loaded",
        "5 loaded duplicate-row",
        "6 loaded already-electronic",
    ];
    assert_eq!(fates(&pool, &batch).await, expected);
    assert_eq!(answers(&pool).await.len(), 3);
    let before = sql::text(
        &pool,
        "select string_agg(t, ' ') from (select e::text as t from certificate_event e union all select a::text from application a) x",
    )
    .await;
    let again = delivered(&pool, 2, "applications", &[application("A1"), unnumbered]).await;
    assert_eq!(fates(&pool, &again).await, ["1 loaded already-known", "2 loaded already-known"]);
    assert_eq!(
        sql::text(
            &pool,
            "select string_agg(t, ' ') from (select e::text as t from certificate_event e union all select a::text from application a) x"
        )
        .await,
        before
    );
    let single =
        delivered(&pool, 3, "applications", &[Fields { subject: subject(Some("N2"), "ID2", "李大海"), ..application("A7") }]).await;
    let before = everything(&pool).await;
    step(&pool, &single, TODAY, 0, 1_000).await;
    assert_eq!(everything(&pool).await, before);
}
