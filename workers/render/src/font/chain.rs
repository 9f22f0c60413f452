//! The fonts in fallback order: each character takes the first font that shows it.

use super::{Font, FontData, FontError, Glyph};

pub(crate) struct FontChain {
    pub(crate) fonts: Vec<Font>,
}

impl FontChain {
    pub(crate) fn new(fonts: Vec<FontData>) -> Result<FontChain, FontError> {
        let mut chain = FontChain { fonts: Vec::with_capacity(fonts.len()) };
        for data in fonts {
            let font = Font::new(data, |character| chain.fonts.iter().any(|font| font.has(character)))?;
            chain.fonts.push(font);
        }
        Ok(chain)
    }

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
