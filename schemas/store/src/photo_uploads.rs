//! Photos that holders send themselves: what the portal calls, and `ecert photo add` until then.

use domain::ids::{PersonId, PhotoId};
use serde_json::json;
use sqlx::PgConnection;

use crate::photo_effects::Cause;
use crate::photos::{self, NewPhoto};
use crate::{audit, job_kinds, ledger, merge};

/// Whose photo it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The person.
    pub person: PersonId,
    /// Kind of the document.
    pub id_kind: String,
    /// Canonical number of the document.
    pub id_number: String,
}

/// A photo whose bytes are durable already.
#[derive(Debug, Clone)]
pub struct Upload {
    /// Whose it is.
    pub holder: Holder,
    /// Name of the file as it came.
    pub file_name: String,
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
    /// Where it lies.
    pub key: String,
    /// Length in bytes.
    pub size_bytes: i64,
}

/// What became of an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The photo, also where the very same file had come before.
    pub photo: PhotoId,
    /// Whether it came for the first time.
    pub new: bool,
    /// Its state.
    pub state: String,
}

/// The holders whom a number names: of a certificate, or of a document.
///
/// # Errors
/// The database's.
pub async fn holders(conn: &mut PgConnection, number: &str, document: Option<(&str, &str)>) -> sqlx::Result<Vec<Holder>> {
    let (kind, id_number) = document.unzip();
    sqlx::query_as!(
        Holder,
        r#"select id as "person: PersonId", id_kind, id_number from person
           where id in (select person_id from certificate where number = $1) or (id_kind, id_number) = ($2, $3) order by id limit 3"#,
        number,
        kind,
        id_number
    )
    .fetch_all(conn)
    .await
}

/// Takes a photo in by the thresholds for uploads, and has it checked before the photos of deliveries.
///
/// # Errors
/// The database's.
pub async fn receive(conn: &mut PgConnection, cause: Cause<'_>, upload: &Upload) -> sqlx::Result<Taken> {
    let Holder { person, id_kind, id_number } = upload.holder.clone();
    let new = NewPhoto {
        file_name: upload.file_name.clone(),
        id_kind,
        id_number,
        sha256: upload.sha256,
        key: upload.key.clone(),
        size_bytes: upload.size_bytes,
        policy: "upload",
    };
    let received = photos::receive(conn, None, &[new]).await?;
    let Some(received) = received.into_iter().next() else { return Err(sqlx::Error::RowNotFound) };
    let photo = received.id;
    if received.new {
        let job = ledger::NewJob { payload: json!({ "photos": [photo.0] }), subject: None };
        ledger::enqueue(conn, job_kinds::REVIEW_PHOTOS, &[job], None, UPLOADS_FIRST, ledger::MAX_ATTEMPTS).await?;
        merge::photo_received(conn, &[person], cause.batch, cause.actor, cause.today).await?;
        audit::record(conn, cause.actor, "photo-added", &format!("photo:{photo}"), &json!({ "person": person.0 })).await?;
    }
    let state = sqlx::query_scalar!("select state from photo where id = $1", photo.0).fetch_one(conn).await?;
    Ok(Taken { photo, new: received.new, state })
}

/// A holder waits at the screen; a delivery does not.
const UPLOADS_FIRST: i32 = 10;
