//! What a lens and a sensor do to a picture: edges a little soft, surfaces a little grainy.

use image::RgbImage;

/// Softens by an eighth of each neighbour to the left, right, above and below.
pub(super) fn soften(picture: &mut RgbImage) {
    let row = picture.width() as usize * 3;
    for line in picture.chunks_exact_mut(row.max(1)) {
        blend_along(line, 3);
    }
    let rows = picture.height() as usize;
    let mut above = picture.get(..row).map(<[u8]>::to_vec).unwrap_or_default();
    for at in 1..rows.saturating_sub(1) {
        let (upper, lower) = picture.split_at_mut((at + 1) * row);
        for ((sample, above), below) in upper[at * row..].iter_mut().zip(&mut above).zip(&lower[..row]) {
            let own = *sample;
            *sample = blend(*above, own, *below);
            *above = own;
        }
    }
}

/// The same within one line, whose neighbours are so many samples apart.
fn blend_along(line: &mut [u8], apart: usize) {
    let mut before: [u8; 3] = [line[0], line[1], line[2]];
    for at in apart..line.len().saturating_sub(apart) {
        let own = line[at];
        line[at] = blend(before[at % 3], own, line[at + apart]);
        before[at % 3] = own;
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a mean of samples is a sample")]
fn blend(before: u8, own: u8, after: u8) -> u8 {
    ((u32::from(before) + 6 * u32::from(own) + u32::from(after) + 4) / 8) as u8
}

/// Adds noise of one step of brightness, always the same.
pub(super) fn grain(picture: &mut RgbImage) {
    let mut state = 0x9E37_79B9_u32;
    for pixel in picture.chunks_exact_mut(3) {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        // Four coins: two steps darker to two steps lighter.
        let coins = u8::try_from((state >> 9 & 0xF).count_ones()).unwrap_or(2);
        for sample in pixel {
            *sample = sample.saturating_add(coins).saturating_sub(2);
        }
    }
}
