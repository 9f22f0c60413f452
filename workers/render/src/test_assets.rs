//! The installed fonts, a portrait, and one certificate, for tests.

use domain::kind::Kind;
use domain::printed_field::PrintedField;

use crate::{Assets, AssetsError, FontPaths, PrintedCertificate, PrintedValue, specimen};

/// Assets of the fonts that Debian installs; `None`, with a word on standard error, where they are missing.
pub(crate) fn assets() -> Option<Assets> {
    match Assets::read(&FontPaths::debian()) {
        Ok(assets) => Some(assets),
        Err(AssetsError::File(error)) => {
            eprintln!("passed over: {error}");
            None
        }
        Err(error) => panic!("{error}"),
    }
}

pub(crate) fn certificate() -> PrintedCertificate {
    specimen::ordinary(Kind::SafetyPersonnel)
}

pub(crate) fn value(field: PrintedField, text: &str) -> PrintedValue {
    PrintedValue { field, lines: vec![text.to_owned()] }
}

/// A certificate with this one field.
pub(crate) fn with_name(name: &str) -> PrintedCertificate {
    PrintedCertificate { values: vec![value(PrintedField::HolderName, name)], ..certificate() }
}

/// A grey wedge, 295 by 413 pixels.
pub(crate) fn portrait() -> Vec<u8> {
    let (width, height) = (295u16, 413u16);
    let pixels: Vec<u8> = (0..height).flat_map(|y| (0..width).flat_map(move |x| [u8::try_from((x + y) % 256).unwrap(); 3])).collect();
    let mut jpeg = Vec::new();
    jpeg_encoder::Encoder::new(&mut jpeg, 80).encode(&pixels, width, height, jpeg_encoder::ColorType::Rgb).unwrap();
    jpeg
}
