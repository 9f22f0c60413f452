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

/// A printed text (an employer, a duty, a category) after wrong conversions (case 39).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Printed {
    /// As it stands.
    Plain,
    /// Recovered by a reversible round trip.
    Recovered(String),
    /// Lost, in part or whole: 锟斤拷, question marks, Western letters that no round trip turns into Chinese.
    Lost,
}

/// Judges a printed text. Beside ideographs it may hold figures, brackets and Latin letters of its own.
pub fn read_printed(text: &str) -> Printed {
    // Western letters begin with the first two bytes, U+FFFD and ？ with the last; nearly every text ends here.
    let unusual = text.bytes().any(|byte| matches!(byte, 0xC2 | 0xC3 | b'?' | 0xEF));
    if (unusual || text.contains('斤')) && (is_lost(text) || text.contains(['?', '？'])) {
        return Printed::Lost;
    }
    if !unusual {
        return Printed::Plain;
    }
    // Signs such as · and ° stand in Chinese texts, too.
    if text.chars().any(is_hanzi) || !text.chars().any(|c| matches!(c, '\u{C0}'..='\u{FF}')) {
        return Printed::Plain;
    }
    recover_printed(text).map_or(Printed::Lost, Printed::Recovered)
}

fn recover_printed(text: &str) -> Option<String> {
    let bytes = western_bytes(text)?;
    let recovered = match std::str::from_utf8(&bytes) {
        Ok(utf8) => utf8.to_owned(),
        // Two characters in a row give four high bytes; no Western word has as many letters with an accent in a row.
        Err(_) if bytes.split(u8::is_ascii).any(|run| run.len() >= 4) => {
            GBK.decode_without_bom_handling_and_without_replacement(&bytes)?.into_owned()
        }
        Err(_) => return None,
    };
    let printed = |c: char| {
        is_hanzi(c) || (' '..='~').contains(&c) || "·（）《》〈〉、，。；：—－“”〔〕【】".contains(c) || ('０'..='ｚ').contains(&c)
    };
    let chinese = recovered.chars().all(printed) && recovered.chars().filter(|c| is_hanzi(*c)).count() >= 2;
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
    fn printed_texts_are_recovered_or_lost() {
        let gbk = |text: &str| GBK.encode(text).0.iter().copied().map(char::from).collect::<String>();
        let latin = |text: &str| text.bytes().map(char::from).collect::<String>();
        let firm = "陕西甬垚（集团）建筑ABC-1有限公司";
        let table = [
            (gbk(firm), Printed::Recovered(firm.to_owned())),
            (latin(firm), Printed::Recovered(firm.to_owned())),
            (gbk("项目负责人"), Printed::Recovered("项目负责人".to_owned())),
            (firm.to_owned(), Printed::Plain),
            ("西安·建设50m² A°".to_owned(), Printed::Plain),
            ("ABC (China) Ltd.".to_owned(), Printed::Plain),
            (String::new(), Printed::Plain),
            ("????".to_owned(), Printed::Lost),
            ("陕西？？有限公司".to_owned(), Printed::Lost),
            ("锟斤拷公司".to_owned(), Printed::Lost),
            ("å¼…".to_owned(), Printed::Lost),
            ("Société Générale".to_owned(), Printed::Lost),
            ("Générale".to_owned(), Printed::Lost),
        ];
        for (text, expected) in table {
            assert_eq!(read_printed(&text), expected, "{text}");
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
