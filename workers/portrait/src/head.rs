//! Where a head lies, reckoned from the frame in which the detector sees the face.
//!
//! The proportions were read off the two photographs of `tests/photographs.rs`, whose variants show whether what is made of them holds.

use crate::rect::Rect;

/// Breadth of the face at the cheekbones, in widths of the frame.
const FACE_WIDTH: f64 = 0.84;
/// The eyes below the frame's upper edge, in heights of the frame.
const EYES: f64 = 0.39;
/// The chin below the frame's upper edge.
const CHIN: f64 = 1.11;
/// The crown above the frame's upper edge under much hair.
const HIGHEST_CROWN: f64 = 0.36;
/// The crown above the frame's upper edge under short hair.
const LOWEST_CROWN: f64 = 0.18;

/// A head: lines and breadths in the pixels of the picture that it was found in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Head {
    pub(crate) frame: Rect,
    /// The crown, hair included, where the background lets it be seen.
    pub(crate) seen_crown: Option<f64>,
}

impl Head {
    pub(crate) fn of(frame: Rect) -> Head {
        Head { frame, seen_crown: None }
    }

    /// The same head in a picture that is larger by this factor.
    pub(crate) fn scaled(&self, factor: f64) -> Head {
        Head { frame: self.frame.scaled(factor), seen_crown: self.seen_crown.map(|crown| crown * factor) }
    }

    /// The crown as seen, or where it lies at the highest: room for it is left when the photo is cut.
    pub(crate) fn highest_crown(&self) -> f64 {
        self.seen_crown.unwrap_or(self.frame.top - HIGHEST_CROWN * self.frame.height)
    }

    /// The crown as seen, or where it lies at the lowest: if even that is cut off, the head is.
    pub(crate) fn lowest_crown(&self) -> f64 {
        self.seen_crown.unwrap_or(self.frame.top - LOWEST_CROWN * self.frame.height)
    }

    pub(crate) fn face_width(&self) -> f64 {
        self.frame.width * FACE_WIDTH
    }

    pub(crate) fn middle(&self) -> f64 {
        self.frame.middle()
    }

    pub(crate) fn eyes(&self) -> f64 {
        self.frame.top + EYES * self.frame.height
    }

    pub(crate) fn chin(&self) -> f64 {
        self.frame.top + CHIN * self.frame.height
    }

    /// Forehead to mouth and cheek to cheek: skin, mostly.
    pub(crate) fn skin(&self) -> Rect {
        Rect {
            left: self.frame.left + 0.2 * self.frame.width,
            top: self.frame.top + 0.1 * self.frame.height,
            width: 0.6 * self.frame.width,
            height: 0.75 * self.frame.height,
        }
    }
}
