//! The stored form of a portrait: baseline JPEG within its size limit, the same bytes for the same pixels.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{PixelType, Resizer};
use image::RgbImage;
use jpeg_encoder::{ColorType, Encoder, EncodingError, PixelDensity, PixelDensityUnit, SamplingFactor};

use crate::{Limits, Refusal};

/// How much the quality falls from one attempt to the next.
const QUALITY_STEP: u8 = 5;

/// Encodes with the best quality that fits; where even the least does not, the picture is made a quarter smaller and tried again.
/// Returns the bytes with the size that they have.
pub(crate) fn encode(mut picture: RgbImage, limits: &Limits) -> Result<(Vec<u8>, u32, u32), Refusal> {
    loop {
        let mut quality = likely_quality(&picture, limits)?;
        loop {
            let jpeg = attempt(&picture, quality, limits.density_dpi).map_err(|error| refused(&error.to_string()))?;
            // A picture of a few pixels cannot be made smaller; its tables alone then exceed the limit.
            if jpeg.len() <= limits.max_output_bytes || picture.width() < 16 || picture.height() < 16 {
                return Ok((jpeg, picture.width(), picture.height()));
            }
            if quality < limits.least_quality.saturating_add(QUALITY_STEP) {
                break;
            }
            quality -= QUALITY_STEP;
        }
        picture = three_quarters(&picture)?;
    }
}

/// Bytes at the qualities 90, 85 and so on, in hundredths of those at 90; measured on portraits.
const SHRINKING: [usize; 6] = [100, 79, 67, 58, 52, 47];

/// The first of the qualities at which the picture probably fits, by every fourth band of it: a trial costs a quarter of an attempt.
fn likely_quality(picture: &RgbImage, limits: &Limits) -> Result<u8, Refusal> {
    const BAND: u32 = 16;
    const APART: u32 = 4;
    let bands = picture.height() / (BAND * APART);
    if bands < 4 {
        return Ok(limits.first_quality);
    }
    let stride = picture.width() as usize * 3 * BAND as usize;
    let rows: Vec<u8> =
        picture.as_raw().chunks_exact(stride).skip(1).step_by(APART as usize).take(bands as usize).flatten().copied().collect();
    let Some(trial) = RgbImage::from_raw(picture.width(), bands * BAND, rows) else { return Ok(limits.first_quality) };
    let trial = attempt(&trial, limits.first_quality, limits.density_dpi).map_err(|error| refused(&error.to_string()))?.len();
    let whole = trial * picture.height() as usize / (bands * BAND) as usize;
    let steps = SHRINKING.iter().position(|share| whole * share / 100 <= limits.max_output_bytes).unwrap_or(SHRINKING.len() - 1);
    let lower = u8::try_from(steps).unwrap_or(0).saturating_mul(QUALITY_STEP);
    Ok(limits.first_quality.saturating_sub(lower).max(limits.least_quality))
}

fn attempt(picture: &RgbImage, quality: u8, density_dpi: u16) -> Result<Vec<u8>, EncodingError> {
    let mut jpeg = Vec::with_capacity(40 * 1024);
    let mut encoder = Encoder::new(&mut jpeg, quality);
    encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
    // Optimised Huffman tables would save a tenth, but jpeg-encoder 0.7.1 loses the colours when they meet 4:2:0.
    encoder.set_density(PixelDensity { density: (density_dpi, density_dpi), unit: PixelDensityUnit::Inches });
    let side = |pixels: u32| u16::try_from(pixels).unwrap_or(u16::MAX);
    encoder.encode(picture.as_raw(), side(picture.width()), side(picture.height()), ColorType::Rgb)?;
    Ok(jpeg)
}

fn three_quarters(picture: &RgbImage) -> Result<RgbImage, Refusal> {
    let smaller = |pixels: u32| (pixels * 3 / 4).max(1);
    let (width, height) = (smaller(picture.width()), smaller(picture.height()));
    let source =
        ImageRef::new(picture.width(), picture.height(), picture.as_raw(), PixelType::U8x3).map_err(|error| refused(&error.to_string()))?;
    let mut out = Image::new(width, height, PixelType::U8x3);
    Resizer::new().resize(&source, &mut out, None).map_err(|error| refused(&error.to_string()))?;
    RgbImage::from_raw(width, height, out.into_vec()).ok_or_else(|| refused("scaling gave an odd size"))
}

fn refused(detail: &str) -> Refusal {
    Refusal::Unreadable { detail: detail.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jpeg_markers::walk;

    /// The hardest picture to compress: every sample differs from its neighbours.
    fn noise(width: u32, height: u32) -> RgbImage {
        let mut state = 1_u32;
        RgbImage::from_fn(width, height, |_, _| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            image::Rgb([state.to_be_bytes()[0], state.to_be_bytes()[1], state.to_be_bytes()[2]])
        })
    }

    #[test]
    fn the_stored_jpeg_is_baseline_with_three_components_and_notes_300_dpi() {
        let (jpeg, width, height) = encode(RgbImage::from_pixel(295, 413, image::Rgb([90, 120, 200])), &Limits::default()).unwrap();
        let frame = walk(&jpeg).frame.unwrap();
        assert_eq!((frame.width, frame.height, frame.components, frame.progressive), (width, height, 3, false));
        assert_eq!(&jpeg[6..11], b"JFIF\0");
        assert_eq!(&jpeg[13..18], [1, 0x01, 0x2C, 0x01, 0x2C], "unit inch, 300 across, 300 down");
    }

    #[test]
    fn even_noise_fits_the_size_limit() {
        let limits = Limits::default();
        let (jpeg, width, height) = encode(noise(413, 578), &limits).unwrap();
        assert!(jpeg.len() <= limits.max_output_bytes, "{} bytes", jpeg.len());
        assert!(width < 413 && height < 578, "made smaller: {width} × {height}");
    }

    #[test]
    fn a_limit_that_nothing_can_meet_still_ends() {
        let limits = Limits { max_output_bytes: 10, ..Limits::default() };
        assert!(encode(noise(413, 578), &limits).is_ok());
    }

    #[test]
    fn colours_survive_the_encoding() {
        let source = RgbImage::from_fn(100, 140, |x, _| image::Rgb(if x < 50 { [200, 40, 40] } else { [30, 60, 190] }));
        let (jpeg, ..) = encode(source.clone(), &Limits::default()).unwrap();
        let decoded = image::load_from_memory(&jpeg).unwrap().into_rgb8();
        for at in [(20, 20), (80, 120)] {
            let (before, after) = (source.get_pixel(at.0, at.1), decoded.get_pixel(at.0, at.1));
            assert!(before.0.iter().zip(after.0).all(|(a, b)| a.abs_diff(b) < 8), "{before:?} became {after:?}");
        }
    }

    #[test]
    fn equal_pixels_give_equal_bytes() {
        let limits = Limits::default();
        assert_eq!(encode(noise(100, 140), &limits), encode(noise(100, 140), &limits));
    }
}
