//! The kinds of job, which are the queues' names: the words under which crates that never import one another meet.

/// Imports a delivery of certificate records.
pub const IMPORT_CERTIFICATES: &str = "import_certificates";
/// Imports a delivery of decisions, applications, violations or business under way.
pub const IMPORT_RECORDS: &str = "import_records";
/// Imports an archive or folder of photos.
pub const IMPORT_PHOTOS: &str = "import_photos";
/// Reviews a chunk of photos; payload `{"photos": [ids]}`.
pub const REVIEW_PHOTOS: &str = "review_photos";
/// Issues a chunk of certificates; payload `{"certificates": [ids]}`.
pub const ISSUE_CERTIFICATES: &str = "issue_certificates";
/// Publishes a status list; payload `{"list": number}`.
pub const PUBLISH_STATUS_LIST: &str = "publish_status_list";

/// Photos of one review job.
pub const PHOTO_CHUNK: usize = 50;
/// Certificates of one issuing job.
pub const ISSUE_CHUNK: usize = 200;

use domain::ids::{BatchId, CertificateId, PhotoId};
use serde_json::json;
use sqlx::PgConnection;

use crate::ledger::{self, MAX_ATTEMPTS, NewJob};

/// Enqueues the issuing of certificates in chunks.
///
/// # Errors
/// The database's.
pub async fn enqueue_issuing(conn: &mut PgConnection, certificates: &[CertificateId], batch: Option<BatchId>) -> sqlx::Result<usize> {
    let jobs: Vec<NewJob> = certificates
        .chunks(ISSUE_CHUNK)
        .map(|chunk| NewJob { payload: json!({ "certificates": chunk.iter().map(|id| id.0).collect::<Vec<_>>() }), subject: None })
        .collect();
    Ok(ledger::enqueue(conn, ISSUE_CERTIFICATES, &jobs, batch, 0, MAX_ATTEMPTS).await?.len())
}

/// Enqueues the review of photos in chunks.
///
/// # Errors
/// The database's.
pub async fn enqueue_review(conn: &mut PgConnection, photos: &[PhotoId], batch: Option<BatchId>) -> sqlx::Result<usize> {
    let jobs: Vec<NewJob> = photos
        .chunks(PHOTO_CHUNK)
        .map(|chunk| NewJob { payload: json!({ "photos": chunk.iter().map(|id| id.0).collect::<Vec<_>>() }), subject: None })
        .collect();
    Ok(ledger::enqueue(conn, REVIEW_PHOTOS, &jobs, batch, 0, MAX_ATTEMPTS).await?.len())
}
