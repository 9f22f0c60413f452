//! What the automatic checks decide about a chunk of photos.

use domain::ids::{CertificateId, PersonId, PhotoId};
use serde_json::{Value, json};
use sqlx::PgConnection;

use crate::photo_cases::{self, CaseCause};
use crate::photo_effects::{self, Cause, detail};
use crate::photo_statistics::{self, Decider, Decision};

/// What the checks say about one photo.
#[derive(Debug, Clone)]
pub struct Review {
    /// The photo.
    pub photo: PhotoId,
    /// What they say.
    pub decision: Decision,
    /// What they found, each with code and sentences.
    pub findings: Value,
    /// Every check with its value, also those that passed.
    pub checks: Value,
    /// SHA-256 of the portrait and where it lies, of whatever could be read: a person may decide otherwise.
    pub portrait: Option<([u8; 32], String)>,
    /// What the picture looks like; none of one that shows nothing.
    pub likeness: Option<Vec<u8>>,
    /// Whether the file cannot be used as a photo at all: in the totals of its delivery it is rejected then.
    pub refused: bool,
}

/// What became of a chunk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Photos that this call decided about: what somebody else decided first stands.
    pub decided: Vec<(PersonId, PhotoId)>,
    /// Certificates that go on to issuing.
    pub ready: Vec<CertificateId>,
    /// Photos of others that were approved before and are held now, because one of these shows the same picture.
    pub reopened: Vec<PhotoId>,
}

/// How two likenesses are told to be of one picture.
#[derive(Clone, Copy)]
pub struct SamePicture<'a> {
    /// Candidates differ in no more than so many of their first 256 bits.
    pub forms: u32,
    /// Decides about a candidate.
    pub decides: &'a (dyn Fn(&[u8], &[u8]) -> bool + Sync),
}

/// Records reviews in the caller's transaction, opens a case for every photo that a person has to decide about, and lets certificates go on.
/// One picture under several persons is held, whoever of them came first.
///
/// # Errors
/// The database's.
pub async fn decide(conn: &mut PgConnection, cause: Cause<'_>, mut reviews: Vec<Review>, same: SamePicture<'_>) -> sqlx::Result<Outcome> {
    // One at a time: of two chunks that hold the same picture, one has to see the other's.
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('photo-likeness', 0))").fetch_one(&mut *conn).await?;
    remember_likeness(conn, &reviews).await?;
    let ids: Vec<i64> = reviews.iter().map(|review| review.photo.0).collect();
    let twins = twins(conn, &ids, same).await?;
    let mut others = Vec::new();
    for twin in &twins {
        let Some(review) = reviews.iter_mut().find(|review| review.photo == twin.photo) else { continue };
        // What is rejected for itself takes nobody's approval away.
        if review.decision != Decision::Rejected {
            others.extend(twin.open.then_some((twin.other, twin.person)));
            review.decision = Decision::Held;
            tell_duplicate(&mut review.findings, twin.other);
        }
    }
    others.sort_unstable();
    others.dedup();
    let holders =
        sqlx::query_scalar!(r#"select person_id as "person!: PersonId" from photo where id = any ($1) and person_id is not null"#, &ids)
            .fetch_all(&mut *conn)
            .await?;
    let persons: Vec<PersonId> = holders.into_iter().chain(others.iter().filter_map(|(_, person)| *person)).collect();
    refuse_rows(conn, &reviews).await?;
    photo_effects::lock_holders(conn, &persons).await?;
    let decided = record(conn, cause.actor, &reviews).await?;
    let reopened = reopen(conn, cause.actor, &others, &twins.iter().map(|twin| (twin.other, twin.photo)).collect::<Vec<_>>()).await?;
    open_cases(conn, cause.actor, &decided, &reviews).await?;
    tally(conn, &decided, &reviews).await?;
    let of_person = |person: PersonId| {
        let photo = decided.iter().rev().find(|(holder, _)| *holder == person).map(|(_, photo)| *photo);
        match photo.and_then(|photo| reviews.iter().find(|review| review.photo == photo)) {
            Some(review) => detail(review.photo, &review.findings),
            None => json!({ "codes": ["photo-duplicate"] }),
        }
    };
    let concerned: Vec<PersonId> = decided
        .iter()
        .map(|(person, _)| *person)
        .chain(others.iter().filter(|(photo, _)| reopened.contains(photo)).filter_map(|(_, p)| *p))
        .collect();
    let ready = photo_effects::settle(conn, cause, &concerned, of_person).await?;
    Ok(Outcome { decided, ready, reopened })
}

/// A photo of another person that shows the same picture.
struct Twin {
    photo: PhotoId,
    other: PhotoId,
    /// The other's holder.
    person: Option<PersonId>,
    same_file: bool,
    mine: Option<Vec<u8>>,
    theirs: Option<Vec<u8>>,
    /// Whether the other was approved by the checks alone and is on no certificate yet.
    open: bool,
}

/// The photos of other persons that show the same picture as one of these: the very file, or one that looks alike; each pair once.
async fn twins(conn: &mut PgConnection, photos: &[i64], same: SamePicture<'_>) -> sqlx::Result<Vec<Twin>> {
    let mut twins = sqlx::query_file_as!(Twin, "queries/photos/duplicates.sql", photos, i64::from(same.forms)).fetch_all(conn).await?;
    twins.retain(|twin| {
        twin.same_file || twin.mine.as_ref().zip(twin.theirs.as_ref()).is_some_and(|(one, other)| (same.decides)(one, other))
    });
    // The very file looks alike, too.
    twins.dedup_by_key(|twin| (twin.photo, twin.other));
    Ok(twins)
}

/// The finding that a photo shows the same picture as those of other persons, where it does.
pub(crate) async fn shown_elsewhere(conn: &mut PgConnection, photo: PhotoId, same: SamePicture<'_>) -> sqlx::Result<Option<Value>> {
    let mut findings = json!([]);
    for twin in twins(conn, &[photo.0], same).await? {
        tell_duplicate(&mut findings, twin.other);
    }
    Ok(findings.as_array_mut().and_then(Vec::pop))
}

/// Gives photos that the checks could not finish to people: the file is gone, or nothing that looked at it lived. In the transaction
/// that buries the job.
///
/// # Errors
/// The database's.
pub async fn give_up(conn: &mut PgConnection, actor: &str, photos: &[i64]) -> sqlx::Result<()> {
    let findings = json!([{
        "code": "photo-not-checked", "zh": "自动检查未能完成，待人工处理", "en": "the automatic checks could not be finished; a person decides"
    }]);
    let held = sqlx::query_scalar!(
        r#"with held as (
               update photo set state = 'held', reviewed_at = now()
               where id = any ($1) and state = 'received' and person_id is not null returning id
           ), noted as (
               insert into photo_review (photo_id, reviewer, decision, findings) select id, $2, 'held', $3 from held
           )
           select id as "id!: PhotoId" from held order by id"#,
        photos,
        actor,
        findings
    )
    .fetch_all(&mut *conn)
    .await?;
    let cases: Vec<_> = held.iter().map(|photo| (*photo, CaseCause::Checks)).collect();
    photo_cases::open(conn, actor, &cases).await?;
    photo_statistics::count(conn, Decider::Checks, "held", i64::try_from(held.len()).unwrap_or(i64::MAX)).await
}

fn tell_duplicate(findings: &mut Value, other: PhotoId) {
    let Some(list) = findings.as_array_mut() else { return };
    match list.iter_mut().find(|finding| finding["code"] == "photo-duplicate") {
        Some(known) => {
            if let Some(photos) = known["photos"].as_array_mut() {
                photos.push(json!(other.0));
            }
        }
        None => list.insert(0, duplicate(other)),
    }
}

fn duplicate(other: PhotoId) -> Value {
    json!({ "code": "photo-duplicate", "zh": "同一照片用于多人", "en": "one picture under several persons", "photos": [other.0] })
}

async fn remember_likeness(conn: &mut PgConnection, reviews: &[Review]) -> sqlx::Result<()> {
    let (photos, likenesses): (Vec<i64>, Vec<Vec<u8>>) =
        reviews.iter().filter_map(|review| Some((review.photo.0, review.likeness.clone()?))).unzip();
    sqlx::query!(
        "insert into photo_likeness (photo_id, likeness)
         select l.photo_id, l.likeness from unnest($1::bigint[], $2::bytea[]) as l (photo_id, likeness)
         join photo f on f.id = l.photo_id and f.state = 'received' and f.person_id is not null
         on conflict (photo_id) do nothing",
        &photos,
        &likenesses
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn record(conn: &mut PgConnection, actor: &str, reviews: &[Review]) -> sqlx::Result<Vec<(PersonId, PhotoId)>> {
    let ids: Vec<i64> = reviews.iter().map(|review| review.photo.0).collect();
    let decisions: Vec<String> = reviews.iter().map(|review| review.decision.as_str().to_owned()).collect();
    let findings: Vec<Value> = reviews.iter().map(|review| review.findings.clone()).collect();
    let checks: Vec<Value> = reviews.iter().map(|review| review.checks.clone()).collect();
    let digests: Vec<Option<Vec<u8>>> = reviews.iter().map(|r| r.portrait.as_ref().map(|(sha256, _)| sha256.to_vec())).collect();
    let keys: Vec<Option<String>> = reviews.iter().map(|r| r.portrait.as_ref().map(|(_, key)| key.clone())).collect();
    let rows = sqlx::query_file!(
        "queries/decide_photos.sql",
        actor,
        &ids,
        &decisions,
        &findings,
        &checks,
        &digests as &[Option<Vec<u8>>],
        &keys as &[Option<String>]
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.person, row.photo)).collect())
}

async fn open_cases(conn: &mut PgConnection, actor: &str, decided: &[(PersonId, PhotoId)], reviews: &[Review]) -> sqlx::Result<()> {
    let is_duplicate = |review: &Review| review.findings.as_array().is_some_and(|list| list.iter().any(|f| f["code"] == "photo-duplicate"));
    let held: Vec<(PhotoId, CaseCause)> = reviews
        .iter()
        .filter(|review| review.decision == Decision::Held && decided.iter().any(|(_, photo)| *photo == review.photo))
        .map(|review| (review.photo, if is_duplicate(review) { CaseCause::Duplicate } else { CaseCause::Checks }))
        .collect();
    photo_cases::open(conn, actor, &held).await
}

/// Takes back approvals that the checks gave to photos whose picture now came under another person.
async fn reopen(
    conn: &mut PgConnection,
    actor: &str,
    others: &[(PhotoId, Option<PersonId>)],
    twins: &[(PhotoId, PhotoId)],
) -> sqlx::Result<Vec<PhotoId>> {
    let ids: Vec<i64> = others.iter().map(|(photo, _)| photo.0).collect();
    let reopened = sqlx::query_scalar!(
        // Asked again, now that the holders are locked: an order may have been placed since.
        r#"update photo o set state = 'held'
           where o.id = any ($1) and o.state = 'approved'
             and not exists (select from issue_order i join certificate c on c.id = i.certificate_id
                             where c.person_id = o.person_id and i.portrait_sha256 = o.portrait_sha256
                               and not exists (select from order_closure x where x.order_id = i.id))
           returning o.id as "id: PhotoId""#,
        &ids
    )
    .fetch_all(&mut *conn)
    .await?;
    for &photo in &reopened {
        let finding = twins.iter().filter(|(other, _)| *other == photo).fold(json!([]), |mut list, (_, twin)| {
            tell_duplicate(&mut list, *twin);
            list
        });
        sqlx::query!(
            "insert into photo_review (photo_id, reviewer, decision, findings) values ($1, $2, 'held', $3)",
            photo.0,
            actor,
            finding
        )
        .execute(&mut *conn)
        .await?;
    }
    photo_cases::open(conn, actor, &reopened.iter().map(|photo| (*photo, CaseCause::Duplicate)).collect::<Vec<_>>()).await?;
    Ok(reopened)
}

/// A file that cannot be used at all is a rejected row of its delivery, though its name had matched; the totals of a finished one follow.
async fn refuse_rows(conn: &mut PgConnection, reviews: &[Review]) -> sqlx::Result<()> {
    let refused: Vec<&Review> = reviews.iter().filter(|review| review.refused).collect();
    if refused.is_empty() {
        return Ok(());
    }
    let photos: Vec<i64> = refused.iter().map(|review| review.photo.0).collect();
    let codes: Vec<Value> = refused.iter().map(|review| review.findings.clone()).collect();
    sqlx::query!(
        "select id from intake_batch where id in (select batch_id from photo where id = any ($1)) order by id for update",
        &photos
    )
    .fetch_all(&mut *conn)
    .await?;
    sqlx::query_file!("queries/photos/refuse_rows.sql", &photos, &codes).execute(conn).await?;
    Ok(())
}

async fn tally(conn: &mut PgConnection, decided: &[(PersonId, PhotoId)], reviews: &[Review]) -> sqlx::Result<()> {
    for decision in [Decision::Approved, Decision::Held, Decision::Rejected] {
        let n = reviews.iter().filter(|r| r.decision == decision && decided.iter().any(|(_, photo)| *photo == r.photo)).count();
        photo_statistics::count(conn, Decider::Checks, decision.as_str(), i64::try_from(n).unwrap_or(i64::MAX)).await?;
    }
    Ok(())
}
