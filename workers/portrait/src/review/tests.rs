//! The review from outside: every sort of photo, good, odd and hostile.

use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder, RgbImage};
use jpeg_encoder::{ColorType, Encoder};
use proptest::prelude::*;

use super::*;
use crate::format::Format;
use crate::jpeg_markers::walk;

/// A colourful picture whose four corners differ, so that cutting and turning can be seen.
fn picture(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let part = |value: u32, of: u32| u8::try_from(value * 255 / of.max(1)).unwrap();
        image::Rgb([part(x, width), part(y, height), 255 - part(x, width)])
    })
}

fn jpeg_of(samples: &[u8], width: u32, height: u32, colour: ColorType, exif: Option<u8>, progressive: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 90);
    encoder.set_progressive(progressive);
    if let Some(orientation) = exif {
        // A TIFF header, one directory with one entry: tag 0x0112, one SHORT.
        let directory = [b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0", [orientation, 0, 0].as_slice(), &[0; 4]].concat();
        encoder.add_exif_metadata(&directory).unwrap();
    }
    encoder.encode(samples, u16::try_from(width).unwrap(), u16::try_from(height).unwrap(), colour).unwrap();
    bytes
}

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    jpeg_of(&picture(width, height), width, height, ColorType::Rgb, None, false)
}

fn png_of(samples: &[u8], width: u32, height: u32, colour: ExtendedColorType) -> Vec<u8> {
    let mut bytes = Vec::new();
    PngEncoder::new(&mut bytes).write_image(samples, width, height, colour).unwrap();
    bytes
}

/// The four inks of a printed picture, without black.
fn inks(picture: &RgbImage) -> Vec<u8> {
    picture.pixels().flat_map(|p| [255 - p.0[0], 255 - p.0[1], 255 - p.0[2], 0]).collect()
}

fn codes(portrait: &Portrait) -> Vec<&'static str> {
    portrait.findings.iter().map(|finding| finding.code).collect()
}

fn reviewed(bytes: &[u8]) -> Portrait {
    review(bytes, &Limits::default()).unwrap()
}

fn refused(bytes: &[u8]) -> Refusal {
    review(bytes, &Limits::default()).unwrap_err()
}

/// The mean colour of the upper left and the lower right tenth.
fn corners(portrait: &Portrait) -> [[u64; 3]; 2] {
    let decoded = image::load_from_memory(&portrait.jpeg).unwrap().into_rgb8();
    let (width, height) = decoded.dimensions();
    [(0, 0), (width - width / 10, height - height / 10)].map(|(left, top)| {
        let part = image::imageops::crop_imm(&decoded, left, top, width / 10, height / 10).to_image();
        let count = u64::from(part.width() * part.height());
        let sum = part.pixels().fold([0; 3], |sum: [u64; 3], pixel| std::array::from_fn(|i| sum[i] + u64::from(pixel.0[i])));
        sum.map(|channel| channel / count)
    })
}

#[test]
fn every_size_and_form_of_a_good_photo_ends_with_its_verdict_size_and_findings() {
    let grey = vec![0_u8; 295 * 413].iter().enumerate().map(|(at, _)| u8::try_from(at % 256).unwrap()).collect::<Vec<_>>();
    let cmyk = inks(&picture(295, 413));
    let clear = picture(295, 413).pixels().flat_map(|p| [p.0[0], p.0[1], p.0[2], 128]).collect::<Vec<_>>();
    let deep = picture(295, 413).iter().flat_map(|&sample| [sample, sample]).collect::<Vec<_>>();
    let large = picture(1000, 1400);
    type Case<'a> = (&'a str, Vec<u8>, Verdict, (u32, u32), &'a [&'a str]);
    let table: Vec<Case<'_>> = vec![
        ("one inch", jpeg(295, 413), Verdict::Approved, (295, 413), &[]),
        ("two inches", jpeg(413, 579), Verdict::Approved, (413, 578), &[]),
        ("identity card", jpeg(358, 441), Verdict::Approved, (315, 441), &[]),
        ("camera, progressive", jpeg_of(&large, 1000, 1400, ColorType::Rgb, None, true), Verdict::Approved, (413, 578), &[]),
        ("old examination photo", jpeg(120, 168), Verdict::Approved, (180, 252), &["low-resolution"]),
        ("smallest", jpeg(75, 105), Verdict::Approved, (113, 158), &["low-resolution"]),
        ("PNG", png_of(&picture(295, 413), 295, 413, ExtendedColorType::Rgb8), Verdict::Approved, (295, 413), &[]),
        ("PNG of 16 bits", png_of(&deep, 295, 413, ExtendedColorType::Rgb16), Verdict::Approved, (295, 413), &[]),
        ("transparent PNG", png_of(&clear, 295, 413, ExtendedColorType::Rgba8), Verdict::Approved, (295, 413), &["transparent"]),
        ("grey JPEG", jpeg_of(&grey, 295, 413, ColorType::Luma, None, false), Verdict::Approved, (295, 413), &["grey"]),
        ("grey PNG", png_of(&grey, 295, 413, ExtendedColorType::L8), Verdict::Approved, (295, 413), &["grey"]),
        ("CMYK", jpeg_of(&cmyk, 295, 413, ColorType::Cmyk, None, false), Verdict::Approved, (295, 413), &["cmyk"]),
        ("YCCK", jpeg_of(&cmyk, 295, 413, ColorType::CmykAsYcck, None, false), Verdict::Approved, (295, 413), &["cmyk"]),
        ("square", jpeg(400, 400), Verdict::Held, (295, 413), &["aspect-off"]),
        ("landscape", jpeg(640, 480), Verdict::Held, (343, 480), &["aspect-off"]),
        ("a strip", jpeg(80, 1200), Verdict::Held, (120, 168), &["aspect-off", "low-resolution"]),
        ("blank", jpeg_of(&[250; 295 * 413 * 3], 295, 413, ColorType::Rgb, None, false), Verdict::Held, (295, 413), &["blank"]),
    ];
    for (name, bytes, verdict, size, expected) in table {
        let portrait = review(&bytes, &Limits::default()).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
        assert_eq!((portrait.verdict, (portrait.width_px, portrait.height_px)), (verdict, size), "{name}: {:?}", portrait.findings);
        assert_eq!(codes(&portrait), expected, "{name}");
        let frame = walk(&portrait.jpeg).frame.unwrap();
        assert_eq!((frame.width, frame.height, frame.components, frame.progressive), (size.0, size.1, 3, false), "{name}");
        assert!(portrait.jpeg.len() <= Limits::default().max_output_bytes, "{name}");
    }
}

#[test]
fn colours_survive_cmyk_and_sixteen_bits() {
    let plain = corners(&reviewed(&jpeg(295, 413)));
    let cmyk = inks(&picture(295, 413));
    let deep = picture(295, 413).iter().flat_map(|&sample| [sample, sample]).collect::<Vec<_>>();
    for (name, bytes) in
        [("CMYK", jpeg_of(&cmyk, 295, 413, ColorType::Cmyk, None, false)), ("16 bits", png_of(&deep, 295, 413, ExtendedColorType::Rgb16))]
    {
        let found = corners(&reviewed(&bytes));
        for (a, b) in plain.iter().flatten().zip(found.iter().flatten()) {
            assert!(a.abs_diff(*b) < 12, "{name}: {plain:?} became {found:?}");
        }
    }
}

#[test]
fn a_photo_is_turned_as_the_camera_noted() {
    let upright = corners(&reviewed(&jpeg(300, 420)));
    let upside_down = picture(300, 420);
    let turned = image::imageops::rotate180(&upside_down);
    let sideways = image::imageops::rotate270(&upside_down);
    for (name, samples, orientation) in [("upside down", turned, 3), ("sideways", sideways, 6)] {
        let bytes = jpeg_of(&samples, samples.width(), samples.height(), ColorType::Rgb, Some(orientation), false);
        let portrait = reviewed(&bytes);
        assert_eq!(codes(&portrait), ["rotated"], "{name}");
        assert_eq!((portrait.width_px, portrait.height_px), (300, 420), "{name}");
        for (a, b) in upright.iter().flatten().zip(corners(&portrait).iter().flatten()) {
            assert!(a.abs_diff(*b) < 12, "{name}");
        }
        assert!(!portrait.jpeg.windows(4).any(|mark| mark == b"Exif"), "{name}: metadata is stripped");
    }
}

#[test]
fn the_colours_of_a_telephone_are_converted_to_srgb() {
    let samples = picture(295, 413);
    let profile = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    for (icc, expected) in [(profile.as_slice(), "colour-space"), (b"no profile", "colour-profile-ignored")] {
        let mut bytes = Vec::new();
        let mut encoder = Encoder::new(&mut bytes, 90);
        encoder.add_icc_profile(icc).unwrap();
        encoder.encode(&samples, 295, 413, ColorType::Rgb).unwrap();
        let portrait = reviewed(&bytes);
        assert_eq!((portrait.verdict, codes(&portrait)), (Verdict::Approved, vec![expected]));
    }
}

#[test]
fn an_animation_is_held() {
    // One APNG control chunk before the pixels makes an animation (APNG 1.0, acTL and fcTL).
    let still = png_of(&picture(295, 413), 295, 413, ExtendedColorType::Rgb8);
    let control = chunk(b"acTL", &[0, 0, 0, 1, 0, 0, 0, 0]);
    let frame = [0_u32, 295, 413, 0, 0].iter().flat_map(|word| word.to_be_bytes()).chain([0, 1, 0, 1, 0, 0]).collect::<Vec<_>>();
    let animated = [&still[..33], &control, &chunk(b"fcTL", &frame), &still[33..]].concat();
    let portrait = reviewed(&animated);
    assert_eq!((portrait.verdict, codes(&portrait)), (Verdict::Held, vec!["animated"]));
}

fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let body = [name.as_slice(), data].concat();
    let mut crc = u32::MAX;
    for &byte in &body {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
        }
    }
    [&u32::try_from(data.len()).unwrap().to_be_bytes()[..], &body, &(!crc).to_be_bytes()].concat()
}

#[test]
fn what_cannot_be_a_portrait_is_refused_with_its_reason() {
    let whole = jpeg(295, 413);
    let whole_png = png_of(&picture(295, 413), 295, 413, ExtendedColorType::Rgb8);
    let mut huge_jpeg = whole.clone();
    let at = huge_jpeg.windows(2).position(|mark| mark == [0xFF, 0xC0]).unwrap();
    huge_jpeg[at + 5..at + 9].copy_from_slice(&[0xFF; 4]);
    let mut huge_png = whole_png.clone();
    huge_png[16..24].copy_from_slice(&[0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF]);
    let wide = picture(8, 8);
    let table: Vec<(&str, Vec<u8>, &str)> = vec![
        ("nothing", Vec::new(), "photo-empty"),
        ("too many bytes", vec![0xFF; 10_000_001], "photo-too-many-bytes"),
        ("text called .jpg", "照片见附件，请联系单位补交。".as_bytes().to_vec(), "photo-not-a-picture"),
        ("PDF called .jpg", b"%PDF-1.4 ...".to_vec(), "photo-not-a-picture"),
        ("GIF", b"GIF89a....".to_vec(), "photo-unsupported-format"),
        ("HEIC", b"\0\0\0\x18ftypheic\0\0\0\0".to_vec(), "photo-unsupported-format"),
        ("JPEG claiming 65535 × 65535", huge_jpeg, "photo-too-many-pixels"),
        ("PNG claiming 65535 × 65535", huge_png, "photo-too-many-pixels"),
        ("8 × 8", jpeg_of(&wide, 8, 8, ColorType::Rgb, None, false), "photo-too-small"),
        ("74 × 105", jpeg(74, 105), "photo-too-small"),
        ("75 × 104", jpeg(75, 104), "photo-too-small"),
        ("JPEG cut in half", whole[..whole.len() / 2].to_vec(), "photo-unreadable"),
        ("JPEG without its last byte", whole[..whole.len() - 1].to_vec(), "photo-unreadable"),
        ("JPEG of three bytes", whole[..3].to_vec(), "photo-unreadable"),
        ("PNG cut in half", whole_png[..whole_png.len() / 2].to_vec(), "photo-unreadable"),
        ("PNG of its mark only", whole_png[..8].to_vec(), "photo-unreadable"),
    ];
    for (name, bytes, code) in table {
        let refusal = refused(&bytes);
        assert_eq!(refusal.code(), code, "{name}: {refusal}");
        assert!(!refusal.zh().is_ascii() && refusal.en().ends_with('.'), "{name}");
    }
}

#[test]
fn a_refusal_names_the_format_that_it_found() {
    assert_eq!(refused(b"GIF89a...."), Refusal::UnsupportedFormat { format: Format::Gif });
    assert!(refused(b"\0\0\0\x18ftypheic\0\0\0\0").zh().contains("HEIC"));
    assert!(refused(b"hello, this is text").en().contains("plain text"));
}

#[test]
fn a_progressive_jpeg_that_needs_too_much_memory_is_refused_before_decoding() {
    let limits = Limits { max_decoded_bytes: 295 * 413 * 4, ..Limits::default() };
    let samples = picture(295, 413);
    assert!(review(&jpeg_of(&samples, 295, 413, ColorType::Rgb, None, false), &limits).is_ok());
    let refusal = review(&jpeg_of(&samples, 295, 413, ColorType::Rgb, None, true), &limits).unwrap_err();
    assert_eq!(refusal.code(), "photo-too-many-pixels");
}

#[test]
fn thousands_of_scans_are_refused() {
    let whole = jpeg_of(&picture(295, 413), 295, 413, ColorType::Rgb, None, true);
    let scans = [b"\xFF\xDA\x00\x02".as_slice()].repeat(200).concat();
    let stuffed = [&whole[..whole.len() - 2], &scans, b"\xFF\xD9"].concat();
    assert_eq!(refused(&stuffed).code(), "photo-unreadable");
}

#[test]
fn equal_bytes_give_equal_portraits() {
    let bytes = jpeg(700, 1000);
    assert_eq!(reviewed(&bytes), reviewed(&bytes));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn random_bytes_are_refused_and_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600), mark in 0_usize..4) {
        let marks: [&[u8]; 4] = [b"", b"\xFF\xD8\xFF", b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", b"\xFF\xD8\xFF\xC0\x00\x11\x08\x01\x9D\x01\x27\x03"];
        prop_assert!(review(&[marks[mark], &bytes].concat(), &Limits::default()).is_err());
    }

    #[test]
    fn a_damaged_jpeg_or_png_never_panics(at in 0.0_f64..1.0, byte in any::<u8>(), cut in 0.0_f64..1.2, form in 0_usize..3) {
        let samples = picture(90, 126);
        let mut bytes = match form {
            0 => jpeg_of(&samples, 90, 126, ColorType::Rgb, Some(6), false),
            1 => jpeg_of(&samples, 90, 126, ColorType::Rgb, None, true),
            _ => png_of(&samples, 90, 126, ExtendedColorType::Rgb8),
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a share of a small length")]
        let place = |share: f64| (share * bytes.len() as f64) as usize;
        let (at, cut) = (place(at), place(cut));
        bytes[at] = byte;
        bytes.truncate(cut);
        if let Ok(portrait) = review(&bytes, &Limits::default()) {
            prop_assert!(portrait.jpeg.len() <= Limits::default().max_output_bytes);
        }
    }
}
