//! The sRGB profile of the output intent, made from the numbers of IEC 61966-2-1 in the form of ICC.1:2004-10 (version 4.2),
//! the edition that PDF 1.7 names.

const HEADER_SIZE: u32 = 128;

/// Colorants of sRGB adapted to D50 by the Bradford transform, as s15Fixed16 of X, Y, Z.
const RED: [f64; 3] = [0.436_065_67, 0.222_488_4, 0.013_916_02];
const GREEN: [f64; 3] = [0.385_147_09, 0.716_873_17, 0.097_076_42];
const BLUE: [f64; 3] = [0.143_066_41, 0.060_607_91, 0.714_096_07];
const D50: [f64; 3] = [0.964_202_88, 1.0, 0.824_905_40];
/// From D65 to D50, row by row.
const ADAPTATION: [f64; 9] = [1.047_882, 0.022_919, -0.050_201, 0.029_587, 0.990_479, -0.017_059, -0.009_232, 0.015_076, 0.751_678];
/// g, a, b, c, d of the function type 3 (ICC.1, 10.15): (aX + b)^g from d on, cX below.
const CURVE: [f64; 5] = [2.4, 1.0 / 1.055, 0.055 / 1.055, 1.0 / 12.92, 0.040_45];

/// The profile's bytes, always the same.
pub(crate) fn srgb() -> Vec<u8> {
    let curve = tag(b"para", &[&[0, 3, 0, 0], &fixed(&CURVE)]);
    let data: [(&[&[u8; 4]], Vec<u8>); 8] = [
        (&[b"desc"], text("sRGB IEC61966-2.1")),
        (&[b"cprt"], text("No copyright, use freely")),
        (&[b"wtpt"], xyz(D50)),
        (&[b"chad"], tag(b"sf32", &[&fixed(&ADAPTATION)])),
        (&[b"rXYZ"], xyz(RED)),
        (&[b"gXYZ"], xyz(GREEN)),
        (&[b"bXYZ"], xyz(BLUE)),
        (&[b"rTRC", b"gTRC", b"bTRC"], curve),
    ];
    let entries: usize = data.iter().map(|(names, _)| names.len()).sum();
    let mut table = number(entries);
    let mut body = Vec::new();
    for (names, bytes) in &data {
        for name in *names {
            table.extend_from_slice(*name);
            table.extend(number(HEADER_SIZE as usize + 4 + 12 * entries + body.len()));
            table.extend(number(bytes.len()));
        }
        body.extend_from_slice(bytes);
        body.resize(body.len().next_multiple_of(4), 0);
    }
    let mut profile = header(HEADER_SIZE as usize + table.len() + body.len());
    profile.extend(table);
    profile.extend(body);
    profile
}

/// The header (ICC.1, 7.2). The creation date is fixed, so that the digest is.
fn header(size: usize) -> Vec<u8> {
    let mut header = number(size);
    header.extend_from_slice(&[0; 4]);
    header.extend_from_slice(&[4, 0x20, 0, 0]);
    header.extend_from_slice(b"mntrRGB XYZ ");
    for part in [2018u16, 11, 1, 0, 0, 0] {
        header.extend_from_slice(&part.to_be_bytes());
    }
    header.extend_from_slice(b"acsp");
    // Platform, flags, manufacturer, model, attributes and rendering intent: none is stated.
    header.resize(68, 0);
    header.extend(fixed(&D50));
    header.resize(HEADER_SIZE as usize, 0);
    header
}

fn tag(kind: &[u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = kind.to_vec();
    bytes.extend_from_slice(&[0; 4]);
    for part in parts {
        bytes.extend_from_slice(part);
    }
    bytes
}

fn xyz(values: [f64; 3]) -> Vec<u8> {
    tag(b"XYZ ", &[&fixed(&values)])
}

/// multiLocalizedUnicodeType with one record in American English.
fn text(text: &str) -> Vec<u8> {
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    tag(b"mluc", &[&number(1), &number(12), b"enUS", &number(utf16.len()), &number(28), &utf16])
}

fn number(value: usize) -> Vec<u8> {
    u32::try_from(value).expect("the profile is some hundred bytes long").to_be_bytes().to_vec()
}

/// s15Fixed16: the values here all lie between -1 and 3.
#[expect(clippy::cast_possible_truncation, reason = "the values are below 3")]
fn fixed(values: &[f64]) -> Vec<u8> {
    values.iter().flat_map(|value| ((value * 65536.0).round() as i32).to_be_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(bytes: &[u8], at: usize) -> usize {
        u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) as usize
    }

    #[test]
    fn the_profile_is_consistent_in_its_sizes_and_offsets() {
        let profile = srgb();
        assert_eq!(word(&profile, 0), profile.len());
        assert_eq!(&profile[36..40], b"acsp");
        let tags = word(&profile, 128);
        assert_eq!(tags, 10);
        for tag in 0..tags {
            let at = 132 + 12 * tag;
            let (offset, size) = (word(&profile, at + 4), word(&profile, at + 8));
            assert_eq!(offset % 4, 0);
            assert!(offset >= 132 + 12 * tags);
            assert!(offset + size <= profile.len());
        }
    }

    #[test]
    fn the_colorants_add_up_to_the_white_point() {
        for (axis, white) in D50.iter().enumerate() {
            let sum = RED[axis] + GREEN[axis] + BLUE[axis];
            assert!((sum - white).abs() < 0.0002, "axis {axis}: {sum}");
        }
    }
}
