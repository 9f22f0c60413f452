//! The review from outside: every sort of photo, good, odd and hostile.

use image::codecs::bmp::BmpEncoder;
use image::codecs::gif::GifEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{ExtendedColorType, ImageEncoder, RgbImage};
use jpeg_encoder::{ColorType, Encoder};
use proptest::prelude::*;

use sample::portraits::{self, Fault};

use super::*;
use crate::Grade;
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

thread_local! {
    static REVIEWER: std::cell::RefCell<Reviewer> = std::cell::RefCell::new(reviewer(Limits::default()));
}

fn reviewer(limits: Limits) -> Reviewer {
    Reviewer::new(limits, Rules::legacy(), Rules::upload())
}

fn review(bytes: &[u8], policy: Policy) -> Result<Review, Refusal> {
    REVIEWER.with_borrow_mut(|reviewer| reviewer.review(bytes, policy))
}

/// The codes of the checks that did not pass.
fn fired(review: &Review) -> Vec<&'static str> {
    review.checks.iter().filter(|check| check.grade != Grade::Pass).map(|check| check.measure.as_str()).collect()
}

fn reviewed(bytes: &[u8]) -> Review {
    review(bytes, Policy::Legacy).unwrap()
}

fn refused(bytes: &[u8]) -> Refusal {
    review(bytes, Policy::Upload).unwrap_err()
}

/// Somebody drawn, 295 × 413.
fn somebody() -> RgbImage {
    image::load_from_memory(&portraits::good(3, 11).unwrap()).unwrap().into_rgb8()
}

/// The mean colour of the upper left and the lower right tenth.
fn corners(review: &Review) -> [[u64; 3]; 2] {
    let decoded = image::load_from_memory(&review.portrait.jpeg).unwrap().into_rgb8();
    let (width, height) = decoded.dimensions();
    [(0, 0), (width - width / 10, height - height / 10)].map(|(left, top)| {
        let part = image::imageops::crop_imm(&decoded, left, top, width / 10, height / 10).to_image();
        let count = u64::from(part.width() * part.height());
        let sum = part.pixels().fold([0; 3], |sum: [u64; 3], pixel| std::array::from_fn(|i| sum[i] + u64::from(pixel.0[i])));
        sum.map(|channel| channel / count)
    })
}

#[test]
fn good_portraits_pass_every_check_and_are_cut_to_the_shape_of_the_certificate() {
    for index in 0..24 {
        let review = review(&portraits::good(index, 5).unwrap(), Policy::Upload).unwrap();
        assert_eq!((review.verdict, fired(&review)), (Verdict::Approved, Vec::new()), "{index}");
        let frame = walk(&review.portrait.jpeg).frame.unwrap();
        assert_eq!((frame.width, frame.height, frame.components, frame.progressive), (295, 413, 3, false));
        assert!(review.portrait.jpeg.len() <= Limits::default().max_output_bytes);
    }
}

/// What becomes of a drawn fault as a legacy photo and as an upload, and the check that has to tell it.
fn fate(fault: Fault) -> (&'static str, &'static str, &'static str) {
    match fault {
        Fault::Bmp | Fault::Png | Fault::WebP | Fault::ProgressiveJpeg | Fault::TurnedByExif | Fault::Huge => ("approved", "approved", ""),
        Fault::BusyBackground => ("held", "rejected", "background-unevenness"),
        Fault::RedBackground | Fault::GreyBackground => ("approved", "held", "background-colour"),
        Fault::TwoPeople | Fault::Nobody => ("held", "rejected", "faces"),
        Fault::WhiteOnWhite => ("approved", "held", "clothing-like-background"),
        Fault::HeadTooSmall | Fault::HeadTooLarge => ("held", "rejected", "face-width"),
        Fault::OffCentre => ("held", "rejected", "face-offset"),
        Fault::Blurred => ("held", "rejected", "blur"),
        Fault::Dark | Fault::Overexposed => ("held", "rejected", "brightness"),
        Fault::UnevenLight => ("held", "rejected", "light-difference"),
        Fault::Grey => ("approved", "held", "colour"),
        Fault::Stretched => ("held", "rejected", "aspect"),
        Fault::TurnedPixels => ("held", "rejected", "turned"),
        Fault::LegacySmall => ("approved", "rejected", "width"),
        Fault::Framed => ("held", "held", "frame"),
        Fault::StampedAndDated => ("held", "held", "marks"),
        Fault::OverCompressed => ("held", "rejected", "quality"),
        Fault::CmykJpeg => ("approved", "held", "inks"),
        Fault::StillGif => ("held", "held", "format"),
        Fault::MovingGif => ("held", "rejected", "pictures"),
        Fault::Heic => ("refused", "refused", "photo-unsupported-format"),
        Fault::TextFile => ("refused", "refused", "photo-not-a-picture"),
        Fault::Tiny => ("refused", "refused", "photo-too-small"),
        Fault::TruncatedJpeg => ("refused", "refused", "photo-unreadable"),
    }
}

#[test]
fn every_drawn_fault_is_told_by_its_check() {
    let mut wrong = Vec::new();
    for (fault, index) in Fault::ALL.iter().flat_map(|fault| (0..4).map(move |index| (*fault, index))) {
        let bytes = portraits::faulty(fault, index, 5).unwrap();
        let (legacy, upload, code) = fate(fault);
        let verdict = |review: &Result<Review, Refusal>| review.as_ref().map_or("refused", |review| review.verdict.as_str());
        let (old, new) = (review(&bytes, Policy::Legacy), review(&bytes, Policy::Upload));
        let codes = new.as_ref().map_or_else(|refusal| vec![refusal.code()], fired);
        // In what is nearly black or white a face may not even be found.
        let no_face = matches!(fault, Fault::Dark | Fault::Overexposed) && codes.contains(&"faces");
        let tells = if code.is_empty() { codes.is_empty() } else { codes.contains(&code) || no_face };
        if (verdict(&old), verdict(&new), tells) != (legacy, upload, true) {
            wrong.push(format!("{} {index}: {} {} {codes:?}", fault.as_str(), verdict(&old), verdict(&new)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_form_of_a_good_photo_ends_with_its_size_and_what_was_noticed() {
    let photo = somebody();
    let grey = image::DynamicImage::ImageRgb8(photo.clone()).into_luma8();
    let clear: Vec<u8> = photo.pixels().flat_map(|p| [p.0[0], p.0[1], p.0[2], 255]).collect();
    let deep: Vec<u8> = photo.iter().flat_map(|&sample| [sample, sample]).collect();
    let large = image::imageops::resize(&photo, 1000, 1400, image::imageops::FilterType::CatmullRom);
    let old = image::imageops::resize(&photo, 120, 168, image::imageops::FilterType::Triangle);
    type Case<'a> = (&'a str, Vec<u8>, (u32, u32), &'a [&'a str]);
    let table: Vec<Case<'_>> = vec![
        ("JPEG", jpeg_of(&photo, 295, 413, ColorType::Rgb, None, false), (295, 413), &[]),
        ("camera, progressive", jpeg_of(&large, 1000, 1400, ColorType::Rgb, None, true), (413, 578), &[]),
        ("old examination photo", jpeg_of(&old, 120, 168, ColorType::Rgb, None, false), (180, 252), &["width", "height"]),
        ("PNG", png_of(&photo, 295, 413, ExtendedColorType::Rgb8), (295, 413), &[]),
        ("PNG of 16 bits", png_of(&deep, 295, 413, ExtendedColorType::Rgb16), (295, 413), &[]),
        ("PNG with transparency", png_of(&clear, 295, 413, ExtendedColorType::Rgba8), (295, 413), &[]),
        ("grey JPEG", jpeg_of(&grey, 295, 413, ColorType::Luma, None, false), (295, 413), &["colour"]),
        ("grey PNG", png_of(&grey, 295, 413, ExtendedColorType::L8), (295, 413), &["colour"]),
        ("CMYK", jpeg_of(&inks(&photo), 295, 413, ColorType::Cmyk, None, false), (295, 413), &["inks"]),
        ("YCCK", jpeg_of(&inks(&photo), 295, 413, ColorType::CmykAsYcck, None, false), (295, 413), &["inks"]),
    ];
    for (name, bytes, size, expected) in table {
        let review = review(&bytes, Policy::Legacy).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
        assert_eq!((review.portrait.width_px, review.portrait.height_px), size, "{name}");
        // Grey on a ground of blue is a ground of grey.
        let codes: Vec<&str> = fired(&review).into_iter().filter(|code| *code != "background-colour").collect();
        assert_eq!((review.verdict, codes.as_slice()), (Verdict::Approved, expected), "{name}");
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
fn a_photo_is_turned_as_the_camera_noted_and_its_metadata_are_gone() {
    let photo = somebody();
    let upright = reviewed(&jpeg_of(&photo, 295, 413, ColorType::Rgb, None, false));
    let turned = [(image::imageops::rotate180(&photo), 3), (image::imageops::rotate270(&photo), 6), (image::imageops::rotate90(&photo), 8)];
    for (samples, note) in turned {
        let review = reviewed(&jpeg_of(&samples, samples.width(), samples.height(), ColorType::Rgb, Some(note), false));
        assert_eq!((review.verdict, fired(&review)), (Verdict::Approved, Vec::new()), "{note}");
        assert_eq!((review.portrait.width_px, review.portrait.height_px), (295, 413), "{note}");
        for (a, b) in corners(&upright).iter().flatten().zip(corners(&review).iter().flatten()) {
            assert!(a.abs_diff(*b) < 12, "{note}");
        }
        assert!(!review.portrait.jpeg.windows(4).any(|mark| mark == b"Exif"), "{note}");
    }
}

#[test]
fn a_head_that_lies_on_its_side_is_told_and_turned_for_the_reviewer() {
    let photo = somebody();
    let upright = reviewed(&jpeg_of(&photo, 295, 413, ColorType::Rgb, None, false));
    let samples = image::imageops::rotate90(&photo);
    let review = reviewed(&jpeg_of(&samples, 413, 295, ColorType::Rgb, None, false));
    assert_eq!((review.verdict, fired(&review)), (Verdict::Held, vec!["turned"]));
    for (a, b) in corners(&upright).iter().flatten().zip(corners(&review).iter().flatten()) {
        assert!(a.abs_diff(*b) < 12);
    }
}

#[test]
fn the_colours_of_a_telephone_are_converted_to_srgb_and_a_damaged_profile_is_passed_over() {
    let photo = somebody();
    let wide = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    let plain = corners(&reviewed(&jpeg_of(&photo, 295, 413, ColorType::Rgb, None, false)));
    for (icc, moves) in [(wide.as_slice(), true), (b"no profile", false)] {
        let mut bytes = Vec::new();
        let mut encoder = Encoder::new(&mut bytes, 90);
        encoder.add_icc_profile(icc).unwrap();
        encoder.encode(&photo, 295, 413, ColorType::Rgb).unwrap();
        let review = reviewed(&bytes);
        assert_eq!(review.verdict, Verdict::Approved);
        assert_eq!(corners(&review) != plain, moves);
    }
}

#[test]
fn an_animated_png_is_held() {
    // One APNG control chunk before the pixels makes an animation (APNG 1.0, acTL and fcTL).
    let still = png_of(&somebody(), 295, 413, ExtendedColorType::Rgb8);
    let control = chunk(b"acTL", &[0, 0, 0, 1, 0, 0, 0, 0]);
    let frame = [0_u32, 295, 413, 0, 0].iter().flat_map(|word| word.to_be_bytes()).chain([0, 1, 0, 1, 0, 0]).collect::<Vec<_>>();
    let animated = [&still[..33], &control, &chunk(b"fcTL", &frame), &still[33..]].concat();
    let review = reviewed(&animated);
    assert_eq!((review.verdict, fired(&review)), (Verdict::Held, vec!["pictures"]));
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

/// The headers of a bitmap of 24 bits.
fn bmp_of(width: u32, height: u32) -> Vec<u8> {
    let mut header = b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
    header.extend([width.to_le_bytes(), height.to_le_bytes()].concat());
    header.extend([1, 0, 24, 0]);
    header.extend([0; 24]);
    header
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
        ("too many bytes", vec![0xFF; 10_000_001], "photo-too-large"),
        ("text called .jpg", "照片见附件，请联系单位补交。".as_bytes().to_vec(), "photo-not-a-picture"),
        ("PDF called .jpg", b"%PDF-1.4 ...".to_vec(), "photo-not-a-picture"),
        ("two formats", [whole.as_slice(), b"PK\x03\x04PK\x01\x02PK\x05\x06"].concat(), "photo-two-formats"),
        ("GIF of its mark only", b"GIF89a".to_vec(), "photo-unreadable"),
        ("GIF claiming 65535 × 65535", b"GIF89a\xFF\xFF\xFF\xFF\0\0\0".to_vec(), "photo-too-many-pixels"),
        ("BMP claiming 65535 × 65535", bmp_of(65_535, 65_535), "photo-too-many-pixels"),
        ("BMP claiming 65535 rows from the top", bmp_of(65_535, u32::MAX - 65_534), "photo-too-many-pixels"),
        ("WebP of its mark only", b"RIFF\x10\0\0\0WEBPVP8 ".to_vec(), "photo-unreadable"),
        ("TIFF", b"II*\0....".to_vec(), "photo-unsupported-format"),
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
    assert_eq!(refused(b"II*\0...."), Refusal::UnsupportedFormat { format: Format::Tiff });
    assert!(refused(b"\0\0\0\x18ftypheic\0\0\0\0").zh().contains("HEIC"));
    assert!(refused(b"hello, this is text").en().contains("plain text"));
}

#[test]
fn a_glance_says_what_the_review_would() {
    let whole = jpeg(295, 413);
    for bytes in [whole.as_slice(), &whole[..whole.len() / 2], b"", b"hello", b"\0\0\0\x18ftypheic\0\0\0\0", &bmp_of(65_535, 65_535)] {
        let reviewed = review(bytes, Policy::Upload).map(|_| ());
        assert_eq!(glance(bytes, &Limits::default()).map(|_| ()), reviewed);
    }
}

#[test]
fn a_progressive_jpeg_that_needs_too_much_memory_is_refused_before_decoding() {
    let limits = Limits { max_decoded_bytes: 295 * 413 * 4, ..Limits::default() };
    let samples = picture(295, 413);
    let mut reviewer = reviewer(limits);
    assert!(reviewer.review(&jpeg_of(&samples, 295, 413, ColorType::Rgb, None, false), Policy::Legacy).is_ok());
    let refusal = reviewer.review(&jpeg_of(&samples, 295, 413, ColorType::Rgb, None, true), Policy::Legacy).unwrap_err();
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
    let bytes = portraits::good(1, 2).unwrap();
    assert_eq!(reviewed(&bytes), reviewed(&bytes));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn random_bytes_are_refused_and_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600), mark in 0_usize..7) {
        let marks: [&[u8]; 7] = [
            b"",
            b"\xFF\xD8\xFF",
            b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR",
            b"\xFF\xD8\xFF\xC0\x00\x11\x08\x01\x9D\x01\x27\x03",
            b"GIF89a\x27\x01\x9D\x01",
            b"RIFF\0\x10\0\0WEBPVP8",
            b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x27\x01\0\0\x9D\x01\0\0\x01\0",
        ];
        // A bitmap has no sum to tell that its pixels are noise; whatever it is, it shows no face.
        if let Ok(review) = review(&[marks[mark], &bytes].concat(), Policy::Upload) {
            prop_assert!(mark == 6 && review.verdict == Verdict::Rejected);
        }
    }

    #[test]
    fn a_damaged_photo_never_panics(at in 0.0_f64..1.0, byte in any::<u8>(), cut in 0.0_f64..1.2, form in 0_usize..6) {
        let samples = picture(90, 126);
        let mut bytes = Vec::new();
        let rgb = ExtendedColorType::Rgb8;
        match form {
            0 => bytes = jpeg_of(&samples, 90, 126, ColorType::Rgb, Some(6), false),
            1 => bytes = jpeg_of(&samples, 90, 126, ColorType::Rgb, None, true),
            2 => bytes = png_of(&samples, 90, 126, rgb),
            3 => BmpEncoder::new(&mut bytes).encode(&samples, 90, 126, rgb).unwrap(),
            4 => WebPEncoder::new_lossless(&mut bytes).encode(&samples, 90, 126, rgb).unwrap(),
            _ => GifEncoder::new_with_speed(&mut bytes, 30).encode(&samples, 90, 126, rgb).unwrap(),
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a share of a small length")]
        let place = |share: f64| (share * bytes.len() as f64) as usize;
        let (at, cut) = (place(at), place(cut));
        bytes[at] = byte;
        bytes.truncate(cut);
        if let Ok(review) = review(&bytes, Policy::Legacy) {
            prop_assert!(review.portrait.jpeg.len() <= Limits::default().max_output_bytes);
        }
    }
}
