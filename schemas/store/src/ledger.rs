//! The job ledger: which jobs there are, who holds them, and how they end.
//!
//! apalis carries and fetches tasks; the ledger decides. An attempt begins by compare-and-set, holds a lease of seconds on
//! the database's clock, and finishes in the same transaction as the job's effects, guarded by its attempt number: an
//! attempt that lost its lease rolls back whole.

pub mod attempt;
pub mod controls;
pub mod dead_letters;
pub mod enqueue;
pub mod failure_kind;
pub mod failure_text;
pub mod matching;
pub mod overview;
pub mod rescue;
pub mod stranded;

pub use attempt::{
    Attempt, Begun, Ending, Failure, FenceError, HeldBack, begin, fail, fence, finish, others_go_well, progress, put_off, renew,
};
pub use enqueue::{NewJob, enqueue, enqueue_one};
pub use failure_kind::{FailureKind, Reach, Told, Unavailable, failure_kind, outage, outage_of_database};
pub use overview::{ImportProgress, OpenJobs, QueueRow, any_open, is_dead, open_job_of, open_jobs, progress_of_batch, queues};
pub use rescue::{Rescued, prune_tasks, requeue_due, rescue_leases, rescue_lost, session_name};
pub use stranded::{Looked, hand_back, rescue_forgotten, rescue_stranded};

/// Attempts of a job before it is dead, unless its kind says otherwise.
///
/// With the back-off that doubles, ten attempts last some twelve minutes: a disk that was full or a mount that was away is back by then.
pub const MAX_ATTEMPTS: i32 = 10;
