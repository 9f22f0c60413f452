//! All SQL of ecert: its tables, the job ledger over apalis, and the object store that documents lie in.
//!
//! Functions take a connection; their callers own the transactions. A state changes in one transaction with its event
//! row and its next job. Nothing here reads a civil day: `today` is always a parameter; the ledger's leases alone run on
//! the database's clock.

pub mod applications;
pub mod audit;
pub mod batches;
mod binary_copy;
mod binary_rows;
pub mod census;
pub mod certificates;
pub mod database;
pub mod decisions;
pub mod documents;
pub mod events;
pub mod handler;
pub mod intake_rows;
pub mod intake_steps;
pub mod intake_titles;
pub mod job_kinds;
pub mod ledger;
pub mod locks;
pub mod merge;
pub mod objects;
pub mod order_signatures;
pub mod orders;
pub mod orphans;
pub mod pending;
pub mod photo_cases;
pub mod photo_effects;
pub mod photo_reviews;
pub mod photo_statistics;
pub mod photo_uploads;
pub mod photo_views;
pub mod photos;
pub mod preview;
pub mod profiles;
pub mod queue;
pub mod ready;
pub mod records;
pub mod resolve;
pub mod rows;
pub mod staff;
pub mod status_lists;
pub mod sweeps;
pub mod testing;
pub mod undo;
pub mod violations;
pub mod worked;

/// The connection pool, so that other crates need not name sqlx.
pub mod pool {
    pub use sqlx::{PgConnection, PgPool};
}

/// The result of a store function.
pub type Result<T> = sqlx::Result<T>;

/// The project's migrations. apalis brings its own, in its own schema: [`database::migrate`] runs both.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!();
