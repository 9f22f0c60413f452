//! Telling that two files show the same picture, though they were scaled, compressed or lightened a little: a perceptual hash. A picture that is cut
//! otherwise is another one to it.
//!
//! The picture is shrunk to 32 × 32 grey samples; of its cosine transform the 256 coefficients of lowest frequency but the mean are taken, and
//! of each only whether it lies above the median.

use std::f32::consts::PI;

use image::DynamicImage;

use crate::Refusal;
use crate::rect::Rect;
use crate::resize::{on_white, resize};
use crate::scene::{Scene, luma_of};
use crate::statistics::{count, deviation, mean};

const SIDE: usize = 32;
const KEPT: usize = 16;

/// Squares of colour across and down.
const SQUARES: (u32, u32) = (8, 11);

/// Standard deviation of the colours of an identity photo, from 0 to 127.
const USUAL_SPREAD: f32 = 60.0;

/// What a picture looks like: 256 bits of its forms, and the colours of 8 × 11 squares. Copies of a picture differ little in both.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Likeness {
    forms: [u8; 32],
    colours: Vec<u8>,
}

impl std::fmt::Debug for Likeness {
    /// A likeness is of a person, and so nothing for a message or log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Likeness(…)")
    }
}

impl Likeness {
    /// Up to so many different bits two pictures may be the same. Copies of drawn portraits differ in 0 to 10, see the tests.
    pub const FORMS: u32 = 12;

    /// Up to this mean difference of colour, from 0 to 255 and brightness aside, two pictures of the same forms are one. Copies of drawn portraits
    /// differ by up to 1.2, those of 200 drawn people by more than 4, see the tests.
    pub const COLOURS: f32 = 1.6;

    /// Length in bytes: the forms first.
    pub const BYTES: usize = 32 + (SQUARES.0 * SQUARES.1 * 3) as usize;

    /// The likeness as it is stored.
    pub fn to_bytes(&self) -> Vec<u8> {
        [self.forms.as_slice(), &self.colours].concat()
    }

    /// Reads what was stored.
    pub fn from_bytes(bytes: &[u8]) -> Option<Likeness> {
        let (forms, colours) = bytes.split_first_chunk::<32>()?;
        (bytes.len() == Likeness::BYTES).then(|| Likeness { forms: *forms, colours: colours.to_vec() })
    }

    /// Whether both are of one picture.
    pub fn is_same(&self, other: &Likeness) -> bool {
        self.forms_apart(other) <= Likeness::FORMS && self.colours_apart(other) <= Likeness::COLOURS
    }

    /// How many bits of form differ.
    pub fn forms_apart(&self, other: &Likeness) -> u32 {
        self.forms.iter().zip(other.forms).map(|(one, other)| (one ^ other).count_ones()).sum()
    }

    /// How much the colours differ on the mean: each channel beside its own mean and all at the usual spread, since copies may be lighter,
    /// darker or duller as a whole.
    pub fn colours_apart(&self, other: &Likeness) -> f32 {
        let even = |colours: &[u8]| -> Vec<f32> {
            let means: [f32; 3] =
                std::array::from_fn(|channel| mean(&colours.iter().skip(channel).step_by(3).map(|&v| f32::from(v)).collect::<Vec<_>>()));
            let apart: Vec<f32> = colours.iter().zip(means.iter().cycle()).map(|(&value, mean)| f32::from(value) - mean).collect();
            let spread = deviation(&apart).max(1.0);
            apart.into_iter().map(|value| value * USUAL_SPREAD / spread).collect()
        };
        let (one, other) = (even(&self.colours), even(&other.colours));
        mean(&one.iter().zip(&other).map(|(a, b)| (a - b).abs()).collect::<Vec<_>>())
    }

    pub(crate) fn of(scene: &Scene) -> Result<Likeness, Refusal> {
        let picture = DynamicImage::ImageRgb8(scene.picture.clone());
        let all = Rect { left: 0.0, top: 0.0, width: f64::from(picture.width()), height: f64::from(picture.height()) };
        let side = u32::try_from(SIDE).unwrap_or(32);
        let luma = luma_of(&on_white(resize(&picture, all, (side, side))?));
        let colours = on_white(resize(&picture, all, SQUARES)?).into_raw();
        Ok(Likeness { forms: bits(&coefficients(&luma)), colours })
    }
}

/// The lowest frequencies, across first: one more than are kept, since the mean is left out.
fn coefficients(luma: &[u8]) -> Vec<f32> {
    let wave: Vec<Vec<f32>> =
        (0..=KEPT).map(|k| (0..SIDE).map(|x| (PI * (count(x) + 0.5) * count(k) / count(SIDE)).cos()).collect()).collect();
    let rows: Vec<Vec<f32>> = luma
        .chunks_exact(SIDE)
        .map(|row| wave.iter().map(|wave| row.iter().zip(wave).map(|(&v, w)| f32::from(v) * w).sum()).collect())
        .collect();
    let at = |u: usize, v: usize| -> f32 { (0..SIDE).map(|y| rows[y][u] * wave[v][y]).sum() };
    (0..KEPT).flat_map(|v| (0..KEPT).map(move |u| (u, v))).map(|(u, v)| if (u, v) == (0, 0) { at(KEPT, 0) } else { at(u, v) }).collect()
}

fn bits(coefficients: &[f32]) -> [u8; 32] {
    let mut sorted = coefficients.to_vec();
    let median = crate::statistics::quantile(&mut sorted, 0.5);
    std::array::from_fn(|byte| (0..8).fold(0, |bits, bit| bits << 1 | u8::from(coefficients[byte * 8 + bit] > median)))
}

#[cfg(test)]
mod tests;
