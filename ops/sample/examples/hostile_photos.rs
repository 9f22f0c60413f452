//! Writes photos made to do harm into a folder: `cargo run --package sample --example hostile_photos -- DIR`.
//! What the review does with them is measured by `ops/measure-hostile-photos`.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use image::codecs::bmp::BmpEncoder;
use image::codecs::gif::GifEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::codecs::webp::WebPEncoder;
use image::{ExtendedColorType, ImageEncoder as _, RgbImage};
use jpeg_encoder::{ColorType, Encoder};

fn main() -> anyhow::Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).context("name the folder to write to")?);
    fs::create_dir_all(&folder)?;
    bombs(&folder)?;
    claims(&folder)?;
    broken(&folder)?;
    endless(&folder)?;
    polyglots(&folder)
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
    fs::write(folder.join(name), bytes).with_context(|| format!("write {name}"))
}

fn png(samples: &[u8], width: u32, height: u32, colour: ExtendedColorType) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, FilterType::NoFilter).write_image(samples, width, height, colour)?;
    Ok(bytes)
}

fn jpeg(picture: &RgbImage, progressive: bool) -> anyhow::Result<Vec<u8>> {
    jpeg_of_scans(picture, if progressive { 4 } else { 0 })
}

/// A progressive JPEG whose components have so many scans each, but for what they share; a baseline one with none.
fn jpeg_of_scans(picture: &RgbImage, scans: u8) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 60);
    if scans > 0 {
        encoder.set_progressive_scans(scans);
    }
    encoder.encode(picture.as_raw(), u16::try_from(picture.width())?, u16::try_from(picture.height())?, ColorType::Rgb)?;
    Ok(bytes)
}

/// Something different in every pixel, so that nothing is saved.
fn noise(width: u32, height: u32, coarse: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let [a, b, c, _] =
            ((x / coarse).wrapping_mul(2_654_435_761) ^ (y / coarse).wrapping_mul(40_503)).wrapping_mul(2_246_822_519).to_be_bytes();
        image::Rgb([a, b, c])
    })
}

/// Small files that unfold to much.
fn bombs(folder: &Path) -> anyhow::Result<()> {
    write(folder, "zeros-40-megapixels.png", &png(&vec![0; 6300 * 6300 * 3], 6300, 6300, ExtendedColorType::Rgb8)?)?;
    write(folder, "zeros-with-alpha-39-megapixels.png", &png(&vec![0; 6250 * 6250 * 4], 6250, 6250, ExtendedColorType::Rgba8)?)?;
    write(folder, "zeros-of-16-bits-25-megapixels.png", &png(&vec![0; 5000 * 5000 * 8], 5000, 5000, ExtendedColorType::Rgba16)?)?;
    write(folder, "white-36-megapixels.jpg", &jpeg(&RgbImage::from_pixel(6000, 6000, image::Rgb([255; 3])), false)?)?;
    let mut webp = Vec::new();
    WebPEncoder::new_lossless(&mut webp).encode(&vec![0; 16_000 * 2_400 * 3], 16_000, 2_400, ExtendedColorType::Rgb8)?;
    write(folder, "zeros-38-megapixels.webp", &webp)?;
    // A text that unfolds to 300 MB beside a picture of a few pixels.
    let mut text = b"Comment\0\0".to_vec();
    let mut deflated = zip_stream(300 << 20)?;
    text.append(&mut deflated);
    let still = png(&noise(300, 420, 1), 300, 420, ExtendedColorType::Rgb8)?;
    write(folder, "text-of-300-megabytes.png", &[&still[..33], &chunk(b"zTXt", &text), &still[33..]].concat())?;
    let mut profile = b"icc\0\0".to_vec();
    profile.append(&mut zip_stream(300 << 20)?);
    write(folder, "profile-of-300-megabytes.png", &[&still[..33], &chunk(b"iCCP", &profile), &still[33..]].concat())?;
    // What is large and honest: it has to be looked at, within bounds.
    write(folder, "noise-16-megapixels-progressive.jpg", &jpeg(&noise(4000, 4000, 16), true)?)?;
    // As much memory as a progressive JPEG may take, and as many scans with as many pixels altogether as it may have.
    write(folder, "noise-22-megapixels-progressive.jpg", &jpeg_of_scans(&noise(4700, 4700, 5), 3)?)?;
    write(folder, "noise-2-megapixels-of-many-scans.jpg", &jpeg_of_scans(&noise(1420, 1420, 1), 33)?)?;
    write(folder, "noise-38-megapixels.jpg", &jpeg(&noise(5400, 7000, 24), false)?)?;
    write(folder, "noise-9-megapixels.png", &png(&noise(2500, 3500, 12), 2500, 3500, ExtendedColorType::Rgb8)?)
}

/// So many zeros, deflated with the header of zlib.
fn zip_stream(length: usize) -> anyhow::Result<Vec<u8>> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    let block = vec![0; 1 << 20];
    for _ in 0..length >> 20 {
        encoder.write_all(&block)?;
    }
    Ok(encoder.finish()?)
}

fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let body = [name.as_slice(), data].concat();
    let mut sum = flate2::Crc::new();
    sum.update(&body);
    [&u32::try_from(data.len()).unwrap_or(u32::MAX).to_be_bytes()[..], &body, &sum.sum().to_be_bytes()].concat()
}

/// Headers that claim 65,535 × 65,535 pixels.
fn claims(folder: &Path) -> anyhow::Result<()> {
    let small = noise(300, 420, 1);
    let mut claimed = jpeg(&small, false)?;
    let at = claimed.windows(2).position(|mark| mark == [0xFF, 0xC0]).context("a frame header")?;
    claimed[at + 5..at + 9].fill(0xFF);
    write(folder, "claims-65535.jpg", &claimed)?;
    let mut claimed = png(&small, 300, 420, ExtendedColorType::Rgb8)?;
    claimed[16..24].copy_from_slice(&[0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF]);
    write(folder, "claims-65535.png", &claimed)?;
    let mut claimed = Vec::new();
    BmpEncoder::new(&mut claimed).encode(&small, 300, 420, ExtendedColorType::Rgb8)?;
    claimed[18..26].copy_from_slice(&[0xFF, 0xFF, 0, 0, 0xFF, 0xFF, 0, 0]);
    write(folder, "claims-65535.bmp", &claimed)?;
    write(
        folder,
        "claims-65535.gif",
        b"GIF89a\xFF\xFF\xFF\xFF\x80\0\0\0\0\0\xFF\xFF\xFF\x2C\0\0\0\0\xFF\xFF\xFF\xFF\0\x02\x02\x44\x01\0\x3B",
    )
}

/// Files that break off where it hurts.
fn broken(folder: &Path) -> anyhow::Result<()> {
    for (name, progressive) in [("baseline", false), ("progressive", true)] {
        let whole = jpeg(&noise(1000, 1400, 4), progressive)?;
        for (part, of) in [(1, 4), (1, 2), (9, 10)] {
            let cut = &whole[..whole.len() * part / of];
            write(folder, &format!("{name}-cut-{part}-of-{of}.jpg"), cut)?;
            write(folder, &format!("{name}-cut-{part}-of-{of}-and-ended.jpg"), &[cut, b"\xFF\xD9"].concat())?;
        }
    }
    let whole = jpeg(&noise(1000, 1400, 4), true)?;
    let scans = [b"\xFF\xDA\x00\x08\x01\x01\x11\x00\x3F\x00".as_slice()].repeat(5000).concat();
    write(folder, "five-thousand-scans.jpg", &[&whole[..whole.len() - 2], &scans, b"\xFF\xD9"].concat())
}

/// Animations without measure.
fn endless(folder: &Path) -> anyhow::Result<()> {
    let head = b"GIF89a\x2C\x01\xA4\x01\x80\0\0\0\0\0\xFF\xFF\xFF\x21\xFF\x0BNETSCAPE2.0\x03\x01\0\0\0";
    let picture = b"\x2C\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0";
    write(folder, "half-a-million-pictures.gif", &[head.as_slice(), &picture.repeat(500_000), b"\x3B"].concat())?;
    write(folder, "without-an-end.gif", &[head.as_slice(), &picture.repeat(100), &[0x21, 0xFE], &[0xFF; 9_000_000]].concat())?;
    let mut large = Vec::new();
    GifEncoder::new_with_speed(&mut large, 30).encode(&vec![0; 4000 * 4000 * 3], 4000, 4000, ExtendedColorType::Rgb8)?;
    write(folder, "black-16-megapixels.gif", &large)
}

/// Pictures that are something else as well.
fn polyglots(folder: &Path) -> anyhow::Result<()> {
    let photo = sample::portraits::good(0, 1)?;
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("run.sh", zip::write::SimpleFileOptions::default())?;
    archive.write_all(b"#!/bin/sh\n")?;
    write(folder, "photo-and-archive.jpg", &[photo.as_slice(), &archive.finish()?.into_inner()].concat())?;
    write(folder, "photo-and-program.jpg", &[photo.as_slice(), b"MZ\x90\0\x03\0\0\0"].concat())?;
    let comment = |text: &[u8]| {
        let length = u16::try_from(text.len() + 2).unwrap_or(u16::MAX).to_be_bytes();
        [&photo[..2], b"\xFF\xFE", &length, text, &photo[2..]].concat()
    };
    write(folder, "photo-and-document.jpg", &comment(b"\n%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"))?;
    write(folder, "photo-and-script.jpg", &comment(b"<script>alert(1)</script>"))?;
    write(folder, "photo-and-page.png", &{
        let whole = png(&noise(300, 420, 4), 300, 420, ExtendedColorType::Rgb8)?;
        [&whole[..33], &chunk(b"tEXt", b"Comment\0<html><body onload=x()>"), &whole[33..]].concat()
    })
}
