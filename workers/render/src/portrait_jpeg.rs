//! Reads the header of a stored portrait, so that its bytes can be passed through as they are (DCTDecode).
//! It decodes no picture: the portrait was checked and normalised when it came in.

/// Why a portrait cannot be passed through.
#[derive(Debug, thiserror::Error, Clone, Copy, PartialEq, Eq)]
pub enum PortraitError {
    /// The bytes do not have the structure of a JPEG file (ITU-T T.81, annex B).
    #[error("the bytes are no JPEG file")]
    NotJpeg,
    /// The coding is not one that every PDF reader knows: baseline, extended or progressive with 8 bits.
    #[error("the JPEG file is coded in a way that PDF does not know")]
    UnknownCoding,
    /// The picture has neither one (grey) nor three (colour) components.
    #[error("the JPEG file has {0} colour components")]
    Components(u8),
    /// A side is zero or above 4,096 pixels.
    #[error("the picture measures {width} by {height} pixels")]
    Size {
        /// Width in pixels.
        width: u16,
        /// Height in pixels.
        height: u16,
    },
}

/// Longest side in pixels: many times what 25 by 35 mm can show.
const LONGEST_SIDE: u16 = 4096;

/// The measures that the image dictionary repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PortraitHeader {
    pub(crate) width: u16,
    pub(crate) height: u16,
    pub(crate) grey: bool,
}

impl PortraitHeader {
    pub(crate) fn read(jpeg: &[u8]) -> Result<PortraitHeader, PortraitError> {
        let byte = |at: usize| jpeg.get(at).copied().ok_or(PortraitError::NotJpeg);
        let word = |at: usize| Ok(u16::from_be_bytes([byte(at)?, byte(at + 1)?]));
        if word(0)? != 0xFFD8 || !jpeg.ends_with(&[0xFF, 0xD9]) {
            return Err(PortraitError::NotJpeg);
        }
        let mut at = 2;
        loop {
            if byte(at)? != 0xFF {
                return Err(PortraitError::NotJpeg);
            }
            match byte(at + 1)? {
                // Fill bytes may stand before any marker.
                0xFF => at += 1,
                0xC0..=0xC2 => {
                    let header = PortraitHeader { height: word(at + 5)?, width: word(at + 7)?, grey: byte(at + 9)? == 1 };
                    return header.check(byte(at + 4)?, byte(at + 9)?);
                }
                // 0xC4, 0xC8 and 0xCC are tables; the rest of the row are other frames (lossless, arithmetic).
                0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                    return Err(PortraitError::UnknownCoding);
                }
                // A scan or the end before any frame.
                0xD8..=0xDA => return Err(PortraitError::NotJpeg),
                _ => at += 2 + usize::from(word(at + 2)?),
            }
        }
    }

    fn check(self, bits: u8, components: u8) -> Result<PortraitHeader, PortraitError> {
        if bits != 8 {
            return Err(PortraitError::UnknownCoding);
        }
        if !matches!(components, 1 | 3) {
            return Err(PortraitError::Components(components));
        }
        let sides = 1..=LONGEST_SIDE;
        if !sides.contains(&self.width) || !sides.contains(&self.height) {
            return Err(PortraitError::Size { width: self.width, height: self.height });
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn jpeg(frame: u8, bits: u8, height: u16, width: u16, components: u8) -> Vec<u8> {
        let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xFF, frame, 0, 11, bits];
        bytes.extend_from_slice(&height.to_be_bytes());
        bytes.extend_from_slice(&width.to_be_bytes());
        bytes.extend_from_slice(&[components, 1, 0x11, 0, 0xFF, 0xD9]);
        bytes
    }

    #[test]
    fn frames_that_pdf_knows_are_read_and_others_refused() {
        let read = |bytes: Vec<u8>| PortraitHeader::read(&bytes);
        let colour = PortraitHeader { width: 295, height: 413, grey: false };
        assert_eq!(read(jpeg(0xC0, 8, 413, 295, 3)), Ok(colour));
        assert_eq!(read(jpeg(0xC2, 8, 413, 295, 3)), Ok(colour));
        assert_eq!(read(jpeg(0xC1, 8, 413, 295, 1)), Ok(PortraitHeader { grey: true, ..colour }));
        for (bytes, error) in [
            (jpeg(0xC3, 8, 413, 295, 3), PortraitError::UnknownCoding),
            (jpeg(0xC0, 12, 413, 295, 3), PortraitError::UnknownCoding),
            (jpeg(0xC0, 8, 413, 295, 4), PortraitError::Components(4)),
            (jpeg(0xC0, 8, 0, 295, 3), PortraitError::Size { width: 295, height: 0 }),
            (jpeg(0xDA, 8, 413, 295, 3), PortraitError::NotJpeg),
            (b"\x89PNG".to_vec(), PortraitError::NotJpeg),
            (Vec::new(), PortraitError::NotJpeg),
        ] {
            assert_eq!(read(bytes), Err(error));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]
        #[test]
        fn any_bytes_are_a_header_or_an_error(mut tail in proptest::collection::vec(any::<u8>(), 0..64)) {
            let mut bytes = vec![0xFF, 0xD8];
            bytes.append(&mut tail);
            bytes.extend_from_slice(&[0xFF, 0xD9]);
            let _ = PortraitHeader::read(&bytes);
        }
    }
}
