//! Who is asked: what a warning or a failure means for photos of different origin.

use crate::{Check, Grade};

/// Where a photo comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Policy {
    /// With the records of the past: nobody is there who could take it again, so warnings pass and a person looks at failures.
    Legacy,
    /// From the holder, today: everything must pass. A failure goes back to the holder with its reason, a person looks at warnings.
    Upload,
}

/// What the automatic checks say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Good for a certificate.
    Approved,
    /// A person has to decide; the checks say why.
    Held,
    /// Not usable; the checks say why.
    Rejected,
}

impl Policy {
    /// Both policies.
    pub const ALL: [Policy; 2] = [Policy::Legacy, Policy::Upload];

    /// Stable code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Policy::Legacy => "legacy",
            Policy::Upload => "upload",
        }
    }

    /// The policy of a code.
    pub fn of_code(code: &str) -> Option<Policy> {
        Policy::ALL.into_iter().find(|policy| policy.as_str() == code)
    }

    /// What one check means.
    pub fn answer(self, check: &Check) -> Verdict {
        match (self, check.grade) {
            (_, Grade::Pass) | (Policy::Legacy, Grade::Warn) => Verdict::Approved,
            (Policy::Legacy, Grade::Fail) | (Policy::Upload, Grade::Warn) => Verdict::Held,
            (Policy::Upload, Grade::Fail) if check.measure.is_certain() => Verdict::Rejected,
            (Policy::Upload, Grade::Fail) => Verdict::Held,
        }
    }

    /// What all checks mean together: the worst of them.
    pub fn verdict(self, checks: &[Check]) -> Verdict {
        checks.iter().map(|check| self.answer(check)).max().unwrap_or(Verdict::Approved)
    }
}

impl Verdict {
    /// Stable code in kebab case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Verdict::Approved => "approved",
            Verdict::Held => "held",
            Verdict::Rejected => "rejected",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Measure, Rules};

    #[test]
    fn the_worst_check_decides_as_the_policy_says() {
        let of = |measure, value| Check::new(measure, value, Rules::upload().bounds(measure));
        let (pass, warn, fail, unsure) =
            (of(Measure::Width, 300.0), of(Measure::Width, 200.0), of(Measure::Width, 100.0), of(Measure::Marks, 9.0));
        let table: [(&[Check], Verdict, Verdict); 5] = [
            (&[], Verdict::Approved, Verdict::Approved),
            (&[pass], Verdict::Approved, Verdict::Approved),
            (&[pass, warn], Verdict::Approved, Verdict::Held),
            (&[fail, warn], Verdict::Held, Verdict::Rejected),
            (&[unsure], Verdict::Held, Verdict::Held),
        ];
        for (checks, legacy, upload) in table {
            assert_eq!((Policy::Legacy.verdict(checks), Policy::Upload.verdict(checks)), (legacy, upload), "{checks:?}");
        }
    }
}
