//! Glyph programs of a CFF font without their subroutines, so that the font of one certificate is put together by
//! copying. Blocks of 256 glyphs are prepared when the first of them is used; what comes out does not depend on the order.

use std::sync::OnceLock;

use subsetter::GlyphRemapper;

use super::cff_table::{CffFault, CffTable};
use super::{FontData, FontError};

const BLOCK: u16 = 256;

pub(crate) struct CffBank {
    glyphs: u16,
    blocks: Vec<OnceLock<Result<Block, FontError>>>,
}

struct Block {
    /// Program of .notdef first, then of the block's glyphs.
    programs: Vec<u8>,
    ends: Vec<u32>,
    font_dict: Vec<u8>,
    privates: Vec<Vec<u8>>,
}

impl CffBank {
    pub(super) fn new(glyphs: u16) -> CffBank {
        let mut blocks = Vec::new();
        blocks.resize_with(usize::from(glyphs / BLOCK) + 1, OnceLock::new);
        CffBank { glyphs, blocks }
    }

    /// A CID-keyed CFF font (Technical Note 5176) whose character identifiers 1, 2, … are the given glyphs in their order.
    pub(crate) fn assemble(&self, data: &FontData, name: &str, glyphs: &[u16]) -> Result<Vec<u8>, FontError> {
        let mut programs: Vec<&[u8]> = Vec::with_capacity(glyphs.len() + 1);
        let mut font_dict: Vec<u8> = Vec::with_capacity(glyphs.len() + 1);
        let mut privates: Vec<&[u8]> = Vec::new();
        for glyph in std::iter::once(0).chain(glyphs.iter().copied()) {
            let (block, at) = self.locate(data, glyph)?;
            programs.push(block.program(at));
            let private = block.private(at);
            let position = match privates.iter().position(|known| *known == private) {
                Some(position) => position,
                None => {
                    privates.push(private);
                    privates.len() - 1
                }
            };
            font_dict.push(u8::try_from(position).map_err(|_| too_large(data))?);
        }
        write_cid_font(name, &programs, &font_dict, &privates).ok_or_else(|| too_large(data))
    }

    fn locate(&self, data: &FontData, glyph: u16) -> Result<(&Block, usize), FontError> {
        let number = glyph / BLOCK;
        let cell = self.blocks.get(usize::from(number)).ok_or_else(|| too_large(data))?;
        let block = cell.get_or_init(|| Block::build(data, number, self.glyphs)).as_ref().map_err(Clone::clone)?;
        let within = usize::from(glyph % BLOCK);
        // Block 0 begins with .notdef itself; the others carry a copy of it in front.
        Ok((block, if number == 0 { within } else { within + 1 }))
    }
}

fn too_large(data: &FontData) -> FontError {
    FontError::Unsupported { font: data.name.clone(), detail: "more glyphs than a CFF font holds" }
}

impl Block {
    fn build(data: &FontData, number: u16, glyphs: u16) -> Result<Block, FontError> {
        let unparsable = |detail: String| FontError::Unparsable { font: data.name.clone(), detail };
        let first = number * BLOCK;
        let last = first.saturating_add(BLOCK - 1).min(glyphs.saturating_sub(1));
        let mut remapper = GlyphRemapper::new();
        for glyph in first..=last {
            remapper.remap(glyph);
        }
        let file = subsetter::subset(&data.bytes, data.face, &remapper).map_err(|error| unparsable(error.to_string()))?;
        let table = CffTable::from_open_type(&file).map_err(|fault: CffFault| unparsable(fault.into()))?;

        let mut block = Block {
            programs: Vec::with_capacity(table.char_strings.iter().map(|program| program.len()).sum()),
            ends: Vec::with_capacity(table.char_strings.len()),
            font_dict: table.font_dict,
            privates: table.privates.iter().map(|p| p.to_vec()).collect(),
        };
        for program in &table.char_strings {
            block.programs.extend_from_slice(program);
            let end = u32::try_from(block.programs.len()).map_err(|e| unparsable(e.to_string()))?;
            block.ends.push(end);
        }
        Ok(block)
    }

    fn program(&self, at: usize) -> &[u8] {
        let start = match at {
            0 => 0,
            _ => self.ends.get(at - 1).copied().unwrap_or(0),
        };
        let end = self.ends.get(at).copied().unwrap_or(start);
        // Ends grow by construction and stay within `programs`.
        self.programs.get(start as usize..end as usize).unwrap_or(&[])
    }

    fn private(&self, at: usize) -> &[u8] {
        let number = self.font_dict.get(at).copied().unwrap_or(0);
        self.privates.get(usize::from(number)).map_or(&[], Vec::as_slice)
    }
}

/// Standard strings end at 390: the first two of our own are the registry and the ordering.
const SID_ADOBE: i32 = 391;
const SID_IDENTITY: i32 = 392;

/// `None` when something is larger than its field.
pub(super) fn write_cid_font(name: &str, programs: &[&[u8]], font_dict: &[u8], privates: &[&[u8]]) -> Option<Vec<u8>> {
    let body: usize = programs.iter().map(|p| p.len() + 3).sum();
    let mut out = Vec::with_capacity(body + privates.len() * 64 + 512);
    out.extend_from_slice(&[1, 0, 4, 4]);
    write_index(&mut out, &[name.as_bytes()])?;

    let mut top = Vec::with_capacity(48);
    for number in [SID_ADOBE, SID_IDENTITY, 0] {
        write_integer(&mut top, number);
    }
    top.extend_from_slice(&[12, 30]);
    write_integer(&mut top, i32::try_from(programs.len()).ok()?);
    top.extend_from_slice(&[12, 34]);
    // The four offsets are known further down; each is a 5-byte integer whose place is noted.
    let mut places = [0; 4];
    for (place, operator) in places.iter_mut().zip([&[15][..], &[12, 37], &[17], &[12, 36]]) {
        *place = top.len() + 1;
        write_integer(&mut top, 0);
        top.extend_from_slice(operator);
    }
    // Count, offset size and two one-byte or two-byte offsets stand before the dictionary.
    let top_start = out.len() + INDEX_OF_ONE_OVERHEAD;
    write_index(&mut out, &[&top])?;
    write_index(&mut out, &[b"Adobe", b"Identity"])?;
    write_index(&mut out, &[])?;

    let glyphs = u16::try_from(programs.len().checked_sub(1)?).ok()?;
    let charset = out.len();
    if glyphs == 0 {
        out.push(0);
    } else {
        // Format 2: one range of character identifiers, from 1.
        out.extend_from_slice(&[2, 0, 1]);
        out.extend_from_slice(&(glyphs - 1).to_be_bytes());
    }
    let fd_select = out.len();
    out.push(0);
    out.extend_from_slice(font_dict);
    let char_strings = out.len();
    write_index(&mut out, programs)?;
    let mut font_dicts = Vec::with_capacity(privates.len());
    for private in privates {
        let mut dict = Vec::with_capacity(11);
        write_integer(&mut dict, i32::try_from(private.len()).ok()?);
        write_integer(&mut dict, i32::try_from(out.len()).ok()?);
        dict.push(18);
        font_dicts.push(dict);
        out.extend_from_slice(private);
    }
    let fd_array = out.len();
    let dicts: Vec<&[u8]> = font_dicts.iter().map(Vec::as_slice).collect();
    write_index(&mut out, &dicts)?;

    for (place, offset) in places.into_iter().zip([charset, fd_select, char_strings, fd_array]) {
        let at = top_start + place;
        out.get_mut(at..at + 4)?.copy_from_slice(&i32::try_from(offset).ok()?.to_be_bytes());
    }
    Some(out)
}

const OFFSET_SIZE: usize = 3;
const INDEX_OF_ONE_OVERHEAD: usize = 2 + 1 + 2 * OFFSET_SIZE;

fn write_integer(out: &mut Vec<u8>, value: i32) {
    out.push(29);
    out.extend_from_slice(&value.to_be_bytes());
}

fn write_index(out: &mut Vec<u8>, items: &[&[u8]]) -> Option<()> {
    out.extend_from_slice(&u16::try_from(items.len()).ok()?.to_be_bytes());
    if items.is_empty() {
        return Some(());
    }
    out.push(3);
    let mut offset: u32 = 1;
    out.extend_from_slice(&offset.to_be_bytes()[4 - OFFSET_SIZE..]);
    for item in items {
        offset = offset.checked_add(u32::try_from(item.len()).ok()?)?;
        if offset >> (8 * OFFSET_SIZE) != 0 {
            return None;
        }
        out.extend_from_slice(&offset.to_be_bytes()[4 - OFFSET_SIZE..]);
    }
    for item in items {
        out.extend_from_slice(item);
    }
    Some(())
}
