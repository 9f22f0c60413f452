//! What goes wrong after a picture is taken: cut, scaled and turned.

use image::RgbImage;
use image::imageops::{self, FilterType};

/// Scaled to this width and height, in pixels.
pub(super) fn scaled(picture: &RgbImage, width: u32, height: u32) -> RgbImage {
    let filter = if width > picture.width() { FilterType::Triangle } else { FilterType::CatmullRom };
    imageops::resize(picture, width, height, filter)
}

/// Pulled sideways: too wide for an identity photo, whatever is cut off.
pub(super) fn stretched(picture: &RgbImage) -> RgbImage {
    scaled(picture, picture.height() * 97 / 100, picture.height())
}

/// Turned by a quarter against the clock: what the EXIF orientation 6 puts right.
pub(super) fn turned(picture: &RgbImage) -> RgbImage {
    imageops::rotate270(picture)
}
