//! The characters of one document by font. Codes are counted from 1 in the order of first use, one for each character
//! (two characters that share a glyph keep two codes), so that the way back to text is always exact.

use std::collections::HashMap;

use super::Letter;

/// A font that the document uses.
#[derive(Debug, Default)]
pub(crate) struct UsedFont {
    /// Code 1 is the first.
    pub(crate) letters: Vec<Letter>,
}

#[derive(Debug)]
pub(crate) struct DocumentFonts {
    /// One for each font of the chain, used or not.
    pub(crate) fonts: Vec<UsedFont>,
    codes: HashMap<char, u16>,
}

impl DocumentFonts {
    pub(crate) fn new(fonts_in_chain: usize) -> DocumentFonts {
        let mut fonts = Vec::new();
        fonts.resize_with(fonts_in_chain, UsedFont::default);
        DocumentFonts { fonts, codes: HashMap::with_capacity(192) }
    }

    /// The code of a character in the font of its letter; `None` when the page holds more than 65,534 different ones.
    pub(crate) fn code(&mut self, letter: Letter) -> Option<u16> {
        if let Some(code) = self.codes.get(&letter.character) {
            return Some(*code);
        }
        let used = self.fonts.get_mut(letter.font)?;
        let code = u16::try_from(used.letters.len() + 1).ok().filter(|code| *code < u16::MAX)?;
        used.letters.push(letter);
        self.codes.insert(letter.character, code);
        Some(code)
    }

    /// The fonts with at least one character, with their places in the chain.
    pub(crate) fn used(&self) -> impl Iterator<Item = (usize, &UsedFont)> {
        self.fonts.iter().enumerate().filter(|(_, font)| !font.letters.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::font::Glyph;

    #[test]
    fn characters_that_share_a_glyph_keep_codes_of_their_own() {
        let glyph = Glyph { id: 7, advance: 1000 };
        let letter = |character, font| Letter { character, font, glyph };
        let mut fonts = DocumentFonts::new(2);
        assert_eq!(fonts.code(letter('人', 0)), Some(1));
        assert_eq!(fonts.code(letter('⼈', 0)), Some(2));
        assert_eq!(fonts.code(letter('𠅤', 1)), Some(1));
        assert_eq!(fonts.code(letter('人', 0)), Some(1));
        assert_eq!(fonts.code(letter('人', 9)), Some(1));
        assert_eq!(fonts.code(letter('王', 9)), None);
        assert_eq!(fonts.used().count(), 2);
    }
}
