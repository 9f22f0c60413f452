//! Decisions take effect once, in the order of their days, and nothing undoes a later one.

use sqlx::PgPool;
use store::decisions::{self, Fields};
use store::merge::Rules;
use time::Date;
use time::macros::date;

use crate::shaped::{delivered, everything, first, shaped, staged, step, subject, three_on_paper};
use crate::sql;
use crate::staged::{TODAY, certificate, events, fates, settings};

/// A decision about N1 since the cut-over (2026-10-01).
fn decision(number: &str, kind: &str, on: Date) -> Fields {
    Fields {
        subject: first(),
        number: number.to_owned(),
        kind: kind.to_owned(),
        on: Some(on),
        effective_on: None,
        valid_from: None,
        valid_until: None,
        employer_name: None,
        employer_key: None,
        employer_code: None,
        duty: None,
        specialties: Vec::new(),
        reason: None,
    }
}

fn renewal(number: &str, on: Date, until: Date) -> Fields {
    Fields { valid_from: Some(date!(2026 - 10 - 10)), valid_until: Some(until), ..decision(number, "renewal", on) }
}

fn change(number: &str, on: Date, employer: &str) -> Fields {
    Fields {
        employer_name: Some(format!("{employer}建筑有限公司")),
        employer_key: Some(format!("{employer}建筑")),
        ..decision(number, "change", on)
    }
}

const OCTOBER: Date = date!(2026 - 10 - 10);

async fn employer(pool: &PgPool, number: &str) -> String {
    sql::text(pool, &format!("select e.name from certificate c left join employer e on e.id = c.employer_id where c.number = '{number}'"))
        .await
}

async fn effects(pool: &PgPool) -> Vec<String> {
    sql::texts(pool, "select d.number || ' ' || coalesce(e.effect, 'waits') from decision d left join decision_effect e on e.decision_id = d.id order by d.number")
        .await
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_renewal_since_the_cut_over_calls_for_the_electronic_certificate(pool: PgPool) {
    three_on_paper(&pool).await;
    let batch = delivered(&pool, 1, "decisions", &[renewal("D1", OCTOBER, date!(2031 - 02 - 28))]).await;
    assert_eq!(certificate(&pool, "N1").await, "valid awaiting-photo 2031-02-28 r2");
    assert_eq!(fates(&pool, &batch).await, ["1 loaded"]);
    assert_eq!(events(&pool, "N1").await, ["imported", "renewed"]);
    let kept = "select concat_ws(' ', valid_from, issued_on, decided_as_of) from certificate where number = 'N1'";
    assert_eq!(sql::text(&pool, kept).await, "2026-10-10 2026-10-10 2026-10-31");
    assert_eq!(sql::text(&pool, "select printed::text from decision").await, "[\"cell 1\"]");
    assert_eq!(effects(&pool).await, ["D1 taken"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_next_version_of_a_holder_with_a_portrait_is_enqueued(pool: PgPool) {
    three_on_paper(&pool).await;
    crate::shaped::give_portraits(&pool).await;
    delivered(&pool, 1, "decisions", &[renewal("D1", OCTOBER, date!(2031 - 02 - 28))]).await;
    assert_eq!(certificate(&pool, "N1").await, "valid ready 2031-02-28 r2");
    assert_eq!(sql::number(&pool, "select count(*) from job where kind = 'issue_certificates'").await, 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_decision_of_before_the_cut_over_alters_the_fields_only(pool: PgPool) {
    three_on_paper(&pool).await;
    delivered(&pool, 1, "decisions", &[change("D1", date!(2026 - 09 - 30), "西安甲")]).await;
    assert_eq!(certificate(&pool, "N1").await, "valid paper 2028-02-29 r2");
    assert_eq!(employer(&pool, "N1").await, "西安甲建筑有限公司");
    assert_eq!(effects(&pool).await, ["D1 fields-only"]);
    assert_eq!(events(&pool, "N1").await, ["imported", "changed"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_period_at_hand_goes_on_until_the_new_one_begins(pool: PgPool) {
    three_on_paper(&pool).await;
    let renewed = Fields { valid_from: Some(date!(2028 - 03 - 01)), ..renewal("D1", OCTOBER, date!(2031 - 02 - 28)) };
    delivered(&pool, 1, "decisions", &[renewed]).await;
    assert_eq!(
        sql::text(&pool, "select valid_from || ' ' || valid_until from certificate where number = 'N1'").await,
        "2025-03-01 2031-02-28"
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn decisions_take_effect_in_the_order_of_their_days_whatever_the_lines(pool: PgPool) {
    three_on_paper(&pool).await;
    let rows = [
        change("D3", date!(2026 - 11 - 01), "西安丙"),
        change("D1", date!(2026 - 10 - 02), "西安甲"),
        decision("D5", "cancellation", date!(2026 - 11 - 10)),
        change("D2", date!(2026 - 10 - 20), "西安乙"),
        decision("D4", "suspension", date!(2026 - 11 - 02)),
    ];
    let batch = delivered(&pool, 1, "decisions", &rows).await;
    assert_eq!(employer(&pool, "N1").await, "西安丙建筑有限公司");
    assert_eq!(events(&pool, "N1").await, ["imported", "changed", "changed", "changed", "suspended", "cancelled"]);
    assert_eq!(fates(&pool, &batch).await, ["1 loaded", "2 loaded", "3 loaded", "4 loaded", "5 loaded"]);
    let steps = staged(&pool, &shaped(2, "decisions"), &[change("D9", TODAY, "西安丁")]).await;
    step(&pool, &steps, TODAY, 0, 1).await;
    assert_eq!(fates(&pool, &steps).await, ["1 held decision-refused"], "what is cancelled does not change");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_earlier_decision_never_undoes_a_later_one(pool: PgPool) {
    three_on_paper(&pool).await;
    delivered(&pool, 1, "decisions", &[change("D2", date!(2026 - 11 - 01), "西安乙"), decision("D4", "suspension", date!(2026 - 11 - 02))])
        .await;
    let earlier = [
        change("D1", date!(2026 - 10 - 02), "西安甲"),
        decision("D3", "cancellation", date!(2026 - 10 - 03)),
        renewal("D5", date!(2026 - 10 - 04), date!(2031 - 02 - 28)),
    ];
    let before = certificate(&pool, "N1").await;
    let batch = delivered(&pool, 2, "decisions", &earlier).await;
    let overtaken = |n: i64| format!("{n} warned decision-overtaken");
    assert_eq!(fates(&pool, &batch).await, [overtaken(1), overtaken(2), overtaken(3)]);
    assert_eq!(certificate(&pool, "N1").await, before);
    assert_eq!(employer(&pool, "N1").await, "西安乙建筑有限公司");
    assert_eq!(effects(&pool).await, ["D1 none", "D2 taken", "D3 none", "D4 taken", "D5 none"], "and all are kept for ever");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_same_decision_again_changes_nothing_and_another_under_its_number_is_held(pool: PgPool) {
    three_on_paper(&pool).await;
    let known = renewal("D1", OCTOBER, date!(2031 - 02 - 28));
    let batch = delivered(&pool, 1, "decisions", &[known.clone(), known.clone()]).await;
    assert_eq!(fates(&pool, &batch).await, ["1 loaded", "2 loaded duplicate-row"]);
    let state =
        "select string_agg(t, ' ') from (select c::text as t from certificate c union all select e::text from certificate_event e) x";
    let before = sql::text(&pool, state).await;
    let other = Fields { subject: subject(Some("N2"), "ID2", "李大海"), ..known.clone() };
    let batch =
        delivered(&pool, 2, "decisions", &[known.clone(), other, Fields { valid_until: Some(date!(2032 - 01 - 01)), ..known }]).await;
    assert_eq!(fates(&pool, &batch).await, ["1 loaded already-known", "2 held decision-number-taken", "3 held decision-number-taken"]);
    assert_eq!(sql::text(&pool, state).await, before);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_step_that_runs_again_changes_nothing(pool: PgPool) {
    three_on_paper(&pool).await;
    let rows = [
        renewal("D1", OCTOBER, date!(2031 - 02 - 28)),
        decision("D2", "initial", OCTOBER),
        change("D3", date!(2016 - 05 - 03), "西安甲"),
        renewal("D4", date!(2024 - 01 - 01), date!(2027 - 01 - 01)),
        decision("D5", "cancellation", date!(2026 - 12 - 01)),
        Fields { subject: subject(Some("N9"), "ID1", "王小明"), ..decision("D6", "change", OCTOBER) },
        Fields { subject: subject(Some("N2"), "ID1", "王小明"), ..decision("D7", "change", OCTOBER) },
        Fields { subject: subject(Some("N1"), "ID1", "王晓明"), ..decision("D8", "change", OCTOBER) },
    ];
    let batch = delivered(&pool, 1, "decisions", &rows).await;
    let expected = [
        "1 loaded",
        "2 held decision-initial",
        "3 held decision-before-issue",
        "4 warned decision-overtaken",
        "5 loaded decision-waits",
        "6 held certificate-unknown",
        "7 held not-the-holder",
        "8 held not-the-holder",
    ];
    assert_eq!(fates(&pool, &batch).await, expected);
    let before = everything(&pool).await;
    step(&pool, &batch, TODAY, 0, 1_000).await;
    step(&pool, &batch, TODAY, 3, 6).await;
    assert_eq!(everything(&pool).await, before);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_decision_of_a_day_to_come_takes_effect_on_its_day(pool: PgPool) {
    three_on_paper(&pool).await;
    let day = date!(2026 - 12 - 01);
    delivered(
        &pool,
        1,
        "decisions",
        &[decision("D1", "suspension", day), Fields { effective_on: Some(day), ..change("D2", OCTOBER, "西安甲") }],
    )
    .await;
    assert_eq!(certificate(&pool, "N1").await, "valid paper 2028-02-29 r1");
    let settings = settings();
    let take = async |today| {
        let mut tx = pool.begin().await.unwrap();
        let rules = Rules { settings: &settings, today, actor: "sweep" };
        let taken = decisions::take_due(&mut tx, rules, 100).await.unwrap();
        tx.commit().await.unwrap();
        taken
    };
    assert_eq!(take(date!(2026 - 11 - 30)).await, 0);
    assert_eq!(take(day).await, 2);
    assert_eq!(certificate(&pool, "N1").await, "suspended awaiting-photo 2028-02-29 r2");
    assert_eq!(events(&pool, "N1").await, ["imported", "changed", "suspended"]);
    assert_eq!(take(day).await, 0, "each has its effect once");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_constructors_specialties_have_ends_of_their_own(pool: PgPool) {
    three_on_paper(&pool).await;
    sql::run(
        &pool,
        "update certificate set kind = 'constructor' where number in ('N1', 'N2');
         insert into certificate_specialty select id, 1, 'building', '2028-02-29' from certificate where number = 'N1';
         insert into certificate_specialty select id, 2, 'highway', '2027-01-01' from certificate where number = 'N1'",
    )
    .await;
    let named = |fields: Fields, specialty: &str| Fields { specialties: vec![specialty.to_owned()], ..fields };
    let rows = [
        named(Fields { kind: "added-specialty".to_owned(), ..renewal("D1", date!(2018 - 01 - 01), date!(2029 - 01 - 01)) }, "mining"),
        renewal("D2", date!(2018 - 02 - 01), date!(2031 - 02 - 28)),
        named(renewal("D3", date!(2018 - 03 - 01), date!(2032 - 01 - 01)), "highway"),
        Fields { subject: subject(Some("N3"), "ID1", "王小明"), ..named(decision("D4", "added-specialty", OCTOBER), "mining") },
    ];
    let batch = delivered(&pool, 1, "decisions", &rows).await;
    assert_eq!(fates(&pool, &batch).await, ["1 loaded", "2 warned specialty-not-named", "3 loaded", "4 held decision-refused"]);
    let specialties = "select concat_ws(' ', position, category, valid_until) from certificate_specialty order by position";
    assert_eq!(sql::texts(&pool, specialties).await, ["1 building 2028-02-29", "2 highway 2032-01-01", "3 mining 2031-02-28"]);
    assert_eq!(certificate(&pool, "N1").await, "valid paper 2032-01-01 r4");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_held_certificate_stays_held_for_its_reason(pool: PgPool) {
    three_on_paper(&pool).await;
    sql::run(&pool, "update certificate set stage = 'held', hold_reason = '缺字' where number = 'N1'").await;
    delivered(&pool, 1, "decisions", &[renewal("D1", OCTOBER, date!(2031 - 02 - 28))]).await;
    assert_eq!(
        sql::text(&pool, "select concat_ws(' ', stage, hold_reason, valid_until) from certificate where number = 'N1'").await,
        "held 缺字 2031-02-28"
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn decisions_and_their_effects_are_append_only(pool: PgPool) {
    for (table, column) in [("decision", "kind"), ("decision_effect", "effect")] {
        for statement in [format!("update {table} set {column} = 'x'"), format!("delete from {table}"), format!("truncate {table} cascade")]
        {
            assert_eq!(sql::refusal(&pool, &statement).await, format!("rows of {table} are append-only"), "{statement}");
        }
    }
}
