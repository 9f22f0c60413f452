//! What rows of one delivery say about each other and about what is known: two people under one number, one person under
//! two names, older and newer rows of one certificate. Set-based, before anything is made of the rows.

use domain::ids::BatchId;
use sqlx::PgConnection;

/// Applies the cross-row rules to the staged rows of a batch; doing it again changes nothing.
///
/// Source: the dirty-data cases 14, 15, 16, 18 and 49. What a person must decide is held, on every row concerned; of
/// several rows of one certificate the newest by its issue date speaks, the older ones are kept as history.
///
/// # Errors
/// The database's.
pub async fn cross_row_rules(conn: &mut PgConnection, batch: BatchId, kind: &str) -> sqlx::Result<()> {
    // Temporary tables of the session's own would need a fixed connection for the checked macros; the rows of one batch lie
    // together under the primary key, so each rule is one pass over them.
    sqlx::query_file!("queries/resolve/number_of_two_people.sql", batch.0, kind).execute(&mut *conn).await?;
    sqlx::query_file!("queries/resolve/same_id_other_name.sql", batch.0).execute(&mut *conn).await?;
    sqlx::query_file!("queries/resolve/same_name_birth_other_id.sql", batch.0).execute(&mut *conn).await?;
    sqlx::query_file!("queries/resolve/rows_of_one_number.sql", batch.0).execute(&mut *conn).await?;
    Ok(())
}
