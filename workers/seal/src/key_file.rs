//! Signers as authorities hand them out: PKCS#12 files (RFC 7292), or PKCS#8 keys (RFC 5958) with certificates beside them.

use p12_keystore::Pkcs12Archive;
use p12_keystore::error::Error as ArchiveError;
use pkcs8::EncryptedPrivateKeyInfoRef;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::certificate::Certificate;
use crate::signer::P384Signer;

/// The largest key file that is read; those of authorities have some kilobytes.
pub const MAX_KEY_FILE_BYTES: usize = 1 << 20;

/// A private key with its certificate and those above it.
pub struct SignerFile {
    /// PKCS#8, in DER.
    pub key_pkcs8_der: Zeroizing<Vec<u8>>,
    /// The signer's certificate, in DER.
    pub certificate_der: Vec<u8>,
    /// The certificates above it, nearest first, in DER.
    pub chain_der: Vec<Vec<u8>>,
}

/// Why a key file cannot be used.
#[derive(Debug, Error)]
pub enum SignerFileError {
    /// The passphrase does not open the file.
    #[error("the passphrase is wrong")]
    WrongPassphrase,
    /// The key is encrypted and no passphrase was given.
    #[error("the key is encrypted; a passphrase is needed")]
    NoPassphrase,
    /// The file is no PKCS#12.
    #[error("it is no PKCS#12 file that can be read: {0}")]
    NoArchive(String),
    /// The file is no PKCS#8 key.
    #[error("it is no PKCS#8 private key")]
    NoKey,
    /// The key is of another kind or curve.
    #[error("its private key is not of the curve P-384")]
    NotP384,
    /// Not exactly one private key is in the file.
    #[error("it holds {0} private keys, not one")]
    Keys(usize),
    /// None of the certificates belongs to the key.
    #[error("none of its {0} certificates belongs to the private key")]
    NoCertificate(usize),
    /// A certificate cannot be read.
    #[error("a certificate in it cannot be read")]
    Certificate(#[source] crate::CertificateFault),
}

impl SignerFile {
    /// Opens a PKCS#12 file.
    ///
    /// # Errors
    /// A [`SignerFileError`]: a wrong passphrase, a damaged file, not exactly one private key, or none of P-384.
    pub fn from_pkcs12(bytes: &[u8], passphrase: &str) -> Result<Self, SignerFileError> {
        if MAX_KEY_FILE_BYTES < bytes.len() {
            return Err(SignerFileError::NoArchive("it is too large".to_owned()));
        }
        let archive = Pkcs12Archive::from_pkcs12(bytes, passphrase).map_err(|error| match error {
            ArchiveError::MacError(_) | ArchiveError::Pkcs5Error(_) | ArchiveError::UnpadError => SignerFileError::WrongPassphrase,
            ArchiveError::IoError(_)
            | ArchiveError::DerError(_)
            | ArchiveError::InvalidVersion
            | ArchiveError::UnsupportedContentType
            | ArchiveError::UnsupportedCertificateType
            | ArchiveError::X509Error(_)
            | ArchiveError::InvalidLength
            | ArchiveError::InvalidParameters
            | ArchiveError::InvalidData
            | ArchiveError::UnsupportedEncryptionScheme
            | ArchiveError::UnsupportedMacAlgorithm
            | ArchiveError::InvalidPrivateKey => SignerFileError::NoArchive(error.to_string()),
        })?;
        let [key] = archive.keys.as_slice() else { return Err(SignerFileError::Keys(archive.keys.len())) };
        let certificates = archive.certs.iter().map(|bag| bag.cert.as_der().to_vec()).collect();
        Self::join(Zeroizing::new(key.key.as_der().to_vec()), certificates)
    }

    /// Joins a PKCS#8 key in DER, encrypted or not, with certificates in any order.
    ///
    /// # Errors
    /// A [`SignerFileError`]: a missing or wrong passphrase, no key, or none of P-384, or no certificate that belongs to it.
    pub fn from_pkcs8(key_der: &[u8], passphrase: Option<&str>, certificates_der: Vec<Vec<u8>>) -> Result<Self, SignerFileError> {
        let key = match EncryptedPrivateKeyInfoRef::try_from(key_der) {
            Ok(encrypted) => {
                let passphrase = passphrase.ok_or(SignerFileError::NoPassphrase)?;
                let opened = encrypted.decrypt(passphrase).map_err(|_| SignerFileError::WrongPassphrase)?;
                Zeroizing::new(opened.as_bytes().to_vec())
            }
            Err(_) if pkcs8::PrivateKeyInfoRef::try_from(key_der).is_ok() => Zeroizing::new(key_der.to_vec()),
            Err(_) => return Err(SignerFileError::NoKey),
        };
        Self::join(key, certificates_der)
    }

    /// Finds the key's certificate, and those above it in their order. Others are left out.
    fn join(key_pkcs8_der: Zeroizing<Vec<u8>>, certificates_der: Vec<Vec<u8>>) -> Result<Self, SignerFileError> {
        let signer = P384Signer::from_pkcs8_der("", &key_pkcs8_der).map_err(|_| SignerFileError::NotP384)?;
        let read = certificates_der.iter().map(|der| Certificate::from_der(der).map_err(SignerFileError::Certificate));
        let mut certificates = read.collect::<Result<Vec<_>, _>>()?;
        let own = certificates.iter().position(|certificate| certificate.public_key() == Some(signer.public_key()));
        let Some(own) = own else { return Err(SignerFileError::NoCertificate(certificates.len())) };
        let certificate = certificates.swap_remove(own);
        let mut chain: Vec<Certificate> = Vec::new();
        while let Some(next) = certificates.iter().position(|above| chain.last().unwrap_or(&certificate).is_issued_by(above)) {
            chain.push(certificates.swap_remove(next));
        }
        let der = |certificate: &Certificate| certificate.der().to_vec();
        Ok(Self { certificate_der: der(&certificate), chain_der: chain.iter().map(der).collect(), key_pkcs8_der })
    }
}

impl std::fmt::Debug for SignerFile {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SignerFile").field("chain", &self.chain_der.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use p12_keystore::{Certificate as ArchivedCertificate, KeyStore, KeyStoreEntry, PrivateKey, PrivateKeyChain};
    use pkcs8::PrivateKeyInfoRef;
    use rand::SeedableRng as _;
    use rand::rngs::StdRng;
    use time::macros::datetime;

    use super::*;
    use crate::test_authority::TestAuthority;

    fn authority(seed: u64) -> TestAuthority {
        TestAuthority::create(&mut StdRng::seed_from_u64(seed), datetime!(2018-11-05 09:30:00 UTC)).unwrap()
    }

    fn archive(key: &[u8], certificates: &[&[u8]], passphrase: &str) -> Vec<u8> {
        let certificates: Vec<_> = certificates.iter().map(|der| ArchivedCertificate::from_der(der).unwrap()).collect();
        let mut store = KeyStore::new();
        let chain = PrivateKeyChain::new(p12_keystore::LocalKeyId(vec![1]), PrivateKey::from_der(key).unwrap(), certificates);
        store.add_entry("signer", KeyStoreEntry::PrivateKeyChain(chain));
        store.writer(passphrase).write().unwrap()
    }

    #[test]
    fn an_archive_gives_key_certificate_and_chain_under_its_passphrase_only() {
        let made = authority(1);
        let bytes = archive(&made.signer_key_pkcs8_der, &[&made.signer_certificate_der, &made.ca_certificate_der], "口令 pass");
        let opened = SignerFile::from_pkcs12(&bytes, "口令 pass").unwrap();
        assert_eq!(opened.certificate_der, made.signer_certificate_der);
        assert_eq!(opened.chain_der, std::slice::from_ref(&made.ca_certificate_der));
        let signer = P384Signer::from_pkcs8_der("k", &opened.key_pkcs8_der).unwrap();
        assert_eq!(signer.public_key(), P384Signer::from_pkcs8_der("k", &made.signer_key_pkcs8_der).unwrap().public_key());
        for wrong in ["", "pass", "口令"] {
            assert!(matches!(SignerFile::from_pkcs12(&bytes, wrong), Err(SignerFileError::WrongPassphrase)), "{wrong:?}");
        }
    }

    #[test]
    fn a_plain_or_encrypted_key_is_joined_with_its_certificate_in_any_order() {
        let (made, other) = (authority(1), authority(2));
        let certificates =
            || vec![other.signer_certificate_der.clone(), made.ca_certificate_der.clone(), made.signer_certificate_der.clone()];
        let plain = SignerFile::from_pkcs8(&made.signer_key_pkcs8_der, None, certificates()).unwrap();
        assert_eq!((&plain.certificate_der, plain.chain_der.len()), (&made.signer_certificate_der, 1));

        let info = PrivateKeyInfoRef::try_from(made.signer_key_pkcs8_der.as_slice()).unwrap();
        let encrypted = info.encrypt_with_rng(&mut StdRng::seed_from_u64(3), "secret").unwrap();
        let opened = SignerFile::from_pkcs8(encrypted.as_bytes(), Some("secret"), certificates()).unwrap();
        assert_eq!(opened.key_pkcs8_der.as_slice(), made.signer_key_pkcs8_der.as_slice());
        let refused = |passphrase| SignerFile::from_pkcs8(encrypted.as_bytes(), passphrase, certificates()).unwrap_err();
        assert!(matches!(refused(None), SignerFileError::NoPassphrase));
        assert!(matches!(refused(Some("other")), SignerFileError::WrongPassphrase));
    }

    #[test]
    fn what_is_no_signer_is_refused_with_the_reason() {
        let (made, other) = (authority(1), authority(2));
        assert!(matches!(SignerFile::from_pkcs12(b"no archive", "x"), Err(SignerFileError::NoArchive(_))));
        assert!(matches!(SignerFile::from_pkcs8(b"no key", None, Vec::new()), Err(SignerFileError::NoKey)));
        let strangers = SignerFile::from_pkcs8(&made.signer_key_pkcs8_der, None, vec![other.signer_certificate_der]);
        assert!(matches!(strangers, Err(SignerFileError::NoCertificate(1))));
        let damaged = SignerFile::from_pkcs8(&made.signer_key_pkcs8_der, None, vec![vec![1, 2, 3]]);
        assert!(matches!(damaged, Err(SignerFileError::Certificate(_))));
    }
}
