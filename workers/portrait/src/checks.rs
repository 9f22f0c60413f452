//! The automatic checks: each measures one thing about the picture and says so when a threshold is crossed.

use image::RgbImage;

use crate::decode::Picture;
use crate::{FindingCode, Limits, PhotoFinding};

/// What the source says before any pixel is judged.
pub(crate) fn of_source(picture: &Picture, limits: &Limits) -> Vec<PhotoFinding> {
    let mut found = Vec::new();
    let (width, height) = picture.upright_size();
    let size = format!("{width} × {height} px");
    if !limits.admits_aspect(width, height) {
        let (own, min, max) = (decimals(width, height), limits.min_aspect, limits.max_aspect);
        let (min, max) = (decimals(min.width, min.height), decimals(max.width, max.height));
        found.push(PhotoFinding::new(FindingCode::AspectOff, format!("{size} = {own} ({min} … {max})")));
    }
    if picture.is_animated {
        found.push(PhotoFinding::new(FindingCode::Animated, "APNG".to_owned()));
    }
    if width < limits.low_resolution_width {
        found.push(PhotoFinding::new(FindingCode::LowResolution, format!("{size} (< {} px)", limits.low_resolution_width)));
    }
    if picture.orientation != image::metadata::Orientation::NoTransforms {
        found.push(PhotoFinding::new(FindingCode::Rotated, format!("EXIF {}", picture.orientation.to_exif())));
    }
    if picture.is_cmyk {
        found.push(PhotoFinding::new(FindingCode::Cmyk, "4 components".to_owned()));
    }
    if picture.image.color().has_alpha() {
        found.push(PhotoFinding::new(FindingCode::Transparent, format!("{:?}", picture.image.color())));
    }
    found
}

/// What the pixels of the normalised portrait say.
pub(crate) fn of_pixels(portrait: &RgbImage, limits: &Limits) -> Vec<PhotoFinding> {
    let mut found = Vec::new();
    let deviation = brightness_deviation(portrait);
    if deviation < limits.blank_deviation {
        found.push(PhotoFinding::new(FindingCode::Blank, format!("σ {deviation:.1} (< {:.1})", limits.blank_deviation)));
    } else {
        let chroma = mean_chroma(portrait);
        if chroma < limits.grey_chroma {
            found.push(PhotoFinding::new(FindingCode::Grey, format!("{chroma:.1} (< {:.1})", limits.grey_chroma)));
        }
    }
    found
}

/// A quotient with two decimals, cut off.
fn decimals(width: u32, height: u32) -> String {
    let hundredths = u64::from(width) * 100 / u64::from(height.max(1));
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// Standard deviation of brightness (Rec. 601 weights), 0 to 127.5.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "a portrait has a quarter of a million pixels, exact in f64"
)]
fn brightness_deviation(picture: &RgbImage) -> f32 {
    let (mut count, mut sum, mut squares) = (0_u64, 0_u64, 0_u64);
    for pixel in picture.pixels() {
        let [red, green, blue] = pixel.0.map(u64::from);
        let luma = (299 * red + 587 * green + 114 * blue) / 1000;
        count += 1;
        sum += luma;
        squares += luma * luma;
    }
    let mean = sum as f64 / count.max(1) as f64;
    let variance = squares as f64 / count.max(1) as f64 - mean * mean;
    variance.max(0.0).sqrt() as f32
}

/// Mean difference between the strongest and the weakest channel of a pixel, 0 to 255.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "a portrait has a quarter of a million pixels, exact in f64"
)]
fn mean_chroma(picture: &RgbImage) -> f32 {
    let (mut count, mut sum) = (0_u64, 0_u64);
    for pixel in picture.pixels() {
        let [red, green, blue] = pixel.0;
        count += 1;
        sum += u64::from(red.max(green).max(blue) - red.min(green).min(blue));
    }
    (sum as f64 / count.max(1) as f64) as f32
}
