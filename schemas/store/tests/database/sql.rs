//! Statements that only tests make: they look behind the store's functions and bring about what time would.

use sqlx::{AssertSqlSafe, PgPool};

/// Runs a statement that must succeed.
pub(crate) async fn run(pool: &PgPool, statement: &str) {
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(pool).await.unwrap();
}

/// Runs a statement that must be refused: the broken constraint's name, else the message.
pub(crate) async fn refusal(pool: &PgPool, statement: &str) -> String {
    reason(&sqlx::raw_sql(AssertSqlSafe(statement)).execute(pool).await.unwrap_err())
}

/// The broken constraint's name, else the message of the database.
pub(crate) fn reason(error: &sqlx::Error) -> String {
    let error = error.as_database_error().unwrap();
    error.constraint().unwrap_or(error.message()).to_owned()
}

/// The one number that a query gives.
#[expect(clippy::disallowed_methods, reason = "what only tests ask is not part of the checked queries")]
pub(crate) async fn number(pool: &PgPool, query: &str) -> i64 {
    sqlx::query_scalar(AssertSqlSafe(query)).fetch_one(pool).await.unwrap()
}

/// The texts that a query gives, in its order; NULL is a dash.
#[expect(clippy::disallowed_methods, reason = "what only tests ask is not part of the checked queries")]
pub(crate) async fn texts(pool: &PgPool, query: &str) -> Vec<String> {
    let texts: Vec<Option<String>> = sqlx::query_scalar(AssertSqlSafe(query)).fetch_all(pool).await.unwrap();
    texts.into_iter().map(|text| text.unwrap_or_else(|| "-".to_owned())).collect()
}

/// The one text that a query gives; NULL is a dash.
pub(crate) async fn text(pool: &PgPool, query: &str) -> String {
    let texts = texts(pool, query).await;
    assert_eq!(texts.len(), 1, "one row from {query}");
    texts.into_iter().next().unwrap()
}
