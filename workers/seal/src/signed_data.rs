//! The one shape of a document's signature: CMS SignedData (RFC 5652) at the level PAdES B-B (ETSI EN 319 142-1, 6).
//!
//! One signer, ECDSA on P-384 over SHA-384, signed attributes content-type, message-digest and signing-certificate-v2
//! (RFC 5035), and no signing-time, since that stands in the signature dictionary. signing-certificate-v2 lists every
//! certificate of the signature, the signer's first (ETSI EN 319 122-1, 5.2.2), since nothing else binds those beside it.
//! Writing is a pure function of certificates, digest and signature value, which lets [`read`] demand that a signature
//! has exactly these bytes.

mod der_writing;
mod listing;

use cms::cert::CertificateChoices;
use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData, SignerIdentifier, SignerInfo};
use der::asn1::{Any, ObjectIdentifier, OctetString};
use der::{Decode as _, Encode as _};
use p384::ecdsa::Signature;
use thiserror::Error;

use crate::certificate::{Certificate, CertificateFault, ECDSA_WITH_SHA384};
use crate::ecdsa_signature;
use der_writing::{object_identifier, sequence, set_of, tagged};

const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");

/// `INTEGER 1`, the version of SignedData and SignerInfo here (RFC 5652, 5.1 and 5.3).
const VERSION_1: [u8; 3] = [0x02, 0x01, 0x01];
const OCTET_STRING: u8 = 0x04;
const SET: u8 = 0x31;
/// `[0]`, constructed: explicit content, implicit certificates, implicit signed attributes.
const CONTEXT_0: u8 = 0xa0;

/// More certificates than this in one signature are refused.
const MAX_CERTIFICATES: usize = 6;

/// Everything of a signature that depends on the signer alone, encoded once.
#[derive(Clone, Debug)]
pub(crate) struct Envelope {
    sha384: Vec<u8>,
    content_type: Vec<u8>,
    signing_certificate: Vec<u8>,
    certificates: Vec<u8>,
    signer_identifier: Vec<u8>,
}

impl Envelope {
    /// Prepares signatures of `signer` that carry its certificate and `beside`, and list them in this order.
    pub(crate) fn new(signer: &Certificate, beside: &[Certificate]) -> der::Result<Self> {
        let sha384 = sequence(&[&object_identifier(SHA384)?]);
        let tbs = signer.parsed().tbs_certificate();
        let all = || std::iter::once(signer).chain(beside);
        Ok(Self {
            content_type: attribute(CONTENT_TYPE, &object_identifier(DATA)?)?,
            signing_certificate: attribute(SIGNING_CERTIFICATE_V2, &listing::write(&sha384, all()))?,
            certificates: set_of(CONTEXT_0, all().map(|certificate| certificate.der().to_vec()).collect()),
            signer_identifier: sequence(&[&tbs.issuer().to_der()?, &tbs.serial_number().to_der()?]),
            sha384,
        })
    }

    /// The signed attributes for a document with this digest, as the `SET OF` over which the signature is made
    /// (RFC 5652, 5.4).
    pub(crate) fn signed_attributes(&self, digest: &[u8; 48]) -> der::Result<Vec<u8>> {
        let digest = attribute(MESSAGE_DIGEST, &tagged(OCTET_STRING, &[digest]))?;
        Ok(set_of(SET, vec![self.content_type.clone(), digest, self.signing_certificate.clone()]))
    }

    /// The finished ContentInfo from the signed attributes and the signature over them.
    pub(crate) fn content_info(&self, signed_attributes: &[u8], signature: &Signature) -> der::Result<Vec<u8>> {
        // The attributes are signed as a SET but stand in the file under the implicit tag [0].
        let mut attributes = signed_attributes.to_vec();
        if let Some(tag) = attributes.first_mut() {
            *tag = CONTEXT_0;
        }
        let signer_info = sequence(&[
            &VERSION_1,
            &self.signer_identifier,
            &self.sha384,
            &attributes,
            &sequence(&[&object_identifier(ECDSA_WITH_SHA384)?]),
            &tagged(OCTET_STRING, &[signature.to_der().as_bytes()]),
        ]);
        let signed_data = sequence(&[
            &VERSION_1,
            &tagged(SET, &[&self.sha384]),
            &sequence(&[&object_identifier(DATA)?]),
            &self.certificates,
            &tagged(SET, &[&signer_info]),
        ]);
        Ok(sequence(&[&object_identifier(SIGNED_DATA)?, &tagged(CONTEXT_0, &[&signed_data])]))
    }
}

/// `Attribute { attrType, attrValues { value } }` (RFC 5652, 5.3).
fn attribute(kind: ObjectIdentifier, value: &[u8]) -> der::Result<Vec<u8>> {
    Ok(sequence(&[&object_identifier(kind)?, &tagged(SET, &[value])]))
}

/// Why bytes are no signature of the shape that this crate writes.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub(crate) enum ReadFault {
    #[error("it is no CMS SignedData")]
    Unreadable(#[source] der::Error),
    #[error("it does not have exactly one signer with a certificate")]
    OneSigner,
    #[error("one of its certificates is refused")]
    Certificate(#[source] CertificateFault),
    #[error("it has no message digest of SHA-384")]
    Digest,
    #[error("it does not list its certificates by their SHA-384")]
    NoListing,
    #[error("its certificates are not those that its signer listed")]
    OtherCertificates,
    #[error("its signature value is no canonical one of the curve P-384")]
    SignatureValue,
    #[error("its bytes are not those that its contents must have")]
    OtherBytes,
}

/// A signature whose bytes are those that [`Envelope`] writes for its contents. Nothing is verified yet.
#[derive(Clone, Debug)]
pub(crate) struct ReadSignature {
    /// The certificate of the signer.
    pub(crate) signer: Certificate,
    /// The other certificates, in the order in which the signer listed them.
    pub(crate) beside: Vec<Certificate>,
    /// The digest of the document that was signed.
    pub(crate) digest: [u8; 48],
    signed_attributes: Vec<u8>,
    signature: Signature,
}

impl ReadSignature {
    /// Whether the signature value was made by the key of the signer's certificate.
    pub(crate) fn is_made_by_signer(&self) -> bool {
        self.signer.public_key().is_some_and(|key| key.verifies(&self.signed_attributes, &self.signature))
    }
}

/// Reads a signature, and refuses it unless writing its contents anew gives the same bytes.
pub(crate) fn read(bytes: &[u8]) -> Result<ReadSignature, ReadFault> {
    let signed_data =
        ContentInfo::from_der(bytes).and_then(|info| info.content.decode_as::<SignedData>()).map_err(ReadFault::Unreadable)?;
    let [signer_info] = signed_data.signer_infos.0.as_slice() else {
        return Err(ReadFault::OneSigner);
    };
    let (signer, beside) = certificates(&signed_data, signer_info)?;
    let listed = attribute_value(signer_info, SIGNING_CERTIFICATE_V2).and_then(listing::read).ok_or(ReadFault::NoListing)?;
    let beside = listing::ordered(&listed, &signer, beside).ok_or(ReadFault::OtherCertificates)?;
    let digest = message_digest(signer_info).ok_or(ReadFault::Digest)?;
    let signature =
        ecdsa_signature::parse_der(signer_info.signature.as_bytes()).filter(ecdsa_signature::is_low_s).ok_or(ReadFault::SignatureValue)?;

    let envelope = Envelope::new(&signer, &beside).map_err(ReadFault::Unreadable)?;
    let signed_attributes = envelope.signed_attributes(&digest).map_err(ReadFault::Unreadable)?;
    let rewritten = envelope.content_info(&signed_attributes, &signature).map_err(ReadFault::Unreadable)?;
    if rewritten != bytes {
        return Err(ReadFault::OtherBytes);
    }
    Ok(ReadSignature { signer, beside, digest, signed_attributes, signature })
}

/// The signer's certificate and the others of the set.
fn certificates(signed_data: &SignedData, signer_info: &SignerInfo) -> Result<(Certificate, Vec<Certificate>), ReadFault> {
    let SignerIdentifier::IssuerAndSerialNumber(identifier) = &signer_info.sid else {
        return Err(ReadFault::OneSigner);
    };
    let set = signed_data.certificates.as_ref().ok_or(ReadFault::OneSigner)?;
    if set.0.len() > MAX_CERTIFICATES {
        return Err(ReadFault::OneSigner);
    }
    let mut signer = None;
    let mut beside = Vec::new();
    for choice in set.0.iter() {
        let CertificateChoices::Certificate(parsed) = choice else {
            return Err(ReadFault::OneSigner);
        };
        let bytes = parsed.to_der().map_err(ReadFault::Unreadable)?;
        let certificate = Certificate::from_der(&bytes).map_err(ReadFault::Certificate)?;
        let tbs = parsed.tbs_certificate();
        let is_signer = *tbs.issuer() == identifier.issuer && *tbs.serial_number() == identifier.serial_number;
        if is_signer && signer.is_none() {
            signer = Some(certificate);
        } else {
            beside.push(certificate);
        }
    }
    Ok((signer.ok_or(ReadFault::OneSigner)?, beside))
}

/// The value of the attribute message-digest, if there is one of 48 bytes.
fn message_digest(signer_info: &SignerInfo) -> Option<[u8; 48]> {
    let digest = attribute_value(signer_info, MESSAGE_DIGEST)?.decode_as::<OctetString>().ok()?;
    digest.as_bytes().try_into().ok()
}

/// The first value of a signed attribute.
fn attribute_value(signer_info: &SignerInfo, kind: ObjectIdentifier) -> Option<&Any> {
    let attributes = signer_info.signed_attrs.as_ref()?;
    attributes.iter().find(|attribute| attribute.oid == kind)?.values.get(0)
}
