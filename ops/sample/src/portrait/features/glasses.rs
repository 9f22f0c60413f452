//! Glasses.

use super::SIDES;
use crate::portrait::canvas::{Canvas, Ink, Outline};
use crate::portrait::sitter::Sitter;
use crate::portrait::{CENTRE, EYES};

/// Draws glasses where somebody wears them.
pub(crate) fn draw(canvas: &mut Canvas, sitter: &Sitter) {
    let Some(frame) = sitter.glasses else { return };
    let (w, h) = (sitter.eye_width + 8.5, 17.5);
    for side in SIDES {
        let x = CENTRE + side * (sitter.eye_apart + 0.6);
        let (top, bottom) = (EYES - h + 2.0, EYES + h + 2.0);
        let lens = Outline::from((x, top))
            .curve((x + w * 0.75, top), (x + w, top + 3.0), (x + w, EYES - 1.0))
            .curve((x + w, bottom - 6.0), (x + w * 0.62, bottom), (x, bottom))
            .mirrored(x);
        canvas.fill(&lens, Ink::new(0xE8F1FA).with_alpha(0.10));
        canvas.within(&lens, |canvas| {
            let glare = Outline::from((x - 4.0, top)).line((x + 6.0, top)).line((x - 10.0, bottom)).line((x - 20.0, bottom));
            canvas.fill(&glare, Ink::new(0xFFFFFF).with_alpha(0.13));
        });
        canvas.stroke(&lens.line((x, top)), 2.5, frame);
        let arm = Outline::from((x + side * w, EYES - 5.0)).line((CENTRE + side * (sitter.cheek + 1.0), EYES - 8.0));
        canvas.stroke(&arm, 2.8, frame);
    }
    let gap = sitter.eye_apart - w;
    let bridge = Outline::from((CENTRE - gap, EYES - 4.0)).bend((CENTRE, EYES - 10.0), (CENTRE + gap, EYES - 4.0));
    canvas.stroke(&bridge, 2.5, frame);
}
