//! Photo review and issuing, one file per job, and the adapter between apalis and the job ledger.
//!
//! Jobs meet other parts of the pipeline in tables and in the queue, never by calls.

pub mod adapter;
pub mod clock;
pub mod crash;
pub mod gate;
mod gated;
pub mod issue_certificates;
pub mod issuer;
mod panics;
pub mod printed;
pub mod publish_status_list;
pub mod review_photos;
pub mod run;
pub mod step_times;
