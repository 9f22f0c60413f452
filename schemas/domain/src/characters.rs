//! Closed lists of characters. Nothing here normalises by Unicode's forms: they would change names and brackets.

/// Whether a character is a Chinese ideograph (汉字) that may stand in a name: the assigned ones of Unicode 17, extensions A to J and the
/// compatibility ideographs among them.
pub const fn is_hanzi(c: char) -> bool {
    matches!(
        c,
        '\u{4E00}'..='\u{9FFF}'
            | '\u{3400}'..='\u{4DBF}'
            | '\u{20000}'..='\u{2A6DF}'
            | '\u{2A700}'..='\u{2B81D}'
            | '\u{2B820}'..='\u{2CEAD}'
            | '\u{2CEB0}'..='\u{2EBE0}'
            | '\u{2EBF0}'..='\u{2EE5D}'
            | '\u{2F800}'..='\u{2FA1D}'
            | '\u{30000}'..='\u{3134A}'
            | '\u{31350}'..='\u{33479}'
            | '\u{F900}'..='\u{FA6D}'
            | '\u{FA70}'..='\u{FAD9}'
            | '\u{3007}'
    )
}

/// Whether a character selects a glyph of the ideograph before it.
pub const fn is_variation_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Whether a character belongs to a private use area.
pub const fn is_private_use(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}')
}

/// Blanks and invisible characters that carry no meaning in a cell.
pub const fn is_spacing(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t'
            | '\r'
            | '\n'
            | '\u{A0}'
            | '\u{3000}'
            | '\u{2000}'..='\u{200F}'
            | '\u{2028}'..='\u{202F}'
            | '\u{205F}'
            | '\u{2060}'
            | '\u{FEFF}'
            | '\u{AD}'
    )
}

/// The half-width form of a full-width digit or letter, and of no other character.
pub const fn half_width(c: char) -> Option<char> {
    let offset = match c {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => c as u32 - 0xFEE0,
        _ => return None,
    };
    char::from_u32(offset)
}

/// A text without spacing and with half-width digits and letters; borrowed when nothing changes.
pub fn tidy(text: &str) -> std::borrow::Cow<'_, str> {
    if text.chars().any(|c| is_spacing(c) || half_width(c).is_some()) {
        text.chars().filter(|c| !is_spacing(*c)).map(|c| half_width(c).unwrap_or(c)).collect::<String>().into()
    } else {
        text.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hanzi_are_hanzi_in_every_plane_and_nothing_else_is() {
        for c in ['一', '龥', '䶮', '\u{9FB5}', '𬍛', '𠅤', '﨑', '〇', '\u{31350}', '\u{33479}', '\u{2FA1D}'] {
            assert!(is_hanzi(c), "{c}");
        }
        for c in ['·', 'A', '１', '\u{E863}', '⺁', '⼀', '□', '〓', '\u{FFFD}', 'ア', '\u{3134B}', '\u{2FA1E}', '\u{FADA}', '\u{3347A}']
        {
            assert!(!is_hanzi(c), "{c}");
        }
    }

    #[test]
    fn full_width_digits_and_letters_become_half_width_and_brackets_stay() {
        assert_eq!(tidy("６１０ Ｘ（ｂ）"), "610X（b）");
        assert_eq!(half_width('（'), None);
        assert!(matches!(tidy("plain"), std::borrow::Cow::Borrowed(_)));
    }
}
