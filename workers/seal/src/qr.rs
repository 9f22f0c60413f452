//! The signed statement behind a certificate's QR code: it verifies without a network.
//!
//! The text is `HTTPS://<BASE>/V/<BASE32>`, in characters of a QR code's alphanumeric mode only (ISO/IEC 18004, 7.4.4).
//! The last part is base32 (RFC 4648, 6, without padding) of a tagged COSE_Sign1 (RFC 9052, 4.2) with ES384, whose
//! protected header names the key (`kid`) and whose payload is a CBOR map with integer keys ([`Statement`]).
//! Everything has one encoding only; a reader accepts upper and lower case and otherwise no variant.

mod base32;
mod statement;

use thiserror::Error;

use crate::cose::{NotSigned, SignedMessage};
use crate::signer::{PublicKey, SignError, Signer};
pub use statement::Statement;

/// What a QR code of version 15 at level M holds in alphanumeric mode (ISO/IEC 18004, table 7); codes of higher
/// versions do not read reliably at 30 mm.
pub const MAX_TEXT_CHARACTERS: usize = 600;

const SCHEME: &str = "HTTPS://";
const PATH: &str = "/V/";

/// A statement cannot be written, read or believed.
#[derive(Debug, Error)]
pub enum QrError {
    /// The host for the address is empty or has characters that an address or the alphanumeric mode does not allow.
    #[error("{0:?} cannot stand as the host in a QR code")]
    Base(String),
    /// The statement names another key than the one it is to be signed with.
    #[error("the statement names key {stated}, but is to be signed with {signing}")]
    OtherKey {
        /// What the statement says.
        stated: String,
        /// The signer's.
        signing: String,
    },
    /// The text would need a QR code above version 15.
    #[error("the text has {characters} characters, the QR code holds {MAX_TEXT_CHARACTERS}")]
    TooLong {
        /// Length of the text.
        characters: usize,
    },
    /// The key did not sign.
    #[error("the statement was not signed")]
    Sign(#[source] SignError),
    /// What the key gave back is no ECDSA signature of the curve P-384.
    #[error("key {0} gave back no ECDSA signature of the curve P-384")]
    NoSignature(String),
    /// The text is no address of ours.
    #[error("the text is no address of a certificate's QR code")]
    NotOurs,
    /// The address is ours, its last part is no signed statement.
    #[error("the address holds no signed statement")]
    Unreadable,
    /// The statement has a form that a later version of the system introduced.
    #[error("the statement has the unknown form {0}")]
    UnsupportedVersion(u64),
    /// The signature was not made by the given key over this statement.
    #[error("the statement's signature is wrong")]
    SignatureWrong,
}

impl QrError {
    /// A stable code for the reason why a read statement is not believed; `None` for errors of writing.
    pub fn code(&self) -> Option<&'static str> {
        match self {
            Self::NotOurs => Some("not-ours"),
            Self::Unreadable => Some("unreadable"),
            Self::UnsupportedVersion(_) => Some("unsupported-version"),
            Self::SignatureWrong => Some("signature-wrong"),
            Self::Base(_) | Self::OtherKey { .. } | Self::TooLong { .. } | Self::Sign(_) | Self::NoSignature(_) => None,
        }
    }
}

/// Signs a statement and writes the text of its QR code, with `base` as the host.
///
/// # Errors
/// When the host or key does not fit, the key does not sign, or the text is too long for the code.
pub fn sign(statement: &Statement, base: &str, signer: &dyn Signer) -> Result<String, QrError> {
    let base = base.to_ascii_uppercase();
    if !is_host(&base) {
        return Err(QrError::Base(base));
    }
    if statement.key_id != signer.key_id() {
        return Err(QrError::OtherKey { stated: statement.key_id.clone(), signing: signer.key_id().to_owned() });
    }
    let message = SignedMessage::sign(statement.to_cbor(), None, signer)?;
    let text = format!("{SCHEME}{base}{PATH}{}", base32::encode(&message.to_cbor()));
    if text.len() > MAX_TEXT_CHARACTERS {
        return Err(QrError::TooLong { characters: text.len() });
    }
    Ok(text)
}

/// The length of the text that [`sign`] would make, in characters; to be asked before anything is signed.
pub fn text_characters(statement: &Statement, base: &str) -> usize {
    let bytes = SignedMessage::size_bytes(&statement.to_cbor(), None, &statement.key_id);
    SCHEME.len() + base.len() + PATH.len() + (bytes * 8).div_ceil(5)
}

/// Where the text of a certificate's code comes from. [`SignedCode`] is our own; a nationally assigned code can take its place.
pub trait CodeSource: Send + Sync {
    /// The name under which orders remember what gives the code: the key that signs it.
    fn key_id(&self) -> &str;

    /// Whether equal statements always get equal codes; see [`Signer::repeats`].
    fn repeats(&self) -> bool;

    /// The length of the text that [`CodeSource::text`] would give, in characters; it costs no signature.
    fn characters(&self, statement: &Statement, base: &str) -> usize;

    /// The text of the code for a version of a certificate, with `base` as the host of its address.
    ///
    /// # Errors
    /// As [`sign`].
    fn text(&self, statement: &Statement, base: &str) -> Result<String, QrError>;
}

/// The code that carries its own signed statement.
pub struct SignedCode(pub std::sync::Arc<dyn Signer>);

impl CodeSource for SignedCode {
    fn key_id(&self) -> &str {
        self.0.key_id()
    }

    fn repeats(&self) -> bool {
        self.0.repeats()
    }

    fn characters(&self, statement: &Statement, base: &str) -> usize {
        text_characters(statement, base)
    }

    fn text(&self, statement: &Statement, base: &str) -> Result<String, QrError> {
        sign(statement, base, self.0.as_ref())
    }
}

impl std::fmt::Debug for SignedCode {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("SignedCode").field(&self.key_id()).finish()
    }
}

/// Reads the text of a QR code, in upper or lower case, with white space around it. Verifies nothing yet.
///
/// # Errors
/// [`QrError::NotOurs`], [`QrError::Unreadable`] or [`QrError::UnsupportedVersion`].
pub fn parse(text: &str) -> Result<SignedStatement, QrError> {
    let text = text.trim();
    if text.len() > MAX_TEXT_CHARACTERS {
        return Err(QrError::NotOurs);
    }
    let text = text.to_ascii_uppercase();
    let (base, encoded) =
        text.strip_prefix(SCHEME).and_then(|rest| rest.split_once(PATH)).filter(|(base, _)| is_host(base)).ok_or(QrError::NotOurs)?;
    let message = base32::decode(encoded).as_deref().and_then(|bytes| SignedMessage::from_cbor(bytes, None)).ok_or(QrError::Unreadable)?;
    let statement = Statement::from_cbor(message.payload(), message.key_id())?;
    Ok(SignedStatement { statement, base: base.to_owned(), message })
}

impl From<NotSigned> for QrError {
    fn from(fault: NotSigned) -> Self {
        match fault {
            NotSigned::Sign(source) => Self::Sign(source),
            NotSigned::NoSignature(key_id) => Self::NoSignature(key_id),
        }
    }
}

/// A statement as it was read, not yet to be believed.
#[derive(Clone, Debug)]
pub struct SignedStatement {
    statement: Statement,
    base: String,
    message: SignedMessage,
}

impl SignedStatement {
    /// The key that the statement claims to be signed with.
    pub fn key_id(&self) -> &str {
        &self.statement.key_id
    }

    /// The host of the address, in upper case. It is not signed: never follow it without comparing it.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The statement, for display beside the word that nobody vouches for it.
    pub fn unverified(&self) -> &Statement {
        &self.statement
    }

    /// The statement, if `public_key` signed it.
    ///
    /// # Errors
    /// [`QrError::SignatureWrong`] otherwise.
    pub fn verify(&self, public_key: &PublicKey) -> Result<&Statement, QrError> {
        if self.message.is_signed_by(public_key) { Ok(&self.statement) } else { Err(QrError::SignatureWrong) }
    }
}

/// A host name with an optional port, in upper case.
fn is_host(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'Z' | b'.' | b'-' | b':'))
}

#[cfg(test)]
mod tests;
