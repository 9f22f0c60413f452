//! From the text of an ID column to a document: closed repairs first, then recognition by form.

use super::{IdentityDocument, IdentityFault, IdentityKind, birth_date_of_18};
use crate::characters::{half_width, is_spacing};
use crate::check_digit::{gb11643, gb11643_holds};
use crate::finding::{Finding, FindingCode};

type Read = Result<(IdentityDocument, Vec<Finding>), IdentityFault>;

pub(super) fn read(text: &str) -> Read {
    let (number, mut findings) = clean(text);
    let (kind, number) = recognise(number, text, &mut findings)?;
    Ok((IdentityDocument { kind, number, original: text.to_owned() }, findings))
}

/// Undoes what is reversible: width (2), blanks and apostrophes (3), case (1).
pub(super) fn clean(text: &str) -> (String, Vec<Finding>) {
    let plain = |b: u8| b.is_ascii_digit() || b.is_ascii_uppercase();
    if text.bytes().all(plain) {
        return (text.to_owned(), Vec::new());
    }
    let (mut width, mut spacing, mut lower) = (false, false, false);
    let mut number = String::with_capacity(text.len());
    for c in text.chars() {
        let apostrophe = number.is_empty() && matches!(c, '\'' | '`' | '‘' | '’' | '＇');
        if apostrophe || is_spacing(c) {
            spacing = true;
            continue;
        }
        let half = half_width(c);
        width |= half.is_some();
        let c = half.unwrap_or(c);
        lower |= c.is_ascii_lowercase();
        number.push(c.to_ascii_uppercase());
    }
    let findings =
        [(lower, FindingCode::IdentityLowerCase), (width, FindingCode::IdentityFullWidth), (spacing, FindingCode::IdentitySpacing)]
            .into_iter()
            .filter(|(noticed, _)| *noticed)
            .map(|(_, code)| Finding::repair(code, text, number.as_str()))
            .collect();
    (number, findings)
}

fn recognise(number: String, text: &str, findings: &mut Vec<Finding>) -> Result<(IdentityKind, String), IdentityFault> {
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    let all_digits = digits == number.len();
    let resident_form = number.len() == 18 && (digits == 18 || (digits == 17 && number.ends_with('X')));

    if number.is_empty() {
        return Err(IdentityFault::Empty);
    }
    if resident_form {
        return eighteen(number, text, findings);
    }
    if all_digits && number.len() == 15 {
        return fifteen(number, text, findings);
    }
    if is_scientific(&number) {
        // With 15 significant digits only the last three are lost, as in a number cell.
        let kept = number.split('E').next().unwrap_or_default();
        let kept = kept.bytes().filter(u8::is_ascii_digit).count();
        return Err(if kept >= 14 { IdentityFault::NumericCell } else { IdentityFault::ScientificNotation });
    }
    if is_float(&number) {
        return Err(IdentityFault::NumericCell);
    }
    let (kind, number, counted) = other_document(number).ok_or(IdentityFault::Unrecognised)?;
    let code = if counted { FindingCode::IdentityIssueCount } else { FindingCode::IdentityOtherDocument };
    findings.push(Finding::repair(code, text, number.as_str()));
    Ok((kind, number))
}

fn eighteen(number: String, text: &str, findings: &mut Vec<Finding>) -> Result<(IdentityKind, String), IdentityFault> {
    // Before the check character: one damaged number in eleven passes it by chance.
    if number.ends_with("000") {
        return Err(IdentityFault::Damaged000);
    }
    if birth_date_of_18(&number).is_none() {
        return Err(IdentityFault::BadDate);
    }
    if !gb11643_holds(&number) {
        return Err(IdentityFault::Checksum);
    }
    // No address code begins with 9: that form is the foreigners' permanent resident card of since 2023-12-01.
    if number.starts_with('9') {
        findings.push(Finding::about(FindingCode::IdentityOtherDocument, text));
        return Ok((IdentityKind::ForeignPermanentResident, number));
    }
    Ok((IdentityKind::Resident, number))
}

/// Derives the 18 characters of an old number; the serials 996 to 999 were those of people born in 18xx.
fn fifteen(number: String, text: &str, findings: &mut Vec<Finding>) -> Result<(IdentityKind, String), IdentityFault> {
    let century = if matches!(&number[12..], "996" | "997" | "998" | "999") { "18" } else { "19" };
    let body = format!("{}{century}{}", &number[..6], &number[6..]);
    let check = gb11643(&body).ok_or(IdentityFault::Unrecognised)?;
    let long = format!("{body}{check}");
    if birth_date_of_18(&long).is_none() {
        return Err(IdentityFault::FifteenBadDate);
    }
    findings.push(Finding::repair(FindingCode::IdentityFifteenDigits, text, long.as_str()));
    Ok((IdentityKind::Resident, long))
}

/// `6.10103E+17`
fn is_scientific(number: &str) -> bool {
    number.split_once('E').is_some_and(|(mantissa, exponent)| {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        // A passport such as 1E1234567 has no point and a long tail.
        digits(exponent)
            && (mantissa.contains('.') || exponent.len() <= 3)
            && mantissa.bytes().all(|b| b.is_ascii_digit() || b == b'.')
            && mantissa.starts_with(|c: char| c.is_ascii_digit())
    })
}

/// `610103198001011200.0`
fn is_float(number: &str) -> bool {
    number.split_once('.').is_some_and(|(whole, fraction)| {
        whole.len() >= 6 && whole.bytes().all(|b| b.is_ascii_digit()) && fraction.bytes().all(|b| b == b'0')
    })
}

/// Recognises the documents other than resident numbers; the flag says that a number of issues was split off (13).
fn other_document(number: String) -> Option<(IdentityKind, String, bool)> {
    let bracketed = |text: &str, len: usize| {
        text.get(len..).is_some_and(|rest| {
            rest.len() >= 3
                && rest.starts_with(['(', '（'])
                && rest.ends_with([')', '）'])
                && rest.chars().filter(char::is_ascii_digit).count() == rest.chars().count() - 2
        })
    };
    let digits_from = |from: usize| number.get(from..).map_or(0, |rest| rest.bytes().take_while(u8::is_ascii_digit).count());
    let first = number.chars().next()?;
    let of = |kind, len: usize, counted| Some((kind, number[..len].to_owned(), counted));

    if matches!(first, 'H' | 'M') {
        match (digits_from(1), number.len()) {
            (8, 9) => return of(IdentityKind::HongKongMacaoPermit, 9, false),
            (10, 11) => return of(IdentityKind::HongKongMacaoPermit, 9, true),
            (8, _) if bracketed(&number, 9) => {
                return of(IdentityKind::HongKongMacaoPermit, 9, true);
            }
            _ => {}
        }
    }
    if digits_from(0) == 8 {
        if number.len() == 8 {
            return of(IdentityKind::TaiwanPermit, 8, false);
        }
        if bracketed(&number, 8) {
            return of(IdentityKind::TaiwanPermit, 8, true);
        }
    }
    let letters = number.bytes().take_while(u8::is_ascii_uppercase).count();
    let only_digits_follow = letters + digits_from(letters) == number.len();
    if letters == 3 && number.len() == 15 && only_digits_follow {
        return of(IdentityKind::ForeignPermanentResident, 15, false);
    }
    if (1..=2).contains(&letters) && only_digits_follow && (6..=9).contains(&digits_from(letters)) {
        return of(IdentityKind::Passport, number.len(), false);
    }
    let officer = number.contains(['字', '军', '武', '兵', '士', '警'])
        && number.chars().filter(char::is_ascii_digit).count() >= 4
        && number.chars().count() <= 20;
    officer.then_some((IdentityKind::Officer, number, false))
}

#[cfg(test)]
mod tests;
