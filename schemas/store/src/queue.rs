//! apalis's storage for one kind of job: it carries and fetches, the ledger decides.

use std::time::Duration;

use apalis_postgres::{Config, PostgresStorage};
use serde::{Deserialize, Serialize};
use sqlx::PgPool;

/// What a task carries: the id of its job and nothing else.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Ticket {
    /// The ledger's job.
    pub job: i64,
}

/// A worker says that it lives at this interval.
pub const HEARTBEAT: Duration = Duration::from_secs(5);

/// A worker that has not been heard of for this long is taken for dead.
pub const SILENCE: Duration = Duration::from_secs(15);

/// The storage that fetches tasks of one kind.
///
/// Few tasks are fetched at once, since a fetched task waits in the memory of its worker. apalis's own orphan window is
/// wide: rescuing is the ledger's.
#[must_use]
pub fn storage(pool: &PgPool, kind: &str, fetch: usize) -> PostgresStorage<Ticket> {
    PostgresStorage::new(pool)
        .with_config(Config::default().queue(kind).batch_size(fetch.max(1)).heartbeat_interval(HEARTBEAT).missed_heartbeats(24))
}
