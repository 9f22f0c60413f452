//! The list of a signature's certificates that its signer signs along: SigningCertificateV2 (RFC 5035, 3).

use der::asn1::{Any, OctetString};
use sha2::{Digest as _, Sha384};

use super::OCTET_STRING;
use super::der_writing::{sequence, tagged};
use crate::certificate::Certificate;

/// SHA-384 of a certificate.
type Digest = [u8; 48];

fn digest_of(certificate: &Certificate) -> Digest {
    Sha384::digest(certificate.der()).into()
}

/// `SigningCertificateV2 { certs { ESSCertIDv2 { hashAlgorithm, certHash } … } }` of these certificates; `sha384` is the algorithm's
/// identifier.
pub(super) fn write<'a>(sha384: &[u8], certificates: impl Iterator<Item = &'a Certificate>) -> Vec<u8> {
    let entries: Vec<Vec<u8>> =
        certificates.map(|certificate| sequence(&[sha384, &tagged(OCTET_STRING, &[&digest_of(certificate)])])).collect();
    let entries: Vec<&[u8]> = entries.iter().map(Vec::as_slice).collect();
    sequence(&[&sequence(&entries)])
}

/// The digests of a list; `None` where it names no certificate, or one by something else than a hash algorithm and 48 bytes. That the
/// algorithm is SHA-384 shows when the list is written anew.
pub(super) fn read(value: &Any) -> Option<Vec<Digest>> {
    let lists: Vec<Vec<Vec<Any>>> = value.decode_as().ok()?;
    let [entries] = lists.as_slice() else { return None };
    let digest = |entry: &Vec<Any>| {
        let [_, digest] = entry.as_slice() else { return None };
        digest.decode_as::<OctetString>().ok()?.as_bytes().try_into().ok()
    };
    entries.iter().map(digest).collect::<Option<Vec<Digest>>>().filter(|digests| !digests.is_empty())
}

/// The certificates beside the signer's in the order of the list; `None` unless exactly these are listed, the signer's first.
pub(super) fn ordered(listed: &[Digest], signer: &Certificate, mut beside: Vec<Certificate>) -> Option<Vec<Certificate>> {
    let (first, others) = listed.split_first()?;
    if *first != digest_of(signer) || others.len() != beside.len() {
        return None;
    }
    let mut in_order = Vec::with_capacity(others.len());
    for digest in others {
        let place = beside.iter().position(|certificate| digest_of(certificate) == *digest)?;
        in_order.push(beside.swap_remove(place));
    }
    Some(in_order)
}
