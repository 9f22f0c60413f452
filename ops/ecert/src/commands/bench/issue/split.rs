//! Where time goes, step by step.

use std::time::{Duration, Instant};

use render::{Observer, Step};
use serde_json::{Map, Value, json};

use crate::output::table;

/// The steps of a certificate on one core, in their order.
pub(super) const STEPS: [&str; 8] = [
    "sign the QR statement",
    "lay out the text",
    "encode the QR code",
    "write contents and pictures",
    "put the fonts together",
    "finish and hash the file",
    "sign the document",
    "embed the signature",
];

/// Adds up how long each step takes.
pub(super) struct Split {
    steps: [Duration; STEPS.len()],
    last: Instant,
}

impl Split {
    pub(super) fn new() -> Self {
        Self { steps: [Duration::ZERO; STEPS.len()], last: Instant::now() }
    }

    /// What follows is measured from now on.
    pub(super) fn begin(&mut self) {
        self.last = Instant::now();
    }

    /// The step of this place in [`STEPS`] is over.
    pub(super) fn end(&mut self, step: usize) {
        let now = Instant::now();
        self.steps[step] += now - self.last;
        self.last = now;
    }

    pub(super) fn total(&self) -> Duration {
        self.steps.iter().sum()
    }

    /// Microseconds of each step that was taken, for so many certificates.
    pub(super) fn told(&self, certificates: usize) -> Value {
        let taken = STEPS.iter().zip(self.steps).filter(|(_, spent)| !spent.is_zero());
        Value::Object(taken.map(|(name, spent)| ((*name).to_owned(), json!(each_us(spent, certificates)))).collect::<Map<_, _>>())
    }

    /// The same as a table.
    pub(super) fn shown(&self, what: &str, certificates: usize) -> String {
        let total = self.total();
        let line = |name: &str, spent: Duration| {
            let share = format!("{:.0} %", 100.0 * spent.as_secs_f64() / total.as_secs_f64());
            vec![name.to_owned(), format!("{:.1}", each_us(spent, certificates)), share]
        };
        let steps = STEPS.iter().zip(self.steps).filter(|(_, spent)| !spent.is_zero()).map(|(name, spent)| line(name, spent));
        let head = [what, "µs each", "share"].map(str::to_owned).to_vec();
        table(&std::iter::once(head).chain(steps).chain([line("together", total)]).collect::<Vec<_>>())
    }
}

impl Observer for Split {
    fn passed(&mut self, step: Step) {
        self.end(match step {
            Step::Layout => 1,
            Step::Qr => 2,
            Step::Contents => 3,
            Step::Fonts => 4,
            Step::Digest => 5,
        });
    }
}

fn each_us(spent: Duration, certificates: usize) -> f64 {
    spent.as_secs_f64() * 1e6 / certificates as f64
}
