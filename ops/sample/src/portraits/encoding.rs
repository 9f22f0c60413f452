//! The formats in which pictures arrive, whole and damaged.

use std::io::Cursor;

use anyhow::Context;
use image::codecs::gif::GifEncoder;
use image::{ExtendedColorType, Frame, ImageFormat, RgbImage};
use jpeg_encoder::{ColorType, Encoder};

use crate::portrait;

/// How a JPEG is written.
#[derive(Debug, Clone, Copy)]
pub(super) enum Jpeg {
    /// With this quality from 1 to 100.
    Quality(u8),
    /// In several passes, from coarse to fine.
    Progressive,
    /// With a note that the picture is to be turned by a quarter with the clock before it is shown.
    ToBeTurned,
}

/// An EXIF block with nothing in it but the orientation 6: byte order, the place of the only list, one entry, no further list.
const TURN_WITH_THE_CLOCK: &[u8] = b"MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";

pub(super) fn jpeg(picture: &RgbImage, how: Jpeg) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, if let Jpeg::Quality(quality) = how { quality } else { 90 });
    encoder.set_progressive(matches!(how, Jpeg::Progressive));
    if let Jpeg::ToBeTurned = how {
        encoder.add_exif_metadata(TURN_WITH_THE_CLOCK).context("add an EXIF note")?;
    }
    let (width, height) = portrait::sides(picture)?;
    encoder.encode(picture.as_raw(), width, height, ColorType::Rgb).context("encode a JPEG")?;
    Ok(bytes)
}

/// In cyan, magenta, yellow and black, as printers save pictures.
pub(super) fn cmyk_jpeg(picture: &RgbImage) -> anyhow::Result<Vec<u8>> {
    let inks: Vec<u8> = picture.pixels().flat_map(|pixel| inks(pixel.0)).collect();
    let (width, height) = portrait::sides(picture)?;
    let mut bytes = Vec::new();
    Encoder::new(&mut bytes, 92).encode(&inks, width, height, ColorType::Cmyk).context("encode a JPEG of four colours")?;
    Ok(bytes)
}

/// The four inks that print a colour: what its brightest channel lacks is black.
fn inks(colour: [u8; 3]) -> [u8; 4] {
    let brightest = colour.into_iter().max().unwrap_or(0);
    let [cyan, magenta, yellow] = colour.map(|channel| {
        let lacking = u16::from(brightest - channel) * 255 / u16::from(brightest.max(1));
        u8::try_from(lacking).unwrap_or(u8::MAX)
    });
    [cyan, magenta, yellow, 255 - brightest]
}

/// Without loss, in a format of the library.
pub(super) fn lossless(picture: &RgbImage, format: ImageFormat) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).with_context(|| format!("encode a picture as {format:?}"))?;
    Ok(bytes.into_inner())
}

/// A GIF of these frames.
pub(super) fn gif(frames: &[&RgbImage]) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new_with_speed(&mut bytes, 20);
    if let [only] = frames {
        encoder.encode(only.as_raw(), only.width(), only.height(), ExtendedColorType::Rgb8).context("encode a GIF")?;
    } else {
        let frames = frames.iter().map(|&frame| Frame::new(image::DynamicImage::ImageRgb8(frame.clone()).into_rgba8()));
        encoder.encode_frames(frames).context("encode a GIF")?;
    }
    drop(encoder);
    Ok(bytes)
}

/// What a HEIC file begins with: its brands, and then a box that no reader of ours opens.
pub(super) fn heic() -> Vec<u8> {
    let mut bytes = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec();
    bytes.extend(b"\0\0\x10\x08mdat");
    bytes.resize(bytes.len() + 0x1000, 0x5A);
    bytes
}

/// The first half.
pub(super) fn truncated(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.truncate(bytes.len() / 2);
    bytes
}

/// A letter where a photo should be.
pub(super) fn text() -> Vec<u8> {
    "照片见附件，请与单位联系补交。\r\n".as_bytes().to_vec()
}
