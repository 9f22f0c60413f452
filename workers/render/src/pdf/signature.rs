//! The signature dictionary (ISO 32000-1, 12.8) with its hole, and what can be filled in only when the whole file stands:
//! the byte range, the file identifier, the digest.

use std::io::Write as _;
use std::ops::Range;

use sha2::{Digest, Sha384};

use super::{FileWriter, Moment, object, text_string};
use crate::certificate::Unsigned;

/// Room for the DER of the signature, in bytes; the hole has two hexadecimal digits for each. A time-stamped signature of
/// this project's chain needs less than half.
pub const HOLE_BYTES: usize = 8192;

const REASON: &str = "电子证书签发";
/// Ten digits are enough for any file that a cross-reference table can address.
const BYTE_RANGE: &str = "[0 0000000000 0000000000 0000000000]";

/// Writes the signature dictionary and the end of the file, and fills in what depends on the whole.
/// `prefix_hash` is the state of the hash after the static part's `prefix_length` bytes.
pub(crate) fn seal_hole(mut file: FileWriter, signer: &str, moment: &Moment, (prefix_hash, prefix_length): (&Sha384, usize)) -> Unsigned {
    file.begin(object::SIGNATURE);
    let _ = write!(
        file.bytes,
        "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M({})/Name{}/Reason{}\
         /Reference[<</Type/SigRef/TransformMethod/DocMDP\
         /TransformParams<</Type/TransformParams/P 1/V/1.2>>>>]/ByteRange",
        moment.pdf(),
        text_string(signer),
        text_string(REASON),
    );
    let byte_range_at = file.bytes.len();
    file.bytes.extend_from_slice(BYTE_RANGE.as_bytes());
    file.bytes.extend_from_slice(b"/Contents<");
    let contents = file.bytes.len()..file.bytes.len() + 2 * HOLE_BYTES;
    file.bytes.resize(contents.end, b'0');
    file.bytes.extend_from_slice(b">>>");
    file.end();
    let identifiers = file.finish(object::CATALOG, object::INFO);

    let FileWriter { mut bytes, .. } = file;
    let [before, after] = signed_ranges(&contents, bytes.len());
    let byte_range = format!("[0 {} {} {}", before.end, after.start, after.len());
    // The numbers are short; blanks fill the place up to the closing bracket.
    let place = &mut bytes[byte_range_at..byte_range_at + BYTE_RANGE.len() - 1];
    place.fill(b' ');
    place[..byte_range.len()].copy_from_slice(byte_range.as_bytes());

    let mut hash = prefix_hash.clone();
    hash.update(&bytes[prefix_length..before.end]);
    let identifier = hex_digits(&hash.clone().finalize()[..16]);
    for at in identifiers {
        bytes[at..at + 32].copy_from_slice(identifier.as_bytes());
    }
    hash.update(&bytes[after]);
    Unsigned { bytes, contents, digest_sha384: hash.finalize().into() }
}

/// What the signature covers: all but the hexadecimal string with its brackets.
fn signed_ranges(contents: &Range<usize>, length: usize) -> [Range<usize>; 2] {
    [0..contents.start - 1, contents.end + 1..length]
}

fn hex_digits(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut digits = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        let _ = write!(digits, "{byte:02X}");
    }
    digits
}
