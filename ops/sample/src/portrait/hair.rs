//! Hair: what falls behind the shoulders, and what lies on the head.

use super::canvas::{Canvas, Fill, Ink, Outline};
use super::sitter::{Hair, Sitter};
use super::{CENTRE, EYES, SKULL};

/// The hair behind neck and shoulders, drawn before them.
pub(crate) fn behind(canvas: &mut Canvas, sitter: &Sitter) {
    let (out, top) = (sitter.cheek + sitter.volume, SKULL - sitter.volume);
    let fall = match sitter.hair {
        Hair::LongStraight => Some((out + 7.0, 352.0, 6.0)),
        Hair::Waves => Some((out + 17.0, 322.0, 22.0)),
        Hair::Bob => Some((out + 7.0, 268.0, 10.0)),
        Hair::SideParting | Hair::Cropped | Hair::Swept | Hair::Fringe | Hair::Receding | Hair::TiedBack | Hair::Bun => None,
    };
    let ink = sitter.hair_ink.darker(0.28);
    if let Some((wide, end, round)) = fall {
        let mass = Outline::from((CENTRE, top))
            .curve((CENTRE + out * 0.8, top), (CENTRE + out + 2.0, top + 50.0), (CENTRE + out + 2.0, EYES))
            .curve((CENTRE + out + 3.0, EYES + 50.0), (CENTRE + wide + 2.0, end - 70.0), (CENTRE + wide, end - round))
            .curve((CENTRE + wide - 2.0, end + round * 0.4), (CENTRE + wide * 0.55, end + 3.0), (CENTRE + 20.0, end - 6.0))
            .mirrored(CENTRE);
        canvas.fill(&mass, Fill::Along((0.0, EYES), ink, (0.0, end), ink.lighter(0.05)));
    }
    if sitter.hair == Hair::Bun {
        let bun = (CENTRE, top + 1.0);
        canvas.fill(&Outline::oval(bun, 62.0, 38.0), Fill::Around((bun.0 - 8.0, bun.1 - 8.0), 36.0, sitter.hair_ink.lighter(0.10), ink));
    }
}

/// The outline of the hair on the head, seen from the front; its lower edge is the hairline.
pub(crate) fn cap(sitter: &Sitter) -> Outline {
    let (out, top, side) = (sitter.cheek + sitter.volume * 0.42, SKULL - sitter.volume, sitter.side);
    let at = |share: f32, y: f32| (CENTRE + side * share * sitter.cheek, y);
    // Short hair ends close above the ear; long hair hides it.
    let close = sitter.cheek * 0.99;
    let crown = |ear: f32, end: f32| {
        Outline::from((CENTRE + side * end, ear))
            .curve((CENTRE + side * (out + 4.0), EYES - 58.0), (CENTRE + side * out * 0.84, top), (CENTRE, top))
            .curve((CENTRE - side * out * 0.84, top), (CENTRE - side * (out + 4.0), EYES - 58.0), (CENTRE - side * end, ear))
    };
    match sitter.hair {
        Hair::SideParting => crown(EYES - 6.0, close)
            .bend(at(-0.93, EYES - 18.0), at(-0.88, EYES - 38.0))
            .curve(at(-0.80, EYES - 62.0), at(-0.35, EYES - 50.0), at(0.42, EYES - 73.0))
            .curve(at(0.72, EYES - 62.0), at(0.86, EYES - 50.0), at(0.88, EYES - 36.0))
            .bend(at(0.93, EYES - 18.0), (CENTRE + side * close, EYES - 6.0)),
        Hair::Cropped => crown(EYES - 10.0, close)
            .bend(at(-0.94, EYES - 24.0), at(-0.88, EYES - 44.0))
            .curve(at(-0.78, EYES - 64.0), at(-0.45, EYES - 69.0), at(0.0, EYES - 69.0))
            .curve(at(0.45, EYES - 69.0), at(0.78, EYES - 64.0), at(0.88, EYES - 44.0))
            .bend(at(0.94, EYES - 24.0), (CENTRE + side * close, EYES - 10.0)),
        Hair::Swept => crown(EYES - 6.0, close)
            .bend(at(-0.94, EYES - 22.0), at(-0.86, EYES - 46.0))
            .curve(at(-0.74, EYES - 74.0), at(-0.20, EYES - 84.0), at(0.30, EYES - 76.0))
            .curve(at(0.62, EYES - 70.0), at(0.82, EYES - 60.0), at(0.88, EYES - 42.0))
            .bend(at(0.94, EYES - 20.0), (CENTRE + side * close, EYES - 6.0)),
        Hair::Fringe => crown(EYES - 2.0, close)
            .bend(at(-0.95, EYES - 16.0), at(-0.88, EYES - 30.0))
            .bend(at(-0.70, EYES - 50.0), at(-0.46, EYES - 36.0))
            .bend(at(-0.36, EYES - 46.0), at(-0.12, EYES - 33.0))
            .bend(at(-0.02, EYES - 47.0), at(0.30, EYES - 36.0))
            .bend(at(0.44, EYES - 52.0), at(0.70, EYES - 40.0))
            .bend(at(0.90, EYES - 40.0), (CENTRE + side * close, EYES - 2.0)),
        Hair::Receding => crown(EYES - 8.0, close)
            .bend(at(-0.93, EYES - 26.0), at(-0.90, EYES - 42.0))
            .curve(at(-0.78, EYES - 74.0), at(-0.66, EYES - 96.0), at(-0.50, EYES - 92.0))
            .curve(at(-0.30, EYES - 80.0), at(0.26, EYES - 78.0), at(0.44, EYES - 90.0))
            .curve(at(0.64, EYES - 96.0), at(0.78, EYES - 74.0), at(0.90, EYES - 42.0))
            .bend(at(0.93, EYES - 26.0), (CENTRE + side * close, EYES - 8.0)),
        Hair::LongStraight | Hair::Waves => curtain(sitter, crown(EYES + 62.0, out * 0.985)),
        Hair::Bob => crown(EYES + 58.0, out * 0.985)
            .curve(at(-1.06, EYES + 50.0), at(-0.98, EYES + 20.0), at(-0.86, EYES - 20.0))
            .bend(at(-0.66, EYES - 30.0), at(-0.40, EYES - 29.0))
            .bend(at(0.0, EYES - 33.0), at(0.40, EYES - 29.0))
            .bend(at(0.66, EYES - 30.0), at(0.86, EYES - 20.0))
            .curve(at(0.98, EYES + 20.0), at(1.06, EYES + 50.0), (CENTRE + side * out * 0.985, EYES + 58.0)),
        Hair::TiedBack | Hair::Bun => crown(EYES - 12.0, close)
            .bend(at(-0.96, EYES - 30.0), at(-0.90, EYES - 40.0))
            .curve(at(-0.80, EYES - 66.0), at(-0.30, EYES - 80.0), at(0.22, EYES - 84.0))
            .curve(at(0.60, EYES - 80.0), at(0.84, EYES - 62.0), at(0.92, EYES - 38.0))
            .bend(at(0.97, EYES - 26.0), (CENTRE + side * close, EYES - 12.0)),
    }
}

/// Hair parted on the forehead, falling along both cheeks.
fn curtain(sitter: &Sitter, crown: Outline) -> Outline {
    let (out, side) = (sitter.cheek + sitter.volume * 0.42, sitter.side);
    let at = |share: f32, y: f32| (CENTRE + side * share * sitter.cheek, y);
    crown
        .curve(at(-1.02, EYES + 60.0), at(-0.94, EYES + 20.0), at(-0.90, EYES - 18.0))
        .curve(at(-0.84, EYES - 48.0), at(-0.40, EYES - 70.0), at(0.24, EYES - 86.0))
        .curve(at(0.62, EYES - 70.0), at(0.88, EYES - 44.0), at(0.92, EYES - 14.0))
        .curve(at(0.96, EYES + 20.0), at(1.02, EYES + 60.0), (CENTRE + side * out * 0.985, EYES + 62.0))
}

/// Draws the hair on the head with its sheen and strands.
pub(crate) fn on_head(canvas: &mut Canvas, sitter: &Sitter) {
    let cap = cap(sitter);
    let (ink, top) = (sitter.hair_ink, SKULL - sitter.volume);
    canvas.fill(&cap, Fill::Along((0.0, top), ink.lighter(0.05), (0.0, EYES), ink.darker(0.12)));
    canvas.within(&cap, |canvas| {
        canvas.glow((CENTRE - 24.0, top + 25.0), (52.0, 26.0), Ink::new(0xC9BAB2).with_alpha(0.30));
        canvas.glow((CENTRE + 62.0, top + 52.0), (34.0, 60.0), Ink::new(0x0A0708).with_alpha(0.34));
        strands(canvas, sitter, top);
        if matches!(sitter.hair, Hair::Cropped | Hair::Receding | Hair::SideParting) {
            // Short sides let the skin shine through above the ears.
            for side in [-1.0, 1.0] {
                let from = (CENTRE + side * (sitter.cheek + 8.0), EYES - 6.0);
                canvas.glow(from, (34.0, 34.0), sitter.skin.darker(0.25).with_alpha(0.42));
            }
        }
    });
}

/// Fine lines from the parting outwards, uneven as hair is.
fn strands(canvas: &mut Canvas, sitter: &Sitter, top: f32) {
    let part = CENTRE + sitter.side * sitter.cheek * parting(sitter.hair);
    let dark = sitter.hair_ink.darker(0.55);
    let light = sitter.hair_ink.lighter(0.34);
    for number in 0..STRANDS {
        let share = f32::from(number) / f32::from(STRANDS - 1) * 2.3 - 1.15;
        // Multiples of the golden ratio look like chance.
        let chance = (f32::from(number) * 0.618).fract();
        let end = (CENTRE + share * (sitter.cheek + 6.0), EYES - 44.0 + share.abs() * 44.0 + chance * 14.0);
        let rise = top + 4.0 + chance * 6.0;
        let strand = Outline::from((part + share * 9.0, rise)).curve(
            (part + (end.0 - part) * (0.48 + chance * 0.12), rise + 1.0),
            (end.0, top + 36.0 + chance * 10.0),
            end,
        );
        let ink = if number % 3 == 0 { light.with_alpha(0.10 + chance * 0.16) } else { dark.with_alpha(0.16 + chance * 0.22) };
        canvas.stroke(&strand, 0.9 + chance * 0.9, ink);
    }
}

const STRANDS: u8 = 22;

/// Where the parting lies, as a share of half the face.
fn parting(hair: Hair) -> f32 {
    match hair {
        Hair::SideParting => 0.46,
        Hair::Swept => 0.34,
        Hair::LongStraight | Hair::Waves => 0.24,
        Hair::TiedBack | Hair::Bun => 0.22,
        Hair::Cropped | Hair::Fringe | Hair::Receding | Hair::Bob => 0.0,
    }
}
