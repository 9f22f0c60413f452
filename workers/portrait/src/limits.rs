//! The one table of thresholds of the review, with the sources they come from.

use std::cmp::Ordering;

/// Width divided by height, as two whole numbers so that comparisons are exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aspect {
    /// Share of the width.
    pub width: u32,
    /// Share of the height.
    pub height: u32,
}

/// What a photo may be and what a portrait becomes. [`Limits::default`] holds the values in force.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// Largest file, in bytes: 10 MB.
    pub max_bytes: usize,
    /// Largest picture, in pixels: 40 megapixels.
    pub max_pixels: u64,
    /// Most memory that decoding may take, in bytes. A progressive JPEG needs more than three bytes a pixel.
    pub max_decoded_bytes: u64,
    /// Most scans of a JPEG. Real progressive files have about ten; thousands only burn time.
    pub max_scans: u32,
    /// Least width in pixels, as the examinations of the past asked for (75 × 105).
    pub min_width: u32,
    /// Least height in pixels.
    pub min_height: u32,
    /// Below this width a portrait is accepted with a finding: 150 pixels.
    pub low_resolution_width: u32,
    /// Narrowest picture that is cropped without asking: width is 0.64 of the height.
    pub min_aspect: Aspect,
    /// Widest picture that is cropped without asking: width is 0.84 of the height.
    pub max_aspect: Aspect,
    /// Shape of the stored portrait: 25 × 35 mm.
    pub target_aspect: Aspect,
    /// Widest stored portrait in pixels.
    pub target_max_width: u32,
    /// Tallest stored portrait in pixels.
    pub target_max_height: u32,
    /// Pictures narrower than this are enlarged towards it: 295 pixels are 25 mm at 300 dpi.
    pub print_width: u32,
    /// Most enlargement, in hundredths: 150 is 1.5 times.
    pub max_enlargement_percent: u32,
    /// Largest stored portrait, in bytes: 50 KiB, as the national interface asks.
    pub max_output_bytes: usize,
    /// JPEG quality of the first attempt to encode the portrait.
    pub first_quality: u8,
    /// JPEG quality below which the portrait is made smaller instead.
    pub least_quality: u8,
    /// Density noted in the stored portrait, in dots per inch.
    pub density_dpi: u16,
    /// Below this spread of brightness (standard deviation, 0 to 127) a picture shows nothing.
    pub blank_deviation: f32,
    /// Below this mean difference between a pixel's strongest and weakest channel (0 to 255) a picture counts as grey.
    pub grey_chroma: f32,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            max_bytes: 10_000_000,
            max_pixels: 40_000_000,
            max_decoded_bytes: 192 * 1024 * 1024,
            max_scans: 100,
            min_width: 75,
            min_height: 105,
            low_resolution_width: 150,
            min_aspect: Aspect { width: 64, height: 100 },
            max_aspect: Aspect { width: 84, height: 100 },
            target_aspect: Aspect { width: 5, height: 7 },
            target_max_width: 413,
            target_max_height: 579,
            print_width: 295,
            max_enlargement_percent: 150,
            max_output_bytes: 50 * 1024,
            first_quality: 90,
            least_quality: 40,
            density_dpi: 300,
            blank_deviation: 6.0,
            grey_chroma: 3.0,
        }
    }
}

impl Aspect {
    /// How the proportion of a picture of this size compares with the aspect: `Less` is narrower, `Greater` is wider.
    pub(crate) fn compare(self, width: u32, height: u32) -> Ordering {
        (u64::from(width) * u64::from(self.height)).cmp(&(u64::from(height) * u64::from(self.width)))
    }
}

impl Limits {
    /// Whether a picture of this size has the proportion of an identity photo; both bounds are inclusive.
    pub(crate) fn admits_aspect(&self, width: u32, height: u32) -> bool {
        self.min_aspect.compare(width, height).is_ge() && self.max_aspect.compare(width, height).is_le()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aspect_bounds_are_inclusive() {
        let limits = Limits::default();
        for (width, height, inside) in [
            (64, 100, true),
            (63, 100, false),
            (84, 100, true),
            (85, 100, false),
            (295, 413, true),
            (358, 441, true),
            (413, 626, true),
            (413, 579, true),
            (480, 640, true),
            (640, 480, false),
        ] {
            assert_eq!(limits.admits_aspect(width, height), inside, "{width} × {height}");
        }
    }
}
