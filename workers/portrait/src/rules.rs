//! The one table of thresholds. Every value can be set in the configuration; these are the defaults and where they come from.

use crate::{Grade, Measure};

/// Where one measure passes, warns and fails. A bound itself still passes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// Below this value the check fails.
    pub fail_below: f32,
    /// Below this value the check warns.
    pub warn_below: f32,
    /// Above this value the check warns.
    pub warn_above: f32,
    /// Above this value the check fails.
    pub fail_above: f32,
}

impl Bounds {
    /// Bounds that nothing crosses.
    pub const OPEN: Bounds =
        Bounds { fail_below: f32::NEG_INFINITY, warn_below: f32::NEG_INFINITY, warn_above: f32::INFINITY, fail_above: f32::INFINITY };

    const fn least(fail_below: f32, warn_below: f32) -> Bounds {
        Bounds { fail_below, warn_below, ..Bounds::OPEN }
    }

    const fn most(warn_above: f32, fail_above: f32) -> Bounds {
        Bounds { warn_above, fail_above, ..Bounds::OPEN }
    }

    const fn between(fail_below: f32, warn_below: f32, warn_above: f32, fail_above: f32) -> Bounds {
        Bounds { fail_below, warn_below, warn_above, fail_above }
    }

    /// Whether the bounds stand in their order.
    pub fn are_ordered(&self) -> bool {
        self.fail_below <= self.warn_below && self.warn_below <= self.warn_above && self.warn_above <= self.fail_above
    }

    pub(crate) fn grade(&self, value: f32) -> Grade {
        if value < self.fail_below || value > self.fail_above {
            Grade::Fail
        } else if value < self.warn_below || value > self.warn_above {
            Grade::Warn
        } else {
            Grade::Pass
        }
    }
}

/// The thresholds of one policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    bounds: [Bounds; Measure::ALL.len()],
}

impl Rules {
    /// For photos that come with the records of the past. Old examination photos are 75 to 150 pixels wide, on any plain ground.
    pub fn legacy() -> Rules {
        Rules { bounds: Measure::ALL.map(legacy_bounds) }
    }

    /// For photos that holders upload today: 295 × 413 pixels and more, on white or blue (the examination authority's tool asks for the same).
    pub fn upload() -> Rules {
        let mut rules = Rules::legacy();
        rules.set(Measure::Width, Bounds::least(150.0, 295.0));
        rules.set(Measure::Height, Bounds::least(200.0, 413.0));
        rules.set(Measure::FaceOffset, Bounds::most(8.0, 20.0));
        rules.set(Measure::BackgroundColour, Bounds::most(25.0, 90.0));
        rules.set(Measure::Colour, Bounds::least(3.0, 3.0));
        rules
    }

    /// The bounds of a measure.
    pub fn bounds(&self, measure: Measure) -> Bounds {
        self.bounds[measure as usize]
    }

    /// Sets the bounds of a measure.
    pub fn set(&mut self, measure: Measure, bounds: Bounds) {
        self.bounds[measure as usize] = bounds;
    }
}

const fn legacy_bounds(measure: Measure) -> Bounds {
    match measure {
        Measure::Format => Bounds::least(1.0, 1.0),
        Measure::Pictures => Bounds::most(1.0, 1.0),
        Measure::Width => Bounds::least(75.0, 150.0),
        Measure::Height => Bounds::least(105.0, 210.0),
        Measure::Aspect => Bounds::between(0.64, 0.64, 0.84, 0.84),
        Measure::Turned => Bounds::most(0.0, 0.0),
        Measure::Content => Bounds::least(6.0, 12.0),
        Measure::Faces => Bounds::between(1.0, 1.0, 1.0, 1.0),
        Measure::FaceWidth => Bounds::between(22.0, 30.0, 70.0, 78.0),
        Measure::FaceOffset => Bounds::most(10.0, 20.0),
        Measure::Crown => Bounds::between(-6.0, -1.0, 25.0, 40.0),
        Measure::EyeLine => Bounds::between(20.0, 27.0, 58.0, 68.0),
        Measure::Blur => Bounds::most(48.0, 56.0),
        Measure::Brightness => Bounds::between(40.0, 60.0, 225.0, 240.0),
        Measure::Burnt => Bounds::most(10.0, 30.0),
        Measure::Contrast => Bounds::least(30.0, 45.0),
        Measure::LightDifference => Bounds::most(30.0, 50.0),
        Measure::BackgroundColour => Bounds::most(25.0, f32::INFINITY),
        Measure::BackgroundUnevenness => Bounds::most(6.0, 10.0),
        Measure::ClothingLikeBackground => Bounds::most(35.0, 60.0),
        Measure::Colour => Bounds::least(f32::NEG_INFINITY, 3.0),
        Measure::Frame => Bounds::most(0.0, 1.0),
        Measure::Marks => Bounds::most(0.25, 0.35),
        Measure::Quality => Bounds::least(15.0, 40.0),
        Measure::Blocks => Bounds::most(1.8, 2.5),
        Measure::Inks => Bounds::most(3.0, f32::INFINITY),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_are_found_at_their_places() {
        for (place, measure) in Measure::ALL.into_iter().enumerate() {
            assert_eq!(measure as usize, place);
        }
    }

    #[test]
    fn bounds_are_ordered_and_pass_themselves() {
        for rules in [Rules::legacy(), Rules::upload()] {
            for measure in Measure::ALL {
                let bounds = rules.bounds(measure);
                assert!(bounds.are_ordered(), "{measure:?}");
                assert_eq!(
                    bounds.grade(bounds.warn_below.max(-1e9)),
                    if bounds.warn_below.is_finite() { Grade::Pass } else { bounds.grade(-1e9) }
                );
                assert_eq!(
                    bounds.grade(bounds.warn_above.min(1e9)),
                    if bounds.warn_above.is_finite() { Grade::Pass } else { bounds.grade(1e9) }
                );
            }
        }
    }

    #[test]
    fn a_value_is_graded_by_the_bounds_that_it_crosses() {
        let bounds = Bounds::between(0.0, 10.0, 20.0, 30.0);
        for (value, grade) in [
            (-0.1, Grade::Fail),
            (0.0, Grade::Warn),
            (9.9, Grade::Warn),
            (10.0, Grade::Pass),
            (20.0, Grade::Pass),
            (20.1, Grade::Warn),
            (30.0, Grade::Warn),
            (30.1, Grade::Fail),
        ] {
            assert_eq!(bounds.grade(value), grade, "{value}");
        }
    }
}
