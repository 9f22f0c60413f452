//! The place of the signature in the bytes of a file, and the signature in it.

use std::ops::Range;

use super::pdf_object::{Object, Parser};

/// More hexadecimal digits than this are no hole of ours, which have 16,384.
const MAX_DIGITS: usize = 131_072;

const BYTE_RANGE: &[u8] = b"/ByteRange";
const OUR_KIND: &[u8] = b"ETSI.CAdES.detached";

/// How many signatures the bytes of a file show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marks {
    /// None, nor the remains of one.
    None,
    /// Words that only a signature has, but no readable ByteRange.
    Remains,
    /// Exactly one, with these four numbers: start and length of what is signed before and behind the hole.
    One([usize; 4]),
    /// More than one.
    Several,
}

/// Looks for ByteRange entries. They stand in clear in every file, since they are filled in after everything else.
pub(super) fn marks(bytes: &[u8]) -> Marks {
    let mut places = memchr::memmem::find_iter(bytes, BYTE_RANGE);
    let Some(place) = places.next() else {
        let remains = memchr::memmem::find(bytes, OUR_KIND).is_some();
        return if remains { Marks::Remains } else { Marks::None };
    };
    if places.next().is_some() {
        return Marks::Several;
    }
    let array = Parser::at(bytes, place + BYTE_RANGE.len()).object();
    let Some(Object::Array(numbers)) = array else {
        return Marks::Remains;
    };
    match numbers.as_slice() {
        &[Object::Integer(a), Object::Integer(b), Object::Integer(c), Object::Integer(d)] => {
            let numbers: Option<Vec<usize>> = [a, b, c, d].map(|n| usize::try_from(n).ok()).into_iter().collect();
            numbers.and_then(|numbers| numbers.try_into().ok()).map_or(Marks::Remains, Marks::One)
        }
        _ => Marks::Remains,
    }
}

/// The bytes between the two signed parts, if these enclose anything within the file.
pub(super) fn between(byte_range: [usize; 4], length: usize) -> Option<Range<usize>> {
    let [start, before, behind, _] = byte_range;
    let hole = start.checked_add(before)?..behind;
    (hole.start < hole.end && hole.end <= length).then_some(hole)
}

/// Why a hole is not one that [`crate::embed()`] filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HoleFault {
    /// Not a string of hexadecimal digits in angle brackets: foreign bytes that no signature covers.
    Foreign,
    /// Digits as sealing never writes them: lower case, an odd number, or too many.
    Digits,
    /// No signature begins there, or it is longer than the hole.
    NoSignature,
    /// Behind the signature stands something.
    Padding,
}

/// Reads the signature out of a hole: `<`, upper-case digits, zeros to the end, `>`.
pub(super) fn signature(hole: &[u8]) -> Result<Vec<u8>, HoleFault> {
    let digits = hole
        .strip_prefix(b"<")
        .and_then(|rest| rest.strip_suffix(b">"))
        .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))
        .ok_or(HoleFault::Foreign)?;
    if digits.len() > MAX_DIGITS || digits.len() % 2 != 0 {
        return Err(HoleFault::Digits);
    }
    let mut bytes: Vec<u8> =
        digits.chunks_exact(2).map(|pair| Some(value(pair[0])? << 4 | value(pair[1])?)).collect::<Option<_>>().ok_or(HoleFault::Digits)?;
    let length = der_length(&bytes).filter(|length| *length <= bytes.len()).ok_or(HoleFault::NoSignature)?;
    if bytes[length..].iter().any(|byte| *byte != 0) {
        return Err(HoleFault::Padding);
    }
    bytes.truncate(length);
    Ok(bytes)
}

/// The value of an upper-case hexadecimal digit.
fn value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// Length of the DER sequence at the beginning, head included.
fn der_length(bytes: &[u8]) -> Option<usize> {
    let [0x30, first, rest @ ..] = bytes else {
        return None;
    };
    if *first < 0x80 {
        return Some(2 + usize::from(*first));
    }
    let width = usize::from(first & 0x7f);
    if !(1..=3).contains(&width) {
        return None;
    }
    let length = rest.get(..width)?.iter().fold(0_usize, |length, byte| length << 8 | usize::from(*byte));
    Some(2 + width + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_counted_and_read() {
        for (text, marks_found) in [
            ("", Marks::None),
            ("/Type/Catalog", Marks::None),
            ("/SubFilter/ETSI.CAdES.detached", Marks::Remains),
            ("/ByteRange[0 10 20 30]", Marks::One([0, 10, 20, 30])),
            ("/ByteRange [0 10        20 30   ]", Marks::One([0, 10, 20, 30])),
            ("/ByteRange[0 10 20]", Marks::Remains),
            ("/ByteRange[0 10 20 30 40]", Marks::Remains),
            ("/ByteRange[0 10 20 -30]", Marks::Remains),
            ("/ByteRange[0 10 20 /A]", Marks::Remains),
            ("/ByteRange", Marks::Remains),
            ("/ByteRange[0 1 2 3]/ByteRange[0 1 2 3]", Marks::Several),
        ] {
            assert_eq!(marks(text.as_bytes()), marks_found, "{text}");
        }
    }

    #[test]
    fn a_hole_lies_between_the_parts_and_inside_the_file() {
        assert_eq!(between([0, 10, 20, 5], 25), Some(10..20));
        for byte_range in [[0, 10, 10, 5], [0, 20, 10, 5], [0, 10, 26, 5], [usize::MAX, 1, 20, 5]] {
            assert_eq!(between(byte_range, 25), None, "{byte_range:?}");
        }
    }

    #[test]
    fn a_signature_is_read_with_zeros_behind_it_only() {
        assert_eq!(signature(b"<30020101>").unwrap(), [0x30, 2, 1, 1]);
        assert_eq!(signature(b"<300201010000>").unwrap(), [0x30, 2, 1, 1]);
        assert_eq!(signature(b"<3081020AFF00>").unwrap().len(), 5);
        for (hole, fault) in [
            ("", HoleFault::Foreign),
            ("<", HoleFault::Foreign),
            ("30020101", HoleFault::Foreign),
            ("<30020101 >", HoleFault::Foreign),
            ("<30020101>/Kids<00>", HoleFault::Foreign),
            ("<3002010>", HoleFault::Digits),
            ("<300201aa>", HoleFault::Digits),
            ("<>", HoleFault::NoSignature),
            ("<3003>", HoleFault::NoSignature),
            ("<30030101>", HoleFault::NoSignature),
            ("<31020101>", HoleFault::NoSignature),
            ("<3080>", HoleFault::NoSignature),
            ("<30840000000100>", HoleFault::NoSignature),
            ("<3082FFFF00>", HoleFault::NoSignature),
            ("<300201010001>", HoleFault::Padding),
        ] {
            assert_eq!(signature(hole.as_bytes()), Err(fault), "{hole}");
        }
    }
}
