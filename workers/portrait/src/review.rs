//! The review from end to end: recognise, bound, decode, measure, judge, normalise.

use crate::checks;
use crate::colour::to_srgb;
use crate::decode::{admit, decode};
use crate::encode::encode;
use crate::faces::FaceFinder;
use crate::likeness::Likeness;
use crate::normalise::{normalise, part};
use crate::scene::Scene;
use crate::sitter::Sitter;
use crate::{Check, Format, Limits, Policy, Refusal, Rules, Verdict};

/// The normalised portrait (标准照) of a photo: what certificates carry, byte for byte.
#[derive(Clone, PartialEq, Eq)]
pub struct Portrait {
    /// Baseline sRGB JPEG with three components, 300 dpi, without metadata.
    pub jpeg: Vec<u8>,
    /// Width in pixels.
    pub width_px: u32,
    /// Height in pixels.
    pub height_px: u32,
}

impl std::fmt::Debug for Portrait {
    /// A picture is nothing to be read in a message or log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Portrait({} × {} px, {} bytes)", self.width_px, self.height_px, self.jpeg.len())
    }
}

/// What the review says about a photo that can be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Review {
    /// What the checks mean under the policy.
    pub verdict: Verdict,
    /// Every check with its value and threshold, in the order of [`crate::Measure::ALL`].
    pub checks: Vec<Check>,
    /// The portrait, whatever the verdict: a person may decide otherwise.
    pub portrait: Portrait,
    /// For finding the same picture under other names.
    pub likeness: Likeness,
}

/// The steps of a review, in their order: for measuring where time goes.
pub const STEPS: [&str; 6] = ["decode", "shrink", "find faces", "measure", "cut and scale", "encode"];

/// Reviews photos. Making one reads the face detector's model, so that it is kept for many photos; it belongs to one thread.
pub struct Reviewer {
    limits: Limits,
    rules: [Rules; 2],
    finder: FaceFinder,
}

impl Reviewer {
    /// A reviewer with limits and the thresholds for legacy photos and for uploads.
    pub fn new(limits: Limits, legacy: Rules, upload: Rules) -> Reviewer {
        Reviewer { limits, rules: [legacy, upload], finder: FaceFinder::new() }
    }

    /// Reviews one photo and normalises it.
    ///
    /// # Errors
    ///
    /// A [`Refusal`] says why the file cannot be used at all and what its holder can do.
    pub fn review(&mut self, bytes: &[u8], policy: Policy) -> Result<Review, Refusal> {
        self.review_timed(bytes, policy, &mut |_| ())
    }

    /// The same; calls back at the end of each of [`STEPS`].
    ///
    /// # Errors
    ///
    /// As [`Reviewer::review`].
    pub fn review_timed(&mut self, bytes: &[u8], policy: Policy, done: &mut dyn FnMut(usize)) -> Result<Review, Refusal> {
        let rules = &self.rules[policy as usize];
        let picture = decode(bytes, &self.limits)?;
        done(0);
        let mut scene = Scene::of(&picture.image, picture.turn)?;
        done(1);
        scene.look(&mut self.finder);
        done(2);
        let framed_sides = checks::framed_sides(&scene);
        let sitter = Sitter::of(&scene, framed_sides > 0.0);
        let part = part(&picture, &scene, sitter.as_ref(), &self.limits);
        let checks = checks::all(&picture, &scene, framed_sides, sitter.as_ref(), &part.scaled(1.0 / scene.scale), rules);
        let likeness = Likeness::of(&scene)?;
        done(3);
        let mut portrait = normalise(&picture, &scene, part, &self.limits)?;
        // A profile for print belongs to the four inks, which the decoder has converted already.
        if let Some(profile) = picture.icc_profile.as_deref().filter(|_| !picture.is_cmyk && picture.image.color().has_color()) {
            to_srgb(&mut portrait, profile);
        }
        done(4);
        let (jpeg, width_px, height_px) = encode(portrait, &self.limits)?;
        done(5);
        Ok(Review { verdict: policy.verdict(&checks), checks, portrait: Portrait { jpeg, width_px, height_px }, likeness })
    }
}

/// What can be said about a file without decoding it: its format, or why it cannot be a photo. Passes over its bytes a few times.
///
/// # Errors
///
/// A [`Refusal`], as the review would give it.
pub fn glance(bytes: &[u8], limits: &Limits) -> Result<Format, Refusal> {
    admit(bytes, limits).map(|admitted| admitted.format())
}

#[cfg(test)]
mod tests;
