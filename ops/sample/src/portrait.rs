//! Portraits drawn by the program: head and shoulders of people who do not exist, in the size of an identity photo (25 × 35 mm at
//! 300 dpi).

mod canvas;
mod clothes;
mod features;
mod hair;
mod head;
mod sitter;

use anyhow::Context;
use image::RgbImage;
use jpeg_encoder::{ColorType, Encoder, PixelDensity, PixelDensityUnit, SamplingFactor};

use canvas::Canvas;
pub(crate) use sitter::Sitter;

const WIDTH: u32 = 295;
const HEIGHT: u32 = 413;

/// The middle of the face, from the left.
const CENTRE: f32 = 147.5;
/// The line of the eyes, from the top.
const EYES: f32 = 170.0;
/// The top of the skull below the hair.
const SKULL: f32 = 62.0;
/// The lower edge of the board.
const BOTTOM: f32 = 413.0;

/// Paints somebody.
pub(crate) fn paint(sitter: &Sitter) -> anyhow::Result<RgbImage> {
    let mut canvas = Canvas::new(WIDTH, HEIGHT)?;
    let [light, dark] = sitter.ground;
    canvas.ground(light, dark);
    in_front(&mut canvas, |canvas| hair::behind(canvas, sitter));
    canvas.scaled(1.0, (CENTRE, 0.0), -14.0, |canvas| {
        head::neck(canvas, sitter);
        clothes::draw(canvas, sitter);
    });
    in_front(&mut canvas, |canvas| {
        head::ears(canvas, sitter);
        head::skin(canvas, sitter, &hair::cap(sitter));
        features::draw(canvas, sitter);
        hair::on_head(canvas, sitter);
        features::glasses(canvas, sitter);
    });
    Ok(canvas.into_picture())
}

/// The head is drawn a little larger than the shoulders' measure, as identity photos are cut (GA 461).
fn in_front(canvas: &mut Canvas, draw: impl FnOnce(&mut Canvas)) {
    canvas.scaled(1.1, (CENTRE, 274.0), 8.0, draw);
}

/// The middle of a portrait as a square: the wrong shape for an identity photo.
pub(crate) fn square(portrait: &RgbImage) -> RgbImage {
    image::imageops::crop_imm(portrait, 0, 30, WIDTH, WIDTH).to_image()
}

/// A picture of nothing.
pub(crate) fn blank() -> RgbImage {
    RgbImage::from_pixel(WIDTH, HEIGHT, image::Rgb([252, 252, 253]))
}

/// The picture as a photo studio saves it.
pub(crate) fn jpeg(picture: &RgbImage) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(24 * 1024);
    let mut encoder = Encoder::new(&mut bytes, 90);
    encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
    encoder.set_density(PixelDensity {
        density: (300, 300),
        unit: PixelDensityUnit::Inches,
    });
    let side =
        |pixels: u32| u16::try_from(pixels).context("a picture of at most 65,535 pixels a side");
    let (width, height) = (side(picture.width())?, side(picture.height())?);
    encoder
        .encode(picture.as_raw(), width, height, ColorType::Rgb)
        .context("encode a portrait")?;
    Ok(bytes)
}
