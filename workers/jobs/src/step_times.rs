//! How long the steps of issuing took in this process, added up over its chunks.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// The steps, in their order.
pub const STEPS: [&str; 4] = ["order", "make", "write", "finish"];

/// Time spent in each step, by all chunks together; chunks that run side by side count each.
#[derive(Debug, Default)]
pub struct StepTimes([AtomicU64; STEPS.len()]);

/// Measures the steps of one chunk, one after the other.
#[derive(Debug)]
pub(crate) struct Stopwatch<'a> {
    times: &'a StepTimes,
    last: Instant,
    next: usize,
}

impl StepTimes {
    /// Seconds of each step.
    #[must_use]
    pub fn seconds(&self) -> [(&'static str, f64); STEPS.len()] {
        std::array::from_fn(|n| (STEPS[n], self.0[n].load(Ordering::Relaxed) as f64 / 1e6))
    }

    pub(crate) fn start(&self) -> Stopwatch<'_> {
        Stopwatch { times: self, last: Instant::now(), next: 0 }
    }
}

impl Stopwatch<'_> {
    /// The next step is over.
    pub(crate) fn step(&mut self) {
        let now = Instant::now();
        let spent = u64::try_from((now - self.last).as_micros()).unwrap_or(u64::MAX);
        if let Some(time) = self.times.0.get(self.next) {
            time.fetch_add(spent, Ordering::Relaxed);
        }
        (self.last, self.next) = (now, self.next + 1);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn each_step_gets_its_own_time_and_chunks_add_up() {
        let times = StepTimes::default();
        for _ in 0..2 {
            let mut watch = times.start();
            watch.last -= Duration::from_secs(3);
            watch.step();
            watch.last -= Duration::from_secs(1);
            watch.step();
        }
        let seconds = times.seconds().map(|(_, seconds)| format!("{seconds:.0}"));
        assert_eq!(seconds, ["6", "2", "0", "0"]);
    }
}
