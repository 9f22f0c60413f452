//! Numbers of identity documents as files write them, damaged ones among them.

use super::*;
use crate::finding::Outcome;
use proptest::prelude::*;

type Expected = Result<(IdentityKind, &'static str, &'static [FindingCode]), IdentityFault>;

#[test]
fn each_form_of_an_id_number_is_read_as_the_rules_say() {
    use FindingCode as Code;
    use IdentityFault as Fault;
    use IdentityKind as Kind;
    const NONE: &[FindingCode] = &[];
    let table: &[(&str, Expected)] = &[
        ("610103198001011233", Ok((Kind::Resident, "610103198001011233", NONE))),
        ("11010519491231002X", Ok((Kind::Resident, "11010519491231002X", NONE))),
        ("11010519491231002x", Ok((Kind::Resident, "11010519491231002X", &[Code::IdentityLowerCase]))),
        ("１１010519491231002Ｘ", Ok((Kind::Resident, "11010519491231002X", &[Code::IdentityFullWidth]))),
        ("'610103198001011233", Ok((Kind::Resident, "610103198001011233", &[Code::IdentitySpacing]))),
        ("`610103198001011233", Ok((Kind::Resident, "610103198001011233", &[Code::IdentitySpacing]))),
        (" 610103 19800101\u{A0}1233\u{200B}", Ok((Kind::Resident, "610103198001011233", &[Code::IdentitySpacing]))),
        ("610103800101123", Ok((Kind::Resident, "610103198001011233", &[Code::IdentityFifteenDigits]))),
        ("610103801331123", Err(Fault::FifteenBadDate)),
        ("610103198001011234", Err(Fault::Checksum)),
        ("610103198013311233", Err(Fault::BadDate)),
        ("610103198001011000", Err(Fault::Damaged000)),
        ("6.10103E+17", Err(Fault::ScientificNotation)),
        ("6.10103e17", Err(Fault::ScientificNotation)),
        ("6E+17", Err(Fault::ScientificNotation)),
        ("6.11021198002218e+17", Err(Fault::NumericCell)),
        ("610103198001011200.0", Err(Fault::NumericCell)),
        ("H12345678", Ok((Kind::HongKongMacaoPermit, "H12345678", &[Code::IdentityOtherDocument]))),
        ("M87654321", Ok((Kind::HongKongMacaoPermit, "M87654321", &[Code::IdentityOtherDocument]))),
        ("H1234567801", Ok((Kind::HongKongMacaoPermit, "H12345678", &[Code::IdentityIssueCount]))),
        ("H12345678(01)", Ok((Kind::HongKongMacaoPermit, "H12345678", &[Code::IdentityIssueCount]))),
        ("12345678", Ok((Kind::TaiwanPermit, "12345678", &[Code::IdentityOtherDocument]))),
        ("12345678（02）", Ok((Kind::TaiwanPermit, "12345678", &[Code::IdentityIssueCount]))),
        ("1234567801", Err(Fault::Unrecognised)),
        ("USA110080010101", Ok((Kind::ForeignPermanentResident, "USA110080010101", &[Code::IdentityOtherDocument]))),
        ("E12345678", Ok((Kind::Passport, "E12345678", &[Code::IdentityOtherDocument]))),
        ("EA1234567", Ok((Kind::Passport, "EA1234567", &[Code::IdentityOtherDocument]))),
        ("军字第1234567号", Ok((Kind::Officer, "军字第1234567号", &[Code::IdentityOtherDocument]))),
        ("61010319800101123", Err(Fault::Unrecognised)),
        ("6101031980010112333", Err(Fault::Unrecognised)),
        ("无", Err(Fault::Unrecognised)),
        ("  ", Err(Fault::Empty)),
        ("", Err(Fault::Empty)),
    ];
    for (text, expected) in table {
        let read = IdentityDocument::parse(text);
        let got = read
            .as_ref()
            .map(|(document, findings)| (document.kind(), document.number(), findings.iter().map(|f| f.code).collect::<Vec<_>>()));
        let got = got.map_err(|fault| *fault);
        let expected = expected.map(|(kind, number, codes)| (kind, number, codes.to_vec()));
        assert_eq!(got, expected, "{text}");
        if let Ok((document, _)) = read {
            assert_eq!(document.original(), *text);
        }
    }
}

#[test]
fn residence_permits_of_hong_kong_and_the_new_foreigners_card_pass_by_their_check_character() {
    let number = |body: &str| format!("{body}{}", gb11643(body).unwrap());
    let (permit, findings) = IdentityDocument::parse(&number("81000019900101123")).unwrap();
    assert_eq!((permit.kind(), findings.len()), (IdentityKind::Resident, 0));
    let (card, findings) = IdentityDocument::parse(&number("91156119900101123")).unwrap();
    assert_eq!(card.kind(), IdentityKind::ForeignPermanentResident);
    assert_eq!(findings[0].code, FindingCode::IdentityOtherDocument);
}

#[test]
fn an_old_number_with_the_serial_of_a_centenarian_is_of_18xx() {
    let (document, _) = IdentityDocument::parse("610103980101998").unwrap();
    assert_eq!(document.birth_date().map(time::Date::year), Some(1898));
    assert_eq!(document.short_form(), None);
}

#[test]
fn every_fault_holds_or_rejects() {
    for (fault, outcome) in [
        (IdentityFault::Empty, Outcome::Rejected),
        (IdentityFault::ScientificNotation, Outcome::Rejected),
        (IdentityFault::Damaged000, Outcome::Held),
        (IdentityFault::NumericCell, Outcome::Held),
        (IdentityFault::Checksum, Outcome::Held),
        (IdentityFault::BadDate, Outcome::Held),
        (IdentityFault::FifteenBadDate, Outcome::Held),
        (IdentityFault::Unrecognised, Outcome::Held),
    ] {
        assert_eq!(fault.finding("x").outcome(), outcome, "{fault}");
    }
}

proptest! {
    #[test]
    fn both_forms_of_a_number_name_the_same_person(
        area in 110_000_u32..660_000, year in 10_u32..99, day in 1_u32..29, month in 1_u32..13, serial in 0_u32..996,
    ) {
        let short = format!("{area}{year:02}{month:02}{day:02}{serial:03}");
        let (document, _) = IdentityDocument::parse(&short).unwrap();
        prop_assert_eq!(document.short_form(), Some(short));
        if !document.number().ends_with("000") {
            let (again, findings) = IdentityDocument::parse(document.number()).unwrap();
            prop_assert!(findings.is_empty());
            prop_assert_eq!(again.number(), document.number());
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic_and_the_original_is_kept(text in "[0-9A-Zxe.+ ()（）'Ｘ０-９军字第号]{0,24}|.{0,30}") {
        if let Ok((document, _)) = IdentityDocument::parse(&text) {
            prop_assert_eq!(document.original(), text);
            let _ = (document.masked(), document.last_four(), document.short_form(), document.sex());
        }
    }
}
