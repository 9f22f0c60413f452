//! Smooth curves as Bézier paths for `printpdf`, in millimetres with the vertical axis upwards, and motifs that are drawn
//! many times under different matrices: what repeats is written alike, so it compresses to almost nothing.

use std::ops::Range;

use printpdf::{Color, CurTransMat, Line, LinePoint, Mm, Op, Point, Pt, Rgb};

use crate::layout::POINTS_PER_MM;

pub(super) use crate::layout::file::Colour;

pub(super) fn stroke_with([r, g, b]: Colour, width_mm: f64) -> [Op; 2] {
    let col = Color::Rgb(Rgb { r, g, b, icc_profile: None });
    [Op::SetOutlineColor { col }, Op::SetOutlineThickness { pt: points(width_mm) }]
}

/// How a motif is placed: turned by an angle (in radians, against the clock), stretched along its own first axis, and
/// moved by millimetres.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placement {
    pub(super) turn: f64,
    pub(super) stretch: f64,
    pub(super) to: (f64, f64),
}

impl Placement {
    pub(super) fn at(x: f64, y: f64) -> Placement {
        Placement { turn: 0.0, stretch: 1.0, to: (x, y) }
    }

    #[expect(clippy::cast_possible_truncation, reason = "factors of about one")]
    fn matrix(self) -> CurTransMat {
        let (sine, cosine) = self.turn.sin_cos();
        // Five digits keep a whole page exact to a hundredth of a point.
        let factor = |value: f64| ((value * 1e5).round() / 1e5) as f32;
        CurTransMat::Raw([
            factor(cosine * self.stretch),
            factor(sine * self.stretch),
            factor(-sine),
            factor(cosine),
            points(self.to.0).0,
            points(self.to.1).0,
        ])
    }
}

pub(super) fn draw(ops: &mut Vec<Op>, motif: &[Op], placements: impl IntoIterator<Item = Placement>) {
    for placement in placements {
        ops.push(Op::SaveGraphicsState);
        ops.push(Op::SetTransformationMatrix { matrix: placement.matrix() });
        ops.extend_from_slice(motif);
        ops.push(Op::RestoreGraphicsState);
    }
}

/// Straight lines from point to point.
pub(super) fn polyline(corners: &[(f64, f64)], is_closed: bool) -> Op {
    Op::DrawLine { line: Line { points: corners.iter().map(|p| place(*p, false)).collect(), is_closed } }
}

/// The curve `at(t)` in cubic pieces: each has the curve's position and direction at both its ends (Hermite form).
pub(super) fn curve(at: impl Fn(f64) -> (f64, f64), range: Range<f64>, pieces: u32, is_closed: bool) -> Op {
    let step = (range.end - range.start) / f64::from(pieces.max(1));
    // A third of the tangent over one piece, which is how far the handles of a cubic piece reach.
    let reach = |t: f64| {
        let ((x0, y0), (x1, y1)) = (at(t - step * 1e-3), at(t + step * 1e-3));
        ((x1 - x0) / 6e-3, (y1 - y0) / 6e-3)
    };
    let mut points = vec![place(at(range.start), false)];
    for piece in 0..pieces {
        let start = range.start + step * f64::from(piece);
        let end = start + step;
        let ((x0, y0), (x1, y1)) = (at(start), at(end));
        let ((dx0, dy0), (dx1, dy1)) = (reach(start), reach(end));
        points.push(place((x0 + dx0, y0 + dy0), true));
        points.push(place((x1 - dx1, y1 - dy1), true));
        points.push(place((x1, y1), false));
    }
    Op::DrawLine { line: Line { points, is_closed } }
}

fn place((x_mm, y_mm): (f64, f64), bezier: bool) -> LinePoint {
    let mut p = Point::new(Mm(0.0), Mm(0.0));
    p.x = points(x_mm);
    p.y = points(y_mm);
    LinePoint { p, bezier }
}

/// To a hundredth of a point.
#[expect(clippy::cast_possible_truncation, reason = "a page measures 842 points")]
fn points(mm: f64) -> Pt {
    Pt(((mm * f64::from(POINTS_PER_MM) * 100.0).round() / 100.0) as f32)
}
