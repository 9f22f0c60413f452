//! The audit table: who did what to which subject.

use serde_json::Value;
use sqlx::PgConnection;

/// Writes one audit row in the caller's transaction. `detail` holds no names, ID numbers or photos.
///
/// # Errors
/// The database's.
pub async fn record(conn: &mut PgConnection, actor: &str, action: &str, subject: &str, detail: &Value) -> sqlx::Result<()> {
    sqlx::query!("insert into audit (actor, action, subject, detail) values ($1, $2, $3, $4)", actor, action, subject, detail)
        .execute(conn)
        .await?;
    Ok(())
}
