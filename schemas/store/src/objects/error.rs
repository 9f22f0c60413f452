//! Why an object could not be written or read, told without repeating what the store's library repeats.

use std::error::Error;
use std::io;

/// Why an object could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum ObjectError {
    /// A file could not be read or written: missing rights, a full disk, a missing object.
    #[error("{action} {place}")]
    Io {
        /// What was tried.
        action: &'static str,
        /// On which file or object.
        place: String,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
    /// The store's service refused or did not answer.
    #[error("{action} {place}")]
    Service {
        /// What was tried.
        action: &'static str,
        /// On which object.
        place: String,
        /// Why it failed.
        #[source]
        source: ServiceError,
    },
    /// The content is not that of the object's name.
    #[error("{0} does not have the content that its name says; restore it from a backup")]
    Damaged(String),
    /// The file that is to be stored is not the one that was looked at.
    #[error("{0} changed while it was read; deliver it again when it is complete")]
    Changed(String),
    /// The store's address is none.
    #[error("\"{0}\" is no address of an object store; write s3://BUCKET or s3://BUCKET/FOLDER")]
    Address(String),
    /// Nobody said with which key the store is to be used.
    #[error("the object store {0} needs a key; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment")]
    NoCredentials(String),
    /// The store cannot be set up: credentials that cannot be, an endpoint that is no URL.
    #[error("the object store {0} cannot be used")]
    Settings(String, #[source] ServiceError),
}

/// What the store's library said, which repeats its causes by itself.
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
pub struct ServiceError {
    /// What kind of refusal it is, without any value.
    pub kind: &'static str,
    text: String,
}

impl ServiceError {
    /// Whether the service has no such object.
    #[must_use]
    pub fn not_found(&self) -> bool {
        self.kind == NOT_FOUND
    }
}

const NOT_FOUND: &str = "entity not found";

impl From<object_store::Error> for ServiceError {
    fn from(error: object_store::Error) -> Self {
        use object_store::Error as E;
        #[expect(clippy::wildcard_enum_match_arm, reason = "the library adds kinds as it likes, and only these have a word of their own")]
        let kind = match &error {
            E::NotFound { .. } => NOT_FOUND,
            E::AlreadyExists { .. } => "entity already exists",
            E::PermissionDenied { .. } => "permission denied",
            E::Unauthenticated { .. } => "the credentials are not accepted",
            E::NotSupported { .. } | E::NotImplemented { .. } => "the object store cannot do this",
            _ => "the object store does not answer as it should",
        };
        Self { kind, text: error.to_string() }
    }
}

/// The error of a file.
pub(super) fn of_file(action: &'static str, place: impl Into<String>) -> impl FnOnce(io::Error) -> ObjectError {
    let place = place.into();
    move |source| ObjectError::Io { action, place, source }
}

/// The error of an object; where the operating system refused, its own word.
pub(super) fn of_object(action: &'static str, place: impl Into<String>) -> impl FnOnce(object_store::Error) -> ObjectError {
    let place = place.into();
    move |source| match operating_system(&source) {
        Some(source) => ObjectError::Io { action, place, source },
        None => ObjectError::Service { action, place, source: source.into() },
    }
}

/// The operating system's error among the causes.
fn operating_system(error: &(dyn Error + 'static)) -> Option<io::Error> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(code) = error.downcast_ref::<io::Error>().and_then(io::Error::raw_os_error) {
            return Some(io::Error::from_raw_os_error(code));
        }
        cause = error.source();
    }
    None
}
