//! One check: what was measured, against which threshold, and what it means.

use crate::{Bounds, Measure};

/// How a check ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// As it should be.
    Pass,
    /// Usable, with a remark.
    Warn,
    /// Not as a certificate needs it.
    Fail,
}

impl Grade {
    /// Stable code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Grade::Pass => "pass",
            Grade::Warn => "warn",
            Grade::Fail => "fail",
        }
    }
}

/// The outcome of one check.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Check {
    /// What was measured.
    pub measure: Measure,
    /// The value, in the measure's unit.
    pub value: f32,
    /// The bounds that it was held against.
    pub bounds: Bounds,
    /// What came of it.
    pub grade: Grade,
}

impl Check {
    pub(crate) fn new(measure: Measure, value: f32, bounds: Bounds) -> Check {
        Check { measure, value, bounds, grade: bounds.grade(value) }
    }

    /// The measured value with its unit.
    pub fn measured(&self) -> String {
        self.measure.shown(self.value)
    }

    /// What would pass: `≥ 150 px`, `≤ 10%`, `0.64 … 0.84`, or `1`.
    pub fn threshold(&self) -> String {
        let Bounds { warn_below, warn_above, .. } = self.bounds;
        match (warn_below.is_finite(), warn_above.is_finite()) {
            (true, true) if (warn_above - warn_below).abs() < f32::EPSILON => self.measure.shown(warn_below),
            (true, true) => format!("{} … {}", self.measure.shown(warn_below), self.measure.shown(warn_above)),
            (true, false) => format!("≥ {}", self.measure.shown(warn_below)),
            (false, true) => format!("≤ {}", self.measure.shown(warn_above)),
            (false, false) => "—".to_owned(),
        }
    }

    /// What a holder reads, in Chinese, with the value and the threshold.
    pub fn zh(&self) -> String {
        let texts = self.measure.texts();
        let text = match self.side() {
            Side::Within => return format!("{}符合要求：{}（要求{}）", texts.name_zh, self.measured(), self.threshold()),
            Side::Low => texts.low_zh,
            Side::High => texts.high_zh,
        };
        format!("{text}。{}：{}（要求{}）", texts.name_zh, self.measured(), self.threshold())
    }

    /// The same in English.
    pub fn en(&self) -> String {
        let texts = self.measure.texts();
        let text = match self.side() {
            Side::Within => return format!("{} as it should be: {} (wanted: {})", texts.name_en, self.measured(), self.threshold()),
            Side::Low => texts.low_en,
            Side::High => texts.high_en,
        };
        format!("{text}. {}: {} (wanted: {})", texts.name_en, self.measured(), self.threshold())
    }

    fn side(&self) -> Side {
        if self.grade == Grade::Pass {
            Side::Within
        } else if self.value < self.bounds.warn_below {
            Side::Low
        } else {
            Side::High
        }
    }
}

enum Side {
    Low,
    Within,
    High,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rules;

    #[test]
    fn a_check_tells_value_threshold_and_advice_in_both_languages() {
        let rules = Rules::upload();
        let of = |measure, value| Check::new(measure, value, rules.bounds(measure));
        let narrow = of(Measure::Width, 120.0);
        assert_eq!((narrow.grade, narrow.measured().as_str(), narrow.threshold().as_str()), (Grade::Fail, "120 px", "≥ 295 px"));
        assert_eq!(narrow.zh(), "照片像素偏低，请上传更清晰的照片。照片宽度：120 px（要求≥ 295 px）");
        let crowd = of(Measure::Faces, 2.0);
        assert!(crowd.en().starts_with("More than one face"), "{}", crowd.en());
        assert!(of(Measure::Faces, 0.0).en().starts_with("No face"));
        assert_eq!(crowd.threshold(), "1");
        let good = of(Measure::Aspect, 0.71);
        assert_eq!((good.grade, good.threshold().as_str()), (Grade::Pass, "0.64 … 0.84"));
        assert!(good.zh().contains("符合要求"));
    }
}
