//! The round red seal: ring, star, and the signer's name on its arc as outlines. It is the appearance of the visible
//! signature, so it shows exactly where a signature is.

use std::f32::consts::{FRAC_PI_2, PI, TAU};
use std::fmt::Write as _;

use ttf_parser::OutlineBuilder;

use crate::error::RenderError;
use crate::font::chain::FontChain;
use crate::layout::POINTS_PER_MM;
use crate::text::letters;

/// Measures in millimetres.
const RING_RADIUS: f32 = 20.2;
const RING_WIDTH: f32 = 1.1;
const STAR_RADIUS: f32 = 6.6;
const LETTER_HEIGHT: f32 = 4.9;
/// Radius on which the letters stand.
const BASELINE_RADIUS: f32 = 14.0;
/// The arc that a long name fills, from its first to its last letter; a short one takes less.
const WIDEST_ARC: f32 = TAU * 0.64;
const WIDEST_STEP: f32 = TAU / 13.0;
/// Letters of a seal are narrow.
const NARROWEST: f32 = 0.5;
const WIDEST: f32 = 0.86;
/// Half the side of the square from which four cubic pieces make a circle.
const CIRCLE: f32 = 0.552_285;

/// Side of the square box of the seal, in millimetres.
pub(crate) const SIDE: f32 = 42.0;

/// The content stream in the box of the seal, from its lower left corner. It expects a graphics state `/Ink` that multiplies.
pub(crate) fn content(chain: &FontChain, signer: &str) -> Result<Vec<u8>, RenderError> {
    let centre = SIDE / 2.0 * POINTS_PER_MM;
    let mut out = String::from("/Ink gs 0.84 0.07 0.09 RG 0.84 0.07 0.09 rg 1 j ");
    // Writing into a string cannot fail.
    let _ = write!(out, "{:.2} w ", RING_WIDTH * POINTS_PER_MM);
    ring(&mut out, centre, RING_RADIUS * POINTS_PER_MM);
    star(&mut out, centre, STAR_RADIUS * POINTS_PER_MM);
    let _ = write!(out, "0.25 w ");
    arc(&mut out, chain, signer, centre)?;
    Ok(out.into_bytes())
}

fn ring(out: &mut String, c: f32, r: f32) {
    let k = CIRCLE * r;
    let _ = write!(out, "{:.2} {:.2} m ", c + r, c);
    for [x1, y1, x2, y2, x, y] in [[r, k, k, r, 0.0, r], [-k, r, -r, k, -r, 0.0], [-r, -k, -k, -r, 0.0, -r], [k, -r, r, -k, r, 0.0]] {
        for (value, end) in [(x1, " "), (y1, " "), (x2, " "), (y2, " "), (x, " "), (y, " c ")] {
            let _ = write!(out, "{:.2}{end}", c + value);
        }
    }
    out.push_str("s ");
}

fn star(out: &mut String, c: f32, radius: f32) {
    let inner = radius * 0.382;
    let mut angle = FRAC_PI_2;
    for (index, r) in [radius, inner].into_iter().cycle().take(10).enumerate() {
        let operator = if index == 0 { "m" } else { "l" };
        let _ = write!(out, "{:.2} {:.2} {operator} ", c + r * angle.cos(), c + r * angle.sin());
        angle += PI / 5.0;
    }
    out.push_str("h f ");
}

fn arc(out: &mut String, chain: &FontChain, signer: &str, centre: f32) -> Result<(), RenderError> {
    let letters = letters(chain, signer, "signer-name")?;
    if letters.is_empty() {
        return Ok(());
    }
    let gaps = f32::from(u16::try_from(letters.len().saturating_sub(1)).unwrap_or(u16::MAX));
    let step = if 0.0 < gaps { (WIDEST_ARC / gaps).min(WIDEST_STEP) } else { 0.0 };
    let room = step * (BASELINE_RADIUS + LETTER_HEIGHT / 2.0) / LETTER_HEIGHT;
    let narrow = if 0.0 < gaps { (room * 0.92).min(WIDEST) } else { WIDEST };
    if narrow < NARROWEST {
        return Err(RenderError::does_not_fit("signer-name"));
    }
    let mut angle = FRAC_PI_2 + step * gaps / 2.0;
    for letter in letters {
        let Some(font) = chain.fonts.get(letter.font) else {
            continue;
        };
        let em = f32::from(u16::try_from(font.units_per_em()).unwrap_or(u16::MAX)).max(1.0);
        let scale = LETTER_HEIGHT * POINTS_PER_MM / em;
        let mut pen = Pen {
            out,
            origin: (centre + BASELINE_RADIUS * POINTS_PER_MM * angle.cos(), centre + BASELINE_RADIUS * POINTS_PER_MM * angle.sin()),
            turn: (angle - FRAC_PI_2).sin_cos(),
            scale: (scale * narrow, scale),
            // Half the advance to the left; glyphs reach below their baseline by about an eighth of the em.
            shift: (f32::from(letter.glyph.advance) / 1000.0 * em / 2.0, em * 0.12),
            last: (0.0, 0.0),
        };
        font.outline(letter.glyph, &mut pen)?;
        angle -= step;
    }
    out.push('B');
    Ok(())
}

/// Writes the outline of one letter, turned into its place on the arc.
struct Pen<'a> {
    out: &'a mut String,
    origin: (f32, f32),
    /// Sine and cosine.
    turn: (f32, f32),
    scale: (f32, f32),
    shift: (f32, f32),
    /// Where the pen is, in font units.
    last: (f32, f32),
}

impl Pen<'_> {
    fn point(&mut self, x: f32, y: f32) {
        let (sine, cosine) = self.turn;
        let (x, y) = ((x - self.shift.0) * self.scale.0, (y + self.shift.1) * self.scale.1);
        let _ = write!(self.out, "{:.2} {:.2} ", self.origin.0 + x * cosine - y * sine, self.origin.1 + x * sine + y * cosine);
    }
}

impl OutlineBuilder for Pen<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.point(x, y);
        self.out.push_str("m ");
        self.last = (x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.point(x, y);
        self.out.push_str("l ");
        self.last = (x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        // The cubic form of a quadratic curve.
        let (x0, y0) = self.last;
        let toward = |from: f32, control: f32| from + (control - from) * 2.0 / 3.0;
        self.curve_to(toward(x0, x1), toward(y0, y1), toward(x, x1), toward(y, y1), x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.point(x1, y1);
        self.point(x2, y2);
        self.point(x, y);
        self.out.push_str("c ");
        self.last = (x, y);
    }

    fn close(&mut self) {
        self.out.push_str("h ");
    }
}
