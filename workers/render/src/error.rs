//! Why a certificate cannot be put on the page. Each variant is a business answer: nothing is printed wrongly instead.

use crate::font::FontError;
use crate::portrait_jpeg::PortraitError;
use crate::qr::QrError;

/// A refusal to render.
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
pub enum RenderError {
    /// No font of the chain shows the character: the staff must find a font or another spelling.
    #[error("no font shows the character {character:?} ({code_point}) of {field}")]
    MissingGlyph {
        /// The character.
        character: char,
        /// Its code point, as in `U+20164`.
        code_point: String,
        /// The label of the field, or the name of the part of the page.
        field: String,
    },
    /// The text is too long for its place even at the smallest size.
    #[error("the text of {field} does not fit the page")]
    DoesNotFit {
        /// The label of the field, or the name of the part of the page.
        field: String,
    },
    /// The kind's template has no place for the fact.
    #[error("the template has no place for {field}")]
    NoPlace {
        /// Code of the fact.
        field: &'static str,
    },
    /// The portrait is no JPEG that can be passed through.
    #[error("the portrait cannot be placed")]
    Portrait(#[from] PortraitError),
    /// The text of the QR code cannot be encoded.
    #[error("the QR code cannot be made")]
    Qr(#[from] QrError),
    /// A font turned out to be unusable while its glyphs were taken.
    #[error("a font cannot be used")]
    Font(#[from] FontError),
    /// The signing time is outside of the years 1900 to 9999.
    #[error("the signing time lies outside of the years 1900 to 9999")]
    SigningTime,
}

impl RenderError {
    pub(crate) fn missing(character: char, field: &str) -> RenderError {
        RenderError::MissingGlyph { character, code_point: format!("U+{:04X}", u32::from(character)), field: field.to_owned() }
    }

    pub(crate) fn does_not_fit(field: &str) -> RenderError {
        RenderError::DoesNotFit { field: field.to_owned() }
    }
}
