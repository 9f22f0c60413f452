//! A small drawing board over tiny-skia: smooth shapes, soft light, nothing that can fail on sensible numbers.

use anyhow::Context;
use image::RgbImage;
use tiny_skia::{
    Color, FillRule, GradientStop, LineCap, LineJoin, LinearGradient, Mask, Paint, Path, PathBuilder, Pixmap, Point, RadialGradient, Rect,
    Shader, SpreadMode, Stroke, Transform,
};

/// A place on the board, in pixels from the upper left corner.
pub(crate) type Place = (f32, f32);

/// A colour that may let through what lies below.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ink {
    rgb: [f32; 3],
    alpha: f32,
}

impl Ink {
    /// An opaque colour, written as 0xRRGGBB.
    pub(crate) fn new(code: u32) -> Ink {
        let [_, red, green, blue] = code.to_be_bytes();
        Ink { rgb: [red, green, blue].map(|channel| f32::from(channel) / 255.0), alpha: 1.0 }
    }

    pub(crate) fn with_alpha(self, alpha: f32) -> Ink {
        Ink { alpha, ..self }
    }

    /// This colour with a share of another.
    pub(crate) fn mixed(self, other: Ink, share: f32) -> Ink {
        let mut rgb = self.rgb;
        for (own, other) in rgb.iter_mut().zip(other.rgb) {
            *own += (other - *own) * share;
        }
        Ink { rgb, alpha: self.alpha }
    }

    pub(crate) fn darker(self, share: f32) -> Ink {
        self.mixed(Ink::new(0x1A1014), share)
    }

    pub(crate) fn lighter(self, share: f32) -> Ink {
        self.mixed(Ink::new(0xFFFFFF), share)
    }

    fn color(self) -> Color {
        let [red, green, blue] = self.rgb.map(|channel| channel.clamp(0.0, 1.0));
        Color::from_rgba(red, green, blue, self.alpha.clamp(0.0, 1.0)).unwrap_or(Color::TRANSPARENT)
    }
}

/// How a shape is filled.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fill {
    Flat(Ink),
    /// From one place and colour to another.
    Along(Place, Ink, Place, Ink),
    /// From the centre outwards to a radius.
    Around(Place, f32, Ink, Ink),
}

impl From<Ink> for Fill {
    fn from(ink: Ink) -> Fill {
        Fill::Flat(ink)
    }
}

/// A fill that fades to nothing at the radius.
pub(crate) fn fading(centre: Place, radius: f32, ink: Ink) -> Fill {
    Fill::Around(centre, radius, ink, ink.with_alpha(0.0))
}

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

    fn path(&self, closed: bool) -> Option<Path> {
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

/// The board.
pub(crate) struct Canvas {
    pixmap: Pixmap,
    clip: Option<Mask>,
    /// What is open, in the measure of the view: filling more would only cost time.
    open: Rect,
    view: Transform,
}

impl Canvas {
    pub(crate) fn new(width: u32, height: u32) -> anyhow::Result<Canvas> {
        let pixmap = Pixmap::new(width, height).context("a board needs a size")?;
        #[expect(clippy::cast_precision_loss, reason = "a board has a few hundred pixels a side")]
        let whole = Rect::from_xywh(0.0, 0.0, width as f32, height as f32).context("a board needs a size")?;
        Ok(Canvas { pixmap, clip: None, open: whole, view: Transform::identity() })
    }

    /// Fills the whole board from one colour at its top to another at its bottom, row by row: flat rows are drawn many times faster
    /// than gradients.
    #[expect(clippy::cast_precision_loss, reason = "a board has a few hundred pixels a side")]
    pub(crate) fn ground(&mut self, top: Ink, bottom: Ink) {
        let (width, height) = (self.pixmap.width() as f32, self.pixmap.height());
        for row in 0..height {
            let ink = top.mixed(bottom, row as f32 / height as f32);
            if let Some(row) = Rect::from_xywh(0.0, row as f32, width, 1.0) {
                self.pixmap.fill_rect(row, &paint(Fill::Flat(ink)), Transform::identity(), None);
            }
        }
    }

    /// A shadow over everything that is open, from nothing at the first place to its full strength at the second and beyond.
    /// The two lie beside or below one another.
    pub(crate) fn shade(&mut self, from: Place, to: Place, ink: Ink) {
        let (left, right) = if to.0 < from.0 { (f32::MIN, from.0) } else { (if to.0 > from.0 { from.0 } else { f32::MIN }, f32::MAX) };
        let top = if to.1 > from.1 { from.1 } else { f32::MIN };
        let open = self.open;
        let part = Rect::from_ltrb(open.left().max(left), open.top().max(top), open.right().min(right), open.bottom());
        if let Some(part) = part {
            let fill = Fill::Along(from, ink.with_alpha(0.0), to, ink);
            self.pixmap.fill_rect(part, &paint(fill), self.view, self.clip.as_ref());
        }
    }

    /// A light or shadow that fades to nothing at the radius.
    pub(crate) fn glow(&mut self, centre: Place, radius: f32, ink: Ink) {
        let reach = Rect::from_ltrb(centre.0 - radius, centre.1 - radius, centre.0 + radius, centre.1 + radius);
        if let Some(reach) = reach.and_then(|reach| reach.intersect(&self.open)) {
            self.pixmap.fill_rect(reach, &paint(fading(centre, radius, ink)), self.view, self.clip.as_ref());
        }
    }

    /// Draws larger (or smaller) and moved down for a while; `fixed` stays on its height.
    pub(crate) fn scaled(&mut self, factor: f32, fixed: Place, down: f32, draw: impl FnOnce(&mut Canvas)) {
        let (right, down) = (fixed.0 * (1.0 - factor), fixed.1 * (1.0 - factor) + down);
        let outer = (self.view, self.open);
        self.view = self.view.pre_concat(Transform::from_row(factor, 0.0, 0.0, factor, right, down));
        let back = |value: f32, shift: f32| (value - shift) / factor;
        let (left, top) = (back(self.open.left(), right), back(self.open.top(), down));
        let (end, bottom) = (back(self.open.right(), right), back(self.open.bottom(), down));
        self.open = Rect::from_ltrb(left, top, end, bottom).unwrap_or(self.open);
        draw(self);
        (self.view, self.open) = outer;
    }

    pub(crate) fn fill(&mut self, outline: &Outline, fill: impl Into<Fill>) {
        if let Some(path) = outline.path(true) {
            self.pixmap.fill_path(&path, &paint(fill.into()), FillRule::Winding, self.view, self.clip.as_ref());
        }
    }

    /// Draws along the outline with round ends.
    pub(crate) fn stroke(&mut self, outline: &Outline, width: f32, ink: Ink) {
        if let Some(path) = outline.path(false) {
            let stroke = Stroke { width, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() };
            self.pixmap.stroke_path(&path, &paint(Fill::Flat(ink)), &stroke, self.view, self.clip.as_ref());
        }
    }

    /// Draws only inside the outline for a while.
    pub(crate) fn within(&mut self, outline: &Outline, draw: impl FnOnce(&mut Canvas)) {
        let Some(path) = outline.path(true) else {
            return;
        };
        let Some(open) = path.bounds().intersect(&self.open) else {
            return;
        };
        let mask = match &self.clip {
            Some(outer) => {
                let mut mask = outer.clone();
                mask.intersect_path(&path, FillRule::Winding, true, self.view);
                Some(mask)
            }
            None => Mask::new(self.pixmap.width(), self.pixmap.height()).map(|mut mask| {
                mask.fill_path(&path, FillRule::Winding, true, self.view);
                mask
            }),
        };
        let outer = (std::mem::replace(&mut self.clip, mask), std::mem::replace(&mut self.open, open));
        draw(self);
        (self.clip, self.open) = outer;
    }

    /// The picture, without transparency: the ground covers everything.
    pub(crate) fn into_picture(self) -> RgbImage {
        let (width, height) = (self.pixmap.width(), self.pixmap.height());
        let samples: Vec<u8> = self.pixmap.data().chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
        RgbImage::from_raw(width, height, samples).unwrap_or_default()
    }
}

fn paint(fill: Fill) -> Paint<'static> {
    let point = |(x, y): Place| Point::from_xy(x, y);
    let stops = |from: Ink, to: Ink| vec![GradientStop::new(0.0, from.color()), GradientStop::new(1.0, to.color())];
    let (shader, plain) = match fill {
        Fill::Flat(ink) => (None, ink),
        Fill::Along(from, first, to, last) => {
            (LinearGradient::new(point(from), point(to), stops(first, last), SpreadMode::Pad, Transform::identity()), first)
        }
        Fill::Around(centre, radius, first, last) => {
            let centre = point(centre);
            (RadialGradient::new(centre, 0.0, centre, radius, stops(first, last), SpreadMode::Pad, Transform::identity()), first)
        }
    };
    Paint { shader: shader.unwrap_or(Shader::SolidColor(plain.color())), anti_alias: true, ..Paint::default() }
}
