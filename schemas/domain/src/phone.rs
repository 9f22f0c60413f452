//! Mobile numbers (手机号): the holder's portal signs in with one.

use crate::characters::tidy;
use crate::finding::{Finding, FindingCode};

/// Reads a telephone column: the first mobile number, with a warning where anything else stands there (case 51).
pub fn parse(text: &str) -> (Option<String>, Vec<Finding>) {
    if is_mobile(text) {
        return (Some(text.to_owned()), Vec::new());
    }
    let tidied = tidy(text);
    let tidied = tidied.trim_start_matches('\'').trim_end_matches(".0");
    if tidied.is_empty() {
        return (None, Vec::new());
    }
    let joined = tidied.replace('-', "");
    let bare =
        ["+86", "0086", "86"].iter().find_map(|prefix| joined.strip_prefix(prefix).filter(|rest| is_mobile(rest))).unwrap_or(&joined);
    if is_mobile(bare) {
        let finding = Finding::repair(FindingCode::PhoneForm, text, bare);
        return (Some(bare.to_owned()), vec![finding]);
    }
    match first_mobile(text) {
        Some(mobile) => {
            let finding = Finding::repair(FindingCode::PhoneExtra, text, mobile.as_str());
            (Some(mobile), vec![finding])
        }
        None => (None, vec![Finding::about(FindingCode::PhoneUnusable, text)]),
    }
}

/// 11 digits, of which the first is 1 and the second 3 to 9.
fn is_mobile(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 11 && bytes[0] == b'1' && (b'3'..=b'9').contains(&bytes[1]) && bytes.iter().all(u8::is_ascii_digit)
}

/// The first run of exactly 11 digits that is a mobile number; hyphens do not break a run.
fn first_mobile(text: &str) -> Option<String> {
    let half: String = text.chars().filter(|c| *c != '-').map(|c| crate::characters::half_width(c).unwrap_or(c)).collect();
    half.split(|c: char| !c.is_ascii_digit()).find(|run| is_mobile(run)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_first_mobile_number_is_taken() {
        use FindingCode::{PhoneExtra, PhoneForm, PhoneUnusable};
        let table = [
            ("19900247613", Some("19900247613"), None),
            ("", None, None),
            (" 　", None, None),
            ("199 0024 7613", Some("19900247613"), Some(PhoneForm)),
            ("199-0024-7613", Some("19900247613"), Some(PhoneForm)),
            ("+8619900247613", Some("19900247613"), Some(PhoneForm)),
            ("１９９00247613", Some("19900247613"), Some(PhoneForm)),
            ("19900247613.0", Some("19900247613"), Some(PhoneForm)),
            ("19900794512(本人)", Some("19900794512"), Some(PhoneExtra)),
            ("19900247613/19900950911", Some("19900247613"), Some(PhoneExtra)),
            ("029-87283010 19900950911", Some("19900950911"), Some(PhoneExtra)),
            ("029-87283010", None, Some(PhoneUnusable)),
            ("1990024761", None, Some(PhoneUnusable)),
            ("无", None, Some(PhoneUnusable)),
        ];
        for (text, phone, code) in table {
            let (read, findings) = parse(text);
            assert_eq!(read.as_deref(), phone, "{text}");
            assert_eq!(findings.first().map(|f| f.code), code, "{text}");
            assert!(findings.len() <= 1);
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_always_a_mobile_number(text in "[0-9０-９ ()/本人+-]{0,30}|.{0,20}") {
            if let (Some(phone), _) = parse(&text) {
                prop_assert!(is_mobile(&phone));
            }
        }
    }
}
