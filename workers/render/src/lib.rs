//! A certificate and a portrait become one A4 page: a PDF 1.7 file that lacks only its signature.
//!
//! [`render()`] is pure: equal input gives equal bytes. [`Assets`] holds what does not change from one certificate to the
//! next: the fonts, the template's graphics, the colour profile and the file's static beginning with its hash state.
//! Only [`Assets::read`] touches a disk. Nothing here signs, stores, or reads a clock.

mod assets;
mod certificate;
mod colour_profile;
mod error;
mod font;
mod font_files;
mod layout;
mod pdf;
mod portrait_jpeg;
mod qr;
mod render;
pub mod specimen;
mod template;
mod text;

#[cfg(test)]
mod test_assets;

pub use assets::{AssetDigests, Assets, AssetsError};
pub use certificate::{PrintedCertificate, PrintedValue, Unsigned};
pub use error::RenderError;
pub use font::{FontData, FontError};
pub use font_files::{FontFile, FontFilesError, FontPaths};
pub use pdf::HOLE_BYTES;
pub use portrait_jpeg::PortraitError;
pub use qr::QrError;
pub use render::{Observer, Step, render, render_observed};
pub use template::{RENDERER_REVISION, TemplateError};

/// The facts that the template of a kind prints, in their order.
///
/// # Errors
/// A fault in the layout file, which the tests of this crate exclude.
pub fn printed_fields(kind: domain::kind::Kind) -> Result<Vec<domain::printed_field::PrintedField>, TemplateError> {
    Ok(layout::Layout::of(kind)?.fields.rows.into_iter().map(|row| row.field).collect())
}
