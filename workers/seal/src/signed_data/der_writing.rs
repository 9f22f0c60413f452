//! Writing DER (X.690) from parts that are DER already.

use der::Encode as _;
use der::asn1::ObjectIdentifier;

const SEQUENCE: u8 = 0x30;

/// One value of the tag `tag` whose content is `parts`, one behind the other.
pub(super) fn tagged(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut bytes = Vec::with_capacity(length + 6);
    bytes.push(tag);
    push_length(&mut bytes, length);
    for part in parts {
        bytes.extend_from_slice(part);
    }
    bytes
}

/// A SEQUENCE of `parts`.
pub(super) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    tagged(SEQUENCE, parts)
}

/// A SET OF under the tag `tag`, its members in the order that DER demands (X.690, 11.6).
pub(super) fn set_of(tag: u8, mut members: Vec<Vec<u8>>) -> Vec<u8> {
    members.sort_unstable();
    let members: Vec<&[u8]> = members.iter().map(Vec::as_slice).collect();
    tagged(tag, &members)
}

/// An OBJECT IDENTIFIER with tag and length.
pub(super) fn object_identifier(identifier: ObjectIdentifier) -> der::Result<Vec<u8>> {
    identifier.to_der()
}

/// Lengths below 128 take one byte; longer ones follow a byte that counts theirs (X.690, 8.1.3).
fn push_length(bytes: &mut Vec<u8>, length: usize) {
    if let Ok(short @ 0..=0x7f) = u8::try_from(length) {
        bytes.push(short);
        return;
    }
    let significant: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
    // A usize has at most 8 bytes, so that the count fits beside the flag.
    bytes.push(0x80 | u8::try_from(significant.len()).unwrap_or(0x7f));
    bytes.extend_from_slice(&significant);
}

#[cfg(test)]
mod tests {
    use super::*;
    use der::Decode as _;
    use der::asn1::OctetString;

    #[test]
    fn lengths_are_the_shortest_that_der_allows() {
        for length in [0, 1, 127, 128, 255, 256, 65_535, 65_536] {
            let content = vec![0xab; length];
            let written = tagged(0x04, &[&content]);
            let read = OctetString::from_der(&written).unwrap();
            assert_eq!(read.as_bytes(), content, "{length}");
            assert_eq!(read.to_der().unwrap(), written, "{length}");
        }
    }

    #[test]
    fn members_of_a_set_are_sorted_by_their_bytes() {
        let long = tagged(0x04, &[b"aa"]);
        let short = tagged(0x04, &[b"z"]);
        assert_eq!(set_of(0x31, vec![long.clone(), short.clone()]), set_of(0x31, vec![short.clone(), long.clone()]));
        assert_eq!(set_of(0x31, vec![long.clone(), short.clone()])[2..], [short, long].concat());
    }
}
