//! Crash drills: a worker that dies at a named step, so that recovery can be rehearsed and tested on the real program.

/// The steps of issuing after which a drill can kill the worker.
pub const STEPS: [&str; 5] = ["begin", "order", "make", "write", "finish"];

/// Which step a drill kills the worker after; by default none.
#[derive(Debug, Clone, Default)]
pub struct CrashDrill(Option<String>);

impl CrashDrill {
    /// No drill.
    #[must_use]
    pub fn none() -> Self {
        Self(None)
    }

    /// Dies after `step`, one of [`STEPS`].
    ///
    /// # Errors
    /// The steps there are, when `step` is none of them.
    pub fn after(step: &str) -> Result<Self, String> {
        if STEPS.contains(&step) {
            Ok(Self(Some(step.to_owned())))
        } else {
            Err(format!("no step {step:?}; there are {}", STEPS.join(", ")))
        }
    }

    /// Kills this process, as SIGKILL would, when the drill names this step.
    pub fn passed(&self, step: &str) {
        if self.0.as_deref() == Some(step) {
            tracing::error!(step, "crash drill: this worker dies now");
            std::process::abort();
        }
    }
}
