//! What the register knows of the rows that are merged: asked once for all rows of an import, and again for a step that
//! another import has overtaken.

use domain::ids::BatchId;
use domain::kind::Kind;
use sqlx::PgConnection;

use crate::intake_steps::Step;

/// Notes which rows of a step (or of the whole batch) have a certificate or a holder that the register knows.
///
/// # Errors
/// The database's.
pub async fn know(conn: &mut PgConnection, batch: BatchId, kind: Kind, step: Step) -> sqlx::Result<()> {
    sqlx::query!("delete from intake_known where batch_id = $1 and row_no > $2 and row_no <= $3", batch.0, step.after, step.upto)
        .execute(&mut *conn)
        .await?;
    sqlx::query_file!("queries/merge/know.sql", batch.0, kind.as_str(), step.after, step.upto).execute(conn).await?;
    Ok(())
}

/// Enters the holders of several rows of a batch and knows them; done once, before its steps are merged side by side.
///
/// # Errors
/// The database's.
pub async fn holders_of_several(conn: &mut PgConnection, batch: BatchId, rows: &[i64]) -> sqlx::Result<()> {
    sqlx::query_file!("queries/merge/holders_of_several.sql", batch.0, rows).execute(&mut *conn).await?;
    sqlx::query_file!("queries/merge/know_holders.sql", batch.0, rows).execute(conn).await?;
    Ok(())
}

/// Forgets what was known of a batch's rows, when its import ends. Holders of several rows who were entered for it and got no
/// certificate, because merging held all of their rows, leave the register again.
///
/// # Errors
/// The database's.
pub async fn forget(conn: &mut PgConnection, batch: BatchId) -> sqlx::Result<()> {
    sqlx::query_file!("queries/merge/forget_holders.sql", batch.0).execute(&mut *conn).await?;
    sqlx::query!("delete from intake_known where batch_id = $1", batch.0).execute(conn).await?;
    Ok(())
}

/// Whether a step failed because another import brought one of its certificates or holders, or took a holder away, since
/// [`know`] was asked: asked again, the step succeeds.
#[must_use]
pub fn is_overtaken(error: &sqlx::Error) -> bool {
    let constraint = error.as_database_error().and_then(|error| error.constraint());
    constraint.is_some_and(|name| ["certificate_number_unique", "person_document_unique", "certificate_person"].contains(&name))
}
