//! Text on its way to the page: characters with their glyphs, and what the fonts of one document must hold.

mod document_fonts;
pub(crate) mod to_unicode;

pub(crate) use document_fonts::{CommonFont, DocumentFonts, Slot, UsedFont};

use crate::error::RenderError;
use crate::font::Glyph;
use crate::font::chain::FontChain;

/// A character with the font (its place in the chain) and the glyph that show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Letter {
    pub(crate) character: char,
    pub(crate) font: usize,
    pub(crate) glyph: Glyph,
}

/// Finds the letters of a text; `field` is named in the refusal.
pub(crate) fn letters(chain: &FontChain, text: &str, field: &str) -> Result<Vec<Letter>, RenderError> {
    text.chars()
        .map(|character| match chain.find(character) {
            Some((font, glyph)) => Ok(Letter { character, font, glyph }),
            None => Err(RenderError::missing(character, field)),
        })
        .collect()
}

/// Width in points at a size in points, without extra spacing.
pub(crate) fn width_pt(letters: &[Letter], size_pt: f32) -> f32 {
    let thousandths: u32 = letters.iter().map(|l| u32::from(l.glyph.advance)).sum();
    // Exact: a text has far fewer than 2^24 thousandths of an em.
    #[expect(clippy::cast_precision_loss, reason = "below 2^24")]
    let em = thousandths as f32 / 1000.0;
    em * size_pt
}
