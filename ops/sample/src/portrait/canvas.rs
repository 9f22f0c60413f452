//! A small drawing board over tiny-skia: smooth shapes, soft light, nothing that can fail on sensible numbers.

mod ink;
mod lens;
mod light;
mod outline;

use anyhow::Context;
use image::RgbImage;
use tiny_skia::{FillRule, LineCap, LineJoin, Mask, Pixmap, Rect, Stroke, Transform};

use ink::paint;
pub(crate) use ink::{Fill, Ink};
pub(crate) use outline::Outline;

/// A place on the board, in pixels from the upper left corner.
pub(crate) type Place = (f32, f32);

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

    /// Draws larger (or smaller) and moved for a while; `fixed` is the place that only the move changes.
    pub(crate) fn scaled(&mut self, factor: f32, fixed: Place, moved: Place, draw: impl FnOnce(&mut Canvas)) {
        let (right, down) = (fixed.0 * (1.0 - factor) + moved.0, fixed.1 * (1.0 - factor) + moved.1);
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

    /// The picture as a camera takes it, without transparency: the ground covers everything.
    pub(crate) fn into_picture(self) -> RgbImage {
        let (width, height) = (self.pixmap.width(), self.pixmap.height());
        let samples = self.pixmap.data().chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
        let mut picture = RgbImage::from_raw(width, height, samples).unwrap_or_default();
        lens::soften(&mut picture);
        lens::grain(&mut picture);
        picture
    }
}
