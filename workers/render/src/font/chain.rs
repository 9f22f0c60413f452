//! The fonts in fallback order: each character takes the first font that shows it.

use super::{Font, FontError, Glyph};

pub(crate) struct FontChain {
    pub(crate) fonts: Vec<Font>,
}

impl FontChain {
    /// The font's place in the chain and the glyph, or `None` where no font shows the character.
    pub(crate) fn find(&self, character: char) -> Result<Option<(usize, Glyph)>, FontError> {
        for (place, font) in self.fonts.iter().enumerate() {
            if let Some(glyph) = font.glyph(character)? {
                return Ok(Some((place, glyph)));
            }
        }
        Ok(None)
    }
}
