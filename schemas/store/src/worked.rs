//! What one worker process did, for its closing words.

use sqlx::PgConnection;

/// Where the append-only tables ended when the worker began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    document: i64,
    review: i64,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Worked {
    /// Jobs that the worker did, those among them that went on as smaller ones included.
    pub done: i64,
    /// Jobs that ended with a business answer.
    pub refused: i64,
    /// Attempts that were put off or failed and whose job is tried again.
    pub retried: i64,
    /// Jobs that failed for the last time.
    pub dead: i64,
    /// Certificates issued meanwhile, by any worker.
    pub issued: i64,
    /// Photos reviewed meanwhile, by any worker.
    pub reviewed: i64,
}

/// Remembers where the tables end.
///
/// # Errors
/// The database's.
pub async fn mark(conn: &mut PgConnection) -> sqlx::Result<Mark> {
    sqlx::query_as!(
        Mark,
        r#"select (select coalesce(max(id), 0) from document) as "document!", (select coalesce(max(id), 0) from photo_review) as "review!""#
    )
    .fetch_one(conn)
    .await
}

/// What the worker of this name did, and what came into being since the mark.
///
/// # Errors
/// The database's.
pub async fn since(conn: &mut PgConnection, worker: &str, mark: Mark) -> sqlx::Result<Worked> {
    sqlx::query_as!(
        Worked,
        r#"select count(*) filter (where a.outcome in ('done', 'split')) as "done!",
                  count(*) filter (where a.outcome = 'refused') as "refused!",
                  count(*) filter (where a.outcome in ('failed', 'panicked', 'timed-out', 'lost', 'retry') and not l.dead) as "retried!",
                  count(*) filter (where a.outcome in ('failed', 'panicked', 'timed-out', 'lost', 'retry') and l.dead) as "dead!",
                  (select count(*) from document where id > $2) as "issued!",
                  (select count(*) from photo_review where id > $3) as "reviewed!"
           from job_attempt a
           join job j on j.id = a.job_id
           cross join lateral (select j.state = 'dead' and a.attempt = j.attempt as dead) l
           where a.worker = $1"#,
        worker,
        mark.document,
        mark.review
    )
    .fetch_one(conn)
    .await
}
