//! X.509 certificates (RFC 5280) as far as sealing and verifying need them: P-384, strict DER, no exceptions.

pub(crate) mod path;

use der::asn1::ObjectIdentifier;
use der::referenced::OwnedToRef as _;
use der::{Decode as _, Encode as _};
use p384::ecdsa::VerifyingKey;
use thiserror::Error;
use time::OffsetDateTime;
use x509_cert::certificate::Version;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage};
use x509_cert::name::Name;

use crate::ecdsa_signature;
use crate::signer::PublicKey;

/// ecdsa-with-SHA384 (RFC 5758, 3.2).
pub(crate) const ECDSA_WITH_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
const BASIC_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.19");
const KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.15");
const EXTENDED_KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37");
const NAME_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.30");
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");

/// The purposes of an extended key usage under which documents are signed: any (RFC 5280, 4.2.1.12), the protection of mail, which stood
/// for documents before they had their own, that of RFC 9336, and those of Adobe and Microsoft.
const DOCUMENT_PURPOSES: [ObjectIdentifier; 5] = [
    ObjectIdentifier::new_unwrap("2.5.29.37.0"),
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.4"),
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.36"),
    ObjectIdentifier::new_unwrap("1.2.840.113583.1.1.5"),
    ObjectIdentifier::new_unwrap("1.3.6.1.4.1.311.10.3.12"),
];

/// Why a certificate cannot play the part it is given.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum CertificateFault {
    /// The bytes are no X.509 certificate.
    #[error("it is no X.509 certificate in DER")]
    Unreadable(#[source] der::Error),
    /// The bytes are a certificate, but not in the only form that DER allows, or not of version 3.
    #[error("it is no canonical X.509 certificate of version 3")]
    NotCanonical,
    /// An extension is damaged or stands twice.
    #[error("its extensions are damaged")]
    DamagedExtension,
    /// The key is of another kind or curve than P-384.
    #[error("its key is not of the curve P-384")]
    NotP384,
    /// It is used before its first second.
    #[error("it is not valid before {0}")]
    NotYetValid(OffsetDateTime),
    /// It is used after its last second.
    #[error("it is not valid after {0}")]
    Expired(OffsetDateTime),
    /// Key usage digitalSignature (RFC 5280, 4.2.1.3) is missing.
    #[error("it lacks the key usage digitalSignature")]
    NoDigitalSignature,
    /// Key usage nonRepudiation, also called contentCommitment (RFC 5280, 4.2.1.3), is missing.
    #[error("it lacks the key usage nonRepudiation")]
    NoNonRepudiation,
    /// The certificate of a certification authority was given as a signer's.
    #[error("it is the certificate of a certification authority")]
    IsAuthority,
    /// A certificate that issued another one is not that of a certification authority (RFC 5280, 4.2.1.9 and 4.2.1.3).
    #[error("it is not the certificate of a certification authority that may issue certificates")]
    NotAuthority,
    /// More authorities lie below than its pathLenConstraint (RFC 5280, 4.2.1.9) allows.
    #[error("it does not allow so many authorities below itself")]
    PathTooLong,
    /// A critical extension that this crate does not know; RFC 5280, 4.2 demands refusal.
    #[error("it has the unknown critical extension {0}")]
    UnknownCriticalExtension(String),
    /// Its extended key usage (RFC 5280, 4.2.1.12) is for something else than documents, such as servers or programs.
    #[error("its extended key usage is not for documents")]
    OtherPurpose,
    /// An authority that may issue under certain names only (RFC 5280, 4.2.1.10); whether it kept to them is not judged here.
    #[error("it may issue certificates of certain names only")]
    NameConstraints,
    /// The common name is not the lawful one.
    #[error("its common name is {found:?}, not {lawful}", lawful = crate::LAWFUL_SIGNER_NAME)]
    OtherName {
        /// The common name found; `None` when there is none, or more than one.
        found: Option<String>,
    },
}

/// A certificate whose bytes are the only DER encoding of its contents.
#[derive(Clone, Debug)]
pub(crate) struct Certificate {
    der: Vec<u8>,
    tbs_der: Vec<u8>,
    parsed: x509_cert::Certificate,
    public_key: Option<PublicKey>,
    constraints: Option<BasicConstraints>,
    usage: Option<KeyUsage>,
    purposes: Option<Vec<ObjectIdentifier>>,
}

impl Certificate {
    /// Reads a certificate; refuses every encoding but the canonical one, so that equal contents mean equal bytes.
    pub(crate) fn from_der(bytes: &[u8]) -> Result<Self, CertificateFault> {
        let parsed = x509_cert::Certificate::from_der(bytes).map_err(CertificateFault::Unreadable)?;
        let tbs = parsed.tbs_certificate();
        let encoded = parsed.to_der().map_err(CertificateFault::Unreadable)?;
        if encoded != bytes || tbs.version() != Version::V3 {
            return Err(CertificateFault::NotCanonical);
        }
        let tbs_der = tbs.to_der().map_err(CertificateFault::Unreadable)?;
        let public_key = VerifyingKey::try_from(tbs.subject_public_key_info().owned_to_ref()).ok();
        let constraints = tbs.get_extension::<BasicConstraints>().map_err(|_| CertificateFault::DamagedExtension)?;
        let usage = tbs.get_extension::<KeyUsage>().map_err(|_| CertificateFault::DamagedExtension)?;
        let purposes = tbs.get_extension::<ExtendedKeyUsage>().map_err(|_| CertificateFault::DamagedExtension)?;
        Ok(Self {
            der: encoded,
            tbs_der,
            public_key: public_key.map(PublicKey::from),
            constraints: constraints.map(|(_critical, value)| value),
            usage: usage.map(|(_critical, value)| value),
            purposes: purposes.map(|(_critical, value)| value.0),
            parsed,
        })
    }

    /// The bytes of the certificate.
    pub(crate) fn der(&self) -> &[u8] {
        &self.der
    }

    /// The whole parsed certificate.
    pub(crate) fn parsed(&self) -> &x509_cert::Certificate {
        &self.parsed
    }

    /// The key, if it is of the curve P-384.
    pub(crate) fn public_key(&self) -> Option<PublicKey> {
        self.public_key
    }

    /// The common name of the subject; `None` when there is none, or more than one.
    pub(crate) fn common_name(&self) -> Option<String> {
        let subject = self.parsed.tbs_certificate().subject();
        let mut names = subject.iter().filter(|attribute| attribute.oid == COMMON_NAME);
        let only = names.next()?;
        if names.next().is_some() {
            return None;
        }
        let text = x509_cert::ext::pkix::name::DirectoryString::try_from(&only.value).ok()?;
        Some(text.value().into_owned())
    }

    /// Last second of the validity period.
    pub(crate) fn not_after(&self) -> OffsetDateTime {
        moment(self.parsed.tbs_certificate().validity().not_after)
    }

    fn not_before(&self) -> OffsetDateTime {
        moment(self.parsed.tbs_certificate().validity().not_before)
    }

    fn subject(&self) -> &Name {
        self.parsed.tbs_certificate().subject()
    }

    /// Whether `issuer` is named as the issuer of this certificate and its key signed it (ecdsa-with-SHA384).
    pub(crate) fn is_issued_by(&self, issuer: &Self) -> bool {
        let tbs = self.parsed.tbs_certificate();
        let algorithm = self.parsed.signature_algorithm();
        if tbs.issuer() != issuer.subject()
            || algorithm != tbs.signature()
            || algorithm.oid != ECDSA_WITH_SHA384
            || algorithm.parameters.is_some()
        {
            return false;
        }
        let Some(signature) = self.parsed.signature().as_bytes().and_then(ecdsa_signature::parse_der) else {
            return false;
        };
        issuer.public_key.is_some_and(|key| key.verifies(&self.tbs_der, &signature))
    }

    /// Whether this is the certificate of the authority of `anchor`, or another one of the same name and key that this key itself signed.
    pub(crate) fn is_of_authority(&self, anchor: &Self) -> bool {
        let same = self.subject() == anchor.subject() && self.public_key.is_some() && self.public_key == anchor.public_key;
        self.der() == anchor.der() || (same && self.is_issued_by(anchor))
    }

    /// The first thing that forbids this certificate to sign documents, its time of validity and its name aside.
    pub(crate) fn check_signer(&self) -> Result<(), CertificateFault> {
        self.check_common()?;
        if self.constraints.as_ref().is_some_and(|value| value.ca) {
            return Err(CertificateFault::IsAuthority);
        }
        // A certificate without the extension would be fit for everything (RFC 5280); a signer's must say what it is for.
        if !self.usage.is_some_and(|usage| usage.digital_signature()) {
            return Err(CertificateFault::NoDigitalSignature);
        }
        if !self.usage.is_some_and(|usage| usage.non_repudiation()) {
            return Err(CertificateFault::NoNonRepudiation);
        }
        Ok(())
    }

    /// The first thing that forbids this certificate to be an issuer with `authorities_below` further authorities
    /// between itself and the signer, its time of validity aside.
    pub(crate) fn check_authority(&self, authorities_below: usize) -> Result<(), CertificateFault> {
        self.check_common()?;
        let Some(constraints) = self.constraints.as_ref().filter(|value| value.ca) else {
            return Err(CertificateFault::NotAuthority);
        };
        if !self.usage.is_some_and(|usage| usage.key_cert_sign()) {
            return Err(CertificateFault::NotAuthority);
        }
        // Critical or not: RFC 5280, 4.2.1.10 wants it critical, and whoever leaves that out means it all the same.
        if self.extensions().any(|extension| extension.extn_id == NAME_CONSTRAINTS) {
            return Err(CertificateFault::NameConstraints);
        }
        if constraints.path_len_constraint.is_some_and(|limit| authorities_below > usize::from(limit)) {
            return Err(CertificateFault::PathTooLong);
        }
        Ok(())
    }

    /// Whether `at` lies in the validity period, both ends included (RFC 5280, 4.1.2.5).
    pub(crate) fn check_time(&self, at: OffsetDateTime) -> Result<(), CertificateFault> {
        if at < self.not_before() {
            return Err(CertificateFault::NotYetValid(self.not_before()));
        }
        if at > self.not_after() {
            return Err(CertificateFault::Expired(self.not_after()));
        }
        Ok(())
    }

    /// Whether the common name is the lawful one.
    pub(crate) fn check_name(&self) -> Result<(), CertificateFault> {
        let found = self.common_name();
        if found.as_deref() == Some(crate::LAWFUL_SIGNER_NAME) {
            return Ok(());
        }
        Err(CertificateFault::OtherName { found })
    }

    fn check_common(&self) -> Result<(), CertificateFault> {
        if self.public_key.is_none() {
            return Err(CertificateFault::NotP384);
        }
        if let Some(purposes) = &self.purposes
            && !purposes.iter().any(|purpose| DOCUMENT_PURPOSES.contains(purpose))
        {
            return Err(CertificateFault::OtherPurpose);
        }
        let known = [BASIC_CONSTRAINTS, KEY_USAGE, EXTENDED_KEY_USAGE, NAME_CONSTRAINTS];
        match self.extensions().find(|extension| extension.critical && !known.contains(&extension.extn_id)) {
            Some(extension) => Err(CertificateFault::UnknownCriticalExtension(extension.extn_id.to_string())),
            None => Ok(()),
        }
    }

    fn extensions(&self) -> impl Iterator<Item = &Extension> {
        self.parsed.tbs_certificate().extensions().into_iter().flatten()
    }
}

/// A time of X.509, which has whole seconds in UTC from 1970 to 9999.
fn moment(time: x509_cert::time::Time) -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + time.to_unix_duration()
}
