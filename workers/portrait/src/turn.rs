//! Turning a picture upright: quarter turns and mirroring, as the camera noted or as the face shows.

use image::DynamicImage;
use image::metadata::Orientation;

use crate::rect::Rect;

/// Clockwise quarter turns, and then perhaps mirroring from left to right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Turn {
    quarters: u8,
    mirrored: bool,
}

impl Turn {
    /// What the note of a camera asks for (EXIF 2.3, tag 0x0112).
    pub(crate) fn of_note(note: Orientation) -> Turn {
        let (quarters, mirrored) = match note {
            Orientation::NoTransforms => (0, false),
            Orientation::Rotate90 => (1, false),
            Orientation::Rotate180 => (2, false),
            Orientation::Rotate270 => (3, false),
            Orientation::FlipHorizontal => (0, true),
            Orientation::Rotate90FlipH => (1, true),
            Orientation::FlipVertical => (2, true),
            Orientation::Rotate270FlipH => (3, true),
        };
        Turn { quarters, mirrored }
    }

    /// This turn, and then more clockwise quarters.
    pub(crate) fn then(self, quarters: u8) -> Turn {
        // After mirroring, a turn to the right is one to the left.
        let more = if self.mirrored { 4 - quarters % 4 } else { quarters };
        Turn { quarters: (self.quarters + more) % 4, mirrored: self.mirrored }
    }

    /// Whether width and height are exchanged.
    pub(crate) fn is_sideways(self) -> bool {
        self.quarters % 2 == 1
    }

    /// Width and height after turning.
    pub(crate) fn size(self, (width, height): (u32, u32)) -> (u32, u32) {
        if self.is_sideways() { (height, width) } else { (width, height) }
    }

    /// The part of the source, of this size, that a part of the turned picture shows.
    pub(crate) fn to_source(self, part: Rect, (width, height): (u32, u32)) -> Rect {
        let (full_width, _) = self.size((width, height));
        let (width, height) = (f64::from(width), f64::from(height));
        let Rect { mut left, top, width: w, height: h } = part;
        if self.mirrored {
            left = f64::from(full_width) - left - w;
        }
        match self.quarters {
            0 => Rect { left, top, width: w, height: h },
            1 => Rect { left: top, top: height - left - w, width: h, height: w },
            2 => Rect { left: width - left - w, top: height - top - h, width: w, height: h },
            _ => Rect { left: width - top - h, top: left, width: h, height: w },
        }
    }

    /// Turns the picture.
    pub(crate) fn apply(self, picture: DynamicImage) -> DynamicImage {
        let turned = match self.quarters {
            0 => picture,
            1 => picture.rotate90(),
            2 => picture.rotate180(),
            _ => picture.rotate270(),
        };
        if self.mirrored { turned.fliph() } else { turned }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::RgbImage;

    const NOTES: [Orientation; 8] = [
        Orientation::NoTransforms,
        Orientation::Rotate90,
        Orientation::Rotate180,
        Orientation::Rotate270,
        Orientation::FlipHorizontal,
        Orientation::Rotate90FlipH,
        Orientation::FlipVertical,
        Orientation::Rotate270FlipH,
    ];

    /// Every pixel names its place.
    fn picture() -> DynamicImage {
        DynamicImage::ImageRgb8(RgbImage::from_fn(7, 5, |x, y| image::Rgb([u8::try_from(x).unwrap(), u8::try_from(y).unwrap(), 0])))
    }

    #[test]
    fn every_note_is_followed_as_the_image_crate_does() {
        for note in NOTES {
            let mut expected = picture();
            expected.apply_orientation(note);
            assert_eq!(Turn::of_note(note).apply(picture()), expected, "{note:?}");
        }
    }

    #[test]
    fn a_part_of_the_turned_picture_is_found_in_the_source() {
        for note in NOTES {
            for quarters in 0..4 {
                let turn = Turn::of_note(note).then(quarters);
                let mut turned = picture();
                turned.apply_orientation(note);
                for _ in 0..quarters {
                    turned = turned.rotate90();
                }
                assert_eq!(turn.apply(picture()), turned, "{note:?} and {quarters}");
                let of_turned = turned.crop_imm(1, 2, 2, 3);
                let part = turn.to_source(Rect { left: 1.0, top: 2.0, width: 2.0, height: 3.0 }, (7, 5));
                let [left, top, width, height] = part.pixels();
                assert_eq!(turn.apply(picture().crop_imm(left, top, width, height)), of_turned, "{note:?} and {quarters}");
            }
        }
    }
}
