//! The small upright picture on which faces are found and most things are measured.

use image::{DynamicImage, RgbImage};

use crate::Refusal;
use crate::faces::{FaceFinder, Faces};
use crate::rect::{Rect, whole};
use crate::resize::{on_white, resize};
use crate::turn::Turn;

/// Pixels of the small picture: 160 × 224 for a portrait of 5:7. Its cost does not depend on the photo's size.
const PIXELS: f64 = 160.0 * 224.0;

/// The photo, small, upright, on white.
pub(crate) struct Scene {
    pub(crate) picture: RgbImage,
    pub(crate) luma: Vec<u8>,
    /// Pixels of the source for one of the small picture.
    pub(crate) scale: f64,
    /// How the source has to be turned: as the camera noted, and then as the face shows.
    pub(crate) turn: Turn,
    /// The quarters that only the face showed.
    pub(crate) quarters: u8,
    pub(crate) faces: Faces,
}

impl Scene {
    /// Scales the source down and turns it.
    pub(crate) fn of(source: &DynamicImage, turn: Turn) -> Result<Scene, Refusal> {
        let (width, height) = (source.width(), source.height());
        let scale = (f64::from(width) * f64::from(height) / PIXELS).sqrt();
        let side = |pixels: u32| whole(f64::from(pixels) / scale).max(1);
        let all = Rect { left: 0.0, top: 0.0, width: f64::from(width), height: f64::from(height) };
        let small = resize(source, all, (side(width), side(height)))?;
        let picture = on_white(turn.apply(small));
        let luma = luma_of(&picture);
        Ok(Scene { picture, luma, scale, turn, quarters: 0, faces: Faces::default() })
    }

    /// Looks for faces; where there is none, also in the picture turned.
    pub(crate) fn look(&mut self, finder: &mut FaceFinder) {
        self.faces = finder.find(&self.luma, self.picture.width(), self.picture.height());
        if !self.faces.0.is_empty() {
            return;
        }
        for quarters in [1, 3, 2] {
            let turned = on_white(Turn::default().then(quarters).apply(DynamicImage::ImageRgb8(self.picture.clone())));
            let luma = luma_of(&turned);
            let faces = finder.find(&luma, turned.width(), turned.height());
            if !faces.0.is_empty() {
                let turn = self.turn.then(quarters);
                *self = Scene { picture: turned, luma, scale: self.scale, turn, quarters, faces };
                return;
            }
        }
    }

    pub(crate) fn width(&self) -> u32 {
        self.picture.width()
    }

    pub(crate) fn height(&self) -> u32 {
        self.picture.height()
    }

    /// Colour of a pixel as numbers.
    pub(crate) fn colour(&self, x: u32, y: u32) -> [f32; 3] {
        self.picture.get_pixel(x, y).0.map(f32::from)
    }

    /// Brightness of a pixel.
    pub(crate) fn brightness(&self, x: u32, y: u32) -> f32 {
        f32::from(self.luma[(y * self.width() + x) as usize])
    }
}

/// Brightness with the weights of Rec. 601.
pub(crate) fn luma_of(picture: &RgbImage) -> Vec<u8> {
    picture
        .pixels()
        .map(|pixel| {
            let [red, green, blue] = pixel.0.map(u32::from);
            u8::try_from((299 * red + 587 * green + 114 * blue) / 1000).unwrap_or(u8::MAX)
        })
        .collect()
}
