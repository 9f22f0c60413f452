//! What tests of other crates need: a database that has apalis's tables too.

use sqlx::PgPool;

/// Completes a database that `#[sqlx::test(migrator = "store::MIGRATOR")]` made: apalis's own tables and the mends.
///
/// # Panics
/// When the database refuses: a test cannot go on without it.
pub async fn complete(pool: &PgPool) {
    crate::database::setup_queue(pool).await.expect("a test database takes the queue's tables");
}
