//! Finds the server's programs: on the search path, where `pg_config` says, and where Debian's packages put them.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::MIN_MAJOR;
use super::error::PostgresError;
use super::server_user::ServerUser;

/// Where Debian and Ubuntu keep one folder per major version.
const DEBIAN: &str = "/usr/lib/postgresql";

/// A directory with a usable `initdb` and `postgres`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Binaries {
    dir: PathBuf,
    major: u16,
}

impl Binaries {
    /// The programs for a cluster made by `cluster` (a major version and its data directory), or for a new one.
    ///
    /// # Errors
    /// When none is installed that fits; the error names the package.
    pub(super) fn find(user: &ServerUser, cluster: Option<(u16, &Path)>) -> Result<Self, PostgresError> {
        let installed = candidates(search_path().as_deref())
            .into_iter()
            .filter_map(|dir| major_version(user, &dir).map(|major| Self { dir, major }))
            .collect();
        choose(installed, cluster)
    }

    /// `initdb`
    pub(super) fn initdb(&self) -> PathBuf {
        self.dir.join("initdb")
    }

    /// `postgres`
    pub(super) fn postgres(&self) -> PathBuf {
        self.dir.join("postgres")
    }

    /// The major version.
    pub(super) fn major(&self) -> u16 {
        self.major
    }
}

fn choose(installed: Vec<Binaries>, cluster: Option<(u16, &Path)>) -> Result<Binaries, PostgresError> {
    let found = || installed.iter().map(|found| found.major.to_string()).collect();
    let fits = |found: &&Binaries| match cluster {
        Some((major, _)) => found.major == major,
        None => found.major >= MIN_MAJOR,
    };
    if let Some(fitting) = installed.iter().find(fits) {
        return Ok(fitting.clone());
    }
    Err(match cluster {
        Some((cluster_major, data_dir)) => PostgresError::OtherMajor { data_dir: data_dir.to_owned(), cluster_major, found: found() },
        None => PostgresError::NoServer { found: found() },
    })
}

/// The directories that hold both programs, best first, each once.
fn candidates(path: Option<&OsStr>) -> Vec<PathBuf> {
    let mut dirs: Vec<PathBuf> = path.map(|path| std::env::split_paths(path).collect()).unwrap_or_default();
    dirs.extend(pg_config_dir(path));
    dirs.extend(debian_dirs(Path::new(DEBIAN)));
    let mut seen = Vec::new();
    for dir in dirs {
        let usable = dir.is_absolute() && dir.join("initdb").is_file() && dir.join("postgres").is_file();
        if usable && !seen.contains(&dir) {
            seen.push(dir);
        }
    }
    seen
}

fn pg_config_dir(path: Option<&OsStr>) -> Option<PathBuf> {
    let mut command = Command::new("pg_config");
    command.arg("--bindir").stdin(Stdio::null()).stderr(Stdio::null());
    if let Some(path) = path {
        command.env("PATH", path);
    }
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(PathBuf::from(String::from_utf8(output.stdout).ok()?.trim_end()))
}

/// `<root>/<major>/bin`, the newest first.
fn debian_dirs(root: &Path) -> Vec<PathBuf> {
    let mut majors: Vec<u16> =
        fs::read_dir(root).into_iter().flatten().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).collect();
    majors.sort_unstable_by(|a, b| b.cmp(a));
    majors.into_iter().map(|major| root.join(major.to_string()).join("bin")).collect()
}

/// Asked as the server's user: a program that this user may not run is no use.
fn major_version(user: &ServerUser, dir: &Path) -> Option<u16> {
    let output = user.run(user.command(dir.join("postgres")).arg("--version")).ok()?;
    parse_version(&String::from_utf8_lossy(&output.stdout))
}

/// `postgres (PostgreSQL) 15.18 (Debian …)`, `17beta1` → the major number.
fn parse_version(text: &str) -> Option<u16> {
    let version = text.split("(PostgreSQL)").nth(1)?.trim_start();
    let digits = version.find(|c: char| !c.is_ascii_digit()).unwrap_or(version.len());
    version[..digits].parse().ok()
}

#[expect(clippy::disallowed_methods, reason = "the search path is the system's, not a setting of ours")]
fn search_path() -> Option<OsString> {
    std::env::var_os("PATH")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn installed(majors: &[u16]) -> Vec<Binaries> {
        majors.iter().map(|&major| Binaries { dir: PathBuf::from(format!("/{major}")), major }).collect()
    }

    #[test]
    fn versions_are_read_from_what_the_server_prints() {
        let cases = [
            ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", Some(15)),
            ("postgres (PostgreSQL) 17beta1\n", Some(17)),
            ("postgres (PostgreSQL) 9.6.24", Some(9)),
            ("postgres (PostgreSQL) ", None),
            ("something else 15", None),
        ];
        for (text, expected) in cases {
            assert_eq!(parse_version(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_new_cluster_takes_the_first_version_that_is_new_enough() {
        assert_eq!(choose(installed(&[13, 16, 17]), None).unwrap().major(), 16);
        let error = choose(installed(&[9, 13]), None).unwrap_err().to_string();
        assert!(error.contains("found only 9, 13") && error.contains("apt-get install postgresql"), "{error}");
        let error = choose(Vec::new(), None).unwrap_err().to_string();
        assert!(error.contains("apt-get install postgresql") && !error.contains("found only"), "{error}");
    }

    #[test]
    fn a_cluster_takes_its_own_version_or_names_the_package_that_brings_it() {
        let data = Path::new("/home/data");
        assert_eq!(choose(installed(&[17, 15]), Some((15, data))).unwrap().major(), 15);
        let error = choose(installed(&[17]), Some((15, data))).unwrap_err().to_string();
        assert!(error.contains("/home/data") && error.contains("only 17"), "{error}");
        assert!(error.contains("apt-get install postgresql-15"), "{error}");
    }

    #[test]
    fn debian_folders_are_taken_newest_first_by_number() {
        let scratch = tempfile::tempdir().unwrap();
        for name in ["9", "15", "16", "common"] {
            fs::create_dir_all(scratch.path().join(name).join("bin")).unwrap();
        }
        let expected: Vec<PathBuf> = ["16", "15", "9"].iter().map(|name| scratch.path().join(name).join("bin")).collect();
        assert_eq!(debian_dirs(scratch.path()), expected);
        assert!(debian_dirs(&scratch.path().join("missing")).is_empty());
    }

    #[test]
    fn directories_without_both_programs_are_no_candidates() {
        let scratch = tempfile::tempdir().unwrap();
        let whole = scratch.path().join("whole");
        let half = scratch.path().join("half");
        for file in [half.join("initdb"), whole.join("initdb"), whole.join("postgres")] {
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "").unwrap();
        }
        let path = std::env::join_paths([&half, &whole, &whole]).unwrap();
        let found = candidates(Some(&path));
        assert_eq!(found.first(), Some(&whole));
        assert!(!found.contains(&half));
        assert_eq!(found.iter().filter(|dir| **dir == whole).count(), 1);
    }
}
