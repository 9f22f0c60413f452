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
    /// The thresholds that it is held against: `legacy` or `upload`.
    pub policy: &'static str,
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
    let mut received = put(conn, batch, photos).await?;
    let is_there = |received: &[Received], photo: &NewPhoto| {
        received.iter().any(|r| r.id_number == photo.id_number && r.id_kind == photo.id_kind && r.sha256 == photo.sha256)
    };
    // Whoever brought one at this very moment was waited for, and is seen by the next statement only.
    let missed: Vec<NewPhoto> = photos.iter().filter(|photo| !is_there(&received, photo)).cloned().collect();
    if !missed.is_empty() {
        received.extend(put(conn, batch, &missed).await?);
    }
    Ok(received)
}

async fn put(conn: &mut PgConnection, batch: Option<BatchId>, photos: &[NewPhoto]) -> sqlx::Result<Vec<Received>> {
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
        &sizes,
        &column(|p| p.policy)
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
    /// `legacy` or `upload`.
    pub policy: String,
}

/// Those of the photos that have a holder and still wait for their review.
///
/// # Errors
/// The database's.
pub async fn for_review(conn: &mut PgConnection, photos: &[PhotoId]) -> sqlx::Result<Vec<ForReview>> {
    let ids: Vec<i64> = photos.iter().map(|photo| photo.0).collect();
    sqlx::query_as!(
        ForReview,
        r#"select id as "id: PhotoId", person_id as "person!: PersonId", original_key as key, original_sha256 as sha256, policy
           from photo where id = any ($1) and state = 'received' and person_id is not null order by id"#,
        &ids
    )
    .fetch_all(conn)
    .await
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

/// Those of the persons who have a photo waiting for its review, by the checks or by a person.
///
/// # Errors
/// The database's.
pub async fn holders_in_review(conn: &mut PgConnection, persons: &[PersonId]) -> sqlx::Result<Vec<PersonId>> {
    let persons: Vec<i64> = persons.iter().map(|person| person.0).collect();
    sqlx::query_scalar!(
        r#"select distinct person_id as "person!: PersonId" from photo where person_id = any ($1) and state in ('received', 'held')"#,
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
