//! Parts of a picture, in pixels from its upper left corner.

/// An upright rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rect {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Rect {
    /// The first column behind it.
    pub(crate) fn right(&self) -> f64 {
        self.left + self.width
    }

    /// The first row below it.
    pub(crate) fn bottom(&self) -> f64 {
        self.top + self.height
    }

    /// Its middle column.
    pub(crate) fn middle(&self) -> f64 {
        self.left + self.width / 2.0
    }

    /// The same part in a picture that is larger by this factor.
    pub(crate) fn scaled(&self, factor: f64) -> Rect {
        Rect { left: self.left * factor, top: self.top * factor, width: self.width * factor, height: self.height * factor }
    }

    /// What of it lies within a picture of this size.
    pub(crate) fn within(&self, width: u32, height: u32) -> Rect {
        let left = self.left.clamp(0.0, f64::from(width));
        let top = self.top.clamp(0.0, f64::from(height));
        let right = self.right().clamp(left, f64::from(width));
        let bottom = self.bottom().clamp(top, f64::from(height));
        Rect { left, top, width: right - left, height: bottom - top }
    }

    /// Left, top, width and height in whole pixels.
    pub(crate) fn pixels(&self) -> [u32; 4] {
        let [left, top, right, bottom] = [self.left, self.top, self.right(), self.bottom()].map(whole);
        [left, top, right - left, bottom - top]
    }
}

/// The nearest whole number, from 0.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
pub(crate) fn whole(value: f64) -> u32 {
    value.round() as u32
}
