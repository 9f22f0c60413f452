//! Certificates that wait for a person: why, and since when.

use domain::ids::CertificateId;
use sqlx::PgConnection;
use time::OffsetDateTime;

/// A certificate in the stage `held`.
#[derive(Debug, Clone)]
pub struct HeldCertificate {
    /// The certificate.
    pub id: CertificateId,
    /// Code of its kind.
    pub kind: String,
    /// Its number in canonical form.
    pub number: String,
    /// The holder's name.
    pub holder_name: String,
    /// Code of the reason, such as `missing-glyph`.
    pub code: Option<String>,
    /// The reason in words.
    pub text: String,
    /// When it was held.
    pub since: Option<OffsetDateTime>,
}

/// Held certificates with numbers after `after`, in their order, for one reason or any.
///
/// # Errors
/// The database's.
pub async fn held(conn: &mut PgConnection, code: Option<&str>, after: CertificateId, limit: i64) -> sqlx::Result<Vec<HeldCertificate>> {
    sqlx::query_file_as!(HeldCertificate, "queries/certificates/held.sql", code, after.0, limit).fetch_all(conn).await
}
