//! Makes the signatures of documents, and refuses at the start every key that must not make them.

use std::fmt;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use thiserror::Error;
use time::OffsetDateTime;

use crate::certificate::{Certificate, CertificateFault, path};
use crate::ecdsa_signature;
use crate::signed_data::{self, Envelope};
use crate::signer::{SignError, Signer};

/// The room that a document has for its signature: the renderer's hole.
pub const MAX_SIGNATURE_BYTES: usize = 8_192;

/// What the trial signature is made over; no document has this as its signed attributes.
const TRIAL_MESSAGE: &[u8] = b"trial signature of a document sealer";

/// A key and its certificates cannot be used to seal documents.
#[derive(Debug, Error)]
pub enum SealerError {
    /// The signer's certificate is not fit for it.
    #[error("the signer's certificate cannot seal documents")]
    Certificate(#[source] CertificateFault),
    /// A certificate of the chain is not fit to be one.
    #[error("certificate {position} of the chain cannot be used")]
    Chain {
        /// Its place in the chain, counted from 1 at the signer's issuer.
        position: usize,
        /// What is wrong with it.
        #[source]
        fault: CertificateFault,
    },
    /// A certificate of the chain did not issue the one before it.
    #[error("certificate {position} of the chain did not issue the one before it")]
    BrokenChain {
        /// Its place in the chain, counted from 1 at the signer's issuer.
        position: usize,
    },
    /// The key is another one than that of the certificate.
    #[error("key {key_id} is not the key of the certificate")]
    KeyMismatch {
        /// The key that was tried.
        key_id: String,
    },
    /// The trial signature could not be made.
    #[error("the trial signature failed")]
    Trial(#[source] SignError),
    /// The certificates are so large that no signature with them fits into a document.
    #[error("a signature with these certificates has up to {bytes} bytes, and a document has room for {MAX_SIGNATURE_BYTES}")]
    TooLarge {
        /// Length of the longest signature.
        bytes: usize,
    },
    /// The unchanging parts of a signature could not be encoded.
    #[error("the certificates cannot be put into a signature")]
    Encode(#[source] der::Error),
}

/// A document was not sealed.
#[derive(Debug, Error)]
pub enum SealError {
    /// The key did not sign.
    #[error("the document was not signed")]
    Sign(#[source] SignError),
    /// What the key gave back is no ECDSA signature of the curve P-384.
    #[error("key {key_id} gave back no ECDSA signature of the curve P-384")]
    NoSignature {
        /// The key that was asked.
        key_id: String,
    },
    /// The signature could not be encoded.
    #[error("the signature cannot be encoded")]
    Encode(#[source] der::Error),
}

/// Seals documents with one key under one certificate: PAdES B-B, ECDSA P-384 with SHA-384.
pub struct DocumentSealer {
    signer: Arc<dyn Signer>,
    certificate: Certificate,
    envelope: Envelope,
    chain_sha256: [u8; 32],
    authorities: Vec<Certificate>,
}

impl DocumentSealer {
    /// Joins a key with its certificate and the certificates above it, nearest first; the anchor may be left out.
    ///
    /// # Errors
    /// A [`SealerError`] with the reason: the certificate is unreadable, not of P-384, expired or not yet valid at
    /// `now`, without digitalSignature or nonRepudiation, not under [`crate::LAWFUL_SIGNER_NAME`]; the chain does not
    /// hold together; or a trial signature of the key does not verify against the certificate.
    pub fn new(signer: Arc<dyn Signer>, certificate_der: &[u8], chain: &[Vec<u8>], now: OffsetDateTime) -> Result<Self, SealerError> {
        let certificate = Certificate::from_der(certificate_der).map_err(SealerError::Certificate)?;
        certificate
            .check_signer()
            .and_then(|()| certificate.check_name())
            .and_then(|()| certificate.check_time(now))
            .map_err(SealerError::Certificate)?;
        let authorities = read_chain(&certificate, chain, now)?;
        try_key(signer.as_ref(), &certificate)?;

        let envelope = Envelope::new(&certificate, &authorities).map_err(SealerError::Encode)?;
        let longest = longest_signature(&envelope).map_err(SealerError::Encode)?;
        if MAX_SIGNATURE_BYTES < longest {
            return Err(SealerError::TooLarge { bytes: longest });
        }
        let mut chain_digest = Sha256::new_with_prefix(certificate.der());
        for authority in &authorities {
            chain_digest.update(authority.der());
        }
        Ok(Self { envelope, signer, certificate, chain_sha256: chain_digest.finalize().into(), authorities })
    }

    /// The key's name.
    pub fn key_id(&self) -> &str {
        self.signer.key_id()
    }

    /// The common name in the signer's certificate, which Acrobat Reader shows as the signer.
    pub fn signer_name(&self) -> &str {
        // `new` refuses every other name.
        crate::LAWFUL_SIGNER_NAME
    }

    /// SHA-256 over the signer's certificate and the chain, in DER, one behind the other.
    pub fn chain_sha256(&self) -> [u8; 32] {
        self.chain_sha256
    }

    /// Last second in which the signer's certificate and the chain are valid; documents signed later are refused by everybody.
    pub fn valid_until(&self) -> OffsetDateTime {
        let chain = self.authorities.iter().map(Certificate::not_after);
        chain.fold(self.certificate.not_after(), OffsetDateTime::min)
    }

    /// Whether a verifier that trusts these authorities (in DER) and nothing else finds a way to one of them at this moment.
    #[must_use]
    pub fn leads_to(&self, anchors: &[Vec<u8>], at: OffsetDateTime) -> bool {
        let anchors: Vec<Certificate> = anchors.iter().filter_map(|der| Certificate::from_der(der).ok()).collect();
        path::to_anchor(&self.certificate, &self.authorities, &anchors, at).is_ok()
    }

    /// Whether a document that is signed at this moment will be believed: a sealer may outlive its certificates.
    ///
    /// # Errors
    /// [`SealerError::Certificate`] or [`SealerError::Chain`] with the certificate that is not valid then.
    pub fn check_time(&self, at: OffsetDateTime) -> Result<(), SealerError> {
        self.certificate.check_time(at).map_err(SealerError::Certificate)?;
        let chain = self.authorities.iter().zip(1..);
        chain
            .into_iter()
            .try_for_each(|(authority, position)| authority.check_time(at).map_err(|fault| SealerError::Chain { position, fault }))
    }

    /// Whether equal documents always get equal signatures; see [`Signer::repeats`].
    pub fn repeats(&self) -> bool {
        self.signer.repeats()
    }

    /// Whether `cms` is a signature of this sealer's key, with its certificates, over the document with this digest: one that was stored and is used again.
    pub fn has_sealed(&self, digest_sha384: &[u8; 48], cms: &[u8]) -> bool {
        signed_data::read(cms).is_ok_and(|signature| {
            let ders = |certificates: &[Certificate]| certificates.iter().map(|each| each.der().to_vec()).collect::<Vec<_>>();
            signature.digest == *digest_sha384
                && signature.signer.der() == self.certificate.der()
                && ders(&signature.beside) == ders(&self.authorities)
                && signature.is_made_by_signer()
        })
    }

    /// Makes the signature of a document whose bytes outside the hole have the SHA-384 digest `digest_sha384`.
    ///
    /// Returns the DER bytes of a CMS ContentInfo for [`crate::embed()`]. With a key that signs deterministically
    /// (RFC 6979, as [`crate::P384Signer`]) equal digests give equal bytes.
    ///
    /// # Errors
    /// When the key does not sign, or gives back something that is no signature.
    pub fn seal(&self, digest_sha384: &[u8; 48]) -> Result<Vec<u8>, SealError> {
        let attributes = self.envelope.signed_attributes(digest_sha384).map_err(SealError::Encode)?;
        let signature = self.signer.sign_sha384(&attributes).map_err(SealError::Sign)?;
        let signature =
            ecdsa_signature::parse_der(&signature).ok_or_else(|| SealError::NoSignature { key_id: self.key_id().to_owned() })?;
        self.envelope.content_info(&attributes, &signature.normalize_s()).map_err(SealError::Encode)
    }
}

impl fmt::Debug for DocumentSealer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("DocumentSealer")
            .field("key_id", &self.key_id())
            .field("valid_until", &self.valid_until())
            .finish_non_exhaustive()
    }
}

/// The length of the longest signature with these certificates: ECDSA values differ by a few bytes.
fn longest_signature(envelope: &Envelope) -> der::Result<usize> {
    let attributes = envelope.signed_attributes(&[0xff; 48])?;
    let scalar = [0x7f; 48];
    let Ok(longest) = p384::ecdsa::Signature::from_scalars(scalar, scalar) else { return Ok(usize::MAX) };
    // A value whose first bit is set takes one byte more, each of the two.
    Ok(envelope.content_info(&attributes, &longest)?.len() + 2)
}

/// Reads the chain and checks that each certificate issued the one before it and may do so at `now`.
fn read_chain(certificate: &Certificate, chain: &[Vec<u8>], now: OffsetDateTime) -> Result<Vec<Certificate>, SealerError> {
    let mut authorities: Vec<Certificate> = Vec::with_capacity(chain.len());
    for (authorities_below, bytes) in chain.iter().enumerate() {
        let position = authorities_below + 1;
        let refuse = |fault| SealerError::Chain { position, fault };
        let authority = Certificate::from_der(bytes).map_err(refuse)?;
        authority.check_authority(authorities_below).and_then(|()| authority.check_time(now)).map_err(refuse)?;
        if !authorities.last().unwrap_or(certificate).is_issued_by(&authority) {
            return Err(SealerError::BrokenChain { position });
        }
        authorities.push(authority);
    }
    Ok(authorities)
}

/// Lets the key sign once and verifies that with the certificate.
fn try_key(signer: &dyn Signer, certificate: &Certificate) -> Result<(), SealerError> {
    let trial = signer.sign_sha384(TRIAL_MESSAGE).map_err(SealerError::Trial)?;
    let fits = certificate
        .public_key()
        .zip(ecdsa_signature::parse_der(&trial))
        .is_some_and(|(key, signature)| key.verifies(TRIAL_MESSAGE, &signature));
    if fits {
        return Ok(());
    }
    Err(SealerError::KeyMismatch { key_id: signer.key_id().to_owned() })
}

#[cfg(test)]
mod tests;
