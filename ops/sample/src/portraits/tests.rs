//! What a face detector says of the portraits, asked as the review asks it.

use std::collections::HashSet;
use std::path::Path;

use image::{DynamicImage, ImageFormat, RgbImage, imageops};
use rustface::{ImageData, Model};

use super::*;
use crate::portrait::{CENTRE, Clothes, Hair, WIDTH};

/// A face as shares of the picture's width.
#[derive(Debug)]
struct Face {
    score: f64,
    middle: (f64, f64),
    width: f64,
}

impl Face {
    /// Where the face of an identity photo lies, of its size, and no doubtful one.
    fn is_in_place(&self) -> bool {
        let (right, down) = (self.middle.0 - f64::from(CENTRE) / f64::from(WIDTH), self.middle.1 - 180.0 / f64::from(WIDTH));
        self.score >= 5.0 && right.hypot(down) < 0.12 && (0.38..=0.70).contains(&self.width)
    }
}

fn model() -> Model {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../workers/portrait/model/seeta_fd_frontal_v1.0.bin");
    rustface::load_model(path.to_str().unwrap()).unwrap()
}

fn faces(model: &Model, picture: &DynamicImage) -> Vec<Face> {
    let width = 160;
    let height = picture.height() * width / picture.width();
    let small = imageops::resize(&picture.to_luma8(), width, height, imageops::FilterType::Triangle);
    let mut detector = rustface::create_detector_with_model(model.clone());
    detector.set_min_face_size(32);
    detector.set_score_thresh(2.0);
    detector.set_pyramid_scale_factor(0.8);
    detector.set_slide_window_step(4, 4);
    let share = |pixels: f64| pixels / f64::from(width);
    let found = detector.detect(&ImageData::new(small.as_raw(), width, height));
    found
        .iter()
        .map(|face| {
            let (frame, half) = (face.bbox(), f64::from(face.bbox().width()) / 2.0);
            let middle = (share(f64::from(frame.x()) + half), share(f64::from(frame.y()) + half));
            Face { score: face.score(), middle, width: share(half * 2.0) }
        })
        .collect()
}

fn faces_of(fault: Fault, index: usize, model: &Model) -> usize {
    faces(model, &image::load_from_memory(&faulty(fault, index, 3).unwrap()).unwrap()).len()
}

/// As an old examination kept it: 100 pixels wide and pressed together.
fn kept_small(picture: &DynamicImage) -> DynamicImage {
    let small = framing::scaled(&picture.to_rgb8(), 100, 140);
    image::load_from_memory(&encoding::jpeg(&small, Jpeg::Quality(60)).unwrap()).unwrap()
}

#[test]
fn a_detector_sees_one_face_in_its_place_whatever_hair_clothes_and_glasses() {
    let model = model();
    let pairs = Hair::ALL.into_iter().flat_map(|hair| Clothes::ALL.into_iter().map(move |clothes| (hair, clothes)));
    for (number, (hair, clothes)) in pairs.enumerate() {
        let drawn = Sitter::draw(number / Clothes::ALL.len() >= 5, &mut Dice::new(5, "hair and clothes", number));
        let glasses = drawn.glasses.filter(|_| number % 2 == 0);
        let picture = portrait::jpeg(&portrait::paint(&Sitter { hair, clothes, glasses, ..drawn }).unwrap()).unwrap();
        let picture = image::load_from_memory(&picture).unwrap();
        for picture in [kept_small(&picture), picture] {
            let faces = faces(&model, &picture);
            assert!(faces.len() == 1 && faces[0].is_in_place(), "{number} {hair:?} {clothes:?} {}: {faces:?}", picture.width());
        }
    }
}

#[test]
fn a_detector_sees_nobody_where_nobody_is_and_two_where_two_are() {
    let model = model();
    for index in 0..12 {
        assert_eq!(faces_of(Fault::Nobody, index, &model), 0, "nobody {index}");
        assert_eq!(faces_of(Fault::TwoPeople, index, &model), 2, "two people {index}");
        assert_eq!(faces_of(Fault::BusyBackground, index, &model), 1, "busy background {index}");
        assert_eq!(faces_of(Fault::OffCentre, index, &model), 1, "off centre {index}");
    }
}

#[test]
fn every_fault_gives_the_same_bytes_again_and_others_for_another_person() {
    for &fault in Fault::ALL {
        let bytes = faulty(fault, 4, 9).unwrap();
        assert!(bytes == faulty(fault, 4, 9).unwrap(), "{}", fault.as_str());
        let is_of_nobody = matches!(fault, Fault::Heic | Fault::TextFile);
        assert_eq!(bytes == faulty(fault, 6, 9).unwrap(), is_of_nobody, "{}", fault.as_str());
    }
    assert_eq!(good(4, 9).unwrap(), good(4, 9).unwrap());
    assert_eq!((0..8).map(|index| good(index, 9).unwrap()).collect::<HashSet<_>>().len(), 8);
}

#[test]
fn each_file_is_of_the_format_that_its_fault_says() {
    for &fault in Fault::ALL {
        let bytes = faulty(fault, 1, 2).unwrap();
        let format = image::guess_format(&bytes).ok();
        let wanted = match fault.extension() {
            "jpg" => (fault != Fault::TextFile).then_some(ImageFormat::Jpeg),
            extension => ImageFormat::from_extension(extension),
        };
        assert_eq!(format, wanted, "{}", fault.as_str());
        // Some readers make a picture of half a JPEG.
        let is_whole = image::load_from_memory(&bytes).is_ok() && (format != Some(ImageFormat::Jpeg) || bytes.ends_with(&[0xFF, 0xD9]));
        assert_eq!(is_whole, !matches!(fault, Fault::Heic | Fault::TruncatedJpeg | Fault::TextFile), "{}", fault.as_str());
    }
}

#[test]
fn pictures_have_the_sizes_and_colours_that_their_faults_say() {
    let picture = |fault: Fault| image::load_from_memory(&faulty(fault, 3, 2).unwrap()).unwrap();
    for (fault, size) in [
        (Fault::Tiny, (60, 84)),
        (Fault::LegacySmall, (100, 140)),
        (Fault::Huge, (2000, 2800)),
        (Fault::TurnedPixels, (413, 295)),
        (Fault::TurnedByExif, (413, 295)),
        (Fault::Stretched, (400, 413)),
    ] {
        assert_eq!((picture(fault).width(), picture(fault).height()), size, "{}", fault.as_str());
    }
    let mean = |picture: RgbImage| picture.iter().map(|&sample| u64::from(sample)).sum::<u64>() / u64::try_from(picture.len()).unwrap();
    let usual = mean(picture(Fault::Png).to_rgb8());
    assert!(mean(picture(Fault::Dark).to_rgb8()) * 3 < usual && mean(picture(Fault::Overexposed).to_rgb8()) > usual + 30);
    assert!(picture(Fault::Grey).to_rgb8().pixels().all(|pixel| pixel.0.iter().max().unwrap() - pixel.0.iter().min().unwrap() < 4));
    assert!(mean(picture(Fault::CmykJpeg).to_rgb8()).abs_diff(usual) < 6, "four colours give the same picture");
}
