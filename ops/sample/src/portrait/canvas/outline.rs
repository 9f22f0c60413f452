//! Outlines of shapes, made of curves and lines.

use tiny_skia::{Path, PathBuilder};

use super::Place;

/// An outline made of curves and lines.
#[derive(Debug, Clone)]
pub(crate) struct Outline {
    start: Place,
    curves: Vec<[Place; 3]>,
}

impl Outline {
    pub(crate) fn from(start: Place) -> Outline {
        Outline { start, curves: Vec::new() }
    }

    fn end(&self) -> Place {
        self.curves.last().map_or(self.start, |curve| curve[2])
    }

    /// A cubic curve.
    pub(crate) fn curve(mut self, leaving: Place, arriving: Place, to: Place) -> Outline {
        self.curves.push([leaving, arriving, to]);
        self
    }

    /// A curve pulled towards one place.
    pub(crate) fn bend(self, towards: Place, to: Place) -> Outline {
        let pull = |from: Place| (from.0 + (towards.0 - from.0) * 2.0 / 3.0, from.1 + (towards.1 - from.1) * 2.0 / 3.0);
        let (leaving, arriving) = (pull(self.end()), pull(to));
        self.curve(leaving, arriving, to)
    }

    pub(crate) fn line(self, to: Place) -> Outline {
        let from = self.end();
        self.curve(from, to, to)
    }

    /// Continues with its own mirror image about the vertical line at `x`, back to the start.
    pub(crate) fn mirrored(mut self, x: f32) -> Outline {
        let flip = |place: Place| (2.0 * x - place.0, place.1);
        let mut back: Vec<Place> = std::iter::once(self.start).chain(self.curves.iter().flatten().copied()).collect();
        back.reverse();
        let join = flip(self.end());
        if join != self.end() {
            self = self.line(join);
        }
        for curve in back[1..].chunks_exact(3) {
            self.curves.push([flip(curve[0]), flip(curve[1]), flip(curve[2])]);
        }
        self
    }

    /// The same outline on the other side of the vertical line at `x`.
    pub(crate) fn flipped(&self, x: f32) -> Outline {
        let flip = |place: Place| (2.0 * x - place.0, place.1);
        Outline { start: flip(self.start), curves: self.curves.iter().map(|curve| curve.map(flip)).collect() }
    }

    /// The same outline, moved.
    pub(crate) fn moved(&self, right: f32, down: f32) -> Outline {
        let shift = |place: Place| (place.0 + right, place.1 + down);
        Outline { start: shift(self.start), curves: self.curves.iter().map(|curve| curve.map(shift)).collect() }
    }

    /// An ellipse.
    pub(crate) fn oval((x, y): Place, width: f32, height: f32) -> Outline {
        let (w, h) = (width / 2.0, height / 2.0);
        let k = 0.5523;
        Outline::from((x, y - h))
            .curve((x + w * k, y - h), (x + w, y - h * k), (x + w, y))
            .curve((x + w, y + h * k), (x + w * k, y + h), (x, y + h))
            .curve((x - w * k, y + h), (x - w, y + h * k), (x - w, y))
            .curve((x - w, y - h * k), (x - w * k, y - h), (x, y - h))
    }

    pub(super) fn path(&self, closed: bool) -> Option<Path> {
        let mut builder = PathBuilder::new();
        builder.move_to(self.start.0, self.start.1);
        for [leaving, arriving, to] in &self.curves {
            builder.cubic_to(leaving.0, leaving.1, arriving.0, arriving.1, to.0, to.1);
        }
        if closed {
            builder.close();
        }
        builder.finish()
    }
}
