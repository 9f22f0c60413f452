//! Keys that sign: the [`Signer`] seam for any key store, and a P-384 key held in memory.

use std::fmt;

use p384::ecdsa::signature::{RandomizedSigner as _, Signer as _, Verifier as _};
use p384::ecdsa::{DerSignature, Signature, SigningKey, VerifyingKey};
use p384::elliptic_curve::Generate as _;
use p384::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _};
use rand::CryptoRng;
use spki::{DecodePublicKey as _, EncodePublicKey as _};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::certificate::Certificate;

/// A P-384 key that can sign, wherever it lies: in memory, in a file, in a hardware module.
pub trait Signer: Send + Sync {
    /// The name under which orders, documents and QR statements remember this key.
    fn key_id(&self) -> &str;

    /// Signs `message` with ECDSA on P-384 over its SHA-384 digest; returns a DER `ECDSA-Sig-Value`.
    ///
    /// # Errors
    /// When the key is out of reach or refuses.
    fn sign_sha384(&self, message: &[u8]) -> Result<Vec<u8>, SignError>;

    /// Whether equal messages always get equal signatures (RFC 6979). A signature that cannot be made again is to be stored before it is
    /// used, the first one for good.
    fn repeats(&self) -> bool {
        false
    }
}

/// A key did not sign.
#[derive(Debug, Error)]
#[error("key {key_id} did not sign")]
pub struct SignError {
    /// The key that was asked.
    pub key_id: String,
    /// Why it did not.
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

/// A key could not be read or written.
#[derive(Debug, Error)]
pub enum KeyError {
    /// The private key is not PKCS#8 (RFC 5958), or not of the curve P-384.
    #[error("private key {key_id} is no PKCS#8 key of the curve P-384")]
    Private {
        /// The name meant for the key.
        key_id: String,
        /// What the decoder says.
        #[source]
        source: p384::pkcs8::Error,
    },
    /// The public key is no SubjectPublicKeyInfo (RFC 5480), or not of the curve P-384.
    #[error("the public key is no SubjectPublicKeyInfo of the curve P-384")]
    Public(#[source] spki::Error),
    /// The certificate cannot be read, or its key is of another kind or curve.
    #[error("the certificate has no readable key of the curve P-384")]
    Certificate(#[source] crate::CertificateFault),
    /// A key could not be put into its DER form.
    #[error("the key cannot be encoded")]
    Encode(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// The public half of a P-384 key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// Reads a DER SubjectPublicKeyInfo (RFC 5480).
    ///
    /// # Errors
    /// [`KeyError::Public`] when it is anything else, or of another curve.
    pub fn from_spki_der(bytes: &[u8]) -> Result<Self, KeyError> {
        VerifyingKey::from_public_key_der(bytes).map(Self).map_err(KeyError::Public)
    }

    /// The key of an X.509 certificate in DER.
    ///
    /// # Errors
    /// [`KeyError::Certificate`] when the bytes are no certificate, or one of another curve.
    pub fn of_certificate(der: &[u8]) -> Result<Self, KeyError> {
        let certificate = Certificate::from_der(der).map_err(KeyError::Certificate)?;
        certificate.public_key().ok_or(KeyError::Certificate(crate::CertificateFault::NotP384))
    }

    /// Writes the DER SubjectPublicKeyInfo (RFC 5480) with an uncompressed point.
    ///
    /// # Errors
    /// [`KeyError::Encode`] when the encoder fails.
    pub fn to_spki_der(&self) -> Result<Vec<u8>, KeyError> {
        self.0.to_public_key_der().map(|document| document.as_bytes().to_vec()).map_err(|source| KeyError::Encode(source.into()))
    }

    /// Whether `signature` is this key's ECDSA signature over the SHA-384 digest of `message`.
    pub(crate) fn verifies(&self, message: &[u8], signature: &Signature) -> bool {
        self.0.verify(message, signature).is_ok()
    }
}

impl From<VerifyingKey> for PublicKey {
    fn from(key: VerifyingKey) -> Self {
        Self(key)
    }
}

/// A P-384 key in memory that signs deterministically (RFC 6979); erased when dropped.
pub struct P384Signer {
    key_id: String,
    key: SigningKey,
}

impl P384Signer {
    /// Takes the private key from its PKCS#8 form (RFC 5958, unencrypted DER).
    ///
    /// # Errors
    /// [`KeyError::Private`] when the bytes are anything else, or a key of another kind.
    pub fn from_pkcs8_der(key_id: impl Into<String>, bytes: &[u8]) -> Result<Self, KeyError> {
        let key_id = key_id.into();
        match SigningKey::from_pkcs8_der(bytes) {
            Ok(key) => Ok(Self { key_id, key }),
            Err(source) => Err(KeyError::Private { key_id, source }),
        }
    }

    /// Makes a new key from `rng`.
    pub fn generate<R: CryptoRng + ?Sized>(key_id: impl Into<String>, rng: &mut R) -> Self {
        Self { key_id: key_id.into(), key: SigningKey::generate_from_rng(rng) }
    }

    /// The private key in its PKCS#8 form (RFC 5958, unencrypted DER), to be stored by the caller.
    ///
    /// # Errors
    /// [`KeyError::Encode`] when the encoder fails.
    pub fn to_pkcs8_der(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        self.key
            .to_pkcs8_der()
            .map(|document| Zeroizing::new(document.as_bytes().to_vec()))
            .map_err(|source| KeyError::Encode(source.into()))
    }

    /// The public half.
    pub fn public_key(&self) -> PublicKey {
        PublicKey(*self.key.verifying_key())
    }

    /// The key itself, for signing certificates with the builder of `x509-cert`.
    pub(crate) fn signing_key(&self) -> &SigningKey {
        &self.key
    }
}

impl Signer for P384Signer {
    fn key_id(&self) -> &str {
        &self.key_id
    }

    fn sign_sha384(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let signature: DerSignature =
            self.key.try_sign(message).map_err(|source| SignError { key_id: self.key_id.clone(), source: source.into() })?;
        Ok(signature.as_bytes().to_vec())
    }

    fn repeats(&self) -> bool {
        true
    }
}

/// The same key with fresh randomness in every signature, as hardware modules sign: no two are equal.
#[derive(Debug)]
pub struct RandomisedSigner(pub P384Signer);

impl Signer for RandomisedSigner {
    fn key_id(&self) -> &str {
        &self.0.key_id
    }

    fn sign_sha384(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let signature: DerSignature = self
            .0
            .key
            .try_sign_with_rng(&mut rand::rngs::SysRng, message)
            .map_err(|source| SignError { key_id: self.0.key_id.clone(), source: source.into() })?;
        Ok(signature.as_bytes().to_vec())
    }
}

impl fmt::Debug for P384Signer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("P384Signer").field("key_id", &self.key_id).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecdsa_signature::parse_der;
    use rand::SeedableRng as _;
    use rand::rngs::StdRng;

    fn signer() -> P384Signer {
        P384Signer::generate("document-1", &mut StdRng::seed_from_u64(1))
    }

    #[test]
    fn a_signature_is_verified_by_its_own_key_and_message_only() {
        let signer = signer();
        let other = P384Signer::generate("other", &mut StdRng::seed_from_u64(2));
        let signature = parse_der(&signer.sign_sha384(b"message").unwrap()).unwrap();
        assert!(signer.public_key().verifies(b"message", &signature));
        assert!(!signer.public_key().verifies(b"massage", &signature));
        assert!(!other.public_key().verifies(b"message", &signature));
    }

    #[test]
    fn randomised_signatures_differ_and_are_the_keys_own() {
        let (plain, randomised) = (signer(), RandomisedSigner(signer()));
        assert!(plain.repeats() && !randomised.repeats());
        let [first, second] = [(); 2].map(|()| randomised.sign_sha384(b"message").unwrap());
        assert_ne!(first, second);
        assert!([first, second].iter().all(|signature| plain.public_key().verifies(b"message", &parse_der(signature).unwrap())));
        assert_eq!(plain.sign_sha384(b"message").unwrap(), plain.sign_sha384(b"message").unwrap());
    }

    #[test]
    fn signatures_follow_rfc_6979() {
        // RFC 6979, A.2.6: P-384 with SHA-384, message "sample".
        let secret = "6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D8\
                      96D5724E4C70A825F872C9EA60D2EDF5";
        let r = "94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C\
                 81A648152E44ACF96E36DD1E80FABE46";
        let s = "99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94F\
                 A329C145786E679E7B82C71A38628AC8";
        let signer = P384Signer { key_id: "rfc".into(), key: SigningKey::from_slice(&hex::decode(secret).unwrap()).unwrap() };
        let signature = parse_der(&signer.sign_sha384(b"sample").unwrap()).unwrap();
        assert_eq!(hex::encode_upper(signature.to_bytes()), [r, s].concat().replace(' ', ""));
    }

    #[test]
    fn keys_survive_their_stored_forms() {
        let signer = signer();
        let again = P384Signer::from_pkcs8_der("document-1", &signer.to_pkcs8_der().unwrap()).unwrap();
        assert_eq!(again.public_key(), signer.public_key());
        assert_eq!(again.key_id(), "document-1");

        let public = signer.public_key();
        assert_eq!(PublicKey::from_spki_der(&public.to_spki_der().unwrap()).unwrap(), public);
    }

    #[test]
    fn damaged_keys_are_refused_and_named() {
        let mut bytes = signer().to_pkcs8_der().unwrap().to_vec();
        bytes.truncate(bytes.len() - 1);
        let refusal = P384Signer::from_pkcs8_der("document-9", &bytes).unwrap_err();
        assert!(refusal.to_string().contains("document-9"));
        assert!(P384Signer::from_pkcs8_der("empty", &[]).is_err());
        assert!(PublicKey::from_spki_der(b"no key").is_err());
    }

    #[test]
    fn a_printed_signer_shows_nothing_of_the_key() {
        assert_eq!(format!("{:?}", signer()), "P384Signer { key_id: \"document-1\", .. }");
    }
}
