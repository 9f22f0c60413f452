//! Makes small PDF files by hand, signed and unsigned, proper and wrong, for tests.

use std::ops::Range;
use std::sync::Arc;

use rand::SeedableRng as _;
use rand::rngs::StdRng;
use sha2::{Digest as _, Sha384};
use time::OffsetDateTime;
use time::macros::datetime;

use crate::test_authority::TestAuthority;
use crate::{DocumentSealer, P384Signer, embed};

/// The moment at which all specimens are made.
pub(super) const NOW: OffsetDateTime = datetime!(2026-10-31 08:00:00 +8);

/// Hexadecimal digits of a specimen's hole: enough for a signature with three certificates, and some padding.
pub(super) const HOLE_DIGITS: usize = 5_200;

/// A file with a hole that nobody has filled yet.
pub(super) struct Unsigned {
    pub(super) bytes: Vec<u8>,
    /// The digits between the angle brackets.
    pub(super) contents: Range<usize>,
}

/// The parts of a specimen that tests change.
#[derive(Clone)]
pub(super) struct Specimen {
    pub(super) catalog: String,
    pub(super) fields: String,
    pub(super) field: String,
    pub(super) signing_time: String,
    pub(super) sub_filter: String,
    pub(super) trailer: String,
    pub(super) tail: String,
    pub(super) hole_digits: usize,
}

impl Default for Specimen {
    fn default() -> Self {
        Self {
            catalog: "/Perms<</DocMDP 5 0 R>>".into(),
            fields: "[4 0 R]".into(),
            field: "/FT/Sig/V 5 0 R".into(),
            signing_time: "(D:20261031080000+08'00')".into(),
            sub_filter: "ETSI.CAdES.detached".into(),
            trailer: String::new(),
            tail: "%%EOF\n".into(),
            hole_digits: HOLE_DIGITS,
        }
    }
}

impl Specimen {
    /// Writes the file with a correct ByteRange around an empty hole.
    pub(super) fn write(&self) -> Unsigned {
        let mut bytes = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
        let mut offsets = Vec::new();
        let hole = "0".repeat(self.hole_digits);
        let objects = [
            format!("<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields{}/SigFlags 3>>{}>>", self.fields, self.catalog),
            "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595.28 841.89]/Contents 6 0 R/Resources<<>>/Annots[4 0 R]>>".to_owned(),
            format!("<</Type/Annot/Subtype/Widget/T(Signature1)/F 132/P 3 0 R/Rect[0 0 0 0]{}>>", self.field),
            format!(
                "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/{}/M{}/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P 1/V/1.2>>>>]/ByteRange[0 0000000000 0000000000 0000000000]/Contents<{hole}>>>",
                self.sub_filter, self.signing_time
            ),
            "<</Length 35>>stream\n0.8 0 0 rg 100 100 200 200 re f  %.\nendstream".to_owned(),
        ];
        for (index, object) in objects.iter().enumerate() {
            offsets.push(bytes.len());
            bytes.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).bytes());
        }
        let table = bytes.len();
        bytes.extend(format!("xref\n0 {}\n0000000000 65535 f \n", offsets.len() + 1).bytes());
        for offset in &offsets {
            bytes.extend(format!("{offset:010} 00000 n \n").bytes());
        }
        bytes.extend(
            format!("trailer\n<</Size {}/Root 1 0 R{}>>\nstartxref\n{table}\n{}", offsets.len() + 1, self.trailer, self.tail).bytes(),
        );
        let contents = place_of(&bytes, b"/Contents<") + 10;
        let contents = contents..contents + self.hole_digits;
        set_byte_range(&mut bytes, &contents);
        Unsigned { bytes, contents }
    }

    /// Writes and seals the file.
    pub(super) fn sealed(&self, sealer: &DocumentSealer) -> Vec<u8> {
        self.write().sealed(sealer)
    }
}

impl Unsigned {
    /// The digest over everything but the hole.
    pub(super) fn digest(&self) -> [u8; 48] {
        let mut digest = Sha384::new();
        digest.update(&self.bytes[..self.contents.start - 1]);
        digest.update(&self.bytes[self.contents.end + 1..]);
        digest.finalize().into()
    }

    /// Seals the file as it is.
    pub(super) fn sealed(self, sealer: &DocumentSealer) -> Vec<u8> {
        let cms = sealer.seal(&self.digest()).unwrap();
        embed(self.bytes, self.contents, &cms).unwrap()
    }
}

/// Where `needle` first stands.
pub(super) fn place_of(bytes: &[u8], needle: &[u8]) -> usize {
    memchr::memmem::find(bytes, needle).unwrap()
}

/// Fills in the ByteRange that leaves out `contents` and its angle brackets.
pub(super) fn set_byte_range(bytes: &mut [u8], contents: &Range<usize>) {
    let place = place_of(bytes, b"/ByteRange[") + 11;
    let numbers = format!("0 {:010} {:010} {:010}", contents.start - 1, contents.end + 1, bytes.len() - contents.end - 1);
    bytes[place..place + numbers.len()].copy_from_slice(numbers.as_bytes());
}

/// The same test authority for the same seed.
pub(super) fn authority(seed: u64) -> TestAuthority {
    TestAuthority::create(&mut StdRng::seed_from_u64(seed), NOW).unwrap()
}

/// The sealer of an authority's own signer, with the root in its chain.
pub(super) fn sealer(authority: &TestAuthority) -> DocumentSealer {
    sealer_with(authority, std::slice::from_ref(&authority.ca_certificate_der))
}

/// The sealer of an authority's own signer, which leaves the root to those who verify.
pub(super) fn lone_sealer(authority: &TestAuthority) -> DocumentSealer {
    sealer_with(authority, &[])
}

fn sealer_with(authority: &TestAuthority, chain: &[Vec<u8>]) -> DocumentSealer {
    let key = P384Signer::from_pkcs8_der("document-1", &authority.signer_key_pkcs8_der).unwrap();
    DocumentSealer::new(Arc::new(key), &authority.signer_certificate_der, chain, NOW).unwrap()
}
