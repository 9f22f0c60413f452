//! Sharpness of the face: how much a picture loses when it is blurred once more.
//!
//! The measure of Crété, Dolmiere, Ladret and Nicolas, "The blur effect: perception and estimation with a new no-reference perceptual blur
//! metric" (SPIE 6492, 2007): a sharp picture loses most of the differences between neighbours, a blurred one few.

use crate::decode::Picture;
use crate::head::Head;
use crate::rect::whole;
use crate::resize::{on_white, resize};
use crate::scene::{Scene, luma_of};

/// Width in pixels of the face when it is measured: what a print of 25 mm at 300 dpi shows. Smaller faces are measured as they are.
const WIDTH: f64 = 128.0;

/// Reach of the second blurring to each side, in pixels.
const REACH: usize = 4;

/// Blur of the face from 0 to 100; none where its part of the picture is too small to tell.
pub(super) fn blur(picture: &Picture, scene: &Scene, head: &Head) -> Option<f32> {
    let size = (picture.image.width(), picture.image.height());
    let upright = scene.turn.size(size);
    let face = head.frame.scaled(scene.scale).within(upright.0, upright.1);
    let part = scene.turn.to_source(face, size).within(size.0, size.1);
    let shrink = (WIDTH / part.width.max(1.0)).min(1.0);
    let target = (whole(part.width * shrink), whole(part.height * shrink));
    if target.0.min(target.1) < 20 {
        return None;
    }
    let luma = luma_of(&on_white(resize(&picture.image, part, target).ok()?));
    let (width, height) = (target.0 as usize, target.1 as usize);
    let across = loss(luma.chunks_exact(width).map(<[u8]>::to_vec));
    let down = loss((0..width).map(|x| (0..height).map(|y| luma[y * width + x]).collect()));
    Some(100.0 * across.max(down))
}

/// The share of the differences between neighbours in a line that a second blurring leaves.
fn loss(lines: impl Iterator<Item = Vec<u8>>) -> f32 {
    let (mut all, mut lost) = (0.0, 0.0);
    for line in lines {
        let sharp: Vec<f32> = line.iter().map(|&sample| f32::from(sample)).collect();
        let soft: Vec<f32> = (0..sharp.len())
            .map(|at| crate::statistics::mean(&sharp[at.saturating_sub(REACH)..(at + REACH + 1).min(sharp.len())]))
            .collect();
        for (sharp, soft) in sharp.windows(2).zip(soft.windows(2)) {
            let (before, after) = ((sharp[1] - sharp[0]).abs(), (soft[1] - soft[0]).abs());
            all += before;
            lost += (before - after).max(0.0);
        }
    }
    if all > 0.0 { (all - lost) / all } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_steps_loses_most_and_a_slope_nothing() {
        let steps = (0..200_u32).map(|x| if x % 8 < 4 { 20 } else { 220 }).collect::<Vec<u8>>();
        let slope = (0..=200_u8).collect::<Vec<u8>>();
        let (sharp, soft) = (loss(std::iter::once(steps)), loss(std::iter::once(slope)));
        assert!(sharp < 0.3 && soft > 0.9, "{sharp} {soft}");
    }
}
