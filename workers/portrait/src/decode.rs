//! Bytes become pixels, within bounds that are checked before any pixel exists.

use std::io::Cursor;

use image::codecs::jpeg::JpegDecoder;
use image::codecs::png::PngDecoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError};

use crate::format::Format;
use crate::jpeg_markers::{Frame, walk};
use crate::{Limits, Refusal};

/// A decoded picture, not yet turned as the camera noted.
pub(crate) struct Picture {
    pub(crate) image: DynamicImage,
    pub(crate) orientation: Orientation,
    pub(crate) icc_profile: Option<Vec<u8>>,
    pub(crate) is_cmyk: bool,
    pub(crate) is_animated: bool,
}

impl Picture {
    /// Width and height after turning.
    pub(crate) fn upright_size(&self) -> (u32, u32) {
        upright((self.image.width(), self.image.height()), self.orientation)
    }
}

/// Decodes a JPEG or PNG; every other content is refused by name.
pub(crate) fn decode(bytes: &[u8], limits: &Limits) -> Result<Picture, Refusal> {
    let format = Format::of(bytes);
    if format == Format::Jpeg {
        jpeg(bytes, limits)
    } else if format == Format::Png {
        png(bytes, limits)
    } else if format.is_picture() {
        Err(Refusal::UnsupportedFormat { format })
    } else {
        Err(Refusal::NotAPicture { found: format })
    }
}

fn jpeg(bytes: &[u8], limits: &Limits) -> Result<Picture, Refusal> {
    let markers = walk(bytes);
    let Some(frame) = markers.frame else {
        return Err(Refusal::Unreadable { detail: "JPEG without a frame header".to_owned() });
    };
    admit_size(frame.width, frame.height, jpeg_memory(&frame), limits)?;
    if !markers.ended {
        return Err(Refusal::Unreadable { detail: "JPEG cut off before its end".to_owned() });
    }
    if markers.scans > limits.max_scans {
        return Err(Refusal::Unreadable { detail: format!("JPEG with {} scans", markers.scans) });
    }
    let decoder = JpegDecoder::new(Cursor::new(bytes)).map_err(|error| unreadable(&error))?;
    let mut picture = finish(decoder, limits)?;
    picture.is_cmyk = frame.components == 4;
    Ok(picture)
}

/// Bytes that decoding takes: the pixels, and for a progressive JPEG all coefficients at once.
fn jpeg_memory(frame: &Frame) -> u64 {
    let pixels = u64::from(frame.width) * u64::from(frame.height);
    let components = u64::from(frame.components.clamp(1, 4));
    let per_pixel = components.min(3) + if frame.progressive { 2 * components } else { 0 };
    pixels * per_pixel
}

fn png(bytes: &[u8], limits: &Limits) -> Result<Picture, Refusal> {
    // Width and height stand at a fixed place (PNG 11.2.2), so they are known before any chunk is unpacked.
    if let Some((width, height)) = u32_at(bytes, 16).zip(u32_at(bytes, 20)) {
        admit_size(width, height, 0, limits)?;
    }
    let decoder = PngDecoder::with_limits(Cursor::new(bytes), decoder_limits(limits)).map_err(|error| unreadable(&error))?;
    let (width, height) = decoder.dimensions();
    admit_size(width, height, decoder.total_bytes(), limits)?;
    let is_animated = decoder.is_apng().unwrap_or(false);
    let mut picture = finish(decoder, limits)?;
    picture.is_animated = is_animated;
    Ok(picture)
}

fn finish(mut decoder: impl ImageDecoder, limits: &Limits) -> Result<Picture, Refusal> {
    let (width, height) = decoder.dimensions();
    decoder.set_limits(decoder_limits(limits)).map_err(|error| unreadable(&error))?;
    // A note that cannot be read is no note: the picture itself may be sound.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let (upright_width, upright_height) = upright((width, height), orientation);
    if upright_width < limits.min_width || upright_height < limits.min_height {
        return Err(Refusal::TooSmall {
            width: upright_width,
            height: upright_height,
            min_width: limits.min_width,
            min_height: limits.min_height,
        });
    }
    let icc_profile = decoder.icc_profile().unwrap_or(None);
    let image = DynamicImage::from_decoder(decoder).map_err(|error| unreadable(&error))?;
    Ok(Picture { image, orientation, icc_profile, is_cmyk: false, is_animated: false })
}

fn admit_size(width: u32, height: u32, memory_bytes: u64, limits: &Limits) -> Result<(), Refusal> {
    let too_many = u64::from(width) * u64::from(height) > limits.max_pixels || memory_bytes > limits.max_decoded_bytes;
    if too_many { Err(Refusal::TooManyPixels { width, height, limit: limits.max_pixels }) } else { Ok(()) }
}

fn decoder_limits(limits: &Limits) -> image::Limits {
    let mut bounds = image::Limits::default();
    bounds.max_alloc = Some(limits.max_decoded_bytes);
    bounds
}

fn upright((width, height): (u32, u32), orientation: Orientation) -> (u32, u32) {
    if turns_sideways(orientation) { (height, width) } else { (width, height) }
}

/// Whether the orientation exchanges width and height.
pub(crate) fn turns_sideways(orientation: Orientation) -> bool {
    match orientation {
        Orientation::Rotate90 | Orientation::Rotate270 | Orientation::Rotate90FlipH | Orientation::Rotate270FlipH => true,
        Orientation::NoTransforms | Orientation::Rotate180 | Orientation::FlipHorizontal | Orientation::FlipVertical => false,
    }
}

fn unreadable(error: &ImageError) -> Refusal {
    Refusal::Unreadable { detail: error.to_string() }
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4).and_then(|word| word.try_into().ok()).map(u32::from_be_bytes)
}
