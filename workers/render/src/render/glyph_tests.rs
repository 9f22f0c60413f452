//! What stands in the file is what was asked for: every code of every embedded font leads to the outline of its character and back
//! to the character, whatever text comes.

use std::collections::BTreeMap;

use domain::kind::Kind;
use lopdf::{Dictionary, Document, Object};
use ttf_parser::{Face, GlyphId, OutlineBuilder, cff};

use super::*;
use crate::font::cff_widths;
use crate::specimen;
use crate::test_assets::{assets, passed_over, portrait, with_name};

/// The moves of an outline, to compare one with another.
#[derive(Debug, Default, PartialEq)]
struct Outline(Vec<[f32; 6]>);

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.push([x, y, 0.0, 0.0, 0.0, 0.0]);
    }
    fn line_to(&mut self, x: f32, y: f32) {
        self.0.push([x, y, 1.0, 0.0, 0.0, 0.0]);
    }
    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.0.push([x1, y1, x, y, 2.0, 0.0]);
    }
    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.0.push([x1, y1, x2, y2, x, y]);
    }
    fn close(&mut self) {}
}

fn at<'a>(document: &'a Document, dictionary: &'a Dictionary, key: &[u8]) -> &'a Object {
    document.dereference(dictionary.get(key).unwrap()).unwrap().1
}

fn stream(document: &Document, dictionary: &Dictionary, key: &[u8]) -> Vec<u8> {
    let stream = at(document, dictionary, key).as_stream().unwrap();
    stream.decompressed_content().unwrap_or_else(|_| stream.content.clone())
}

/// Codes and characters of a ToUnicode map.
fn characters(cmap: &str) -> BTreeMap<u16, char> {
    let pairs = cmap.lines().filter_map(|line| line.strip_prefix('<')?.strip_suffix('>')?.split_once("><"));
    pairs
        .filter(|pair| *pair != ("0000", "FFFF"))
        .map(|(code, text)| {
            let units: Vec<u16> =
                text.as_bytes().chunks(4).map(|unit| u16::from_str_radix(str::from_utf8(unit).unwrap(), 16).unwrap()).collect();
            let text = String::from_utf16(&units).unwrap();
            let mut characters = text.chars();
            let character = characters.next().unwrap();
            assert_eq!(characters.next(), None);
            (u16::from_str_radix(code, 16).unwrap(), character)
        })
        .collect()
}

/// Every character of the document's fonts, each with its embedded outline and width checked against the installed font.
pub(super) fn shown(document: &Document, assets: &Assets) -> Vec<char> {
    let (_, page) = document.get_pages().into_iter().next().unwrap();
    let mut shown = Vec::new();
    for font in document.get_page_fonts(page).unwrap().values() {
        let map = String::from_utf8(stream(document, font, b"ToUnicode")).unwrap();
        let [descendant] = at(document, font, b"DescendantFonts").as_array().unwrap().as_slice() else { panic!("one descendant") };
        let descendant = document.dereference(descendant).unwrap().1.as_dict().unwrap();
        let descriptor = at(document, descendant, b"FontDescriptor").as_dict().unwrap();
        let widths = at(document, descendant, b"W").as_array().unwrap();
        let widths = widths[1].as_array().unwrap();
        let cff_program = descriptor.has(b"FontFile3").then(|| stream(document, descriptor, b"FontFile3"));
        let true_type = descriptor.has(b"FontFile2").then(|| stream(document, descriptor, b"FontFile2"));
        let glyph_map = descendant.has(b"CIDToGIDMap").then(|| stream(document, descendant, b"CIDToGIDMap"));
        let cff_widths = cff_program.as_deref().map(cff_widths::widths);
        for (code, character) in characters(&map) {
            let mut embedded = Outline::default();
            let embedded_width;
            if let Some(program) = &cff_program {
                embedded_width = cff_widths.as_ref().unwrap()[usize::from(code)];
                let _ = cff::Table::parse(program).unwrap().outline(GlyphId(code), &mut embedded);
            } else {
                let face = Face::parse(true_type.as_ref().unwrap(), 0).unwrap();
                let entry = usize::from(code) * 2;
                let glyph = glyph_map.as_ref().unwrap()[entry..entry + 2].try_into().map(u16::from_be_bytes).unwrap();
                face.outline_glyph(GlyphId(glyph), &mut embedded);
                embedded_width = i64::from(face.glyph_hor_advance(GlyphId(glyph)).unwrap()) * 1000 / i64::from(face.units_per_em());
            }
            let (place, glyph) = assets.chain.find(character).unwrap();
            let mut installed = Outline::default();
            assets.chain.fonts[place].outline(glyph, &mut installed).unwrap();
            assert_eq!(embedded, installed, "{character:?}");
            let space = matches!(character, ' ' | '\u{3000}');
            assert!(space == embedded.0.is_empty(), "{character:?} (U+{:04X}) leaves {} strokes", u32::from(character), embedded.0.len());
            let width = widths[usize::from(code) - 1].as_i64().unwrap();
            // In the PDF, in the installed font and in the embedded program (ISO 19005-2, 6.2.11.5).
            assert_eq!((width, width), (i64::from(glyph.advance), embedded_width), "{character:?}");
            shown.push(character);
        }
    }
    shown
}

#[test]
fn every_character_of_every_kind_has_its_outline_in_the_file() {
    let Some(assets) = assets() else { return };
    for kind in Kind::ALL {
        for page in [specimen::ordinary(*kind), specimen::extreme(*kind)] {
            let unsigned = render(&page, &portrait(), &assets).unwrap();
            let shown = shown(&Document::load_mem(&unsigned.bytes).unwrap(), &assets);
            let texts =
                page.values.iter().flat_map(|value| &value.lines).chain([&page.title, &page.number, &page.authority, &page.contact]);
            for character in texts.flat_map(|text| text.chars()) {
                assert!(shown.contains(&character), "{kind}: {character:?}");
            }
        }
    }
}

#[test]
fn characters_of_every_extension_have_their_outlines_in_the_file() {
    let Some(assets) = assets() else { return };
    // Extensions A to H, and the compatibility ideographs that normalisation would turn into others.
    let names = ["㐀㛃䶮", "𠀀𠅤𪛖", "𪜀𫜴", "𫝀𫠝", "𫠠𬍛𬺡", "𬺰𮯠", "𰀀𱍊", "𱍐𲎯", "﨑神福凞", "·（）《》"];
    for name in names {
        let missing = assets.missing_characters(name);
        if assets.chain.fonts.len() == 4 {
            assert_eq!(missing, Vec::<char>::new(), "{name}");
        } else if !missing.is_empty() {
            passed_over(&format!("{name}: fonts-babelstone-han is not installed"));
            continue;
        }
        let unsigned = render(&with_name(name), &portrait(), &assets).unwrap();
        let shown = shown(&Document::load_mem(&unsigned.bytes).unwrap(), &assets);
        assert!(name.chars().all(|character| shown.contains(&character)), "{name}");
    }
}
