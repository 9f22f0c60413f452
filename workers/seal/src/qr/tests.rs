//! Tests of statements from signing to verifying.

use proptest::prelude::*;
use qrcode::{EcLevel, QrCode, Version};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use time::macros::date;

use super::*;
use crate::cbor;
use crate::signer::P384Signer;

fn signer() -> P384Signer {
    P384Signer::generate("qr-2026", &mut StdRng::seed_from_u64(3))
}

fn statement() -> Statement {
    Statement {
        kind: "safety-personnel".into(),
        number: "陕建安B（2026）0001234".into(),
        name: "欧阳测试".into(),
        id_last_four: "123X".into(),
        valid_until: Some(date!(2029 - 10 - 31)),
        version: 2,
        status_list: 1,
        status_index: 345_678,
        key_id: "qr-2026".into(),
        issued_at: 1_793_400_000,
    }
}

fn text() -> String {
    sign(&statement(), "ecert.example", &signer()).unwrap()
}

#[test]
fn a_statement_is_read_back_and_verified_with_its_key() {
    let signed = parse(&text()).unwrap();
    assert_eq!(signed.key_id(), "qr-2026");
    assert_eq!(signed.base(), "ECERT.EXAMPLE");
    assert_eq!(signed.verify(&signer().public_key()).unwrap(), &statement());
}

#[test]
fn every_kind_and_every_missing_end_date_survives() {
    let kinds =
        ["constructor", "architect", "structural-engineer", "safety-personnel", "special-operation", "post-training", "a-kind-of-tomorrow"];
    for kind in kinds {
        for valid_until in [None, Some(date!(1969 - 12 - 31)), Some(date!(2199 - 1 - 1))] {
            let statement = Statement { kind: kind.into(), valid_until, ..statement() };
            let text = sign(&statement, "E.CN", &signer()).unwrap();
            let signed = parse(&text).unwrap();
            assert_eq!(signed.verify(&signer().public_key()).unwrap(), &statement);
        }
    }
}

#[test]
fn signing_twice_gives_the_same_text() {
    assert_eq!(text(), text());
}

#[test]
fn another_key_does_not_verify() {
    let other = P384Signer::generate("qr-2026", &mut StdRng::seed_from_u64(4));
    let refusal = parse(&text()).unwrap().verify(&other.public_key()).unwrap_err();
    assert_eq!(refusal.code(), Some("signature-wrong"));
}

#[test]
fn reading_takes_upper_and_lower_case_and_white_space_around() {
    let lower = format!("  {}\r\n", text().to_lowercase());
    let signed = parse(&lower).unwrap();
    assert!(signed.verify(&signer().public_key()).is_ok());
}

#[test]
fn a_changed_character_anywhere_in_the_statement_is_refused() {
    let text = text();
    let start = text.find("/V/").unwrap() + 3;
    let key = signer().public_key();
    for position in start..text.len() {
        let mut changed = text.clone().into_bytes();
        changed[position] = if changed[position] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        let believed = parse(&changed).is_ok_and(|signed| signed.verify(&key).is_ok());
        assert!(!believed, "character {position}");
    }
}

#[test]
fn texts_that_are_no_statement_are_refused_with_the_reason() {
    let text = text();
    let cut = &text[..text.len() - 1];
    let longer = format!("{text}A");
    let long = "A".repeat(MAX_TEXT_CHARACTERS + 1);
    for (text, code) in [
        ("", "not-ours"),
        ("https://ecert.example/", "not-ours"),
        ("HTTP://ECERT.EXAMPLE/V/AAAA", "not-ours"),
        ("HTTPS:///V/AAAA", "not-ours"),
        ("HTTPS://USER@HOST/V/AAAA", "not-ours"),
        (long.as_str(), "not-ours"),
        ("HTTPS://ECERT.EXAMPLE/V/", "unreadable"),
        ("HTTPS://ECERT.EXAMPLE/V/AAAA", "unreadable"),
        ("HTTPS://ECERT.EXAMPLE/V/证书", "unreadable"),
        (cut, "unreadable"),
        (longer.as_str(), "unreadable"),
    ] {
        assert_eq!(parse(text).unwrap_err().code(), Some(code), "{text}");
    }
}

#[test]
fn a_later_form_of_statement_is_told_from_damage() {
    // {0: 2, 1: 4}
    let message = SignedMessage::sign(vec![0xa2, 0x00, 0x02, 0x01, 0x04], None, &signer()).unwrap();
    let text = format!("HTTPS://E.CN/V/{}", base32::encode(&message.to_cbor()));
    let refusal = parse(&text).unwrap_err();
    assert!(matches!(refusal, QrError::UnsupportedVersion(2)));
}

#[test]
fn a_known_kind_written_out_is_a_second_encoding_and_refused() {
    let mut payload = statement().to_cbor();
    // Behind the head of the map and key 1 stands the number 4.
    assert_eq!(payload[1..3], [1, 4]);
    let mut kind = Vec::new();
    cbor::push_text(&mut kind, "safety-personnel");
    payload.splice(2..3, kind);
    let message = SignedMessage::sign(payload, None, &signer()).unwrap();
    let text = format!("HTTPS://E.CN/V/{}", base32::encode(&message.to_cbor()));
    assert_eq!(parse(&text).unwrap_err().code(), Some("unreadable"));
}

#[test]
fn hosts_and_keys_that_do_not_fit_are_refused_before_signing() {
    for base in ["", "E CN", "E.CN/X", "主机", "USER@HOST"] {
        assert!(matches!(sign(&statement(), base, &signer()), Err(QrError::Base(_))));
    }
    let other = Statement { key_id: "qr-2025".into(), ..statement() };
    assert!(matches!(sign(&other, "E.CN", &signer()), Err(QrError::OtherKey { .. })));
}

#[test]
fn the_longest_statement_fits_version_15_at_level_m() {
    // Characters beyond the BMP take four bytes each, the most that there is.
    let longest = Statement {
        kind: "structural-engineer".into(),
        number: "（".repeat(20),
        name: "𬍛".repeat(25),
        id_last_four: "123X".into(),
        valid_until: Some(date!(2149 - 6 - 6)),
        version: u16::MAX,
        status_list: u32::MAX,
        status_index: u32::MAX,
        key_id: "qr-2026-10-31-01".into(),
        issued_at: i64::from(u32::MAX),
    };
    let signer = P384Signer::generate("qr-2026-10-31-01", &mut StdRng::seed_from_u64(5));
    let text = sign(&longest, "ZHENGSHU.JS.SHAANXI.GOV.CN", &signer).unwrap();
    assert!(text.len() <= MAX_TEXT_CHARACTERS, "{}", text.len());
    QrCode::with_version(&text, Version::Normal(15), EcLevel::M).unwrap();

    let too_long = Statement { number: "（".repeat(60), ..longest };
    assert!(matches!(sign(&too_long, "ZHENGSHU.JS.SHAANXI.GOV.CN", &signer), Err(QrError::TooLong { .. })));
}

#[test]
fn an_ordinary_statement_fits_version_11_at_level_m() {
    let text = text();
    assert!(text.bytes().all(|byte| b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:".contains(&byte)));
    QrCode::with_version(&text, Version::Normal(11), EcLevel::M).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_text_makes_the_reader_panic(text in ".{0,80}") {
        let _ = parse(&text);
        let _ = parse(&format!("HTTPS://E.CN/V/{text}"));
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = SignedMessage::from_cbor(&bytes, None);
        let _ = Statement::from_cbor(&bytes, "key");
        let text = format!("HTTPS://E.CN/V/{}", base32::encode(&bytes));
        prop_assert!(parse(&text).is_err());
    }
}

#[test]
fn the_length_is_known_before_anything_is_signed() {
    for name in ["王", "阿卜杜热合曼·买买提依明", &"王".repeat(50)] {
        for valid_until in [None, Some(date!(2021 - 11 - 04))] {
            let statement = Statement { name: name.to_owned(), valid_until, ..statement() };
            assert_eq!(text_characters(&statement, "V.EXAMPLE.CN"), sign(&statement, "V.EXAMPLE.CN", &signer()).unwrap().len());
        }
    }
}
