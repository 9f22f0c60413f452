//! Batches as operators see them in lists and histories.

use std::collections::HashMap;

use domain::ids::BatchId;
use sqlx::PgConnection;

use crate::job_kinds::{IMPORT_CERTIFICATES, IMPORT_PHOTOS, IMPORT_RECORDS};

/// Those whose import nobody is doing: it waits for a worker, or for its next try.
///
/// # Errors
/// The database's.
pub async fn waiting(conn: &mut PgConnection) -> sqlx::Result<Vec<BatchId>> {
    let imports = [IMPORT_CERTIFICATES.to_owned(), IMPORT_RECORDS.to_owned(), IMPORT_PHOTOS.to_owned()];
    sqlx::query_scalar!(
        r#"select distinct batch_id as "id!: BatchId" from job
           where kind = any ($1) and state in ('waiting', 'retrying') and batch_id is not null"#,
        &imports
    )
    .fetch_all(conn)
    .await
}

/// Who delivered these batches.
///
/// # Errors
/// The database's.
pub async fn deliverers(conn: &mut PgConnection, ids: &[BatchId]) -> sqlx::Result<HashMap<BatchId, String>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let rows =
        sqlx::query!(r#"select id as "id: BatchId", registered_by from intake_batch where id = any ($1)"#, &ids).fetch_all(conn).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.registered_by)).collect())
}
