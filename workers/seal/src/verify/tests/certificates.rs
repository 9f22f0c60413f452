//! The certificates in a signature are those that its signer listed: none exchanged, none added, none left out.

use rand::SeedableRng as _;
use rand::rngs::StdRng;
use time::Duration;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsages};

use super::*;
use crate::certificate::Certificate;
use crate::signed_data::Envelope;
use crate::test_authority::{TestAuthority, issuing, signer_plan};
use crate::{LAWFUL_SIGNER_NAME, P384Signer, Signer as _, ecdsa_signature, embed};

/// A signer, the authority that issued its certificate, and the root above.
struct Chain {
    authority: TestAuthority,
    middle_key: P384Signer,
    key: P384Signer,
    signer: Certificate,
    middle: Certificate,
    root: Certificate,
}

fn chain() -> Chain {
    let authority = authority(1);
    let mut rng = StdRng::seed_from_u64(31);
    let (middle_key, key) = (P384Signer::generate("middle", &mut rng), P384Signer::generate("signer", &mut rng));
    let root = Certificate::from_der(&authority.ca_certificate_der).unwrap();
    let middle = middle_under(&authority, &middle_key, 32);
    let mut plan = signer_plan(LAWFUL_SIGNER_NAME, NOW - Duration::DAY, NOW + Duration::DAY).unwrap();
    plan.issuer = middle.parsed().tbs_certificate().subject().clone();
    let signer = Certificate::from_der(&issuing::issue(plan, key.public_key(), &middle_key, &mut rng).unwrap()).unwrap();
    Chain { authority, middle_key, key, signer, middle, root }
}

/// A certificate of the intermediate authority: another one for every seed, all of the same name and key.
fn middle_under(authority: &TestAuthority, middle_key: &P384Signer, seed: u64) -> Certificate {
    let mut plan = signer_plan("middle", NOW - Duration::DAY, NOW + Duration::DAY).unwrap();
    plan.constraints = BasicConstraints { ca: true, path_len_constraint: Some(0) };
    plan.usages = KeyUsages::KeyCertSign.into();
    let issued = issuing::issue(plan, middle_key.public_key(), &authority.root_key().unwrap(), &mut StdRng::seed_from_u64(seed));
    Certificate::from_der(&issued.unwrap()).unwrap()
}

/// The same certificate under the other signature value that verifies, which needs no key.
fn with_other_signature_value(certificate: &Certificate) -> Certificate {
    let parsed = certificate.parsed();
    let signature = ecdsa_signature::parse_der(parsed.signature().as_bytes().unwrap()).unwrap();
    let (r, s) = signature.split_scalars();
    let other = p384::ecdsa::Signature::from_scalars(r, -s).unwrap();
    let (old, new) = (signature.to_der(), other.to_der());
    // The outer lengths of both are written in two bytes; only the low ones change.
    let mut bytes = certificate.der().to_vec();
    let place = bytes.len() - old.as_bytes().len();
    bytes.splice(place.., new.as_bytes().iter().copied());
    bytes[place - 2] = u8::try_from(new.as_bytes().len() + 1).unwrap();
    let length = u16::try_from(bytes.len() - 4).unwrap();
    bytes[2..4].copy_from_slice(&length.to_be_bytes());
    let twin = Certificate::from_der(&bytes).unwrap();
    assert_ne!(twin.der(), certificate.der());
    twin
}

impl Chain {
    /// A document whose signature lists some certificates and carries others, judged by the root.
    fn judged(&self, listed: [&[&Certificate]; 2], carried: [&[&Certificate]; 2]) -> DocumentVerdict {
        let envelope = |[signer, beside]: [&[&Certificate]; 2]| {
            let beside: Vec<Certificate> = beside.iter().map(|&each| each.clone()).collect();
            Envelope::new(signer[0], &beside).unwrap()
        };
        let unsigned = Specimen { hole_digits: 8_000, ..Specimen::default() }.write();
        let attributes = envelope(listed).signed_attributes(&unsigned.digest()).unwrap();
        let signature = ecdsa_signature::parse_der(&self.key.sign_sha384(&attributes).unwrap()).unwrap().normalize_s();
        let cms = envelope(carried).content_info(&attributes, &signature).unwrap();
        let bytes = embed(unsigned.bytes, unsigned.contents, &cms).unwrap();
        verify_document(&bytes, std::slice::from_ref(&self.authority.ca_certificate_der), NOW)
    }
}

#[test]
fn the_certificates_that_the_signer_listed_are_believed() {
    let chain = chain();
    let (signer, middle, root) = (&chain.signer, &chain.middle, &chain.root);
    for beside in [&[middle][..], &[middle, root]] {
        let verdict = chain.judged([&[signer], beside], [&[signer], beside]);
        assert_eq!(verdict.signature, SignatureState::Valid, "{verdict:?}");
        assert!(!verdict.changed_after_signing);
    }
}

#[test]
fn a_certificate_that_was_exchanged_for_a_twin_is_a_change() {
    let chain = chain();
    let (signer, middle, root) = (&chain.signer, &chain.middle, &chain.root);
    let reissued = middle_under(&chain.authority, &chain.middle_key, 33);
    let mut plan = signer_plan("root", NOW - Duration::DAY, NOW + Duration::DAY).unwrap();
    plan.subject = plan.issuer.clone();
    plan.constraints.ca = true;
    plan.usages = KeyUsages::KeyCertSign.into();
    let root_key = chain.authority.root_key().unwrap();
    let renewed = issuing::issue(plan, root_key.public_key(), &root_key, &mut StdRng::seed_from_u64(34)).unwrap();
    let renewed = Certificate::from_der(&renewed).unwrap();
    let [signer_twin, middle_twin, root_twin] = [signer, middle, root].map(with_other_signature_value);
    for (what, carried_signer, carried) in [
        ("a re-issued intermediate authority", signer, [&reissued, root]),
        ("a re-issued root", signer, [middle, &renewed]),
        ("an intermediate authority under another signature value", signer, [&middle_twin, root]),
        ("a root under another signature value", signer, [middle, &root_twin]),
        ("a signer under another signature value", &signer_twin, [middle, root]),
    ] {
        // Each of them leads to the anchor as well as the original: listed, it is believed.
        let proper = chain.judged([&[carried_signer], &carried], [&[carried_signer], &carried]);
        assert_eq!(proper.signature, SignatureState::Valid, "{what}: {proper:?}");
        let verdict = chain.judged([&[signer], &[middle, root]], [&[carried_signer], &carried]);
        assert_eq!((verdict.signature, codes(&verdict)), (SignatureState::Invalid, vec!["certificates-differ"]), "{what}");
        assert!(verdict.changed_after_signing, "{what}");
    }
}

#[test]
fn a_certificate_added_to_or_left_out_of_those_listed_is_a_change() {
    let chain = chain();
    let (signer, middle, root) = (&chain.signer, &chain.middle, &chain.root);
    for (what, listed, carried) in [
        ("one left out", &[middle, root][..], &[middle][..]),
        ("one added", &[middle], &[middle, root]),
        ("only the signer listed", &[], &[middle]),
        ("one listed twice", &[middle, middle], &[middle, root]),
    ] {
        let verdict = chain.judged([&[signer], listed], [&[signer], carried]);
        assert_eq!((verdict.signature, codes(&verdict)), (SignatureState::Invalid, vec!["certificates-differ"]), "{what}");
        assert!(verdict.changed_after_signing, "{what}");
    }
    // The list must begin with the signer's (ETSI EN 319 122-1, 5.2.2.3).
    let verdict = chain.judged([&[middle], &[signer, root]], [&[signer], &[middle, root]]);
    assert_eq!(codes(&verdict), ["certificates-differ"]);
}

#[test]
fn what_nobody_signed_has_no_place_in_a_signature() {
    use cms::content_info::ContentInfo;
    use cms::signed_data::SignedData;
    use der::asn1::{Any, OctetString, SetOfVec};
    use der::{Decode as _, Encode as _};

    let authority = authority(1);
    let unsigned = Specimen { hole_digits: 8_000, ..Specimen::default() }.write();
    let cms = sealer(&authority).seal(&unsigned.digest()).unwrap();
    let with = |cms: &[u8]| {
        let bytes = embed(unsigned.bytes.clone(), unsigned.contents.clone(), cms).unwrap();
        verify_document(&bytes, std::slice::from_ref(&authority.ca_certificate_der), NOW)
    };
    assert_eq!(with(&cms).signature, SignatureState::Valid);
    let changed = |change: fn(&mut SignedData)| {
        let info = ContentInfo::from_der(&cms).unwrap();
        let mut signed_data = info.content.decode_as::<SignedData>().unwrap();
        change(&mut signed_data);
        ContentInfo { content: Any::encode_from(&signed_data).unwrap(), ..info }.to_der().unwrap()
    };
    assert_eq!(changed(|_| {}), cms, "writing it anew changes nothing");
    let attribute = |signed_data: &mut SignedData| {
        let mut info = signed_data.signer_infos.0.get(0).unwrap().clone();
        info.unsigned_attrs = info.signed_attrs.clone();
        signed_data.signer_infos.0 = SetOfVec::try_from(vec![info]).unwrap();
    };
    let twice = |signed_data: &mut SignedData| {
        let digest = signed_data.digest_algorithms.get(0).unwrap().clone();
        let other = spki::AlgorithmIdentifierOwned { parameters: Some(Any::from(der::asn1::Null)), ..digest };
        signed_data.digest_algorithms.insert(other).unwrap();
    };
    let content = |signed_data: &mut SignedData| {
        signed_data.encap_content_info.econtent = Some(Any::encode_from(&OctetString::new(*b"x").unwrap()).unwrap());
    };
    for (what, change) in
        [("unsigned attributes", attribute as fn(&mut SignedData)), ("a second digest algorithm", twice), ("a content", content)]
    {
        let verdict = with(&changed(change));
        assert_eq!((verdict.signature, codes(&verdict)), (SignatureState::Invalid, vec!["not-ours"]), "{what}");
    }
    // The same in BER: a length that is open, and one that is longer than it must be.
    let open = [&[0x30, 0x80][..], &cms[4..], &[0, 0]].concat();
    let longer = [&[0x30, 0x83, 0][..], &cms[2..]].concat();
    for bytes in [open, longer] {
        let verdict = with(&bytes);
        assert_eq!((verdict.signature, codes(&verdict)), (SignatureState::Invalid, vec!["not-ours"]));
    }
}
