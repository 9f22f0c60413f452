//! Events: chained, and only from the state that was expected. Orders and documents: one for each version.

use domain::ids::{CertificateId, OrderId};
use domain::lifecycle::State;
use domain::status::{LegalStatus, Stage};
use serde_json::json;
use sqlx::PgPool;
use store::certificates::{self, HistoryEvent};
use store::documents::{self, NewDocument};
use store::events::{self, Move};
use store::orders::{self, Order};
use store::testing::complete;
use time::macros::{date, datetime};

use crate::sql;
use crate::staged::{certificate, delivery, merged, row};

/// Takes certificates N1 and N2 in as paper.
async fn two_on_paper(pool: &PgPool) -> [CertificateId; 2] {
    complete(pool).await;
    let rows = [row(1, "N1", "ID1", "王小明"), row(2, "N2", "ID2", "李大海")];
    merged(pool, &delivery(1, date!(2026 - 10 - 31), "on-application"), &rows).await;
    let mut ids = [CertificateId(0); 2];
    for (id, number) in ids.iter_mut().zip(["N1", "N2"]) {
        id.0 = sql::number(pool, &format!("select id from certificate where number = '{number}'")).await;
    }
    ids
}

fn to(status: LegalStatus, stage: Stage) -> State {
    State { status, stage, issue_requested: stage != Stage::Paper }
}

async fn apply(pool: &PgPool, moves: &[Move]) -> Vec<CertificateId> {
    events::apply(&mut pool.acquire().await.unwrap(), "staff:1", moves).await.unwrap()
}

async fn history(pool: &PgPool, id: CertificateId) -> Vec<HistoryEvent> {
    certificates::history(&mut pool.acquire().await.unwrap(), id).await.unwrap()
}

async fn three_events(pool: &PgPool) -> CertificateId {
    let [id, _] = two_on_paper(pool).await;
    let paper = (LegalStatus::Valid, Stage::Paper);
    let suspended = to(LegalStatus::Suspended, Stage::Paper);
    apply(pool, &[Move::new(id, paper, suspended, "suspended", json!({ "decision": "陕建罚〔2026〕1号" }))]).await;
    let back = to(LegalStatus::Valid, Stage::Paper);
    apply(pool, &[Move::new(id, (LegalStatus::Suspended, Stage::Paper), back, "restored", json!({}))]).await;
    id
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_move_leaves_alone_what_is_no_longer_in_the_expected_state(pool: PgPool) {
    let [first, second] = two_on_paper(&pool).await;
    let expired = to(LegalStatus::Expired, Stage::Paper);
    let moves = [
        Move::new(first, (LegalStatus::Valid, Stage::Paper), expired, "expired", json!({})),
        Move::new(second, (LegalStatus::Valid, Stage::Ready), expired, "expired", json!({})),
    ];
    assert_eq!(apply(&pool, &moves).await, [first]);
    assert_eq!(certificate(&pool, "N1").await, "expired paper 2028-02-29 r1");
    assert_eq!(certificate(&pool, "N2").await, "valid paper 2028-02-29 r1");
    assert_eq!(history(&pool, second).await.len(), 1, "no event without a move");
    assert_eq!(apply(&pool, &moves).await, [], "the same moves again find nothing");
    assert_eq!(history(&pool, first).await.len(), 2);
    assert_eq!(apply(&pool, &[]).await, []);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_move_carries_its_version_and_its_hold_reason(pool: PgPool) {
    let [first, second] = two_on_paper(&pool).await;
    let paper = (LegalStatus::Valid, Stage::Paper);
    let mut held = Move::new(first, paper, to(LegalStatus::Valid, Stage::Held), "held", json!({}));
    held.hold_reason = Some("no font has the character".to_owned());
    let mut issued = Move::new(second, paper, to(LegalStatus::Valid, Stage::Issued), "issued", json!({}));
    issued.version = Some(1);
    apply(&pool, &[held, issued]).await;
    let shown = sql::texts(&pool, "select concat_ws(' ', stage, version, hold_reason) from certificate order by number").await;
    assert_eq!(shown, ["held 0 no font has the character", "issued 1"]);
    let released = Move::new(first, (LegalStatus::Valid, Stage::Held), to(LegalStatus::Valid, Stage::AwaitingPhoto), "released", json!({}));
    apply(&pool, &[released]).await;
    assert_eq!(sql::text(&pool, "select hold_reason from certificate where number = 'N1'").await, "-");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn whatever_happens_to_a_held_certificate_its_reason_stays(pool: PgPool) {
    let [id, _] = two_on_paper(&pool).await;
    let at = |stage, status| State { status, stage, issue_requested: true };
    let mut hold = Move::new(id, (LegalStatus::Valid, Stage::Paper), at(Stage::Held, LegalStatus::Valid), "held", json!({}));
    hold.hold_reason = Some("no font has it".to_owned());
    assert_eq!(apply(&pool, &[hold]).await, [id]);
    let (valid, expired) = ((LegalStatus::Valid, Stage::Held), (LegalStatus::Expired, Stage::Held));
    for (from, to, event) in
        [(valid, valid, "locked"), (valid, valid, "lock-lifted"), (valid, expired, "expired"), (expired, valid, "record-updated")]
    {
        assert_eq!(apply(&pool, &[Move::new(id, from, at(to.1, to.0), event, json!({}))]).await, [id], "{event}");
        assert_eq!(sql::texts(&pool, "select hold_reason from certificate where stage = 'held'").await, ["no font has it"], "{event}");
    }
    assert_eq!(apply(&pool, &[Move::new(id, valid, at(Stage::Ready, LegalStatus::Valid), "released", json!({}))]).await, [id]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn every_event_is_chained_to_the_one_before(pool: PgPool) {
    let id = three_events(&pool).await;
    let history = history(&pool, id).await;
    let told: Vec<_> = history.iter().map(|e| (e.seq, e.event.as_str(), e.legal_status.as_str(), e.actor.as_str(), e.chained)).collect();
    assert_eq!(
        told,
        [
            (1, "imported", "valid", "import", true),
            (2, "suspended", "suspended", "staff:1", true),
            (3, "restored", "valid", "staff:1", true)
        ]
    );
    let head = "select count(*) from certificate c join certificate_event e on e.certificate_id = c.id and e.seq = c.event_seq and e.hash = c.event_hash";
    assert_eq!(sql::number(&pool, head).await, 2, "each certificate holds the end of its chain");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_change_behind_the_triggers_shows_in_the_history(pool: PgPool) {
    let id = three_events(&pool).await;
    let tampered = [
        ("actor = 'somebody'", vec![true, false, true]),
        ("detail = '{\"decision\": \"陕建罚〔2026〕2号\"}'", vec![true, false, true]),
        ("at = at + interval '1 microsecond'", vec![true, false, true]),
        ("legal_status = 'valid'", vec![true, false, true]),
        ("hash = sha256('x')", vec![true, false, false]),
    ];
    for (change, chained) in tampered {
        sql::run(&pool, "create table kept as select * from certificate_event; alter table certificate_event disable trigger user").await;
        sql::run(&pool, &format!("update certificate_event set {change} where seq = 2 and certificate_id = {id}")).await;
        let seen: Vec<bool> = history(&pool, id).await.iter().map(|event| event.chained).collect();
        assert_eq!(seen, chained, "{change}");
        sql::run(
            &pool,
            "delete from certificate_event; insert into certificate_event select * from kept; drop table kept;
             alter table certificate_event enable trigger user",
        )
        .await;
    }
    sql::run(
        &pool,
        &format!(
            "alter table certificate_event disable trigger user; delete from certificate_event where seq = 2 and certificate_id = {id}"
        ),
    )
    .await;
    let seen: Vec<bool> = history(&pool, id).await.iter().map(|event| event.chained).collect();
    assert_eq!(seen, [true, false], "an event that is missing from the middle");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_event_cut_off_from_the_end_shows_in_the_history(pool: PgPool) {
    let id = three_events(&pool).await;
    sql::run(
        &pool,
        &format!(
            "alter table certificate_event disable trigger user; delete from certificate_event where seq = 3 and certificate_id = {id}"
        ),
    )
    .await;
    assert!(history(&pool, id).await.iter().any(|event| !event.chained), "the certificate remembers a later end of its chain");
}

fn order(certificate: CertificateId, version: i32) -> Order {
    Order {
        id: OrderId(0),
        certificate,
        version,
        revision: 1,
        snapshot: json!({ "holder_name": "王小明" }),
        identifier: None,
        portrait_sha256: vec![1; 32],
        portrait_key: "portraits/1".to_owned(),
        template_version: 1,
        template_sha256: vec![2; 32],
        fonts_sha256: vec![3; 32],
        profile_sha256: vec![4; 32],
        document_key_id: "document-key".to_owned(),
        chain_sha256: vec![5; 32],
        qr_key_id: "qr-key".to_owned(),
        qr_base: "ZS.EXAMPLE.CN".to_owned(),
        status_list: 1,
        status_index: 10 * certificate.0 + i64::from(version),
        signing_time: datetime!(2026-11-15 02:00 UTC),
    }
}

fn document(of: &Order, content: u8) -> NewDocument {
    NewDocument {
        certificate: of.certificate,
        version: of.version,
        order: of.id,
        sha256: [content; 32],
        key: format!("documents/{content}"),
        size_bytes: 1_000,
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_version_is_ordered_once_and_has_one_document(pool: PgPool) {
    let [first, second] = two_on_paper(&pool).await;
    let mut conn = pool.acquire().await.unwrap();
    let placed = orders::place(&mut conn, vec![order(first, 1), order(second, 1)]).await.unwrap();
    let numbers = orders::next_status_numbers(&mut conn, 3).await.unwrap();
    assert_eq!(numbers, [1, 2, 3]);
    assert_eq!(orders::next_status_numbers(&mut conn, 1).await.unwrap(), [4], "no number comes twice");
    assert_eq!(orders::status_permutation_key(&mut conn).await.unwrap().len(), 32);
    let elsewhere = Order { status_index: 999, ..order(first, 1) };
    let error = orders::place(&mut conn, vec![elsewhere]).await.unwrap_err();
    assert_eq!(sql::reason(&error), "order_version_once");
    let error = orders::place(&mut conn, vec![Order { status_index: placed[0].status_index, ..order(first, 2) }]).await.unwrap_err();
    assert_eq!(sql::reason(&error), "order_status_index_once");

    documents::announce(&mut conn, &[document(&placed[0], 1)]).await.unwrap();
    let later = orders::place(&mut conn, vec![order(first, 2)]).await.unwrap().remove(0);
    let table = [
        ("document_once_per_version", NewDocument { version: 1, ..document(&later, 2) }),
        ("document_order_once", NewDocument { version: 2, ..document(&placed[0], 3) }),
        ("document_sha256_once", document(&later, 1)),
    ];
    for (constraint, double) in table {
        let error = documents::announce(&mut conn, &[double]).await.unwrap_err();
        assert_eq!(sql::reason(&error), constraint);
    }
    documents::announce(&mut conn, &[document(&later, 2)]).await.unwrap();
    let versions: Vec<i32> = documents::of_certificate(&mut conn, first).await.unwrap().iter().map(|d| d.version).collect();
    assert_eq!(versions, [2, 1]);
    let found = documents::by_digest(&mut conn, &[1; 32]).await.unwrap().unwrap();
    assert_eq!((found.certificate, found.version, found.number.as_str()), (first, 1, "N1"));
    assert!(documents::by_digest(&mut conn, &[9; 32]).await.unwrap().is_none());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_order_is_open_until_it_has_a_document_or_is_closed(pool: PgPool) {
    let [first, second] = two_on_paper(&pool).await;
    let mut conn = pool.acquire().await.unwrap();
    let placed = orders::place(&mut conn, vec![order(first, 1), order(second, 1)]).await.unwrap();
    let open = orders::open(&mut conn, &[first, second]).await.unwrap();
    assert_eq!(open.iter().map(|order| order.id).collect::<Vec<_>>(), [placed[0].id, placed[1].id]);
    assert_eq!(open[0].signing_time, order(first, 1).signing_time);
    documents::announce(&mut conn, &[document(&placed[0], 1)]).await.unwrap();
    for _ in 0..2 {
        orders::close(&mut conn, placed[1].id, "locked").await.unwrap();
    }
    assert_eq!(orders::open(&mut conn, &[first, second]).await.unwrap().len(), 0);
    let next = orders::printable(&mut conn, &[second]).await.unwrap().remove(0).next_version;
    assert_eq!(next, 2, "the version of a closed order is never used again");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_status_list_says_what_became_of_every_version(pool: PgPool) {
    use store::status_lists::{self, PublishedList};
    use time::macros::date;

    let [first, second] = two_on_paper(&pool).await;
    let mut conn = pool.acquire().await.unwrap();
    let today = date!(2026 - 11 - 15);
    let settings = domain::settings::Settings::default();
    assert_eq!(status_lists::newest_number(&mut conn).await.unwrap(), 0);
    let placed = orders::place(&mut conn, vec![order(first, 1), order(second, 1)]).await.unwrap();
    assert_eq!(status_lists::newest_number(&mut conn).await.unwrap(), 1);
    sql::run(&pool, "update certificate set valid_until = '2027-01-31', version = 1").await;
    let (mine, other) = (placed[0].status_index, placed[1].status_index);
    let mut said = Vec::new();
    // Nobody has what is under way; the second is given up.
    orders::close(&mut conn, placed[1].id, "outdated").await.unwrap();
    said.push(status_lists::statuses(&mut conn, 1, &settings, today).await.unwrap());
    documents::announce(&mut conn, &[document(&placed[0], 1)]).await.unwrap();
    said.push(status_lists::statuses(&mut conn, 1, &settings, today).await.unwrap());
    for change in [
        "insert into lock (certificate_id, cause, cause_text, since, set_by) select id, 'violation', 'a test', '2026-11-01', 'test' from certificate where id = $1",
        "update lock set lifted_at = now(), lifted_by = 'test', lift_reason = 'a test' where certificate_id = $1",
        "update certificate set legal_status = 'suspended' where id = $1",
        "update certificate set legal_status = 'cancelled' where id = $1",
        "update certificate set legal_status = 'valid', version = 2 where id = $1",
    ] {
        sql::run(&pool, &change.replace("$1", &first.0.to_string())).await;
        said.push(status_lists::statuses(&mut conn, 1, &settings, today).await.unwrap());
    }
    // A year later its last day is past.
    said.push(status_lists::statuses(&mut conn, 1, &settings, date!(2027 - 11 - 15)).await.unwrap());
    let given_up = (other, 1);
    let of_mine = [None, None, Some(2), None, Some(2), Some(1), Some(3), Some(1)];
    for (n, (mut found, status)) in said.into_iter().zip(of_mine).enumerate() {
        let mut expected: Vec<(i64, i32)> = status.map(|status| (mine, status)).into_iter().chain([given_up]).collect();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "after change {n}");
    }
    assert!(status_lists::statuses(&mut conn, 2, &settings, today).await.unwrap().is_empty());

    let moment = datetime!(2026-11-15 02:00 UTC);
    let list = |hours: i64, content: u8| PublishedList {
        list: 1,
        sha256: vec![content; 32],
        key: format!("status-lists/{content}"),
        size_bytes: 100,
        issued_at: moment + time::Duration::hours(hours),
        fresh_until: moment + time::Duration::hours(hours + 1),
        expires_at: moment + time::Duration::hours(hours + 24),
    };
    assert!(status_lists::publish(&mut conn, &list(1, 1)).await.unwrap());
    assert!(!status_lists::publish(&mut conn, &list(0, 2)).await.unwrap(), "an older list never takes the place of a newer one");
    assert!(status_lists::publish(&mut conn, &list(2, 3)).await.unwrap());
    assert_eq!(status_lists::newest(&mut conn, 1).await.unwrap().unwrap().sha256, vec![3; 32]);
    assert!(status_lists::newest(&mut conn, 2).await.unwrap().is_none());
}
