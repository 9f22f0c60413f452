//! Photos: once per holder, adopted when their record comes, the newest approved one is the portrait.

use domain::ids::{PersonId, PhotoId};
use serde_json::json;
use sqlx::PgPool;
use store::batches::{self, NewBatch};
use store::intake_rows::{self, StagedRow};
use store::merge;
use store::photos::{self, NewPhoto, Received, Review};
use store::testing::complete;
use time::macros::date;

use crate::sql;
use crate::staged::{TODAY, certificate, delivery, fates, merged, registered, row, stage};

fn photo(id_number: &str, content: u8) -> NewPhoto {
    NewPhoto {
        file_name: format!("{id_number}-{content}.jpg"),
        id_kind: "resident".to_owned(),
        id_number: id_number.to_owned(),
        sha256: [content; 32],
        key: format!("originals/{content}"),
        size_bytes: 100,
    }
}

async fn receive(pool: &PgPool, photos: &[NewPhoto]) -> Vec<Received> {
    let mut received = photos::receive(&mut pool.acquire().await.unwrap(), None, photos).await.unwrap();
    received.sort_by_key(|received| received.id);
    received
}

fn review(photo: PhotoId, decision: &'static str) -> Review {
    let portrait = (decision == "approved").then(|| ([7; 32], "portraits/7".to_owned()));
    Review { photo, decision, findings: json!([]), portrait }
}

async fn decide(pool: &PgPool, reviews: &[Review]) -> Vec<(PersonId, PhotoId)> {
    photos::decide(&mut pool.acquire().await.unwrap(), "reviewer", reviews).await.unwrap()
}

/// Takes 王小明 (ID1) in, whose electronic certificate N1 is wanted.
async fn holder(pool: &PgPool) {
    complete(pool).await;
    merged(pool, &delivery(1, date!(2026 - 10 - 31), "all"), &[row(1, "N1", "ID1", "王小明")]).await;
}

async fn portrait(pool: &PgPool) -> String {
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
async fn one_picture_under_several_persons_is_told(pool: PgPool) {
    holder(&pool).await;
    let received = receive(&pool, &[photo("ID1", 1), photo("ID2", 1), photo("ID1", 2)]).await;
    let ids: Vec<PhotoId> = received.iter().map(|received| received.id).collect();
    let shared = photos::shared_originals(&mut pool.acquire().await.unwrap(), &ids).await.unwrap();
    let expected: Vec<PhotoId> = received.iter().filter(|received| received.sha256 == [1; 32]).map(|received| received.id).collect();
    assert_eq!(expected.len(), 2);
    assert_eq!(shared, expected);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_decided_photo_leaves_its_review_and_the_first_decision_stands(pool: PgPool) {
    holder(&pool).await;
    let received = receive(&pool, &[photo("ID1", 1), photo("ID1", 2), photo("ID1", 3)]).await;
    let [approved, held, rejected] = [received[0].id, received[1].id, received[2].id];
    let reviews = [review(approved, "approved"), review(held, "held"), review(rejected, "rejected")];
    assert_eq!(decide(&pool, &reviews).await.len(), 3);
    assert_eq!(portrait(&pool).await, approved.to_string());
    let recorded = "select string_agg(decision, ' ' order by photo_id) from photo_review";
    assert_eq!(sql::text(&pool, recorded).await, "approved held rejected");

    assert_eq!(decide(&pool, &reviews).await, [], "the same decisions again change nothing");
    assert_eq!(decide(&pool, &[review(approved, "rejected"), review(rejected, "approved")]).await, [], "nor do others afterwards");
    assert_eq!(sql::text(&pool, recorded).await, "approved held rejected");
    assert_eq!(decide(&pool, &[review(held, "approved")]).await.len(), 1, "a held photo may still be decided");
    assert_eq!(portrait(&pool).await, held.to_string());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_newest_approved_photo_is_the_portrait_in_whatever_order_they_are_decided(pool: PgPool) {
    holder(&pool).await;
    let received = receive(&pool, &[photo("ID1", 1), photo("ID1", 2), photo("ID1", 3)]).await;
    let [oldest, middle, newest] = [received[0].id, received[1].id, received[2].id];
    decide(&pool, &[review(middle, "approved")]).await;
    assert_eq!(portrait(&pool).await, middle.to_string());
    decide(&pool, &[review(oldest, "approved")]).await;
    assert_eq!(portrait(&pool).await, middle.to_string(), "an older one does not replace it");
    decide(&pool, &[review(newest, "rejected")]).await;
    assert_eq!(portrait(&pool).await, middle.to_string(), "nor does a rejected one");
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
    decide(&pool, &[review(waiting[0].id, "held")]).await;
    assert_eq!(photos::for_review(&mut conn, &ids).await.unwrap().len(), 0);
    assert_eq!(photos::holders_in_review(&mut conn, &[holder]).await.unwrap(), []);
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
