//! What compression has left: the quality that a JPEG tells itself, and blocks of 8 pixels in any picture that was one once.

use image::DynamicImage;

use crate::Measure;
use crate::decode::Picture;

/// Differences below this are noise; it keeps flat pictures from being all blocks.
const NOISE: f64 = 0.4;

/// Every so many rows are looked at.
const STRIDE: usize = 3;

pub(super) fn measure(picture: &Picture, values: &mut Vec<(Measure, f32)>) {
    if let Some(quality) = picture.quality {
        values.push((Measure::Quality, f32::from(quality)));
    }
    if let Some(blocks) = blocks(&picture.image) {
        values.push((Measure::Blocks, blocks));
    }
}

/// The mean step between neighbours at the edges of blocks, divided by that within them.
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a quotient of means over a picture's rows")]
fn blocks(image: &DynamicImage) -> Option<f32> {
    // Green carries most of the brightness and is the second of three or four samples.
    let (samples, step, first): (&[u8], usize, usize) = if let Some(colour) = image.as_rgb8() {
        (colour.as_raw(), 3, 1)
    } else if let Some(grey) = image.as_luma8() {
        (grey.as_raw(), 1, 0)
    } else {
        (image.as_rgba8()?.as_raw(), 4, 1)
    };
    let width = image.width() as usize;
    if width < 64 || image.height() < 64 {
        return None;
    }
    let (mut edges, mut within) = ([0_u64; 2], [0_u64; 2]);
    for row in samples.chunks_exact(width * step).step_by(STRIDE) {
        let green = |x: usize| row[x * step + first];
        for x in 1..width {
            let sums = if x % 8 == 0 { &mut edges } else { &mut within };
            sums[0] += u64::from(green(x).abs_diff(green(x - 1)));
            sums[1] += 1;
        }
    }
    let mean = |[sum, count]: [u64; 2]| sum as f64 / count.max(1) as f64 + NOISE;
    Some((mean(edges) / mean(within)) as f32)
}
