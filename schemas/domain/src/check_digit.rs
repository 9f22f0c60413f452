//! Check characters of the national standards. Every function answers `None` where its input is not of the standard's form.

/// Check character of an 18-digit resident ID number from its first 17 digits (GB 11643: ISO 7064 MOD 11-2).
pub fn gb11643(body: &str) -> Option<char> {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum = weighted(body.as_bytes(), &WEIGHTS, digit)?;
    b"10X98765432".get(usize::try_from(sum % 11).ok()?).map(|b| char::from(*b))
}

/// Whether an 18-character resident ID number carries its check character.
pub fn gb11643_holds(number: &str) -> bool {
    last_is(number, 17, gb11643)
}

/// Check character of a unified social credit code from its first 17 characters (GB 32100: weights 3^(i-1) mod 31).
pub fn gb32100(body: &str) -> Option<char> {
    const WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
    let sum = weighted(body.as_bytes(), &WEIGHTS, credit_code_value)?;
    let check = (31 - sum % 31) % 31;
    CREDIT_CODE_ALPHABET.get(usize::try_from(check).ok()?).map(|b| char::from(*b))
}

/// Whether an 18-character unified code carries its check character.
pub fn gb32100_holds(code: &str) -> bool {
    last_is(code, 17, gb32100)
}

/// Check character of an organisation code from its first 8 characters (GB 11714).
pub fn organisation_code(body: &str) -> Option<char> {
    const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    let sum = weighted(body.as_bytes(), &WEIGHTS, alphanumeric)?;
    match 11 - sum % 11 {
        10 => Some('X'),
        11 => Some('0'),
        check => char::from_digit(check, 10),
    }
}

/// Whether a 9-character organisation code carries its check character.
pub fn organisation_code_holds(code: &str) -> bool {
    last_is(code, 8, organisation_code)
}

/// Check character of GB/T 17710 (ISO/IEC 7064 MOD 37,36) over digits and upper-case letters.
pub fn mod37_36(body: &str) -> Option<char> {
    mod37_36_of(body.bytes())
}

/// The same over bytes that need not lie together, as in a certificate identifier.
pub(crate) fn mod37_36_of(body: impl Iterator<Item = u8>) -> Option<char> {
    let mut remainder = 36;
    let mut empty = true;
    for byte in body {
        empty = false;
        remainder = (remainder + alphanumeric(byte)?) % 36;
        if remainder == 0 {
            remainder = 36;
        }
        remainder = remainder * 2 % 37;
    }
    // Without the last reduction a remainder of 1 would give 36, which is no character.
    let check = (37 - remainder) % 36;
    if empty { None } else { char::from_digit(check, 36).map(|c| c.to_ascii_uppercase()) }
}

/// The alphabet of unified codes: no I, O, S, V, Z.
const CREDIT_CODE_ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

fn credit_code_value(byte: u8) -> Option<u32> {
    let place = CREDIT_CODE_ALPHABET.iter().position(|b| *b == byte)?;
    u32::try_from(place).ok()
}

fn digit(byte: u8) -> Option<u32> {
    byte.is_ascii_digit().then(|| u32::from(byte - b'0'))
}

fn alphanumeric(byte: u8) -> Option<u32> {
    match byte {
        b'0'..=b'9' => Some(u32::from(byte - b'0')),
        b'A'..=b'Z' => Some(u32::from(byte - b'A') + 10),
        _ => None,
    }
}

fn weighted(body: &[u8], weights: &[u32], value: fn(u8) -> Option<u32>) -> Option<u32> {
    if body.len() != weights.len() {
        return None;
    }
    body.iter().zip(weights).try_fold(0, |sum, (byte, weight)| Some(sum + value(*byte)? * weight))
}

fn last_is(text: &str, body_len: usize, check: fn(&str) -> Option<char>) -> bool {
    text.is_ascii() && text.len() == body_len + 1 && check(&text[..body_len]).is_some_and(|c| text.ends_with(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Vectors {
        zzbs_mod37_36: Vec<Identifier>,
        zzbs_invalid: Vec<String>,
        gb11643_valid: Vec<String>,
        gb11643_15to18_synthetic: Vec<(String, String)>,
        gb32100_valid: Vec<String>,
    }

    #[derive(Deserialize)]
    struct Identifier {
        body: String,
        check: char,
    }

    fn vectors() -> Vectors {
        serde_json::from_str(include_str!("../tests/fixtures/check-digits.json")).unwrap()
    }

    #[test]
    fn published_identifiers_recompute() {
        let vectors = vectors();
        for Identifier { body, check } in vectors.zzbs_mod37_36 {
            assert_eq!(mod37_36(&body.replace('.', "")), Some(check), "{body}");
        }
        for text in vectors.zzbs_invalid {
            let text = text.strip_prefix("1.2.156.3005.2.").unwrap().replace('.', "");
            let (body, check) = text.split_at(text.len() - 1);
            assert_ne!(mod37_36(body), check.chars().next(), "{text}");
            assert_eq!(mod37_36(body), Some('D'));
        }
    }

    #[test]
    fn published_resident_numbers_and_unified_codes_hold() {
        let vectors = vectors();
        for number in vectors.gb11643_valid.iter().chain(vectors.gb11643_15to18_synthetic.iter().map(|(_, n)| n)) {
            assert!(gb11643_holds(number), "{number}");
        }
        for code in vectors.gb32100_valid {
            assert!(gb32100_holds(&code), "{code}");
        }
    }

    #[test]
    fn the_organisation_code_of_the_standard_holds() {
        assert!(organisation_code_holds("D2143569X"));
        assert!(!organisation_code_holds("D21435690"));
    }

    #[test]
    fn what_is_not_of_the_form_has_no_check_character() {
        assert_eq!(gb11643("6101"), None);
        assert_eq!(gb11643("1101051949123100A"), None);
        assert_eq!(gb32100("91350100M000100YI"), None);
        assert_eq!(organisation_code("1234567é"), None);
        assert_eq!(mod37_36("abc"), None);
        assert_eq!(mod37_36(""), None);
        assert!(!gb11643_holds("身份证号"));
    }

    proptest! {
        #[test]
        fn any_single_changed_digit_breaks_a_resident_number(body in "[0-9]{17}", place in 0_usize..17, step in 1_u8..10) {
            let check = gb11643(&body).unwrap();
            let mut other = body.into_bytes();
            other[place] = b'0' + (other[place] - b'0' + step) % 10;
            let number = format!("{}{check}", String::from_utf8(other).unwrap());
            prop_assert!(!gb11643_holds(&number));
        }

        #[test]
        fn any_single_changed_character_breaks_mod_37_36(body in "[0-9A-Z]{1,60}", place: prop::sample::Index, step in 1_u32..36) {
            let check = mod37_36(&body).unwrap();
            let mut other = body.clone().into_bytes();
            let at = place.index(other.len());
            let value = (alphanumeric(other[at]).unwrap() + step) % 36;
            other[at] = u8::try_from(char::from_digit(value, 36).unwrap().to_ascii_uppercase()).unwrap();
            prop_assert_ne!(mod37_36(std::str::from_utf8(&other).unwrap()), Some(check));
        }

        #[test]
        fn no_text_makes_the_check_functions_panic(text in ".{0,24}") {
            let _ = (gb11643(&text), gb32100(&text), organisation_code(&text), mod37_36(&text));
            prop_assert!(!(gb11643_holds(&text) && text.chars().count() != 18));
        }
    }
}
