//! Eyes in their sockets.

use crate::portrait::canvas::{Canvas, Fill, Ink, Outline};
use crate::portrait::head::{light, shadow};
use crate::portrait::sitter::Sitter;
use crate::portrait::{CENTRE, EYES};

const LASH: u32 = 0x2A1A16;

pub(super) fn draw(canvas: &mut Canvas, sitter: &Sitter, side: f32) {
    let (x, w, h) = (CENTRE + side * sitter.eye_apart, sitter.eye_width, sitter.eye_height);
    // The outer corner stands a little higher than the inner one.
    let inner = (x - side * w, EYES + 1.6);
    let outer = (x + side * w, EYES + 0.4 - sitter.eye_tilt);
    let upper_pull = [(x - side * w * 0.50, EYES - h * 1.28), (x + side * w * 0.52, EYES - h * 1.34 - sitter.eye_tilt * 0.5)];
    let lower_pull = [(x + side * w * 0.50, EYES + h * 0.98), (x - side * w * 0.45, EYES + h * 1.0)];
    let upper = Outline::from(inner).curve(upper_pull[0], upper_pull[1], outer);
    let lower = Outline::from(outer).curve(lower_pull[0], lower_pull[1], inner);
    let opening = upper.clone().curve(lower_pull[0], lower_pull[1], inner);
    let shade = shadow(sitter.skin);

    socket(canvas, sitter, side, x);
    ball(canvas, &opening, &upper, (x, EYES - 0.3), h);
    canvas.glow((inner.0 + side * 1.8, inner.1), (3.4, 2.6), Ink::new(0xC07A6C).with_alpha(0.55));
    let lash = Ink::new(LASH);
    canvas.stroke(&upper.moved(0.0, -0.5), if sitter.is_woman { 3.6 } else { 3.0 }, lash.with_alpha(0.34));
    canvas.stroke(&upper, if sitter.is_woman { 2.2 } else { 1.8 }, lash.with_alpha(0.92));
    if sitter.is_woman {
        let tail = Outline::from(outer).bend((outer.0 + side * 1.4, outer.1 - 0.5), (outer.0 + side * 2.8, outer.1 - 1.7));
        canvas.stroke(&tail, 1.3, lash.with_alpha(0.6));
    }
    canvas.stroke(&lower, 1.3, shade.darker(0.25).with_alpha(0.40));
    canvas.stroke(&lower.moved(0.0, 1.9), 1.2, light(sitter.skin).with_alpha(0.26));
    if sitter.has_crease {
        canvas.stroke(&upper.moved(side * 0.6, -3.4), 1.3, shade.darker(0.2).with_alpha(0.42));
    }
}

/// The hollow between brow, nose and cheek.
fn socket(canvas: &mut Canvas, sitter: &Sitter, side: f32, x: f32) {
    let (w, shade) = (sitter.eye_width, shadow(sitter.skin));
    canvas.glow((x - side * 1.0, EYES - 3.0), (w * 1.55, 21.0), shade.with_alpha(0.30));
    canvas.glow((x - side * w * 1.05, EYES - 5.0), (9.0, 17.0), shade.darker(0.15).with_alpha(0.26));
    canvas.glow((x + side * 2.0, EYES - sitter.eye_height - 6.5), (w * 0.85, 4.2), light(sitter.skin).with_alpha(0.34));
    canvas.glow((x, EYES + 13.0), (w * 1.05, 6.0), shade.with_alpha(0.12 + sitter.age * 0.10));
}

fn ball(canvas: &mut Canvas, opening: &Outline, upper: &Outline, iris: (f32, f32), h: f32) {
    canvas.fill(opening, Fill::Along((0.0, iris.1 - h), Ink::new(0xD9CFC9), (0.0, iris.1 + h * 0.5), Ink::new(0xF4EEEA)));
    canvas.within(opening, |canvas| {
        let radius = h.min(7.4) * 0.42 + 4.0;
        canvas.fill(&Outline::oval(iris, radius * 2.0, radius * 2.0), Fill::Around(iris, radius, Ink::new(0x63422C), Ink::new(0x23150F)));
        canvas.fill(&Outline::oval(iris, radius * 0.92, radius * 0.92), Ink::new(0x0C0909));
        // The lid throws its shadow on the eye.
        canvas.stroke(&upper.moved(0.0, 1.6), 3.6, Ink::new(0x2E1B15).with_alpha(0.36));
        canvas.fill(&Outline::oval((iris.0 - 2.2, iris.1 - 2.4), 2.6, 2.6), Ink::new(0xFFFFFF).with_alpha(0.88));
    });
}
