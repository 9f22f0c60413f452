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

/// How often a worker says that it lives: as often as it renews a lease, and at least every five seconds.
#[must_use]
pub fn heartbeat(lease: Duration) -> Duration {
    (lease / 3).min(Duration::from_secs(5))
}

/// A worker that has not been heard of for this long is taken for dead.
#[must_use]
pub fn silence(lease: Duration) -> Duration {
    heartbeat(lease) * 3
}

/// The storage that fetches tasks of one kind.
///
/// Few tasks are fetched at once, since a fetched task waits in the memory of its worker. apalis's own orphan window is
/// wide, two minutes or more: rescuing is the ledger's.
#[must_use]
pub fn storage(pool: &PgPool, kind: &str, fetch: usize, lease: Duration) -> PostgresStorage<Ticket> {
    let heartbeat = heartbeat(lease).max(Duration::from_millis(100));
    let missed = Duration::from_secs(120).as_millis().div_ceil(heartbeat.as_millis());
    let config = Config::default().queue(kind).batch_size(fetch.max(1)).heartbeat_interval(heartbeat);
    PostgresStorage::new(pool).with_config(config.missed_heartbeats(usize::try_from(missed).unwrap_or(usize::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_lease_has_a_short_silence_and_a_long_one_waits_no_longer_than_before() {
        for (lease, heartbeats, silent) in [(3, 1, 3), (9, 3, 9), (15, 5, 15), (600, 5, 15)] {
            let lease = Duration::from_secs(lease);
            assert_eq!((heartbeat(lease).as_secs(), silence(lease).as_secs()), (heartbeats, silent), "{lease:?}");
        }
    }
}
