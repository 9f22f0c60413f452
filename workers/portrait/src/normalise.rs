//! The portrait of a photo: cut around the face, scaled, turned upright, in sRGB.

use image::RgbImage;

use crate::composition;
use crate::decode::Picture;
use crate::rect::Rect;
use crate::resize::{on_white, resize};
use crate::scene::Scene;
use crate::sitter::Sitter;
use crate::{Limits, Refusal};

/// The part of the upright photo that becomes the portrait, in pixels of the photo.
pub(crate) fn part(picture: &Picture, scene: &Scene, sitter: Option<&Sitter>, limits: &Limits) -> Rect {
    let (width, height) = scene.turn.size((picture.image.width(), picture.image.height()));
    let head = sitter.map(|sitter| sitter.head.scaled(scene.scale));
    composition::part(width, height, head.as_ref(), limits)
}

/// Cuts, scales and turns the photo; transparent parts are laid on white. The colours stay those of the source.
pub(crate) fn normalise(picture: &Picture, scene: &Scene, part: Rect, limits: &Limits) -> Result<RgbImage, Refusal> {
    let source = (picture.image.width(), picture.image.height());
    let [_, _, part_width, part_height] = part.pixels();
    let upright = target((part_width, part_height), limits);
    // Turning comes last: only the small result has to be turned.
    let (to_width, to_height) = scene.turn.size(upright);
    Ok(on_white(scene.turn.apply(resize(&picture.image, scene.turn.to_source(part, source), (to_width, to_height))?)))
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_stored_size_follows_the_part() {
        let limits = Limits::default();
        for (part, stored) in [
            ((295, 413), (295, 413)),
            ((413, 578), (413, 578)),
            ((1000, 1400), (413, 578)),
            ((75, 105), (113, 158)),
            ((150, 210), (225, 315)),
            ((250, 350), (295, 413)),
            ((57, 80), (86, 121)),
        ] {
            assert_eq!(target(part, &limits), stored, "stored size of {part:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]
        #[test]
        fn a_portrait_never_exceeds_its_bounds_nor_its_enlargement(width in 50_u32..8000) {
            let limits = Limits::default();
            let (out_width, out_height) = target((width, width * 7 / 5), &limits);
            prop_assert!(out_width <= limits.target_max_width && out_height <= limits.target_max_height);
            prop_assert!(f64::from(out_width) <= f64::from(width) * 1.5 + 0.5);
        }
    }
}
