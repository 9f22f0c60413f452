//! Objects that no row names: what a worker wrote and then could not announce, and status lists that newer ones replaced.

use sqlx::PgConnection;

use crate::objects::Area;

/// Waits until nobody collects orphans, and keeps others from it until the transaction ends: whoever announces an object that lay there
/// before must look, under this, whether it still does.
///
/// # Errors
/// The database's.
pub async fn hold_off(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("select pg_advisory_xact_lock_shared(hashtextextended('collect-orphans', 0))").fetch_one(conn).await?;
    Ok(())
}

/// Waits until nobody announces an object, and keeps others from it until the transaction ends.
///
/// # Errors
/// The database's.
pub async fn exclude_announcing(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('collect-orphans', 0))").fetch_one(conn).await?;
    Ok(())
}

/// Which of these objects of an area no row names.
///
/// # Errors
/// The database's. Areas whose objects are kept whatever names them have no orphans.
pub async fn unnamed(conn: &mut PgConnection, area: Area, digests: &[Vec<u8>]) -> sqlx::Result<Vec<Vec<u8>>> {
    match area {
        Area::Documents => {
            sqlx::query_scalar!(
                r#"select d as "sha256!" from unnest($1::bytea[]) d where not exists (select from document where sha256 = d)"#,
                digests
            )
            .fetch_all(conn)
            .await
        }
        Area::StatusLists => {
            sqlx::query_scalar!(
                r#"select d as "sha256!" from unnest($1::bytea[]) d where not exists (select from status_list where sha256 = d)"#,
                digests
            )
            .fetch_all(conn)
            .await
        }
        Area::Intake | Area::Photos | Area::Portraits => Ok(Vec::new()),
    }
}
