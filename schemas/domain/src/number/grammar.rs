//! The grammars of certificate numbers by kind and generation.

use super::NumberFault;
use crate::category::Category;
use crate::kind::Kind;
use crate::stored_code::stored_enum;

stored_enum! {
    /// Generation of numbering (编号规则).
    pub enum NumberGrammar {
        /// Constructors, first generation: 陕 2 61 18 19 00001, 13 characters.
        ConstructorShort = "constructor-short",
        /// Constructors, from 2020 on: 陕 2 61 2018 2019 00001, 17 characters.
        ConstructorLong = "constructor-long",
        /// Safety personnel: 陕建安A（2018）0000001.
        SafetyPersonnel = "safety-personnel",
        /// Special operations: 陕A012018000001, 14 characters.
        SpecialOperation = "special-operation",
        /// Structural engineers: S2 and nine digits, seen in samples only.
        StructuralEngineer = "structural-engineer",
        /// Kinds whose numbering is not published: kept as they are.
        Opaque = "opaque",
    }
}

/// What a grammar tells of a number.
pub(super) struct Recognised {
    pub(super) grammar: NumberGrammar,
    pub(super) year: Option<u16>,
    pub(super) category: Option<Category>,
}

/// The characters by which the other provinces (and the army) number theirs.
const OTHER_PROVINCES: &str = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏甘青宁新军兵";

pub(super) fn recognise(kind: Kind, number: &str) -> Result<Recognised, NumberFault> {
    match kind {
        Kind::Constructor => constructor(number),
        Kind::SafetyPersonnel => safety_personnel(number),
        Kind::SpecialOperation => special_operation(number),
        Kind::StructuralEngineer => structural_engineer(number),
        Kind::Architect => opaque(number, 4..=32),
        Kind::PostTraining => opaque(number, 4..=40),
    }
}

/// `^陕2\d{11}$` and `^陕2\d{15}$`. Digits 3 and 4 are the province of first registration, not always 61.
fn constructor(number: &str) -> Result<Recognised, NumberFault> {
    let body = own_province(number)?;
    let (level, digits) = body.split_at_checked(1).ok_or(NumberFault::Length)?;
    match level {
        "2" => {}
        "1" if all_digits(digits) => return Err(NumberFault::OutOfScope),
        _ => return Err(damaged(body)),
    }
    if !all_digits(digits) {
        return Err(damaged(digits));
    }
    let (grammar, year) = match digits.len() {
        11 => (NumberGrammar::ConstructorShort, 2000 + value(&digits[4..6])),
        15 => {
            full_year(&digits[2..6])?;
            (NumberGrammar::ConstructorLong, full_year(&digits[6..10])?)
        }
        _ => return Err(NumberFault::Length),
    };
    Ok(Recognised { grammar, year: Some(year), category: None })
}

/// `^陕建安(A|B|C|C1|C2|C3)（(19|20)\d{2}）\d{7}$`
fn safety_personnel(number: &str) -> Result<Recognised, NumberFault> {
    let unprefixed = number.strip_prefix('陕').unwrap_or(number);
    if ["水安", "交安", "水建安", "交建安"].iter().any(|other| unprefixed.starts_with(other)) {
        return Err(NumberFault::OutOfScope);
    }
    let body = own_province(number)?;
    let body = body.strip_prefix("建安").ok_or(NumberFault::Unrecognised)?;
    // The longer codes first: C is the beginning of C1. A number without its year is not split here.
    let (category, rest) = [
        ("A", Category::SafetyA),
        ("B", Category::SafetyB),
        ("C1", Category::SafetyC1),
        ("C2", Category::SafetyC2),
        ("C3", Category::SafetyC3),
        ("C", Category::SafetyC),
    ]
    .into_iter()
    .find_map(|(code, category)| {
        let rest = body.strip_prefix(code)?;
        rest.starts_with('（').then_some((category, rest))
    })
    .ok_or_else(|| without_year(body))?;
    let (year, serial) = rest.trim_start_matches('（').split_once('）').ok_or(NumberFault::Unrecognised)?;
    let year = full_year(year)?;
    if !all_digits(serial) {
        return Err(damaged(serial));
    }
    match serial.len() {
        7 => {}
        0..7 => return Err(NumberFault::SerialZerosLost),
        _ => return Err(NumberFault::Length),
    }
    Ok(Recognised { grammar: NumberGrammar::SafetyPersonnel, year: Some(year), category: Some(category) })
}

/// 陕建安B0018148: everything but the year is there.
fn without_year(body: &str) -> NumberFault {
    let tail = body.strip_prefix(['A', 'B', 'C']).unwrap_or(body);
    if tail.len() < body.len() && (7..=8).contains(&tail.len()) && all_digits(tail) { NumberFault::Year } else { NumberFault::Unrecognised }
}

/// `^陕[A-Z]\d{2}(19|20)\d{2}\d{6}$`: city letter, trade, year, serial.
fn special_operation(number: &str) -> Result<Recognised, NumberFault> {
    let body = own_province(number)?;
    let digits = body.strip_prefix(|c: char| c.is_ascii_uppercase()).ok_or(NumberFault::Unrecognised)?;
    if !all_digits(digits) {
        return Err(damaged(digits));
    }
    if digits.len() != 12 {
        return Err(NumberFault::Length);
    }
    let year = full_year(&digits[2..6])?;
    let trade = Category::ALL.iter().copied().find(|category| category.kind() == Kind::SpecialOperation && category.code() == &digits[..2]);
    Ok(Recognised { grammar: NumberGrammar::SpecialOperation, year: Some(year), category: trade })
}

/// `^S2\d{9}$`: two digits of the year, then province and serial.
fn structural_engineer(number: &str) -> Result<Recognised, NumberFault> {
    let body = number.strip_prefix('S').ok_or(NumberFault::Unrecognised)?;
    let (level, digits) = body.split_at_checked(1).ok_or(NumberFault::Length)?;
    match level {
        "2" => {}
        "1" if all_digits(digits) => return Err(NumberFault::OutOfScope),
        _ => return Err(damaged(body)),
    }
    if !all_digits(digits) {
        return Err(damaged(digits));
    }
    if digits.len() != 9 {
        return Err(NumberFault::Length);
    }
    let year = 2000 + value(&digits[..2]);
    Ok(Recognised { grammar: NumberGrammar::StructuralEngineer, year: Some(year), category: None })
}

/// Numbers without a published grammar: any short text of letters, digits and ideographs.
fn opaque(number: &str, length: std::ops::RangeInclusive<usize>) -> Result<Recognised, NumberFault> {
    let admitted = |c: char| c.is_ascii_alphanumeric() || crate::characters::is_hanzi(c) || matches!(c, '（' | '）' | '-' | '/' | '.');
    if !number.chars().all(admitted) || !number.chars().any(|c| c.is_ascii_digit()) {
        return Err(NumberFault::Unrecognised);
    }
    if !length.contains(&number.chars().count()) {
        return Err(NumberFault::Length);
    }
    // Such a number of another kind is told apart before it is taken for an opaque one.
    let foreign = [constructor, safety_personnel, special_operation, structural_engineer];
    if foreign.iter().any(|grammar| grammar(number).is_ok()) {
        return Err(NumberFault::Unrecognised);
    }
    Ok(Recognised { grammar: NumberGrammar::Opaque, year: None, category: None })
}

/// What follows 陕; a number of another province is out of scope, a look-alike of 陕 is held.
fn own_province(number: &str) -> Result<&str, NumberFault> {
    if let Some(body) = number.strip_prefix('陕') {
        return Ok(body);
    }
    match number.chars().next() {
        Some(first) if OTHER_PROVINCES.contains(first) => Err(NumberFault::OutOfScope),
        Some('峡' | '夹' | '狭' | '侠') => Err(NumberFault::Letters),
        Some(_) | None => Err(NumberFault::Unrecognised),
    }
}

/// A part that should be digits: with letters that look like digits it was mistyped.
fn damaged(part: &str) -> NumberFault {
    let look_alike = |c: char| matches!(c, 'O' | 'I' | 'l' | 'L' | 'Q' | 'S' | 'B' | 'Z');
    let mistyped = part.chars().any(look_alike) && part.chars().all(|c| c.is_ascii_digit() || look_alike(c));
    if mistyped { NumberFault::Letters } else { NumberFault::Unrecognised }
}

fn full_year(digits: &str) -> Result<u16, NumberFault> {
    let full = digits.len() == 4 && all_digits(digits) && (digits.starts_with("19") || digits.starts_with("20"));
    if full {
        return Ok(value(digits));
    }
    Err(match damaged(digits) {
        NumberFault::Letters => NumberFault::Letters,
        NumberFault::Empty
        | NumberFault::SerialZerosLost
        | NumberFault::Year
        | NumberFault::Length
        | NumberFault::OutOfScope
        | NumberFault::OtherKind(_)
        | NumberFault::Unrecognised => NumberFault::Year,
    })
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

/// The value of at most four digits.
fn value(digits: &str) -> u16 {
    digits.bytes().fold(0, |sum, byte| sum * 10 + u16::from(byte - b'0'))
}
