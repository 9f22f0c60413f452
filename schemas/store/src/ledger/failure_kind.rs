//! What kind of failure an error is: one that belongs to the items of a job, or one that all jobs would meet now.

use std::error::Error;
use std::io;

use super::FenceError;
use super::failure_text::{failure_text, failure_text_of_cause};
use crate::objects::ObjectError;

/// How far a failure reaches, and under which code it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailureKind {
    /// Stable, in kebab case.
    pub code: &'static str,
    /// Whom it meets.
    pub reach: Reach,
}

/// Whom a failure meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The items of the job: a chunk is halved until the bad one stands alone.
    Items,
    /// This attempt: the next one may well succeed with the same items.
    Attempt,
    /// Whatever needs the same now: the job waits until it is back and loses no attempt.
    Everything,
}

/// A context for errors of what a worker needs for any job of its kind: a signer that has expired, a key that does not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct Unavailable {
    /// Stable, in kebab case.
    pub code: &'static str,
    /// What is away, and what to do.
    pub what: &'static str,
}

/// An error whose words are known to hold nothing of a person, a row or a file: they may be told.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Told(String);

impl Told {
    /// The error and its causes in one line.
    #[must_use]
    pub fn of(error: &dyn Error) -> Self {
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            text = format!("{text}: {error}");
            cause = error.source();
        }
        Self(text)
    }
}

/// What kind of failure ended an attempt.
#[must_use]
pub fn failure_kind(error: &anyhow::Error) -> FailureKind {
    if let Some(Unavailable { code, .. }) = error.downcast_ref() {
        return everything(code);
    }
    error.chain().find_map(known).unwrap_or(FailureKind { code: "failed", reach: Reach::Items })
}

/// What is away, in words for the log, where the failure meets everything.
#[must_use]
pub fn outage(error: &anyhow::Error) -> Option<String> {
    (failure_kind(error).reach == Reach::Everything).then(|| failure_text(error))
}

/// The same of a database's error.
#[must_use]
pub fn outage_of_database(error: &sqlx::Error) -> Option<String> {
    (database(error).reach == Reach::Everything).then(|| failure_text_of_cause(error))
}

const fn everything(code: &'static str) -> FailureKind {
    FailureKind { code, reach: Reach::Everything }
}

fn known(error: &(dyn Error + 'static)) -> Option<FailureKind> {
    if let Some(error) = error.downcast_ref::<sqlx::Error>() {
        return Some(database(error));
    }
    if let Some(FenceError::Database(error)) = error.downcast_ref() {
        return Some(database(error));
    }
    error.downcast_ref::<ObjectError>().map(object)
}

fn database(error: &sqlx::Error) -> FailureKind {
    if let Some(refusal) = error.as_database_error() {
        let code = refusal.code().unwrap_or_default();
        return match (code.get(..2), code.as_ref()) {
            // Deadlocks and failed serialisations; a lock or a statement that took too long.
            (Some("40"), _) | (_, "55P03" | "57014") => FailureKind { code: "database-busy", reach: Reach::Attempt },
            // No connection, no room or memory, an operator's hand, a failing disk, a server that only reads.
            (Some("08" | "53" | "57" | "58"), _) | (_, "25006") => everything("database-away"),
            (Some(_) | None, _) => FailureKind { code: "database-refused", reach: Reach::Items },
        };
    }
    let away = matches!(
        error,
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed
    );
    if away { everything("database-away") } else { FailureKind { code: "database-refused", reach: Reach::Items } }
}

fn object(error: &ObjectError) -> FailureKind {
    let of_items = |code| FailureKind { code, reach: Reach::Items };
    match error {
        ObjectError::Damaged(_) => of_items("object-damaged"),
        ObjectError::Changed(_) => of_items("file-changed"),
        ObjectError::Io { source, .. } if source.kind() == io::ErrorKind::NotFound => of_items("object-missing"),
        ObjectError::Service { source, .. } if source.not_found() => of_items("object-missing"),
        ObjectError::Io { .. }
        | ObjectError::Service { .. }
        | ObjectError::Address(_)
        | ObjectError::NoCredentials(_)
        | ObjectError::Settings(..) => everything("object-store"),
    }
}

#[cfg(test)]
mod tests {
    use anyhow::Context as _;

    use super::*;

    fn of(error: impl Into<anyhow::Error>) -> FailureKind {
        let error = Err::<(), anyhow::Error>(error.into()).context("order").context("issue").unwrap_err();
        failure_kind(&error)
    }

    fn file(kind: io::ErrorKind) -> ObjectError {
        ObjectError::Io { action: "cannot write", place: "documents/ab".to_owned(), source: kind.into() }
    }

    #[test]
    fn what_is_away_meets_everything_and_a_bad_item_only_its_chunk() {
        assert_eq!(of(sqlx::Error::PoolTimedOut), everything("database-away"));
        assert_eq!(of(FenceError::Database(sqlx::Error::Io(io::ErrorKind::BrokenPipe.into()))), everything("database-away"));
        assert_eq!(of(file(io::ErrorKind::StorageFull)), everything("object-store"));
        assert_eq!(of(file(io::ErrorKind::NotFound)), FailureKind { code: "object-missing", reach: Reach::Items });
        assert_eq!(of(ObjectError::Damaged("photos/ab".to_owned())), FailureKind { code: "object-damaged", reach: Reach::Items });
        assert_eq!(of(anyhow::anyhow!("a bad item")), FailureKind { code: "failed", reach: Reach::Items });
        assert_eq!(of(sqlx::Error::RowNotFound), FailureKind { code: "database-refused", reach: Reach::Items });
    }

    #[test]
    fn a_worker_says_itself_what_it_needs() {
        let unavailable = Unavailable { code: "signer-expired", what: "the signer has expired" };
        let error = anyhow::Error::new(Told::of(&io::Error::other("at noon"))).context(unavailable).context("make");
        assert_eq!(failure_kind(&error), everything("signer-expired"));
        assert_eq!(outage(&error).unwrap(), "make: the signer has expired: at noon");
        assert_eq!(
            outage(&anyhow::Error::new(unavailable).context("make")).unwrap(),
            "make: the signer has expired",
            "also without a cause"
        );
    }
}
