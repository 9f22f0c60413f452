//! Damage at every place and of random kinds, and bytes that are no document at all.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

/// A specimen with little padding, so that trying every byte of it takes no longer than it must.
fn small_specimen() -> Specimen {
    Specimen { hole_digits: 2_400, ..Specimen::default() }
}

/// A proper document and the anchor to judge it by.
static SEALED: LazyLock<(Vec<u8>, [Vec<u8>; 1])> = LazyLock::new(|| {
    let authority = authority(1);
    let bytes = small_specimen().sealed(&lone_sealer(&authority));
    (bytes, [authority.ca_certificate_der])
});

/// A verdict that lets nobody believe the document.
fn refused(bytes: &[u8], anchors: &[Vec<u8>]) -> bool {
    let verdict = verify_document(bytes, anchors, NOW);
    verdict.signature != SignatureState::Valid && !verdict.reasons.is_empty()
}

#[test]
fn every_flipped_byte_is_refused() {
    let (mut bytes, anchors) = SEALED.clone();
    assert!(!refused(&bytes, &anchors));
    for pattern in [0x01, 0x20] {
        for place in 0..bytes.len() {
            bytes[place] ^= pattern;
            assert!(refused(&bytes, &anchors), "byte {place} with {pattern:#x}");
            bytes[place] ^= pattern;
        }
    }
    assert!(!refused(&bytes, &anchors));
}

#[test]
fn a_flipped_bit_in_every_byte_of_the_signature_is_refused() {
    let authority = authority(1);
    let specimen = Specimen::default().write();
    // With the root inside.
    let cms = sealer(&authority).seal(&specimen.digest()).unwrap();
    let anchors = [authority.ca_certificate_der];
    for place in 0..cms.len() {
        let mut damaged = cms.clone();
        damaged[place] ^= 1 << (place % 8);
        let contents = specimen.contents.clone();
        let bytes = crate::embed(specimen.bytes.clone(), contents, &damaged).unwrap();
        assert!(refused(&bytes, &anchors), "byte {place}");
    }
}

#[test]
fn every_truncation_is_refused() {
    let (bytes, anchors) = &*SEALED;
    for length in 0..bytes.len() {
        assert!(refused(&bytes[..length], anchors), "{length} bytes");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn random_bytes_are_refused_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(refused(&bytes, &[]));
        let mut with_head = b"%PDF-1.7\n/ByteRange[0 9 12 40]".to_vec();
        with_head.extend(bytes);
        prop_assert!(refused(&with_head, &[]));
    }

    #[test]
    fn random_holes_and_tails_are_refused_without_a_panic(
        hole in "[0-9A-F<>/ ]{0,80}",
        tail in "(xref|trailer|startxref|%%EOF|<<|>>|/Root|/Size|[0-9 \n]{1,12}|1 0 R|\\[|\\]){0,30}",
    ) {
        let bytes = format!("%PDF-1.7\n/ByteRange[0 38 {} 9]<{hole}>{tail}", 40 + hole.len());
        prop_assert!(refused(bytes.as_bytes(), &[]));
        prop_assert!(structure::signature_dictionary(bytes.as_bytes()).is_err());
    }

    #[test]
    fn random_mutations_are_refused(
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0_u8..4, any::<u8>()), 1..6),
    ) {
        let (original, anchors) = &*SEALED;
        let mut bytes = original.clone();
        for (place, kind, value) in edits {
            if bytes.is_empty() {
                break;
            }
            let place = place.index(bytes.len());
            match kind {
                0 => bytes[place] = value,
                1 => bytes.insert(place, value),
                2 => drop(bytes.remove(place)),
                _ => bytes.truncate(place),
            }
        }
        prop_assume!(bytes != *original);
        prop_assert!(refused(&bytes, anchors));
    }
}
