//! What is printed or stamped over a picture.

use image::RgbImage;

use crate::dice::Dice;
use crate::portrait::canvas::{Canvas, Ink, Outline, Place};
use crate::portrait::{self, CENTRE, HEIGHT, Sitter, WIDTH};

/// Which of the seven bars each digit shows: top, upper left, upper right, middle, lower left, lower right, bottom.
const DIGITS: [u8; 10] = [0b1110111, 0b0010010, 0b1011101, 0b1011011, 0b0111010, 0b1101011, 0b1101111, 0b1010010, 0b1111111, 0b1111011];

/// The ends of the bars on a digit one wide and two high.
const BARS: [[Place; 2]; 7] = [
    [(0.0, 0.0), (1.0, 0.0)],
    [(0.0, 0.0), (0.0, 1.0)],
    [(1.0, 0.0), (1.0, 1.0)],
    [(0.0, 1.0), (1.0, 1.0)],
    [(0.0, 1.0), (0.0, 2.0)],
    [(1.0, 1.0), (1.0, 2.0)],
    [(0.0, 2.0), (1.0, 2.0)],
];

fn marked(sitter: &Sitter, mark: impl FnOnce(&mut Canvas)) -> anyhow::Result<RgbImage> {
    let mut canvas = Canvas::new(WIDTH, HEIGHT)?;
    canvas.ground(sitter.ground[0], sitter.ground[1]);
    portrait::figure(&mut canvas, sitter);
    mark(&mut canvas);
    Ok(canvas.into_picture())
}

/// A portrait in a coloured frame.
pub(super) fn framed(sitter: &Sitter, dice: &mut Dice) -> anyhow::Result<RgbImage> {
    let ink = Ink::new(dice.pick(&[0xB3261E, 0x1C1C1E, 0xC9A227, 0x2E6B3A]));
    marked(sitter, |canvas| {
        let edge = Outline::from((0.0, 0.0)).line((CENTRE * 2.0, 0.0)).line((CENTRE * 2.0, portrait::BOTTOM)).line((0.0, portrait::BOTTOM));
        canvas.stroke(&edge.line((0.0, 0.0)), 24.0, ink);
    })
}

/// A portrait with a stamp over its lower right corner and a date in its lower left one.
pub(super) fn stamped_and_dated(sitter: &Sitter, dice: &mut Dice) -> anyhow::Result<RgbImage> {
    let date = [2, 0, dice.below(2), dice.below(10), dice.below(2), 1 + dice.below(2), dice.below(3), dice.below(10)];
    marked(sitter, |canvas| {
        stamp(canvas, (252.0, 352.0));
        digits(canvas, (16.0, 384.0), &date);
    })
}

/// A red ring with a star in it.
fn stamp(canvas: &mut Canvas, centre: Place) {
    let red = Ink::new(0xD3222A).with_alpha(0.78);
    canvas.stroke(&Outline::oval(centre, 112.0, 112.0), 6.0, red);
    canvas.stroke(&Outline::oval(centre, 92.0, 92.0), 1.6, red);
    let corner = |number: u8| {
        let turn = (f32::from(number) * 0.2 - 0.5) * std::f32::consts::PI;
        let reach = if number.is_multiple_of(2) { 24.0 } else { 10.0 };
        (centre.0 + turn.cos() * reach, centre.1 + turn.sin() * reach)
    };
    let star = (1..10).map(corner).fold(Outline::from(corner(0)), Outline::line);
    canvas.fill(&star, red);
}

/// Orange digits as cameras print them into a corner; `at` is the upper left of the first.
fn digits(canvas: &mut Canvas, at: Place, date: &[usize]) {
    let ink = Ink::new(0xFF8A1E);
    let (wide, apart) = (7.0, 13.0);
    let mut left = at.0;
    for (place, &digit) in date.iter().enumerate() {
        left += if matches!(place, 4 | 6) { apart * 0.7 } else { 0.0 };
        let shown = DIGITS.get(digit).copied().unwrap_or(0);
        let end = |bar: Place| (left + bar.0 * wide, at.1 + bar.1 * wide);
        for (_, [from, to]) in BARS.into_iter().enumerate().filter(|(bar, _)| shown >> (6 - bar) & 1 == 1) {
            canvas.stroke(&Outline::from(end(from)).line(end(to)), 2.2, ink);
        }
        left += apart;
    }
}
