//! The fonts in fallback order: each character takes the first font that shows it.

use super::{Font, FontData, FontError, Glyph};

#[derive(Default)]
pub(crate) struct FontChain {
    pub(crate) fonts: Vec<Font>,
}

impl FontChain {
    /// Puts a font behind those that are there; of its bytes is kept what may be asked for.
    pub(crate) fn push(&mut self, data: FontData) -> Result<(), FontError> {
        let font = Font::new(data, |character| self.find(character).is_some())?;
        self.fonts.push(font);
        Ok(())
    }

    /// The font's place in the chain and the glyph, or `None` where no font shows the character.
    pub(crate) fn find(&self, character: char) -> Option<(usize, Glyph)> {
        self.fonts.iter().enumerate().find_map(|(place, font)| Some((place, font.glyph(character)?)))
    }
}
