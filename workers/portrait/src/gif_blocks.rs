//! Walks the blocks of a GIF (GIF89a) without decoding it, to tell a still picture from an animation.

/// How many pictures there are; none where the file breaks off.
pub(crate) fn count(bytes: &[u8]) -> Option<u32> {
    let mut at = 13 + table(*bytes.get(10)?);
    let mut pictures = 0;
    loop {
        match bytes.get(at) {
            // An extension: label, and blocks of data.
            Some(0x21) => at = data(bytes, at + 2)?,
            // A picture: its descriptor, perhaps a table of colours, the width of codes, and blocks of data.
            Some(0x2C) => {
                pictures += 1;
                at = data(bytes, at + 11 + table(*bytes.get(at + 9)?))?;
            }
            Some(0x3B) => return Some(pictures),
            // Nothing else may begin a block.
            _ => return None,
        }
    }
}

/// Bytes of the table of colours that the flags announce.
fn table(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// Passes over blocks of data; each begins with its length, and an empty one ends them.
fn data(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let length = usize::from(*bytes.get(at)?);
        at += 1 + length;
        if length == 0 {
            return Some(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn gif(pictures: usize) -> Vec<u8> {
        let head = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF";
        let picture = b"\x21\xF9\x04\0\0\0\0\0\x2C\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0";
        [head.as_slice(), &picture.repeat(pictures), b"\x3B"].concat()
    }

    #[test]
    fn pictures_are_counted_and_a_file_without_its_end_has_none() {
        for pictures in [0, 1, 2, 5000] {
            let whole = gif(pictures);
            assert_eq!(count(&whole), u32::try_from(pictures).ok());
            assert_eq!(count(&whole[..whole.len() - 1]), None);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]
        #[test]
        fn any_bytes_are_walked_to_an_end(bytes in proptest::collection::vec(any::<u8>(), 0..300), whole in any::<bool>()) {
            count(&if whole { [gif(1), bytes].concat() } else { bytes });
        }
    }
}
