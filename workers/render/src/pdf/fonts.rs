//! The fonts of one document: for each used font of the chain a composite font with an embedded subset
//! (ISO 32000-1, 9.7), coded by `Identity-H`.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::{FileWriter, Stream, deflate, object};
use crate::font::chain::FontChain;
use crate::font::{Font, FontError, Outlines, true_type};
use crate::text::{CommonFont, DocumentFonts, UsedFont, to_unicode};

/// Whose a font is.
#[derive(Debug, Clone, Copy)]
enum Role {
    /// All certificates' of a kind: made once, so that it is worth compressing.
    Common,
    /// One document's.
    Own,
}

impl Role {
    fn stream(self, dict: String, body: Vec<u8>) -> Stream<'static> {
        match self {
            Role::Common => Stream { dict: format!("{dict}/Filter/FlateDecode").into(), body: deflate(&body).into() },
            Role::Own => Stream { dict: dict.into(), body: body.into() },
        }
    }
}

/// The font with what every certificate of a kind prints: a subset of the first of the chain.
pub(crate) fn write_common_font(file: &mut FileWriter, chain: &FontChain, common: &CommonFont) -> Result<(), FontError> {
    if let Some(font) = chain.fonts.first() {
        let next = write_font(file, font, &common.used, object::COMMON_FONT, Role::Common)?;
        // Numbers that only a font with TrueType outlines needs.
        (next..object::FIRST_FREE).for_each(|number| file.object(number, "null"));
    }
    Ok(())
}

/// Writes the fonts that are this document's own; returns the next free object number.
pub(crate) fn write_fonts(file: &mut FileWriter, chain: &FontChain, fonts: &DocumentFonts<'_>) -> Result<usize, FontError> {
    let mut next = object::FIRST_FREE;
    let mut resources = format!("<</C {} 0 R", object::COMMON_FONT);
    for (place, used) in fonts.used() {
        let Some(font) = chain.fonts.get(place) else {
            continue;
        };
        // Writing into a string cannot fail.
        let _ = write!(resources, "/F{place} {next} 0 R");
        next = write_font(file, font, used, next, Role::Own)?;
    }
    resources.push_str(">>");
    file.object(object::FONTS, &resources);
    Ok(next)
}

/// Writes the objects of one font from number `first` on; returns the next free number.
fn write_font(file: &mut FileWriter, font: &Font, used: &UsedFont, first: usize, role: Role) -> Result<usize, FontError> {
    let [composite, descendant, descriptor, program, unicode, glyph_map] = [0, 1, 2, 3, 4, 5].map(|n| first + n);
    let about = &font.descriptor;
    let glyphs: Vec<u16> = used.letters.iter().map(|letter| letter.glyph.id).collect();
    let name = format!("{}+{}", subset_tag(&glyphs), about.postscript_name);
    let next = match &font.outlines {
        Outlines::Cff(bank) => {
            let cff = bank.assemble(&font.data, &name, &glyphs)?;
            file.stream(program, &role.stream("/Subtype/CIDFontType0C".into(), cff));
            glyph_map
        }
        Outlines::TrueType => {
            let (subset, numbers) = true_type::subset(&font.data, &glyphs)?;
            file.stream(program, &role.stream(format!("/Length1 {}", subset.len()), subset));
            let mut map = vec![0, 0];
            map.extend(numbers.iter().flat_map(|number| number.to_be_bytes()));
            file.stream(glyph_map, &role.stream(String::new(), map));
            glyph_map + 1
        }
    };
    let (subtype, key, map) = match &font.outlines {
        Outlines::Cff(_) => ("CIDFontType0", "FontFile3", String::new()),
        Outlines::TrueType => ("CIDFontType2", "FontFile2", format!("/CIDToGIDMap {glyph_map} 0 R")),
    };
    file.object(
        composite,
        &format!(
            "<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H\
             /DescendantFonts[{descendant} 0 R]/ToUnicode {unicode} 0 R>>"
        ),
    );
    file.object(
        descendant,
        &format!(
            "<</Type/Font/Subtype/{subtype}/BaseFont/{name}\
             /CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>\
             /FontDescriptor {descriptor} 0 R/DW 1000/W{}{map}>>",
            widths(used)
        ),
    );
    let [left, bottom, right, top] = about.bbox;
    file.object(
        descriptor,
        &format!(
            "<</Type/FontDescriptor/FontName/{name}/Flags 6/FontBBox[{left} {bottom} {right} {top}]\
             /ItalicAngle 0/Ascent {}/Descent {}/CapHeight {}/StemV 80/{key} {program} 0 R>>",
            about.ascent, about.descent, about.cap_height
        ),
    );
    file.stream(unicode, &role.stream(String::new(), to_unicode::to_unicode(used).into_bytes()));
    Ok(next)
}

/// The tag that marks a subset (ISO 32000-1, 9.6.4): six capitals that other glyphs, or another order of them, change. Programs that
/// keep fonts by their names would else show one document's glyphs in another.
fn subset_tag(glyphs: &[u16]) -> String {
    let mut hash = Sha256::new();
    glyphs.iter().for_each(|glyph| hash.update(glyph.to_be_bytes()));
    // A byte has 256 values and a capital 26: a little uneven, which a name may be.
    hash.finalize().iter().take(6).map(|byte| char::from(b'A' + byte % 26)).collect()
}

fn widths(used: &UsedFont) -> String {
    let mut widths = String::with_capacity(5 * used.letters.len() + 8);
    widths.push_str("[1[");
    for letter in &used.letters {
        let _ = write!(widths, "{} ", letter.glyph.advance);
    }
    widths.push_str("]]");
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tag_is_six_capitals_and_knows_the_glyphs_and_their_order() {
        let tags = [&[][..], &[1], &[2], &[1, 2], &[2, 1], &[258]].map(subset_tag);
        assert!(tags.iter().all(|tag| tag.len() == 6 && tag.bytes().all(|byte| byte.is_ascii_uppercase())), "{tags:?}");
        assert_eq!(tags.iter().collect::<std::collections::BTreeSet<_>>().len(), tags.len(), "{tags:?}");
        assert_eq!(subset_tag(&[1, 2]), tags[3]);
    }
}
