//! Walks the chunks of a PNG (PNG 5.3) without decoding it, for what its colour profile unfolds to: decoders keep that whole.

use std::io::Read as _;

use flate2::read::ZlibDecoder;

/// Profiles of cameras have a few kilobytes.
const LARGEST_PROFILE: u64 = 4 << 20;

/// Whether the colour profile unfolds beyond all measure.
pub(crate) fn has_bomb_for_a_profile(bytes: &[u8]) -> bool {
    profiles(bytes).any(|deflated| {
        let mut unfolded = ZlibDecoder::new(deflated).take(LARGEST_PROFILE + 1);
        let mut block = vec![0; 1 << 16];
        let mut total = 0;
        // What is damaged unfolds to nothing more.
        while let Ok(read @ 1..) = unfolded.read(&mut block) {
            total += read as u64;
        }
        total > LARGEST_PROFILE
    })
}

/// The deflated profiles: behind a name, its end and the method.
fn profiles(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = bytes.get(8..).unwrap_or_default();
    std::iter::from_fn(move || {
        loop {
            let length = usize::try_from(u32::from_be_bytes(*rest.first_chunk::<4>()?)).ok()?;
            let name = rest.get(4..8)?;
            let data = rest.get(8..8usize.checked_add(length)?)?;
            rest = rest.get(length.checked_add(12)?..).unwrap_or_default();
            if name == b"iCCP" {
                let end = data.iter().position(|&byte| byte == 0)?;
                return data.get(end + 2..);
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::ZlibEncoder;
    use proptest::prelude::*;
    use std::io::Write as _;

    fn png(unfolded: usize) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(b"icc\0\0".to_vec(), Compression::fast());
        encoder.write_all(&vec![0; unfolded]).unwrap();
        let data = encoder.finish().unwrap();
        let length = u32::try_from(data.len()).unwrap().to_be_bytes();
        [b"\x89PNG\r\n\x1A\n\0\0\0\0tEXt\0\0\0\0".as_slice(), &length, b"iCCP", &data, &[0; 4]].concat()
    }

    #[test]
    fn a_profile_is_told_from_a_bomb() {
        assert!(!has_bomb_for_a_profile(b"\x89PNG\r\n\x1A\n"));
        assert!(!has_bomb_for_a_profile(&png(3 << 20)));
        assert!(has_bomb_for_a_profile(&png(5 << 20)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_bytes_are_walked_to_an_end(bytes in proptest::collection::vec(any::<u8>(), 0..200), at in 0_usize..60) {
            has_bomb_for_a_profile(&bytes);
            let mut whole = png(1000);
            whole.truncate(whole.len() - at.min(whole.len()));
            has_bomb_for_a_profile(&[whole, bytes].concat());
        }
    }
}
