//! The note in the home that says where the cluster lies when it does not lie in the home.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::{Deserialize, Serialize};

/// Clusters outside their homes lie here, one folder each.
pub(super) const OUTSIDE: &str = "/var/lib/ecert";

const HEADING: &str = "\
# The private PostgreSQL of this home lies outside of it, because its user cannot enter the home.
# Written by ecert; `ecert db remove` deletes the cluster and this note.
";

/// Why the note cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RecordError {
    /// It cannot be read or written.
    #[error("{}", path.display())]
    File {
        /// The note.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It is not what `ecert` writes.
    #[error("{} is damaged; restore it, or delete it to begin with a new database", path.display())]
    Damaged {
        /// The note.
        path: PathBuf,
        /// What is wrong with its text.
        source: Box<toml::de::Error>,
    },
    /// It names a directory that cannot be a cluster of ours.
    #[error("{} names {}, which is not a folder in {OUTSIDE}", path.display(), cluster.display())]
    Elsewhere {
        /// The note.
        path: PathBuf,
        /// The directory it names.
        cluster: PathBuf,
    },
    /// The home was copied, and the original still uses the cluster.
    #[error(
        "this home is a copy of {}, whose database it would share; delete {} to give the copy its own",
        original.display(), path.display()
    )]
    Copied {
        /// The note.
        path: PathBuf,
        /// The home that made the cluster.
        original: PathBuf,
    },
}

/// The note's content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClusterRecord {
    /// The cluster's directory.
    pub(super) cluster: PathBuf,
    /// The home when the cluster was made, absolute.
    pub(super) home: PathBuf,
}

impl ClusterRecord {
    /// Reads the note, if there is one, for the home that now lies at `home` (absolute).
    pub(super) fn read(path: &Path, home: &Path) -> Result<Option<Self>, RecordError> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => {
                return Err(RecordError::File { path: path.to_owned(), source });
            }
        };
        let record: Self =
            toml::from_str(&text).map_err(|source| RecordError::Damaged { path: path.to_owned(), source: Box::new(source) })?;
        let name = record.cluster.strip_prefix(OUTSIDE).ok().and_then(Path::to_str);
        if !name.is_some_and(|name| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')) {
            return Err(RecordError::Elsewhere { path: path.to_owned(), cluster: record.cluster });
        }
        if record.home != home && record.is_in_use_by_its_home(path) {
            return Err(RecordError::Copied { path: path.to_owned(), original: record.home });
        }
        Ok(Some(record))
    }

    /// A home that was moved keeps its cluster; a copy must not take it over.
    fn is_in_use_by_its_home(&self, path: &Path) -> bool {
        let Some(name) = path.file_name() else {
            return false;
        };
        fs::read_to_string(self.home.join(name))
            .ok()
            .and_then(|text| toml::from_str::<Self>(&text).ok())
            .is_some_and(|original| original.cluster == self.cluster)
    }

    /// Writes the note in one step.
    pub(super) fn write(&self, path: &Path) -> Result<(), RecordError> {
        let failed = |source| RecordError::File { path: path.to_owned(), source };
        let body = toml::to_string(self).map_err(|error| failed(io::Error::other(error)))?;
        let mut file = tempfile::NamedTempFile::new_in(path.parent().unwrap_or(Path::new("."))).map_err(failed)?;
        file.write_all(HEADING.as_bytes()).and_then(|()| file.write_all(body.as_bytes())).map_err(failed)?;
        file.as_file().sync_all().map_err(failed)?;
        file.persist(path).map_err(|error| failed(error.error))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_reads_back_as_it_was_written_and_a_missing_one_is_none() {
        let scratch = tempfile::tempdir().unwrap();
        let path = scratch.path().join("postgres.toml");
        assert_eq!(ClusterRecord::read(&path, scratch.path()).unwrap(), None);
        let record = ClusterRecord { cluster: "/var/lib/ecert/ab12-1".into(), home: scratch.path().to_owned() };
        record.write(&path).unwrap();
        record.write(&path).unwrap();
        assert_eq!(ClusterRecord::read(&path, scratch.path()).unwrap(), Some(record));
    }

    #[test]
    fn only_a_folder_of_ours_is_accepted() {
        let scratch = tempfile::tempdir().unwrap();
        let path = scratch.path().join("postgres.toml");
        for cluster in ["/", "/etc", "/var/lib/ecert", "/var/lib/ecert/", "/var/lib/ecert/..", "/var/lib/ecert/../x", "ab12"] {
            ClusterRecord { cluster: cluster.into(), home: scratch.path().to_owned() }.write(&path).unwrap();
            let error = ClusterRecord::read(&path, scratch.path()).unwrap_err();
            assert!(matches!(error, RecordError::Elsewhere { .. }), "{cluster}: {error:?}");
        }
        fs::write(&path, "cluster = 1").unwrap();
        let error = ClusterRecord::read(&path, scratch.path()).unwrap_err();
        assert!(matches!(error, RecordError::Damaged { .. }), "{error:?}");
    }

    #[test]
    fn a_moved_home_keeps_its_cluster_and_a_copied_one_is_refused() {
        let scratch = tempfile::tempdir().unwrap();
        let (original, other) = (scratch.path().join("original"), scratch.path().join("other"));
        fs::create_dir(&original).unwrap();
        fs::create_dir(&other).unwrap();
        let record = ClusterRecord { cluster: "/var/lib/ecert/ab12-1".into(), home: original.clone() };
        record.write(&other.join("postgres.toml")).unwrap();
        assert_eq!(ClusterRecord::read(&other.join("postgres.toml"), &other).unwrap(), Some(record.clone()));
        record.write(&original.join("postgres.toml")).unwrap();
        let error = ClusterRecord::read(&other.join("postgres.toml"), &other).unwrap_err();
        assert!(matches!(error, RecordError::Copied { .. }), "{error:?}");
    }
}
