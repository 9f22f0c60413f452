//! Eyebrows.

use crate::portrait::canvas::{Canvas, Fill, Outline};
use crate::portrait::sitter::Sitter;
use crate::portrait::{CENTRE, EYES};

/// Where the single hairs stand, from the inner end (−1) to the outer one (1).
const HAIRS: [f32; 7] = [-0.86, -0.6, -0.34, -0.06, 0.22, 0.5, 0.76];

pub(super) fn draw(canvas: &mut Canvas, sitter: &Sitter, side: f32) {
    let (x, w, weight) = (CENTRE + side * sitter.eye_apart, sitter.eye_width * 1.32, sitter.brow_weight);
    let y = EYES - 17.5 - sitter.eye_height * 0.35;
    let (inner, outer) = ((x - side * w * 0.92, y + 2.4), (x + side * w * 1.02, y + 1.4));
    let peak = y - sitter.brow_arch;
    let brow = Outline::from((inner.0, inner.1 - weight * 0.5))
        .curve((x - side * w * 0.35, peak - weight * 0.4), (x + side * w * 0.35, peak - weight * 0.5), outer)
        .curve((x + side * w * 0.40, peak + weight * 0.62), (x - side * w * 0.35, peak + weight * 0.75), (inner.0, inner.1 + weight * 0.5))
        .bend((inner.0 - side * 1.6, inner.1), (inner.0, inner.1 - weight * 0.5));
    let ink = sitter.hair_ink.mixed(sitter.skin, 0.08);
    canvas.glow((x, y - sitter.brow_arch * 0.4 + 1.0), (w * 1.1, weight * 1.5 + 2.0), ink.with_alpha(0.22));
    canvas.fill(&brow, Fill::Along(inner, ink.with_alpha(0.52), outer, ink.with_alpha(0.84)));
    for share in HAIRS {
        let root = (x + side * w * share, y + 1.6 - sitter.brow_arch * 0.75 * (1.0 - share * share) + weight * 0.42);
        let tip = (root.0 + side * (2.2 + share.abs() * 3.0), root.1 - weight * (0.95 - share.max(0.0) * 0.5));
        canvas.stroke(&Outline::from(root).bend((root.0 + side * 0.4, root.1 - weight * 0.5), tip), 0.9, ink.darker(0.4).with_alpha(0.42));
    }
}
