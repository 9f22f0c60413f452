//! COSE_Sign1 (RFC 9052, 4.2) with ES384 (RFC 9053, 2.1): protected header, payload, signature.

use p384::ecdsa::Signature;

use thiserror::Error;

use crate::cbor::{self, Major, Reader};
use crate::ecdsa_signature;
use crate::signer::{PublicKey, SignError, Signer};

/// The tag of COSE_Sign1 (RFC 9052, 2).
const COSE_SIGN1: u64 = 18;
/// Header parameter `alg` (RFC 9052, 3.1).
const ALGORITHM: i64 = 1;
/// ES384: ECDSA with SHA-384 (RFC 9053, 2.1).
const ES384: i64 = -35;
/// Header parameter `kid` (RFC 9052, 3.1).
const KEY_ID: i64 = 4;
/// Header parameter `typ` (RFC 9596).
const TYPE: i64 = 16;
/// An ES384 signature is `r` and `s`, 48 bytes each.
const SIGNATURE_BYTES: usize = 96;

/// A message was not signed.
#[derive(Debug, Error)]
pub(crate) enum NotSigned {
    /// The key did not sign.
    #[error("the message was not signed")]
    Sign(#[source] SignError),
    /// What the key gave back is no signature.
    #[error("key {0} gave back no ECDSA signature of the curve P-384")]
    NoSignature(String),
}

/// A signed payload with the name of its key and, where the message has one, its type.
#[derive(Clone, Debug)]
pub(crate) struct SignedMessage {
    key_id: String,
    media_type: Option<&'static str>,
    payload: Vec<u8>,
    signature: Signature,
}

impl SignedMessage {
    /// Signs `payload` and names the key in the protected header.
    pub(crate) fn sign(payload: Vec<u8>, media_type: Option<&'static str>, signer: &dyn Signer) -> Result<Self, NotSigned> {
        let key_id = signer.key_id().to_owned();
        let signature = signer.sign_sha384(&to_be_signed(&key_id, media_type, &payload)).map_err(NotSigned::Sign)?;
        match ecdsa_signature::parse_der(&signature) {
            Some(signature) => Ok(Self { key_id, media_type, payload, signature: signature.normalize_s() }),
            None => Err(NotSigned::NoSignature(key_id)),
        }
    }

    /// How many bytes a message would have, whatever its signature.
    pub(crate) fn size_bytes(payload: &[u8], media_type: Option<&'static str>, key_id: &str) -> usize {
        structure(&protected_header(key_id, media_type), payload, &[0; SIGNATURE_BYTES]).len()
    }

    /// Reads the tagged structure of a message of this type; `None` unless it is the only encoding of its contents.
    pub(crate) fn from_cbor(bytes: &[u8], media_type: Option<&'static str>) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let is_sign1 = reader.head(Major::Tag)? == COSE_SIGN1 && reader.head(Major::Array)? == 4;
        let mut header = Reader::new(reader.bytes()?);
        let parameters = 2 + u64::from(media_type.is_some());
        let is_es384 = header.head(Major::Map)? == parameters
            && header.integer()? == ALGORITHM
            && header.integer()? == ES384
            && header.integer()? == KEY_ID;
        let key_id = std::str::from_utf8(header.bytes()?).ok()?;
        if let Some(media_type) = media_type
            && !(header.integer()? == TYPE && header.text()? == media_type)
        {
            return None;
        }
        let has_no_unprotected_header = reader.head(Major::Map)? == 0;
        let payload = reader.bytes()?;
        let signature = reader.bytes()?;
        let is_whole = header.is_at_end() && reader.is_at_end();
        if !(is_sign1 && is_es384 && has_no_unprotected_header && is_whole) || signature.len() != SIGNATURE_BYTES {
            return None;
        }
        let signature = Signature::from_slice(signature).ok()?;
        // Of the two values that verify, s and n - s, only the smaller one is written: a message has one encoding.
        (signature.normalize_s() == signature).then(|| Self { key_id: key_id.to_owned(), media_type, payload: payload.to_vec(), signature })
    }

    /// Writes the tagged structure.
    pub(crate) fn to_cbor(&self) -> Vec<u8> {
        structure(&protected_header(&self.key_id, self.media_type), &self.payload, &self.signature.to_bytes())
    }

    /// The name of the key.
    pub(crate) fn key_id(&self) -> &str {
        &self.key_id
    }

    /// What was signed.
    pub(crate) fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// Whether `public_key` made the signature.
    pub(crate) fn is_signed_by(&self, public_key: &PublicKey) -> bool {
        public_key.verifies(&to_be_signed(&self.key_id, self.media_type, &self.payload), &self.signature)
    }
}

fn structure(protected_header: &[u8], payload: &[u8], signature: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    cbor::push_head(&mut bytes, Major::Tag, COSE_SIGN1);
    cbor::push_head(&mut bytes, Major::Array, 4);
    cbor::push_bytes(&mut bytes, protected_header);
    cbor::push_head(&mut bytes, Major::Map, 0);
    cbor::push_bytes(&mut bytes, payload);
    cbor::push_bytes(&mut bytes, signature);
    bytes
}

fn protected_header(key_id: &str, media_type: Option<&str>) -> Vec<u8> {
    let mut bytes = Vec::new();
    cbor::push_head(&mut bytes, Major::Map, 2 + u64::from(media_type.is_some()));
    cbor::push_integer(&mut bytes, ALGORITHM);
    cbor::push_integer(&mut bytes, ES384);
    cbor::push_integer(&mut bytes, KEY_ID);
    cbor::push_bytes(&mut bytes, key_id.as_bytes());
    if let Some(media_type) = media_type {
        cbor::push_integer(&mut bytes, TYPE);
        cbor::push_text(&mut bytes, media_type);
    }
    bytes
}

/// Sig_structure (RFC 9052, 4.4) without external data.
fn to_be_signed(key_id: &str, media_type: Option<&str>, payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    cbor::push_head(&mut bytes, Major::Array, 4);
    cbor::push_text(&mut bytes, "Signature1");
    cbor::push_bytes(&mut bytes, &protected_header(key_id, media_type));
    cbor::push_bytes(&mut bytes, &[]);
    cbor::push_bytes(&mut bytes, payload);
    bytes
}
