//! The part of CBOR (RFC 8949) that statements and status lists use: unsigned integers, strings and the heads of maps and arrays.
//!
//! Reading accepts the shortest encoding only (RFC 8949, 4.2.1).

/// The kind of an item: its first three bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Major {
    /// An unsigned integer; the number is its value.
    Unsigned = 0,
    /// A negative integer; its value is minus one minus the number.
    Negative = 1,
    /// A byte string of the number's length.
    Bytes = 2,
    /// A text of the number's length in bytes.
    Text = 3,
    /// An array of the number's items.
    Array = 4,
    /// A map of the number's pairs.
    Map = 5,
    /// A tag in front of an item.
    Tag = 6,
}

/// Writes the head of an item: kind and number, in the shortest form.
pub(crate) fn push_head(bytes: &mut Vec<u8>, major: Major, number: u64) {
    let kind = (major as u8) << 5;
    if let Ok(small @ 0..24) = u8::try_from(number) {
        bytes.push(kind | small);
    } else if let Ok(number) = u8::try_from(number) {
        bytes.extend([kind | 24, number]);
    } else if let Ok(number) = u16::try_from(number) {
        bytes.push(kind | 25);
        bytes.extend(number.to_be_bytes());
    } else if let Ok(number) = u32::try_from(number) {
        bytes.push(kind | 26);
        bytes.extend(number.to_be_bytes());
    } else {
        bytes.push(kind | 27);
        bytes.extend(number.to_be_bytes());
    }
}

/// Writes an integer.
pub(crate) fn push_integer(bytes: &mut Vec<u8>, value: i64) {
    match u64::try_from(value) {
        Ok(number) => push_head(bytes, Major::Unsigned, number),
        Err(_) => push_head(bytes, Major::Negative, (-1 - value).unsigned_abs()),
    }
}

/// Writes a byte string.
pub(crate) fn push_bytes(bytes: &mut Vec<u8>, content: &[u8]) {
    push_head(bytes, Major::Bytes, content.len() as u64);
    bytes.extend_from_slice(content);
}

/// Writes a text.
pub(crate) fn push_text(bytes: &mut Vec<u8>, content: &str) {
    push_head(bytes, Major::Text, content.len() as u64);
    bytes.extend_from_slice(content.as_bytes());
}

/// Reads items one behind the other.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Whether nothing is left.
    pub(crate) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// The number of the next head, if it is of this kind.
    pub(crate) fn head(&mut self, major: Major) -> Option<u64> {
        let (found, number) = self.any_head()?;
        (found == major as u8).then_some(number)
    }

    /// An integer that fits into 64 bits with its sign.
    pub(crate) fn integer(&mut self) -> Option<i64> {
        let (found, number) = self.any_head()?;
        let number = i64::try_from(number).ok()?;
        if found == Major::Unsigned as u8 {
            Some(number)
        } else if found == Major::Negative as u8 {
            Some(-1 - number)
        } else {
            None
        }
    }

    /// A byte string.
    pub(crate) fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.head(Major::Bytes)?;
        self.take(length)
    }

    /// A text.
    pub(crate) fn text(&mut self) -> Option<&'a str> {
        let length = self.head(Major::Text)?;
        std::str::from_utf8(self.take(length)?).ok()
    }

    /// Whether the next item is a text.
    pub(crate) fn is_text_next(&self) -> bool {
        self.rest.first().is_some_and(|head| head >> 5 == Major::Text as u8)
    }

    fn any_head(&mut self) -> Option<(u8, u64)> {
        let (&head, rest) = self.rest.split_first()?;
        self.rest = rest;
        let width = match head & 0x1f {
            small @ 0..24 => return Some((head >> 5, u64::from(small))),
            24 => 1,
            25 => 2,
            26 => 4,
            27 => 8,
            28.. => return None,
        };
        let number = self.take(width)?.iter().fold(0, |number: u64, byte| number << 8 | u64::from(*byte));
        // Below this the number has a shorter form.
        let least = match width {
            1 => 24,
            2 => 1 << 8,
            4 => 1 << 16,
            _ => 1 << 32,
        };
        (number >= least).then_some((head >> 5, number))
    }

    fn take(&mut self, length: u64) -> Option<&'a [u8]> {
        let (content, rest) = self.rest.split_at_checked(usize::try_from(length).ok()?)?;
        self.rest = rest;
        Some(content)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn integers_have_the_forms_of_rfc_8949_appendix_a() {
        for (value, hexadecimal) in [
            (0, "00"),
            (23, "17"),
            (24, "1818"),
            (255, "18ff"),
            (256, "190100"),
            (1_000_000, "1a000f4240"),
            (1_000_000_000_000, "1b000000e8d4a51000"),
            (-1, "20"),
            (-100, "3863"),
            (-1000, "3903e7"),
        ] {
            let mut bytes = Vec::new();
            push_integer(&mut bytes, value);
            assert_eq!(hex::encode(&bytes), hexadecimal);
            assert_eq!(Reader::new(&bytes).integer(), Some(value));
        }
    }

    #[test]
    fn numbers_in_longer_forms_than_needed_are_refused() {
        for hexadecimal in ["1817", "190018", "1a00000100", "1b0000000000000001", "1c", "1f", "18", ""] {
            let bytes = hex::decode(hexadecimal).unwrap();
            assert_eq!(Reader::new(&bytes).integer(), None, "{hexadecimal}");
        }
    }

    #[test]
    fn strings_that_promise_more_than_is_there_are_refused() {
        assert_eq!(Reader::new(b"\x63ab").text(), None);
        assert_eq!(Reader::new(b"\x7b\xff\xff\xff\xff\xff\xff\xff\xff").text(), None);
        assert_eq!(Reader::new(b"\x43ab").bytes(), None);
        assert_eq!(Reader::new(b"\x62\xff\xfe").text(), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn items_survive(value in any::<i64>(), text in ".{0,40}", content in prop::collection::vec(any::<u8>(), 0..300)) {
            let mut bytes = Vec::new();
            push_integer(&mut bytes, value);
            push_text(&mut bytes, &text);
            push_bytes(&mut bytes, &content);
            let mut reader = Reader::new(&bytes);
            prop_assert_eq!(reader.integer(), Some(value));
            prop_assert_eq!(reader.text(), Some(text.as_str()));
            prop_assert_eq!(reader.bytes(), Some(content.as_slice()));
            prop_assert!(reader.is_at_end());
        }
    }
}
