//! The installed fonts, a portrait, and one certificate, for tests.

use domain::kind::Kind;
use domain::printed_field::PrintedField;

use crate::{Assets, AssetsError, FontPaths, PrintedCertificate, PrintedValue, specimen};

/// Says that a test is passed over for want of something that is not installed.
///
/// # Panics
/// Where `CI` is set: everything is installed there, and a check that looks at nothing would be taken for one that passed.
#[expect(clippy::disallowed_methods, reason = "whoever runs the tests says so; no code outside of tests asks")]
pub(crate) fn passed_over(why: &str) {
    assert!(std::env::var_os("CI").is_none(), "this would be passed over: {why}");
    eprintln!("passed over: {why}");
}

/// Assets of the fonts that Debian installs; `None` where they are missing ([`passed_over`]).
pub(crate) fn assets() -> Option<Assets> {
    match Assets::read(&FontPaths::debian()) {
        Ok(assets) => Some(assets),
        Err(AssetsError::File(error)) => {
            passed_over(&error.to_string());
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
