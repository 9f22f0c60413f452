//! Tests of what a sealer refuses at the start, and of the signature it makes.

use std::str::FromStr as _;

use rand::SeedableRng as _;
use rand::rngs::StdRng;
use time::Duration;
use time::macros::datetime;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsages};
use x509_cert::name::Name;

use super::*;
use crate::signed_data;
use crate::signer::P384Signer;
use crate::test_authority::issuing::{self, CertificatePlan};
use crate::test_authority::{TestAuthority, signer_plan};
use crate::{LAWFUL_SIGNER_NAME, PublicKey};

const NOW: OffsetDateTime = datetime!(2026-10-31 08:00:00 +8);

/// The SubjectPublicKeyInfo of the base point of P-256 (FIPS 186-4, D.1.2.3).
const P256_KEY: &str = "3059301306072a8648ce3d020106082a8648ce3d03010703420004\
    6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296\
    4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";

fn authority() -> TestAuthority {
    TestAuthority::create(&mut StdRng::seed_from_u64(1), NOW).unwrap()
}

fn key_of(authority: &TestAuthority) -> Arc<P384Signer> {
    let key = P384Signer::from_pkcs8_der("document-1", &authority.signer_key_pkcs8_der);
    Arc::new(key.unwrap())
}

/// Starts a sealer whose certificate differs from a proper one as `change` says.
fn start_with(change: impl FnOnce(&mut CertificatePlan)) -> Result<DocumentSealer, SealerError> {
    let authority = authority();
    let key = key_of(&authority);
    let mut plan = signer_plan(LAWFUL_SIGNER_NAME, NOW - Duration::DAY, NOW + Duration::days(365)).unwrap();
    change(&mut plan);
    let certificate = issuing::issue(plan, key.public_key(), &authority.root_key().unwrap(), &mut StdRng::seed_from_u64(2)).unwrap();
    DocumentSealer::new(key, &certificate, &[authority.ca_certificate_der], NOW)
}

fn fault_of(started: Result<DocumentSealer, SealerError>) -> CertificateFault {
    let refusal = started.unwrap_err();
    let SealerError::Certificate(fault) = refusal else {
        panic!("not about the certificate: {refusal:?}");
    };
    fault
}

#[test]
fn a_proper_key_and_certificate_start() {
    let sealer = start_with(|_| {}).unwrap();
    assert_eq!(sealer.key_id(), "document-1");
    assert_eq!(sealer.signer_name(), LAWFUL_SIGNER_NAME);
    assert_eq!(sealer.valid_until(), NOW + Duration::days(365));
    assert!(!format!("{sealer:?}").contains("signer:"));
}

#[test]
fn certificates_too_large_for_any_document_are_refused_at_the_start() {
    let with_extra = |bytes: usize| {
        start_with(|plan| {
            plan.further_extensions.push(x509_cert::ext::Extension {
                extn_id: der::asn1::ObjectIdentifier::new_unwrap("1.2.3.4"),
                critical: false,
                extn_value: der::asn1::OctetString::new(vec![0; bytes]).unwrap(),
            });
        })
    };
    let Err(SealerError::TooLarge { bytes }) = with_extra(8_000) else { panic!("8,000 bytes more do not fit") };
    // One that is a little shorter is taken, whatever the length of its own signature, and one a little longer is not.
    let sealer = with_extra(7_990 - (bytes - MAX_SIGNATURE_BYTES)).unwrap();
    for digest in 0..20 {
        let cms = sealer.seal(&[digest; 48]).unwrap();
        assert!(cms.len() <= MAX_SIGNATURE_BYTES, "{}", cms.len());
    }
    assert!(with_extra(8_010 - (bytes - MAX_SIGNATURE_BYTES)).is_err());
}

#[test]
fn a_sealer_outlives_its_certificates_and_says_so() {
    let sealer = start_with(|_| {}).unwrap();
    sealer.check_time(sealer.valid_until()).unwrap();
    let expired = sealer.check_time(sealer.valid_until() + Duration::SECOND).unwrap_err();
    assert!(matches!(expired, SealerError::Certificate(CertificateFault::Expired(_))), "{expired:?}");
    // The signer's certificate may well outlive that of its authority.
    let sealer = start_with(|plan| plan.not_after = NOW + Duration::days(365 * 30)).unwrap();
    let expired = sealer.check_time(sealer.valid_until() + Duration::SECOND).unwrap_err();
    assert!(matches!(expired, SealerError::Chain { position: 1, .. }), "{expired:?}");
}

#[test]
fn certificates_that_must_not_sign_documents_are_refused_with_the_reason() {
    type Change = fn(&mut CertificatePlan);
    let cases: [(Change, CertificateFault); 6] = [
        (|plan| plan.usages = KeyUsages::DigitalSignature.into(), CertificateFault::NoNonRepudiation),
        (|plan| plan.usages = KeyUsages::NonRepudiation.into(), CertificateFault::NoDigitalSignature),
        (|plan| plan.constraints = BasicConstraints { ca: true, path_len_constraint: None }, CertificateFault::IsAuthority),
        (|plan| plan.not_after = NOW - Duration::SECOND, CertificateFault::Expired(NOW - Duration::SECOND)),
        (|plan| plan.not_before = NOW + Duration::SECOND, CertificateFault::NotYetValid(NOW + Duration::SECOND)),
        (|plan| plan.subject = Name::from_str("CN=somebody,C=CN").unwrap(), CertificateFault::OtherName { found: Some("somebody".into()) }),
    ];
    for (change, fault) in cases {
        assert_eq!(fault_of(start_with(change)), fault);
    }
}

#[test]
fn a_certificate_for_another_curve_is_refused() {
    let authority = authority();
    let plan = signer_plan(LAWFUL_SIGNER_NAME, NOW - Duration::DAY, NOW + Duration::DAY).unwrap();
    let certificate =
        issuing::issue_for_spki(plan, &hex::decode(P256_KEY).unwrap(), &authority.root_key().unwrap(), &mut StdRng::seed_from_u64(3))
            .unwrap();
    let started = DocumentSealer::new(key_of(&authority), &certificate, &[], NOW);
    assert_eq!(fault_of(started), CertificateFault::NotP384);
}

#[test]
fn a_key_that_is_not_the_certificates_is_refused() {
    let authority = authority();
    let other = P384Signer::generate("document-7", &mut StdRng::seed_from_u64(4));
    let refusal = DocumentSealer::new(Arc::new(other), &authority.signer_certificate_der, &[], NOW).unwrap_err();
    assert!(matches!(refusal, SealerError::KeyMismatch { key_id } if key_id == "document-7"));
}

#[test]
fn bytes_that_are_no_certificate_are_refused() {
    let authority = authority();
    let proper = &authority.signer_certificate_der;
    let mut with_trailing_byte = proper.clone();
    with_trailing_byte.push(0);
    for bytes in [&b""[..], b"no certificate", &proper[1..], &with_trailing_byte] {
        let started = DocumentSealer::new(key_of(&authority), bytes, &[], NOW);
        assert!(matches!(fault_of(started), CertificateFault::Unreadable(_)));
    }
}

#[test]
fn chains_that_do_not_hold_together_are_refused() {
    let ours = authority();
    let theirs = TestAuthority::create(&mut StdRng::seed_from_u64(5), NOW).unwrap();
    let start = |chain: &[Vec<u8>], now| DocumentSealer::new(key_of(&ours), &ours.signer_certificate_der, chain, now);
    let refusal = start(std::slice::from_ref(&theirs.ca_certificate_der), NOW).unwrap_err();
    assert!(matches!(refusal, SealerError::BrokenChain { position: 1 }));

    let root = ours.ca_certificate_der.clone();
    let refusal = start(&[root.clone(), theirs.ca_certificate_der.clone()], NOW).unwrap_err();
    assert!(matches!(refusal, SealerError::BrokenChain { position: 2 }));

    let refusal = start(std::slice::from_ref(&ours.signer_certificate_der), NOW).unwrap_err();
    assert!(matches!(refusal, SealerError::Chain { position: 1, fault: CertificateFault::NotAuthority }));
    let refusal = start(&[b"no certificate".to_vec()], NOW).unwrap_err();
    assert!(matches!(refusal, SealerError::Chain { position: 1, .. }));
    assert!(start(&[root], NOW).is_ok());
}

/// A key store that answers with something else than it is asked for.
struct Faulty {
    key: P384Signer,
    answer: fn(Vec<u8>) -> Result<Vec<u8>, SignError>,
    answers_left: std::sync::atomic::AtomicUsize,
}

impl Signer for Faulty {
    fn key_id(&self) -> &str {
        self.key.key_id()
    }

    fn sign_sha384(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        use std::sync::atomic::Ordering::SeqCst;
        let signature = self.key.sign_sha384(message)?;
        let proper = self.answers_left.fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1));
        match proper {
            Ok(_) => Ok(signature),
            Err(_) => (self.answer)(signature),
        }
    }
}

#[test]
fn a_key_store_that_fails_is_an_error_at_the_start_and_later() {
    let unreachable = |_| Err(SignError { key_id: "document-1".into(), source: "the module does not answer".into() });
    let nonsense = |signature: Vec<u8>| Ok(signature[1..].to_vec());
    let authority = authority();
    let start = |answer: fn(Vec<u8>) -> Result<Vec<u8>, SignError>, answers_left: usize| {
        let key = P384Signer::from_pkcs8_der("document-1", &authority.signer_key_pkcs8_der);
        let faulty = Faulty { key: key.unwrap(), answer, answers_left: answers_left.into() };
        DocumentSealer::new(Arc::new(faulty), &authority.signer_certificate_der, &[], NOW)
    };
    assert!(matches!(start(unreachable, 0), Err(SealerError::Trial(_))));
    assert!(matches!(start(nonsense, 0), Err(SealerError::KeyMismatch { .. })));
    let later = |answer| start(answer, 1).unwrap().seal(&[7; 48]);
    assert!(matches!(later(unreachable), Err(SealError::Sign(_))));
    assert!(matches!(later(nonsense), Err(SealError::NoSignature { .. })));
}

#[test]
fn a_signature_is_made_over_the_digest_and_fits_its_hole() {
    let sealer = start_with(|_| {}).unwrap();
    let digest = [0x5a; 48];
    let cms = sealer.seal(&digest).unwrap();
    // Documents are rendered with holes of 8,192 bytes; later signature levels need the rest.
    assert!(cms.len() < 2_500, "{}", cms.len());
    let read = signed_data::read(&cms).unwrap();
    assert_eq!(read.digest, digest);
    assert!(read.is_made_by_signer());
    assert_eq!(read.beside.len(), 1);
}

#[test]
fn the_digest_of_the_chain_tells_chains_apart() {
    let authority = authority();
    let digest_with = |chain: &[Vec<u8>]| {
        let certificate = &authority.signer_certificate_der;
        DocumentSealer::new(key_of(&authority), certificate, chain, NOW).unwrap().chain_sha256()
    };
    let alone: [u8; 32] = Sha256::digest(&authority.signer_certificate_der).into();
    assert_eq!(digest_with(&[]), alone);
    assert_ne!(digest_with(std::slice::from_ref(&authority.ca_certificate_der)), alone);
}

#[test]
fn the_test_authority_is_a_function_of_its_random_numbers_and_time() {
    let again = authority();
    assert_eq!(again.ca_certificate_der, authority().ca_certificate_der);
    let other = TestAuthority::create(&mut StdRng::seed_from_u64(6), NOW).unwrap();
    assert_ne!(again.ca_certificate_der, other.ca_certificate_der);

    let root = Certificate::from_der(&again.ca_certificate_der).unwrap();
    let signer = Certificate::from_der(&again.signer_certificate_der).unwrap();
    assert!(root.is_issued_by(&root) && signer.is_issued_by(&root));
    assert!(!signer.is_issued_by(&signer) && !root.is_issued_by(&signer));
    for (certificate, years) in [(&root, 10), (&signer, 5)] {
        assert!(certificate.check_time(NOW).is_ok());
        assert!(certificate.check_time(NOW + Duration::days(365 * years)).is_ok());
        assert!(certificate.check_time(NOW + Duration::days(366 * years + 1)).is_err());
    }
    assert_eq!(signer.common_name().as_deref(), Some(LAWFUL_SIGNER_NAME));
    assert_eq!(
        signer.parsed().tbs_certificate().subject().to_string(),
        "CN=陕西省住房和城乡建设厅综合服务中心,O=陕西省住房和城乡建设厅,C=CN"
    );
    assert_eq!(signer.public_key(), Some(PublicKey::from(*key_of(&again).signing_key().verifying_key())));
}

#[test]
fn the_test_authority_refuses_times_that_certificates_cannot_name() {
    let before_1970 = datetime!(1969-01-01 00:00 UTC);
    assert!(TestAuthority::create(&mut StdRng::seed_from_u64(7), before_1970).is_err());
    let names = ["CN=a", "a,b", "a+b", "#a", "a\\b", "a\"b"];
    for name in names {
        let issued = authority().issue_signer(&mut StdRng::seed_from_u64(8), name, NOW, NOW + Duration::DAY).unwrap();
        let certificate = Certificate::from_der(&issued.certificate_der).unwrap();
        assert_eq!(certificate.common_name().as_deref(), Some(name));
    }
}
