//! A number beside the kind of document that its row states (证件类型): the stated kind decides where the form leaves a choice.

use super::{IdentityDocument, IdentityFault, IdentityKind, reading};
use crate::characters::tidy;
use crate::finding::{Finding, FindingCode};

/// The words and catalogue codes of the column.
pub(super) fn kind(text: &str) -> Option<IdentityKind> {
    let word = tidy(text);
    let word = word.split(['（', '(']).next().unwrap_or_default();
    Some(match word {
        "居民身份证"
        | "身份证"
        | "公民身份证"
        | "二代身份证"
        | "第二代身份证"
        | "中华人民共和国居民身份证"
        | "临时身份证"
        | "公民身份号码"
        | "港澳台居民居住证"
        | "港澳居民居住证"
        | "台湾居民居住证"
        | "111" => IdentityKind::Resident,
        "护照" | "普通护照" | "外国护照" | "外籍护照" | "中国护照" | "414" => IdentityKind::Passport,
        "台湾居民来往大陆通行证" | "台湾通行证" | "台胞证" | "台湾居民通行证" | "511" => {
            IdentityKind::TaiwanPermit
        }
        "港澳居民来往内地通行证" | "港澳通行证" | "港澳居民通行证" | "回乡证" | "516" => {
            IdentityKind::HongKongMacaoPermit
        }
        "外国人永久居留身份证" | "外国人永久居留证" | "外国人居留证" | "永久居留证" | "永居证" | "553" => {
            IdentityKind::ForeignPermanentResident
        }
        "军官证" | "士兵证" | "士官证" | "军人证" | "武警警官证" | "警官证" | "文职干部证" => {
            IdentityKind::Officer
        }
        _ => return None,
    })
}

pub(super) fn read(text: &str, stated: Option<IdentityKind>) -> Result<(IdentityDocument, Vec<Finding>), IdentityFault> {
    let by_form = reading::read(text);
    let Some(stated) = stated else { return by_form };
    match by_form {
        Ok((document, findings)) if document.kind == stated => Ok((document, findings)),
        // What has the check character or the dates of a resident's number is one, whatever the row says.
        Ok((document, _)) if matches!(document.kind, IdentityKind::Resident) => Err(IdentityFault::OtherKind),
        Err(fault) if fault != IdentityFault::Unrecognised => Err(fault),
        Ok(_) | Err(_) => free_form(text, stated).ok_or(IdentityFault::OtherKind),
    }
}

/// Passports and officers' cards have many forms; the numbers of the others have one each.
fn free_form(text: &str, stated: IdentityKind) -> Option<(IdentityDocument, Vec<Finding>)> {
    let (number, mut findings) = reading::clean(text);
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let fits = match stated {
        IdentityKind::Passport => (5..=12).contains(&number.len()) && digits >= 4 && number.bytes().all(|b| b.is_ascii_alphanumeric()),
        IdentityKind::Officer => (4..=20).contains(&number.chars().count()) && digits >= 4,
        IdentityKind::Resident
        | IdentityKind::HongKongMacaoPermit
        | IdentityKind::TaiwanPermit
        | IdentityKind::ForeignPermanentResident => false,
    };
    if !fits {
        return None;
    }
    findings.push(Finding::repair(FindingCode::IdentityOtherDocument, text, number.as_str()));
    Some((IdentityDocument { kind: stated, number, original: text.to_owned() }, findings))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stated_kind_decides_where_the_form_leaves_a_choice() {
        use IdentityKind::{HongKongMacaoPermit, Officer, Passport, Resident, TaiwanPermit};
        let differs = Err(IdentityFault::OtherKind);
        let table = [
            ("护照", "12345678", Ok((Passport, "12345678"))),
            ("普通护照", "H12345678", Ok((Passport, "H12345678"))),
            ("护照", "e12345678", Ok((Passport, "E12345678"))),
            ("台胞证", "12345678", Ok((TaiwanPermit, "12345678"))),
            ("", "12345678", Ok((TaiwanPermit, "12345678"))),
            ("其他", "H12345678", Ok((HongKongMacaoPermit, "H12345678"))),
            ("回乡证", "H1234567801", Ok((HongKongMacaoPermit, "H12345678"))),
            ("军官证", "1234567", Ok((Officer, "1234567"))),
            (" 居民身份证（大陆）", "610103800101123", Ok((Resident, "610103198001011233"))),
            ("护照", "610103198001011233", differs),
            ("军官证", "610103800101123", differs),
            ("身份证", "H12345678", differs),
            ("身份证", "12345678", differs),
            ("身份证", "12345", differs),
            ("台胞证", "E12345678", differs),
            ("回乡证", "12345678", differs),
            ("身份证", "610103198001011234", Err(IdentityFault::Checksum)),
            ("护照", "", Err(IdentityFault::Empty)),
        ];
        for (word, text, expected) in table {
            let read = IdentityDocument::parse_as(text, IdentityKind::stated(word));
            let read = read.map(|(document, _)| (document.kind, document.number));
            assert_eq!(read, expected.map(|(kind, number)| (kind, number.to_owned())), "{word} {text}");
        }
    }

    #[test]
    fn another_document_is_warned_of_without_a_repair_of_the_text_to_itself() {
        for (word, text) in [("护照", "12345678"), ("", "H12345678")] {
            let (_, findings) = IdentityDocument::parse_as(text, IdentityKind::stated(word)).unwrap();
            let told: Vec<_> = findings.iter().map(|finding| (finding.code, finding.repaired.as_deref())).collect();
            assert_eq!(told, [(FindingCode::IdentityOtherDocument, None)], "{text}");
        }
    }
}
