//! What stands before the camera, where it should be one person before a plain ground.

use image::RgbImage;

use crate::dice::Dice;
use crate::portrait::canvas::{Canvas, Fill, Ink, Outline, Place};
use crate::portrait::{self, BOTTOM, CENTRE, HEIGHT, Sitter, WIDTH};

use super::backdrop;

/// The middle of the face, from the top.
const FACE: f32 = 186.0;

fn taken(draw: impl FnOnce(&mut Canvas)) -> anyhow::Result<RgbImage> {
    let mut canvas = Canvas::new(WIDTH, HEIGHT)?;
    draw(&mut canvas);
    Ok(canvas.into_picture())
}

/// Somebody before shelves and a window.
pub(super) fn busy(sitter: &Sitter, dice: &mut Dice) -> anyhow::Result<RgbImage> {
    taken(|canvas| {
        backdrop::room(canvas, dice);
        portrait::figure(canvas, sitter);
    })
}

/// Somebody before a plain ground of this colour, written as 0xRRGGBB.
pub(super) fn before(sitter: &Sitter, ground: u32) -> anyhow::Result<RgbImage> {
    let ground = Ink::new(ground);
    portrait::paint(&Sitter { ground: [ground, ground.darker(0.03)], ..sitter.clone() })
}

/// Two people on one picture.
pub(super) fn two_people(sitter: &Sitter, other: &Sitter) -> anyhow::Result<RgbImage> {
    taken(|canvas| {
        canvas.ground(sitter.ground[0], sitter.ground[1]);
        for (who, right) in [(other, 66.0), (sitter, -66.0)] {
            canvas.scaled(0.66, (CENTRE, BOTTOM + 6.0), (right, 0.0), |canvas| portrait::figure(canvas, who));
        }
    })
}

/// Nobody: hills under a sky, or a chair in an empty room.
pub(super) fn nobody(dice: &mut Dice) -> anyhow::Result<RgbImage> {
    let is_outside = dice.per_mille(500);
    taken(|canvas| if is_outside { backdrop::hills(canvas, dice) } else { chair(canvas) })
}

fn chair(canvas: &mut Canvas) {
    canvas.ground(Ink::new(0xF4F5F6), Ink::new(0xDDE2E8));
    let wood = Ink::new(0x7A5236);
    let back = Outline::from((CENTRE, 232.0))
        .bend((CENTRE + 62.0, 234.0), (CENTRE + 66.0, 300.0))
        .line((CENTRE + 60.0, BOTTOM))
        .line((CENTRE, BOTTOM));
    canvas.fill(&back.mirrored(CENTRE), Fill::Along((CENTRE - 60.0, 0.0), wood.lighter(0.2), (CENTRE + 60.0, 0.0), wood.darker(0.3)));
    for slat in [-36.0, -12.0, 12.0, 36.0] {
        canvas.stroke(&Outline::from((CENTRE + slat, 262.0)).line((CENTRE + slat, BOTTOM)), 10.0, Ink::new(0xE4E8EC));
    }
}

/// A white blouse on a white ground.
pub(super) fn white_on_white(sitter: &Sitter) -> anyhow::Result<RgbImage> {
    let ground = [Ink::new(0xFEFEFE), Ink::new(0xF6F7F8)];
    portrait::paint(&Sitter { ground, clothes: portrait::Clothes::Blouse, cloth: Ink::new(0xFBFBFA), ..sitter.clone() })
}

/// Somebody so many times as large, and moved; the bottom of the picture stays where it is unless the head comes nearer.
fn standing(sitter: &Sitter, factor: f32, fixed: Place, moved: Place) -> anyhow::Result<RgbImage> {
    taken(|canvas| {
        canvas.ground(sitter.ground[0], sitter.ground[1]);
        let still = Sitter { stance: portrait::Stance::COMMON, ..sitter.clone() };
        canvas.scaled(factor, fixed, moved, |canvas| portrait::figure(canvas, &still));
    })
}

/// Somebody far away.
pub(super) fn far_away(sitter: &Sitter) -> anyhow::Result<RgbImage> {
    standing(sitter, 0.41, (CENTRE, BOTTOM), (0.0, 0.0))
}

/// Somebody so near that the head does not fit.
pub(super) fn too_near(sitter: &Sitter) -> anyhow::Result<RgbImage> {
    standing(sitter, 1.9, (CENTRE, FACE), (0.0, 8.0))
}

/// Somebody at the side of the picture.
pub(super) fn off_centre(sitter: &Sitter, dice: &mut Dice) -> anyhow::Result<RgbImage> {
    standing(sitter, 1.0, (CENTRE, FACE), (dice.pick(&[-1.0, 1.0]) * dice.within(74.0, 86.0), 0.0))
}
