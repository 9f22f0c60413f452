//! Issuing one certificate from a plan of its contents.

use der::flagset::FlagSet;
use der::{Decode as _, Encode as _};
use p384::ecdsa::DerSignature;
use rand::CryptoRng;
use spki::{SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef};
use time::OffsetDateTime;
use x509_cert::TbsCertificate;
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{Builder as _, CertificateBuilder, Result as BuilderResult};
use x509_cert::ext::pkix::{AuthorityKeyIdentifier, BasicConstraints, KeyUsage, KeyUsages, SubjectKeyIdentifier};
use x509_cert::ext::{Extension, ToExtension as _};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::{Time, Validity};

use super::TestAuthorityError;
use crate::signer::{P384Signer, PublicKey};

/// The contents of a certificate; every one of them can be wrong, since tests need wrong certificates.
#[derive(Clone, Debug)]
pub(crate) struct CertificatePlan {
    pub(crate) subject: Name,
    pub(crate) issuer: Name,
    pub(crate) not_before: OffsetDateTime,
    pub(crate) not_after: OffsetDateTime,
    pub(crate) constraints: BasicConstraints,
    pub(crate) usages: FlagSet<KeyUsages>,
    pub(crate) further_extensions: Vec<Extension>,
}

/// Issues the planned certificate for `public_key` with `issuer_key`, under a random serial number.
pub(crate) fn issue<R: CryptoRng + ?Sized>(
    plan: CertificatePlan,
    public_key: PublicKey,
    issuer_key: &P384Signer,
    rng: &mut R,
) -> Result<Vec<u8>, TestAuthorityError> {
    let spki = public_key.to_spki_der().map_err(TestAuthorityError::Key)?;
    issue_for_spki(plan, &spki, issuer_key, rng)
}

/// As [`issue`], for a key of any kind.
pub(crate) fn issue_for_spki<R: CryptoRng + ?Sized>(
    plan: CertificatePlan,
    spki_der: &[u8],
    issuer_key: &P384Signer,
    rng: &mut R,
) -> Result<Vec<u8>, TestAuthorityError> {
    let spki = SubjectPublicKeyInfoOwned::from_der(spki_der).map_err(TestAuthorityError::Encode)?;
    let validity = Validity::new(time_of(plan.not_before)?, time_of(plan.not_after)?);
    let certificate = CertificateBuilder::new(plan, SerialNumber::generate(rng), validity, spki)
        .and_then(|builder| builder.build::<_, DerSignature>(issuer_key.signing_key()))
        .map_err(TestAuthorityError::Certificate)?;
    certificate.to_der().map_err(TestAuthorityError::Encode)
}

/// UTCTime to 2049, GeneralizedTime from 2050 (RFC 5280, 4.1.2.5).
fn time_of(moment: OffsetDateTime) -> Result<Time, TestAuthorityError> {
    let out_of_range = || TestAuthorityError::Encode(der::ErrorKind::DateTime.into());
    let seconds = u64::try_from(moment.unix_timestamp()).map_err(|_| out_of_range())?;
    der::DateTime::from_unix_duration(std::time::Duration::from_secs(seconds)).map(Time::from).map_err(TestAuthorityError::Encode)
}

impl BuilderProfile for CertificatePlan {
    fn get_issuer(&self, _subject: &Name) -> Name {
        self.issuer.clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        subject_key: SubjectPublicKeyInfoRef<'_>,
        issuer_key: SubjectPublicKeyInfoRef<'_>,
        tbs: &TbsCertificate,
    ) -> BuilderResult<Vec<Extension>> {
        let subject = tbs.subject();
        let mut extensions = vec![
            (&self.constraints).to_extension(subject, &[])?,
            (&KeyUsage(self.usages)).to_extension(subject, &[])?,
            (&SubjectKeyIdentifier::try_from(subject_key)?).to_extension(subject, &[])?,
            (&AuthorityKeyIdentifier::try_from(issuer_key)?).to_extension(subject, &[])?,
        ];
        extensions.extend(self.further_extensions.iter().cloned());
        Ok(extensions)
    }
}
