//! Faults of the holder: identity number, name, sex, birth date, telephone.

use domain::check_digit;
use domain::finding::FindingCode as Code;

use super::{HELD, LOADED, Plant, REJECTED, WARNED, any, plant};
use crate::delivery::draft::Draft;
use crate::names::DOT;
use crate::row::Column::{Birth, Identity, Name, Phone, Sex};

/// Faults that every format can carry.
pub(crate) const HOLDER: &[Plant] = &[
    plant(1, "lower-case x in the ID number", LOADED, &[Code::IdentityLowerCase], ends_in_x, |d| {
        let lower = d.cell(Identity).to_lowercase();
        d.set(Identity, lower);
    }),
    plant(2, "full-width digits in the ID number", LOADED, &[Code::IdentityFullWidth], any, |d| {
        let wide: String = d.cell(Identity).chars().map(full_width).collect();
        d.set(Identity, wide);
    }),
    plant(3, "apostrophe before the ID number", LOADED, &[Code::IdentitySpacing], any, |d| {
        d.set(Identity, format!("'{}", d.cell(Identity)))
    }),
    plant(3, "blanks inside the ID number", LOADED, &[Code::IdentitySpacing], any, |d| {
        let number = d.cell(Identity);
        let spaced = format!("{} {}\u{A0}{}", &number[..6], &number[6..14], &number[14..]);
        d.set(Identity, spaced);
    }),
    plant(4, "ID number of 15 digits", WARNED, &[Code::IdentityFifteenDigits], any, |d| {
        let short = fifteen(d.cell(Identity));
        d.set(Identity, short);
    }),
    plant(5, "ID number of 15 digits with an impossible date", HELD, &[Code::IdentityFifteenBadDate], any, |d| {
        let short = fifteen(d.cell(Identity));
        d.set(Identity, format!("{}1331{}", &short[..8], &short[12..]));
    }),
    plant(6, "ID number with a wrong check character", HELD, &[Code::IdentityChecksum], any, |d| {
        let number = d.cell(Identity);
        let wrong = format!("{}{}", &number[..17], if number.ends_with('5') { '6' } else { '5' });
        d.set(Identity, wrong);
    }),
    plant(6, "ID number with a birth date that no calendar has", HELD, &[Code::IdentityBadDate], any, |d| {
        let number = d.cell(Identity);
        let body = format!("{}0230{}", &number[..10], &number[14..17]);
        d.set(Identity, with_check(&body));
    }),
    plant(7, "ID number ends in 000, damaged by a spreadsheet", HELD, &[Code::IdentityDamaged], any, |d| {
        d.set(Identity, format!("{}000", &d.cell(Identity)[..15]));
    }),
    plant(8, "ID number in scientific notation", REJECTED, &[Code::IdentityScientific], any, |d| {
        let number = d.cell(Identity);
        let scientific = format!("{}.{}E+17", &number[..1], &number[1..6]);
        d.set(Identity, scientific);
    }),
    plant(9, "ID number stored as a number, with its point", HELD, &[Code::IdentityNumericCell], any, |d| {
        d.set(Identity, format!("{}200.0", &d.cell(Identity)[..15]));
    }),
    plant(10, "birth date column differs from the ID number", WARNED, &[Code::BirthDateDiffers], any, |d| {
        let birth = d.row.person.birth;
        d.set(Birth, crate::calendar::iso(crate::calendar::add_years(birth, 1)));
    }),
    plant(11, "sex column differs from the ID number", WARNED, &[Code::SexDiffers], any, |d| {
        let other = if d.cell(Sex) == "男" { "女" } else { "男" };
        d.set(Sex, other);
    }),
    plant(12, "permit of a Hong Kong or Macau resident in the ID column", WARNED, &[Code::IdentityOtherDocument], any, |d| {
        d.set(Identity, format!("H{}", &d.cell(Identity)[9..17]));
    }),
    plant(12, "no number in the ID column", HELD, &[Code::IdentityUnrecognised], any, |d| d.set(Identity, "身份证遗失")),
    plant(13, "permit with the number of its issue", WARNED, &[Code::IdentityIssueCount], any, |d| {
        d.set(Identity, format!("M{}02", &d.cell(Identity)[9..17]));
    }),
    plant(39, "name of which the bytes were read as Western text", LOADED, &[Code::MojibakeRecovered], is_plain_gbk, |d| {
        let western: String = encoding_rs::GBK.encode(d.cell(Name)).0.iter().map(|&byte| char::from(byte)).collect();
        d.set(Name, western);
    }),
    plant(39, "name lost in a wrong conversion", HELD, &[Code::UnreadableBytes], any, |d| d.set(Name, "锟斤拷")),
    plant(41, "placeholder instead of a character in the name", HELD, &[Code::NamePlaceholder], any, |d| end_name(d, "□")),
    plant(41, "geta mark instead of a character in the name", HELD, &[Code::NamePlaceholder], any, |d| end_name(d, "〓")),
    plant(41, "composed character in the name", HELD, &[Code::NameComposed], any, |d| end_name(d, "(龙/天)")),
    plant(41, "name in Latin letters", HELD, &[Code::NameLatin], any, |d| d.set(Name, "WANG XIAOMING")),
    plant(42, "name with another dot", LOADED, &[Code::NameDotMapped], any, |d| d.set(Name, "玉素甫・卡德尔")),
    plant(42, "name with a full stop of the keyboard", LOADED, &[Code::NameDotMapped], any, |d| d.set(Name, "买买提.艾力")),
    plant(42, "name with a Chinese full stop", WARNED, &[Code::NamePunctuationAsDot], any, |d| d.set(Name, "阿依。买买提")),
    plant(42, "name that lacks its dot", HELD, &[Code::NameDotMissing], any, |d| d.set(Name, "买买提艾力江")),
    plant(42, "surname alone", HELD, &[Code::NameIncomplete], any, |d| end_name(d, "")),
    plant(43, "note in the name", HELD, &[Code::NameNote], any, |d| d.set(Name, format!("{}(已离职)", d.cell(Name)))),
    plant(43, "digit behind the name", HELD, &[Code::NameNote], any, |d| d.set(Name, format!("{}1", d.cell(Name)))),
    plant(44, "sex in a code", LOADED, &[Code::SexCoded], any, |d| {
        let code = if d.cell(Sex) == "男" { "1" } else { "2" };
        d.set(Sex, code);
    }),
    plant(44, "sex in another word", LOADED, &[Code::SexCoded], any, |d| d.set(Sex, format!("{}性", d.cell(Sex)))),
    plant(44, "sex in a code that nobody knows", WARNED, &[Code::SexUnrecognised], any, |d| d.set(Sex, "0")),
    plant(51, "text in the telephone column", WARNED, &[Code::PhoneExtra], any, |d| d.set(Phone, format!("{}(本人)", d.cell(Phone)))),
    plant(51, "two telephone numbers", WARNED, &[Code::PhoneExtra], any, |d| d.set(Phone, format!("{}/19900009999", d.cell(Phone)))),
    plant(51, "landline", WARNED, &[Code::PhoneUnusable], any, |d| d.set(Phone, "029-87000000")),
    plant(51, "blanks in the telephone number", LOADED, &[Code::PhoneForm], any, |d| {
        let phone = d.cell(Phone);
        let spaced = format!("{} {} {}", &phone[..3], &phone[3..7], &phone[7..]);
        d.set(Phone, spaced);
    }),
    plant(53, "test row", HELD, &[Code::TestRow], any, |d| d.set(Name, "测试")),
    plant(53, "test row with a number in the name", HELD, &[Code::TestRow], any, |d| d.set(Name, "张三123456")),
    plant(0, "blank between the characters of the name", LOADED, &[Code::NameSpacing], is_two_characters, |d| {
        let name: Vec<String> = d.cell(Name).chars().map(String::from).collect();
        d.set(Name, name.join("　"));
    }),
    plant(0, "no name", REJECTED, &[Code::RequiredMissing], any, |d| d.set(Name, "")),
];

/// Faults that only files in Unicode can carry.
pub(crate) const PRIVATE_USE: &[Plant] = &[
    plant(41, "character of the private use area with a known standard form", LOADED, &[Code::NamePrivateUseMapped], any, |d| {
        end_name(d, "\u{E863}");
    }),
    plant(41, "character of the private use area without a known standard form", HELD, &[Code::NamePrivateUseUnknown], any, |d| {
        end_name(d, "\u{E000}");
    }),
];

fn ends_in_x(draft: &Draft) -> bool {
    draft.cell(Identity).ends_with('X')
}

fn is_two_characters(draft: &Draft) -> bool {
    draft.cell(Name).chars().count() == 2
}

/// Whether every byte of the name in GBK stands for a Western letter, so that the conversion can be undone; short enough for a narrow
/// field, in which such a letter takes four bytes.
fn is_plain_gbk(draft: &Draft) -> bool {
    let (bytes, _, lossy) = encoding_rs::GBK.encode(draft.cell(Name));
    !lossy && bytes.len() <= 6 && !draft.cell(Name).contains(DOT) && bytes.iter().all(|byte| *byte >= 0xA1)
}

/// The first character of the name with another end.
fn end_name(draft: &mut Draft, end: &str) {
    let first: String = draft.cell(Name).chars().take(1).collect();
    draft.set(Name, first + end);
}

fn fifteen(number: &str) -> String {
    format!("{}{}", &number[..6], &number[8..17])
}

fn with_check(body: &str) -> String {
    body.chars().chain(check_digit::gb11643(body)).collect()
}

fn full_width(character: char) -> char {
    match character {
        '0'..='9' | 'X' => char::from_u32(u32::from(character) + 0xFEE0).unwrap_or(character),
        other => other,
    }
}
