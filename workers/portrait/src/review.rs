//! The review from end to end: recognise, measure, decode, judge, normalise.

use crate::checks;
use crate::colour::{Colours, to_srgb};
use crate::decode::decode;
use crate::encode::encode;
use crate::normalise::normalise;
use crate::{FindingCode, Limits, PhotoFinding, Refusal};

/// What the review says about an accepted picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Good for a certificate; findings are notes.
    Approved,
    /// A person has to decide; the findings say why.
    Held,
}

impl Verdict {
    /// Stable code in kebab case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Verdict::Approved => "approved",
            Verdict::Held => "held",
        }
    }
}

/// The normalised portrait (标准照) of a photo: what certificates carry, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portrait {
    /// Baseline sRGB JPEG with three components, 300 dpi, without metadata.
    pub jpeg: Vec<u8>,
    /// Width in pixels.
    pub width_px: u32,
    /// Height in pixels.
    pub height_px: u32,
    /// Whether it may be used without a person looking at it.
    pub verdict: Verdict,
    /// What was noticed; empty for a good photo.
    pub findings: Vec<PhotoFinding>,
}

/// Reviews one photo and normalises it.
///
/// # Errors
///
/// A [`Refusal`] says what is wrong with the photo and what its holder can do.
pub fn review(bytes: &[u8], limits: &Limits) -> Result<Portrait, Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::Empty);
    }
    if bytes.len() > limits.max_bytes {
        return Err(Refusal::TooManyBytes { bytes: bytes.len(), limit: limits.max_bytes });
    }
    let picture = decode(bytes, limits)?;
    let mut findings = checks::of_source(&picture, limits);
    let mut portrait = normalise(&picture, limits)?;
    // A profile for print belongs to the four inks, which the decoder has converted already.
    if let Some(profile) = picture.icc_profile.as_deref().filter(|_| !picture.is_cmyk && picture.image.color().has_color()) {
        let measured = || format!("ICC {} bytes", profile.len());
        match to_srgb(&mut portrait, profile) {
            Colours::Kept => {}
            Colours::Converted => findings.push(PhotoFinding::new(FindingCode::ColourSpace, measured())),
            Colours::ProfileIgnored => findings.push(PhotoFinding::new(FindingCode::ColourProfileIgnored, measured())),
        }
    }
    findings.extend(checks::of_pixels(&portrait, limits));
    let verdict = if findings.iter().any(|finding| finding.holds) { Verdict::Held } else { Verdict::Approved };
    let (jpeg, width_px, height_px) = encode(portrait, limits)?;
    Ok(Portrait { jpeg, width_px, height_px, verdict, findings })
}

#[cfg(test)]
mod tests;
