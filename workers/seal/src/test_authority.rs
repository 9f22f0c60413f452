//! A certification authority and a signer for demonstrations and tests. Nobody outside trusts it.

pub(crate) mod issuing;

use std::str::FromStr as _;

use rand::CryptoRng;
use thiserror::Error;
use time::{Duration, OffsetDateTime};
use x509_cert::ext::pkix::{BasicConstraints, KeyUsages};
use x509_cert::name::Name;
use zeroize::Zeroizing;

use crate::signer::{KeyError, P384Signer};
use issuing::CertificatePlan;

/// Ten years, in which the authority's certificate is valid.
const AUTHORITY_VALIDITY: Duration = Duration::days(3652);
/// Five years, in which the signer's certificate is valid.
const SIGNER_VALIDITY: Duration = Duration::days(1826);
/// Certificates begin a little before their making, for machines whose clocks lag.
const HEAD_START: Duration = Duration::days(1);

/// RFC 4514 writes names from the common name upwards.
const AUTHORITY_NAME: &str = "CN=ecert 测试根 CA (test root),O=ecert,C=CN";
const SIGNER_ORGANISATION: &str = "O=陕西省住房和城乡建设厅,C=CN";

/// The test authority could not be made.
#[derive(Debug, Error)]
pub enum TestAuthorityError {
    /// A key could not be read or written.
    #[error("a key of the test authority cannot be used")]
    Key(#[source] KeyError),
    /// A certificate could not be built.
    #[error("a certificate of the test authority cannot be built")]
    Certificate(#[source] x509_cert::builder::Error),
    /// A name or time could not be encoded.
    #[error("a certificate of the test authority cannot be encoded")]
    Encode(#[source] der::Error),
}

/// A root, and a signer under [`crate::LAWFUL_SIGNER_NAME`] that it issued.
#[derive(Clone, Debug)]
pub struct TestAuthority {
    /// The root's certificate: the anchor to trust.
    pub ca_certificate_der: Vec<u8>,
    /// The root's private key, PKCS#8.
    pub ca_key_pkcs8_der: Zeroizing<Vec<u8>>,
    /// The signer's certificate.
    pub signer_certificate_der: Vec<u8>,
    /// The signer's private key, PKCS#8.
    pub signer_key_pkcs8_der: Zeroizing<Vec<u8>>,
}

/// A further signer of a [`TestAuthority`].
#[derive(Clone, Debug)]
pub struct IssuedSigner {
    /// The signer's certificate.
    pub certificate_der: Vec<u8>,
    /// The signer's private key, PKCS#8.
    pub key_pkcs8_der: Zeroizing<Vec<u8>>,
}

impl TestAuthority {
    /// Makes a root (valid ten years) and a signer (valid five), both from the day before `now`.
    ///
    /// # Errors
    /// When `now` lies outside the years that certificates can name, or an encoder fails.
    pub fn create<R: CryptoRng + ?Sized>(rng: &mut R, now: OffsetDateTime) -> Result<Self, TestAuthorityError> {
        let root_key = P384Signer::generate("test root", rng);
        let root_name = Name::from_str(AUTHORITY_NAME).map_err(TestAuthorityError::Encode)?;
        let root = CertificatePlan {
            subject: root_name.clone(),
            issuer: root_name,
            not_before: now - HEAD_START,
            not_after: now + AUTHORITY_VALIDITY,
            constraints: BasicConstraints { ca: true, path_len_constraint: Some(1) },
            usages: KeyUsages::KeyCertSign | KeyUsages::CRLSign,
            further_extensions: Vec::new(),
        };
        let ca_certificate_der = issuing::issue(root, root_key.public_key(), &root_key, rng)?;
        let mut authority = Self {
            ca_certificate_der,
            ca_key_pkcs8_der: root_key.to_pkcs8_der().map_err(TestAuthorityError::Key)?,
            signer_certificate_der: Vec::new(),
            signer_key_pkcs8_der: Zeroizing::new(Vec::new()),
        };
        let signer = authority.issue_signer(rng, crate::LAWFUL_SIGNER_NAME, now - HEAD_START, now + SIGNER_VALIDITY)?;
        authority.signer_certificate_der = signer.certificate_der;
        authority.signer_key_pkcs8_der = signer.key_pkcs8_der;
        Ok(authority)
    }

    /// Issues a certificate for one more signer, under any common name and for any time: for rotation and refusals.
    ///
    /// # Errors
    /// When the name or the times cannot be encoded, or the root's key cannot be read.
    pub fn issue_signer<R: CryptoRng + ?Sized>(
        &self,
        rng: &mut R,
        common_name: &str,
        not_before: OffsetDateTime,
        not_after: OffsetDateTime,
    ) -> Result<IssuedSigner, TestAuthorityError> {
        let key = P384Signer::generate(common_name, rng);
        let plan = signer_plan(common_name, not_before, not_after)?;
        Ok(IssuedSigner {
            certificate_der: issuing::issue(plan, key.public_key(), &self.root_key()?, rng)?,
            key_pkcs8_der: key.to_pkcs8_der().map_err(TestAuthorityError::Key)?,
        })
    }

    pub(crate) fn root_key(&self) -> Result<P384Signer, TestAuthorityError> {
        P384Signer::from_pkcs8_der("test root", &self.ca_key_pkcs8_der).map_err(TestAuthorityError::Key)
    }
}

/// What a proper signer's certificate of the test root says.
pub(crate) fn signer_plan(
    common_name: &str,
    not_before: OffsetDateTime,
    not_after: OffsetDateTime,
) -> Result<CertificatePlan, TestAuthorityError> {
    let name = |text: &str| Name::from_str(text).map_err(TestAuthorityError::Encode);
    Ok(CertificatePlan {
        subject: name(&format!("CN={},{SIGNER_ORGANISATION}", escaped(common_name)))?,
        issuer: name(AUTHORITY_NAME)?,
        not_before,
        not_after,
        constraints: BasicConstraints { ca: false, path_len_constraint: None },
        usages: KeyUsages::DigitalSignature | KeyUsages::NonRepudiation,
        further_extensions: Vec::new(),
    })
}

/// Protects the characters that mean something in RFC 4514 (2.4).
fn escaped(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for character in value.chars() {
        if matches!(character, '"' | '+' | ',' | ';' | '<' | '>' | '\\' | '#' | '=') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}
