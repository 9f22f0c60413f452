//! Scaling, and laying transparent pictures on white.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::{DynamicImage, RgbImage};

use crate::Refusal;
use crate::rect::Rect;

/// Scales a part of the picture. Works on the samples as they are, so that no large copy is made.
pub(crate) fn resize(image: &DynamicImage, part: Rect, (to_width, to_height): (u32, u32)) -> Result<DynamicImage, Refusal> {
    let deep;
    let source = if let Some(source) = borrowed(image) {
        source
    } else {
        deep = DynamicImage::ImageRgba8(image.to_rgba8());
        borrowed(&deep).expect("RGBA with eight bits is one of the borrowed forms")
    };
    let options =
        ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3)).crop(part.left, part.top, part.width, part.height);
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

/// The picture in colour; transparent parts are laid on white.
pub(crate) fn on_white(image: DynamicImage) -> RgbImage {
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

    #[test]
    fn transparency_is_laid_on_white() {
        for (channel, alpha, mixed) in [(0, 0, 255), (0, 255, 0), (100, 255, 100), (0, 128, 127), (255, 13, 255)] {
            assert_eq!(over_white(channel, alpha), mixed);
        }
    }
}
