//! Why photos cannot be read from a path.

use std::io;
use std::path::{Path, PathBuf};

use super::ArchiveForm;

/// Why photos cannot be read from a path, or not to the end.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// Nothing is there.
    #[error("{path}: there is no such file or folder: check the path")]
    Missing {
        /// The path asked for.
        path: PathBuf,
    },
    /// Nothing but folders, if anything.
    #[error("{path}: it holds no file: name a folder or an archive with photos, each named by ID number")]
    Empty {
        /// The path asked for.
        path: PathBuf,
    },
    /// A file, but no archive.
    #[error("{path}: it is no archive: photos are delivered as a folder or a ZIP, TAR or TAR.GZ archive of files named by ID number")]
    NotAnArchive {
        /// The path asked for.
        path: PathBuf,
    },
    /// An archive or packed file of a form that is not read.
    #[error(
        "{path}: it is {found}, which is not read: unpack it and deliver the folder of photos, or pack that as a ZIP, TAR or TAR.GZ archive"
    )]
    OtherForm {
        /// The path asked for.
        path: PathBuf,
        /// What it is, in words.
        found: &'static str,
    },
    /// An archive that cannot be opened.
    #[error("{path}: the {form} archive is damaged or of an unknown form: pack it again")]
    Damaged {
        /// The path asked for.
        path: PathBuf,
        /// What it seems to be.
        form: ArchiveForm,
        /// What the reader of archives met.
        #[source]
        source: io::Error,
    },
    /// An archive that cannot be read to its end.
    #[error("{path}: the {form} archive is damaged or cut off behind its first {entries} entries: pack it again")]
    BreaksOff {
        /// The path asked for.
        path: PathBuf,
        /// What it is.
        form: ArchiveForm,
        /// How many entries were read before the damage.
        entries: u64,
        /// What the reader of archives met.
        #[source]
        source: io::Error,
    },
    /// Two entries of one name, of which only one could be read.
    #[error("{path}: the ZIP archive holds two entries of one name: unpack it and pack it again")]
    NameTwice {
        /// The path asked for.
        path: PathBuf,
    },
    /// A ZIP archive whose list of entries does not fit into memory.
    #[error(
        "{path}: the list of entries in the ZIP archive is longer than {most_megabytes} MB, more than half a million entries: pack them as several archives or as TAR"
    )]
    TooManyEntries {
        /// The path asked for.
        path: PathBuf,
        /// The bound on the list, in MB.
        most_megabytes: u64,
    },
    /// Unpacks to far more than photos would.
    #[error("{path}: the {form} archive unfolds to more than {times} times its size: it is no archive of photos")]
    Bomb {
        /// The path asked for.
        path: PathBuf,
        /// What it is.
        form: ArchiveForm,
        /// The factor that was passed.
        times: u64,
    },
    /// A path that cannot be read.
    #[error("{path}: it cannot be read: check the disk and the permissions")]
    Unreadable {
        /// The path that cannot be read.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
}

impl ArchiveError {
    /// Whether the content is at fault, so that reading it again cannot help.
    #[must_use]
    pub fn is_of_content(&self) -> bool {
        match self {
            Self::Empty { .. }
            | Self::NotAnArchive { .. }
            | Self::OtherForm { .. }
            | Self::Damaged { .. }
            | Self::BreaksOff { .. }
            | Self::NameTwice { .. }
            | Self::TooManyEntries { .. }
            | Self::Bomb { .. } => true,
            Self::Missing { .. } | Self::Unreadable { .. } => false,
        }
    }

    /// The same error of a file that goes by another name.
    #[must_use]
    pub fn told_of(mut self, name: &str) -> Self {
        match &mut self {
            Self::Missing { path }
            | Self::Empty { path }
            | Self::NotAnArchive { path }
            | Self::OtherForm { path, .. }
            | Self::Damaged { path, .. }
            | Self::BreaksOff { path, .. }
            | Self::NameTwice { path }
            | Self::TooManyEntries { path, .. }
            | Self::Bomb { path, .. }
            | Self::Unreadable { path, .. } => *path = PathBuf::from(name),
        }
        self
    }

    /// An archive that could not be opened: the disk's fault or its own.
    pub(super) fn on_opening(path: &Path, form: ArchiveForm, source: io::Error) -> Self {
        let path = path.to_owned();
        if is_of_system(&source) { Self::Unreadable { path, source } } else { Self::Damaged { path, form, source } }
    }

    /// An archive that could not be read further: the disk's fault or its own.
    pub(super) fn behind(entries: u64, path: &Path, form: ArchiveForm, source: io::Error) -> Self {
        let path = path.to_owned();
        if is_of_system(&source) { Self::Unreadable { path, source } } else { Self::BreaksOff { path, form, entries, source } }
    }
}

/// Whether the system could not read, in contrast to what it read being damaged.
pub(super) fn is_of_system(error: &io::Error) -> bool {
    !matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidInput | io::ErrorKind::Other)
}
