//! ECDSA signature values on P-384: the one encoding of each that documents may carry.

use p384::ecdsa::Signature;

/// Reads a DER `ECDSA-Sig-Value` (RFC 3279, 2.2.3); `None` unless it is the only DER encoding of two scalars in range.
pub(crate) fn parse_der(bytes: &[u8]) -> Option<Signature> {
    let signature = Signature::from_der(bytes).ok()?;
    (signature.to_der().as_bytes() == bytes).then_some(signature)
}

/// Whether `s` lies in the lower half of its range.
///
/// With `(r, s)` also `(r, n - s)` verifies. Documents carry the lower one only. Together with the signed list of all
/// certificates, whose own signatures can be changed in this way, too, and the one encoding of everything else, this
/// leaves nobody without the key a way to a second file of the same document.
pub(crate) fn is_low_s(signature: &Signature) -> bool {
    signature.normalize_s() == *signature
}

#[cfg(test)]
mod tests {
    use super::*;
    use p384::ecdsa::{SigningKey, signature::Signer as _};

    /// Every vector of Project Wycheproof for the curve and the digest, as DER (documents) and as two numbers (codes and lists).
    #[test]
    fn the_vectors_of_wycheproof_are_judged_as_they_say() {
        use crate::signer::PublicKey;
        use p384::ecdsa::VerifyingKey;
        use wycheproof::TestResult;
        use wycheproof::ecdsa::{TestName, TestSet};
        let mut judged = 0;
        for (name, is_der) in [(TestName::EcdsaSecp384r1Sha384, true), (TestName::EcdsaSecp384r1Sha384P1363, false)] {
            for group in TestSet::load(name).unwrap().test_groups {
                let key = PublicKey::from(VerifyingKey::from_sec1_bytes(&group.key.key).unwrap());
                for test in group.tests {
                    let signature = if is_der { parse_der(&test.sig) } else { Signature::from_slice(&test.sig).ok() };
                    let holds = signature.is_some_and(|signature| key.verifies(&test.msg, &signature));
                    match test.result {
                        TestResult::Valid => assert!(holds, "{name:?} {}: {}", test.tc_id, test.comment),
                        TestResult::Invalid => assert!(!holds, "{name:?} {}: {}", test.tc_id, test.comment),
                        TestResult::Acceptable => {}
                    }
                    judged += 1;
                }
            }
        }
        assert!(700 < judged, "{judged}");
    }

    fn low_and_high() -> (Signature, Signature) {
        let key = SigningKey::from_slice(&[7; 48]).unwrap();
        let signature: Signature = key.sign(b"message");
        let low = signature.normalize_s();
        let (r, s) = low.split_scalars();
        let high = Signature::from_scalars(r, -s).unwrap();
        (low, high)
    }

    #[test]
    fn of_the_two_values_that_verify_one_is_low() {
        let (low, high) = low_and_high();
        assert!(is_low_s(&low));
        assert!(!is_low_s(&high));
        assert_eq!(high.normalize_s(), low);
    }

    #[test]
    fn only_the_shortest_encoding_is_read() {
        let (low, high) = low_and_high();
        for signature in [low, high] {
            let der = signature.to_der().as_bytes().to_vec();
            assert_eq!(parse_der(&der), Some(signature));

            let mut with_trailing_byte = der.clone();
            with_trailing_byte.push(0);
            assert_eq!(parse_der(&with_trailing_byte), None);
            assert_eq!(parse_der(&der[..der.len() - 1]), None);

            // The length of the sequence in the long form: BER, not DER.
            let mut long_form = vec![0x30, 0x81, der[1]];
            long_form.extend_from_slice(&der[2..]);
            assert_eq!(parse_der(&long_form), None);
        }
        assert_eq!(parse_der(&[]), None);
    }
}
