//! A fresh home with a private PostgreSQL, removed with everything in it when the test ends.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::program::{Run, Running, ecert};

/// A home of the program. Dropping it removes its database and its files.
#[derive(Debug)]
pub struct Home {
    folder: TempDir,
    path: PathBuf,
}

impl Home {
    /// A home that does not exist yet, in a folder that the database's user can pass through.
    ///
    /// # Panics
    /// When there is no room for temporary files.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "a home takes a folder on disk, which a default value would hide")]
    pub fn new() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("ecert-test-")
            .permissions(Permissions::from_mode(0o711))
            .tempdir()
            .expect("a temporary folder");
        let path = folder.path().join("home");
        Self { folder, path }
    }

    /// The home's folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A path beside the home, for what tests deliver and take out.
    #[must_use]
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file beside the home and gives its path as an argument.
    ///
    /// # Panics
    /// When it cannot be written.
    #[must_use]
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.beside(name);
        fs::write(&path, content).expect("a temporary file");
        argument(&path)
    }

    /// Writes the home's configuration.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn configure(&self, toml: &str) {
        fs::DirBuilder::new().recursive(true).create(&self.path).expect("the home");
        fs::set_permissions(&self.path, Permissions::from_mode(0o711)).expect("the home is ours");
        fs::write(self.path.join("ecert.toml"), toml).expect("the configuration");
    }

    /// Starts a command in this home.
    #[must_use]
    pub fn start(&self, arguments: &[&str]) -> Running {
        let mut command = ecert();
        command.args(arguments).arg("--home").arg(&self.path);
        Running::start(command)
    }

    /// Runs a command in this home to its end.
    #[must_use]
    pub fn run(&self, arguments: &[&str]) -> Run {
        self.start(arguments).wait()
    }

    /// Runs a command in this home that must succeed; gives its JSON document.
    ///
    /// # Panics
    /// When it ends with another exit code than 0.
    pub fn done(&self, arguments: &[&str]) -> Value {
        self.run(&[arguments, &["--json"]].concat()).ended_with(0).json()
    }

    /// Reads the database behind the program's back: the fields of each row as text.
    ///
    /// # Panics
    /// When psql is missing or refuses.
    #[must_use]
    pub fn sql(&self, query: &str) -> Vec<Vec<String>> {
        let url = self.done(&["db", "url"]);
        let url = url["url"].as_str().expect("db url gives the url");
        let output = Command::new("psql")
            .args([
                url,
                "--no-psqlrc",
                "--no-align",
                "--tuples-only",
                "--field-separator=\x1f",
                "--set=ON_ERROR_STOP=1",
                "--command",
                query,
            ])
            .output()
            .expect("psql, of the package postgresql-client, is installed");
        assert!(output.status.success(), "{query}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).lines().map(|line| line.split('\x1f').map(str::to_owned).collect()).collect()
    }

    /// The one value that a query gives.
    ///
    /// # Panics
    /// When it gives another number of rows.
    #[must_use]
    pub fn sql_value(&self, query: &str) -> String {
        let mut rows = self.sql(query);
        assert_eq!(rows.len(), 1, "{query}: {rows:?}");
        rows.swap_remove(0).swap_remove(0)
    }

    /// The first column of a query.
    #[must_use]
    pub fn sql_column(&self, query: &str) -> Vec<String> {
        self.sql(query).into_iter().map(|mut row| row.swap_remove(0)).collect()
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let removed = ecert().args(["db", "remove", "--home"]).arg(&self.path).output();
        if !removed.as_ref().is_ok_and(|output| output.status.success()) {
            eprintln!("the database of {} is not removed: {removed:?}", self.path.display());
        }
    }
}

/// A path as a command-line argument.
///
/// # Panics
/// When it is not UTF-8; temporary folders and the names that tests choose are.
#[must_use]
pub fn argument(path: &Path) -> String {
    path.to_str().expect("a path of this suite is UTF-8").to_owned()
}
