//! Copies of a picture are told from pictures of other people.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::{self, FilterType};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use sample::portraits;

use super::*;
use crate::turn::Turn;

#[test]
fn a_likeness_is_stored_and_read_again() {
    let one = Likeness { forms: [7; 32], colours: vec![9; Likeness::BYTES - 32] };
    let bytes = one.to_bytes();
    assert_eq!((bytes.len(), Likeness::from_bytes(&bytes)), (Likeness::BYTES, Some(one)));
    assert_eq!(Likeness::from_bytes(&bytes[1..]), None);
    assert_eq!(Likeness::from_bytes(b""), None);
}

#[test]
fn a_lighter_copy_is_the_same_picture_and_another_colour_is_not() {
    let colours: Vec<u8> = (0..Likeness::BYTES - 32).map(|at| u8::try_from(at % 200).unwrap()).collect();
    let one = Likeness { forms: [0; 32], colours: colours.clone() };
    let lighter = Likeness { forms: [0; 32], colours: colours.iter().map(|value| value + 20).collect() };
    let other = Likeness { forms: [0; 32], colours: colours.iter().rev().copied().collect() };
    assert!(one.is_same(&lighter) && !one.is_same(&other));
    let mut forms = [0; 32];
    forms[..2].fill(0xFF);
    assert!(!one.is_same(&Likeness { forms, colours }));
}

/// Every pair of them is compared.
const PEOPLE: usize = 200;

/// Of so many of them copies are made.
const COPIED: usize = 60;

fn person(index: usize) -> RgbImage {
    image::load_from_memory(&portraits::good(index, 5).unwrap()).unwrap().into_rgb8()
}

fn likeness(picture: RgbImage) -> Likeness {
    Likeness::of(&Scene::of(&DynamicImage::ImageRgb8(picture), Turn::default()).unwrap()).unwrap()
}

/// The same picture as others may hand it in.
fn copies(picture: &RgbImage) -> [(&'static str, RgbImage); 4] {
    let mut compressed = Vec::new();
    JpegEncoder::new_with_quality(&mut compressed, 40).encode_image(picture).unwrap();
    let compressed = image::load(Cursor::new(compressed), ImageFormat::Jpeg).unwrap().into_rgb8();
    let scaled =
        |percent: u32| imageops::resize(picture, picture.width() * percent / 100, picture.height() * percent / 100, FilterType::Triangle);
    // Black and white stay, what lies between becomes lighter by up to 6 of 255.
    let lightened = RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        Rgb(picture.get_pixel(x, y).0.map(|value| value + u8::try_from(u32::from(value) * u32::from(255 - value) / 2700).unwrap()))
    });
    [
        ("compressed to quality 40", compressed),
        ("shrunk to a third", scaled(34)),
        ("enlarged to the double", scaled(200)),
        ("lightened", lightened),
    ]
}

/// Whether the index of the database brings both together: it has eight parts of the forms.
fn share_a_part(one: &Likeness, other: &Likeness) -> bool {
    one.forms.chunks_exact(4).zip(other.forms.chunks_exact(4)).any(|(one, other)| one == other)
}

#[test]
fn copies_of_a_picture_are_one_picture_and_other_people_are_not() {
    let people: Vec<Likeness> = (0..PEOPLE).map(|index| likeness(person(index))).collect();
    for (index, one) in people.iter().enumerate().take(COPIED) {
        for (name, copy) in copies(&person(index)) {
            let copy = likeness(copy);
            let (forms, colours) = (one.forms_apart(&copy), one.colours_apart(&copy));
            assert!(one.is_same(&copy) && share_a_part(one, &copy), "{index} {name}: {forms} bits, {colours} in colour");
            assert!(forms <= 10 && colours <= 1.2, "{index} {name}: {forms} bits, {colours} in colour, more than ARCHITECTURE.md says");
        }
    }
    for (index, one) in people.iter().enumerate() {
        for (before, other) in people[..index].iter().enumerate() {
            let colours = one.colours_apart(other);
            assert!(!one.is_same(other) && colours > 4.0, "{before} and {index}: {colours} in colour, less than ARCHITECTURE.md says");
        }
    }
}

#[test]
fn what_is_cut_otherwise_is_another_picture() {
    let picture = person(0);
    let (width, height) = picture.dimensions();
    let cut = imageops::crop_imm(&picture, 0, 0, width * 95 / 100, height * 95 / 100).to_image();
    assert!(!likeness(picture).is_same(&likeness(cut)));
}
