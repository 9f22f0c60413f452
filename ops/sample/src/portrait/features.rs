//! Eyes, brows, nose, mouth, and what age and glasses add.

mod brow;
mod eye;
pub(super) mod glasses;
mod mouth;
mod nose;

use super::canvas::{Canvas, Outline};
use super::head::shadow;
use super::sitter::Sitter;
use super::{CENTRE, EYES};

/// The light side, then the side away from the light.
const SIDES: [f32; 2] = [-1.0, 1.0];

/// Draws everything between forehead and chin.
pub(crate) fn draw(canvas: &mut Canvas, sitter: &Sitter) {
    nose::draw(canvas, sitter);
    mouth::draw(canvas, sitter);
    for side in SIDES {
        eye::draw(canvas, sitter, side);
        brow::draw(canvas, sitter, side);
    }
    lines_of_age(canvas, sitter);
}

/// Folds beside the mouth and under the eyes, stronger with the years.
fn lines_of_age(canvas: &mut Canvas, sitter: &Sitter) {
    let shade = shadow(sitter.skin);
    let alpha = 0.05 + sitter.age * if sitter.is_woman { 0.16 } else { 0.26 };
    for side in SIDES {
        let fold = Outline::from((CENTRE + side * sitter.nose_width * 1.32, sitter.nose_tip - 2.0)).curve(
            (CENTRE + side * 26.0, sitter.nose_tip + 6.0),
            (CENTRE + side * 32.0, sitter.nose_tip + 12.0),
            (CENTRE + side * (sitter.mouth_width + 8.0), sitter.nose_tip + 22.0),
        );
        canvas.stroke(&fold, 2.2, shade.with_alpha(alpha));
        let x = CENTRE + side * sitter.eye_apart;
        let bag = Outline::from((x - side * 14.0, EYES + 11.0)).bend((x, EYES + 18.0), (x + side * 13.0, EYES + 10.5));
        canvas.stroke(&bag, 1.7, shade.with_alpha(alpha * 0.9));
    }
    if sitter.age > 0.6 {
        for (y, half) in [(EYES - 46.0, 25.0), (EYES - 55.0, 20.0)] {
            let line = Outline::from((CENTRE - half, y)).bend((CENTRE, y - 3.0), (CENTRE + half, y));
            canvas.stroke(&line, 1.3, shade.with_alpha((sitter.age - 0.5) * 0.42));
        }
    }
}
