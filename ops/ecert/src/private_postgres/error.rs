//! What can go wrong with the private PostgreSQL. Every message names the subject and the remedy; none repeats its source.

use std::io;
use std::path::PathBuf;

use super::MIN_MAJOR;
use super::cluster_record::RecordError;

/// Why the private PostgreSQL could not be created, started, stopped or removed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PostgresError {
    /// No directory holds a usable `initdb` and `postgres`.
    #[error(
        "no PostgreSQL server of version {MIN_MAJOR} or later is installed{}; install one with `apt-get install postgresql`, or name a database with --database-url",
        if found.is_empty() { String::new() } else { format!(" (found only {})", found.join(", ")) }
    )]
    NoServer {
        /// What was found and is too old.
        found: Vec<String>,
    },
    /// The cluster was made by a major version that is not installed.
    #[error(
        "the private cluster in {} was made by PostgreSQL {cluster_major} but this machine has {}; install it with `apt-get install postgresql-{cluster_major}`",
        data_dir.display(),
        if found.is_empty() { "no server".to_owned() } else { format!("only {}", found.join(", ")) }
    )]
    OtherMajor {
        /// The cluster's data directory.
        data_dir: PathBuf,
        /// The major version that made it.
        cluster_major: u16,
        /// The versions that are installed.
        found: Vec<String>,
    },
    /// Root found nobody to run the server as.
    #[error(
        "PostgreSQL does not run as root, and this machine has neither a user `postgres` nor a user `nobody`; create one with `adduser --system postgres`"
    )]
    NoServerUser,
    /// The cluster is another user's.
    #[error(
        "the private PostgreSQL in {} belongs to user {owner}; run this command as that user or as root, or name another home with --home DIR",
        dir.display()
    )]
    ForeignOwner {
        /// Its directory.
        dir: PathBuf,
        /// Its owner's name.
        owner: String,
    },
    /// The home names a cluster that is not there any more.
    #[error(
        "the private PostgreSQL of this home lay in {}, which is gone; restore it, or begin with an empty database after `ecert db remove`",
        dir.display()
    )]
    Gone {
        /// Where it lay.
        dir: PathBuf,
    },
    /// The server's user can neither use the home nor a place outside of it.
    #[error(
        "user {user} cannot use {} for the private PostgreSQL; make a home that this user can enter, or name a database with --database-url",
        dir.display()
    )]
    NoPlace {
        /// The last place tried.
        dir: PathBuf,
        /// The server's user.
        user: String,
    },
    /// The record of a cluster outside the home cannot be used.
    #[error("cannot use the record of the private PostgreSQL")]
    Record(#[from] RecordError),
    /// A file or directory refused.
    #[error("cannot {doing} {}", path.display())]
    Files {
        /// The verb.
        doing: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A program of the system or of PostgreSQL could not be started at all.
    #[error("cannot run {program} as user {user}")]
    Run {
        /// The program.
        program: String,
        /// The user.
        user: String,
        /// What the system said.
        source: io::Error,
    },
    /// A program ran and failed.
    #[error("{program} failed: {output}")]
    Failed {
        /// The program.
        program: String,
        /// The end of what it wrote.
        output: String,
    },
    /// The server ended while starting.
    #[error("the private PostgreSQL did not start; the end of {}:\n{log}", log_file.display())]
    Start {
        /// The server's log.
        log_file: PathBuf,
        /// Its last lines since the start.
        log: String,
    },
    /// The server neither started nor ended in time.
    #[error(
        "the private PostgreSQL (process {pid}) is still {doing} after {seconds} s; wait and try again, and see {}",
        log_file.display()
    )]
    Slow {
        /// What it does.
        doing: &'static str,
        /// The server's process.
        pid: i32,
        /// How long this command waited.
        seconds: u64,
        /// The server's log.
        log_file: PathBuf,
    },
    /// After removal the cluster's directory holds something that `ecert` did not put there.
    #[error("removed the private PostgreSQL but kept {}, which holds files that ecert did not write", dir.display())]
    ForeignFiles {
        /// The directory.
        dir: PathBuf,
    },
    /// The socket's path cannot stand in a connection address.
    #[error("the socket directory {} is not valid UTF-8; name another home with --home DIR", dir.display())]
    SocketName {
        /// The directory.
        dir: PathBuf,
    },
}

/// Names the verb and the path of a failed file operation.
pub(super) fn files(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> PostgresError {
    let path = path.into();
    move |source| PostgresError::Files { doing, path, source }
}
