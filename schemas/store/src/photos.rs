//! Photos: received, matched to their holders, reviewed; an approved one becomes its holder's portrait.

use domain::ids::{BatchId, PersonId, PhotoId};
use serde_json::Value;
use sqlx::PgConnection;

/// A photo as it came.
#[derive(Debug, Clone)]
pub struct NewPhoto {
    /// Name of the file in its archive.
    pub file_name: String,
    /// Kind of the holder's document.
    pub id_kind: String,
    /// Canonical number of the holder's document.
    pub id_number: String,
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
    /// Where the original lies.
    pub key: String,
    /// Length in bytes.
    pub size_bytes: i64,
}

/// What became of a photo that came in.
#[derive(Debug, Clone)]
pub struct Received {
    /// The photo, also where the same file had come for the same holder before.
    pub id: PhotoId,
    /// Kind of the holder's document.
    pub id_kind: String,
    /// Canonical number of the holder's document.
    pub id_number: String,
    /// SHA-256 of the file.
    pub sha256: Vec<u8>,
    /// Its holder, where a record is known.
    pub person: Option<PersonId>,
    /// Whether it came for the first time.
    pub new: bool,
}

/// Takes photos in, set-based. The same file for the same holder is one photo.
///
/// # Errors
/// The database's.
pub async fn receive(conn: &mut PgConnection, batch: Option<BatchId>, photos: &[NewPhoto]) -> sqlx::Result<Vec<Received>> {
    let column = |of: fn(&NewPhoto) -> &str| photos.iter().map(|photo| of(photo).to_owned()).collect::<Vec<String>>();
    let digests: Vec<Vec<u8>> = photos.iter().map(|photo| photo.sha256.to_vec()).collect();
    let sizes: Vec<i64> = photos.iter().map(|photo| photo.size_bytes).collect();
    sqlx::query_file_as!(
        Received,
        "queries/receive_photos.sql",
        batch.map(|batch| batch.0),
        &column(|p| &p.file_name),
        &column(|p| &p.id_kind),
        &column(|p| &p.id_number),
        &digests,
        &column(|p| &p.key),
        &sizes
    )
    .fetch_all(conn)
    .await
}

/// Other holders whose photo is this very file: one picture under several persons is held.
///
/// # Errors
/// The database's.
pub async fn shared_originals(conn: &mut PgConnection, photos: &[PhotoId]) -> sqlx::Result<Vec<PhotoId>> {
    let ids: Vec<i64> = photos.iter().map(|photo| photo.0).collect();
    sqlx::query_scalar!(
        r#"select p.id as "id: PhotoId" from photo p
           where p.id = any ($1) and exists (select from photo o where o.original_sha256 = p.original_sha256
                                             and (o.id_kind, o.id_number) <> (p.id_kind, p.id_number))"#,
        &ids
    )
    .fetch_all(conn)
    .await
}

/// Gives photos that came before their record to the persons who are known now: all of them, so that neither of two imports
/// that run at once misses what the other brought. Returns those that wait for review, and their holders.
///
/// # Errors
/// The database's.
pub async fn adopt(conn: &mut PgConnection) -> sqlx::Result<Vec<(PhotoId, PersonId)>> {
    // Held first, so that a photo batch which finishes at this moment counts them either before or after.
    sqlx::query!("select id from intake_batch where shape = 'photos' and state = 'running' order by id for update")
        .fetch_all(&mut *conn)
        .await?;
    let rows = sqlx::query_file!("queries/adopt_photos.sql").fetch_all(conn).await?;
    Ok(rows.into_iter().filter(|row| row.state == "received").map(|row| (row.photo, row.person)).collect())
}

/// A photo to be reviewed.
#[derive(Debug, Clone)]
pub struct ForReview {
    /// The photo.
    pub id: PhotoId,
    /// Its holder.
    pub person: PersonId,
    /// Where the original lies.
    pub key: String,
    /// SHA-256 of the original.
    pub sha256: Vec<u8>,
}

/// Those of the photos that have a holder and still wait for their review.
///
/// # Errors
/// The database's.
pub async fn for_review(conn: &mut PgConnection, photos: &[PhotoId]) -> sqlx::Result<Vec<ForReview>> {
    let ids: Vec<i64> = photos.iter().map(|photo| photo.0).collect();
    sqlx::query_as!(
        ForReview,
        r#"select id as "id: PhotoId", person_id as "person!: PersonId", original_key as key, original_sha256 as sha256
           from photo where id = any ($1) and state = 'received' and person_id is not null order by id"#,
        &ids
    )
    .fetch_all(conn)
    .await
}

/// What a review decided about one photo.
#[derive(Debug, Clone)]
pub struct Review {
    /// The photo.
    pub photo: PhotoId,
    /// `approved`, `held` or `rejected`.
    pub decision: &'static str,
    /// What was measured and found.
    pub findings: Value,
    /// SHA-256 of the portrait and where it lies; for approved ones.
    pub portrait: Option<([u8; 32], String)>,
}

/// Records reviews; approved photos become their holders' portraits, the newest wins. Returns the holders whose photo was
/// decided by this call: a review that somebody else decided first changes nothing.
///
/// # Errors
/// The database's.
pub async fn decide(conn: &mut PgConnection, reviewer: &str, reviews: &[Review]) -> sqlx::Result<Vec<(PersonId, PhotoId)>> {
    let ids: Vec<i64> = reviews.iter().map(|review| review.photo.0).collect();
    let decisions: Vec<String> = reviews.iter().map(|review| review.decision.to_owned()).collect();
    let findings: Vec<Value> = reviews.iter().map(|review| review.findings.clone()).collect();
    let digests: Vec<Option<Vec<u8>>> = reviews.iter().map(|r| r.portrait.as_ref().map(|(sha256, _)| sha256.to_vec())).collect();
    let keys: Vec<Option<String>> = reviews.iter().map(|r| r.portrait.as_ref().map(|(_, key)| key.clone())).collect();
    // The holders' rows first: the order that everything keeps which leads to an issue.
    sqlx::query!("select id from person where id in (select person_id from photo where id = any ($1)) order by id for update", &ids)
        .fetch_all(&mut *conn)
        .await?;
    let rows = sqlx::query_file!(
        "queries/decide_photos.sql",
        reviewer,
        &ids,
        &decisions,
        &findings,
        &digests as &[Option<Vec<u8>>],
        &keys as &[Option<String>]
    )
    .fetch_all(&mut *conn)
    .await?;
    let decided: Vec<(PersonId, PhotoId)> = rows.iter().map(|row| (row.person, row.photo)).collect();
    let persons: Vec<i64> = decided.iter().map(|(person, _)| person.0).collect();
    sqlx::query!(
        "update person p set portrait_photo_id = newest.id
         from (select distinct on (person_id) person_id, id from photo where person_id = any ($1) and state = 'approved'
               order by person_id, id desc) newest
         where p.id = newest.person_id and p.portrait_photo_id is distinct from newest.id",
        &persons
    )
    .execute(&mut *conn)
    .await?;
    Ok(decided)
}

/// How many photos are in each state.
///
/// # Errors
/// The database's.
pub async fn census(conn: &mut PgConnection) -> sqlx::Result<Vec<(String, i64)>> {
    let rows = sqlx::query!(
        r#"select case when person_id is null then 'unmatched' else state end as "state!", count(*) as "n!" from photo group by 1 order by 1"#
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.state, row.n)).collect())
}

/// Those of the persons who have a photo waiting for its review.
///
/// # Errors
/// The database's.
pub async fn holders_in_review(conn: &mut PgConnection, persons: &[PersonId]) -> sqlx::Result<Vec<PersonId>> {
    let persons: Vec<i64> = persons.iter().map(|person| person.0).collect();
    sqlx::query_scalar!(
        r#"select distinct person_id as "person!: PersonId" from photo where person_id = any ($1) and state = 'received'"#,
        &persons
    )
    .fetch_all(conn)
    .await
}

/// A holder's newest photo.
#[derive(Debug, Clone)]
pub struct Newest {
    /// `received`, `approved`, `held`, `rejected` or `replaced`.
    pub state: String,
    /// What its last review found; none before the first.
    pub findings: Option<Value>,
}

/// The newest photo of a person, if any came.
///
/// # Errors
/// The database's.
pub async fn newest(conn: &mut PgConnection, person: PersonId) -> sqlx::Result<Option<Newest>> {
    sqlx::query_as!(
        Newest,
        r#"select state, (select findings from photo_review r where r.photo_id = p.id order by r.id desc limit 1) as findings
           from photo p where person_id = $1 order by id desc limit 1"#,
        person.0
    )
    .fetch_optional(conn)
    .await
}
