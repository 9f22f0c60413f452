//! From the text of a name column to a name: closed repairs, then everything that would be a guess is refused.

use super::{DOT, LONGEST, NameFault, PersonName};
use crate::characters::{half_width, is_hanzi, is_private_use, is_spacing, is_variation_selector};
use crate::finding::{Finding, FindingCode};
use crate::{mojibake, pua};

type Read = Result<(PersonName, Vec<Finding>), NameFault>;

/// Chinese names without a separator that are longer than this lack one.
const LONGEST_WITHOUT_DOT: usize = 4;

pub(super) fn read(text: &str) -> Read {
    let hanzi = text.chars().take_while(|c| is_hanzi(*c)).count();
    if (2..=LONGEST_WITHOUT_DOT).contains(&hanzi) && text.chars().nth(hanzi).is_none() && !is_test(text) && !mojibake::is_lost(text) {
        return Ok((PersonName(text.to_owned()), Vec::new()));
    }
    if let Some(recovered) = mojibake::recover(text.trim()) {
        let (name, mut findings) = read_closely(&recovered)?;
        findings.push(Finding::repair(FindingCode::MojibakeRecovered, text, recovered));
        return Ok((name, findings));
    }
    read_closely(text)
}

fn read_closely(text: &str) -> Read {
    if mojibake::is_lost(text) {
        return Err(NameFault::Lost);
    }
    if is_test(text) {
        return Err(NameFault::Test);
    }
    let mut name = String::with_capacity(text.len());
    let (mut spacing, mut dot, mut punctuation, mut private) = (false, false, false, false);
    for c in text.chars() {
        if is_spacing(c) {
            spacing = true;
            continue;
        }
        if is_dot(c) || is_punctuation(c) {
            dot |= c != DOT && is_dot(c);
            punctuation |= is_punctuation(c);
            // A doubled separator is one separator.
            if name.ends_with(DOT) {
                dot = true;
            } else {
                name.push(DOT);
            }
            continue;
        }
        if is_private_use(c) {
            name.push(pua::standard_form(c).ok_or(NameFault::PrivateUse)?);
            private = true;
            continue;
        }
        name.push(c);
    }
    if name.is_empty() {
        return Err(NameFault::Empty);
    }
    check(&name)?;
    let findings = [
        (spacing, FindingCode::NameSpacing),
        (dot, FindingCode::NameDotMapped),
        (punctuation, FindingCode::NamePunctuationAsDot),
        (private, FindingCode::NamePrivateUseMapped),
    ]
    .into_iter()
    .filter(|(noticed, _)| *noticed)
    .map(|(_, code)| Finding::repair(code, text, name.as_str()))
    .collect();
    Ok((PersonName(name), findings))
}

/// Refuses what is no name; the order of the questions gives the most telling reason.
fn check(name: &str) -> Result<(), NameFault> {
    let any = |is: fn(char) -> bool| name.chars().any(is);
    if any(is_placeholder) {
        return Err(NameFault::Placeholder);
    }
    let bracketed = any(|c| matches!(c, '(' | ')' | '（' | '）' | '[' | ']' | '【' | '】' | '〔' | '〕'));
    if any(|c| matches!(c, '\u{2FF0}'..='\u{2FFF}' | '+' | '/' | '\\' | '＋' | '／')) {
        return Err(NameFault::Composed);
    }
    if bracketed || any(|c| c.is_numeric() && !is_hanzi(c)) {
        return Err(NameFault::Note);
    }
    if any(|c| c.is_ascii_alphabetic() || half_width(c).is_some()) {
        return Err(NameFault::Latin);
    }
    if !any(is_hanzi) || any(|c| !(is_hanzi(c) || c == DOT || is_variation_selector(c))) {
        return Err(NameFault::Unexpected);
    }
    let count = name.chars().filter(|c| !is_variation_selector(*c)).count();
    let has_dot = name.contains(DOT);
    if count < 2 || name.starts_with(DOT) || name.ends_with(DOT) {
        return Err(NameFault::Incomplete);
    }
    if count > LONGEST {
        return Err(NameFault::TooLong);
    }
    if !has_dot && count > LONGEST_WITHOUT_DOT {
        return Err(NameFault::DotMissing);
    }
    Ok(())
}

/// Characters that were printed in place of U+00B7.
const fn is_dot(c: char) -> bool {
    matches!(c, DOT | '・' | '•' | '‧' | '．' | '.' | '∙' | '⋅' | '･' | '﹒')
}

/// Punctuation that keyboards give in place of U+00B7; between ideographs only, by the later check of the ends.
const fn is_punctuation(c: char) -> bool {
    matches!(c, '。' | ',' | '，' | '、' | '｡')
}

/// Marks that stand for a character. A question mark is one too: it may have been any character.
const fn is_placeholder(c: char) -> bool {
    matches!(c, '?' | '？' | '□' | '■' | '〓' | '○' | '◯' | '*' | '＊' | '×' | '_' | '＿' | '#' | '＃' | '\u{FFFD}')
}

/// Names of trial entries: 测试, test, 张三123456.
fn is_test(text: &str) -> bool {
    let starts_with_test = text.trim_start().get(..4).is_some_and(|start| start.eq_ignore_ascii_case("test"));
    starts_with_test || text.contains("测试") || (text.starts_with("张三") && text.contains("123456"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Outcome;
    use proptest::prelude::*;

    #[test]
    fn names_are_repaired_only_by_closed_lists() {
        use FindingCode as Code;
        let table: &[(&str, &str, &[FindingCode])] = &[
            ("王小明", "王小明", &[]),
            ("侯𬍛", "侯𬍛", &[]),
            ("欧阳䶮", "欧阳䶮", &[]),
            ("李\u{FA11}", "李\u{FA11}", &[]),
            ("神\u{FA19}", "神\u{FA19}", &[]),
            ("葛󠄀城", "葛󠄀城", &[]),
            ("阿依古丽·买买提", "阿依古丽·买买提", &[]),
            ("张 三", "张三", &[Code::NameSpacing]),
            (" 李　四\u{A0}", "李四", &[Code::NameSpacing]),
            ("阿依.买买提", "阿依·买买提", &[Code::NameDotMapped]),
            ("巴图•苏和", "巴图·苏和", &[Code::NameDotMapped]),
            ("玉素甫・卡德尔", "玉素甫·卡德尔", &[Code::NameDotMapped]),
            ("哈力克‧赛买提", "哈力克·赛买提", &[Code::NameDotMapped]),
            ("阿依．买买提", "阿依·买买提", &[Code::NameDotMapped]),
            ("阿依··买买提", "阿依·买买提", &[Code::NameDotMapped]),
            ("阿依。买买提", "阿依·买买提", &[Code::NamePunctuationAsDot]),
            ("叶\u{E863}", "叶䶮", &[Code::NamePrivateUseMapped]),
            ("任\u{E826}", "任\u{9FB5}", &[Code::NamePrivateUseMapped]),
            ("ÕÅÈý", "张三", &[Code::MojibakeRecovered]),
        ];
        for (text, printed, codes) in table {
            let (name, findings) = PersonName::parse(text).unwrap();
            assert_eq!(name.as_printed(), *printed);
            assert_eq!(findings.iter().map(|f| f.code).collect::<Vec<_>>(), *codes, "{text}");
        }
    }

    #[test]
    fn what_would_be_a_guess_is_left_to_a_person() {
        use NameFault as Fault;
        let table = [
            ("", Fault::Empty),
            (" 　", Fault::Empty),
            ("胡?", Fault::Placeholder),
            ("???", Fault::Placeholder),
            ("李□", Fault::Placeholder),
            ("王〓明", Fault::Placeholder),
            ("张*", Fault::Placeholder),
            ("薛\u{E000}", Fault::PrivateUse),
            ("廖(龙/天)", Fault::Composed),
            ("廖⿰龙天", Fault::Composed),
            ("张三(已离职)", Fault::Note),
            ("张三（大）", Fault::Note),
            ("郝立民1", Fault::Note),
            ("李１", Fault::Note),
            ("zhangsan", Fault::Latin),
            ("李xiao", Fault::Latin),
            ("李Ｘ", Fault::Latin),
            ("张三!", Fault::Unexpected),
            ("⼀二", Fault::Unexpected),
            ("叶\u{E815}", Fault::Unexpected),
            ("张", Fault::Incomplete),
            ("阿依·", Fault::Incomplete),
            ("·买买提", Fault::Incomplete),
            ("买买提艾力江", Fault::DotMissing),
            ("锟斤拷", Fault::Lost),
            ("王\u{FFFD}", Fault::Lost),
            ("测试", Fault::Test),
            ("Test01", Fault::Test),
            ("张三123456", Fault::Test),
        ];
        for (text, fault) in table {
            assert_eq!(PersonName::parse(text), Err(fault), "{text}");
            let outcome = fault.finding(text).outcome();
            assert_eq!(outcome == Outcome::Rejected, fault == Fault::Empty, "{text}");
            assert!(outcome >= Outcome::Held);
        }
        let long = format!("{}·{}", "艾".repeat(13), "合".repeat(12));
        assert_eq!(PersonName::parse(&long), Err(Fault::TooLong));
        assert!(PersonName::parse(&long.replacen('艾', "", 1)).is_ok());
    }

    proptest! {
        #[test]
        fn a_name_that_was_read_reads_again_without_a_finding(text in "[一-龥𠀀-𪛖·.•• \u{E815}-\u{E864}]{1,8}|.{0,12}") {
            if let Ok((name, _)) = PersonName::parse(&text) {
                let again = PersonName::parse(name.as_printed());
                prop_assert_eq!(again, Ok((name, Vec::new())));
            }
        }

        #[test]
        fn plain_chinese_names_are_never_changed(text in "[一-龥㐀-䶵𠀀-𪛖]{2,4}") {
            let read = PersonName::parse(&text);
            prop_assert_eq!(read.map(|(name, findings)| (name.as_printed().to_owned(), findings.len())), Ok((text, 0)));
        }
    }
}
