//! Judges whether a file is a document that this system sealed, unchanged to the last bit.
//!
//! Strict on purpose: one signature, over every byte but its own hole; a hole that holds exactly the bytes which
//! sealing writes, and zeros; a structure like that of our documents. Whatever else a PDF may lawfully be is refused
//! with the reason. Reading is linear in the length of the file; nothing in it is unpacked or followed recursively.

mod hole;
mod pdf_object;
mod reason;
mod signing_time;
mod structure;
mod trust;

use sha2::{Digest as _, Sha256, Sha384};
use time::OffsetDateTime;

use crate::signed_data::{self, ReadFault, ReadSignature};
use crate::signer::PublicKey;
use hole::{HoleFault, Marks};
use reason::Code;
pub use reason::VerifyReason;
use structure::StructureFault;

/// Larger files are refused by their size. A caller need not read more than one byte beyond this: the verdict is the
/// same, but for the SHA-256, which is that of the bytes given.
pub const MAX_DOCUMENT_BYTES: usize = 64 << 20;

/// What became of a document's signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureState {
    /// The signature holds, covers the file, and its signer is trusted.
    Valid,
    /// There is a signature, or a file that may have one, and it does not hold.
    Invalid,
    /// The signature holds, but the signer is not trusted.
    Untrusted,
    /// The file has no signature.
    Missing,
}

impl SignatureState {
    /// The stable word for it: `valid`, `invalid`, `untrusted` or `missing`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::Untrusted => "untrusted",
            Self::Missing => "missing",
        }
    }
}

/// The verdict over a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentVerdict {
    /// What became of the signature.
    pub signature: SignatureState,
    /// The common name in the signer's certificate, where one could be read; trusted only under a valid signature.
    pub signer: Option<String>,
    /// The key of that certificate. Whether it was revoked is for the caller to say, who knows which keys were.
    pub signer_key: Option<PublicKey>,
    /// Whether the signature claims every byte of the file but its own hole.
    pub covers_whole_file: bool,
    /// Whether bytes are other than those that were signed, or were added or cut off.
    pub changed_after_signing: bool,
    /// SHA-256 of the bytes given: the name of the document in the store.
    pub sha256: [u8; 32],
    /// The time that the signer states, where the signature holds.
    pub signing_time: Option<OffsetDateTime>,
    /// The text of its QR code as its metadata repeat it; only beside a signature that holds and is trusted.
    pub qr_text: Option<String>,
    /// Why the document is refused; beside a valid signature, notes.
    pub reasons: Vec<VerifyReason>,
}

/// A verdict that ends the examination.
struct Refusal {
    state: SignatureState,
    reasons: Vec<VerifyReason>,
}

impl Refusal {
    fn invalid(reason: VerifyReason) -> Self {
        Self { state: SignatureState::Invalid, reasons: vec![reason] }
    }

    fn missing(reason: VerifyReason) -> Self {
        Self { state: SignatureState::Missing, reasons: vec![reason] }
    }
}

impl DocumentVerdict {
    /// Takes the trust back from a signature that holds, for a reason that the file does not show, such as a revoked key.
    pub fn distrust(&mut self, reason: VerifyReason) {
        self.signature = SignatureState::Untrusted;
        self.qr_text = None;
        self.reasons.insert(0, reason);
    }
}

/// Judges the bytes of a file. `anchors` are the DER certificates of the authorities to trust; `now` serves to refuse
/// signatures of the future and to note certificates that have expired since signing.
pub fn verify_document(bytes: &[u8], anchors: &[Vec<u8>], now: OffsetDateTime) -> DocumentVerdict {
    let mut verdict = DocumentVerdict {
        signature: SignatureState::Valid,
        signer: None,
        signer_key: None,
        covers_whole_file: false,
        changed_after_signing: false,
        sha256: Sha256::digest(bytes).into(),
        signing_time: None,
        qr_text: None,
        reasons: Vec::new(),
    };
    match examine(bytes, anchors, now, &mut verdict) {
        Ok(notes) => {
            verdict.reasons = notes;
            verdict.qr_text = qr_text(bytes);
        }
        Err(refusal) => {
            verdict.signature = refusal.state;
            verdict.reasons = refusal.reasons;
            // Whoever encrypts a document writes it anew, which alone would be told as any other change.
            let encrypted = Code::Encrypted.reason();
            if memchr::memmem::find(bytes, b"/Encrypt").is_some() && !verdict.reasons.contains(&encrypted) {
                verdict.reasons.push(encrypted);
            }
        }
    }
    verdict
}

/// Goes from the signature outwards, and notes in `verdict` what it finds on the way.
fn examine(bytes: &[u8], anchors: &[Vec<u8>], now: OffsetDateTime, verdict: &mut DocumentVerdict) -> Result<Vec<VerifyReason>, Refusal> {
    let byte_range = claimed_range(bytes)?;
    let [_, _, behind, behind_length] = byte_range;
    let reaches_end = behind.checked_add(behind_length) == Some(bytes.len());
    // Not an error yet: an updated file is told by what it holds, whatever else is wrong with it.
    verdict.changed_after_signing = !reaches_end;
    verdict.covers_whole_file = byte_range[0] == 0 && reaches_end;

    let signature = read_hole(bytes, byte_range, verdict)?;
    verdict.signer = signature.signer.common_name();
    verdict.signer_key = signature.signer.public_key();
    if !verdict.covers_whole_file {
        return Err(not_covering(reaches_end));
    }
    if digest_outside(bytes, byte_range) != signature.digest {
        verdict.changed_after_signing = true;
        return Err(Refusal::invalid(Code::ChangedAfterSigning.reason()));
    }
    if !signature.is_made_by_signer() {
        verdict.changed_after_signing = true;
        return Err(Refusal::invalid(Code::SignatureWrong.reason()));
    }
    let signing_time = check_structure(bytes, byte_range)?;
    verdict.signing_time = Some(signing_time);
    trust::judge(&signature, anchors, signing_time, now)
}

/// The text of the QR code in the metadata of a document whose every byte is signed.
fn qr_text(bytes: &[u8]) -> Option<String> {
    const BEFORE: &[u8] = b"<dc:relation><rdf:Bag><rdf:li>";
    let start = memchr::memmem::find(bytes, BEFORE)? + BEFORE.len();
    let rest = bytes.get(start..)?;
    let text = rest.get(..memchr::memchr(b'<', rest)?)?;
    String::from_utf8(text.to_vec()).ok()
}

/// The four numbers of the only ByteRange.
fn claimed_range(bytes: &[u8]) -> Result<[usize; 4], Refusal> {
    if bytes.len() > MAX_DOCUMENT_BYTES {
        return Err(Refusal::invalid(Code::TooLarge.reason()));
    }
    match hole::marks(bytes) {
        Marks::None if !bytes.starts_with(b"%PDF-") => Err(Refusal::missing(Code::Unreadable.reason())),
        Marks::None => {
            let mut refusal = Refusal::missing(Code::NoSignature.reason());
            let tail = &bytes[bytes.len().saturating_sub(1_024)..];
            if memchr::memmem::find(tail, b"%%EOF").is_none() {
                refusal.reasons.push(Code::Unreadable.because("文件不完整，缺少结尾", "its end is missing"));
            }
            Err(refusal)
        }
        Marks::Remains => Err(not_ours("签名的字节范围无法读取", "the byte range of its signature cannot be read")),
        Marks::Several => Err(Refusal::invalid(Code::SeveralSignatures.reason())),
        Marks::One(byte_range) => Ok(byte_range),
    }
}

/// Reads the signature between the two parts that it claims to cover.
fn read_hole(bytes: &[u8], byte_range: [usize; 4], verdict: &mut DocumentVerdict) -> Result<ReadSignature, Refusal> {
    let Some(hole) = hole::between(byte_range, bytes.len()) else {
        verdict.covers_whole_file = false;
        return Err(not_covering(!verdict.changed_after_signing));
    };
    let signature = hole::signature(&bytes[hole]).map_err(|fault| match fault {
        // What is not a hole and yet not covered is room for foreign content.
        HoleFault::Foreign => {
            verdict.covers_whole_file = false;
            not_covering(!verdict.changed_after_signing)
        }
        HoleFault::Digits => not_ours("签名的写法不同", "its signature is written in another way"),
        HoleFault::NoSignature => not_ours("签名处没有签名", "there is no signature in its place"),
        HoleFault::Padding => {
            verdict.changed_after_signing = true;
            Refusal::invalid(
                Code::ChangedAfterSigning.because("签名之后的填充不全为零", "the padding behind the signature is not all zero"),
            )
        }
    })?;
    signed_data::read(&signature).map_err(|fault| {
        if fault == ReadFault::OtherCertificates {
            verdict.changed_after_signing = true;
            return Refusal::invalid(Code::CertificatesDiffer.reason());
        }
        not_ours(read_fault_zh(&fault), &format!("the signature is refused, {fault}"))
    })
}

fn read_fault_zh(fault: &ReadFault) -> &'static str {
    match fault {
        ReadFault::Unreadable(_) => "签名不是 CMS SignedData",
        ReadFault::OneSigner => "签名中没有唯一的、附有证书的签名人",
        ReadFault::Certificate(_) => "签名中的证书不合要求",
        ReadFault::Digest => "签名中没有 SHA-384 摘要",
        ReadFault::NoListing => "签名没有以 SHA-384 列明其证书",
        ReadFault::OtherCertificates => "签名中的证书不是签名人列明的证书",
        ReadFault::SignatureValue => "签名值不是规范的 P-384 签名值",
        ReadFault::OtherBytes => "签名的编码不是其内容应有的编码",
    }
}

/// SHA-384 of the file without the hole.
fn digest_outside(bytes: &[u8], byte_range: [usize; 4]) -> [u8; 48] {
    let [_, before, behind, _] = byte_range;
    let mut digest = Sha384::new();
    digest.update(bytes.get(..before).unwrap_or_default());
    digest.update(bytes.get(behind..).unwrap_or_default());
    digest.finalize().into()
}

/// Demands that a reader of the file finds the same signature at the same place; gives its time.
fn check_structure(bytes: &[u8], byte_range: [usize; 4]) -> Result<OffsetDateTime, Refusal> {
    if !bytes.starts_with(b"%PDF-") {
        return Err(Refusal::invalid(Code::Unreadable.reason()));
    }
    let dictionary = structure::signature_dictionary(bytes).map_err(|fault| match fault {
        StructureFault::Encrypted => Refusal::invalid(Code::Encrypted.reason()),
        StructureFault::Updated => not_ours("文件由多次修订组成", "the file consists of several revisions"),
        StructureFault::Unlike(what) => not_ours("文件结构不同", what),
    })?;
    let [_, before, behind, _] = byte_range;
    if dictionary.byte_range != byte_range || dictionary.contents != (before..behind) {
        return Err(not_covering(true));
    }
    dictionary.signing_time.and_then(signing_time::parse).ok_or_else(|| Refusal::invalid(Code::SigningTimeMissing.reason()))
}

fn not_ours(zh: &str, en: &str) -> Refusal {
    Refusal::invalid(Code::NotOurs.because(zh, en))
}

/// The signature leaves bytes out; when it does not reach the end of the file either, the file was changed.
fn not_covering(reaches_end: bool) -> Refusal {
    let mut refusal = Refusal::invalid(Code::NotCoveringFile.reason());
    if !reaches_end {
        refusal.reasons.push(Code::ChangedAfterSigning.reason());
    }
    refusal
}

#[cfg(test)]
mod specimen;
#[cfg(test)]
mod tests;
