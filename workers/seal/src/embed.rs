//! Puts a finished signature into the hole that a document was rendered with.

use std::ops::Range;

use thiserror::Error;

/// A signature cannot be embedded.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum EmbedError {
    /// The signature needs more room than the hole has.
    #[error("a signature of {cms_bytes} bytes does not fit into a hole of {hole_bytes} bytes")]
    DoesNotFit {
        /// Length of the signature.
        cms_bytes: usize,
        /// What the hole can hold: half of its hexadecimal digits.
        hole_bytes: usize,
    },
    /// The range is not an unused hole: digits zero, an even number of them, `<` before and `>` behind.
    #[error("bytes {start} to {end} of the document are no empty hole for a signature")]
    NoHole {
        /// First digit.
        start: usize,
        /// Behind the last digit.
        end: usize,
    },
}

/// Writes `cms` in upper-case hexadecimal digits into the hole of `document`; the rest of the hole stays zero.
///
/// `contents` is the range of the digits, without the angle brackets around them (ISO 32000-1, 12.8.1 Contents).
///
/// # Errors
/// [`EmbedError::NoHole`] when the range is anything but an untouched hole, [`EmbedError::DoesNotFit`] when it is too small.
pub fn embed(mut document: Vec<u8>, contents: Range<usize>, cms: &[u8]) -> Result<Vec<u8>, EmbedError> {
    let no_hole = EmbedError::NoHole { start: contents.start, end: contents.end };
    let opened = contents.start.checked_sub(1).is_some_and(|before| document.get(before) == Some(&b'<'));
    let closed = document.get(contents.end) == Some(&b'>');
    let Some(hole) = document.get_mut(contents) else {
        return Err(no_hole);
    };
    if !opened || !closed || hole.len() % 2 != 0 || hole.iter().any(|&digit| digit != b'0') {
        return Err(no_hole);
    }
    if cms.len() > hole.len() / 2 {
        return Err(EmbedError::DoesNotFit { cms_bytes: cms.len(), hole_bytes: hole.len() / 2 });
    }
    for (pair, byte) in hole.chunks_exact_mut(2).zip(cms) {
        pair[0] = hexadecimal_digit(byte >> 4);
        pair[1] = hexadecimal_digit(byte & 0x0f);
    }
    Ok(document)
}

/// The upper-case digit of a value below 16.
fn hexadecimal_digit(value: u8) -> u8 {
    match value {
        0..=9 => b'0' + value,
        10.. => b'A' + (value - 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> (Vec<u8>, Range<usize>) {
        (b"before<00000000>behind".to_vec(), 7..15)
    }

    #[test]
    fn a_signature_is_written_in_upper_case_and_padded_with_zeros() {
        let (bytes, hole) = document();
        let sealed = embed(bytes, hole, &[0x0a, 0xbc, 0xf9]).unwrap();
        assert_eq!(sealed, b"before<0ABCF900>behind");
    }

    #[test]
    fn a_hole_may_be_filled_to_its_last_digit_and_no_further() {
        let (bytes, hole) = document();
        assert_eq!(embed(bytes.clone(), hole.clone(), &[0xff; 4]).unwrap(), b"before<FFFFFFFF>behind");
        assert_eq!(embed(bytes, hole, &[0xff; 5]), Err(EmbedError::DoesNotFit { cms_bytes: 5, hole_bytes: 4 }));
    }

    #[test]
    fn whatever_is_no_empty_hole_is_refused() {
        let (bytes, _) = document();
        #[expect(clippy::reversed_empty_ranges, reason = "such a range must be refused")]
        let ranges = [7..14, 8..15, 6..15, 7..16, 0..4, 15..7, 7..usize::MAX, 40..42];
        for range in ranges {
            assert!(matches!(embed(bytes.clone(), range.clone(), &[1]), Err(EmbedError::NoHole { .. })), "{range:?}");
        }
        let used = embed(bytes, 7..15, &[1]).unwrap();
        assert!(matches!(embed(used, 7..15, &[1]), Err(EmbedError::NoHole { .. })));
    }
}
