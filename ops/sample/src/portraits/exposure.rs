//! What goes wrong while a picture is taken: focus and light.

use image::{RgbImage, imageops};

/// Changes the brightness of every sample; `light` is given the column as a share of the width, and the sample from 0 to 255.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "places in a small picture, and samples kept between 0 and 255"
)]
fn relit(picture: &RgbImage, light: impl Fn(f32, f32) -> f32) -> RgbImage {
    let width = picture.width() as f32;
    let mut relit = picture.clone();
    for (column, _, pixel) in relit.enumerate_pixels_mut() {
        pixel.0 = pixel.0.map(|sample| light(column as f32 / width, f32::from(sample)).round().clamp(0.0, 255.0) as u8);
    }
    relit
}

/// Out of focus by so many pixels (the deviation of a normal distribution).
pub(super) fn blurred(picture: &RgbImage, pixels: f32) -> RgbImage {
    imageops::blur(picture, pixels)
}

pub(super) fn dark(picture: &RgbImage) -> RgbImage {
    relit(picture, |_, sample| sample * 0.20)
}

pub(super) fn overexposed(picture: &RgbImage) -> RgbImage {
    relit(picture, |_, sample| sample * 1.45 + 42.0)
}

/// The right side lies in shadow.
pub(super) fn uneven(picture: &RgbImage) -> RgbImage {
    relit(picture, |column, sample| {
        let way = ((column - 0.38) / 0.24).clamp(0.0, 1.0);
        sample * (1.04 - 0.64 * way * way * (3.0 - 2.0 * way))
    })
}

/// Without colours.
pub(super) fn grey(picture: &RgbImage) -> RgbImage {
    image::DynamicImage::ImageLuma8(imageops::grayscale(picture)).into_rgb8()
}
