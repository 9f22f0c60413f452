//! Documents: the one row that names the document of a certificate's version. Append-only.

use domain::ids::{CertificateId, OrderId};
use serde_json::Value;
use sqlx::PgConnection;
use time::{Date, OffsetDateTime};

/// A document to be announced; its file is durable already.
#[derive(Debug, Clone)]
pub struct NewDocument {
    /// Of which certificate.
    pub certificate: CertificateId,
    /// Which version.
    pub version: i32,
    /// The order that it carries out.
    pub order: OrderId,
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
    /// Where it lies.
    pub key: String,
    /// Length in bytes.
    pub size_bytes: i64,
}

/// Announces documents in the transaction that makes their certificates issued.
///
/// # Errors
/// The database's; constraint `document_once_per_version` when the version has a document.
pub async fn announce(conn: &mut PgConnection, documents: &[NewDocument]) -> sqlx::Result<()> {
    let certificates: Vec<i64> = documents.iter().map(|d| d.certificate.0).collect();
    let versions: Vec<i32> = documents.iter().map(|d| d.version).collect();
    let orders: Vec<i64> = documents.iter().map(|d| d.order.0).collect();
    let digests: Vec<Vec<u8>> = documents.iter().map(|d| d.sha256.to_vec()).collect();
    let keys: Vec<String> = documents.iter().map(|d| d.key.clone()).collect();
    let sizes: Vec<i64> = documents.iter().map(|d| d.size_bytes).collect();
    sqlx::query!(
        "insert into document (certificate_id, version, order_id, sha256, object_key, size_bytes)
         select * from unnest($1::bigint[], $2::integer[], $3::bigint[], $4::bytea[], $5::text[], $6::bigint[])",
        &certificates,
        &versions,
        &orders,
        &digests,
        &keys,
        &sizes
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A document with what is known of its certificate.
#[derive(Debug, Clone)]
pub struct Announced {
    /// Of which certificate.
    pub certificate: CertificateId,
    /// Which version.
    pub version: i32,
    /// The newest version of the certificate.
    pub newest_version: i32,
    /// SHA-256 of the file.
    pub sha256: Vec<u8>,
    /// Where it lies.
    pub key: String,
    /// Length in bytes.
    pub size_bytes: i64,
    /// When the database took it.
    pub committed_at: OffsetDateTime,
    /// Kind of the certificate.
    pub kind: String,
    /// Number of the certificate.
    pub number: String,
    /// Host of the addresses of its codes.
    pub qr_base: String,
    /// The holder's name.
    pub holder_name: String,
    /// Last day of the certificate's period, today.
    pub valid_until: Option<Date>,
    /// The printed values.
    pub snapshot: Value,
    /// Which key signed the QR statement.
    pub qr_key_id: String,
    /// The moment that the document and its QR statement name as that of their signature.
    pub signing_time: OffsetDateTime,
}

/// The document whose file has this digest.
///
/// # Errors
/// The database's.
pub async fn by_digest(conn: &mut PgConnection, sha256: &[u8; 32]) -> sqlx::Result<Option<Announced>> {
    Ok(select(conn, Some(sha256.as_slice()), None).await?.into_iter().next())
}

/// The document whose order stands at this place of the status lists.
///
/// # Errors
/// The database's.
pub async fn by_status_place(conn: &mut PgConnection, list: i32, index: i64) -> sqlx::Result<Option<Announced>> {
    let sha256 = sqlx::query_scalar!(
        "select d.sha256 from issue_order o join document d on d.order_id = o.id where o.status_list = $1 and o.status_index = $2",
        list,
        index
    )
    .fetch_optional(&mut *conn)
    .await?;
    match sha256 {
        Some(sha256) => Ok(select(conn, Some(&sha256), None).await?.into_iter().next()),
        None => Ok(None),
    }
}

/// The documents of a certificate, newest version first.
///
/// # Errors
/// The database's.
pub async fn of_certificate(conn: &mut PgConnection, id: CertificateId) -> sqlx::Result<Vec<Announced>> {
    select(conn, None, Some(id)).await
}

async fn select(conn: &mut PgConnection, sha256: Option<&[u8]>, id: Option<CertificateId>) -> sqlx::Result<Vec<Announced>> {
    sqlx::query_file_as!(Announced, "queries/documents.sql", sha256, id.map(|id| id.0)).fetch_all(conn).await
}

/// All documents in steps, for whoever compares them with their files: those after `after`, at most `limit`.
///
/// # Errors
/// The database's.
pub async fn page(conn: &mut PgConnection, after: i64, limit: i64) -> sqlx::Result<Vec<(i64, Vec<u8>, String)>> {
    let rows = sqlx::query!("select id, sha256, object_key from document where id > $1 order by id limit $2", after, limit)
        .fetch_all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.sha256, row.object_key)).collect())
}

/// How many certificates have a newest document whose code, and one whose signature, is of the key with this name.
///
/// # Errors
/// The database's.
pub async fn newest_by_key(conn: &mut PgConnection, key_id: &str) -> sqlx::Result<(i64, i64)> {
    let row = sqlx::query!(
        r#"select count(*) filter (where o.qr_key_id = $1) as "codes!", count(*) filter (where o.document_key_id = $1) as "signatures!"
           from issue_order o join document d on d.order_id = o.id
           where $1 in (o.qr_key_id, o.document_key_id)
           and not exists (select from document newer where newer.certificate_id = d.certificate_id and newer.version > d.version)"#,
        key_id
    )
    .fetch_one(conn)
    .await?;
    Ok((row.codes, row.signatures))
}

/// How many documents there are and the time between the first and the last commit, in seconds, since a moment.
///
/// # Errors
/// The database's.
pub async fn since(conn: &mut PgConnection, from: OffsetDateTime) -> sqlx::Result<(i64, f64)> {
    let row = sqlx::query!(
        r#"select count(*) as "n!", coalesce(extract(epoch from max(committed_at) - min(committed_at)), 0)::float8 as "seconds!"
           from document where committed_at >= $1"#,
        from
    )
    .fetch_one(conn)
    .await?;
    Ok((row.n, row.seconds))
}

/// How many documents there are: for progress and summaries of small provinces.
///
/// # Errors
/// The database's.
pub async fn count(conn: &mut PgConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select count(*) as "n!" from document"#).fetch_one(conn).await
}

/// How many certificates are ready to be issued or being issued.
///
/// # Errors
/// The database's.
pub async fn due(conn: &mut PgConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select count(*) as "n!" from certificate where stage in ('ready', 'issuing')"#).fetch_one(conn).await
}

/// The newest documents: number, digest and key.
///
/// # Errors
/// The database's.
pub async fn newest(conn: &mut PgConnection, limit: i64) -> sqlx::Result<Vec<(i64, Vec<u8>, String)>> {
    let rows = sqlx::query!("select id, sha256, object_key from document order by id desc limit $1", limit).fetch_all(conn).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.sha256, row.object_key)).collect())
}
