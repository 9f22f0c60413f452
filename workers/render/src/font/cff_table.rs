//! Reads the parts of a CFF table (Adobe Technical Note 5176) that `subsetter` writes: CID-keyed or not, without
//! subroutines. Every offset is checked; a table that says otherwise than its length is a fault, not a panic.

use std::ops::Range;

const OP_CHAR_STRINGS: u16 = 17;
const OP_PRIVATE: u16 = 18;
const OP_LOCAL_SUBRS: u16 = 19;
const OP_FD_ARRAY: u16 = 0x0C00 + 36;
const OP_FD_SELECT: u16 = 0x0C00 + 37;

/// The glyph programs of a CFF table with the private dictionary that each one needs.
#[derive(Debug)]
pub(super) struct CffTable<'a> {
    pub(super) char_strings: Vec<&'a [u8]>,
    /// For each glyph the index of its private dictionary.
    pub(super) font_dict: Vec<u8>,
    pub(super) privates: Vec<&'a [u8]>,
}

/// What is wrong with a CFF table.
pub(super) type CffFault = &'static str;

impl<'a> CffTable<'a> {
    /// Reads the `CFF ` table of an OpenType file.
    pub(super) fn from_open_type(file: &'a [u8]) -> Result<CffTable<'a>, CffFault> {
        let tables = be(file, 4, 2)?;
        for record in 0..tables {
            let at = 12 + 16 * record;
            if file.get(at..at + 4) == Some(b"CFF ") {
                let start = be(file, at + 8, 4)?;
                let length = be(file, at + 12, 4)?;
                let table = slice(file, start..start.saturating_add(length))?;
                return CffTable::read(table);
            }
        }
        Err("no CFF table")
    }

    pub(super) fn read(table: &'a [u8]) -> Result<CffTable<'a>, CffFault> {
        let header_size = be(table, 2, 1)?;
        let (_names, next) = index(table, header_size)?;
        let (top_dicts, next) = index(table, next)?;
        let (_strings, next) = index(table, next)?;
        let (global_subroutines, _) = index(table, next)?;
        if !global_subroutines.is_empty() {
            return Err("subroutines were left in");
        }
        let top = top_dicts.first().copied().ok_or("no top dictionary")?;
        let (char_strings, _) = index(table, operand(top, OP_CHAR_STRINGS, 0)?)?;
        let (font_dicts, _) = index(table, operand(top, OP_FD_ARRAY, 0)?)?;
        let privates = font_dicts
            .iter()
            .map(|dict| {
                let size = operand(dict, OP_PRIVATE, 0)?;
                let start = operand(dict, OP_PRIVATE, 1)?;
                let private = slice(table, start..start.saturating_add(size))?;
                if operand(private, OP_LOCAL_SUBRS, 0).is_ok() {
                    return Err("subroutines were left in");
                }
                Ok(private)
            })
            .collect::<Result<Vec<_>, CffFault>>()?;
        let font_dict = select(table, operand(top, OP_FD_SELECT, 0)?, char_strings.len())?;
        if font_dict.iter().any(|i| usize::from(*i) >= privates.len()) {
            return Err("a glyph names no private dictionary");
        }
        Ok(CffTable { char_strings, font_dict, privates })
    }
}

/// The glyph programs of any CFF table, as they stand, by glyph.
pub(super) fn programs(table: &[u8]) -> Result<Vec<&[u8]>, CffFault> {
    let (_names, next) = index(table, be(table, 2, 1)?)?;
    let (top_dicts, _) = index(table, next)?;
    let top = top_dicts.first().copied().ok_or("no top dictionary")?;
    Ok(index(table, operand(top, OP_CHAR_STRINGS, 0)?)?.0)
}

fn slice(data: &[u8], range: Range<usize>) -> Result<&[u8], CffFault> {
    data.get(range).ok_or("the table ends early")
}

/// A big-endian number of `width` (1 to 4) bytes.
fn be(data: &[u8], at: usize, width: usize) -> Result<usize, CffFault> {
    let bytes = slice(data, at..at.saturating_add(width))?;
    Ok(bytes.iter().fold(0, |n, b| n << 8 | usize::from(*b)))
}

/// An INDEX (section 5) and the offset behind it.
fn index(data: &[u8], at: usize) -> Result<(Vec<&[u8]>, usize), CffFault> {
    let count = be(data, at, 2)?;
    if count == 0 {
        return Ok((Vec::new(), at + 2));
    }
    let width = be(data, at + 2, 1)?;
    if !(1..=4).contains(&width) {
        return Err("an index has offsets of no known size");
    }
    let base = at + 2 + (count + 1) * width;
    let offset = |i: usize| Ok::<usize, CffFault>(base + be(data, at + 3 + i * width, width)?);
    let items = (0..count).map(|i| slice(data, offset(i)?..offset(i + 1)?)).collect::<Result<Vec<_>, CffFault>>()?;
    Ok((items, offset(count)?))
}

/// The `position`th operand of an operator in a dictionary (section 4), a whole number of at least zero.
pub(super) fn operand(dict: &[u8], wanted: u16, position: usize) -> Result<usize, CffFault> {
    let mut stack: Vec<i64> = Vec::new();
    let mut at = 0;
    while at < dict.len() {
        let first = be(dict, at, 1)?;
        at += 1;
        match first {
            0..=21 => {
                let mut operator = u16::try_from(first).map_err(|_| "an operator is too large")?;
                if first == 12 {
                    operator = 0x0C00 + u16::try_from(be(dict, at, 1)?).map_err(|_| "an operator is too large")?;
                    at += 1;
                }
                if operator == wanted {
                    let value = stack.get(position).ok_or("an operand is missing")?;
                    return usize::try_from(*value).map_err(|_| "an offset is negative");
                }
                stack.clear();
            }
            28 => {
                let low = u16::try_from(be(dict, at, 2)?).map_err(|_| "a number is too large")?;
                stack.push(i64::from(low.cast_signed()));
                at += 2;
            }
            29 => {
                let low = u32::try_from(be(dict, at, 4)?).map_err(|_| "a number is too large")?;
                stack.push(i64::from(low.cast_signed()));
                at += 4;
            }
            30 => {
                // A real number: no operand that is asked for is one, so its digits are passed over.
                loop {
                    let pair = be(dict, at, 1)?;
                    at += 1;
                    if pair & 0x0F == 0x0F || pair >> 4 == 0x0F {
                        break;
                    }
                }
                stack.push(0);
            }
            32..=246 => stack.push(i64::try_from(first).unwrap_or(0) - 139),
            247..=254 => {
                let low = i64::try_from(be(dict, at, 1)?).unwrap_or(0);
                let high = i64::try_from(first).unwrap_or(0);
                at += 1;
                stack.push(if first < 251 { (high - 247) * 256 + low + 108 } else { -(high - 251) * 256 - low - 108 });
            }
            _ => return Err("a dictionary holds a reserved byte"),
        }
    }
    Err("a dictionary lacks an operator")
}

/// FDSelect in format 0 or 3 (section 19).
fn select(data: &[u8], at: usize, glyphs: usize) -> Result<Vec<u8>, CffFault> {
    match be(data, at, 1)? {
        0 => Ok(slice(data, at + 1..at + 1 + glyphs)?.to_vec()),
        3 => {
            let ranges = be(data, at + 1, 2)?;
            let mut selected = vec![0; glyphs];
            for range in 0..ranges {
                let record = at + 3 + 3 * range;
                let (first, end) = (be(data, record, 2)?, be(data, record + 3, 2)?);
                let font_dict = slice(data, record + 2..record + 3)?[0];
                selected.get_mut(first..end).ok_or("a range of glyphs is out of order")?.fill(font_dict);
            }
            Ok(selected)
        }
        _ => Err("FDSelect has no known format"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn operands_of_every_size_are_read() {
        for (bytes, value) in [
            (&[139u8, 17][..], 0),
            (&[246, 17], 107),
            (&[247, 0, 17], 108),
            (&[250, 255, 17], 1131),
            (&[28, 0x27, 0x10, 17], 10_000),
            (&[29, 0, 1, 0x86, 0xA0, 17], 100_000),
            (&[30, 0x1A, 0x5F, 15, 139, 17], 0),
        ] {
            assert_eq!(operand(bytes, OP_CHAR_STRINGS, 0), Ok(value), "{bytes:?}");
        }
        assert!(operand(&[251, 0, 17], OP_CHAR_STRINGS, 0).is_err());
        assert!(operand(&[255], OP_CHAR_STRINGS, 0).is_err());
    }

    #[test]
    fn an_index_ends_where_its_last_item_ends() {
        let data = [0, 2, 1, 1, 3, 4, b'a', b'b', b'c', 9];
        let (items, next) = index(&data, 0).unwrap();
        assert_eq!(items, [&b"ab"[..], b"c"]);
        assert_eq!(next, 9);
        assert_eq!(index(&[0, 0], 0).unwrap(), (vec![], 2));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_bytes_are_a_table_or_a_fault(data in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = CffTable::read(&data);
            let _ = programs(&data);
            let _ = CffTable::from_open_type(&data);
        }
    }
}
