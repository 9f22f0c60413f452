//! Eyes, brows, nose, mouth, and what age and glasses add.

use super::canvas::{Canvas, Fill, Ink, Outline, fading};
use super::head::shadow;
use super::sitter::Sitter;
use super::{CENTRE, EYES};

const SIDES: [f32; 2] = [-1.0, 1.0];

/// Draws everything between forehead and chin.
pub(crate) fn draw(canvas: &mut Canvas, sitter: &Sitter) {
    nose(canvas, sitter);
    mouth(canvas, sitter);
    for side in SIDES {
        eye(canvas, sitter, side);
        brow(canvas, sitter, side);
    }
    lines_of_age(canvas, sitter);
}

fn eye(canvas: &mut Canvas, sitter: &Sitter, side: f32) {
    let (x, w, h) = (CENTRE + side * sitter.eye_apart, sitter.eye_width, sitter.eye_height);
    // The outer corner stands a little higher than the inner one.
    let inner = (x - side * w, EYES + 1.6);
    let outer = (x + side * w, EYES + 0.4 - sitter.eye_tilt);
    let upper_pull = [(x - side * w * 0.50, EYES - h * 1.28), (x + side * w * 0.52, EYES - h * 1.34 - sitter.eye_tilt * 0.5)];
    let upper = Outline::from(inner).curve(upper_pull[0], upper_pull[1], outer);
    let lower_pull = [(x + side * w * 0.50, EYES + h * 0.98), (x - side * w * 0.45, EYES + h * 1.0)];
    let opening = upper.clone().curve(lower_pull[0], lower_pull[1], inner);
    let shade = shadow(sitter.skin);

    canvas.fill(&Outline::oval((x, EYES - 1.0), w * 2.9, h * 4.6), fading((x, EYES - 1.0), w * 1.4, shade.with_alpha(0.22)));
    canvas.fill(&opening, Ink::new(0xFAF7F4));
    canvas.within(&opening, |canvas| {
        let (iris, radius) = ((x, EYES - 0.3), h.min(7.4) * 0.5 + 4.0);
        canvas.fill(&Outline::oval(iris, radius * 2.0, radius * 2.0), Fill::Around(iris, radius, Ink::new(0x5A3A26), Ink::new(0x261710)));
        canvas.fill(&Outline::oval(iris, radius * 0.95, radius * 0.95), Ink::new(0x0E0A0A));
        // The lid throws its shadow on the eye.
        canvas.stroke(&upper.moved(0.0, 1.6), 3.6, Ink::new(0x3A221A).with_alpha(0.30));
        canvas.fill(&Outline::oval((x - 2.6, EYES - 2.6), 3.4, 3.4), Ink::new(0xFFFFFF).with_alpha(0.92));
    });
    let lash = if sitter.is_woman { 2.9 } else { 2.1 };
    canvas.stroke(&upper, lash, Ink::new(0x2A1A16));
    if sitter.is_woman {
        let wing = Outline::from(outer).bend((outer.0 + side * 2.2, outer.1 - 0.8), (outer.0 + side * 4.4, outer.1 - 2.8));
        canvas.stroke(&wing, 1.7, Ink::new(0x2A1A16).with_alpha(0.85));
    }
    let lower = Outline::from(outer).curve(lower_pull[0], lower_pull[1], inner);
    canvas.stroke(&lower, 1.1, shade.darker(0.25).with_alpha(0.50));
    if sitter.has_crease {
        canvas.stroke(&upper.moved(side * 0.6, -3.6), 1.2, shade.darker(0.2).with_alpha(0.50));
    }
}

fn brow(canvas: &mut Canvas, sitter: &Sitter, side: f32) {
    let (x, w, weight) = (CENTRE + side * sitter.eye_apart, sitter.eye_width * 1.32, sitter.brow_weight);
    let y = EYES - 18.5 - sitter.eye_height * 0.35;
    let (inner, outer) = ((x - side * w * 0.92, y + 2.4), (x + side * w * 1.02, y + 1.4));
    let peak = y - sitter.brow_arch;
    let brow = Outline::from((inner.0, inner.1 - weight * 0.5))
        .curve((x - side * w * 0.35, peak - weight * 0.4), (x + side * w * 0.35, peak - weight * 0.5), outer)
        .curve((x + side * w * 0.40, peak + weight * 0.62), (x - side * w * 0.35, peak + weight * 0.75), (inner.0, inner.1 + weight * 0.5))
        .bend((inner.0 - side * 1.6, inner.1), (inner.0, inner.1 - weight * 0.5));
    let ink = sitter.hair_ink.mixed(sitter.skin, 0.10);
    canvas.fill(&brow, Fill::Along(inner, ink.with_alpha(0.74), outer, ink.with_alpha(0.96)));
}

fn nose(canvas: &mut Canvas, sitter: &Sitter) {
    let (tip, wing) = (sitter.nose_tip, sitter.nose_width);
    let shade = shadow(sitter.skin);
    let bridge = Outline::from((CENTRE + 7.0, EYES - 6.0))
        .curve((CENTRE + 4.0, EYES + 14.0), (CENTRE + 6.0, tip - 18.0), (CENTRE + wing * 0.86, tip - 5.0))
        .curve((CENTRE + wing * 0.6, tip - 2.0), (CENTRE + 5.0, tip - 8.0), (CENTRE + 3.0, tip - 18.0))
        .curve((CENTRE + 2.0, EYES + 18.0), (CENTRE + 3.0, EYES + 4.0), (CENTRE + 7.0, EYES - 6.0));
    canvas.fill(&bridge, Fill::Along((CENTRE + 2.0, EYES - 6.0), shade.with_alpha(0.10), (CENTRE + 6.0, tip), shade.with_alpha(0.34)));
    let ridge = Outline::oval((CENTRE - 2.5, (EYES + tip) / 2.0 - 4.0), 8.0, tip - EYES - 6.0);
    canvas.fill(&ridge, fading((CENTRE - 2.5, (EYES + tip) / 2.0 - 2.0), (tip - EYES) * 0.5, sitter.skin.lighter(0.7).with_alpha(0.40)));
    canvas.fill(
        &Outline::oval((CENTRE - 1.0, tip - 8.0), 17.0, 15.0),
        fading((CENTRE - 2.0, tip - 9.0), 8.5, sitter.skin.lighter(0.8).with_alpha(0.50)),
    );
    for side in SIDES {
        let wing_line = Outline::from((CENTRE + side * wing * 0.82, tip - 11.0)).curve(
            (CENTRE + side * wing * 1.22, tip - 9.0),
            (CENTRE + side * wing * 1.18, tip + 1.0),
            (CENTRE + side * wing * 0.78, tip + 0.6),
        );
        canvas.stroke(&wing_line, 1.9, shade.darker(0.12).with_alpha(0.55));
        let nostril = Outline::from((CENTRE + side * wing * 0.74, tip + 0.2))
            .bend((CENTRE + side * wing * 0.52, tip - 3.4), (CENTRE + side * wing * 0.24, tip + 0.8))
            .bend((CENTRE + side * wing * 0.5, tip + 2.0), (CENTRE + side * wing * 0.74, tip + 0.2));
        canvas.fill(&nostril, shade.darker(0.45).with_alpha(0.72));
    }
    let below = Outline::from((CENTRE - wing * 0.28, tip + 1.0)).bend((CENTRE, tip + 4.2), (CENTRE + wing * 0.28, tip + 1.0));
    canvas.stroke(&below, 1.7, shade.with_alpha(0.55));
}

fn mouth(canvas: &mut Canvas, sitter: &Sitter) {
    let y = sitter.nose_tip + (sitter.chin - sitter.nose_tip) * 0.40;
    let (w, lip, rise) = (sitter.mouth_width, sitter.lip_ink, sitter.smile);
    let full = if sitter.is_woman { 1.0 } else { 0.74 };
    let (left, right) = ((CENTRE - w, y - rise), (CENTRE + w, y - rise));
    let line = Outline::from(left).curve((CENTRE - w * 0.45, y + rise * 0.5 + 0.8), (CENTRE + w * 0.45, y + rise * 0.5 + 0.8), right);
    let upper = line
        .clone()
        .curve((CENTRE + w * 0.55, y - 4.6 * full - rise * 0.3), (CENTRE + w * 0.30, y - 7.4 * full), (CENTRE + w * 0.16, y - 6.6 * full))
        .bend((CENTRE, y - 4.4 * full), (CENTRE - w * 0.16, y - 6.6 * full))
        .curve((CENTRE - w * 0.30, y - 7.4 * full), (CENTRE - w * 0.55, y - 4.6 * full - rise * 0.3), left);
    let lower = line
        .clone()
        .curve((CENTRE + w * 0.60, y + 8.2 * full + rise * 0.4), (CENTRE + w * 0.28, y + 11.0 * full), (CENTRE, y + 11.0 * full))
        .curve((CENTRE - w * 0.28, y + 11.0 * full), (CENTRE - w * 0.60, y + 8.2 * full + rise * 0.4), left);
    let shade = shadow(sitter.skin);
    let under = (CENTRE, y + 16.5 * full + 3.0);
    canvas.fill(&Outline::oval(under, w * 1.5, 11.0), fading(under, w * 0.75, shade.with_alpha(0.20)));
    canvas.fill(&lower, Fill::Along((0.0, y), lip.darker(0.03), (0.0, y + 11.0), lip.lighter(0.14)));
    canvas.fill(&upper, lip.darker(0.14));
    canvas.fill(&Outline::oval((CENTRE - 2.0, y + 6.0 * full), w * 0.7, 4.2 * full), lip.lighter(0.6).with_alpha(0.34));
    canvas.stroke(&line, 1.7, lip.darker(0.58).with_alpha(0.88));
    for (corner, side) in [(left, -1.0), (right, 1.0)] {
        canvas.fill(
            &Outline::oval((corner.0 + side * 0.6, corner.1 + 0.2), 4.2, 4.2),
            fading(corner, 2.6, shade.darker(0.3).with_alpha(0.6)),
        );
    }
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

/// Draws glasses where somebody wears them.
pub(crate) fn glasses(canvas: &mut Canvas, sitter: &Sitter) {
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
