//! One font of the chain: its character map, its measures, and its glyphs in the form that a PDF embeds.
//! Of a font with TrueType outlines only the glyphs are kept that the fonts before it in the chain do not show; the bank of a font
//! with CFF outlines is built when a character asks for it, so that start-up stays quick and memory small.

pub(crate) mod cff_bank;
mod cff_table;
#[cfg(test)]
pub(crate) mod cff_widths;
pub(crate) mod chain;
mod character_map;
#[cfg(test)]
mod tests;
pub(crate) mod true_type;

use std::path::Path;

use subsetter::GlyphRemapper;
use ttf_parser::{Face, GlyphId};

use cff_bank::CffBank;
use character_map::CharacterMap;
pub(crate) use character_map::is_space;

/// The bytes of one font, read by the caller.
#[derive(Debug, Clone)]
pub struct FontData {
    /// A name for messages, such as the file's.
    pub name: String,
    /// The whole font file.
    pub bytes: Vec<u8>,
    /// Index of the face in a collection, else 0.
    pub face: u32,
}

/// Why a font cannot be used.
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
pub enum FontError {
    /// The bytes are no font that can be parsed.
    #[error("{font} is no font that can be used ({detail}): install its package again, or name another file or face")]
    Unparsable {
        /// The font's name.
        font: String,
        /// What is wrong.
        detail: String,
    },
    /// The font forbids embedding (OS/2 `fsType`).
    #[error("the font {font} forbids embedding")]
    NotEmbeddable {
        /// The font's name.
        font: String,
    },
    /// The font has neither CFF outlines of 1,000 units nor TrueType outlines.
    #[error("the font {font} has outlines that cannot be embedded: {detail}")]
    Unsupported {
        /// The font's name.
        font: String,
        /// What it has.
        detail: &'static str,
    },
}

/// What a page needs to know about one glyph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Glyph {
    pub(crate) id: u16,
    /// Advance in thousandths of the em.
    pub(crate) advance: u16,
}

/// Measures of the font descriptor (ISO 32000-1, 9.8), in thousandths of the em.
#[derive(Debug, Clone)]
pub(crate) struct Descriptor {
    pub(crate) postscript_name: String,
    pub(crate) bbox: [i32; 4],
    pub(crate) ascent: i32,
    pub(crate) descent: i32,
    pub(crate) cap_height: i32,
}

pub(crate) enum Outlines {
    Cff(CffBank),
    TrueType,
}

pub(crate) struct Font {
    pub(crate) data: FontData,
    pub(crate) descriptor: Descriptor,
    pub(crate) outlines: Outlines,
    units_per_em: u32,
    characters: CharacterMap,
}

impl Font {
    /// A font of a chain; `is_shown` tells which characters the fonts before it show.
    pub(crate) fn new(mut data: FontData, is_shown: impl Fn(char) -> bool) -> Result<Font, FontError> {
        let face = parse(&data)?;
        let restricted = face.permissions() == Some(ttf_parser::Permissions::Restricted);
        let no_subsets = face.tables().os2.is_some() && !face.is_subsetting_allowed();
        if restricted || no_subsets {
            return Err(FontError::NotEmbeddable { font: data.name.clone() });
        }
        let units_per_em = u32::from(face.units_per_em());
        let outlines = if face.tables().cff.is_some() {
            if units_per_em != 1000 {
                return Err(FontError::Unsupported { font: data.name.clone(), detail: "CFF outlines on an em of other than 1,000 units" });
            }
            Outlines::Cff(CffBank::new(face.number_of_glyphs()))
        } else if face.tables().glyf.is_some() {
            Outlines::TrueType
        } else {
            return Err(FontError::Unsupported { font: data.name.clone(), detail: "neither CFF nor glyf outlines" });
        };
        let descriptor = describe(&face, &data.name);
        let mut characters = CharacterMap::read(&face, units_per_em, is_shown);
        if matches!(outlines, Outlines::TrueType) {
            let mut kept = GlyphRemapper::new();
            characters.renumber(|glyph| {
                kept.remap(glyph);
                glyph
            });
            // Where most glyphs stay, a copy would save little and need twice the memory for a moment.
            if kept.num_gids() < face.number_of_glyphs() / 4 * 3 {
                characters.renumber(|glyph| kept.remap(glyph));
                let mut bytes = subsetter::subset(&data.bytes, data.face, &kept)
                    .map_err(|error| FontError::Unparsable { font: data.name.clone(), detail: error.to_string() })?;
                // It comes with room for as much again.
                bytes.shrink_to_fit();
                (data.bytes, data.face) = (bytes, 0);
            }
        }
        Ok(Font { data, descriptor, outlines, units_per_em, characters })
    }

    /// The glyph that shows this character with ink, or one of the two spaces; `None` sends the search on.
    pub(crate) fn glyph(&self, character: char) -> Option<Glyph> {
        self.characters.get(character)
    }

    /// Draws the outline of a glyph in font units; used for the seal only.
    pub(crate) fn outline(&self, glyph: Glyph, builder: &mut dyn ttf_parser::OutlineBuilder) -> Result<(), FontError> {
        let face = parse(&self.data)?;
        // A glyph without an outline is a space: there is nothing to draw.
        face.outline_glyph(GlyphId(glyph.id), builder);
        Ok(())
    }

    pub(crate) fn units_per_em(&self) -> u32 {
        self.units_per_em
    }
}

fn parse(data: &FontData) -> Result<Face<'_>, FontError> {
    Face::parse(&data.bytes, data.face).map_err(|error| FontError::Unparsable { font: data.name.clone(), detail: error.to_string() })
}

/// What of a text can stand in a PDF name without an escape (ISO 32000-1, 7.3.5); maybe nothing.
fn safe_name(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(60).collect()
}

fn describe(face: &Face<'_>, file_name: &str) -> Descriptor {
    let units = i32::from(face.units_per_em()).max(1);
    let em = |value: i16| i32::from(value) * 1000 / units;
    let bounds = face.global_bounding_box();
    let named = face
        .names()
        .into_iter()
        .find(|name| name.name_id == ttf_parser::name_id::POST_SCRIPT_NAME && name.is_unicode())
        .and_then(|name| name.to_string())
        .unwrap_or_default();
    // The file's name without its folder says something, too; where a machine keeps its fonts is nobody's business.
    let stem = Path::new(file_name).file_stem().unwrap_or_default().to_string_lossy();
    let postscript_name = [named.as_str(), &stem].into_iter().map(safe_name).find(|name| !name.is_empty());
    let postscript_name = postscript_name.unwrap_or_else(|| "Font".to_owned());
    Descriptor {
        postscript_name,
        bbox: [em(bounds.x_min), em(bounds.y_min), em(bounds.x_max), em(bounds.y_max)],
        ascent: em(face.ascender()),
        descent: em(face.descender()),
        cap_height: em(face.capital_height().unwrap_or(face.ascender())),
    }
}
