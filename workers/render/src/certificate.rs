//! What is printed: the certificate as the page shows it, already put into words by the caller.
//! Nothing here judges a value; the renderer prints it exactly or refuses.

use domain::kind::Kind;
use domain::printed_field::PrintedField;
use time::OffsetDateTime;

/// Every fact that one page shows. It is a copy of the issue order, so the page is a function of the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintedCertificate {
    /// The kind: it decides over the template.
    pub kind: Kind,
    /// The printed title (证书名称).
    pub title: String,
    /// Certificate number (证书编号).
    pub number: String,
    /// Certificate identifier (证照标识) of GB/T 36904, where the kind has a type code.
    pub identifier: Option<String>,
    /// Version of the electronic certificate, counted from 1.
    pub version: u16,
    /// What is printed in the fields; their labels and their order are the template's.
    pub values: Vec<PrintedValue>,
    /// Issuing authority (发证机关).
    pub authority: String,
    /// Day of issue (发证日期) in words, as in `2018年11月01日`.
    pub issued_on_text: String,
    /// The contact line at the foot.
    pub contact: String,
    /// Who signs: the name on the seal's arc and in the signature dictionary.
    pub signer_name: String,
    /// The moment of signing; printed with the offset of Asia/Shanghai (+08:00) whatever its own offset.
    pub signing_time: OffsetDateTime,
    /// The holder's name, for the document's title; the page shows it through `values`.
    pub holder_name: String,
    /// The text of the QR code: at most what version 15 holds at level M.
    pub qr_text: String,
}

/// The value of one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintedValue {
    /// The field.
    pub field: PrintedField,
    /// Its lines, printed character for character; more than one where the field is a list.
    pub lines: Vec<String>,
}

/// A document that lacks only its signature. Its debug form tells sizes, never content.
#[derive(Clone, PartialEq, Eq)]
pub struct Unsigned {
    /// The whole file. `/ByteRange` is final; the hole of the signature holds the digit `0`.
    pub bytes: Vec<u8>,
    /// Where the hexadecimal digits of `/Contents` stand, without their angle brackets.
    pub contents: std::ops::Range<usize>,
    /// SHA-384 over the byte range: everything but the hole and its angle brackets.
    pub digest_sha384: [u8; 48],
}

impl std::fmt::Debug for Unsigned {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Unsigned").field("size_bytes", &self.bytes.len()).field("contents", &self.contents).finish_non_exhaustive()
    }
}
