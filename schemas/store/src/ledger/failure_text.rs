//! What may be told of an error: where it happened and what kind it is, never a value that a row or a file holds.
//!
//! A database's message and detail repeat the values of the row, a parser's repeat its input, a path may end in an ID number.

use std::error::Error;
use std::io;

use super::{FenceError, Told, Unavailable};
use crate::objects::{ObjectError, ServiceError};

/// Stands for a text that is left out.
const LEFT_OUT: &str = "…";

/// Digits in a row that may be an ID number or a telephone number; row ids are shorter.
const LONG_NUMBER: usize = 9;

/// What may be told of a job's failure. A literal of the code that stands alone is told as it stands.
#[must_use]
pub fn failure_text(error: &anyhow::Error) -> String {
    match error.downcast_ref::<&'static str>() {
        Some(literal) if error.source().is_none() => (*literal).to_owned(),
        Some(_) | None => failure_text_of_cause(error.as_ref()),
    }
}

/// The chain of causes, outermost first: our own words as they stand, the innermost cause reduced to what it is.
#[must_use]
pub fn failure_text_of_cause(error: &(dyn Error + 'static)) -> String {
    let mut parts = Vec::new();
    let mut cause = Some(error);
    while let Some(error) = cause {
        let reduced = reduced(error);
        // What lies below a reduced cause is foreign, too.
        cause = if reduced.is_some() { None } else { error.source() };
        let text = reduced.unwrap_or_else(|| if cause.is_some() { error.to_string() } else { LEFT_OUT.to_owned() });
        parts.push(without_long_numbers(&text));
    }
    parts.join(": ")
}

/// What a cause of a known type is; `None` where the type is not known.
fn reduced(error: &(dyn Error + 'static)) -> Option<String> {
    if let Some(error) = error.downcast_ref::<sqlx::Error>() {
        return Some(database(error));
    }
    if let Some(error) = error.downcast_ref::<io::Error>() {
        return Some(error.kind().to_string());
    }
    if let Some(error) = error.downcast_ref::<ServiceError>() {
        return Some(error.kind.to_owned());
    }
    // Their words are ours and their values are ids and digests; those with a source are told with it.
    let own = error.is::<FenceError>() || error.is::<ObjectError>() || error.is::<Told>() || error.is::<Unavailable>();
    (own && error.source().is_none()).then(|| error.to_string())
}

fn database(error: &sqlx::Error) -> String {
    if let Some(refusal) = error.as_database_error() {
        let code = refusal.code().map(|code| format!("database error {code}"));
        let table = refusal.table().map(|table| format!("table {table}"));
        let constraint = refusal.constraint().map(|constraint| format!("constraint {constraint}"));
        return [code, table, constraint].into_iter().flatten().collect::<Vec<_>>().join(", ");
    }
    if let sqlx::Error::Io(error) = error {
        return format!("no connection to the database, {}", error.kind());
    }
    if matches!(error, sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed) {
        return "no connection to the database".to_owned();
    }
    if matches!(error, sqlx::Error::RowNotFound) {
        return "the database has no such row".to_owned();
    }
    format!("the database's answer cannot be used: {LEFT_OUT}")
}

/// The text with `…` for every long row of digits.
fn without_long_numbers(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for run in text.split_inclusive(|c: char| !c.is_ascii_digit()) {
        let digits = run.bytes().take_while(u8::is_ascii_digit).count();
        clean.push_str(if digits < LONG_NUMBER { run } else { LEFT_OUT });
        if digits >= LONG_NUMBER {
            clean.push_str(&run[digits..]);
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use anyhow::Context as _;

    use super::*;

    #[test]
    fn our_words_stay_and_a_foreign_cause_goes() {
        let parse = serde_json::from_str::<u8>("\"张三\"").unwrap_err();
        let error = Err::<(), _>(parse).context("read the snapshot").context("order 7").unwrap_err();
        assert_eq!(failure_text(&error), "order 7: read the snapshot: …");
    }

    #[test]
    fn a_cause_alone_is_left_out() {
        let who = "张三";
        assert_eq!(failure_text(&anyhow::anyhow!("{who} is not here")), "…");
        assert_eq!(failure_text(&anyhow::anyhow!("the portrait is not here")), "the portrait is not here", "but a literal is ours");
    }

    #[test]
    fn a_failed_file_tells_its_kind_and_no_id_number() {
        let missing = io::Error::new(io::ErrorKind::NotFound, "610102199001011234.jpg");
        let error = Err::<(), _>(missing).context("photos/61010219900101123X.jpg of batch 12: read").unwrap_err();
        assert_eq!(failure_text(&error), "photos/…X.jpg of batch 12: read: entity not found");
    }

    #[test]
    fn a_lost_connection_and_a_missing_row_are_told_apart() {
        for (error, text) in [
            (sqlx::Error::PoolTimedOut, "no connection to the database"),
            (sqlx::Error::Io(io::ErrorKind::ConnectionReset.into()), "no connection to the database, connection reset"),
            (sqlx::Error::RowNotFound, "the database has no such row"),
            (sqlx::Error::Decode("张三".into()), "the database's answer cannot be used: …"),
        ] {
            assert_eq!(failure_text_of_cause(&FenceError::Database(error)), format!("the database refused: {text}"));
        }
    }

    #[test]
    fn a_damaged_object_is_named() {
        let error = Err::<(), _>(ObjectError::Damaged("documents/ab/cd/abcd.pdf".to_owned())).context("read the portrait").unwrap_err();
        assert!(failure_text(&error).contains("documents/ab/cd/abcd.pdf does not have the content"), "{error:#}");
    }
}
