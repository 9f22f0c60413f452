//! Every refusal with its reason: documents changed, re-signed, wrapped or signed by others.

use std::str::FromStr as _;
use std::sync::Arc;

use der::asn1::{ObjectIdentifier, OctetString};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use time::{Duration, OffsetDateTime};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsages};
use x509_cert::name::Name;

use super::*;
use crate::certificate::Certificate;
use crate::signed_data::Envelope;
use crate::test_authority::issuing::{self, CertificatePlan};
use crate::test_authority::{TestAuthority, signer_plan};
use crate::verify::specimen::{HOLE_DIGITS, Unsigned, place_of, set_byte_range};
use crate::{LAWFUL_SIGNER_NAME, P384Signer, Signer as _, ecdsa_signature, embed};

/// Seals without asking whether the certificate allows it, as an attacker would.
fn seal_anyhow(unsigned: Unsigned, key: &P384Signer, certificate_der: &[u8], beside: &[&[u8]]) -> Vec<u8> {
    let certificate = Certificate::from_der(certificate_der).unwrap();
    let beside: Vec<Certificate> = beside.iter().map(|bytes| Certificate::from_der(bytes).unwrap()).collect();
    let envelope = Envelope::new(&certificate, &beside).unwrap();
    let attributes = envelope.signed_attributes(&unsigned.digest()).unwrap();
    let signature = key.sign_sha384(&attributes).unwrap();
    let signature = ecdsa_signature::parse_der(&signature).unwrap().normalize_s();
    let cms = envelope.content_info(&attributes, &signature).unwrap();
    embed(unsigned.bytes, unsigned.contents, &cms).unwrap()
}

/// A document of a signer whose certificate differs from a proper one as `change` says; what becomes of it.
fn verdict_with(change: impl FnOnce(&mut CertificatePlan)) -> DocumentVerdict {
    let authority = authority(1);
    let mut rng = StdRng::seed_from_u64(9);
    let key = P384Signer::generate("other", &mut rng);
    let mut plan = signer_plan(LAWFUL_SIGNER_NAME, NOW - Duration::DAY, NOW + Duration::days(365)).unwrap();
    change(&mut plan);
    let root = authority.root_key().unwrap();
    let certificate = issuing::issue(plan, key.public_key(), &root, &mut rng).unwrap();
    let bytes = seal_anyhow(Specimen::default().write(), &key, &certificate, &[]);
    verify_document(&bytes, &[authority.ca_certificate_der], NOW)
}

fn sealed() -> (Vec<u8>, TestAuthority) {
    let authority = authority(1);
    (Specimen::default().sealed(&sealer(&authority)), authority)
}

fn judge(bytes: &[u8], authority: &TestAuthority) -> DocumentVerdict {
    verify_document(bytes, std::slice::from_ref(&authority.ca_certificate_der), NOW)
}

#[test]
fn files_that_are_no_signed_pdf_have_no_signature() {
    let (_, authority) = sealed();
    for (bytes, code) in [
        (&b""[..], "unreadable"),
        (b"%", "unreadable"),
        (b"\0\0\0\0", "unreadable"),
        (b"\xff\xd8\xff\xe0 a picture", "unreadable"),
        (b"%PDF-1.7\n%%EOF", "no-signature"),
    ] {
        let verdict = judge(bytes, &authority);
        assert_eq!(verdict.signature, SignatureState::Missing);
        assert_eq!(codes(&verdict), [code]);
        assert!(!verdict.covers_whole_file && !verdict.changed_after_signing);
    }
}

#[test]
fn an_encrypted_pdf_is_called_encrypted() {
    let (_, authority) = sealed();
    let verdict = judge(b"%PDF-1.7\ntrailer<</Encrypt 9 0 R>>\n%%EOF", &authority);
    assert_eq!(codes(&verdict), ["no-signature", "encrypted"]);

    let specimen = Specimen { trailer: "/Encrypt 2 0 R".into(), ..Specimen::default() };
    let verdict = judge(&specimen.sealed(&sealer(&authority)), &authority);
    assert_eq!(verdict.signature, SignatureState::Invalid);
    assert_eq!(codes(&verdict), ["encrypted"]);
}

#[test]
fn a_stripped_signature_is_missing() {
    let (bytes, authority) = sealed();
    let start = place_of(&bytes, b"5 0 obj");
    let end = start + place_of(&bytes[start..], b"endobj");
    let mut stripped = bytes[..start].to_vec();
    stripped.extend_from_slice(b"5 0 obj null ");
    stripped.extend_from_slice(&bytes[end..]);
    let verdict = judge(&stripped, &authority);
    assert_eq!(verdict.signature, SignatureState::Missing);
    assert_eq!(codes(&verdict), ["no-signature"]);
}

#[test]
fn a_hole_that_was_never_filled_is_refused() {
    let (_, authority) = sealed();
    let verdict = judge(&Specimen::default().write().bytes, &authority);
    assert_eq!(verdict.signature, SignatureState::Invalid);
    assert_eq!(codes(&verdict), ["not-ours"]);
}

#[test]
fn a_changed_byte_is_told_as_a_change() {
    let (mut bytes, authority) = sealed();
    let place = place_of(&bytes, b"200 200 re");
    bytes[place] = b'3';
    let verdict = judge(&bytes, &authority);
    assert_eq!(verdict.signature, SignatureState::Invalid);
    assert_eq!(codes(&verdict), ["changed-after-signing"]);
    assert!(verdict.covers_whole_file && verdict.changed_after_signing);
    assert_eq!(verdict.signer.as_deref(), Some(LAWFUL_SIGNER_NAME));
    assert_eq!(verdict.signing_time, None);
}

#[test]
fn an_appended_update_is_refused_as_not_covered() {
    let (bytes, authority) = sealed();
    let table = place_of(&bytes, b"xref\n0 7");
    let mut updated = bytes.clone();
    let page = updated.len();
    updated.extend_from_slice(b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 1 1]>>\nendobj\n");
    let new_table = updated.len();
    updated.extend(
        format!("xref\n3 1\n{page:010} 00000 n \ntrailer\n<</Size 7/Root 1 0 R/Prev {table}>>\nstartxref\n{new_table}\n%%EOF\n").bytes(),
    );
    let mut with_a_byte = bytes.clone();
    with_a_byte.push(b'\n');
    let mut cut = bytes;
    cut.pop();
    for bytes in [updated, with_a_byte, cut] {
        let verdict = judge(&bytes, &authority);
        assert_eq!(verdict.signature, SignatureState::Invalid);
        assert_eq!(codes(&verdict), ["not-covering-file", "changed-after-signing"]);
        assert!(!verdict.covers_whole_file && verdict.changed_after_signing);
        assert_eq!(verdict.signer.as_deref(), Some(LAWFUL_SIGNER_NAME));
    }
}

#[test]
fn what_stands_behind_the_end_is_refused_even_when_it_is_signed() {
    let authority = authority(1);
    for tail in ["%%EOF\n\n", "%%EOF\n%", "%%EOF <script>", "%%EO"] {
        let specimen = Specimen { tail: tail.into(), ..Specimen::default() };
        let verdict = judge(&specimen.sealed(&sealer(&authority)), &authority);
        assert_eq!(verdict.signature, SignatureState::Invalid, "{tail}");
        assert_eq!(codes(&verdict), ["not-ours"], "{tail}");
    }
    for tail in ["%%EOF", "%%EOF\r\n", "%%EOF\r"] {
        let specimen = Specimen { tail: tail.into(), ..Specimen::default() };
        let verdict = judge(&specimen.sealed(&sealer(&authority)), &authority);
        assert_eq!(verdict.signature, SignatureState::Valid, "{tail}");
    }
}

#[test]
fn structures_unlike_ours_are_refused_even_when_they_are_signed() {
    let authority = authority(1);
    let plain = Specimen::default;
    let changed = [
        Specimen { fields: "[]".into(), ..plain() },
        Specimen { fields: "[4 0 R 3 0 R]".into(), ..plain() },
        Specimen { fields: "[6 0 R]".into(), ..plain() },
        Specimen { fields: "[99 0 R]".into(), ..plain() },
        Specimen { field: "/FT/Tx/V 5 0 R".into(), ..plain() },
        Specimen { field: "/FT/Sig".into(), ..plain() },
        Specimen { field: "/FT/Sig/V 3 0 R".into(), ..plain() },
        Specimen { field: "/FT/Sig/V 5 0 R/Kids[3 0 R]".into(), ..plain() },
        Specimen { catalog: "/Perms<</DocMDP 3 0 R>>".into(), ..plain() },
        Specimen { catalog: "/AcroForm 3 0 R".into(), ..plain() },
        Specimen { sub_filter: "adbe.pkcs7.detached".into(), ..plain() },
        Specimen { trailer: "/Prev 9".into(), ..plain() },
        Specimen { trailer: "/XRefStm 9".into(), ..plain() },
    ];
    for (index, specimen) in changed.iter().enumerate() {
        let verdict = judge(&specimen.sealed(&sealer(&authority)), &authority);
        assert_eq!(verdict.signature, SignatureState::Invalid, "{index}");
        assert_eq!(codes(&verdict), ["not-ours"], "{index}: {verdict:?}");
    }
    let uncertified = Specimen { catalog: String::new(), ..plain() };
    let verdict = judge(&uncertified.sealed(&sealer(&authority)), &authority);
    assert_eq!(verdict.signature, SignatureState::Valid);
}

#[test]
fn a_second_byte_range_is_a_second_signature() {
    let authority = authority(1);
    let specimen = Specimen { catalog: "/Extra<</ByteRange[0 1 2 3]>>".into(), ..Specimen::default() };
    // The ordinary writer would fill in the first one; which of them is right makes no difference.
    let verdict = judge(&specimen.write().bytes, &authority);
    assert_eq!(codes(&verdict), ["several-signatures"]);
}

#[test]
fn a_moved_byte_range_is_refused() {
    let authority = authority(1);
    let length = Specimen::default().write().bytes.len();
    for (start, end) in [(-20, 0), (0, 20), (-1, 0), (0, 1), (1, 0), (0, -1)] {
        let mut unsigned = Specimen::default().write();
        let moved = unsigned.contents.start.strict_add_signed(start)..unsigned.contents.end.strict_add_signed(end);
        set_byte_range(&mut unsigned.bytes, &moved);
        let outside = [&unsigned.bytes[..moved.start - 1], &unsigned.bytes[moved.end + 1..]].concat();
        let digest = sha2::Sha384::digest(&outside).into();
        let cms = sealer(&authority).seal(&digest).unwrap();
        let bytes = embed(unsigned.bytes, unsigned.contents, &cms).unwrap();
        assert_eq!(bytes.len(), length);
        let verdict = judge(&bytes, &authority);
        assert_eq!(verdict.signature, SignatureState::Invalid);
        assert_eq!(codes(&verdict), ["not-covering-file"], "{start} {end}");
        assert!(!verdict.covers_whole_file);
    }
}

#[test]
fn a_byte_range_that_does_not_begin_at_the_first_byte_is_refused() {
    let (mut bytes, authority) = sealed();
    let place = place_of(&bytes, b"/ByteRange[0") + 11;
    bytes[place] = b'1';
    let verdict = judge(&bytes, &authority);
    assert!(codes(&verdict).contains(&"not-covering-file"));
}

#[test]
fn a_signature_that_readers_do_not_find_is_refused() {
    // Signature wrapping: what covers the file stands in a stream, the field shows something else.
    let authority = authority(1);
    let specimen = Specimen { field: "/FT/Sig/V 2 0 R".into(), catalog: String::new(), ..Specimen::default() };
    let verdict = judge(&specimen.sealed(&sealer(&authority)), &authority);
    assert_eq!(codes(&verdict), ["not-ours"]);
}

#[test]
fn another_authority_with_the_same_names_is_not_trusted() {
    let ours = authority(1);
    let theirs = authority(2);
    let bytes = Specimen::default().sealed(&sealer(&theirs));
    let verdict = judge(&bytes, &ours);
    assert_eq!(verdict.signature, SignatureState::Untrusted);
    assert_eq!(codes(&verdict), ["signer-untrusted"]);
    assert_eq!(verdict.signer.as_deref(), Some(LAWFUL_SIGNER_NAME));

    let without_anchors = verify_document(&bytes, &[], NOW);
    assert_eq!(without_anchors.signature, SignatureState::Untrusted);
}

#[test]
fn a_signer_of_another_name_under_the_same_authority_is_not_trusted() {
    let verdict = verdict_with(|plan| {
        plan.subject = Name::from_str("CN=某某有限公司,C=CN").unwrap();
    });
    assert_eq!(verdict.signature, SignatureState::Untrusted);
    assert_eq!(codes(&verdict), ["signer-name-wrong"]);
    assert_eq!(verdict.signer.as_deref(), Some("某某有限公司"));

    let verdict = verdict_with(|plan| {
        let twice = format!("CN={LAWFUL_SIGNER_NAME},CN=某某有限公司,C=CN");
        plan.subject = Name::from_str(&twice).unwrap();
    });
    assert_eq!(codes(&verdict), ["signer-name-wrong"]);
}

#[test]
fn a_signer_outside_its_time_is_not_trusted() {
    let shift = |by: Duration| {
        verdict_with(|plan| {
            plan.not_before += by;
            plan.not_after += by;
        })
    };
    for by in [Duration::days(2), Duration::days(-366)] {
        let verdict = shift(by);
        assert_eq!(verdict.signature, SignatureState::Untrusted);
        assert_eq!(codes(&verdict), ["signer-not-valid-then"]);
    }
    // The last second counts, the one after it does not.
    let ending = |at: OffsetDateTime| verdict_with(|plan| plan.not_after = at);
    assert_eq!(ending(NOW).signature, SignatureState::Valid);
    assert_eq!(ending(NOW - Duration::SECOND).signature, SignatureState::Untrusted);
}

#[test]
fn a_signer_whose_certificate_is_for_something_else_is_not_trusted() {
    type Change = fn(&mut CertificatePlan);
    let faults: [(&str, Change); 5] = [
        ("nonRepudiation", |plan| {
            plan.usages = KeyUsages::DigitalSignature.into();
        }),
        ("digitalSignature", |plan| {
            plan.usages = KeyUsages::NonRepudiation.into();
        }),
        ("digitalSignature", |plan| {
            plan.usages = KeyUsages::KeyAgreement.into();
        }),
        ("certification authority", |plan| {
            plan.constraints = BasicConstraints { ca: true, path_len_constraint: None };
        }),
        ("1.2.3.4", |plan| {
            plan.further_extensions.push(Extension {
                extn_id: ObjectIdentifier::new_unwrap("1.2.3.4"),
                critical: true,
                extn_value: OctetString::new([5, 0]).unwrap(),
            });
        }),
    ];
    for (what, change) in faults {
        let verdict = verdict_with(change);
        assert_eq!(verdict.signature, SignatureState::Untrusted, "{what}");
        assert_eq!(codes(&verdict), ["signer-unfit"], "{what}");
        assert!(verdict.reasons[0].en.contains(what), "{:?}", verdict.reasons);
    }
}

/// An extension that is not critical, with a DER value.
fn extension(identifier: &str, value: &[u8]) -> Extension {
    Extension { extn_id: ObjectIdentifier::new_unwrap(identifier), critical: false, extn_value: OctetString::new(value).unwrap() }
}

/// `ExtKeyUsageSyntax` with one purpose below 1.3.6.1.5.5.7.3.
fn purpose(number: u8) -> Extension {
    extension("2.5.29.37", &[0x30, 10, 6, 8, 0x2b, 6, 1, 5, 5, 7, 3, number])
}

#[test]
fn a_certificate_for_servers_or_programs_signs_no_documents() {
    // serverAuth, codeSigning, timeStamping.
    for number in [1, 3, 8] {
        let verdict = verdict_with(|plan| plan.further_extensions.push(purpose(number)));
        assert_eq!((verdict.signature, codes(&verdict)), (SignatureState::Untrusted, vec!["signer-unfit"]), "{number}");
        let verdict = under_intermediate(|plan| plan.further_extensions.push(purpose(number)));
        assert_eq!((verdict.signature, codes(&verdict)), (SignatureState::Untrusted, vec!["signer-untrusted"]), "{number}");
    }
    // emailProtection and documentSigning.
    for number in [4, 36] {
        assert_eq!(verdict_with(|plan| plan.further_extensions.push(purpose(number))).signature, SignatureState::Valid, "{number}");
    }
}

#[test]
fn an_authority_for_certain_names_only_is_not_relied_on() {
    // NameConstraints { permittedSubtrees { { base dNSName "a" } } }, which is to be critical and often is not.
    let constraints = extension("2.5.29.30", &[0x30, 7, 0xa0, 5, 0x30, 3, 0x82, 1, b'a']);
    for critical in [false, true] {
        let constraints = Extension { critical, ..constraints.clone() };
        let verdict = under_intermediate(|plan| plan.further_extensions.push(constraints));
        assert_eq!((verdict.signature, codes(&verdict)), (SignatureState::Untrusted, vec!["signer-untrusted"]), "{critical}");
        assert!(verdict.reasons[0].en.contains("certain names only"), "{:?}", verdict.reasons);
    }
}

#[test]
fn a_certificate_issued_by_an_ordinary_signer_is_not_trusted() {
    let authority = authority(1);
    let mut rng = StdRng::seed_from_u64(10);
    let signer_key = P384Signer::from_pkcs8_der("signer", &authority.signer_key_pkcs8_der).unwrap();
    let signer = Certificate::from_der(&authority.signer_certificate_der).unwrap();
    let key = P384Signer::generate("forged", &mut rng);
    let mut plan = signer_plan(LAWFUL_SIGNER_NAME, NOW - Duration::DAY, NOW + Duration::DAY).unwrap();
    plan.issuer = signer.parsed().tbs_certificate().subject().clone();
    let forged = issuing::issue(plan, key.public_key(), &signer_key, &mut rng).unwrap();
    let beside = [authority.signer_certificate_der.as_slice(), &authority.ca_certificate_der];
    let bytes = seal_anyhow(Specimen::default().write(), &key, &forged, &beside);
    let verdict = judge(&bytes, &authority);
    assert_eq!(verdict.signature, SignatureState::Untrusted);
    assert_eq!(codes(&verdict), ["signer-untrusted"]);
}

#[test]
fn a_certificate_that_the_signature_does_not_need_is_refused() {
    let (_, ours) = sealed();
    let theirs = authority(2);
    let key = P384Signer::from_pkcs8_der("signer", &ours.signer_key_pkcs8_der).unwrap();
    let beside = [ours.ca_certificate_der.as_slice(), &theirs.ca_certificate_der];
    let bytes = seal_anyhow(Specimen::default().write(), &key, &ours.signer_certificate_der, &beside);
    let verdict = judge(&bytes, &ours);
    assert_eq!(verdict.signature, SignatureState::Invalid);
    assert_eq!(codes(&verdict), ["unused-certificate"]);
}

#[test]
fn a_key_that_is_not_the_certificates_is_refused() {
    let authority = authority(1);
    let other = P384Signer::generate("other", &mut StdRng::seed_from_u64(11));
    let bytes = seal_anyhow(Specimen::default().write(), &other, &authority.signer_certificate_der, &[]);
    let verdict = judge(&bytes, &authority);
    assert_eq!(verdict.signature, SignatureState::Invalid);
    assert_eq!(codes(&verdict), ["signature-wrong"]);
}

#[test]
fn the_other_signature_value_that_verifies_is_refused() {
    let authority = authority(1);
    let key = P384Signer::from_pkcs8_der("signer", &authority.signer_key_pkcs8_der).unwrap();
    let certificate = Certificate::from_der(&authority.signer_certificate_der).unwrap();
    let envelope = Envelope::new(&certificate, &[]).unwrap();
    let unsigned = Specimen::default().write();
    let attributes = envelope.signed_attributes(&unsigned.digest()).unwrap();
    let low = ecdsa_signature::parse_der(&key.sign_sha384(&attributes).unwrap()).unwrap().normalize_s();
    let (r, s) = low.split_scalars();
    let high = p384::ecdsa::Signature::from_scalars(r, -s).unwrap();
    for (signature, state) in [(low, SignatureState::Valid), (high, SignatureState::Invalid)] {
        let cms = envelope.content_info(&attributes, &signature).unwrap();
        let bytes = embed(unsigned.bytes.clone(), unsigned.contents.clone(), &cms).unwrap();
        assert_eq!(judge(&bytes, &authority).signature, state);
    }
}

#[test]
fn padding_that_is_not_zero_is_a_change() {
    let (mut bytes, authority) = sealed();
    let last_digit = place_of(&bytes, b"/Contents<") + 9 + HOLE_DIGITS;
    bytes[last_digit] = b'1';
    let verdict = judge(&bytes, &authority);
    assert_eq!(codes(&verdict), ["changed-after-signing"]);
    assert!(verdict.changed_after_signing);
}

#[test]
fn signing_times_that_are_missing_or_in_the_future_are_refused() {
    let authority = authority(1);
    for (signing_time, code) in [
        ("()", "signing-time-missing"),
        ("(20261031)", "signing-time-missing"),
        ("<00>", "signing-time-missing"),
        ("(D:20261031080501+08'00')", "signed-in-future"),
    ] {
        let specimen = Specimen { signing_time: signing_time.into(), ..Specimen::default() };
        let verdict = judge(&specimen.sealed(&sealer(&authority)), &authority);
        assert_ne!(verdict.signature, SignatureState::Valid);
        assert_eq!(codes(&verdict), [code], "{signing_time}");
    }
    // Clocks may differ by five minutes.
    let specimen = Specimen { signing_time: "(D:20261031080500+08'00')".into(), ..Specimen::default() };
    let verdict = judge(&specimen.sealed(&sealer(&authority)), &authority);
    assert_eq!(verdict.signature, SignatureState::Valid);
}

#[test]
fn of_an_authority_that_was_certified_anew_whichever_certificate_holds_is_enough() {
    let (bytes, authority) = sealed();
    let root = authority.root_key().unwrap();
    let anew = |not_before, not_after| {
        let original = crate::certificate::Certificate::from_der(&authority.ca_certificate_der).unwrap();
        let mut plan = signer_plan(LAWFUL_SIGNER_NAME, not_before, not_after).unwrap();
        plan.subject = original.parsed().tbs_certificate().subject().clone();
        plan.issuer = plan.subject.clone();
        plan.constraints = BasicConstraints { ca: true, path_len_constraint: None };
        plan.usages = KeyUsages::KeyCertSign.into();
        issuing::issue(plan, root.public_key(), &root, &mut StdRng::seed_from_u64(13)).unwrap()
    };
    let (early, holds) = (anew(NOW + Duration::DAY, NOW + Duration::WEEK), anew(NOW - Duration::WEEK, NOW + Duration::WEEK));
    let original = &authority.ca_certificate_der;
    let state =
        |anchors: &[&Vec<u8>]| verify_document(&bytes, &anchors.iter().map(|der| (*der).clone()).collect::<Vec<_>>(), NOW).signature;
    for anchors in [[&early, original], [original, &early], [&early, &holds]] {
        assert_eq!(state(&anchors), SignatureState::Valid, "the document carries the original, which is not always an anchor");
    }
    assert_eq!(state(&[&early]), SignatureState::Untrusted);
}

/// A signer under an intermediate authority that differs from a proper one as `change` says; the root allows one.
fn under_intermediate(change: impl FnOnce(&mut CertificatePlan)) -> DocumentVerdict {
    let authority = authority(1);
    let mut rng = StdRng::seed_from_u64(12);
    let middle_key = P384Signer::generate("middle", &mut rng);
    let key = P384Signer::generate("signer", &mut rng);
    let plan = || signer_plan(LAWFUL_SIGNER_NAME, NOW - Duration::DAY, NOW + Duration::DAY).unwrap();
    let mut middle = plan();
    middle.subject = Name::from_str("CN=middle,C=CN").unwrap();
    middle.constraints = BasicConstraints { ca: true, path_len_constraint: Some(0) };
    middle.usages = KeyUsages::KeyCertSign.into();
    change(&mut middle);
    let mut leaf = plan();
    leaf.issuer = middle.subject.clone();
    let root = authority.root_key().unwrap();
    let middle = issuing::issue(middle, middle_key.public_key(), &root, &mut rng).unwrap();
    let leaf = issuing::issue(leaf, key.public_key(), &middle_key, &mut rng).unwrap();
    let bytes = seal_anyhow(Specimen::default().write(), &key, &leaf, &[&middle]);
    judge(&bytes, &authority)
}

#[test]
fn an_intermediate_authority_must_be_one_and_be_valid() {
    assert_eq!(under_intermediate(|_| {}).signature, SignatureState::Valid);
    let faults: [fn(&mut CertificatePlan); 4] = [
        |plan| plan.constraints.ca = false,
        |plan| plan.usages = KeyUsages::CRLSign.into(),
        |plan| plan.not_after = NOW - Duration::SECOND,
        |plan| plan.not_before = NOW + Duration::SECOND,
    ];
    for change in faults {
        let verdict = under_intermediate(change);
        assert_eq!(verdict.signature, SignatureState::Untrusted);
        assert_eq!(codes(&verdict), ["signer-untrusted"]);
    }
}

#[test]
fn a_file_above_the_limit_is_refused_by_its_size() {
    let (_, authority) = sealed();
    let verdict = judge(&vec![b' '; MAX_DOCUMENT_BYTES + 1], &authority);
    assert_eq!(verdict.signature, SignatureState::Invalid);
    assert_eq!(codes(&verdict), ["too-large"]);
}

#[test]
fn sealers_refuse_what_verification_would_refuse() {
    let authority = authority(1);
    let mut rng = StdRng::seed_from_u64(13);
    let expired = authority.issue_signer(&mut rng, LAWFUL_SIGNER_NAME, NOW - Duration::days(9), NOW - Duration::days(1)).unwrap();
    let sealer = |at: OffsetDateTime| {
        let key = P384Signer::from_pkcs8_der("document-2", &expired.key_pkcs8_der).unwrap();
        crate::DocumentSealer::new(Arc::new(key), &expired.certificate_der, &[], at)
    };
    assert!(sealer(NOW).is_err());
    assert!(sealer(NOW - Duration::days(10)).is_err());
    let valid_then = sealer(NOW - Duration::days(2)).unwrap();
    let bytes = Specimen::default().sealed(&valid_then);
    assert_eq!(codes(&judge(&bytes, &authority)), ["signer-not-valid-then"]);
}
