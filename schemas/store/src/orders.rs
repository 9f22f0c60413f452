//! Issue orders: every fact that a document shows, stored before a key is used. Append-only.

use std::collections::HashMap;

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
    /// Index in the status list.
    pub status_index: i64,
    /// The signing time that the document shows.
    pub signing_time: OffsetDateTime,
}

/// Places orders in the caller's transaction, at most one for each certificate; each comes back with its id.
///
/// # Errors
/// The database's; constraint `order_version_once` when a version was ordered before.
pub async fn place(conn: &mut PgConnection, mut orders: Vec<Order>) -> sqlx::Result<Vec<Order>> {
    if orders.is_empty() {
        return Ok(orders);
    }
    /// One value of each order, for `unnest`.
    fn each<T>(orders: &[Order], of: impl Fn(&Order) -> T) -> Vec<T> {
        orders.iter().map(of).collect()
    }
    let placed = sqlx::query_file!(
        "queries/place_orders.sql",
        &each(&orders, |order| order.certificate.0),
        &each(&orders, |order| order.version),
        &each(&orders, |order| order.revision),
        &each(&orders, |order| order.snapshot.clone()),
        &each(&orders, |order| order.identifier.clone()) as &[Option<String>],
        &each(&orders, |order| order.portrait_sha256.clone()),
        &each(&orders, |order| order.portrait_key.clone()),
        &each(&orders, |order| order.template_version),
        &each(&orders, |order| order.template_sha256.clone()),
        &each(&orders, |order| order.fonts_sha256.clone()),
        &each(&orders, |order| order.profile_sha256.clone()),
        &each(&orders, |order| order.document_key_id.clone()),
        &each(&orders, |order| order.chain_sha256.clone()),
        &each(&orders, |order| order.qr_key_id.clone()),
        &each(&orders, |order| order.qr_base.clone()),
        &each(&orders, |order| order.status_list),
        &each(&orders, |order| order.status_index),
        &each(&orders, |order| order.signing_time)
    )
    .fetch_all(conn)
    .await?;
    let ids: HashMap<CertificateId, OrderId> = placed.into_iter().map(|row| (row.certificate, row.id)).collect();
    for order in &mut orders {
        order.id = *ids.get(&order.certificate).ok_or(sqlx::Error::RowNotFound)?;
    }
    Ok(orders)
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

/// The next serials for certificate identifiers.
///
/// # Errors
/// The database's.
pub async fn next_serials(conn: &mut PgConnection, count: i64) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar!(r#"select nextval('certificate_serial') as "n!" from generate_series(1, $1::bigint)"#, count).fetch_all(conn).await
}

/// The serials in the identifiers of the certificates' earlier orders: they stay when the version counts up.
///
/// # Errors
/// The database's.
pub async fn serials_of(conn: &mut PgConnection, ids: &[CertificateId]) -> sqlx::Result<HashMap<CertificateId, String>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    // 1.2.156.3005.2.<type>.<issuer>.<serial>.<version>.<check>
    let rows = sqlx::query!(
        r#"select distinct on (certificate_id) certificate_id as "certificate: CertificateId", split_part(identifier, '.', 8) as "serial!"
           from issue_order where certificate_id = any ($1) and identifier is not null order by certificate_id, version"#,
        &ids
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.certificate, row.serial)).collect())
}

/// The digests of the portraits that the certificates' holders have now, where they have one.
///
/// # Errors
/// The database's.
pub async fn portraits(conn: &mut PgConnection, ids: &[CertificateId]) -> sqlx::Result<HashMap<CertificateId, Vec<u8>>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"select c.id as "certificate: CertificateId", f.portrait_sha256 as "sha256!"
           from certificate c join person p on p.id = c.person_id join photo f on f.id = p.portrait_photo_id
           where c.id = any ($1) and f.portrait_sha256 is not null"#,
        &ids
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.certificate, row.sha256)).collect())
}

/// The next numbers of the sequence whose permutation gives places in the status lists, each from 1 on and never again.
///
/// # Errors
/// The database's.
pub async fn next_status_numbers(conn: &mut PgConnection, count: i64) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar!(r#"select nextval('status_index') as "n!" from generate_series(1, $1::bigint)"#, count).fetch_all(conn).await
}

/// The key of that permutation; 32 bytes.
///
/// # Errors
/// The database's.
pub async fn status_permutation_key(conn: &mut PgConnection) -> sqlx::Result<Vec<u8>> {
    sqlx::query_scalar!("select key from status_permutation").fetch_one(conn).await
}
