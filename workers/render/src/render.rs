//! From certificate and portrait to the bytes of the file, in one pass.

#[cfg(test)]
mod any_text;
#[cfg(test)]
mod glyph_tests;
#[cfg(test)]
mod judges;
#[cfg(test)]
mod pdfa_rules;
#[cfg(test)]
mod tests;

use crate::assets::Assets;
use crate::certificate::{PrintedCertificate, Unsigned};
use crate::error::RenderError;
use crate::layout;
use crate::pdf::{HOLE_BYTES, Moment, Stream, object, seal_hole, write_contents, write_fonts, write_info, write_metadata, write_structure};
use crate::portrait_jpeg::PortraitHeader;
use crate::qr::QrCode;
use crate::text::{DocumentFonts, letters};

/// Room for fonts, text and trailer, so that the file seldom has to grow.
const USUAL_REST: usize = 64 * 1024;

/// Renders one certificate. Pure: equal input gives equal bytes, whoever calls and in whatever order.
/// The portrait's bytes are placed as they are.
///
/// # Errors
/// A character that no font shows, a text that fits by no rule, a portrait that is no JPEG, a QR text that is too long, or
/// a signing time before 1900.
pub fn render(page: &PrintedCertificate, portrait_jpeg: &[u8], assets: &Assets) -> Result<Unsigned, RenderError> {
    render_observed(page, portrait_jpeg, assets, &mut ())
}

/// The same, telling an observer when each step is over.
///
/// # Errors
/// As [`render()`].
pub fn render_observed(
    page: &PrintedCertificate,
    portrait_jpeg: &[u8],
    assets: &Assets,
    observer: &mut impl Observer,
) -> Result<Unsigned, RenderError> {
    let moment = Moment::new(page.signing_time)?;
    let portrait = PortraitHeader::read(portrait_jpeg)?;
    let layout = &assets.template(page.kind).layout;
    // The name stands in the title of the document even where no field repeats it.
    letters(&assets.chain, &page.holder_name, "holder-name")?;
    let elements = layout::page(&assets.chain, layout, page)?;
    observer.passed(Step::Layout);
    let qr = assets.qr.encode(&page.qr_text)?;
    observer.passed(Step::Qr);
    let static_part = assets.static_part(page.kind, &page.signer_name)?;
    let mut file = static_part.file.continued(portrait_jpeg.len() + 2 * HOLE_BYTES + USUAL_REST);
    write_info(&mut file, page, &moment);
    write_metadata(&mut file, page, &moment);
    let mut fonts = DocumentFonts::new(&static_part.common, assets.chain.fonts.len());
    write_contents(&mut file, layout, &elements, portrait, modules(&qr), &mut fonts)?;
    file.stream(object::PORTRAIT, &portrait_image(portrait, portrait_jpeg));
    file.stream(object::QR, &qr_mask(&qr));
    observer.passed(Step::Contents);
    let next = write_fonts(&mut file, &assets.chain, &fonts)?;
    observer.passed(Step::Fonts);
    write_structure(&mut file, &elements, &page.signer_name, next);
    let unsigned = seal_hole(file, &page.signer_name, &moment, (&static_part.hash, static_part.file.bytes.len()));
    observer.passed(Step::Digest);
    Ok(unsigned)
}

/// A step of rendering, in the order in which they are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Every text gets its glyphs, its size and its place.
    Layout,
    /// The QR code is encoded.
    Qr,
    /// The static beginning is copied; metadata, contents and pictures are written.
    Contents,
    /// The fonts of the document are put together.
    Fonts,
    /// The structure tree, the end of the file and the hash over the whole.
    Digest,
}

/// Is told how rendering goes on; for measuring.
pub trait Observer {
    /// A step is over.
    fn passed(&mut self, step: Step);
}

impl Observer for () {
    fn passed(&mut self, _: Step) {}
}

fn modules(qr: &QrCode) -> u8 {
    u8::try_from(qr.width).expect("version 15 is the largest and has 77 modules")
}

fn portrait_image(portrait: PortraitHeader, jpeg: &[u8]) -> Stream<'_> {
    let space = if portrait.grey { "DeviceGray" } else { "DeviceRGB" };
    Stream {
        dict: format!(
            "/Type/XObject/Subtype/Image/Width {}/Height {}/BitsPerComponent 8\
             /ColorSpace/{space}/Filter/DCTDecode",
            portrait.width, portrait.height
        )
        .into(),
        body: jpeg.into(),
    }
}

/// A mask, not a picture: readers smooth pictures of one pixel a module until they cannot be read back at 150 dpi.
fn qr_mask(qr: &QrCode) -> Stream<'static> {
    Stream {
        dict: format!("/Type/XObject/Subtype/Image/ImageMask true/Width {0}/Height {0}/BitsPerComponent 1/Decode[1 0]", qr.width).into(),
        body: qr.samples().into(),
    }
}
