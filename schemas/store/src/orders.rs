//! Issue orders: every fact that a document shows, stored before a key is used. Append-only.

use domain::ids::{CertificateId, OrderId};
use serde_json::Value;
use sqlx::PgConnection;
use time::{Date, OffsetDateTime};

/// What is printed of a certificate, read together with its facts under the same locks.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "each is the printed column of the same name")]
pub struct Printable {
    pub id: CertificateId,
    pub kind: String,
    pub number: String,
    pub category: Option<String>,
    pub duty: Option<String>,
    pub first_issued_on: Option<Date>,
    pub issued_on: Option<Date>,
    pub valid_from: Option<Date>,
    pub valid_until: Option<Date>,
    pub holder_name: String,
    pub id_kind: String,
    pub id_number: String,
    pub sex: Option<String>,
    pub birth_date: Option<Date>,
    pub employer_name: Option<String>,
    pub specialties: Option<Value>,
    pub portrait_sha256: Option<Vec<u8>>,
    pub portrait_key: Option<String>,
    /// The version after the newest order.
    pub next_version: i32,
}

/// What is printed of these certificates.
///
/// # Errors
/// The database's.
pub async fn printable(conn: &mut PgConnection, ids: &[CertificateId]) -> sqlx::Result<Vec<Printable>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    sqlx::query_file_as!(Printable, "queries/printable.sql", &ids).fetch_all(conn).await
}

/// An order to be placed, or as it was placed.
#[derive(Debug, Clone)]
pub struct Order {
    /// 0 until it is placed.
    pub id: OrderId,
    /// Of which certificate.
    pub certificate: CertificateId,
    /// The version that its document will be.
    pub version: i32,
    /// The certificate's revision that it was made from.
    pub revision: i64,
    /// The printed values.
    pub snapshot: Value,
    /// Identifier (证照标识), where configured.
    pub identifier: Option<String>,
    /// Digest of the portrait.
    pub portrait_sha256: Vec<u8>,
    /// Where the portrait lies.
    pub portrait_key: String,
    /// Version of the template.
    pub template_version: i32,
    /// Digest of the template.
    pub template_sha256: Vec<u8>,
    /// Digest of the fonts.
    pub fonts_sha256: Vec<u8>,
    /// Digest of the colour profile.
    pub profile_sha256: Vec<u8>,
    /// Which key signs the document.
    pub document_key_id: String,
    /// Digest of its certificate chain.
    pub chain_sha256: Vec<u8>,
    /// Which key signs the QR statement.
    pub qr_key_id: String,
    /// Base of the QR address.
    pub qr_base: String,
    /// Status list.
    pub status_list: i32,
    /// Index in the status list; 0 until it is placed.
    pub status_index: i64,
    /// The signing time that the document shows.
    pub signing_time: OffsetDateTime,
}

/// Places orders in the caller's transaction; each comes back with its id and its status index.
///
/// # Errors
/// The database's; constraint `order_version_once` when a version was ordered before.
pub async fn place(conn: &mut PgConnection, orders: Vec<Order>) -> sqlx::Result<Vec<Order>> {
    let mut placed = Vec::with_capacity(orders.len());
    for mut order in orders {
        let row = sqlx::query_file!(
            "queries/place_order.sql",
            order.certificate.0,
            order.version,
            order.revision,
            order.snapshot,
            order.identifier,
            order.portrait_sha256,
            order.portrait_key,
            order.template_version,
            order.template_sha256,
            order.fonts_sha256,
            order.profile_sha256,
            order.document_key_id,
            order.chain_sha256,
            order.qr_key_id,
            order.qr_base,
            order.status_list,
            order.signing_time
        )
        .fetch_one(&mut *conn)
        .await?;
        order.id = row.id;
        order.status_index = row.status_index;
        placed.push(order);
    }
    Ok(placed)
}

/// Orders of these certificates that have neither a document nor a closure: an attempt before this one left them.
///
/// # Errors
/// The database's.
pub async fn open(conn: &mut PgConnection, ids: &[CertificateId]) -> sqlx::Result<Vec<Order>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    sqlx::query_file_as!(Order, "queries/open_orders.sql", &ids).fetch_all(conn).await
}

/// Closes an order that can no longer be carried out as stored. Its version is never used again.
///
/// # Errors
/// The database's.
pub async fn close(conn: &mut PgConnection, order: OrderId, reason: &str) -> sqlx::Result<()> {
    sqlx::query!("insert into order_closure (order_id, reason) values ($1, $2) on conflict do nothing", order.0, reason)
        .execute(conn)
        .await?;
    Ok(())
}

/// The next serial for certificate identifiers.
///
/// # Errors
/// The database's.
pub async fn next_serial(conn: &mut PgConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select nextval('certificate_serial') as "n!""#).fetch_one(conn).await
}

/// The serial in the identifier of a certificate's earlier orders: it stays when the version counts up.
///
/// # Errors
/// The database's.
pub async fn serial_of(conn: &mut PgConnection, id: CertificateId) -> sqlx::Result<Option<String>> {
    // 1.2.156.3005.2.<type>.<issuer>.<serial>.<version>.<check>
    sqlx::query_scalar!(
        r#"select split_part(identifier, '.', 8) as "serial!" from issue_order
           where certificate_id = $1 and identifier is not null order by version limit 1"#,
        id.0
    )
    .fetch_optional(conn)
    .await
}
