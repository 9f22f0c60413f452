//! What can be wrong with a configuration file: each message names the file, the place and the remedy.

use std::io;
use std::path::PathBuf;

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A key that no part of the program knows.
    #[error("{}, line {line}: unknown key `{key}`; {remedy}", path.display())]
    UnknownKey {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The key, with the tables that it stands in.
        key: String,
        /// The key that was probably meant, or the keys known there.
        remedy: String,
    },
    /// Not TOML, or a value of the wrong type.
    #[error("{}, line {line}: {message}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong there, with the key where one is meant.
        message: String,
    },
    /// Values of the right type that cannot be.
    #[error("{}: {}", path.display(), problems.join("; "))]
    Values {
        /// The file.
        path: PathBuf,
        /// Every problem, in the order of the file's documentation.
        problems: Vec<String>,
    },
}
