//! Rows become certificates, once; an older delivery never undoes a newer one.

use domain::ids::CertificateId;
use sqlx::PgPool;
use store::intake_rows::StagedRow;
use store::intake_steps::Step;
use store::merge::{self, Lane, Rules};
use store::testing::complete;
use store::{certificates, ready};
use time::Date;
use time::macros::date;

use crate::sql;
use crate::staged::{KIND, certificate, counts, delivery, events, fates, merged, row, settings, step, with};

const OCTOBER: Date = date!(2026 - 10 - 31);

fn ends(row: StagedRow, day: Date) -> StagedRow {
    with(row, |fields| fields.valid_until = Some(day))
}

fn status(row: StagedRow, status: &str) -> StagedRow {
    with(row, |fields| fields.legal_status = Some(status.to_owned()))
}

async fn jobs(pool: &PgPool) -> Vec<String> {
    sql::texts(pool, "select kind || ' ' || payload::text from job order by id").await
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_new_row_becomes_paper_with_its_holder_its_employer_and_its_first_event(pool: PgPool) {
    complete(&pool).await;
    let employed = with(row(1, "N1", "ID1", "王小明"), |fields| {
        fields.employer_name = Some("西安甲建筑有限公司".to_owned());
        fields.employer_key = Some("西安甲建筑".to_owned());
    });
    let colleague = with(row(2, "N2", "ID2", "李大海"), |fields| {
        fields.employer_name = Some("西安甲建筑有限公司".to_owned());
        fields.employer_key = Some("西安甲建筑".to_owned());
    });
    let second_of_the_same = row(3, "N3", "ID1", "王小明");
    let (batch, totals) = merged(&pool, &delivery(1, OCTOBER, "on-application"), &[employed, colleague, second_of_the_same]).await;
    assert_eq!(counts(totals), (3, 0, 0));
    assert_eq!(certificate(&pool, "N1").await, "valid paper 2028-02-29 r1");
    for (table, rows) in [("person", 2), ("employer", 1), ("certificate", 3), ("job", 0)] {
        assert_eq!(sql::number(&pool, &format!("select count(*) from {table}")).await, rows, "{table}");
    }
    assert_eq!(events(&pool, "N1").await, ["imported"]);
    let employed = "select count(*) from certificate c join employer e on e.id = c.employer_id";
    assert_eq!(sql::number(&pool, employed).await, 2);
    assert_eq!(counts(step(&pool, &batch).await), (0, 0, 3), "a step that runs again changes nothing");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_first_event_of_an_import_is_hashed_as_the_database_hashes(pool: PgPool) {
    complete(&pool).await;
    let specialised = with(row(3, "N3", "ID3", "赵一"), |fields| {
        fields.specialties = Some(serde_json::json!([{ "category": "建筑工程", "valid_until": "2028-02-29" }]));
    });
    merged(&pool, &delivery(1, OCTOBER, "all"), &[row(1, "N1", "ID1", "王小明"), specialised]).await;
    merged(&pool, &delivery(2, OCTOBER, "on-application"), &[row(2, "N2", "ID2", "李大海")]).await;
    let chained = "select count(*) from certificate_event e join certificate c on c.id = e.certificate_id and c.event_hash = e.hash
        where e.hash = event_hash('\\x', e.certificate_id, e.seq, e.at, e.actor, e.event, e.legal_status, e.stage, e.detail)";
    assert_eq!(sql::number(&pool, chained).await, 3);
    assert_eq!(sql::text(&pool, "select category || valid_until from certificate_specialty").await, "建筑工程2028-02-29");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_another_import_brings_meanwhile_is_asked_about_again(pool: PgPool) {
    complete(&pool).await;
    let rows = [row(1, "N1", "ID1", "王小明"), row(2, "N2", "ID2", "李大海")];
    let slow = crate::staged::registered(&pool, &delivery(1, OCTOBER, "on-application")).await;
    crate::staged::stage(&pool, &slow, &rows).await;
    let whole = Step { after: 0, upto: 2 };
    merge::know(&mut pool.acquire().await.unwrap(), slow.id, KIND, whole).await.unwrap();
    merged(&pool, &delivery(2, OCTOBER, "on-application"), &rows[..1]).await;

    let settings = settings();
    let rules = Rules { settings: &settings, today: crate::staged::TODAY, actor: "import" };
    let mut lane = Lane::new(&slow, KIND, rules);
    let mut tx = pool.begin().await.unwrap();
    let overtaken = merge::step(&mut tx, &mut lane, whole).await.unwrap_err();
    assert!(merge::is_overtaken(&overtaken), "{overtaken}");
    tx.rollback().await.unwrap();
    assert_eq!(counts(step(&pool, &slow).await), (1, 0, 1));
    assert_eq!(sql::number(&pool, "select count(*) from certificate").await, 2);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_certificate_names_an_employer_who_is_there(pool: PgPool) {
    complete(&pool).await;
    let employed = with(row(1, "N1", "ID1", "王小明"), |fields| {
        fields.employer_name = Some("西安甲建筑有限公司".to_owned());
        fields.employer_key = Some("西安甲建筑".to_owned());
    });
    merged(&pool, &delivery(1, OCTOBER, "on-application"), &[employed]).await;
    for statement in [
        "update certificate set employer_id = 0",
        "insert into certificate (kind, number, number_printed, person_id, employer_id, legal_status, stage, delivered_as_of)
             select kind, 'N2', 'N2', person_id, 0, legal_status, stage, delivered_as_of from certificate",
        "delete from employer",
        "update employer set id = default",
        "delete from intake_batch",
    ] {
        #[expect(clippy::disallowed_methods, reason = "what the schema refuses is written by no function")]
        let refused = sqlx::query(statement).execute(&pool).await;
        assert!(refused.is_err(), "{statement}");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_certificate_that_ran_out_comes_in_as_expired(pool: PgPool) {
    complete(&pool).await;
    let rows = [
        ends(row(1, "N1", "ID1", "王小明"), date!(2026 - 11 - 14)),
        ends(row(2, "N2", "ID2", "李大海"), date!(2026 - 11 - 15)),
        status(ends(row(3, "N3", "ID3", "赵一"), date!(2020 - 01 - 01)), "cancelled"),
    ];
    merged(&pool, &delivery(1, OCTOBER, "all"), &rows).await;
    assert_eq!(certificate(&pool, "N1").await, "expired paper 2026-11-14 r1", "and nobody asks for its electronic one");
    assert_eq!(certificate(&pool, "N2").await, "valid awaiting-photo 2026-11-15 r1", "the last day still counts");
    assert_eq!(certificate(&pool, "N3").await, "cancelled paper 2020-01-01 r1");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn loading_the_same_rows_again_changes_nothing(pool: PgPool) {
    complete(&pool).await;
    let rows = [
        row(1, "N1", "ID1", "王小明"),
        with(row(2, "N2", "ID2", "李大海"), |f| {
            f.specialties = Some(
                serde_json::json!([{ "category": "建筑工程", "valid_until": "2028-02-29" }, { "category": "市政", "valid_until": null }]),
            );
        }),
    ];
    merged(&pool, &delivery(1, OCTOBER, "all"), &rows).await;
    let everything = "select string_agg(t, E'\n' order by t) from (
        select c::text as t from certificate c union all select p::text from person p union all select e::text from certificate_event e
        union all select s::text from certificate_specialty s union all select j::text from job j) x";
    let before = sql::text(&pool, everything).await;
    let (_, totals) = merged(&pool, &delivery(2, OCTOBER, "all"), &rows).await;
    assert_eq!(counts(totals), (0, 0, 2));
    assert_eq!(sql::text(&pool, everything).await, before);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_newer_delivery_corrects_what_is_known(pool: PgPool) {
    complete(&pool).await;
    let specialty = |name: &str| Some(serde_json::json!([{ "category": name, "valid_until": "2028-02-29" }]));
    let old = with(row(1, "N1", "ID1", "王小明"), |f| f.specialties = specialty("建筑工程"));
    merged(&pool, &delivery(1, OCTOBER, "on-application"), &[old]).await;
    let corrected = with(row(1, "N1", "ID1", "王小明"), |f| {
        f.specialties = specialty("市政公用工程");
        f.valid_from = Some(date!(2025 - 03 - 02));
    });
    let (batch, totals) = merged(&pool, &delivery(2, date!(2026 - 11 - 01), "on-application"), &[corrected]).await;
    assert_eq!(counts(totals), (0, 1, 0));
    assert_eq!(certificate(&pool, "N1").await, "valid paper 2028-02-29 r2");
    assert_eq!(sql::text(&pool, "select valid_from::text from certificate").await, "2025-03-02");
    assert_eq!(sql::texts(&pool, "select category from certificate_specialty").await, ["市政公用工程"]);
    assert_eq!(events(&pool, "N1").await, ["imported", "record-updated"]);
    assert_eq!(fates(&pool, &batch).await, ["1 loaded"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_a_delivery_leaves_empty_stays_as_it_is(pool: PgPool) {
    complete(&pool).await;
    let full = with(row(1, "N1", "ID1", "王小明"), |f| {
        f.duty = Some("经理".to_owned());
        (f.employer_name, f.employer_key) = (Some("某某建筑公司".to_owned()), Some("某某建筑公司".to_owned()));
        f.specialties = Some(serde_json::json!([{ "category": "建筑工程", "valid_until": "2028-02-29" }]));
    });
    merged(&pool, &delivery(1, OCTOBER, "on-application"), &[full]).await;
    let facts = "select concat_ws(' ', c.duty, c.first_issued_on, c.issued_on, c.valid_from, c.valid_until, e.name, s.category)
                 from certificate c join employer e on e.id = c.employer_id join certificate_specialty s on s.certificate_id = c.id";
    let before = sql::text(&pool, facts).await;
    let empty = |row: StagedRow| {
        with(row, |f| {
            (f.duty, f.employer_name, f.employer_key, f.employer_code) = (None, None, None, None);
            (f.first_issued_on, f.issued_on, f.issued_on_printed, f.valid_from, f.specialties) = (None, None, None, None, None);
        })
    };
    let (_, totals) = merged(&pool, &delivery(2, date!(2026 - 11 - 01), "on-application"), &[empty(row(1, "N1", "ID1", "王小明"))]).await;
    assert_eq!((counts(totals), sql::text(&pool, facts).await), ((0, 0, 1), before.clone()));
    let later = ends(empty(row(1, "N1", "ID1", "王小明")), date!(2029 - 02 - 28));
    let (_, totals) = merged(&pool, &delivery(3, date!(2026 - 11 - 02), "on-application"), &[later]).await;
    assert_eq!((counts(totals), sql::text(&pool, facts).await), ((0, 1, 0), before.replace("2028-02-29", "2029-02-28")));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_older_delivery_never_undoes_a_newer_one(pool: PgPool) {
    complete(&pool).await;
    merged(&pool, &delivery(1, OCTOBER, "on-application"), &[row(1, "N1", "ID1", "王小明")]).await;
    let older = [
        status(row(1, "N1", "ID1", "王小明"), "cancelled"),
        ends(row(1, "N1", "ID1", "王小明"), date!(2025 - 02 - 28)),
        with(row(1, "N1", "ID1", "王小明"), |fields| fields.duty = Some("经理".to_owned())),
    ];
    for (content, row) in (2..).zip(older) {
        let (batch, totals) = merged(&pool, &delivery(content, date!(2026 - 10 - 30), "all"), &[row]).await;
        assert_eq!(counts(totals), (0, 0, 1));
        assert_eq!(fates(&pool, &batch).await, ["1 warned older-delivery"]);
        assert_eq!(certificate(&pool, "N1").await, "valid paper 2028-02-29 r1");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_delivery_that_confirmed_the_known_facts_is_not_undone_by_an_older_one_either(pool: PgPool) {
    complete(&pool).await;
    let true_facts = || row(1, "N1", "ID1", "王小明");
    merged(&pool, &delivery(1, date!(2026 - 10 - 01), "on-application"), &[true_facts()]).await;
    merged(&pool, &delivery(2, OCTOBER, "on-application"), &[true_facts()]).await;
    let overtaken = ends(true_facts(), date!(2027 - 01 - 01));
    let (_, totals) = merged(&pool, &delivery(3, date!(2026 - 10 - 15), "on-application"), &[overtaken]).await;
    assert_eq!(counts(totals), (0, 0, 1));
    assert_eq!(certificate(&pool, "N1").await, "valid paper 2028-02-29 r1");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_delivered_decision_moves_the_legal_status(pool: PgPool) {
    complete(&pool).await;
    let known = row(1, "N1", "ID1", "王小明");
    let table = [
        ("suspended", "suspended paper 2028-02-29 r1"),
        ("valid", "valid paper 2028-02-29 r1"),
        ("cancelled", "cancelled paper 2028-02-29 r1"),
        ("valid", "cancelled paper 2028-02-29 r1"),
    ];
    merged(&pool, &delivery(1, OCTOBER, "on-application"), std::slice::from_ref(&known)).await;
    for (content, (word, after)) in (2..).zip(table) {
        merged(&pool, &delivery(content, OCTOBER, "on-application"), &[status(known.clone(), word)]).await;
        assert_eq!(certificate(&pool, "N1").await, after, "delivery {content}: {word}");
    }
    let corrected = with(known, |fields| fields.duty = Some("经理".to_owned()));
    let (batch, _) = merged(&pool, &delivery(9, OCTOBER, "on-application"), &[corrected]).await;
    assert_eq!(certificate(&pool, "N1").await, "cancelled paper 2028-02-29 r2", "no delivery undoes a cancellation");
    assert_eq!(fates(&pool, &batch).await, ["1 warned status-kept"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_suspended_certificate_that_was_given_back_and_renewed_is_both(pool: PgPool) {
    complete(&pool).await;
    let known = row(1, "N1", "ID1", "王小明");
    merged(&pool, &delivery(1, OCTOBER, "on-application"), &[status(known.clone(), "suspended")]).await;
    let renewed = ends(known, date!(2031 - 02 - 28));
    merged(&pool, &delivery(2, OCTOBER, "on-application"), &[renewed]).await;
    assert_eq!(certificate(&pool, "N1").await, "valid awaiting-photo 2031-02-28 r2");
    assert_eq!(events(&pool, "N1").await, ["imported", "restored", "record-updated"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_renewal_brings_an_expired_certificate_back(pool: PgPool) {
    complete(&pool).await;
    merged(&pool, &delivery(1, OCTOBER, "on-application"), &[ends(row(1, "N1", "ID1", "王小明"), date!(2026 - 11 - 01))]).await;
    assert_eq!(certificate(&pool, "N1").await, "expired paper 2026-11-01 r1");
    let renewed = ends(row(1, "N1", "ID1", "王小明"), date!(2029 - 11 - 01));
    let (_, totals) = merged(&pool, &delivery(2, date!(2026 - 11 - 10), "on-application"), &[renewed]).await;
    assert_eq!(counts(totals), (0, 1, 0));
    assert_eq!(certificate(&pool, "N1").await, "valid awaiting-photo 2029-11-01 r2", "a renewal calls for the electronic one");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_another_delivery_made_known_meanwhile_holds_the_row(pool: PgPool) {
    complete(&pool).await;
    merged(&pool, &delivery(1, OCTOBER, "on-application"), &[row(1, "N1", "ID1", "王小明")]).await;
    let rows = [row(1, "N1", "ID2", "李大海"), row(2, "N2", "ID1", "王晓明"), row(3, "N3", "ID3", "赵一")];
    let (batch, totals) = merged(&pool, &delivery(2, OCTOBER, "on-application"), &rows).await;
    assert_eq!(counts(totals), (1, 0, 0));
    assert_eq!(fates(&pool, &batch).await, ["1 held number-of-two-people", "2 held same-id-other-name", "3 loaded"]);
    assert_eq!(sql::number(&pool, "select count(*) from certificate").await, 2);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rows_that_another_speaks_for_or_a_person_must_see_become_nothing(pool: PgPool) {
    complete(&pool).await;
    let of = |n: i64, outcome| StagedRow { outcome, ..row(n, &format!("N{n}"), &format!("ID{n}"), "王小明") };
    let rows = [
        of(1, "loaded"),
        of(2, "warned"),
        of(3, "held"),
        of(4, "rejected"),
        of(5, "dropped"),
        StagedRow { fields: None, ..of(6, "loaded") },
    ];
    let new = delivery(1, OCTOBER, "on-application");
    let batch = crate::staged::registered(&pool, &new).await;
    crate::staged::stage(&pool, &batch, &rows).await;
    crate::staged::stage(&pool, &batch, &[of(7, "loaded")]).await;
    sql::run(&pool, "update intake_row set superseded = true where row_no = 7").await;
    assert_eq!(counts(step(&pool, &batch).await), (2, 0, 0));
    assert_eq!(sql::texts(&pool, "select number from certificate order by 1").await, ["N1", "N2"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_electronic_certificate_is_requested_by_policy_or_by_renewal_after_the_switch(pool: PgPool) {
    complete(&pool).await;
    let renewed_since =
        |n: i64| with(row(n, &format!("N{n}"), &format!("ID{n}"), "王小明"), |f| f.issued_on = Some(date!(2026 - 10 - 02)));
    let plain = |n: i64| row(n, &format!("N{n}"), &format!("ID{n}"), "李大海");
    merged(&pool, &delivery(1, OCTOBER, "on-application"), &[plain(1), renewed_since(2)]).await;
    merged(&pool, &delivery(2, OCTOBER, "all"), &[plain(3), renewed_since(4)]).await;
    let wanted = sql::texts(&pool, "select number || ' ' || stage || ' ' || issue_requested from certificate order by number").await;
    assert_eq!(wanted, ["N1 paper false", "N2 awaiting-photo true", "N3 awaiting-photo true", "N4 awaiting-photo true"]);
    assert_eq!(jobs(&pool).await, [""; 0], "nothing is issued without a photo");
    assert_eq!(events(&pool, "N3").await, ["imported"], "a new one waits for its photo from the start");
}

/// Gives every person known an approved portrait.
async fn give_portraits(pool: &PgPool) {
    sql::run(
        pool,
        "insert into photo (file_name, id_kind, id_number, person_id, original_sha256, original_key, size_bytes, state, portrait_sha256, portrait_key)
         select '1.jpg', id_kind, id_number, id, sha256('1'), 'o/1', 10, 'approved', sha256('2'), 'p/2' from person;
         update person p set portrait_photo_id = (select id from photo where person_id = p.id)",
    )
    .await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_request_outlives_a_lock_that_ends_by_itself(pool: PgPool) {
    complete(&pool).await;
    let known = || row(1, "N1", "ID1", "王小明");
    merged(&pool, &delivery(1, OCTOBER, "on-application"), &[known()]).await;
    give_portraits(&pool).await;
    sql::run(
        &pool,
        "insert into lock (person_id, cause, cause_text, since, until, set_by)
         select id, 'violation', '处罚', '2026-11-01', '2026-11-20', 'staff' from person",
    )
    .await;
    merged(&pool, &delivery(2, OCTOBER, "all"), &[known()]).await;
    assert_eq!(certificate(&pool, "N1").await, "valid ready 2028-02-29 r1", "the request is kept");
    assert_eq!(jobs(&pool).await, [""; 0], "nothing is issued under a lock");
    let look = async |today, dry_run| {
        let mut conn = pool.acquire().await.unwrap();
        let found = ready::enqueue_due(&mut conn, &settings(), today, CertificateId(0), 100, dry_run).await.unwrap();
        (found.examined, found.waiting, found.due)
    };
    assert_eq!(look(date!(2026 - 11 - 20), false).await, (1, 1, 0), "the lock's last day is a day in force");
    assert_eq!(look(date!(2026 - 11 - 21), true).await, (1, 0, 1));
    assert_eq!(jobs(&pool).await.len(), 0, "a dry run enqueues nothing");
    assert_eq!(look(date!(2026 - 11 - 21), false).await, (1, 0, 1));
    assert_eq!(jobs(&pool).await.len(), 1);
    assert_eq!(look(date!(2026 - 11 - 21), false).await, (0, 0, 0), "a job stands for it now");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_certificate_of_a_holder_with_a_portrait_is_ready_and_enqueued(pool: PgPool) {
    complete(&pool).await;
    merged(&pool, &delivery(1, OCTOBER, "on-application"), &[row(1, "N1", "ID1", "王小明")]).await;
    give_portraits(&pool).await;
    merged(&pool, &delivery(2, OCTOBER, "all"), &[row(1, "N2", "ID1", "王小明"), row(2, "N3", "ID3", "李大海")]).await;
    assert_eq!(certificate(&pool, "N2").await, "valid ready 2028-02-29 r1");
    assert_eq!(certificate(&pool, "N3").await, "valid awaiting-photo 2028-02-29 r1");
    let id = sql::number(&pool, "select id from certificate where number = 'N2'").await;
    assert_eq!(jobs(&pool).await, [format!("issue_certificates {{\"certificates\": [{id}]}}")]);
    let shown = certificates::by_number(&mut pool.acquire().await.unwrap(), "N2").await.unwrap();
    assert_eq!((shown.len(), shown[0].kind.as_str(), shown[0].holder_name.as_str()), (1, KIND.as_str(), "王小明"));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn holders_of_several_rows_that_get_no_certificate_leave_the_register(pool: PgPool) {
    complete(&pool).await;
    merged(&pool, &delivery(1, OCTOBER, "on-application"), &[row(1, "N9", "ID9", "赵一")]).await;
    let rows = [("N1", "ID1"), ("N2", "ID1"), ("N3", "ID2"), ("N4", "ID2"), ("N5", "ID9")];
    let rows: Vec<_> =
        (1..).zip(rows).map(|(place, (number, id))| row(place, number, id, if id == "ID9" { "赵一" } else { "王小明" })).collect();
    let batch = crate::staged::registered(&pool, &delivery(2, OCTOBER, "on-application")).await;
    crate::staged::stage(&pool, &batch, &rows).await;
    let whole = Step { after: 0, upto: 5 };
    let mut conn = pool.acquire().await.unwrap();
    merge::know(&mut conn, batch.id, KIND, whole).await.unwrap();
    merge::holders_of_several(&mut conn, batch.id, &[1, 2, 3, 4]).await.unwrap();
    // As merging holds rows that turn out to contradict the register.
    sql::run(&pool, &format!("update intake_row set outcome = 'held' where batch_id = {} and row_no in (1, 2, 5)", batch.id)).await;
    let settings = settings();
    let rules = Rules { settings: &settings, today: crate::staged::TODAY, actor: "import" };
    merge::step(&mut conn, &mut Lane::new(&batch, KIND, rules), whole).await.unwrap();
    assert_eq!(sql::texts(&pool, "select id_number from person order by 1").await, ["ID1", "ID2", "ID9"]);
    merge::forget(&mut conn, batch.id).await.unwrap();
    assert_eq!(sql::texts(&pool, "select id_number from person order by 1").await, ["ID2", "ID9"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_ran_out_between_reading_and_merging_is_not_asked_for(pool: PgPool) {
    complete(&pool).await;
    let yesterday = crate::staged::TODAY.previous_day().unwrap();
    let asked = |row: StagedRow| with(row, |fields| fields.request = true);
    let rows = [asked(ends(row(1, "N1", "ID1", "王小明"), yesterday)), asked(row(2, "N2", "ID2", "李大海"))];
    let batch = crate::staged::registered(&pool, &delivery(1, OCTOBER, "all")).await;
    crate::staged::stage(&pool, &batch, &rows).await;
    step(&pool, &batch).await;
    assert_eq!(certificate(&pool, "N1").await, format!("expired paper {yesterday} r1"));
    assert_eq!(certificate(&pool, "N2").await, "valid awaiting-photo 2028-02-29 r1");
}
