//! The signed list: a CBOR Web Token (RFC 8392) of the type `application/statuslist+cwt`, COSE_Sign1 with ES384.

use thiserror::Error;
use time::{Duration, OffsetDateTime};

use super::list::{BITS, StatusList};
use crate::cbor::{self, Major, Reader};
use crate::cose::{NotSigned, SignedMessage};
use crate::signer::{PublicKey, SignError, Signer};

/// The type in the protected header, which is the media type, too.
pub const MEDIA_TYPE: &str = "application/statuslist+cwt";

/// The largest token that is read: a list that does not compress at all, and its frame.
pub const MAX_TOKEN_BYTES: usize = 300 * 1024;

/// Claims (RFC 8392, 4 and the draft's registrations), in ascending order.
const SUBJECT: i64 = 2;
const EXPIRES: i64 = 4;
const ISSUED: i64 = 6;
const STATUS_LIST: i64 = 65_533;
const TIME_TO_LIVE: i64 = 65_534;

/// What a token says of its list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListClaims {
    /// Address of the list, which names its number, too.
    pub subject: String,
    /// When the list was made; whole seconds.
    pub issued_at: OffsetDateTime,
    /// A newer list is to be fetched after this.
    pub fresh_until: OffsetDateTime,
    /// Nobody may rely on the list after this.
    pub expires_at: OffsetDateTime,
}

/// A list was not signed, or is not to be believed.
#[derive(Debug, Error)]
pub enum StatusListError {
    /// The times do not follow one another, or the address is empty.
    #[error("a status list needs an address, and its times must follow one another")]
    Claims,
    /// The key did not sign.
    #[error("the status list was not signed")]
    Sign(#[source] SignError),
    /// What the key gave back is no ECDSA signature of the curve P-384.
    #[error("key {0} gave back no ECDSA signature of the curve P-384")]
    NoSignature(String),
    /// The bytes are no status list of ours.
    #[error("the bytes are no signed status list")]
    Unreadable,
    /// The signature was not made by the given key over this list.
    #[error("the status list's signature is wrong")]
    SignatureWrong,
}

/// Signs a list.
///
/// # Errors
/// [`StatusListError::Claims`], [`StatusListError::Sign`] or [`StatusListError::NoSignature`].
pub fn sign(list: &StatusList, claims: &ListClaims, signer: &dyn Signer) -> Result<Vec<u8>, StatusListError> {
    let in_order =
        claims.issued_at <= claims.fresh_until && claims.fresh_until <= claims.expires_at && 0 <= claims.issued_at.unix_timestamp();
    if claims.subject.is_empty() || !in_order {
        return Err(StatusListError::Claims);
    }
    let mut payload = Vec::new();
    cbor::push_head(&mut payload, Major::Map, 5);
    cbor::push_integer(&mut payload, SUBJECT);
    cbor::push_text(&mut payload, &claims.subject);
    cbor::push_integer(&mut payload, EXPIRES);
    cbor::push_integer(&mut payload, claims.expires_at.unix_timestamp());
    cbor::push_integer(&mut payload, ISSUED);
    cbor::push_integer(&mut payload, claims.issued_at.unix_timestamp());
    cbor::push_integer(&mut payload, STATUS_LIST);
    cbor::push_head(&mut payload, Major::Map, 2);
    cbor::push_text(&mut payload, "bits");
    cbor::push_head(&mut payload, Major::Unsigned, BITS);
    cbor::push_text(&mut payload, "lst");
    cbor::push_bytes(&mut payload, &list.compressed());
    cbor::push_integer(&mut payload, TIME_TO_LIVE);
    cbor::push_integer(&mut payload, (claims.fresh_until - claims.issued_at).whole_seconds());
    match SignedMessage::sign(payload, Some(MEDIA_TYPE), signer) {
        Ok(message) => Ok(message.to_cbor()),
        Err(NotSigned::Sign(source)) => Err(StatusListError::Sign(source)),
        Err(NotSigned::NoSignature(key_id)) => Err(StatusListError::NoSignature(key_id)),
    }
}

/// A list as it was read, not yet to be believed.
#[derive(Debug, Clone)]
pub struct SignedStatusList {
    message: SignedMessage,
    claims: ListClaims,
    list: StatusList,
}

impl SignedStatusList {
    /// Reads a token.
    ///
    /// # Errors
    /// [`StatusListError::Unreadable`] unless it has exactly the form that [`sign`] writes.
    pub fn read(bytes: &[u8]) -> Result<Self, StatusListError> {
        if MAX_TOKEN_BYTES < bytes.len() {
            return Err(StatusListError::Unreadable);
        }
        let message = SignedMessage::from_cbor(bytes, Some(MEDIA_TYPE)).ok_or(StatusListError::Unreadable)?;
        let (claims, list) = payload(message.payload()).ok_or(StatusListError::Unreadable)?;
        Ok(Self { message, claims, list })
    }

    /// The key that the list claims to be signed with.
    #[must_use]
    pub fn key_id(&self) -> &str {
        self.message.key_id()
    }

    /// The list with its claims, if `public_key` signed it. Whether it has expired is for the caller to say.
    ///
    /// # Errors
    /// [`StatusListError::SignatureWrong`] otherwise.
    pub fn verify(&self, public_key: &PublicKey) -> Result<(&ListClaims, &StatusList), StatusListError> {
        if self.message.is_signed_by(public_key) { Ok((&self.claims, &self.list)) } else { Err(StatusListError::SignatureWrong) }
    }
}

fn payload(bytes: &[u8]) -> Option<(ListClaims, StatusList)> {
    let mut reader = Reader::new(bytes);
    let claim = |reader: &mut Reader<'_>, expected: i64| (reader.integer()? == expected).then_some(());
    (reader.head(Major::Map)? == 5).then_some(())?;
    claim(&mut reader, SUBJECT)?;
    let subject = reader.text()?.to_owned();
    claim(&mut reader, EXPIRES)?;
    let expires_at = moment(reader.integer()?)?;
    claim(&mut reader, ISSUED)?;
    let issued_at = moment(reader.integer()?)?;
    claim(&mut reader, STATUS_LIST)?;
    (reader.head(Major::Map)? == 2 && reader.text()? == "bits" && reader.head(Major::Unsigned)? == BITS && reader.text()? == "lst")
        .then_some(())?;
    let list = StatusList::unfolded(reader.bytes()?)?;
    claim(&mut reader, TIME_TO_LIVE)?;
    let fresh_until = issued_at.checked_add(Duration::seconds(reader.integer()?))?;
    (reader.is_at_end() && issued_at <= fresh_until && fresh_until <= expires_at).then_some(())?;
    Some((ListClaims { subject, issued_at, fresh_until, expires_at }, list))
}

fn moment(seconds: i64) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp(seconds).ok()
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;
    use rand::rngs::StdRng;
    use time::macros::datetime;

    use super::super::VersionStatus;
    use super::*;
    use crate::P384Signer;

    fn claims() -> ListClaims {
        ListClaims {
            subject: "https://ecert.example/statuslists/1".into(),
            issued_at: datetime!(2018-11-05 09:30:00 UTC),
            fresh_until: datetime!(2018-11-05 10:30:00 UTC),
            expires_at: datetime!(2018-11-12 09:30:00 UTC),
        }
    }

    fn signer(seed: u64) -> P384Signer {
        P384Signer::generate("status-1", &mut StdRng::seed_from_u64(seed))
    }

    #[test]
    fn a_list_is_believed_from_its_own_key_only() {
        let mut list = StatusList::default();
        list.set(77, VersionStatus::Suspended);
        let token = sign(&list, &claims(), &signer(1)).unwrap();
        let read = SignedStatusList::read(&token).unwrap();
        assert_eq!(read.key_id(), "status-1");
        let (said, statuses) = read.verify(&signer(1).public_key()).unwrap();
        assert_eq!((said, statuses.get(77), statuses.get(78)), (&claims(), Some(VersionStatus::Suspended), Some(VersionStatus::Valid)));
        assert!(matches!(read.verify(&signer(2).public_key()), Err(StatusListError::SignatureWrong)));
    }

    #[test]
    fn no_byte_of_a_token_can_be_another() {
        let mut list = StatusList::default();
        list.set(77, VersionStatus::Invalid);
        let (token, key) = (sign(&list, &claims(), &signer(1)).unwrap(), signer(1).public_key());
        for at in 0..token.len() {
            let mut changed = token.clone();
            changed[at] ^= 1;
            assert!(
                SignedStatusList::read(&changed).is_err() || SignedStatusList::read(&changed).unwrap().verify(&key).is_err(),
                "byte {at}"
            );
        }
        for length in 0..token.len() {
            assert!(SignedStatusList::read(&token[..length]).is_err(), "the first {length} bytes");
        }
        assert!(SignedStatusList::read(&[token.as_slice(), &[0]].concat()).is_err());
    }

    #[test]
    fn claims_that_cannot_be_are_not_signed() {
        let refused = |claims: ListClaims| matches!(sign(&StatusList::default(), &claims, &signer(1)), Err(StatusListError::Claims));
        assert!(refused(ListClaims { subject: String::new(), ..claims() }));
        assert!(refused(ListClaims { fresh_until: datetime!(2018-11-04 0:00 UTC), ..claims() }));
        assert!(refused(ListClaims { expires_at: datetime!(2018-11-05 10:00 UTC), ..claims() }));
    }

    #[test]
    fn the_frame_is_that_of_the_draft() {
        let token = sign(&StatusList::default(), &claims(), &signer(1)).unwrap();
        // Tag 18, an array of four, a protected header with alg -35, kid and the type.
        assert_eq!(token[..2], [0xd2, 0x84]);
        let typed = [&[0x10, 0x78, 0x1a][..], b"application/statuslist+cwt"].concat();
        assert!(token.windows(typed.len()).any(|window| window == typed));
    }
}
