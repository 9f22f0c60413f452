//! From character to glyph and advance, for one font: two-level pages of 256 characters.

use ttf_parser::{Face, GlyphId, Tag};

use super::{Glyph, cff_table};

#[derive(Default)]
pub(super) struct CharacterMap {
    pages: Vec<Option<Box<[Option<Glyph>; 256]>>>,
}

impl CharacterMap {
    /// The characters of a face that are printable, leave ink unless they are spaces, and are not shown by another font already.
    pub(super) fn read(face: &Face<'_>, units_per_em: u32, is_shown: impl Fn(char) -> bool) -> CharacterMap {
        let mut map = CharacterMap::default();
        let table = face.raw_face().table(Tag::from_bytes(b"CFF "));
        let programs = table.and_then(|table| cff_table::programs(table).ok()).unwrap_or_default();
        for subtable in face.tables().cmap.iter().flat_map(|cmap| cmap.subtables) {
            if !subtable.is_unicode() {
                continue;
            }
            subtable.codepoints(|code_point| {
                let Some(character) = char::from_u32(code_point) else {
                    return;
                };
                if !is_printable(character) || is_shown(character) {
                    return;
                }
                if let Some(id) = subtable.glyph_index(code_point)
                    && id.0 != 0
                    && (is_space(character) || leaves_ink(face, &programs, id))
                {
                    let units = u32::from(face.glyph_hor_advance(id).unwrap_or(0));
                    let advance = units * 1000 / units_per_em.max(1);
                    map.insert(character, Glyph { id: id.0, advance: u16::try_from(advance).unwrap_or(u16::MAX) });
                }
            });
        }
        map
    }

    pub(super) fn get(&self, character: char) -> Option<Glyph> {
        let code_point = character as usize;
        self.pages.get(code_point >> 8)?.as_ref()?[code_point & 0xFF]
    }

    /// Gives every glyph another number, in the order of characters.
    pub(super) fn renumber(&mut self, mut number: impl FnMut(u16) -> u16) {
        for glyph in self.pages.iter_mut().flatten().flat_map(|page| page.iter_mut()).flatten() {
            glyph.id = number(glyph.id);
        }
    }

    fn insert(&mut self, character: char, glyph: Glyph) {
        let code_point = character as usize;
        let page = code_point >> 8;
        if self.pages.len() <= page {
            self.pages.resize_with(page + 1, || None);
        }
        let entries = self.pages[page].get_or_insert_with(|| Box::new([None; 256]));
        // The first subtable that knows a character wins; the others repeat it.
        entries[code_point & 0xFF].get_or_insert(glyph);
    }
}

/// The two spaces that a printed value may hold; every other character must leave ink.
pub(crate) fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\u{3000}')
}

/// Characters that a printed value may hold. Private-use characters mean something else in every font; controls, default
/// ignorable characters (Unicode, DerivedCoreProperties) and the stand-ins for the unreadable mean nothing, though some
/// fonts draw a box for them.
fn is_printable(character: char) -> bool {
    if is_space(character) {
        return true;
    }
    let noncharacter = u32::from(character) & 0xFFFE == 0xFFFE || matches!(character, '\u{FDD0}'..='\u{FDEF}');
    let private = matches!(character,
        '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{FFFFD}' | '\u{100000}'..='\u{10FFFD}');
    let ignorable = matches!(character,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFFD}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}');
    !(character.is_control() || character.is_whitespace() || noncharacter || private || ignorable)
}

/// CFF programs of so many bytes draw; only shorter ones are interpreted, since to interpret every one of a large font takes long.
const DRAWING_PROGRAM: usize = 64;

/// Whether a glyph leaves ink; `programs` are those of a CFF font.
fn leaves_ink(face: &Face<'_>, programs: &[&[u8]], id: GlyphId) -> bool {
    match face.tables().glyf {
        Some(glyf) => glyf.bbox(id).is_some(),
        None => {
            let program = programs.get(usize::from(id.0));
            program.is_some_and(|program| DRAWING_PROGRAM <= program.len()) || face.glyph_bounding_box(id).is_some()
        }
    }
}
