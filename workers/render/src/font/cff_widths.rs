//! The widths that a CFF table itself gives its glyphs (Adobe Technical Notes 5176 and 5177), read by the tests, which hold the
//! widths of the PDF against them.

use super::cff_table::{CffTable, operand};

const OP_DEFAULT_WIDTH: u16 = 20;
const OP_NOMINAL_WIDTH: u16 = 21;

/// The width of each glyph of a table without subroutines, in units of the em.
pub(crate) fn widths(table: &[u8]) -> Vec<i64> {
    let table = CffTable::read(table).unwrap();
    let glyphs = table.char_strings.iter().zip(&table.font_dict);
    glyphs
        .map(|(program, private)| {
            let private = table.privates[usize::from(*private)];
            let entry = |operator| operand(private, operator, 0).map_or(0, |value| i64::try_from(value).unwrap());
            match first_surplus(program) {
                Some(difference) => entry(OP_NOMINAL_WIDTH) + difference,
                None => entry(OP_DEFAULT_WIDTH),
            }
        })
        .collect()
}

/// The operand that stands before those of the first operator that clears the stack, if there is one: the width's difference from
/// the nominal one (Technical Note 5177, 3.1).
fn first_surplus(program: &[u8]) -> Option<i64> {
    let mut stack: Vec<i64> = Vec::new();
    let mut bytes = program.iter().map(|byte| i64::from(*byte));
    loop {
        let byte = bytes.next().expect("a program has an operator that clears the stack");
        let mut next = || bytes.next().expect("a number is whole");
        match byte {
            28 => {
                let number = next() << 8 | next();
                stack.push(if number < 0x8000 { number } else { number - 0x1_0000 });
            }
            32..=246 => stack.push(byte - 139),
            247..=250 => stack.push((byte - 247) * 256 + next() + 108),
            251..=254 => stack.push(-(byte - 251) * 256 - next() - 108),
            255 => {
                // Fixed point; the fraction is none of a width's.
                let number = next() << 8 | next();
                let _ = (next(), next());
                stack.push(if number < 0x8000 { number } else { number - 0x1_0000 });
            }
            // Stems come in pairs; masks may stand for stems.
            1 | 3 | 18 | 19 | 20 | 23 => return (stack.len() % 2 == 1).then(|| stack[0]),
            4 | 22 => return (1 < stack.len()).then(|| stack[0]),
            21 => return (2 < stack.len()).then(|| stack[0]),
            14 => return (stack.len() == 1 || stack.len() == 5).then(|| stack[0]),
            other => panic!("operator {other} stands first"),
        }
    }
}
