//! The harness of the whole-pipeline suite: it runs the built program as its users do, each suite in a home of its own.
//!
//! What goes wrong in the harness is a failed test: its functions panic with what the program said.

pub mod decisions;
pub mod documents;
pub mod frozen;
pub mod home;
pub mod hostile;
pub mod judge;
pub mod program;
pub mod province;
pub mod workspace;
