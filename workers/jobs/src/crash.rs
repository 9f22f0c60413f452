//! Drills: a worker that dies or stands still at a named step, so that recovery can be rehearsed and tested on the real program.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The steps of issuing after which a drill can happen.
pub const STEPS: [&str; 5] = ["begin", "order", "make", "write", "finish"];

/// Which step a drill happens after; by default none.
#[derive(Debug, Clone, Default)]
pub struct CrashDrill {
    dies_after: Option<String>,
    stops_after: Option<String>,
    stopped: Arc<AtomicBool>,
}

impl CrashDrill {
    /// No drill.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Dies after the one step, stands still after the other; each one of [`STEPS`].
    ///
    /// # Errors
    /// The steps there are, when one that is named is none of them.
    pub fn after(dies: Option<&str>, stops: Option<&str>) -> Result<Self, String> {
        match dies.iter().chain(&stops).find(|step| !STEPS.contains(step)) {
            Some(step) => Err(format!("no step {step:?}; there are {}", STEPS.join(", "))),
            None => Ok(Self { dies_after: dies.map(str::to_owned), stops_after: stops.map(str::to_owned), ..Self::default() }),
        }
    }

    /// Kills this process, as SIGKILL would, when the drill names this step; or stops it, the first time, until somebody continues it.
    pub fn passed(&self, step: &str) {
        if self.dies_after.as_deref() == Some(step) {
            tracing::error!(step, "crash drill: this worker dies now");
            std::process::abort();
        }
        if self.stops_after.as_deref() == Some(step) && !self.stopped.swap(true, Ordering::SeqCst) {
            tracing::error!(step, "crash drill: this worker stands still until it gets SIGCONT");
            if let Err(refused) = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::STOP) {
                tracing::error!(%refused, "crash drill: this worker cannot stop itself");
            }
        }
    }
}
