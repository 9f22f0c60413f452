//! Shoulders and what people wear for an identity photo.

use super::canvas::{Canvas, Fill, Ink, Outline};
use super::sitter::{Clothes, Sitter};
use super::{BOTTOM, CENTRE};

/// Draws shoulders, collar and whatever is worn below them.
pub(crate) fn draw(canvas: &mut Canvas, sitter: &Sitter) {
    let body = shoulders(sitter);
    canvas.fill(&body, cloth_fill(sitter.cloth));
    canvas.within(&body, |canvas| {
        for side in [-1.0, 1.0] {
            let sleeve =
                Outline::from((CENTRE + side * 104.0, BOTTOM + 30.0)).bend((CENTRE + side * 97.0, 392.0), (CENTRE + side * 101.0, 372.0));
            canvas.stroke(&sleeve, 2.0, sitter.cloth.darker(0.5).with_alpha(0.5));
        }
        canvas.glow((CENTRE - 92.0, 366.0), (48.0, 26.0), sitter.cloth.lighter(0.5).with_alpha(0.12));
        canvas.glow((CENTRE + 118.0, 404.0), (44.0, 60.0), sitter.cloth.darker(0.7).with_alpha(0.28));
        match sitter.clothes {
            Clothes::SuitAndTie => suit(canvas, sitter, true),
            Clothes::SuitOpenCollar => suit(canvas, sitter, false),
            Clothes::BlazerAndBlouse => blazer(canvas, sitter, true),
            Clothes::BlazerAndTop => blazer(canvas, sitter, false),
            Clothes::WorkJacket => work_jacket(canvas, sitter),
            Clothes::PoloShirt | Clothes::Blouse => open_collar(canvas, sitter),
            Clothes::RoundNeck => round_neck(canvas, sitter),
        }
    });
}

fn shoulders(sitter: &Sitter) -> Outline {
    let (reach, slope) = if sitter.is_woman { (126.0, 368.0) } else { (143.0, 360.0) };
    let neck = neckline(sitter.clothes);
    Outline::from((CENTRE, neck.1))
        .curve((CENTRE + 20.0, neck.1), (CENTRE + neck.0 - 6.0, 336.0), (CENTRE + neck.0, 316.0))
        .curve((CENTRE + neck.0 + 16.0, 330.0), (CENTRE + reach - 34.0, 338.0), (CENTRE + reach - 12.0, slope))
        .curve((CENTRE + reach, slope + 14.0), (CENTRE + reach + 3.0, 396.0), (CENTRE + reach + 5.0, BOTTOM + 30.0))
        .line((CENTRE, BOTTOM + 30.0))
        .mirrored(CENTRE)
}

/// Half the width of the collar at the neck, and how far the neckline hangs down.
fn neckline(clothes: Clothes) -> (f32, f32) {
    match clothes {
        Clothes::RoundNeck => (44.0, 352.0),
        Clothes::BlazerAndTop => (43.0, 372.0),
        Clothes::Blouse | Clothes::PoloShirt => (43.0, 360.0),
        Clothes::SuitAndTie | Clothes::SuitOpenCollar | Clothes::WorkJacket | Clothes::BlazerAndBlouse => (43.0, 350.0),
    }
}

fn cloth_fill(cloth: Ink) -> Fill {
    Fill::Along((40.0, 330.0), cloth.lighter(0.10), (270.0, BOTTOM + 30.0), cloth.darker(0.24))
}

/// The part of a shirt that a jacket leaves open.
fn shirt_front(canvas: &mut Canvas, ink: Ink, half: f32) {
    let front = Outline::from((CENTRE, BOTTOM + 30.0))
        .line((CENTRE + 14.0, BOTTOM + 30.0))
        .line((CENTRE + half, 314.0))
        .line((CENTRE, 352.0))
        .mirrored(CENTRE);
    canvas.fill(&front, Fill::Along((CENTRE - 40.0, 0.0), ink, (CENTRE + 46.0, 0.0), ink.darker(0.14)));
}

/// Two collar points.
fn collar(canvas: &mut Canvas, ink: Ink, reach: f32, drop: f32) {
    let wing = Outline::from((CENTRE + 43.0, 309.0))
        .bend((CENTRE + 41.0, 330.0), (CENTRE + 1.5, 352.0))
        .line((CENTRE + reach, drop))
        .bend((CENTRE + 50.0, 340.0), (CENTRE + 48.0, 317.0));
    for (wing, shade) in [(wing.flipped(CENTRE), 0.0), (wing, 0.07)] {
        canvas.fill(&wing.moved(0.6, 2.6), Ink::new(0x101018).with_alpha(0.26));
        canvas.fill(&wing, ink.darker(shade));
        canvas.stroke(&wing, 0.9, ink.darker(0.45).with_alpha(0.5));
    }
}

fn lapels(canvas: &mut Canvas, cloth: Ink) {
    let lapel = Outline::from((CENTRE + 50.0, 317.0))
        .bend((CENTRE + 36.0, 366.0), (CENTRE + 10.0, BOTTOM + 30.0))
        .line((CENTRE + 34.0, BOTTOM + 30.0))
        .line((CENTRE + 74.0, 381.0))
        .line((CENTRE + 59.0, 371.0))
        .line((CENTRE + 70.0, 359.0))
        .bend((CENTRE + 62.0, 334.0), (CENTRE + 50.0, 317.0));
    for (lapel, light) in [(lapel.flipped(CENTRE), 0.12), (lapel, 0.05)] {
        canvas.fill(&lapel.moved(0.0, 2.0), Ink::new(0x080810).with_alpha(0.30));
        canvas.fill(&lapel, cloth.lighter(light));
        canvas.stroke(&lapel, 1.1, cloth.darker(0.6).with_alpha(0.7));
    }
}

fn suit(canvas: &mut Canvas, sitter: &Sitter, has_tie: bool) {
    let shirt = if has_tie { Ink::new(0xF4F5F7) } else { sitter.accent };
    shirt_front(canvas, shirt, 47.0);
    if has_tie {
        let blade = Outline::from((CENTRE + 5.5, 366.0))
            .line((CENTRE + 12.0, BOTTOM + 30.0))
            .line((CENTRE, BOTTOM + 30.0))
            .line((CENTRE, 366.0))
            .mirrored(CENTRE);
        let knot = Outline::from((CENTRE, 349.0))
            .line((CENTRE + 10.0, 350.5))
            .bend((CENTRE + 8.0, 362.0), (CENTRE + 5.5, 368.0))
            .line((CENTRE, 369.0))
            .mirrored(CENTRE);
        let tie = sitter.accent;
        canvas.fill(&blade, Fill::Along((CENTRE - 12.0, 0.0), tie.lighter(0.10), (CENTRE + 12.0, 0.0), tie.darker(0.20)));
        canvas.within(&blade, |canvas| {
            for step in [0.0, 13.0, 26.0, 39.0] {
                let stripe = Outline::from((CENTRE - 14.0, 384.0 + step)).line((CENTRE + 14.0, 366.0 + step));
                canvas.stroke(&stripe, 2.6, tie.lighter(0.34).with_alpha(0.55));
            }
        });
        canvas.fill(&knot, Fill::Along((CENTRE - 8.0, 350.0), tie.lighter(0.16), (CENTRE + 8.0, 368.0), tie.darker(0.16)));
    } else {
        skin_opening(canvas, sitter, 17.0, 380.0);
    }
    collar(canvas, shirt, 30.0, 371.0);
    lapels(canvas, sitter.cloth);
}

fn blazer(canvas: &mut Canvas, sitter: &Sitter, has_collar: bool) {
    shirt_front(canvas, sitter.accent, 47.0);
    if has_collar {
        skin_opening(canvas, sitter, 26.0, 384.0);
        collar(canvas, sitter.accent, 36.0, 376.0);
    } else {
        let scoop = Outline::from((CENTRE + 44.0, 312.0))
            .curve((CENTRE + 40.0, 350.0), (CENTRE + 22.0, 370.0), (CENTRE, 370.0))
            .line((CENTRE, 312.0))
            .mirrored(CENTRE);
        skin(canvas, sitter, &scoop);
        let hem = Outline::from((CENTRE - 44.0, 312.0)).curve((CENTRE - 40.0, 350.0), (CENTRE - 22.0, 370.0), (CENTRE, 370.0)).curve(
            (CENTRE + 22.0, 370.0),
            (CENTRE + 40.0, 350.0),
            (CENTRE + 44.0, 312.0),
        );
        canvas.stroke(&hem, 2.2, sitter.accent.darker(0.22));
    }
    lapels(canvas, sitter.cloth);
}

fn work_jacket(canvas: &mut Canvas, sitter: &Sitter) {
    let cloth = sitter.cloth;
    shirt_front(canvas, Ink::new(0xDFE3E6), 44.0);
    let closed = Outline::from((CENTRE, 362.0))
        .line((CENTRE + 52.0, 312.0))
        .line((CENTRE + 80.0, BOTTOM + 30.0))
        .line((CENTRE, BOTTOM + 30.0))
        .mirrored(CENTRE);
    canvas.fill(&closed, cloth_fill(cloth));
    let zip = Outline::from((CENTRE, 362.0)).line((CENTRE, BOTTOM + 30.0));
    canvas.stroke(&zip, 3.4, cloth.darker(0.45));
    canvas.stroke(&zip, 1.2, Ink::new(0xC9CCD0));
    let wing = Outline::from((CENTRE + 44.0, 306.0))
        .bend((CENTRE + 42.0, 336.0), (CENTRE + 2.0, 362.0))
        .line((CENTRE + 36.0, 385.0))
        .bend((CENTRE + 60.0, 350.0), (CENTRE + 54.0, 314.0));
    for (wing, light) in [(wing.flipped(CENTRE), 0.16), (wing, 0.07)] {
        canvas.fill(&wing.moved(0.6, 2.8), Ink::new(0x080810).with_alpha(0.34));
        canvas.fill(&wing, cloth.lighter(light));
        canvas.stroke(&wing, 1.1, cloth.darker(0.5).with_alpha(0.7));
    }
    for side in [-1.0, 1.0] {
        let seam = Outline::from((CENTRE + side * 40.0, 398.0)).line((CENTRE + side * 96.0, 396.0));
        canvas.stroke(&seam, 1.8, cloth.darker(0.5).with_alpha(0.55));
    }
}

fn open_collar(canvas: &mut Canvas, sitter: &Sitter) {
    skin_opening(canvas, sitter, 24.0, 384.0);
    let placket = Outline::from((CENTRE, 382.0)).line((CENTRE, BOTTOM + 30.0));
    canvas.stroke(&placket, 1.6, sitter.cloth.darker(0.4).with_alpha(0.7));
    canvas.fill(&Outline::oval((CENTRE + 4.5, 400.0), 5.0, 5.0), sitter.cloth.lighter(0.5));
    collar(canvas, sitter.cloth.lighter(0.12), 36.0, 380.0);
}

fn round_neck(canvas: &mut Canvas, sitter: &Sitter) {
    let scoop = Outline::from((CENTRE + 44.0, 310.0))
        .curve((CENTRE + 40.0, 340.0), (CENTRE + 22.0, 355.0), (CENTRE, 355.0))
        .line((CENTRE, 310.0))
        .mirrored(CENTRE);
    skin(canvas, sitter, &scoop);
    let hem = Outline::from((CENTRE - 46.0, 312.0)).curve((CENTRE - 42.0, 342.0), (CENTRE - 23.0, 358.0), (CENTRE, 358.0)).curve(
        (CENTRE + 23.0, 358.0),
        (CENTRE + 42.0, 342.0),
        (CENTRE + 46.0, 312.0),
    );
    canvas.stroke(&hem, 8.0, sitter.cloth.lighter(0.10));
    canvas.stroke(&hem.moved(0.0, 4.4), 1.2, sitter.cloth.darker(0.4).with_alpha(0.6));
}

/// Skin in the opening of a shirt, down to this height.
fn skin_opening(canvas: &mut Canvas, sitter: &Sitter, half: f32, down: f32) {
    let opening = Outline::from((CENTRE, down))
        .bend((CENTRE + half * 0.7, 362.0), (CENTRE + half + 18.0, 312.0))
        .line((CENTRE, 312.0))
        .mirrored(CENTRE);
    skin(canvas, sitter, &opening);
}

fn skin(canvas: &mut Canvas, sitter: &Sitter, outline: &Outline) {
    canvas.fill(outline, super::head::neck_fill(sitter));
}
