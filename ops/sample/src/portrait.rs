//! Portraits drawn by the program: head and shoulders of people who do not exist, in the size of an identity photo (25 × 35 mm at
//! 300 dpi).

pub(crate) mod canvas;
mod clothes;
mod features;
mod hair;
mod head;
mod sitter;

use anyhow::Context;
use image::RgbImage;
use jpeg_encoder::{ColorType, Encoder, PixelDensity, PixelDensityUnit, SamplingFactor};

use canvas::Canvas;
#[cfg(test)]
pub(crate) use sitter::Hair;
pub(crate) use sitter::{Clothes, Sitter, Stance};

pub(crate) const WIDTH: u32 = 295;
pub(crate) const HEIGHT: u32 = 413;

/// The middle of the face, from the left.
pub(crate) const CENTRE: f32 = 147.5;
/// The line of the eyes, from the top.
const EYES: f32 = 170.0;
/// The top of the skull below the hair.
const SKULL: f32 = 62.0;
/// The lower edge of the board.
pub(crate) const BOTTOM: f32 = 413.0;

/// Paints somebody.
pub(crate) fn paint(sitter: &Sitter) -> anyhow::Result<RgbImage> {
    let mut canvas = Canvas::new(WIDTH, HEIGHT)?;
    let [light, dark] = sitter.ground;
    canvas.ground(light, dark);
    figure(&mut canvas, sitter);
    Ok(canvas.into_picture())
}

/// Draws somebody before whatever the board shows.
pub(crate) fn figure(canvas: &mut Canvas, sitter: &Sitter) {
    let Stance { size, right, down } = sitter.stance;
    canvas.scaled(size, (CENTRE, BOTTOM + 4.0), (right, down), |canvas| body_and_head(canvas, sitter));
}

fn body_and_head(canvas: &mut Canvas, sitter: &Sitter) {
    in_front(canvas, |canvas| hair::behind(canvas, sitter));
    canvas.scaled(1.0, (CENTRE, 0.0), (0.0, -20.0), |canvas| {
        head::neck(canvas, sitter);
        clothes::draw(canvas, sitter);
    });
    in_front(canvas, |canvas| {
        head::ears(canvas, sitter);
        head::skin(canvas, sitter, &hair::cap(sitter));
        features::draw(canvas, sitter);
        hair::on_head(canvas, sitter);
        features::glasses::draw(canvas, sitter);
    });
}

/// The head is drawn a little larger than the shoulders' measure, as identity photos are cut (GA 461).
fn in_front(canvas: &mut Canvas, draw: impl FnOnce(&mut Canvas)) {
    canvas.scaled(1.03, (CENTRE, 274.0), (0.0, -1.0), draw);
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
    encoder.set_density(PixelDensity { density: (300, 300), unit: PixelDensityUnit::Inches });
    let (width, height) = sides(picture)?;
    encoder.encode(picture.as_raw(), width, height, ColorType::Rgb).context("encode a portrait")?;
    Ok(bytes)
}

/// Width and height as JPEG counts them.
pub(crate) fn sides(picture: &RgbImage) -> anyhow::Result<(u16, u16)> {
    let side = |pixels: u32| u16::try_from(pixels).context("a picture of at most 65,535 pixels a side");
    Ok((side(picture.width())?, side(picture.height())?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Dice;
    use std::collections::HashSet;

    fn brightness(picture: &RgbImage, x: u32, y: u32) -> u32 {
        picture.get_pixel(x, y).0.iter().map(|&channel| u32::from(channel)).sum::<u32>() / 3
    }

    #[test]
    fn every_hair_and_garment_shows_a_face_under_dark_hair_on_a_light_ground() {
        for (place, hair) in Hair::ALL.into_iter().enumerate() {
            // Each hair meets two garments, each garment at least two hairs.
            for clothes in [Clothes::ALL[place % 8], Clothes::ALL[(place + 3) % 8]] {
                let mut sitter = Sitter::draw(place >= 5, &mut Dice::new(1, "hair", place));
                (sitter.hair, sitter.clothes, sitter.glasses, sitter.stance) = (hair, clothes, None, Stance::COMMON);
                let picture = paint(&sitter).unwrap();
                assert_eq!(picture.dimensions(), (WIDTH, HEIGHT));
                let [corner, crown, cheek] = [(8, 8), (147, 55), (120, 210)].map(|(x, y)| brightness(&picture, x, y));
                assert!(corner > 130 && cheek > 120, "{hair:?} {clothes:?}: ground {corner}, cheek {cheek}");
                assert!(crown + 40 < cheek, "{hair:?} {clothes:?}: hair {crown}, cheek {cheek}");
            }
        }
    }

    #[test]
    fn sixteen_people_have_sixteen_faces() {
        let faces: HashSet<Vec<u8>> =
            (0..16).map(|index| paint(&Sitter::draw(index % 2 == 0, &mut Dice::new(9, "face", index))).unwrap().into_raw()).collect();
        assert_eq!(faces.len(), 16);
    }

    #[test]
    fn the_faulty_pictures_are_square_or_one_colour() {
        let portrait = paint(&Sitter::draw(false, &mut Dice::new(1, "face", 0))).unwrap();
        assert_eq!(square(&portrait).dimensions(), (WIDTH, WIDTH));
        assert_eq!(blank().pixels().collect::<HashSet<_>>().len(), 1);
    }
}
