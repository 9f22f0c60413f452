//! Signatures of orders whose key signs with fresh randomness: the first one of each that is stored stays.

use std::collections::HashMap;

use domain::ids::OrderId;
use sqlx::PgConnection;

/// What of an order is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The QR code's statement; its text is kept.
    Statement,
    /// The document; its CMS signature is kept.
    Document,
}

impl Part {
    fn as_str(self) -> &'static str {
        match self {
            Self::Statement => "statement",
            Self::Document => "document",
        }
    }
}

/// The signatures that are stored.
///
/// # Errors
/// The database's.
pub async fn of(conn: &mut PgConnection, part: Part, orders: &[OrderId]) -> sqlx::Result<HashMap<OrderId, Vec<u8>>> {
    let ids: Vec<i64> = orders.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"select order_id as "order: OrderId", signature from order_signature where part = $1 and order_id = any ($2)"#,
        part.as_str(),
        &ids
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.order, row.signature)).collect())
}

/// Stores signatures; those of orders that have one already are dropped.
///
/// # Errors
/// The database's.
pub async fn keep(conn: &mut PgConnection, part: Part, signatures: &[(OrderId, Vec<u8>)]) -> sqlx::Result<()> {
    // In one order everywhere, so that two attempts at the same orders wait for each other and never in a circle.
    let mut sorted: Vec<&(OrderId, Vec<u8>)> = signatures.iter().collect();
    sorted.sort_by_key(|(id, _)| id.0);
    let (ids, bytes): (Vec<i64>, Vec<Vec<u8>>) = sorted.into_iter().map(|(id, signature)| (id.0, signature.clone())).unzip();
    sqlx::query!(
        "insert into order_signature (order_id, part, signature)
         select s.order_id, $1, s.signature from unnest($2::bigint[], $3::bytea[]) as s (order_id, signature)
         on conflict do nothing",
        part.as_str(),
        &ids,
        &bytes
    )
    .execute(conn)
    .await?;
    Ok(())
}
