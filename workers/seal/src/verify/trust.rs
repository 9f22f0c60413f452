//! Whether a signer may be believed: its certificate, its name, its time and the authorities above it.

use time::{Duration, OffsetDateTime};

use super::reason::{Code, VerifyReason};
use super::{Refusal, SignatureState};
use crate::certificate::Certificate;
use crate::certificate::path::{self, PathFault};
use crate::signed_data::ReadSignature;

/// The clocks of signer and verifier may differ by this much.
const CLOCK_TOLERANCE: Duration = Duration::minutes(5);

/// Judges the signer of a signature that holds; returns notes beside a signature that is trusted.
pub(super) fn judge(
    signature: &ReadSignature,
    anchors: &[Vec<u8>],
    signing_time: OffsetDateTime,
    now: OffsetDateTime,
) -> Result<Vec<VerifyReason>, Refusal> {
    let signer = &signature.signer;
    let mut notes = Vec::new();
    let anchors = read_anchors(anchors, &mut notes);
    let mut untrusted = Vec::new();

    if let Err(fault) = signer.check_signer() {
        untrusted.push(Code::SignerUnfit.because_of(&fault));
    }
    if let Err(fault) = signer.check_name() {
        untrusted.push(Code::SignerNameWrong.because_of(&fault));
    }
    if let Err(fault) = signer.check_time(signing_time) {
        untrusted.push(Code::SignerNotValidThen.because_of(&fault));
    }
    match path::to_anchor(signer, &signature.beside, &anchors, signing_time) {
        Ok(used) if used.len() == signature.beside.len() => {}
        Ok(_) => return Err(Refusal::invalid(Code::UnusedCertificate.reason())),
        Err(PathFault::NoIssuer(name)) => {
            untrusted.push(Code::SignerUntrusted.because(&format!("“{name}”的签发机构未知"), &format!("the issuer of {name:?} is unknown")))
        }
        Err(PathFault::Authority { name, fault }) => {
            let mut reason = Code::SignerUntrusted.because_of(&fault);
            reason.zh.push_str(&format!("：{name}"));
            reason.en.push_str(&format!(" ({name})"));
            untrusted.push(reason);
        }
    }
    if signing_time > now + CLOCK_TOLERANCE {
        untrusted.push(Code::SignedInFuture.reason());
    }
    if !untrusted.is_empty() {
        untrusted.extend(notes);
        return Err(Refusal { state: SignatureState::Untrusted, reasons: untrusted });
    }
    if let Err(fault) = signer.check_time(now) {
        notes.push(Code::SignerExpiredSince.because_of(&fault));
    }
    Ok(notes)
}

/// Reads the anchors; notes those that are no certificates.
fn read_anchors(anchors: &[Vec<u8>], notes: &mut Vec<VerifyReason>) -> Vec<Certificate> {
    let mut read = Vec::with_capacity(anchors.len());
    for bytes in anchors {
        match Certificate::from_der(bytes) {
            Ok(anchor) => read.push(anchor),
            Err(fault) => notes.push(Code::AnchorUnreadable.because_of(&fault)),
        }
    }
    read
}
