//! Photos: once per holder, adopted when their record comes, the newest approved one is the portrait.

use domain::ids::{PersonId, PhotoId};
use serde_json::json;
use sqlx::PgPool;
use store::batches::{self, NewBatch};
use store::intake_rows::{self, StagedRow};
use store::merge;
use store::photo_effects::Cause;
use store::photo_reviews::{self, Review, SamePicture};
use store::photo_statistics::Decision;
use store::photos::{self, NewPhoto, Received};
use store::testing::complete;
use time::macros::date;

use crate::sql;
use crate::staged::{TODAY, certificate, delivery, fates, merged, registered, row, stage};

pub(crate) fn photo(id_number: &str, content: u8) -> NewPhoto {
    NewPhoto {
        file_name: format!("{id_number}-{content}.jpg"),
        id_kind: "resident".to_owned(),
        id_number: id_number.to_owned(),
        sha256: [content; 32],
        key: format!("originals/{content}"),
        size_bytes: 100,
        policy: "legacy",
    }
}

pub(crate) async fn receive(pool: &PgPool, photos: &[NewPhoto]) -> Vec<Received> {
    let mut received = photos::receive(&mut pool.acquire().await.unwrap(), None, photos).await.unwrap();
    received.sort_by_key(|received| received.id);
    received
}

pub(crate) fn review(photo: PhotoId, decision: Decision) -> Review {
    let portrait = Some(([7; 32], "portraits/7".to_owned()));
    Review { photo, decision, findings: json!([]), checks: json!([]), portrait, likeness: None, refused: false }
}

pub(crate) const CAUSE: Cause<'_> = Cause { actor: "automatic-review", today: TODAY, batch: None };

pub(crate) async fn decide(pool: &PgPool, reviews: &[Review]) -> Vec<(PersonId, PhotoId)> {
    let mut tx = pool.begin().await.unwrap();
    let outcome =
        photo_reviews::decide(&mut tx, CAUSE, reviews.to_vec(), SamePicture { forms: 20, decides: &|one, other| one[20] == other[20] })
            .await
            .unwrap();
    tx.commit().await.unwrap();
    outcome.decided
}

/// Takes 王小明 (ID1) in, whose electronic certificate N1 is wanted.
pub(crate) async fn holder(pool: &PgPool) {
    complete(pool).await;
    merged(pool, &delivery(1, date!(2026 - 10 - 31), "all"), &[row(1, "N1", "ID1", "王小明")]).await;
}

pub(crate) async fn portrait(pool: &PgPool) -> String {
    sql::text(pool, "select portrait_photo_id::text from person where id_number = 'ID1'").await
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_same_file_for_the_same_holder_is_one_photo(pool: PgPool) {
    holder(&pool).await;
    let first = receive(&pool, &[photo("ID1", 1), photo("ID1", 1), photo("ID1", 2), photo("ID2", 1)]).await;
    assert_eq!(first.len(), 3);
    assert!(first.iter().all(|received| received.new));
    let matched: Vec<_> = first.iter().map(|received| (received.id_number.as_str(), received.person.is_some())).collect();
    assert_eq!(matched.iter().filter(|holder| **holder == ("ID1", true)).count(), 2);
    assert_eq!(matched.iter().filter(|holder| **holder == ("ID2", false)).count(), 1);

    let again = receive(&pool, &[photo("ID1", 1), photo("ID1", 3)]).await;
    assert_eq!(again.iter().map(|received| received.new).collect::<Vec<_>>(), [false, true]);
    assert_eq!(sql::number(&pool, "select count(*) from photo").await, 4);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn two_photos_of_one_delivery_are_received_in_its_order(pool: PgPool) {
    holder(&pool).await;
    let delivered: Vec<NewPhoto> = (1..=9).map(|n| photo("ID1", 100 - n * 7)).collect();
    receive(&pool, &delivered).await;
    let names = sql::texts(&pool, "select file_name from photo order by id").await;
    assert_eq!(names, delivered.iter().map(|photo| photo.file_name.clone()).collect::<Vec<_>>());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_decided_photo_leaves_its_review_and_the_first_decision_stands(pool: PgPool) {
    holder(&pool).await;
    let received = receive(&pool, &[photo("ID1", 1), photo("ID1", 2), photo("ID1", 3)]).await;
    let [approved, held, rejected] = [received[0].id, received[1].id, received[2].id];
    let reviews = [review(approved, Decision::Approved), review(held, Decision::Held), review(rejected, Decision::Rejected)];
    assert_eq!(decide(&pool, &reviews).await.len(), 3);
    assert_eq!(portrait(&pool).await, approved.to_string());
    let recorded = "select string_agg(decision, ' ' order by photo_id) from photo_review";
    assert_eq!(sql::text(&pool, recorded).await, "approved held rejected");
    assert_eq!(sql::text(&pool, "select photo_id || ' ' || cause from photo_case").await, format!("{held} checks"));
    let tally = "select string_agg(decider || ' ' || decision || ' ' || n, ', ' order by decision) from photo_tally";
    assert_eq!(sql::text(&pool, tally).await, "checks approved 1, checks held 1, checks rejected 1");

    assert_eq!(decide(&pool, &reviews).await, [], "the same decisions again change nothing");
    let others = [review(approved, Decision::Rejected), review(held, Decision::Approved), review(rejected, Decision::Approved)];
    assert_eq!(decide(&pool, &others).await, [], "nor do others afterwards");
    assert_eq!(sql::text(&pool, recorded).await, "approved held rejected");
    assert_eq!(sql::text(&pool, tally).await, "checks approved 1, checks held 1, checks rejected 1");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_newest_approved_photo_is_the_portrait_and_older_ones_stay_in_the_history(pool: PgPool) {
    holder(&pool).await;
    let received = receive(&pool, &[photo("ID1", 1), photo("ID1", 2), photo("ID1", 3)]).await;
    let [oldest, middle, newest] = [received[0].id, received[1].id, received[2].id];
    decide(&pool, &[review(oldest, Decision::Held)]).await;
    decide(&pool, &[review(middle, Decision::Approved)]).await;
    assert_eq!(portrait(&pool).await, middle.to_string());
    let told = sql::text(&pool, "select state || ' from ' || replaced_from || ' by ' || replaced_by from photo order by id limit 1").await;
    assert_eq!(told, format!("replaced from held by {middle}"));
    assert_eq!(sql::text(&pool, "select ending from photo_case").await, "replaced", "nobody is asked about it any more");
    decide(&pool, &[review(newest, Decision::Rejected)]).await;
    assert_eq!(portrait(&pool).await, middle.to_string(), "a rejected one does not replace it");
    assert_eq!(certificate(&pool, "N1").await, "valid ready 2028-02-29 r1");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn two_approved_photos_of_one_chunk_leave_the_later_one(pool: PgPool) {
    holder(&pool).await;
    let received = receive(&pool, &[photo("ID1", 1), photo("ID1", 2)]).await;
    decide(&pool, &[review(received[0].id, Decision::Approved), review(received[1].id, Decision::Approved)]).await;
    assert_eq!(portrait(&pool).await, received[1].id.to_string());
    assert_eq!(sql::texts(&pool, "select state from photo order by id").await, ["replaced", "approved"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn one_picture_under_several_persons_is_held_whoever_came_first(pool: PgPool) {
    holder(&pool).await;
    merged(
        &pool,
        &delivery(2, date!(2026 - 10 - 31), "all"),
        &[row(1, "N2", "ID2", "李小红"), row(2, "N3", "ID3", "赵小兰"), row(3, "N4", "ID4", "钱小梅")],
    )
    .await;
    let looks = |mut one: Review, bits: u8| {
        one.likeness = Some((0..32).map(|at| if at == 9 { 0x5A ^ bits } else { 0x5A }).collect());
        one
    };
    let received = receive(&pool, &[photo("ID1", 1), photo("ID2", 2), photo("ID3", 3)]).await;
    let [first, second, third] = [received[0].id, received[1].id, received[2].id];
    decide(&pool, &[looks(review(first, Decision::Approved), 0)]).await;
    assert_eq!(certificate(&pool, "N1").await, "valid ready 2028-02-29 r1");
    decide(&pool, &[looks(review(second, Decision::Approved), 0b0110_1001)]).await;
    assert_eq!(sql::texts(&pool, "select state from photo order by id").await, ["held", "held", "received"]);
    assert_eq!(sql::texts(&pool, "select cause from photo_case order by id").await, ["duplicate", "duplicate"]);
    assert_eq!(portrait(&pool).await, "-", "the approval of the first was taken back");
    assert_eq!(certificate(&pool, "N1").await, "valid photo-review 2028-02-29 r1");
    let told = "select findings -> 0 ->> 'code' || ' ' || (findings -> 0 -> 'photos')::text from photo_review order by id desc limit 1";
    assert!(sql::text(&pool, told).await.starts_with("photo-duplicate ["));
    // The very file of another person looks alike, too, and is one photo all the same.
    let copy = receive(&pool, &[photo("ID4", 2)]).await[0].id;
    decide(&pool, &[looks(review(copy, Decision::Approved), 0b0110_1001)]).await;
    let told = format!("select (findings -> 0 -> 'photos')::text from photo_review where photo_id = {copy}");
    assert_eq!(sql::text(&pool, &told).await, format!("[{first}, {second}]"));
    let mut other = review(third, Decision::Approved);
    other.likeness = Some([[0x5A; 20].as_slice(), &[0xA5; 12]].concat());
    decide(&pool, &[other]).await;
    assert_eq!(certificate(&pool, "N3").await, "valid ready 2028-02-29 r1", "another picture is another picture");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_file_that_is_no_photo_is_a_rejected_row_of_its_delivery(pool: PgPool) {
    holder(&pool).await;
    let archive = NewBatch { shape: "photos".to_owned(), kind: None, ..delivery(9, date!(2026 - 10 - 30), "on-application") };
    let archive = registered(&pool, &archive).await;
    let loaded = |n| StagedRow { row_no: n, line: n, outcome: "loaded", ..StagedRow::default() };
    stage(&pool, &archive, &[loaded(1), loaded(2)]).await;
    let mut conn = pool.acquire().await.unwrap();
    let received = photos::receive(&mut conn, Some(archive.id), &[photo("ID1", 1), photo("ID1", 2)]).await.unwrap();
    let mut links: Vec<(i64, PhotoId)> = received.iter().map(|r| (i64::from(r.sha256[0]), r.id)).collect();
    links.sort_unstable();
    intake_rows::link_photos(&mut conn, archive.id, &links).await.unwrap();
    batches::finish(&mut conn, archive.id, 2).await.unwrap();
    let mut refused = review(links[1].1, Decision::Rejected);
    (refused.refused, refused.portrait, refused.findings) =
        (true, None, json!([{ "code": "photo-unreadable", "zh": "损坏", "en": "damaged" }]));
    decide(&pool, &[review(links[0].1, Decision::Approved), refused]).await;
    assert_eq!(fates(&pool, &archive).await, ["1 loaded", "2 rejected photo-unreadable"]);
    let totals = batches::find(&mut conn, archive.id).await.unwrap().unwrap().totals;
    assert_eq!((totals.read, totals.loaded, totals.rejected), (2, 1, 1));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn photos_wait_for_review_only_with_a_holder(pool: PgPool) {
    holder(&pool).await;
    let received = receive(&pool, &[photo("ID1", 1), photo("ID2", 2)]).await;
    let ids: Vec<PhotoId> = received.iter().map(|received| received.id).collect();
    let mut conn = pool.acquire().await.unwrap();
    let waiting = photos::for_review(&mut conn, &ids).await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].key, "originals/1");
    let holder = waiting[0].person;
    assert_eq!(photos::holders_in_review(&mut conn, &[holder]).await.unwrap(), [holder]);
    decide(&pool, &[review(waiting[0].id, Decision::Held)]).await;
    assert_eq!(photos::for_review(&mut conn, &ids).await.unwrap().len(), 0);
    assert_eq!(photos::holders_in_review(&mut conn, &[holder]).await.unwrap(), [holder], "a person looks at it now");
    assert_eq!(photos::census(&mut conn).await.unwrap(), [("held".to_owned(), 1), ("unmatched".to_owned(), 1)]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_photo_that_came_before_its_record_is_adopted_and_reviewed(pool: PgPool) {
    complete(&pool).await;
    let archive = NewBatch { shape: "photos".to_owned(), kind: None, ..delivery(9, date!(2026 - 10 - 30), "on-application") };
    let archive = registered(&pool, &archive).await;
    let unmatched =
        |n| StagedRow { row_no: n, line: n, outcome: "held", findings: vec![json!({ "code": "photo-unmatched" })], ..StagedRow::default() };
    stage(&pool, &archive, &[unmatched(1), unmatched(2)]).await;
    let mut conn = pool.acquire().await.unwrap();
    let received = photos::receive(&mut conn, Some(archive.id), &[photo("ID1", 1), photo("ID9", 2)]).await.unwrap();
    let mut links: Vec<(i64, PhotoId)> = received.iter().map(|r| (if r.id_number == "ID1" { 1 } else { 2 }, r.id)).collect();
    links.sort_unstable();
    intake_rows::link_photos(&mut conn, archive.id, &links).await.unwrap();
    batches::finish(&mut conn, archive.id, 2).await.unwrap();

    merged(&pool, &delivery(1, date!(2026 - 10 - 31), "all"), &[row(1, "N1", "ID1", "王小明")]).await;
    assert_eq!(certificate(&pool, "N1").await, "valid photo-review 2028-02-29 r1");
    let review_jobs = sql::texts(&pool, "select payload::text from job where kind = 'review_photos'").await;
    assert_eq!(review_jobs, [format!("{{\"photos\": [{}]}}", links[0].1)]);
    assert_eq!(fates(&pool, &archive).await, ["1 loaded", "2 held photo-unmatched"]);
    let totals = batches::find(&mut conn, archive.id).await.unwrap().unwrap().totals;
    assert_eq!((totals.read, totals.loaded, totals.held), (2, 1, 1), "the archive's totals follow");

    merge::adopt_photos(&mut conn, archive.id, "import", TODAY).await.unwrap();
    assert_eq!(sql::number(&pool, "select count(*) from job").await, 1, "adopting again finds nothing");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_certificate_that_waits_waits_for_the_newest_photo(pool: PgPool) {
    for approved in [Decision::Approved, Decision::Rejected] {
        let content = if approved == Decision::Approved { 1 } else { 11 };
        let holder = format!("ID{content}");
        complete(&pool).await;
        let certificates = [row(1, &format!("N{content}"), &holder, "王小明")];
        merged(&pool, &delivery(content, date!(2026 - 10 - 31), "all"), &certificates).await;
        let received = receive(&pool, &[photo(&holder, content), photo(&holder, content + 1)]).await;
        // Two chunks of one archive: the older photo is decided about first.
        decide(&pool, &[review(received[0].id, Decision::Approved)]).await;
        assert_eq!(certificate(&pool, &format!("N{content}")).await, "valid photo-review 2028-02-29 r1");
        decide(&pool, &[review(received[1].id, approved)]).await;
        assert_eq!(certificate(&pool, &format!("N{content}")).await, "valid ready 2028-02-29 r1");
        let printed = sql::text(&pool, &format!("select portrait_photo_id::text from person where id_number = '{holder}'")).await;
        let expected = if approved == Decision::Approved { received[1].id } else { received[0].id };
        assert_eq!(printed, expected.to_string());
    }
}
