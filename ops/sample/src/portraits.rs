//! Portraits on which others may try their checks: good ones, and faulty ones of each sort on purpose. None of the people exists.

mod backdrop;
mod encoding;
mod exposure;
mod fault;
mod framing;
mod marks;
mod scene;

use image::ImageFormat;

use crate::dice::Dice;
use crate::portrait::{self, Sitter};
use encoding::Jpeg;
pub use fault::Fault;

/// A portrait as it should be: JPEG of 295 × 413 pixels, one face before a plain white or blue ground. Odd ones are women; equal
/// arguments give equal bytes.
///
/// # Errors
///
/// When the picture cannot be encoded.
pub fn good(index: usize, seed: u64) -> anyhow::Result<Vec<u8>> {
    portrait::jpeg(&portrait::paint(&sitter(index, seed))?)
}

/// The portrait of the same person with this fault; its name ends in [`Fault::extension`].
///
/// # Errors
///
/// When the picture cannot be encoded.
pub fn faulty(fault: Fault, index: usize, seed: u64) -> anyhow::Result<Vec<u8>> {
    faulty_of(fault, &sitter(index, seed), &mut Dice::new(seed, fault.as_str(), index))
}

/// Any picture as a photo studio saves it: JPEG of quality 90.
///
/// # Errors
///
/// When the picture cannot be encoded.
pub fn saved(picture: &image::RgbImage) -> anyhow::Result<Vec<u8>> {
    portrait::jpeg(picture)
}

fn sitter(index: usize, seed: u64) -> Sitter {
    Sitter::draw(index % 2 == 1, &mut Dice::new(seed, "sitter", index))
}

/// The faulty portrait of somebody.
pub(crate) fn faulty_of(fault: Fault, sitter: &Sitter, dice: &mut Dice) -> anyhow::Result<Vec<u8>> {
    let paint = || portrait::paint(sitter);
    let save = portrait::jpeg;
    match fault {
        Fault::BusyBackground => save(&scene::busy(sitter, dice)?),
        Fault::RedBackground => save(&scene::before(sitter, 0xC2272D)?),
        Fault::GreyBackground => save(&scene::before(sitter, 0x8E9296)?),
        Fault::TwoPeople => save(&scene::two_people(sitter, &Sitter::draw(!sitter.is_woman, dice))?),
        Fault::Nobody => save(&scene::nobody(dice)?),
        Fault::WhiteOnWhite => save(&scene::white_on_white(sitter)?),
        Fault::HeadTooSmall => save(&scene::far_away(sitter)?),
        Fault::HeadTooLarge => save(&scene::too_near(sitter)?),
        Fault::OffCentre => save(&scene::off_centre(sitter, dice)?),
        Fault::Blurred => save(&exposure::blurred(&paint()?, dice.within(5.0, 7.0))),
        Fault::Dark => save(&exposure::dark(&paint()?)),
        Fault::Overexposed => save(&exposure::overexposed(&paint()?)),
        Fault::UnevenLight => save(&exposure::uneven(&paint()?)),
        Fault::Grey => save(&exposure::grey(&paint()?)),
        Fault::Stretched => save(&framing::stretched(&paint()?)),
        Fault::TurnedPixels => save(&framing::turned(&paint()?)),
        Fault::TurnedByExif => encoding::jpeg(&framing::turned(&paint()?), Jpeg::ToBeTurned),
        Fault::Tiny => save(&framing::scaled(&paint()?, 60, 84)),
        Fault::LegacySmall => encoding::jpeg(&framing::scaled(&paint()?, 100, 140), Jpeg::Quality(75)),
        Fault::Huge => save(&framing::scaled(&paint()?, 2000, 2800)),
        Fault::Framed => save(&marks::framed(sitter, dice)?),
        Fault::StampedAndDated => save(&marks::stamped_and_dated(sitter, dice)?),
        Fault::OverCompressed => encoding::jpeg(&paint()?, Jpeg::Quality(5)),
        Fault::CmykJpeg => encoding::cmyk_jpeg(&paint()?),
        Fault::ProgressiveJpeg => encoding::jpeg(&paint()?, Jpeg::Progressive),
        Fault::Png => encoding::lossless(&paint()?, ImageFormat::Png),
        Fault::Bmp => encoding::lossless(&paint()?, ImageFormat::Bmp),
        Fault::WebP => encoding::lossless(&paint()?, ImageFormat::WebP),
        Fault::StillGif => encoding::gif(&[&paint()?]),
        Fault::MovingGif => encoding::gif(&[&paint()?, &exposure::dark(&paint()?)]),
        Fault::Heic => Ok(encoding::heic()),
        Fault::TruncatedJpeg => Ok(encoding::truncated(save(&paint()?)?)),
        Fault::TextFile => Ok(encoding::text()),
    }
}

#[cfg(test)]
mod tests;
