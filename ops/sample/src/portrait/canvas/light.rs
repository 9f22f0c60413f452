//! Soft light and shadow, written pixel by pixel: that is much cheaper than gradients, and they end without an edge.

use std::ops::Range;

use tiny_skia::{Mask, Rect};

use super::{Canvas, Ink, Place};

impl Canvas {
    /// A light or shadow that fades to nothing, strongest in its middle; `reach` is how far it goes to the side and up or down.
    pub(crate) fn glow(&mut self, centre: Place, reach: (f32, f32), ink: Ink) {
        let middle = self.on_board(centre);
        let reach = (reach.0 * self.view.sx, reach.1 * self.view.sy);
        let around = Rect::from_ltrb(middle.0 - reach.0, middle.1 - reach.1, middle.0 + reach.0, middle.1 + reach.1);
        self.tint(around, ink, |(x, y)| {
            let (right, down) = ((x - middle.0) / reach.0, (y - middle.1) / reach.1);
            let near = (1.0 - right * right - down * down).max(0.0);
            near * near
        });
    }

    /// A shadow over everything that is open, from nothing at the first place to its full strength at the second and beyond.
    pub(crate) fn shade(&mut self, from: Place, to: Place, ink: Ink) {
        let (from, to) = (self.on_board(from), self.on_board(to));
        let (right, down) = (to.0 - from.0, to.1 - from.1);
        let length = right * right + down * down;
        let (right, down) = (right / length, down / length);
        let (first, last) = (self.on_board((self.open.left(), self.open.top())), self.on_board((self.open.right(), self.open.bottom())));
        self.tint(Rect::from_ltrb(first.0, first.1, last.0, last.1), ink, |(x, y)| {
            let way = ((x - from.0) * right + (y - from.1) * down).clamp(0.0, 1.0);
            way * way * (3.0 - 2.0 * way)
        });
    }

    /// Where a place of the view lies on the board.
    fn on_board(&self, place: Place) -> Place {
        (place.0 * self.view.sx + self.view.tx, place.1 * self.view.sy + self.view.ty)
    }

    /// Mixes the ink into the open pixels of a part of the board, each with the share from 0 to 1 that it is given.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "shares of 256, and places on a board of a few hundred pixels"
    )]
    fn tint(&mut self, part: Option<Rect>, ink: Ink, share: impl Fn(Place) -> f32) {
        let Some(part) = part else { return };
        let (columns, rows) =
            (pixels(part.left(), part.right(), self.pixmap.width()), pixels(part.top(), part.bottom(), self.pixmap.height()));
        let width = self.pixmap.width() as usize;
        let clip = self.clip.as_ref().map(Mask::data);
        let colour = ink.rgb.map(|channel| (channel.clamp(0.0, 1.0) * 255.0) as i32);
        let strength = ink.alpha.clamp(0.0, 1.0) * 256.0;
        let samples = self.pixmap.data_mut();
        for row in rows {
            for at in row * width + columns.start..row * width + columns.end {
                let open = clip.map_or(255, |clip| i32::from(clip[at]));
                if open == 0 {
                    continue;
                }
                let place = ((at - row * width) as f32 + 0.5, row as f32 + 0.5);
                let share = ((strength * share(place)) as i32 * (open + 1)) >> 8;
                for (sample, colour) in samples[at * 4..at * 4 + 3].iter_mut().zip(colour) {
                    *sample = mixed(*sample, colour, share);
                }
            }
        }
    }
}

/// The pixels from one place of a side to another, as far as the board goes.
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a board has a few thousand pixels a side")]
fn pixels(from: f32, to: f32, side: u32) -> Range<usize> {
    let bound = |value: f32| value.clamp(0.0, side as f32) as usize;
    bound(from.floor())..bound(to.ceil())
}

/// The sample with so many 256ths of another.
#[expect(clippy::cast_possible_truncation, reason = "lies between two samples")]
fn mixed(sample: u8, other: i32, share: i32) -> u8 {
    let own = i32::from(sample);
    (own + (((other - own) * share + 128) >> 8)) as u8
}
