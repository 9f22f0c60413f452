//! The profile by which a batch is read, kept with it.

use domain::ids::BatchId;
use sqlx::PgConnection;

/// Keeps a profile with its batch, in the transaction that registers it.
///
/// # Errors
/// The database's.
pub async fn keep(conn: &mut PgConnection, batch: BatchId, sha256: &[u8; 32], content: &str) -> sqlx::Result<()> {
    sqlx::query!("insert into intake_profile (batch_id, sha256, content) values ($1, $2, $3)", batch.0, sha256.as_slice(), content)
        .execute(conn)
        .await?;
    Ok(())
}

/// The text of a batch's profile, if it has one.
///
/// # Errors
/// The database's.
pub async fn find(conn: &mut PgConnection, batch: BatchId) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!("select content from intake_profile where batch_id = $1", batch.0).fetch_optional(conn).await
}
