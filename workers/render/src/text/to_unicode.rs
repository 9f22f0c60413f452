//! The ToUnicode CMap (ISO 32000-1, 9.10.3): from codes back to characters, also beyond the BMP.

use std::fmt::Write as _;

use super::UsedFont;

const HEAD: &str = "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
/CIDSystemInfo <</Registry(Adobe)/Ordering(UCS)/Supplement 0>> def\n\
/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n\
1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n";
const TAIL: &str = "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend";
/// At most so many entries may stand in one block.
const BLOCK: usize = 100;

pub(crate) fn to_unicode(font: &UsedFont) -> String {
    let mut cmap = String::with_capacity(HEAD.len() + TAIL.len() + 16 * font.letters.len());
    cmap.push_str(HEAD);
    let mut code = 0u32;
    for block in font.letters.chunks(BLOCK) {
        // Writing into a string cannot fail.
        let _ = writeln!(cmap, "{} beginbfchar", block.len());
        for letter in block {
            code += 1;
            let _ = write!(cmap, "<{code:04X}><");
            for unit in letter.character.encode_utf16(&mut [0; 2]) {
                let _ = write!(cmap, "{unit:04X}");
            }
            cmap.push_str(">\n");
        }
        cmap.push_str("endbfchar\n");
    }
    cmap.push_str(TAIL);
    cmap
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::font::Glyph;
    use crate::text::Letter;

    #[test]
    fn characters_beyond_the_bmp_are_surrogate_pairs_and_blocks_hold_a_hundred() {
        let glyph = Glyph { id: 1, advance: 1000 };
        let mut letters: Vec<Letter> = ('一'..).take(100).map(|character| Letter { character, font: 0, glyph }).collect();
        letters.push(Letter { character: '𠅤', font: 0, glyph });
        let cmap = to_unicode(&UsedFont { letters });
        assert!(cmap.contains("100 beginbfchar\n<0001><4E00>\n<0002><4E01>\n"));
        assert!(cmap.contains("1 beginbfchar\n<0065><D840DD64>\nendbfchar"));
    }
}
