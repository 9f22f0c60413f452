//! Several portraits in one picture, to be judged by eye.

use image::{RgbImage, imageops};

use crate::dice::Dice;
use crate::portrait::{Sitter, paint};

/// So many rows and columns of portraits, about half of them women.
///
/// # Errors
///
/// When no picture of that size can be made.
pub fn contact_sheet(columns: u32, rows: u32, seed: u64) -> anyhow::Result<RgbImage> {
    let mut sheet: Option<RgbImage> = None;
    for place in 0..columns * rows {
        let sitter = Sitter::draw(place % 2 == 1, &mut Dice::new(seed, "contact sheet", usize::try_from(place)?));
        let portrait = paint(&sitter)?;
        let (width, height) = (portrait.width() + 10, portrait.height() + 10);
        let sheet =
            sheet.get_or_insert_with(|| RgbImage::from_pixel(width * columns + 10, height * rows + 10, image::Rgb([120, 126, 134])));
        let (left, top) = (place % columns * width + 10, place / columns * height + 10);
        imageops::replace(sheet, &portrait, i64::from(left), i64::from(top));
    }
    Ok(sheet.unwrap_or_default())
}
