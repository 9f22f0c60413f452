//! Fonts made here, of one character with a CFF glyph that draws or does not.

use super::chain::FontChain;
use super::*;

/// A square.
const DRAWN: [u8; 10] = [239, 239, 21, 247, 92, 6, 247, 92, 7, 14];
/// Nothing.
const BLANK: [u8; 1] = [14];

/// An OpenType font whose only character is 王, with this glyph program.
fn font(name: &str, program: &[u8]) -> FontData {
    let cff = cff_bank::write_cid_font("Test", &[&BLANK, program], &[0, 0], &[&[]]).unwrap();
    let mut head = vec![0; 54];
    head[18..20].copy_from_slice(&1000u16.to_be_bytes());
    let mut hhea = vec![0; 36];
    hhea[34..].copy_from_slice(&2u16.to_be_bytes());
    let hmtx = [1000u16, 0, 1000, 0].iter().flat_map(|n| n.to_be_bytes()).collect();
    let maxp = vec![0, 0, 0x50, 0, 0, 2];
    // One table of format 12 for platform 3, encoding 10.
    let mut cmap: Vec<u8> = [0u16, 1, 3, 10, 0, 12, 12, 0].iter().flat_map(|n| n.to_be_bytes()).collect();
    cmap.extend([28, 0, 1, u32::from('王'), u32::from('王'), 1].iter().flat_map(|n| n.to_be_bytes()));
    let tables: [(&[u8], Vec<u8>); 6] =
        [(b"CFF ", cff), (b"cmap", cmap), (b"head", head), (b"hhea", hhea), (b"hmtx", hmtx), (b"maxp", maxp)];
    let mut bytes = b"OTTO\0\x06\0\0\0\0\0\0".to_vec();
    let mut body = Vec::new();
    for (tag, table) in &tables {
        let offset = 12 + 16 * tables.len() + body.len();
        bytes.extend_from_slice(tag);
        for number in [0, offset, table.len()] {
            bytes.extend(u32::try_from(number).unwrap().to_be_bytes());
        }
        body.extend_from_slice(table);
        body.resize(body.len().next_multiple_of(4), 0);
    }
    bytes.extend(body);
    FontData { name: name.to_owned(), bytes, face: 0 }
}

#[test]
fn a_blank_glyph_sends_the_search_on_to_the_next_font() {
    let mut chain = FontChain::default();
    chain.push(font("blank.otf", &BLANK)).unwrap();
    assert_eq!(chain.find('王'), None);
    chain.push(font("drawn.otf", &DRAWN)).unwrap();
    let (place, glyph) = chain.find('王').unwrap();
    assert_eq!((place, glyph), (1, Glyph { id: 1, advance: 1000 }));
    // A further font is not asked.
    chain.push(font("again.otf", &DRAWN)).unwrap();
    assert!(chain.fonts[2].glyph('王').is_none());
}

#[test]
fn a_font_without_a_name_is_called_by_its_file_and_never_by_its_folder() {
    for (file, name) in [("/usr/share/fonts/My Font (1).otf", "MyFont1"), ("/usr/share/fonts/宋体.otf", "Font"), ("Song-Ti.otf", "Song-Ti")]
    {
        let font = Font::new(font(file, &DRAWN), |_| false).unwrap();
        assert_eq!(font.descriptor.postscript_name, name);
    }
}
