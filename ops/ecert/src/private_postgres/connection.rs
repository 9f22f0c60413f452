//! How a client reaches the private PostgreSQL.

use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use super::error::PostgresError;

/// The port number; it is only a part of the socket's name.
pub(super) const PORT: u16 = 5432;
/// The superuser's role.
pub(super) const ROLE: &str = "ecert";
/// The database.
pub(super) const DATABASE: &str = "ecert";

/// The address of the private PostgreSQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ConnectionTarget {
    /// The directory of the socket.
    pub(crate) socket_dir: PathBuf,
    /// The port that is part of the socket's name.
    pub(crate) port: u16,
    /// The role.
    pub(crate) user: String,
    /// The database.
    pub(crate) database: String,
    /// All of it as an address that `psql` and sqlx understand. The host in it is a placeholder, which the socket directory overrides.
    pub(crate) url: String,
}

impl ConnectionTarget {
    /// The address of the server whose socket lies in this directory.
    pub(super) fn at(socket_dir: &Path) -> Result<Self, PostgresError> {
        let dir = socket_dir.to_str().ok_or_else(|| PostgresError::SocketName { dir: socket_dir.to_owned() })?;
        Ok(Self {
            socket_dir: socket_dir.to_owned(),
            port: PORT,
            user: ROLE.to_owned(),
            database: DATABASE.to_owned(),
            url: format!("postgresql://{ROLE}@localhost/{DATABASE}?host={}&port={PORT}", percent_encode(dir)),
        })
    }

    /// Whether somebody listens there.
    pub(super) fn answers(&self) -> bool {
        UnixStream::connect(socket_file(&self.socket_dir)).is_ok()
    }
}

/// The socket's file.
pub(super) fn socket_file(dir: &Path) -> PathBuf {
    dir.join(format!(".s.PGSQL.{PORT}"))
}

fn percent_encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use super::*;

    #[test]
    fn sqlx_reads_the_address_back_whatever_the_directory_is_called() {
        for dir in ["/run/ecert/ab", "/home/李/a b&c=d?e#f%20", "/x+y/'\"$"] {
            let target = ConnectionTarget::at(Path::new(dir)).unwrap();
            let options = sqlx::postgres::PgConnectOptions::from_str(&target.url).unwrap();
            assert_eq!(options.get_socket(), Some(&PathBuf::from(dir)), "{}", target.url);
            assert_eq!(options.get_port(), PORT);
            assert_eq!(options.get_username(), ROLE);
            assert_eq!(options.get_database(), Some(DATABASE));
        }
    }

    #[test]
    fn nobody_answers_where_there_is_no_socket() {
        let scratch = tempfile::tempdir().unwrap();
        assert!(!ConnectionTarget::at(scratch.path()).unwrap().answers());
    }
}
