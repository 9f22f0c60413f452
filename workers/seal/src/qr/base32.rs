//! Base32 (RFC 4648, 6) in upper case and without padding.

const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Writes bytes as base32.
pub(super) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(5) * 8);
    for group in bytes.chunks(5) {
        let byte = |index: usize| group.get(index).copied().unwrap_or(0);
        let digits = [
            byte(0) >> 3,
            byte(0) << 2 | byte(1) >> 6,
            byte(1) >> 1,
            byte(1) << 4 | byte(2) >> 4,
            byte(2) << 1 | byte(3) >> 7,
            byte(3) >> 2,
            byte(3) << 3 | byte(4) >> 5,
            byte(4),
        ];
        let needed = (group.len() * 8).div_ceil(5);
        for digit in digits.into_iter().take(needed) {
            text.push(char::from(ALPHABET[usize::from(digit & 0x1f)]));
        }
    }
    text
}

/// Reads upper-case base32; `None` unless it is the only text for its bytes.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 5 / 8);
    // At most seven bits wait here for the next digit's five.
    let (mut pending, mut pending_bits) = (0_u16, 0_u32);
    for character in text.bytes() {
        let digit = match character {
            b'A'..=b'Z' => character - b'A',
            b'2'..=b'7' => character - b'2' + 26,
            _ => return None,
        };
        pending = pending << 5 | u16::from(digit);
        pending_bits += 5;
        if pending_bits >= 8 {
            pending_bits -= 8;
            let [_, byte] = (pending >> pending_bits).to_be_bytes();
            bytes.push(byte);
            pending &= (1 << pending_bits) - 1;
        }
    }
    // Left-over bits must be too few for one more digit, and zero.
    (pending_bits < 5 && pending == 0).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_vectors_of_rfc_4648_hold() {
        for (bytes, text) in
            [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"), ("foobar", "MZXW6YTBOI")]
        {
            assert_eq!(encode(bytes.as_bytes()), text);
            assert_eq!(decode(text).unwrap(), bytes.as_bytes());
        }
    }

    #[test]
    fn texts_that_the_writer_never_writes_are_refused() {
        // lower case, padding, foreign digits, a length that no bytes have, left-over bits that are not zero
        for text in ["my", "MY======", "M1", "MY 2", "M", "MZX", "MZ", "MZXR"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn bytes_survive(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            prop_assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }

        #[test]
        fn every_text_that_is_read_is_the_one_that_is_written(text in "[A-Z2-7]{0,20}") {
            if let Some(bytes) = decode(&text) {
                prop_assert_eq!(encode(&bytes), text);
            }
        }
    }
}
