//! The characters of one document by font. What every certificate of a kind prints has its code in the common font of the static part;
//! all others are coded from 1 in the order of first use, one code for each character (two characters that share a glyph keep two
//! codes), so that the way back to text is always exact.

use std::collections::HashMap;

use super::Letter;

/// A font that the document uses.
#[derive(Debug, Default)]
pub(crate) struct UsedFont {
    /// Code 1 is the first.
    pub(crate) letters: Vec<Letter>,
}

/// The font of the static part: characters of one font of the chain.
#[derive(Debug, Default)]
pub(crate) struct CommonFont {
    pub(crate) used: UsedFont,
    codes: HashMap<char, u16>,
}

impl CommonFont {
    /// The letters that belong to one font of the chain, each once.
    pub(crate) fn new(letters: impl IntoIterator<Item = Letter>, font: usize) -> CommonFont {
        let mut common = CommonFont::default();
        for letter in letters.into_iter().filter(|letter| letter.font == font) {
            let Ok(code) = u16::try_from(common.used.letters.len() + 1) else { break };
            if let std::collections::hash_map::Entry::Vacant(free) = common.codes.entry(letter.character) {
                free.insert(code);
                common.used.letters.push(letter);
            }
        }
        common
    }
}

/// Where a character's glyph is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    /// In the common font.
    Common,
    /// In the document's own subset of the font at this place of the chain.
    Own(usize),
}

#[derive(Debug)]
pub(crate) struct DocumentFonts<'a> {
    common: &'a CommonFont,
    /// One for each font of the chain, used or not.
    pub(crate) fonts: Vec<UsedFont>,
    codes: HashMap<char, u16>,
}

impl DocumentFonts<'_> {
    pub(crate) fn new(common: &CommonFont, fonts_in_chain: usize) -> DocumentFonts<'_> {
        let mut fonts = Vec::new();
        fonts.resize_with(fonts_in_chain, UsedFont::default);
        DocumentFonts { common, fonts, codes: HashMap::with_capacity(64) }
    }

    /// The font and the code of a character; `None` when the page holds more than 65,534 different ones.
    pub(crate) fn code(&mut self, letter: Letter) -> Option<(Slot, u16)> {
        if let Some(code) = self.common.codes.get(&letter.character) {
            return Some((Slot::Common, *code));
        }
        if let Some(code) = self.codes.get(&letter.character) {
            return Some((Slot::Own(letter.font), *code));
        }
        let used = self.fonts.get_mut(letter.font)?;
        let code = u16::try_from(used.letters.len() + 1).ok().filter(|code| *code < u16::MAX)?;
        used.letters.push(letter);
        self.codes.insert(letter.character, code);
        Some((Slot::Own(letter.font), code))
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
        let common = CommonFont::new([letter('号', 0), letter('号', 0), letter('王', 1)], 0);
        assert_eq!(common.used.letters, [letter('号', 0)]);
        let mut fonts = DocumentFonts::new(&common, 2);
        assert_eq!(fonts.code(letter('号', 0)), Some((Slot::Common, 1)));
        assert_eq!(fonts.code(letter('人', 0)), Some((Slot::Own(0), 1)));
        assert_eq!(fonts.code(letter('⼈', 0)), Some((Slot::Own(0), 2)));
        assert_eq!(fonts.code(letter('𠅤', 1)), Some((Slot::Own(1), 1)));
        assert_eq!(fonts.code(letter('人', 0)), Some((Slot::Own(0), 1)));
        assert_eq!(fonts.code(letter('王', 9)), None);
        assert_eq!(fonts.used().count(), 2);
    }
}
