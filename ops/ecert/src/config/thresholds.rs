//! The thresholds of the photo checks in the file: a table for each policy, with a line for each measure.

use portrait::{Bounds, Measure, Rules};
use serde::Deserialize;

/// The bounds that a line names; the others stay. `inf` and `-inf` switch one off.
#[derive(Debug, Default, Clone, Copy, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Line {
    fail_below: Option<f32>,
    warn_below: Option<f32>,
    warn_above: Option<f32>,
    fail_above: Option<f32>,
}

/// One policy.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Thresholds {
    format: Line,
    pictures: Line,
    width: Line,
    height: Line,
    aspect: Line,
    turned: Line,
    content: Line,
    faces: Line,
    face_width: Line,
    face_offset: Line,
    crown: Line,
    eye_line: Line,
    blur: Line,
    brightness: Line,
    burnt: Line,
    contrast: Line,
    light_difference: Line,
    background_colour: Line,
    background_unevenness: Line,
    clothing_like_background: Line,
    colour: Line,
    frame: Line,
    marks: Line,
    quality: Line,
    blocks: Line,
    inks: Line,
}

impl Thresholds {
    /// Sets what the file names.
    pub(super) fn apply(&self, rules: &mut Rules) {
        for measure in Measure::ALL {
            let line = self.line(measure);
            let known = rules.bounds(measure);
            rules.set(
                measure,
                Bounds {
                    fail_below: line.fail_below.unwrap_or(known.fail_below),
                    warn_below: line.warn_below.unwrap_or(known.warn_below),
                    warn_above: line.warn_above.unwrap_or(known.warn_above),
                    fail_above: line.fail_above.unwrap_or(known.fail_above),
                },
            );
        }
    }

    fn line(&self, measure: Measure) -> Line {
        match measure {
            Measure::Format => self.format,
            Measure::Pictures => self.pictures,
            Measure::Width => self.width,
            Measure::Height => self.height,
            Measure::Aspect => self.aspect,
            Measure::Turned => self.turned,
            Measure::Content => self.content,
            Measure::Faces => self.faces,
            Measure::FaceWidth => self.face_width,
            Measure::FaceOffset => self.face_offset,
            Measure::Crown => self.crown,
            Measure::EyeLine => self.eye_line,
            Measure::Blur => self.blur,
            Measure::Brightness => self.brightness,
            Measure::Burnt => self.burnt,
            Measure::Contrast => self.contrast,
            Measure::LightDifference => self.light_difference,
            Measure::BackgroundColour => self.background_colour,
            Measure::BackgroundUnevenness => self.background_unevenness,
            Measure::ClothingLikeBackground => self.clothing_like_background,
            Measure::Colour => self.colour,
            Measure::Frame => self.frame,
            Measure::Marks => self.marks,
            Measure::Quality => self.quality,
            Measure::Blocks => self.blocks,
            Measure::Inks => self.inks,
        }
    }
}
