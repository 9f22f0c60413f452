//! Text that was decoded with the wrong encoding: recovered only where the round trip is reversible and gives Chinese.

use crate::characters::is_hanzi;
use encoding_rs::{GBK, WINDOWS_1252};

/// Whether the text carries the remains of a conversion that lost its bytes (锟斤拷, U+FFFD).
pub fn is_lost(text: &str) -> bool {
    text.contains(['\u{FFFD}']) || text.contains("锟斤") || text.contains("斤拷")
}

/// Undoes GBK or UTF-8 bytes that were read as Western text (`ÕÅÈý`, `å¼ `), and nothing else.
///
/// Only text without a single ideograph is tried: Chinese read as other Chinese cannot be told from a real name.
pub fn recover(text: &str) -> Option<String> {
    let western = text.chars().any(|c| matches!(c, '\u{80}'..='\u{FF}'));
    if !western || text.chars().any(is_hanzi) {
        return None;
    }
    let bytes = western_bytes(text)?;
    let recovered = match std::str::from_utf8(&bytes) {
        Ok(utf8) => utf8.to_owned(),
        // Western words with an accent or two also pair up to some ideograph; whole runs of such letters do not occur.
        Err(_) if bytes.iter().all(|byte| *byte >= 0xA1) => GBK.decode_without_bom_handling_and_without_replacement(&bytes)?.into_owned(),
        Err(_) => return None,
    };
    let chinese =
        recovered.chars().all(|c| is_hanzi(c) || matches!(c, '·' | '（' | '）')) && recovered.chars().filter(|c| is_hanzi(*c)).count() >= 2;
    chinese.then_some(recovered)
}

/// The bytes that gave this text when they were read as Latin-1 or Windows-1252.
fn western_bytes(text: &str) -> Option<Vec<u8>> {
    text.chars()
        .map(|c| {
            if let Ok(byte) = u8::try_from(u32::from(c)) {
                return Some(byte);
            }
            let mut buffer = [0; 4];
            let (bytes, _, unmappable) = WINDOWS_1252.encode(c.encode_utf8(&mut buffer));
            (!unmappable).then(|| bytes.first().copied()).flatten()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_reversible_mojibake_is_recovered() {
        let table = [
            ("ÕÅÈý", Some("张三")),
            ("å¼\u{A0}ä¸‰", Some("张三")),
            ("张三", None),
            ("Müller", None),
            ("Ül", None),
            ("ÄÖ", None),
            ("", None),
            ("plain", None),
            ("锟斤拷", None),
        ];
        for (text, recovered) in table {
            assert_eq!(recover(text).as_deref(), recovered, "{text}");
        }
    }

    #[test]
    fn lost_text_is_known_by_its_remains() {
        for text in ["锟斤拷", "锟斤", "王\u{FFFD}"] {
            assert!(is_lost(text), "{text}");
        }
        assert!(!is_lost("张三"));
    }

    proptest! {
        #[test]
        fn chinese_read_as_latin_text_comes_back(text in "[一-龥]{2,4}") {
            let latin: String = text.bytes().map(char::from).collect();
            prop_assert_eq!(recover(&latin), Some(text));
        }

        #[test]
        fn no_text_makes_the_recovery_panic(text in ".{0,20}") {
            if let Some(recovered) = recover(&text) {
                prop_assert!(recovered.chars().any(is_hanzi));
            }
        }
    }
}
