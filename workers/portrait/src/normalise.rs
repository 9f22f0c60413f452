//! Crops to the shape of the certificate's portrait, scales, turns upright, and converts to sRGB.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::{DynamicImage, RgbImage};

use crate::decode::{Picture, turns_sideways};
use crate::{Limits, Refusal};

/// Cuts, scales and turns the picture; transparent parts are laid on white. The colours stay those of the source.
pub(crate) fn normalise(picture: &Picture, limits: &Limits) -> Result<RgbImage, Refusal> {
    let (width, height) = picture.upright_size();
    let upright_crop = crop(width, height, limits);
    let upright_target = target(upright_crop, limits);
    // Cutting is symmetric, so it is done before turning: only the small result has to be turned.
    let swap = |(a, b): (u32, u32)| {
        if turns_sideways(picture.orientation) { (b, a) } else { (a, b) }
    };
    let mut small = resize(&picture.image, swap(upright_crop), swap(upright_target))?;
    small.apply_orientation(picture.orientation);
    Ok(on_white(small))
}

/// The largest centred part with the shape of the portrait.
fn crop(width: u32, height: u32, limits: &Limits) -> (u32, u32) {
    let aspect = limits.target_aspect;
    if aspect.compare(width, height).is_gt() {
        (scaled(height, aspect.width, aspect.height).clamp(1, width), height)
    } else {
        (width, scaled(width, aspect.height, aspect.width).clamp(1, height))
    }
}

/// The size of the stored portrait: never above the largest, never enlarged more than allowed, and only up to the print size.
fn target((width, height): (u32, u32), limits: &Limits) -> (u32, u32) {
    let out_width = if width < limits.print_width {
        scaled(width, limits.max_enlargement_percent.max(100), 100).min(limits.print_width)
    } else {
        width.min(limits.target_max_width)
    };
    let out_height = scaled(height, out_width, width);
    if out_height <= limits.target_max_height {
        (out_width.max(1), out_height.max(1))
    } else {
        (scaled(out_width, limits.target_max_height, out_height).max(1), limits.target_max_height)
    }
}

/// `value` × `numerator` / `denominator`, rounded to the nearest.
fn scaled(value: u32, numerator: u32, denominator: u32) -> u32 {
    let denominator = u64::from(denominator.max(1));
    let exact = (u64::from(value) * u64::from(numerator) + denominator / 2) / denominator;
    u32::try_from(exact).unwrap_or(u32::MAX)
}

/// Lanczos over the centred part. Works on the samples as they are, so that no large copy is made.
fn resize(image: &DynamicImage, (width, height): (u32, u32), (to_width, to_height): (u32, u32)) -> Result<DynamicImage, Refusal> {
    let deep;
    let source = if let Some(source) = borrowed(image) {
        source
    } else {
        deep = DynamicImage::ImageRgba8(image.to_rgba8());
        borrowed(&deep).expect("RGBA with eight bits is one of the borrowed forms")
    };
    let left = f64::from(image.width() - width) / 2.0;
    let top = f64::from(image.height() - height) / 2.0;
    let options =
        ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3)).crop(left, top, f64::from(width), f64::from(height));
    let mut out = Image::new(to_width, to_height, source.pixel_type());
    Resizer::new().resize(&source, &mut out, &options).map_err(|error| Refusal::Unreadable { detail: error.to_string() })?;
    owned(out).ok_or_else(|| Refusal::Unreadable { detail: "scaling gave an odd size".to_owned() })
}

fn borrowed(image: &DynamicImage) -> Option<ImageRef<'_>> {
    let (samples, kind): (&[u8], _) = if let Some(grey) = image.as_luma8() {
        (grey.as_raw(), PixelType::U8)
    } else if let Some(grey) = image.as_luma_alpha8() {
        (grey.as_raw(), PixelType::U8x2)
    } else if let Some(colour) = image.as_rgb8() {
        (colour.as_raw(), PixelType::U8x3)
    } else {
        (image.as_rgba8()?.as_raw(), PixelType::U8x4)
    };
    ImageRef::new(image.width(), image.height(), samples, kind).ok()
}

fn owned(out: Image<'_>) -> Option<DynamicImage> {
    let (width, height, kind) = (out.width(), out.height(), out.pixel_type());
    let samples = out.into_vec();
    if kind == PixelType::U8 {
        image::GrayImage::from_raw(width, height, samples).map(DynamicImage::ImageLuma8)
    } else if kind == PixelType::U8x2 {
        image::GrayAlphaImage::from_raw(width, height, samples).map(DynamicImage::ImageLumaA8)
    } else if kind == PixelType::U8x3 {
        RgbImage::from_raw(width, height, samples).map(DynamicImage::ImageRgb8)
    } else {
        image::RgbaImage::from_raw(width, height, samples).map(DynamicImage::ImageRgba8)
    }
}

fn on_white(image: DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.into_rgb8();
    }
    let rgba = image.into_rgba8();
    RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
        let [red, green, blue, alpha] = rgba.get_pixel(x, y).0;
        image::Rgb([red, green, blue].map(|channel| over_white(channel, alpha)))
    })
}

fn over_white(channel: u8, alpha: u8) -> u8 {
    let mixed = (u32::from(channel) * u32::from(alpha) + 255 * u32::from(255 - alpha) + 127) / 255;
    u8::try_from(mixed).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_centred_part_has_the_shape_and_size_of_a_portrait() {
        let limits = Limits::default();
        for (source, part, stored) in [
            ((295, 413), (295, 413), (295, 413)),
            ((413, 579), (413, 578), (413, 578)),
            ((358, 441), (315, 441), (315, 441)),
            ((413, 626), (413, 578), (413, 578)),
            ((1000, 1400), (1000, 1400), (413, 578)),
            ((3000, 4000), (2857, 4000), (413, 578)),
            ((75, 105), (75, 105), (113, 158)),
            ((150, 210), (150, 210), (225, 315)),
            ((250, 350), (250, 350), (295, 413)),
            ((4000, 80), (57, 80), (86, 121)),
        ] {
            assert_eq!(crop(source.0, source.1, &limits), part, "part of {source:?}");
            assert_eq!(target(part, &limits), stored, "stored size of {source:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]
        #[test]
        fn a_portrait_never_exceeds_its_bounds_nor_its_enlargement(width in 75_u32..8000, height in 105_u32..8000) {
            let limits = Limits::default();
            let part = crop(width, height, &limits);
            let (out_width, out_height) = target(part, &limits);
            prop_assert!(part.0 <= width && part.1 <= height);
            prop_assert!(out_width <= limits.target_max_width && out_height <= limits.target_max_height);
            prop_assert!(f64::from(out_width) <= f64::from(part.0) * 1.5 + 0.5);
            let aspect = f64::from(out_width) / f64::from(out_height);
            prop_assert!((aspect - 5.0 / 7.0).abs() < 0.02, "{out_width} × {out_height}");
        }
    }

    #[test]
    fn transparency_is_laid_on_white() {
        for (channel, alpha, mixed) in [(0, 0, 255), (0, 255, 0), (100, 255, 100), (0, 128, 127), (255, 13, 255)] {
            assert_eq!(over_white(channel, alpha), mixed);
        }
    }
}
