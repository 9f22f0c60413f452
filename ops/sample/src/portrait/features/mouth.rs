//! The mouth, closed as identity photos ask, with a hint of a smile.

use super::SIDES;
use crate::portrait::CENTRE;
use crate::portrait::canvas::{Canvas, Fill, Outline};
use crate::portrait::head::{light, shadow};
use crate::portrait::sitter::Sitter;

pub(super) fn draw(canvas: &mut Canvas, sitter: &Sitter) {
    let y = sitter.nose_tip + (sitter.chin - sitter.nose_tip) * 0.39;
    let (w, lip, rise) = (sitter.mouth_width, sitter.lip_ink, sitter.smile);
    let full = if sitter.is_woman { 1.0 } else { 0.80 };
    let (left, right) = ((CENTRE - w, y - rise), (CENTRE + w, y - rise));
    let line = Outline::from(left).curve((CENTRE - w * 0.62, y + 0.4), (CENTRE - w * 0.30, y + 0.6), (CENTRE, y + 1.2)).curve(
        (CENTRE + w * 0.30, y + 0.6),
        (CENTRE + w * 0.62, y + 0.4),
        right,
    );
    let upper = line
        .clone()
        .curve((CENTRE + w * 0.62, y - 2.6 * full - rise * 0.5), (CENTRE + w * 0.34, y - 6.8 * full), (CENTRE + w * 0.15, y - 6.4 * full))
        .bend((CENTRE, y - 4.6 * full), (CENTRE - w * 0.15, y - 6.4 * full))
        .curve((CENTRE - w * 0.34, y - 6.8 * full), (CENTRE - w * 0.62, y - 2.6 * full - rise * 0.5), left);
    let lower = line
        .clone()
        .curve((CENTRE + w * 0.66, y + 5.6 * full), (CENTRE + w * 0.36, y + 10.4 * full), (CENTRE, y + 10.4 * full))
        .curve((CENTRE - w * 0.36, y + 10.4 * full), (CENTRE - w * 0.66, y + 5.6 * full), left);
    let (shade, light) = (shadow(sitter.skin), light(sitter.skin));

    canvas.glow((CENTRE, y + 15.0 * full + 2.0), (w * 0.85, 7.5), shade.with_alpha(0.40));
    canvas.glow((CENTRE, y), (w * 1.25, 17.0), shade.with_alpha(0.12));
    canvas.fill(&lower, Fill::Along((0.0, y), lip.darker(0.10), (0.0, y + 10.0 * full), lip.mixed(sitter.skin, 0.34)));
    canvas.fill(&upper, Fill::Along((0.0, y - 7.0 * full), lip.mixed(sitter.skin, 0.30), (0.0, y), lip.darker(0.20)));
    canvas.glow((CENTRE - 2.0, y + 6.2 * full), (w * 0.45, 3.2 * full), light.with_alpha(0.42));
    canvas.stroke(&line, 1.5, lip.darker(0.62).with_alpha(0.80));
    for (corner, side) in [left, right].into_iter().zip(SIDES) {
        canvas.glow((corner.0 + side * 1.4, corner.1 + 0.4), (4.4, 3.6), shade.darker(0.2).with_alpha(0.42));
    }
    philtrum(canvas, sitter, y - 6.0 * full);
}

/// The groove from the nose to the lip.
fn philtrum(canvas: &mut Canvas, sitter: &Sitter, lip: f32) {
    let (middle, half) = ((sitter.nose_tip + 3.0 + lip) / 2.0, (lip - sitter.nose_tip - 2.0) / 2.0 + 2.0);
    canvas.glow((CENTRE + 0.5, middle), (3.4, half), shadow(sitter.skin).with_alpha(0.26));
    for side in SIDES {
        canvas.glow((CENTRE + side * 4.4, middle + 1.0), (2.6, half), light(sitter.skin).with_alpha(0.22));
    }
}
