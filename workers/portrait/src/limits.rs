//! Bounds of what is decoded, and the form of what is stored.

/// Width divided by height, as two whole numbers so that comparisons are exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aspect {
    /// Share of the width.
    pub width: u32,
    /// Share of the height.
    pub height: u32,
}

/// What a photo may be and what a portrait becomes. [`Limits::default`] holds the values in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Largest file, in bytes: 10 MB.
    pub max_bytes: usize,
    /// Largest picture, in pixels: 40 megapixels.
    pub max_pixels: u64,
    /// Most memory that decoding may take, in bytes. A progressive JPEG needs more than three bytes a pixel.
    pub max_decoded_bytes: u64,
    /// Most scans of a JPEG. Encoders in use write ten or so; thousands only burn time.
    pub max_scans: u32,
    /// Most pixels that the scans of a progressive JPEG may pass over together: each scan costs as much time as the picture has
    /// pixels. `ops/measure-hostile-photos` decodes pictures near this bound.
    pub max_scanned_pixels: u64,
    /// Most pictures of a GIF; more is no still picture by any mistake.
    pub max_pictures: u32,
    /// Bytes that any picture may unfold to, however small its file is.
    pub free_unfolding: u64,
    /// Beyond that a picture may unfold to so many times its file: what exceeds that is one plain colour, or a bomb.
    pub max_unfolding: u64,
    /// Least width in pixels, as the examinations of the past asked for (75 × 105).
    pub min_width: u32,
    /// Least height in pixels.
    pub min_height: u32,
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
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            max_bytes: 10_000_000,
            max_pixels: 40_000_000,
            max_decoded_bytes: 192 * 1024 * 1024,
            max_scans: 100,
            max_scanned_pixels: 200_000_000,
            max_pictures: 200,
            free_unfolding: 16 << 20,
            max_unfolding: 200,
            min_width: 75,
            min_height: 105,
            target_aspect: Aspect { width: 5, height: 7 },
            target_max_width: 413,
            target_max_height: 579,
            print_width: 295,
            max_enlargement_percent: 150,
            max_output_bytes: 50 * 1024,
            first_quality: 90,
            least_quality: 40,
            density_dpi: 300,
        }
    }
}
