//! Bytes become pixels, within bounds that are checked before any pixel exists.

use std::io::Cursor;

use image::codecs::bmp::BmpDecoder;
use image::codecs::gif::GifDecoder;
use image::codecs::jpeg::JpegDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError};

use crate::format::Format;
use crate::gif_blocks;
use crate::jpeg_markers::{Frame, Markers, walk};

use crate::turn::Turn;
use crate::{Limits, Refusal, png_chunks, polyglot};

/// A decoded picture, not yet turned as the camera noted.
pub(crate) struct Picture {
    pub(crate) image: DynamicImage,
    pub(crate) format: Format,
    pub(crate) turn: Turn,
    pub(crate) icc_profile: Option<Vec<u8>>,
    pub(crate) is_cmyk: bool,
    pub(crate) is_animated: bool,
    /// What a JPEG's own tables tell of its quality, 1 to 100.
    pub(crate) quality: Option<u8>,
}

/// Decodes a JPEG, PNG, BMP, WebP or the first picture of a GIF; every other content is refused by name.
pub(crate) fn decode(bytes: &[u8], limits: &Limits) -> Result<Picture, Refusal> {
    match admit(bytes, limits)? {
        Admitted::Jpeg(markers) => jpeg(bytes, &markers, limits),
        Admitted::Png => png(bytes, limits),
        Admitted::Gif { pictures } => gif(bytes, pictures, limits),
        Admitted::WebP => webp(bytes, limits),
        Admitted::Bmp => finish(Format::Bmp, BmpDecoder::new(Cursor::new(bytes)).map_err(|error| unreadable(&error))?, limits),
    }
}

/// A file that may be decoded, with what was found on the way.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Admitted {
    Jpeg(Markers),
    Png,
    Gif { pictures: u32 },
    WebP,
    Bmp,
}

impl Admitted {
    pub(crate) fn format(self) -> Format {
        match self {
            Admitted::Jpeg(_) => Format::Jpeg,
            Admitted::Png => Format::Png,
            Admitted::Gif { .. } => Format::Gif,
            Admitted::WebP => Format::WebP,
            Admitted::Bmp => Format::Bmp,
        }
    }
}

/// What can be said without decoding: the format, the size that the header claims, and whether a JPEG ends.
pub(crate) fn admit(bytes: &[u8], limits: &Limits) -> Result<Admitted, Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::Empty);
    }
    if bytes.len() > limits.max_bytes {
        return Err(Refusal::TooManyBytes { bytes: bytes.len(), limit: limits.max_bytes });
    }
    let format = Format::of(bytes);
    if !format.is_read() {
        return Err(if format.is_picture() { Refusal::UnsupportedFormat { format } } else { Refusal::NotAPicture { found: format } });
    }
    let markers = (format == Format::Jpeg).then(|| walk(bytes));
    if let Some(other) = polyglot::other_format(bytes, markers.map_or(0, |markers| markers.behind)) {
        return Err(Refusal::TwoFormats { other });
    }
    // Width and height stand at fixed places (PNG 11.2.2, GIF89a 18, BITMAPINFOHEADER), so they are known before anything is unpacked.
    if let Some(markers) = markers {
        admit_jpeg(&markers, bytes.len(), limits)?;
        return Ok(Admitted::Jpeg(markers));
    }
    if format == Format::Png {
        admit_claim(word(bytes, 16, u32::from_be_bytes), word(bytes, 20, u32::from_be_bytes), bytes, limits)?;
        if png_chunks::has_bomb_for_a_profile(bytes) {
            return Err(Refusal::Unreadable { detail: "PNG with a colour profile beyond all measure".to_owned() });
        }
        return Ok(Admitted::Png);
    }
    if format == Format::Gif {
        admit_claim(half(bytes, 6), half(bytes, 8), bytes, limits)?;
        return match gif_blocks::count(bytes) {
            None => Err(Refusal::Unreadable { detail: "GIF cut off before its end".to_owned() }),
            Some(pictures) if pictures > limits.max_pictures => Err(Refusal::Unreadable { detail: format!("GIF of {pictures} pictures") }),
            Some(pictures) => Ok(Admitted::Gif { pictures }),
        };
    }
    if format == Format::WebP {
        return Ok(Admitted::WebP);
    }
    if bytes.get(14) != Some(&12) {
        // The height is negative where the rows run from the top.
        let height = word(bytes, 22, i32::from_le_bytes).map(i32::unsigned_abs);
        admit_claim(word(bytes, 18, u32::from_le_bytes), height, bytes, limits)?;
    }
    Ok(Admitted::Bmp)
}

fn admit_claim(width: Option<u32>, height: Option<u32>, bytes: &[u8], limits: &Limits) -> Result<(), Refusal> {
    let Some((width, height)) = width.zip(height) else { return Ok(()) };
    admit_size(width, height, 0, limits)?;
    admit_unfolding(width, height, bytes.len(), limits)
}

/// A photo of many pixels has many bytes; what has not is a bomb, or shows nothing.
fn admit_unfolding(width: u32, height: u32, bytes: usize, limits: &Limits) -> Result<(), Refusal> {
    let unfolded = u64::from(width) * u64::from(height) * 3;
    let is_bomb = unfolded > limits.free_unfolding && unfolded / limits.max_unfolding > bytes as u64;
    if is_bomb { Err(Refusal::Unfolds { bytes, width, height }) } else { Ok(()) }
}

fn admit_jpeg(markers: &Markers, bytes: usize, limits: &Limits) -> Result<(), Refusal> {
    let Some(frame) = markers.frame else {
        return Err(Refusal::Unreadable { detail: "JPEG without a frame header".to_owned() });
    };
    admit_size(frame.width, frame.height, jpeg_memory(&frame), limits)?;
    admit_unfolding(frame.width, frame.height, bytes, limits)?;
    if !markers.ended {
        return Err(Refusal::Unreadable { detail: "JPEG cut off before its end".to_owned() });
    }
    // Every scan passes over all pixels again.
    let work = u64::from(markers.scans) * u64::from(frame.width) * u64::from(frame.height);
    if markers.scans > limits.max_scans || (markers.scans > 4 && work > limits.max_scanned_pixels) {
        return Err(Refusal::Unreadable { detail: format!("JPEG of {} × {} with {} scans", frame.width, frame.height, markers.scans) });
    }
    Ok(())
}

fn jpeg(bytes: &[u8], markers: &Markers, limits: &Limits) -> Result<Picture, Refusal> {
    let decoder = JpegDecoder::new(Cursor::new(bytes)).map_err(|error| unreadable(&error))?;
    let mut picture = finish(Format::Jpeg, decoder, limits)?;
    picture.is_cmyk = markers.frame.is_some_and(|frame| frame.components == 4);
    picture.quality = markers.quality;
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
    let decoder = PngDecoder::with_limits(Cursor::new(bytes), decoder_limits(limits)).map_err(|error| unreadable(&error))?;
    let is_animated = decoder.is_apng().unwrap_or(false);
    let mut picture = finish(Format::Png, decoder, limits)?;
    picture.is_animated = is_animated;
    Ok(picture)
}

fn gif(bytes: &[u8], pictures: u32, limits: &Limits) -> Result<Picture, Refusal> {
    let mut picture = finish(Format::Gif, GifDecoder::new(Cursor::new(bytes)).map_err(|error| unreadable(&error))?, limits)?;
    picture.is_animated = pictures > 1;
    Ok(picture)
}

fn webp(bytes: &[u8], limits: &Limits) -> Result<Picture, Refusal> {
    let decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(|error| unreadable(&error))?;
    let (width, height) = decoder.dimensions();
    // The decoder keeps planes or a second copy beside the pixels.
    admit_size(width, height, 2 * decoder.total_bytes(), limits)?;
    let is_animated = decoder.has_animation();
    let mut picture = finish(Format::WebP, decoder, limits)?;
    picture.is_animated = is_animated;
    Ok(picture)
}

fn finish(format: Format, mut decoder: impl ImageDecoder, limits: &Limits) -> Result<Picture, Refusal> {
    let (width, height) = decoder.dimensions();
    admit_size(width, height, decoder.total_bytes(), limits)?;
    decoder.set_limits(decoder_limits(limits)).map_err(|error| unreadable(&error))?;
    // A note that cannot be read is no note: the picture itself may be sound.
    let turn = Turn::of_note(decoder.orientation().unwrap_or(Orientation::NoTransforms));
    let (upright_width, upright_height) = turn.size((width, height));
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
    Ok(Picture { image, format, turn, icc_profile, is_cmyk: false, is_animated: false, quality: None })
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

fn unreadable(error: &ImageError) -> Refusal {
    Refusal::Unreadable { detail: error.to_string() }
}

fn word<T>(bytes: &[u8], at: usize, of: fn([u8; 4]) -> T) -> Option<T> {
    bytes.get(at..at + 4).and_then(|word| word.try_into().ok()).map(of)
}

fn half(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 2).and_then(|half| half.try_into().ok()).map(|half| u32::from(u16::from_le_bytes(half)))
}
