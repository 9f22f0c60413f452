//! The home directory: the one place on disk that an installation owns. It names the paths; it never reads what lies in them.

use std::ffi::OsString;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::{fs, io};

use rustix::fs::Access;

/// The directory used when neither `--home` nor `ECERT_HOME` says otherwise.
const DEFAULT: &str = ".ecert";

/// The home directory of this installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Home {
    path: PathBuf,
}

/// Why the home directory cannot be used. Each message says what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HomeError {
    /// Something that is not a directory has the name.
    #[error("home {} is not a directory; name another one with --home DIR or ECERT_HOME", path.display())]
    NotADirectory {
        /// The home as it was given.
        path: PathBuf,
    },
    /// It does not exist, and the command is none that makes one.
    #[error("there is no ecert home at {}; `ecert ingest` or `ecert db start` makes one, or name another with --home DIR or ECERT_HOME", path.display())]
    Missing {
        /// The home as it was given.
        path: PathBuf,
    },
    /// It does not exist and cannot be made.
    #[error("cannot create home {}; name a writable place with --home DIR or ECERT_HOME", path.display())]
    Create {
        /// The home as it was given.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It exists and this user may not write there.
    #[error("cannot write in home {}; take its owner's account, or name another one with --home DIR or ECERT_HOME", path.display())]
    Unwritable {
        /// The home as it was given.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl Home {
    /// The home that `--home` names, else `ECERT_HOME` (`variable`), else `.ecert` in the working directory. An empty value counts as none.
    pub(crate) fn resolve(argument: Option<PathBuf>, variable: Option<OsString>) -> Self {
        let path = argument
            .filter(|path| !path.as_os_str().is_empty())
            .or_else(|| variable.filter(|value| !value.is_empty()).map(PathBuf::from))
            .unwrap_or_else(|| PathBuf::from(DEFAULT));
        Self { path }
    }

    /// Creates the directory where it is missing and makes sure that this user can write in it.
    ///
    /// A new home may be listed by its owner only. One that root makes can be passed through by others who know a path inside, because the private
    /// PostgreSQL runs as an ordinary user and its cluster lies under the home; its other folders set their own modes.
    ///
    /// # Errors
    /// When the place is taken by a file, cannot be created, or cannot be written.
    pub(crate) fn ensure(&self) -> Result<(), HomeError> {
        let path = self.path.clone();
        let mode = if rustix::process::geteuid().is_root() { 0o711 } else { 0o700 };
        match fs::metadata(&path) {
            Ok(found) if !found.is_dir() => return Err(HomeError::NotADirectory { path }),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.create(mode).map_err(|source| HomeError::Create { path: path.clone(), source })?
            }
            Err(source) => return Err(HomeError::Unwritable { path, source }),
        }
        rustix::fs::access(&path, Access::WRITE_OK | Access::EXEC_OK).map_err(|errno| HomeError::Unwritable { path, source: errno.into() })
    }

    /// Refuses a home that is not there, for commands that only look or act on what is known; makes nothing.
    ///
    /// # Errors
    /// When it does not exist or is no directory.
    pub(crate) fn require(&self) -> Result<(), HomeError> {
        let path = self.path.clone();
        match fs::metadata(&path) {
            Ok(found) if found.is_dir() => Ok(()),
            Ok(_) => Err(HomeError::NotADirectory { path }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(HomeError::Missing { path }),
            Err(source) => Err(HomeError::Unwritable { path, source }),
        }
    }

    /// Parents are made as any program would make them; only the home itself is private.
    fn create(&self, mode: u32) -> io::Result<()> {
        if let Some(parent) = self.path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            fs::create_dir_all(parent)?;
        }
        match fs::DirBuilder::new().mode(mode).create(&self.path) {
            // Another command of the same user may have made it in this very moment.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && self.path.is_dir() => Ok(()),
            other => other,
        }
    }

    /// The directory as it was given; relative to the working directory where it was given so.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The configuration that is read unless `--config` names another file.
    pub(crate) fn config_file(&self) -> PathBuf {
        self.path.join("ecert.toml")
    }

    /// The local object store.
    pub(crate) fn objects(&self) -> PathBuf {
        self.path.join("objects")
    }

    /// Copies of a bucket's deliveries while they are read.
    pub(crate) fn scratch(&self) -> PathBuf {
        self.path.join("scratch")
    }

    /// The signing keys and the test CA.
    pub(crate) fn keys(&self) -> PathBuf {
        self.path.join("keys")
    }

    /// The private PostgreSQL, where its user can enter the home.
    pub(crate) fn cluster(&self) -> PathBuf {
        self.path.join("postgres")
    }

    /// Says where the private PostgreSQL lies when it does not lie in the home.
    pub(crate) fn cluster_record(&self) -> PathBuf {
        self.path.join("postgres.toml")
    }

    /// Held by whichever command is starting, stopping or removing the private PostgreSQL.
    pub(crate) fn cluster_lock(&self) -> PathBuf {
        self.path.join("postgres.lock")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_argument_wins_over_the_variable_and_empty_values_count_as_none() {
        let cases = [
            (Some("a"), Some("b"), "a"),
            (None, Some("b"), "b"),
            (Some(""), Some("b"), "b"),
            (None, Some(""), ".ecert"),
            (None, None, ".ecert"),
        ];
        for (argument, variable, expected) in cases {
            let home = Home::resolve(argument.map(PathBuf::from), variable.map(OsString::from));
            assert_eq!(home.path(), Path::new(expected), "{argument:?} {variable:?}");
        }
    }

    #[test]
    fn a_missing_home_is_made_with_its_parents_and_ensuring_it_twice_is_harmless() {
        let scratch = tempfile::tempdir().unwrap();
        let home = Home::resolve(Some(scratch.path().join("a/b/home")), None);
        home.ensure().unwrap();
        home.ensure().unwrap();
        assert!(home.path().is_dir());
        assert_eq!(home.config_file(), home.path().join("ecert.toml"));
    }

    #[test]
    fn a_missing_home_is_required_in_vain_and_not_made() {
        let scratch = tempfile::tempdir().unwrap();
        let home = Home::resolve(Some(scratch.path().join("home")), None);
        let error = home.require().unwrap_err();
        assert!(matches!(error, HomeError::Missing { .. }), "{error:?}");
        assert!(error.to_string().contains("--home DIR") && !home.path().exists(), "{error}");
        home.ensure().unwrap();
        home.require().unwrap();
    }

    #[test]
    fn a_file_in_the_place_of_the_home_is_refused_with_the_remedy() {
        let scratch = tempfile::tempdir().unwrap();
        let file = scratch.path().join("home");
        fs::write(&file, "").unwrap();
        let error = Home::resolve(Some(file.clone()), None).ensure().unwrap_err();
        assert!(matches!(&error, HomeError::NotADirectory { path } if *path == file));
        assert!(error.to_string().contains("--home"), "{error}");
        let below = Home::resolve(Some(file.join("below")), None).ensure().unwrap_err();
        assert!(matches!(below, HomeError::Unwritable { .. } | HomeError::Create { .. }), "{below:?}");
    }

    #[test]
    fn a_home_that_the_system_does_not_let_anybody_make_is_refused_with_the_cause() {
        let error = Home::resolve(Some(PathBuf::from("/proc/no/such/home")), None).ensure().unwrap_err();
        assert!(matches!(error, HomeError::Create { .. }), "{error:?}");
    }
}
