//! Tests of the verdict over whole documents: the proper one is valid, every other one is refused.

mod certificates;
mod judges;
mod mutations;
mod refusals;

use super::specimen::{NOW, Specimen, authority, lone_sealer, sealer};
use super::*;

fn codes(verdict: &DocumentVerdict) -> Vec<&'static str> {
    verdict.reasons.iter().map(|reason| reason.code).collect()
}

#[test]
fn a_sealed_document_is_valid_and_says_who_sealed_it_and_when() {
    let authority = authority(1);
    let bytes = Specimen::default().sealed(&sealer(&authority));
    let mut verdict = verify_document(&bytes, &[authority.ca_certificate_der], NOW);
    assert_eq!(
        verdict,
        DocumentVerdict {
            signature: SignatureState::Valid,
            signer: Some(crate::LAWFUL_SIGNER_NAME.to_owned()),
            signer_key: Some(PublicKey::of_certificate(&authority.signer_certificate_der).unwrap()),
            covers_whole_file: true,
            changed_after_signing: false,
            sha256: Sha256::digest(&bytes).into(),
            signing_time: Some(NOW),
            qr_text: None,
            reasons: Vec::new(),
        }
    );
    verdict.distrust(VerifyReason { code: "key-revoked", zh: "已作废".into(), en: "revoked".into() });
    assert_eq!((verdict.signature, codes(&verdict), verdict.qr_text), (SignatureState::Untrusted, vec!["key-revoked"], None));
}

#[test]
fn a_document_without_the_anchor_inside_is_valid_too() {
    let authority = authority(1);
    let bytes = Specimen::default().sealed(&lone_sealer(&authority));
    let verdict = verify_document(&bytes, &[authority.ca_certificate_der], NOW);
    assert_eq!(verdict.signature, SignatureState::Valid, "{verdict:?}");
}

#[test]
fn sealing_twice_gives_the_same_bytes() {
    let authority = authority(1);
    let sealer = sealer(&authority);
    let first = Specimen::default().sealed(&sealer);
    assert_eq!(first, Specimen::default().sealed(&sealer));
}

#[test]
fn an_ordinary_pdf_reader_reads_the_specimen() {
    let bytes = Specimen::default().sealed(&sealer(&authority(1)));
    let document = lopdf::Document::load_mem(&bytes).unwrap();
    assert_eq!(document.get_pages().len(), 1);
}

#[test]
fn a_document_stays_valid_with_a_note_when_the_signer_has_expired_since() {
    let authority = authority(1);
    let bytes = Specimen::default().sealed(&sealer(&authority));
    let later = NOW + time::Duration::days(6 * 365);
    let verdict = verify_document(&bytes, &[authority.ca_certificate_der], later);
    assert_eq!(verdict.signature, SignatureState::Valid);
    assert_eq!(codes(&verdict), ["signer-expired-since"]);
}

#[test]
fn an_unreadable_anchor_is_noted_and_the_others_serve() {
    let authority = authority(1);
    let bytes = Specimen::default().sealed(&sealer(&authority));
    let anchors = [b"no certificate".to_vec(), authority.ca_certificate_der];
    let verdict = verify_document(&bytes, &anchors, NOW);
    assert_eq!(verdict.signature, SignatureState::Valid);
    assert_eq!(codes(&verdict), ["anchor-unreadable"]);
}
