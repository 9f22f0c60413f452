//! The nose: light on its bridge and tip, shadow beside and below.

use super::SIDES;
use crate::portrait::canvas::{Canvas, Outline};
use crate::portrait::head::{light, shadow};
use crate::portrait::sitter::Sitter;
use crate::portrait::{CENTRE, EYES};

pub(super) fn draw(canvas: &mut Canvas, sitter: &Sitter) {
    let (tip, wing) = (sitter.nose_tip, sitter.nose_width);
    let (shade, light) = (shadow(sitter.skin), light(sitter.skin));
    let (middle, half) = ((EYES + tip) / 2.0, (tip - EYES) / 2.0);
    for (side, strength) in SIDES.into_iter().zip([0.20, 0.36]) {
        canvas.glow((CENTRE + side * wing * 0.66, middle - 4.0), (wing * 0.52, half * 1.25), shade.with_alpha(strength));
        canvas.glow((CENTRE + side * wing * 1.16, tip - 4.0), (7.5, 11.0), shade.with_alpha(strength * 0.9));
    }
    canvas.glow((CENTRE - 0.8, middle - 3.0), (5.0, half * 1.15), light.with_alpha(0.46));
    canvas.glow((CENTRE + 2.0, tip + 3.5), (wing * 1.25, 8.0), shade.darker(0.1).with_alpha(0.40));
    canvas.glow((CENTRE - 1.5, tip - 8.5), (9.0, 8.0), light.with_alpha(0.50));
    for side in SIDES {
        let wing_line = Outline::from((CENTRE + side * wing * 0.88, tip - 10.0)).curve(
            (CENTRE + side * wing * 1.20, tip - 8.0),
            (CENTRE + side * wing * 1.16, tip + 0.6),
            (CENTRE + side * wing * 0.78, tip + 0.4),
        );
        canvas.stroke(&wing_line, 1.6, shade.darker(0.12).with_alpha(0.36));
        let nostril = Outline::from((CENTRE + side * wing * 0.74, tip + 0.2))
            .bend((CENTRE + side * wing * 0.52, tip - 3.2), (CENTRE + side * wing * 0.24, tip + 0.8))
            .bend((CENTRE + side * wing * 0.5, tip + 1.8), (CENTRE + side * wing * 0.74, tip + 0.2));
        canvas.fill(&nostril, shade.darker(0.5).with_alpha(0.74));
    }
    let below = Outline::from((CENTRE - wing * 0.28, tip + 1.0)).bend((CENTRE, tip + 4.2), (CENTRE + wing * 0.28, tip + 1.0));
    canvas.stroke(&below, 1.5, shade.with_alpha(0.40));
}
