//! Reviewers: one photo is in one pair of hands, decisions take effect at once, can be taken back for a while, and appealed once.

use domain::ids::PhotoId;
use domain::photo_reason::PhotoReason;
use sqlx::PgPool;
use store::batches::{self, NewBatch};
use store::photo_cases::{self, Answer, CaseError, Claimed, Effect, Lease};
use store::photo_effects::Cause;
use store::photo_reviews::SamePicture;
use store::photo_statistics::{self, Decision};
use store::photos;
use time::OffsetDateTime;
use time::macros::date;

use crate::photos_decided::{decide, holder, photo, portrait, receive, review};
use crate::sql;
use crate::staged::{TODAY, certificate, delivery, merged, registered, row};

const LEASE: Lease = Lease { seconds: 600 };

fn by(actor: &str) -> Cause<'_> {
    Cause { actor, today: TODAY, batch: None }
}

async fn next(pool: &PgPool, staff: &str) -> Option<PhotoId> {
    let claimed = photo_cases::claim_next(&mut pool.acquire().await.unwrap(), staff, LEASE).await.unwrap();
    claimed.map(|Claimed { photo, .. }| photo)
}

async fn answer(pool: &PgPool, staff: &str, photo: PhotoId, answer: Answer, note: Option<&str>) -> Result<Effect, CaseError> {
    let mut tx = pool.begin().await.unwrap();
    let effect = photo_cases::decide(&mut tx, by(staff), photo, &answer, note, LEASE).await?;
    tx.commit().await.unwrap();
    Ok(effect)
}

async fn take_back(pool: &PgPool, staff: &str, photo: PhotoId) -> Result<Effect, CaseError> {
    let mut tx = pool.begin().await.unwrap();
    let effect = photo_cases::take_back(&mut tx, by(staff), photo, LEASE).await?;
    tx.commit().await.unwrap();
    Ok(effect)
}

async fn appeal(pool: &PgPool, photo: PhotoId) -> Result<(), CaseError> {
    let mut tx = pool.begin().await.unwrap();
    let same = SamePicture { forms: 20, decides: &|one, other| one == other };
    photo_cases::appeal(&mut tx, by("holder"), photo, Some("照片是我本人"), same).await?;
    tx.commit().await.unwrap();
    Ok(())
}

fn blurred() -> Answer {
    Answer::Reject(vec![PhotoReason::Blurred])
}

/// So many photos of as many holders that the checks left to a person, oldest first. The first is 王小明's, who waits for N1.
async fn held(pool: &PgPool, count: u8) -> Vec<PhotoId> {
    holder(pool).await;
    let others: Vec<_> = (2..=count).map(|n| row(i64::from(n), &format!("N{n}"), &format!("ID{n}"), "李小红")).collect();
    merged(pool, &delivery(2, date!(2026 - 10 - 31), "all"), &others).await;
    let mut held = Vec::new();
    for n in 1..=count {
        let received = receive(pool, &[photo(&format!("ID{n}"), n)]).await;
        decide(pool, &[review(received[0].id, Decision::Held)]).await;
        held.push(received[0].id);
    }
    held
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn two_reviewers_at_once_never_hold_the_same_photo(pool: PgPool) {
    let held = held(&pool, 12).await;
    let claims = (0..12).map(|n| {
        let pool = pool.clone();
        tokio::spawn(async move { next(&pool, &format!("reviewer {n}")).await })
    });
    let mut taken = Vec::new();
    for claim in claims.collect::<Vec<_>>() {
        taken.extend(claim.await.unwrap());
    }
    taken.sort_unstable();
    // A reviewer who meets another one's photo takes the next; nobody gets one that is taken.
    assert_eq!(taken, held);
    assert_eq!(next(&pool, "one too many").await, None);
    let refused = answer(&pool, "one too many", held[0], Answer::Approve, None).await.unwrap_err();
    assert!(matches!(refused, CaseError::HeldByAnother { .. }), "{refused}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_oldest_comes_first_and_a_reviewer_keeps_what_he_holds(pool: PgPool) {
    let held = held(&pool, 3).await;
    assert_eq!(next(&pool, "张审核").await, Some(held[0]));
    assert_eq!(next(&pool, "张审核").await, Some(held[0]), "until it is decided");
    assert_eq!(next(&pool, "李审核").await, Some(held[1]));
    answer(&pool, "张审核", held[0], blurred(), None).await.unwrap();
    assert_eq!(next(&pool, "张审核").await, Some(held[2]));
    assert!(photo_cases::release(&mut pool.acquire().await.unwrap(), held[2], "张审核").await.unwrap());
    assert_eq!(next(&pool, "王审核").await, Some(held[2]), "what was given back is free");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_expired_lease_returns_the_photo(pool: PgPool) {
    let held = held(&pool, 1).await;
    assert_eq!(next(&pool, "张审核").await, Some(held[0]));
    assert_eq!(next(&pool, "李审核").await, None);
    sql::run(&pool, "update photo_case set claimed_until = now() - interval '1 second'").await;
    assert_eq!(next(&pool, "李审核").await, Some(held[0]));
    let late = answer(&pool, "张审核", held[0], Answer::Approve, None).await.unwrap_err();
    assert!(matches!(late, CaseError::HeldByAnother { ref by, .. } if by == "李审核"), "{late}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_approval_lets_the_certificate_go_on_and_a_rejection_keeps_it_waiting_with_the_reason(pool: PgPool) {
    let held = held(&pool, 2).await;
    assert_eq!(certificate(&pool, "N1").await, "valid photo-review 2028-02-29 r1");
    let effect = answer(&pool, "张审核", held[0], Answer::Approve, None).await.unwrap();
    assert_eq!(effect.ready.len(), 1);
    assert_eq!(portrait(&pool).await, held[0].to_string());
    assert_eq!(certificate(&pool, "N1").await, "valid ready 2028-02-29 r1");
    assert_eq!(sql::number(&pool, "select count(*) from job where kind = 'issue_certificates'").await, 1);

    answer(&pool, "张审核", held[1], Answer::Reject(vec![PhotoReason::Blurred, PhotoReason::Marks]), Some("  左下角有公章 "))
        .await
        .unwrap();
    assert_eq!(certificate(&pool, "N2").await, "valid awaiting-photo 2028-02-29 r1");
    let newest = sql::text(&pool, "select findings::text from photo_review order by id desc limit 1").await;
    assert!(
        newest.contains("photo-blurred") && newest.contains("照片模糊（审核说明：左下角有公章）") && newest.contains("photo-marks"),
        "{newest}"
    );
    let audited = sql::texts(&pool, "select actor || ' ' || action from audit where action like 'photo%' order by id").await;
    assert_eq!(audited, ["张审核 photo-approved", "张审核 photo-rejected"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_is_asked_wrongly_is_told_and_changes_nothing(pool: PgPool) {
    let held = held(&pool, 1).await;
    let table = [
        (held[0], Answer::Reject(Vec::new()), None, "needs a reason"),
        (held[0], Answer::Reject(vec![PhotoReason::Other]), Some(" "), "needs a note"),
        (PhotoId(4711), Answer::Approve, None, "there is no photo 4711"),
    ];
    for (photo, wanted, note, told) in table {
        let error = answer(&pool, "张审核", photo, wanted, note).await.unwrap_err().to_string();
        assert!(error.contains(told), "{error}");
    }
    answer(&pool, "张审核", held[0], Answer::Approve, None).await.unwrap();
    let again = answer(&pool, "李审核", held[0], blurred(), None).await.unwrap_err().to_string();
    assert!(again.contains("approved and waits for no decision"), "{again}");
    assert_eq!(sql::texts(&pool, "select state from photo").await, ["approved"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_decision_is_taken_back_within_the_lease_and_by_whoever_made_it(pool: PgPool) {
    holder(&pool).await;
    let old = receive(&pool, &[photo("ID1", 1)]).await[0].id;
    decide(&pool, &[review(old, Decision::Held)]).await;
    let new = receive(&pool, &[photo("ID1", 2)]).await[0].id;
    decide(&pool, &[review(new, Decision::Held)]).await;
    answer(&pool, "张审核", new, Answer::Approve, None).await.unwrap();
    assert_eq!(sql::texts(&pool, "select state from photo order by id").await, ["replaced", "approved"]);
    let another = take_back(&pool, "李审核", new).await.unwrap_err();
    assert!(matches!(another, CaseError::NothingToTakeBack { .. }), "{another}");

    take_back(&pool, "张审核", new).await.unwrap();
    assert_eq!(sql::texts(&pool, "select state from photo order by id").await, ["held", "held"], "the older one waits again, too");
    assert_eq!(sql::number(&pool, "select count(*) from photo_case where ended_at is null").await, 2);
    assert_eq!(portrait(&pool).await, "-");
    assert_eq!(certificate(&pool, "N1").await, "valid photo-review 2028-02-29 r1");
    assert_eq!(next(&pool, "张审核").await, Some(new), "it is still in the same hands");

    answer(&pool, "张审核", new, blurred(), None).await.unwrap();
    assert_eq!(certificate(&pool, "N1").await, "valid photo-review 2028-02-29 r1", "the older photo may still serve");
    sql::run(&pool, "update photo_case set claimed_until = now() - interval '1 second' where ended_at is not null").await;
    let late = take_back(&pool, "张审核", new).await.unwrap_err();
    assert!(matches!(late, CaseError::NothingToTakeBack { .. }), "{late}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_approval_that_was_printed_stays(pool: PgPool) {
    let held = held(&pool, 1).await;
    answer(&pool, "张审核", held[0], Answer::Approve, None).await.unwrap();
    let order = "insert into issue_order (certificate_id, version, revision, snapshot, portrait_sha256, portrait_key, template_version, template_sha256,
                     fonts_sha256, profile_sha256, document_key_id, chain_sha256, qr_key_id, qr_base, status_list, status_index, signing_time)
                 select c.id, 1, c.revision, '{}', f.portrait_sha256, f.portrait_key, 1, '', '', '', 'key', '', 'key', 'BASE', 1, 1, now()
                 from certificate c join photo f on f.person_id = c.person_id where c.number = 'N1'";
    sql::run(&pool, order).await;
    let printed = take_back(&pool, "张审核", held[0]).await.unwrap_err();
    assert!(matches!(printed, CaseError::Printed(_)), "{printed}");
    assert_eq!(sql::texts(&pool, "select state from photo").await, ["approved"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn undoing_a_delivery_of_photos_brings_back_what_gave_way_to_them(pool: PgPool) {
    holder(&pool).await;
    let [waiting, unseen] = [1, 2].map(|n| photo("ID1", n));
    let waiting = receive(&pool, &[waiting]).await[0].id;
    decide(&pool, &[review(waiting, Decision::Held)]).await;
    let unseen = receive(&pool, &[unseen]).await[0].id;
    let archive = NewBatch { shape: "photos".to_owned(), kind: None, ..delivery(9, date!(2026 - 10 - 30), "on-application") };
    let archive = registered(&pool, &archive).await;
    let mut conn = pool.acquire().await.unwrap();
    let received = photos::receive(&mut conn, Some(archive.id), &[photo("ID1", 3), photo("ID1", 4)]).await.unwrap();
    let mut ids: Vec<PhotoId> = received.iter().map(|received| received.id).collect();
    ids.sort_unstable();
    decide(&pool, &[review(ids[0], Decision::Approved), review(ids[1], Decision::Approved)]).await;
    batches::finish(&mut conn, archive.id, 0).await.unwrap();
    assert_eq!(sql::texts(&pool, "select state from photo order by id").await, ["replaced", "replaced", "replaced", "approved"]);

    let mut tx = pool.begin().await.unwrap();
    store::undo::undo(&mut tx, archive.id, "somebody", "the wrong archive", TODAY).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    assert_eq!(sql::texts(&pool, "select state from photo order by id").await, ["held", "received", "withdrawn", "withdrawn"]);
    assert_eq!(sql::text(&pool, "select photo_id::text from photo_case where ended_at is null").await, waiting.to_string());
    assert_eq!(portrait(&pool).await, "-");
    assert_eq!(certificate(&pool, "N1").await, "valid photo-review 2028-02-29 r1");
    let jobs = sql::texts(&pool, "select payload::text from job where kind = 'review_photos'").await;
    assert_eq!(jobs, [format!("{{\"photos\": [{unseen}]}}")]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_appeal_is_decided_once_and_by_somebody_else(pool: PgPool) {
    let held = held(&pool, 1).await;
    let early = appeal(&pool, held[0]).await.unwrap_err();
    assert!(matches!(early, CaseError::NotRejected { .. }), "{early}");
    answer(&pool, "张审核", held[0], blurred(), None).await.unwrap();
    appeal(&pool, held[0]).await.unwrap();
    assert_eq!(certificate(&pool, "N1").await, "valid photo-review 2028-02-29 r1");
    assert_eq!(next(&pool, "张审核").await, None);
    let same = answer(&pool, "张审核", held[0], Answer::Approve, None).await.unwrap_err();
    assert!(matches!(same, CaseError::SecondReviewer { .. }), "{same}");
    assert_eq!(next(&pool, "李审核").await, Some(held[0]));
    answer(&pool, "李审核", held[0], Answer::Approve, None).await.unwrap();
    assert_eq!(certificate(&pool, "N1").await, "valid ready 2028-02-29 r1");

    let read = photo_statistics::read(&mut pool.acquire().await.unwrap(), OffsetDateTime::UNIX_EPOCH).await.unwrap();
    assert_eq!((read.waiting, read.claimed, read.oldest_since), (0, 0, None));
    assert_eq!((read.automatic, read.human, read.appealed, read.overturned, read.taken_back), (0, 2, 1, 1, 0));
    assert_eq!(read.decisions_this_hour + read.decisions_last_hour, 2);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_appeal_that_is_refused_ends_the_matter(pool: PgPool) {
    let held = held(&pool, 1).await;
    answer(&pool, "张审核", held[0], blurred(), None).await.unwrap();
    appeal(&pool, held[0]).await.unwrap();
    answer(&pool, "李审核", held[0], blurred(), None).await.unwrap();
    let again = appeal(&pool, held[0]).await.unwrap_err();
    assert!(matches!(again, CaseError::Appealed(_)), "{again}");
    assert_eq!(certificate(&pool, "N1").await, "valid awaiting-photo 2028-02-29 r1");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_has_given_way_to_a_newer_photo_is_neither_appealed_nor_taken_up_again(pool: PgPool) {
    let held = held(&pool, 1).await;
    answer(&pool, "张审核", held[0], blurred(), None).await.unwrap();
    let newer = receive(&pool, &[photo("ID1", 77)]).await[0].id;
    decide(&pool, &[review(newer, Decision::Approved)]).await;
    for refused in [appeal(&pool, held[0]).await.unwrap_err(), take_back(&pool, "张审核", held[0]).await.unwrap_err()] {
        assert!(matches!(refused, CaseError::Replaced { by, .. } if by == newer), "{refused}");
    }
    assert_eq!(sql::texts(&pool, "select state from photo order by id").await, ["rejected", "approved"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_photo_whose_checks_no_worker_survives_goes_to_a_person(pool: PgPool) {
    holder(&pool).await;
    let deadly = receive(&pool, &[photo("ID1", 1)]).await[0].id;
    store::job_kinds::enqueue_review(&mut pool.acquire().await.unwrap(), &[deadly], None).await.unwrap();
    sql::run(&pool, "update job set max_attempts = 1").await;
    let job = domain::ids::JobId(sql::number(&pool, "select id from job where kind = 'review_photos'").await);
    crate::jobs::begin(&pool, job).await.unwrap();
    crate::jobs::let_the_lease_run_out(&pool, job).await;
    // Beside one whose payload nobody can read, which must not stand in its way.
    let unreadable = crate::jobs::enqueue(&pool, None).await;
    sql::run(
        &pool,
        &format!("update job set kind = 'review_photos', payload = '{{\"photos\": \"?\"}}', max_attempts = 1 where id = {unreadable}"),
    )
    .await;
    crate::jobs::begin(&pool, unreadable).await.unwrap();
    crate::jobs::let_the_lease_run_out(&pool, unreadable).await;
    assert_eq!(crate::jobs::rescue(&pool).await.dead, 2);
    assert_eq!(next(&pool, "张审核").await, Some(deadly));
    let nothing = answer(&pool, "张审核", deadly, Answer::Approve, None).await.unwrap_err();
    assert!(matches!(nothing, CaseError::NoPortrait(_)), "{nothing}");
    answer(&pool, "张审核", deadly, blurred(), None).await.unwrap();
    assert_eq!(certificate(&pool, "N1").await, "valid awaiting-photo 2028-02-29 r1");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_picture_that_is_remembered_without_a_review_does_not_stand_against_undoing(pool: PgPool) {
    holder(&pool).await;
    let archive = NewBatch { shape: "photos".to_owned(), kind: None, ..delivery(9, date!(2026 - 10 - 30), "on-application") };
    let archive = registered(&pool, &archive).await;
    let mut conn = pool.acquire().await.unwrap();
    photos::receive(&mut conn, Some(archive.id), &[photo("ID1", 3)]).await.unwrap();
    batches::finish(&mut conn, archive.id, 0).await.unwrap();
    sql::run(&pool, "insert into photo_likeness (photo_id, likeness) select id, decode(repeat('5a', 33), 'hex') from photo").await;
    let mut tx = pool.begin().await.unwrap();
    store::undo::undo(&mut tx, archive.id, "somebody", "the wrong archive", TODAY).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    assert_eq!(sql::number(&pool, "select count(*) from photo").await, 0);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_appeal_tells_of_others_who_show_the_same_picture_by_now(pool: PgPool) {
    let held = held(&pool, 2).await;
    answer(&pool, "张审核", held[0], blurred(), None).await.unwrap();
    // The very file of another person comes while it is rejected, and nobody is in its way.
    let file = sql::text(&pool, &format!("select encode(original_sha256, 'hex') from photo where id = {}", held[0])).await;
    let byte = u8::from_str_radix(&file[..2], 16).unwrap();
    let other = receive(&pool, &[photo("ID2", byte)]).await[0].id;
    decide(&pool, &[review(other, Decision::Approved)]).await;
    appeal(&pool, held[0]).await.unwrap();
    let told = format!("select findings::text from photo_review where photo_id = {} order by id desc limit 1", held[0]);
    let told: serde_json::Value = serde_json::from_str(&sql::text(&pool, &told).await).unwrap();
    assert_eq!((&told[0]["code"], &told[1]["code"]), (&"photo-appealed".into(), &"photo-duplicate".into()), "{told}");
    assert_eq!(told[1]["photos"], serde_json::json!([other.0]));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_certificate_that_waited_for_a_photo_of_an_undone_delivery_goes_on_with_the_one_before(pool: PgPool) {
    holder(&pool).await;
    let older = receive(&pool, &[photo("ID1", 1)]).await[0].id;
    let archive = NewBatch { shape: "photos".to_owned(), kind: None, ..delivery(9, date!(2026 - 10 - 30), "on-application") };
    let archive = registered(&pool, &archive).await;
    let mut conn = pool.acquire().await.unwrap();
    let newer = photos::receive(&mut conn, Some(archive.id), &[photo("ID1", 3)]).await.unwrap()[0].id;
    decide(&pool, &[review(older, Decision::Approved)]).await;
    decide(&pool, &[review(newer, Decision::Held)]).await;
    batches::finish(&mut conn, archive.id, 0).await.unwrap();
    assert_eq!(certificate(&pool, "N1").await, "valid photo-review 2028-02-29 r1");
    let mut tx = pool.begin().await.unwrap();
    store::undo::undo(&mut tx, archive.id, "somebody", "the wrong archive", TODAY).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    assert_eq!(certificate(&pool, "N1").await, "valid ready 2028-02-29 r1");
    assert_eq!(sql::number(&pool, "select count(*) from job where kind = 'issue_certificates'").await, 1);
}
