//! Grounds that are no ground for an identity photo.

use crate::dice::Dice;
use crate::portrait::canvas::{Canvas, Fill, Ink, Outline};
use crate::portrait::{BOTTOM, CENTRE};

const BOOKS: &[u32] = &[0x8C2F2B, 0x2F5D8C, 0xC99A3B, 0x3F6B45, 0xE3DCC8, 0x4A3B5E, 0x1F2A33, 0xB8674A];

/// The width of the board, in its own measure.
const RIGHT: f32 = CENTRE * 2.0;

fn pane(left: f32, top: f32, right: f32, bottom: f32) -> Outline {
    Outline::from((left, top)).line((right, top)).line((right, bottom)).line((left, bottom))
}

/// Shelves full of books, with a window beside them.
pub(super) fn room(canvas: &mut Canvas, dice: &mut Dice) {
    canvas.ground(Ink::new(0xC9B79A), Ink::new(0xA78F6E));
    let mut shelf = -20.0;
    while shelf < BOTTOM {
        let mut left = 0.0;
        while left < RIGHT {
            let (thick, tall) = (dice.within(7.0, 19.0), dice.within(34.0, 56.0));
            let ink = Ink::new(dice.pick(BOOKS));
            let book = pane(left, shelf + 62.0 - tall, left + thick, shelf + 62.0);
            canvas.fill(&book, Fill::Along((left, 0.0), ink.lighter(0.12), (left + thick, 0.0), ink.darker(0.3)));
            left += thick + 1.0;
        }
        canvas.fill(&pane(0.0, shelf + 62.0, RIGHT, shelf + 70.0), Ink::new(0x5A3D25));
        shelf += 70.0;
    }
    window(canvas, if dice.per_mille(500) { 0.0 } else { RIGHT - 92.0 });
}

fn window(canvas: &mut Canvas, left: f32) {
    canvas.fill(&pane(left, 0.0, left + 92.0, 190.0), Ink::new(0xEDEFF0));
    for (right, down) in [(6.0, 6.0), (49.0, 6.0), (6.0, 98.0), (49.0, 98.0)] {
        let glass = pane(left + right, down, left + right + 37.0, down + 86.0);
        canvas.fill(&glass, Fill::Along((0.0, 0.0), Ink::new(0x9CCBF0), (0.0, 190.0), Ink::new(0x6FA06A)));
    }
}

/// Hills under a sky.
pub(super) fn hills(canvas: &mut Canvas, dice: &mut Dice) {
    canvas.ground(Ink::new(0x6FA9DC), Ink::new(0xDCE9F2));
    let sun = (dice.within(40.0, 250.0), dice.within(40.0, 90.0));
    canvas.glow(sun, (70.0, 70.0), Ink::new(0xFFF6DC).with_alpha(0.9));
    for (height, ink) in [(210.0, 0x8FA9B5), (262.0, 0x6E9169), (320.0, 0x4C7A45)] {
        let (left, right) = (dice.within(-30.0, 30.0), dice.within(-30.0, 30.0));
        let hill = Outline::from((0.0, height + left))
            .curve((90.0, height - 40.0 - right), (190.0, height + 50.0 + left), (RIGHT, height + right))
            .line((RIGHT, BOTTOM))
            .line((0.0, BOTTOM));
        canvas.fill(&hill, Fill::Along((0.0, height), Ink::new(ink).lighter(0.15), (0.0, BOTTOM), Ink::new(ink).darker(0.15)));
    }
}
