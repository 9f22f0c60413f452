//! Fallback fonts with TrueType outlines: one small subset per certificate.

use subsetter::GlyphRemapper;

use super::{FontData, FontError};

/// A TrueType file with the given glyphs, and for each of them its number in that file.
pub(crate) fn subset(data: &FontData, glyphs: &[u16]) -> Result<(Vec<u8>, Vec<u16>), FontError> {
    let mut remapper = GlyphRemapper::new();
    let numbers = glyphs.iter().map(|glyph| remapper.remap(*glyph)).collect();
    let file = subsetter::subset(&data.bytes, data.face, &remapper)
        .map_err(|error| FontError::Unparsable { font: data.name.clone(), detail: error.to_string() })?;
    Ok((file, numbers))
}
