//! Walks the marker segments of a JPEG (ITU-T T.81, annex B) without decoding it: size, components, scans, and whether it ends.

/// The frame header: what the picture claims to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// 1 is grey, 3 is colour, 4 is CMYK.
    pub(crate) components: u8,
    pub(crate) progressive: bool,
}

/// What the walk met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Markers {
    /// The first frame header.
    pub(crate) frame: Option<Frame>,
    /// How many scans follow.
    pub(crate) scans: u32,
    /// Whether the end-of-image marker stands after the last scan.
    pub(crate) ended: bool,
    /// The quality that the table for brightness tells, 1 to 100.
    pub(crate) quality: Option<u8>,
    /// Bytes behind the end of the picture.
    pub(crate) behind: usize,
}

/// Walks from the start to the end-of-image marker or the end of the bytes.
pub(crate) fn walk(bytes: &[u8]) -> Markers {
    let mut markers = Markers::default();
    let mut rest = bytes.get(2..).unwrap_or_default();
    while let Some((code, after)) = next_marker(rest) {
        rest = after;
        match code {
            0xD9 => {
                markers.ended = markers.scans > 0;
                markers.behind = rest.len();
                break;
            }
            // Restart markers, TEM and a repeated start of image stand alone.
            0x01 | 0xD0..=0xD8 => continue,
            0xDA => markers.scans += 1,
            0xDB if markers.quality.is_none() => markers.quality = quality(rest),
            0xC0..=0xCF if !matches!(code, 0xC4 | 0xC8 | 0xCC) && markers.frame.is_none() => {
                markers.frame = frame(code, rest);
            }
            _ => {}
        }
        let Some(length) = u16_at(rest, 0) else { break };
        rest = rest.get(usize::from(length.max(2))..).unwrap_or_default();
    }
    markers
}

/// The next marker code and what follows it. Entropy-coded data in between is passed over: there 0xFF is followed by 0x00.
fn next_marker(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let mut from = 0;
    loop {
        let at = from + bytes.get(from..)?.iter().position(|&byte| byte == 0xFF)?;
        match *bytes.get(at + 1)? {
            0x00 => from = at + 2,
            0xFF => from = at + 1,
            code => return Some((code, &bytes[at + 2..])),
        }
    }
}

fn frame(code: u8, segment: &[u8]) -> Option<Frame> {
    Some(Frame {
        height: u32::from(u16_at(segment, 3)?),
        width: u32::from(u16_at(segment, 5)?),
        components: *segment.get(7)?,
        progressive: matches!(code, 0xC2 | 0xC6 | 0xCA | 0xCE),
    })
}

/// Sum of the example table for brightness (T.81, table K.1), which is quality 50 by the scale of the Independent JPEG Group.
const EXAMPLE_SUM: u32 = 3688;

/// The quality on the scale of the Independent JPEG Group whose table comes nearest to the first one of the segment.
fn quality(segment: &[u8]) -> Option<u8> {
    let length = usize::from(u16_at(segment, 0)?);
    let table = segment.get(2..length)?;
    let (precision, values) = (table.first()? >> 4, table.get(1..)?);
    let sum: u32 = if precision == 0 {
        values.get(..64)?.iter().map(|&value| u32::from(value)).sum()
    } else {
        (0..64).map(|at| u16_at(values, 2 * at).map(u32::from)).sum::<Option<u32>>()?
    };
    let percent = sum * 100 / EXAMPLE_SUM;
    let quality = if percent <= 100 { (200 - percent) / 2 } else { 5000 / percent };
    u8::try_from(quality.clamp(1, 100)).ok()
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SOF: &[u8] = b"\xFF\xD8\xFF\xC2\x00\x11\x08\xFF\xFF\x01\x00\x03\x01\x11\x00\x02\x11\x01\x03\x11\x01";

    #[test]
    fn the_frame_header_gives_size_components_and_process() {
        let frame = walk(SOF).frame;
        assert_eq!(frame, Some(Frame { width: 256, height: 65_535, components: 3, progressive: true }));
    }

    #[test]
    fn an_end_marker_counts_only_after_a_scan() {
        let table: &[(&[u8], u32, bool)] = &[
            (b"\xFF\xD8\xFF\xD9", 0, false),
            (b"\xFF\xD8\xFF\xDA\x00\x02\x11\xFF\x00\x22\xFF\xD0\x33\xFF\xD9", 1, true),
            (b"\xFF\xD8\xFF\xDA\x00\x02\x11\xFF\x00\x22\xFF\xD0\x33\xFF", 1, false),
            (b"\xFF\xD8\xFF\xDA\x00\x02\x11\xFF\xDA\x00\x02\xFF\xFF\xD9", 2, true),
            (b"\xFF\xD8\xFF\xE1\x00\x04\xFF\xD9\xFF\xDA\x00\x02", 1, false),
        ];
        for (bytes, scans, ended) in table {
            let markers = walk(bytes);
            assert_eq!((markers.scans, markers.ended), (*scans, *ended), "{bytes:?}");
        }
    }

    #[test]
    fn the_tables_tell_the_quality() {
        // Below 15 the table is cut off at 255 and tells a little more.
        for quality in [15, 25, 50, 75, 90, 98] {
            let mut jpeg = Vec::new();
            jpeg_encoder::Encoder::new(&mut jpeg, quality).encode(&[90; 64], 8, 8, jpeg_encoder::ColorType::Luma).unwrap();
            let told = walk(&jpeg).quality.unwrap();
            assert!(told.abs_diff(quality) <= 4, "{quality} is told as {told}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_bytes_are_walked_to_an_end(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            walk(&bytes);
        }
    }
}
