//! What can be done to a photo, well or badly.

use image::codecs::bmp::BmpEncoder;
use image::codecs::gif::GifEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::imageops::{self, FilterType};
use image::{ExtendedColorType, ImageEncoder, Rgb, RgbImage};
use jpeg_encoder::{ColorType, Encoder};

pub(crate) fn jpeg(picture: &RgbImage) -> Vec<u8> {
    jpeg_of(picture, 92, None, false)
}

pub(crate) fn jpeg_of(picture: &RgbImage, quality: u8, note: Option<u8>, progressive: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, quality);
    encoder.set_progressive(progressive);
    if let Some(note) = note {
        // A TIFF header, one directory with one entry: tag 0x0112, one SHORT.
        let directory = [b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0", [note, 0, 0].as_slice(), &[0; 4]].concat();
        encoder.add_exif_metadata(&directory).unwrap();
    }
    encoder.encode(picture.as_raw(), side(picture.width()), side(picture.height()), ColorType::Rgb).unwrap();
    bytes
}

pub(crate) fn cmyk(picture: &RgbImage) -> Vec<u8> {
    let inks: Vec<u8> = picture.pixels().flat_map(|p| [255 - p.0[0], 255 - p.0[1], 255 - p.0[2], 0]).collect();
    let mut bytes = Vec::new();
    Encoder::new(&mut bytes, 92).encode(&inks, side(picture.width()), side(picture.height()), ColorType::Cmyk).unwrap();
    bytes
}

fn side(pixels: u32) -> u16 {
    u16::try_from(pixels).unwrap()
}

pub(crate) fn png(picture: &RgbImage) -> Vec<u8> {
    encoded(picture, |bytes, picture| {
        PngEncoder::new(bytes).write_image(picture, picture.width(), picture.height(), ExtendedColorType::Rgb8)
    })
}

pub(crate) fn bmp(picture: &RgbImage) -> Vec<u8> {
    encoded(picture, |bytes, picture| BmpEncoder::new(bytes).encode(picture, picture.width(), picture.height(), ExtendedColorType::Rgb8))
}

pub(crate) fn webp(picture: &RgbImage) -> Vec<u8> {
    encoded(picture, |bytes, picture| {
        WebPEncoder::new_lossless(bytes).encode(picture, picture.width(), picture.height(), ExtendedColorType::Rgb8)
    })
}

/// A GIF of so many equal pictures.
pub(crate) fn gif(picture: &RgbImage, pictures: usize) -> Vec<u8> {
    encoded(picture, |bytes, picture| {
        let frame = image::Frame::new(image::DynamicImage::ImageRgb8(picture.clone()).into_rgba8());
        GifEncoder::new_with_speed(bytes, 30).encode_frames(vec![frame; pictures])
    })
}

fn encoded(picture: &RgbImage, encode: impl FnOnce(&mut Vec<u8>, &RgbImage) -> image::ImageResult<()>) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode(&mut bytes, picture).unwrap();
    bytes
}

pub(crate) fn scaled(picture: &RgbImage, width: u32, height: u32) -> RgbImage {
    imageops::resize(picture, width, height, FilterType::Triangle)
}

pub(crate) fn part(picture: &RgbImage, [left, top, width, height]: [u32; 4]) -> RgbImage {
    imageops::crop_imm(picture, left, top, width, height).to_image()
}

/// Every channel times a factor, plus a share.
pub(crate) fn toned(picture: &RgbImage, factor: f32, plus: f32) -> RgbImage {
    mapped(picture, |_, _, [r, g, b]| [r, g, b].map(|channel| channel * factor + plus))
}

pub(crate) fn grey(picture: &RgbImage) -> RgbImage {
    mapped(picture, |_, _, [r, g, b]| [0.299 * r + 0.587 * g + 0.114 * b; 3])
}

/// Light on the sitter from the right only.
pub(crate) fn shaded(picture: &RgbImage) -> RgbImage {
    let middle = picture.width() as f32 / 2.0;
    mapped(picture, |x, _, colour| {
        let light = 0.3 + 0.7 / (1.0 + (-(x as f32 - middle) / 14.0).exp());
        if colour[2] > 235.0 { colour } else { colour.map(|channel| channel * light) }
    })
}

pub(crate) fn mapped(picture: &RgbImage, of: impl Fn(u32, u32, [f32; 3]) -> [f32; 3]) -> RgbImage {
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        Rgb(of(x, y, picture.get_pixel(x, y).0.map(f32::from)).map(|channel| channel.clamp(0.0, 255.0) as u8))
    })
}

/// A border of so many pixels.
pub(crate) fn framed(picture: &RgbImage, border: u32, colour: Rgb<u8>) -> RgbImage {
    let mut out = RgbImage::from_pixel(picture.width() + 2 * border, picture.height() + 2 * border, colour);
    imageops::replace(&mut out, picture, i64::from(border), i64::from(border));
    out
}

/// A red ring with a star's bars over the lower right corner, as embossing offices stamp it.
pub(crate) fn stamped(picture: &RgbImage) -> RgbImage {
    let (x0, y0, radius) = (picture.width() as f32 * 0.8, picture.height() as f32 * 0.85, picture.width() as f32 * 0.17);
    mapped(picture, |x, y, colour| {
        let (dx, dy) = (x as f32 - x0, y as f32 - y0);
        let distance = dx.hypot(dy);
        let ring = (distance - radius).abs() < radius * 0.05;
        let bars = distance < radius * 0.5 && (dx.abs() < radius * 0.05 || dy.abs() < radius * 0.05);
        if ring || bars { [205.0, 30.0, 40.0] } else { colour }
    })
}

/// Writing on the background beside the head.
pub(crate) fn written_on(picture: &RgbImage) -> RgbImage {
    let mut out = picture.clone();
    for letter in 0..4 {
        for y in 0..40 {
            for x in 0..5 {
                out.put_pixel(12 + letter * 20 + x, 60 + y, Rgb([40, 40, 40]));
                out.put_pixel(12 + letter * 20 + y % 15, 60 + x + 18, Rgb([40, 40, 40]));
            }
        }
    }
    out
}
