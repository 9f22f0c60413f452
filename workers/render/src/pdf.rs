//! The file: PDF 1.7 (ISO 32000-1), built to the rules of PDF/A-2u (ISO 19005-2). It is written once from front to back:
//! first what all certificates share, then what is this one's, the signature dictionary last.

mod file;
mod fonts;
mod metadata;
mod page_content;
mod signature;
mod static_part;
mod stream;
mod structure;

pub(crate) use file::FileWriter;
pub(crate) use fonts::{write_common_font, write_fonts};
pub(crate) use metadata::{Moment, write_info, write_metadata};
pub(crate) use page_content::write_contents;
pub use signature::HOLE_BYTES;
pub(crate) use signature::seal_hole;
pub(crate) use static_part::{StaticPart, deflate};
pub(crate) use stream::Stream;
pub(crate) use structure::write_structure;

/// Object numbers. Those up to [`object::SEAL`], and those of the common font, are in the static part and may refer to the others.
pub(crate) mod object {
    pub(crate) const CATALOG: usize = 1;
    pub(crate) const PAGES: usize = 2;
    pub(crate) const PAGE: usize = 3;
    pub(crate) const PROFILE: usize = 4;
    pub(crate) const SIGNATURE_FIELD: usize = 5;
    pub(crate) const TEMPLATE: usize = 6;
    pub(crate) const SEAL: usize = 7;
    pub(crate) const INFO: usize = 8;
    pub(crate) const METADATA: usize = 9;
    pub(crate) const CONTENTS: usize = 10;
    pub(crate) const PORTRAIT: usize = 11;
    pub(crate) const QR: usize = 12;
    pub(crate) const FONTS: usize = 13;
    pub(crate) const SIGNATURE: usize = 14;
    pub(crate) const STRUCTURE: usize = 15;
    /// The first of the common font's own objects, of which there are at most six.
    pub(crate) const COMMON_FONT: usize = 16;
    /// The first of those whose number differs from document to document: the fonts' own and the elements of the structure.
    pub(crate) const FIRST_FREE: usize = 22;
}

/// A text string in UTF-16 with its mark (ISO 32000-1, 7.9.2.2), as a hexadecimal string.
pub(crate) fn text_string(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(6 + 4 * text.len());
    out.push_str("<FEFF");
    for unit in text.encode_utf16() {
        // Writing into a string cannot fail.
        let _ = write!(out, "{unit:04X}");
    }
    out.push('>');
    out
}
