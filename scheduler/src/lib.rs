//! Timed sweeps: what becomes true by time alone. A sweep takes no input but the civil day or moment, works in bounded batches, and is
//! safe to run again: the next run is the retry.

pub mod collect_orphans;
pub mod enqueue_ready;
pub mod expire_certificates;
pub mod publish_status_lists;

/// The sweeps that can be run by name.
pub const SWEEPS: [&str; 4] = [expire_certificates::NAME, enqueue_ready::NAME, publish_status_lists::NAME, collect_orphans::NAME];
