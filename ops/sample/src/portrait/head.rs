//! Neck, ears and the face without its features.

use super::canvas::{Canvas, Fill, Ink, Outline};
use super::sitter::Sitter;
use super::{CENTRE, EYES, SKULL};

/// The outline of the face from the crown of the skull to the chin.
pub(crate) fn face(sitter: &Sitter) -> Outline {
    let (cheek, jaw, chin) = (sitter.cheek, sitter.jaw, sitter.chin);
    Outline::from((CENTRE, SKULL))
        .curve((CENTRE + cheek * 0.62, SKULL), (CENTRE + cheek * 0.99, SKULL + 42.0), (CENTRE + cheek * 0.99, EYES - 8.0))
        .curve((CENTRE + cheek * 1.02, EYES + 22.0), (CENTRE + jaw * 1.075, chin - 70.0), (CENTRE + jaw, chin - 47.0))
        .curve(
            (CENTRE + jaw * 0.92, chin - 23.0),
            (CENTRE + sitter.chin_width * 1.25, chin - 6.0),
            (CENTRE + sitter.chin_width * 0.7, chin - 1.5),
        )
        .curve((CENTRE + sitter.chin_width * 0.45, chin + 1.2), (CENTRE + sitter.chin_width * 0.2, chin + 1.5), (CENTRE, chin + 1.5))
        .mirrored(CENTRE)
}

/// Half the width of the neck.
fn neck_half(sitter: &Sitter) -> f32 {
    if sitter.is_woman { 31.0 } else { sitter.jaw * 0.68 }
}

/// The skin of neck and throat.
pub(crate) fn neck_fill(sitter: &Sitter) -> Fill {
    let (half, base) = (neck_half(sitter), sitter.skin.darker(0.07));
    Fill::Along((CENTRE - half, 0.0), base, (CENTRE + half, 0.0), base.darker(0.10))
}

/// Draws the neck, with the shadow of the chin on it.
pub(crate) fn neck(canvas: &mut Canvas, sitter: &Sitter) {
    let half = neck_half(sitter);
    let neck = Outline::from((CENTRE + half, 238.0))
        .curve((CENTRE + half, 290.0), (CENTRE + half - 1.0, 306.0), (CENTRE + half + 16.0, 328.0))
        .curve((CENTRE + 40.0, 362.0), (CENTRE + 20.0, 396.0), (CENTRE, 396.0))
        .mirrored(CENTRE);
    canvas.fill(&neck, neck_fill(sitter));
    canvas.within(&neck, |canvas| {
        let shade = shadow(sitter.skin);
        canvas.fill(
            &face(sitter).moved(3.0, 43.0),
            Fill::Along((0.0, sitter.chin + 18.0), shade.with_alpha(0.55), (0.0, sitter.chin + 46.0), shade.with_alpha(0.22)),
        );
        let collarbone =
            |side: f32| Outline::from((CENTRE + side * 8.0, 345.0)).bend((CENTRE + side * 24.0, 340.0), (CENTRE + side * 44.0, 336.0));
        for side in [-1.0, 1.0] {
            canvas.stroke(&collarbone(side), 2.4, shade.with_alpha(0.16));
        }
    });
}

/// Draws both ears.
pub(crate) fn ears(canvas: &mut Canvas, sitter: &Sitter) {
    let ear = Outline::from((CENTRE + sitter.cheek * 0.95, EYES - 9.0))
        .curve(
            (CENTRE + sitter.cheek + 13.0, EYES - 20.0),
            (CENTRE + sitter.cheek + 14.0, EYES + 8.0),
            (CENTRE + sitter.cheek + 7.0, EYES + 24.0),
        )
        .curve(
            (CENTRE + sitter.cheek + 3.0, EYES + 35.0),
            (CENTRE + sitter.cheek - 3.0, EYES + 33.0),
            (CENTRE + sitter.cheek * 0.94, EYES + 24.0),
        );
    let fold = Outline::from((CENTRE + sitter.cheek + 1.0, EYES - 4.0)).curve(
        (CENTRE + sitter.cheek + 9.0, EYES - 8.0),
        (CENTRE + sitter.cheek + 9.0, EYES + 8.0),
        (CENTRE + sitter.cheek + 3.0, EYES + 20.0),
    );
    for (ear, fold, dark) in [(ear.flipped(CENTRE), fold.flipped(CENTRE), 0.02), (ear, fold, 0.08)] {
        canvas.fill(&ear, sitter.skin.mixed(Ink::new(0xD8806A), 0.12).darker(dark));
        canvas.stroke(&fold, 2.4, shadow(sitter.skin).with_alpha(0.35));
    }
}

/// Draws the face with its soft light and shadow; `below_hair` is the outline of the hair, whose shadow falls on the forehead.
pub(crate) fn skin(canvas: &mut Canvas, sitter: &Sitter, below_hair: &Outline) {
    let face = face(sitter);
    canvas.fill(&face, sitter.skin);
    canvas.within(&face, |canvas| {
        let (shade, cheek) = (shadow(sitter.skin), sitter.cheek);
        canvas.shade((CENTRE + 6.0, 0.0), (CENTRE + cheek, 0.0), shade.with_alpha(0.36));
        canvas.shade((CENTRE - 34.0, 0.0), (CENTRE - cheek, 0.0), shade.with_alpha(0.22));
        canvas.shade((0.0, sitter.chin - 30.0), (0.0, sitter.chin + 3.0), shade.with_alpha(0.30));
        bones(canvas, sitter);
        if !sitter.is_woman {
            let beard = Ink::new(0x4A4C55);
            canvas.shade((0.0, sitter.chin - 52.0), (0.0, sitter.chin - 14.0), beard.with_alpha(0.09));
            canvas.glow((CENTRE, sitter.nose_tip + 14.0), (30.0, 13.0), beard.with_alpha(0.10));
        }
        for (down, alpha) in [(10.0, 0.10), (6.0, 0.12), (3.0, 0.16)] {
            canvas.fill(&below_hair.moved(0.0, down), shade.with_alpha(alpha));
        }
    });
}

/// Light on forehead, cheekbones and chin, shadow at the temples and below the cheekbones.
fn bones(canvas: &mut Canvas, sitter: &Sitter) {
    let (shade, light, cheek) = (shadow(sitter.skin), light(sitter.skin), sitter.cheek);
    canvas.glow((CENTRE - 12.0, EYES - 44.0), (54.0, 34.0), light.with_alpha(0.46));
    for (side, lit) in [(-1.0, 0.40), (1.0, 0.20)] {
        let at = |share: f32, down: f32| (CENTRE + side * cheek * share, EYES + down);
        canvas.glow(at(0.98, -26.0), (22.0, 36.0), shade.with_alpha(0.26));
        canvas.glow(at(0.88, 62.0), (26.0, 40.0), shade.with_alpha(0.28));
        let blush = Ink::new(0xE06A5C).with_alpha(if sitter.is_woman { 0.26 } else { 0.16 });
        canvas.glow(at(0.58, 38.0), (30.0, 24.0), blush);
        canvas.glow(at(0.54, 23.0), (23.0, 13.0), light.with_alpha(lit));
    }
    canvas.glow((CENTRE - 1.0, sitter.chin - 14.0), (16.0, 10.0), light.with_alpha(0.32));
}

/// The colour of light on this skin.
pub(crate) fn light(skin: Ink) -> Ink {
    skin.lighter(0.75)
}

/// The colour of a shadow on this skin.
pub(crate) fn shadow(skin: Ink) -> Ink {
    skin.mixed(Ink::new(0x8A422C), 0.62).darker(0.12)
}
