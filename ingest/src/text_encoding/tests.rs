//! Tables for what files are taken for, and properties of the decoder.

use std::io::Read;

use encoding_rs::GB18030;
use proptest::prelude::*;

use super::{Decoding, SniffError, TextEncoding, sniff};

fn gb18030(text: &str) -> Vec<u8> {
    GB18030.encode(text).0.into_owned()
}

fn utf16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(to_bytes).collect()
}

fn decoded(bytes: &[u8], encoding: TextEncoding) -> String {
    let mut text = String::new();
    Decoding::new(bytes, encoding).read_to_string(&mut text).unwrap();
    text
}

const TABLE: &str = "姓名,身份证号\r\n张三,610103198001011233\r\n";

#[test]
fn encodings_are_told_by_content() {
    let bom = |bytes: Vec<u8>| [&b"\xEF\xBB\xBF"[..], &bytes].concat();
    let cases: Vec<(&str, Vec<u8>, TextEncoding)> = vec![
        ("plain ASCII", b"name,id\n".to_vec(), TextEncoding::Utf8),
        ("UTF-8", TABLE.into(), TextEncoding::Utf8),
        ("UTF-8 with mark", bom(TABLE.into()), TextEncoding::Utf8),
        ("GB18030", gb18030(TABLE), TextEncoding::Gb18030),
        ("GB18030 behind the mark of UTF-8", bom(gb18030(TABLE)), TextEncoding::Gb18030),
        ("GB18030 with its own mark", [&b"\x84\x31\x95\x33"[..], &gb18030(TABLE)].concat(), TextEncoding::Gb18030),
        ("GBK that is UTF-8 by chance", gb18030("联通\n"), TextEncoding::Gb18030),
        ("a middle dot alone", "a·b\n".into(), TextEncoding::Utf8),
        ("UTF-16 little end first", [&b"\xFF\xFE"[..], &utf16(TABLE, u16::to_le_bytes)].concat(), TextEncoding::Utf16Le),
        ("UTF-16 big end first", [&b"\xFE\xFF"[..], &utf16(TABLE, u16::to_be_bytes)].concat(), TextEncoding::Utf16Be),
        ("UTF-16 without mark", utf16(TABLE, u16::to_le_bytes), TextEncoding::Utf16Le),
        ("UTF-16 big end first without mark", utf16(TABLE, u16::to_be_bytes), TextEncoding::Utf16Be),
        ("UTF-8 with a damaged byte", [TABLE.repeat(9).as_bytes(), b"\xFF,\n"].concat(), TextEncoding::Utf8),
        ("a text with one zero byte", [TABLE.repeat(9).as_bytes(), b"\0,\n"].concat(), TextEncoding::Utf8),
        ("GB18030 behind much ASCII", [vec![b'1'; 700_000], gb18030(TABLE)].concat(), TextEncoding::Gb18030),
        ("UTF-8 behind much ASCII", [vec![b'1'; 700_000], TABLE.into()].concat(), TextEncoding::Utf8),
    ];
    for (what, bytes, expected) in cases {
        assert_eq!(sniff(&mut &bytes[..]).unwrap(), expected, "{what}");
        let text = decoded(&bytes, expected);
        assert!(!text.contains('\u{FEFF}') && !text.is_empty(), "{what}");
        if what.contains("GB18030") || what.contains("UTF-16") {
            assert!(text.ends_with(TABLE), "{what}");
        }
    }
}

#[test]
fn what_is_no_text_is_told() {
    for bytes in [vec![0; 4096], (0..=255).cycle().skip(1).take(4096).collect()] {
        assert!(matches!(sniff(&mut &bytes[..]), Err(SniffError::Binary)));
    }
}

#[test]
fn what_holds_nothing_is_empty() {
    for bytes in [&b""[..], b"\xEF\xBB\xBF", b" \r\n\t\n", b"\xFF\xFE", b"\x84\x31\x95\x33"] {
        assert!(matches!(sniff(&mut &bytes[..]), Err(SniffError::Empty)), "{bytes:?}");
    }
}

#[test]
fn the_middle_dot_of_gb18030_is_the_standard_one() {
    assert_eq!(decoded(b"\xA1\xA4", TextEncoding::Gb18030), "\u{B7}");
}

#[test]
fn private_use_and_four_byte_characters_stay_as_they_are() {
    assert_eq!(decoded(b"\xAA\xA1", TextEncoding::Gb18030), "\u{E000}");
    assert_eq!(decoded(&gb18030("𬍛"), TextEncoding::Gb18030), "𬍛");
}

#[test]
fn bytes_that_mean_nothing_become_replacement_characters_and_the_rest_is_kept() {
    assert_eq!(decoded(b"a\xFFb,\xE5\xBC", TextEncoding::Utf8), "a\u{FFFD}b,\u{FFFD}");
    assert_eq!(decoded(b"a,\xD5", TextEncoding::Gb18030), "a,\u{FFFD}");
    assert_eq!(decoded(b"a\0\x00\xD8b\0", TextEncoding::Utf16Le), "a\u{FFFD}b");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_bytes_are_sniffed_and_decoded_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = sniff(&mut &bytes[..]);
        for encoding in [TextEncoding::Utf8, TextEncoding::Gb18030, TextEncoding::Utf16Le, TextEncoding::Utf16Be] {
            let _ = decoded(&bytes, encoding);
        }
    }

    #[test]
    fn chinese_tables_are_told_and_come_back_whole(rows in proptest::collection::vec("[一-龥]{2,4},[0-9]{6}[一-龥]{3,9}\n", 3..40)) {
        let text = rows.concat();
        prop_assert_eq!(sniff(&mut text.as_bytes()).unwrap(), TextEncoding::Utf8);
        let bytes = gb18030(&text);
        prop_assert_eq!(sniff(&mut &bytes[..]).unwrap(), TextEncoding::Gb18030);
        prop_assert_eq!(decoded(&bytes, TextEncoding::Gb18030), text);
    }
}
