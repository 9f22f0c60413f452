//! A gate before work that needs something which may be away for a while: the database, the object store, a key. While it is closed one
//! piece of work at a time tries whether it is back, with growing pauses, and the log says once that it closed and once that it opened.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

/// The first pause; it doubles.
const FIRST_PAUSE: Duration = Duration::from_millis(250);

/// The longest pause: what is back is noticed within this time.
const LONGEST_PAUSE: Duration = Duration::from_secs(4);

/// A gate that closes so soon after it opened goes on with the pauses that it had.
const SOON: Duration = Duration::from_secs(30);

/// Open at first.
#[derive(Debug)]
pub struct Gate {
    /// What waits before it, for the log.
    name: String,
    closed: Mutex<Option<Closed>>,
    /// When it opened last, and after how many failures.
    opened: Mutex<Option<(Instant, u32)>>,
    trying: tokio::sync::Mutex<()>,
    stopping: watch::Receiver<bool>,
}

#[derive(Debug, Clone, Copy)]
struct Closed {
    since: Instant,
    failures: u32,
    until: Instant,
    /// Of the reason that the log has.
    reason: u64,
}

/// The right to go through once. Whoever tries a closed gate keeps the others waiting until it is told how that went.
#[derive(Debug)]
pub struct Passage<'a> {
    gate: &'a Gate,
    trying: Option<tokio::sync::MutexGuard<'a, ()>>,
}

impl Gate {
    /// A gate; nobody waits before it once `stopping` is true.
    #[must_use]
    pub fn new(name: impl Into<String>, stopping: watch::Receiver<bool>) -> Self {
        Self { name: name.into(), closed: Mutex::new(None), opened: Mutex::new(None), trying: tokio::sync::Mutex::new(()), stopping }
    }

    /// Waits until the gate is open, or until it is this caller's turn to try; `None` when the process stops.
    pub async fn pass(&self) -> Option<Passage<'_>> {
        let mut stopping = self.stopping.clone();
        if *stopping.borrow() {
            return None;
        }
        if self.state().is_none() {
            return Some(Passage { gate: self, trying: None });
        }
        let turn = async {
            let trying = self.trying.lock().await;
            let Some(Closed { until, .. }) = *self.state() else { return Passage { gate: self, trying: None } };
            tokio::time::sleep_until(until.into()).await;
            Passage { gate: self, trying: Some(trying) }
        };
        tokio::select! {
            passage = turn => Some(passage),
            _ = stopping.wait_for(|stopping| *stopping) => None,
        }
    }

    /// Sleeps; false when the process stops meanwhile.
    pub async fn sleep(&self, pause: Duration) -> bool {
        let mut stopping = self.stopping.clone();
        tokio::select! {
            () = tokio::time::sleep(pause) => true,
            _ = stopping.wait_for(|stopping| *stopping) => false,
        }
    }

    /// Closes the gate, for whoever met the failure without a passage.
    pub fn close(&self, reason: &str) {
        let mut state = self.state();
        if state.is_none() {
            let now = Instant::now();
            let opened = *self.opened.lock().unwrap_or_else(PoisonError::into_inner);
            let failures = opened.filter(|(at, _)| now - *at < SOON).map_or(0, |(_, failures)| failures);
            *state = Some(Closed { since: now, failures: failures + 1, until: now + pause(failures), reason: hash(reason) });
            tracing::warn!(gate = %self.name, reason, "the work waits; it goes on by itself when this is over");
        }
    }

    fn state(&self) -> MutexGuard<'_, Option<Closed>> {
        self.closed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Passage<'_> {
    /// What the work needs is there. Only whoever tried opens a closed gate: others began before it closed.
    pub fn succeeded(self) {
        if self.trying.is_none() {
            return;
        }
        if let Some(closed) = self.gate.state().take() {
            *self.gate.opened.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), closed.failures));
            let waited = closed.since.elapsed().as_secs_f64();
            tracing::info!(gate = %self.gate.name, waited_s = waited, tries = closed.failures, "the work goes on");
        }
    }

    /// One of the two, as a trial went.
    pub fn tried(self, went: Result<(), String>) {
        match went {
            Ok(()) => self.succeeded(),
            Err(reason) => self.failed(&reason),
        }
    }

    /// Whether the gate is closed and this caller tries it.
    #[must_use]
    pub fn is_trial(&self) -> bool {
        self.trying.is_some()
    }

    /// What the work needs is away.
    pub fn failed(self, reason: &str) {
        if self.trying.is_none() {
            return self.gate.close(reason);
        }
        let mut state = self.gate.state();
        if let Some(closed) = state.as_mut() {
            closed.until = Instant::now() + pause(closed.failures);
            closed.failures += 1;
            if closed.reason != hash(reason) {
                closed.reason = hash(reason);
                tracing::warn!(gate = %self.gate.name, reason, "the work still waits, for another reason");
            }
        }
    }
}

/// The pause after so many failures and one more.
fn pause(failures: u32) -> Duration {
    (FIRST_PAUSE * 2_u32.saturating_pow(failures.min(10))).min(LONGEST_PAUSE)
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn gate() -> (watch::Sender<bool>, Arc<Gate>) {
        let (stop, stopping) = watch::channel(false);
        (stop, Arc::new(Gate::new("a test", stopping)))
    }

    #[tokio::test]
    async fn an_open_gate_lets_everybody_through_at_once() {
        let (_stop, gate) = gate();
        let (one, other) = (gate.pass().await.unwrap(), gate.pass().await.unwrap());
        one.succeeded();
        other.succeeded();
        assert!(gate.state().is_none());
    }

    #[tokio::test]
    async fn at_a_closed_gate_one_tries_and_the_others_wait_for_its_word() {
        let (_stop, gate) = gate();
        gate.close("away");
        let through = Arc::new(AtomicUsize::new(0));
        let waiting: Vec<_> = (0..5)
            .map(|_| {
                let (gate, through) = (Arc::clone(&gate), Arc::clone(&through));
                tokio::spawn(async move {
                    let passage = gate.pass().await.unwrap();
                    // The first two find it away still.
                    if through.fetch_add(1, Ordering::SeqCst) < 2 { passage.failed("away") } else { passage.succeeded() }
                })
            })
            .collect();
        let begun = Instant::now();
        for task in waiting {
            task.await.unwrap();
        }
        assert_eq!(through.load(Ordering::SeqCst), 5);
        assert!(gate.state().is_none(), "it is open again");
        // 250 ms, then twice and four times as long.
        assert!(begun.elapsed() >= FIRST_PAUSE * 7, "the pauses grow");
    }

    #[tokio::test]
    async fn work_from_before_it_closed_does_not_open_it() {
        let (_stop, gate) = gate();
        let (earlier, failing) = (gate.pass().await.unwrap(), gate.pass().await.unwrap());
        failing.failed("away");
        earlier.succeeded();
        assert!(gate.state().is_some());
        gate.pass().await.unwrap().succeeded();
        assert!(gate.state().is_none());
    }

    #[tokio::test]
    async fn whoever_is_dropped_while_trying_lets_the_next_one_try() {
        let (_stop, gate) = gate();
        gate.close("away");
        drop(gate.pass().await.unwrap());
        gate.pass().await.unwrap().succeeded();
        assert!(gate.state().is_none());
    }

    #[tokio::test]
    async fn a_gate_that_closes_again_at_once_goes_on_with_its_pauses() {
        let (_stop, gate) = gate();
        for failures in 1..=5 {
            gate.close("away");
            let closed = gate.state().unwrap();
            assert_eq!(closed.failures, failures);
            assert!(closed.until - closed.since <= LONGEST_PAUSE);
            gate.state().as_mut().unwrap().until = Instant::now();
            gate.pass().await.unwrap().succeeded();
        }
    }

    #[tokio::test]
    async fn nobody_waits_when_the_process_stops() {
        let (stop, gate) = gate();
        gate.close("away");
        let waiting = tokio::spawn({
            let gate = Arc::clone(&gate);
            async move { gate.pass().await.is_none() }
        });
        stop.send(true).unwrap();
        assert!(waiting.await.unwrap());
        assert!(gate.pass().await.is_none());
    }
}
