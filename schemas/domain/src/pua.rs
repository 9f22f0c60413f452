//! The pinned table from private use characters of old Chinese encodings to their standard characters.
//!
//! Results of encoding libraries differ by version, so the project keeps its own table (GB 18030-2022).

/// Standard forms of U+E815 to U+E864, the bytes FE50 to FEA0 of GBK, in order.
const EXTRA_IDEOGRAPHS: [char; 80] = [
    '\u{2E81}',
    '\u{20087}',
    '\u{20089}',
    '\u{200CC}',
    '\u{2E84}',
    '\u{3473}',
    '\u{3447}',
    '\u{2E88}',
    '\u{2E8B}',
    '\u{9FB4}',
    '\u{359E}',
    '\u{361A}',
    '\u{360E}',
    '\u{2E8C}',
    '\u{2E97}',
    '\u{396E}',
    '\u{3918}',
    '\u{9FB5}',
    '\u{39CF}',
    '\u{39DF}',
    '\u{3A73}',
    '\u{39D0}',
    '\u{9FB6}',
    '\u{9FB7}',
    '\u{3B4E}',
    '\u{3C6E}',
    '\u{3CE0}',
    '\u{2EA7}',
    '\u{215D7}',
    '\u{9FB8}',
    '\u{2EAA}',
    '\u{4056}',
    '\u{415F}',
    '\u{2EAE}',
    '\u{4337}',
    '\u{2EB3}',
    '\u{2EB6}',
    '\u{2EB7}',
    '\u{2298F}',
    '\u{43B1}',
    '\u{43AC}',
    '\u{2EBB}',
    '\u{43DD}',
    '\u{44D6}',
    '\u{4661}',
    '\u{464C}',
    '\u{9FB9}',
    '\u{4723}',
    '\u{4729}',
    '\u{477C}',
    '\u{478D}',
    '\u{2ECA}',
    '\u{4947}',
    '\u{497A}',
    '\u{497D}',
    '\u{4982}',
    '\u{4983}',
    '\u{4985}',
    '\u{4986}',
    '\u{499F}',
    '\u{499B}',
    '\u{49B7}',
    '\u{49B6}',
    '\u{9FBA}',
    '\u{241FE}',
    '\u{4CA3}',
    '\u{4C9F}',
    '\u{4CA0}',
    '\u{4CA1}',
    '\u{4C77}',
    '\u{4CA2}',
    '\u{4D13}',
    '\u{4D14}',
    '\u{4D15}',
    '\u{4D16}',
    '\u{4D17}',
    '\u{4D18}',
    '\u{4D19}',
    '\u{4DAE}',
    '\u{9FBB}',
];

/// Standard forms of U+E78D to U+E796, the vertical punctuation at A6D9 to A6F3.
const VERTICAL_PUNCTUATION: [char; 10] =
    ['\u{FE10}', '\u{FE12}', '\u{FE11}', '\u{FE13}', '\u{FE14}', '\u{FE15}', '\u{FE16}', '\u{FE17}', '\u{FE18}', '\u{FE19}'];

/// The standard character of a private use character, where one is known.
pub fn standard_form(c: char) -> Option<char> {
    let at = |first: u32| usize::try_from(u32::from(c).checked_sub(first)?).ok();
    match c {
        '\u{E815}'..='\u{E864}' => EXTRA_IDEOGRAPHS.get(at(0xE815)?).copied(),
        '\u{E78D}'..='\u{E796}' => VERTICAL_PUNCTUATION.get(at(0xE78D)?).copied(),
        '\u{E7C7}' => Some('\u{1E3F}'),
        '\u{E7C8}' => Some('\u{1F9}'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::characters::is_private_use;
    use std::collections::HashSet;

    #[test]
    fn the_characters_named_in_the_standards_map_as_published() {
        let table = [
            ('\u{E863}', '䶮'),
            ('\u{E816}', '\u{20087}'),
            ('\u{E817}', '\u{20089}'),
            ('\u{E818}', '\u{200CC}'),
            ('\u{E831}', '\u{215D7}'),
            ('\u{E83B}', '\u{2298F}'),
            ('\u{E855}', '\u{241FE}'),
            ('\u{E81E}', '\u{9FB4}'),
            ('\u{E826}', '\u{9FB5}'),
            ('\u{E82B}', '\u{9FB6}'),
            ('\u{E82C}', '\u{9FB7}'),
            ('\u{E832}', '\u{9FB8}'),
            ('\u{E843}', '\u{9FB9}'),
            ('\u{E854}', '\u{9FBA}'),
            ('\u{E864}', '\u{9FBB}'),
            ('\u{E7C7}', '\u{1E3F}'),
        ];
        for (private, standard) in table {
            assert_eq!(standard_form(private), Some(standard), "{:04X}", u32::from(private));
        }
    }

    #[test]
    fn no_standard_form_is_private_and_none_stands_twice() {
        let forms: Vec<char> = ('\u{E000}'..='\u{F8FF}').filter_map(standard_form).collect();
        assert_eq!(forms.len(), 92);
        assert_eq!(forms.iter().collect::<HashSet<_>>().len(), 92);
        assert!(!forms.iter().any(|c| is_private_use(*c)));
        assert_eq!(standard_form('\u{E000}'), None);
        assert_eq!(standard_form('张'), None);
    }
}
