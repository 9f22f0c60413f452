//! Photos as they are delivered: a folder, or a ZIP, TAR or TAR.GZ archive, of files named by identity number. Every entry is told apart and accounted for; nothing is ever
//! unpacked to disk, and what an entry may unfold to in memory is bounded.

use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::Path;
use std::{iter, mem};

use domain::finding::{Finding, Outcome};
use domain::identity::{IdentityDocument, IdentityFault};

use crate::digest;

mod content;
mod error;
mod file_name;
mod folder;
mod form;
mod glance;
mod tar_file;
#[cfg(test)]
mod tests;
mod unfolding;
mod zip_file;

pub(crate) use content::{decoded_name, is_left_by_system};
pub use error::ArchiveError;
pub use file_name::identity_of_file_name;
pub use form::ArchiveForm;

/// The largest photo that is taken; a larger one is no passport photo.
pub const LARGEST_PHOTO_BYTES: u64 = 10 << 20;

/// One entry of a folder or archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoEntry {
    /// Place of the entry among all, from 1.
    pub position: u64,
    /// Path from the root of the folder or archive, with `/` between its parts.
    pub path_in_archive: String,
    /// The last part of the path.
    pub file_name: String,
    /// The bytes of the file; empty where they were refused.
    pub bytes: Vec<u8>,
    /// Whose photo it is, by the name of the file.
    pub identity: Result<IdentityDocument, IdentityFault>,
    /// What speaks against the entry; empty for a photo that may be looked at.
    pub findings: Vec<Finding>,
}

impl PhotoEntry {
    /// What becomes of the entry before anybody looked at the picture.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        Finding::worst(&self.findings)
    }
}

/// A folder or archive of photos, open for reading by place: folders in the order of their paths, archives in their own.
#[derive(Debug)]
pub struct PhotoArchive {
    source: Source,
}

#[derive(Debug)]
enum Source {
    Folder(folder::Folder),
    Zip(zip_file::ZipFile),
    Tar(tar_file::TarFile),
}

/// Entries as they are read, one in memory at a time.
type Entries<'a> = Box<dyn Iterator<Item = Result<PhotoEntry, ArchiveError>> + 'a>;

impl PhotoArchive {
    /// Opens a folder, or a file that is an archive by its content. Of a TAR only the beginning is looked at.
    ///
    /// # Errors
    /// When there is nothing, or nothing of these forms.
    pub fn open(path: &Path) -> Result<Self, ArchiveError> {
        let source = if metadata(path)?.is_dir() {
            Source::Folder(folder::Folder::list(path)?)
        } else {
            match form::of_file(path)? {
                ArchiveForm::Zip => Source::Zip(zip_file::ZipFile::open(path)?),
                form @ (ArchiveForm::Tar | ArchiveForm::TarGz) => Source::Tar(tar_file::TarFile::new(path, form)),
            }
        };
        Ok(Self { source })
    }

    /// The same archive, where it holds anything beside folders; its first file is looked at.
    ///
    /// # Errors
    /// [`ArchiveError::Empty`]. Whatever else is wrong with it shows when it is read.
    pub fn not_empty(mut self, path: &Path) -> Result<Self, ArchiveError> {
        let is_file = |entry: Result<PhotoEntry, ArchiveError>| entry.map_or(true, |entry| entry.outcome() != Outcome::Dropped);
        if self.entries_from(0).any(is_file) { Ok(self) } else { Err(ArchiveError::Empty { path: path.to_owned() }) }
    }

    /// The entries from a place on, counted from 0: a resumed import passes over what it has. How many there are shows at their end.
    ///
    /// An entry that cannot be read is an entry with a finding. An error ends the entries: the archive itself cannot be read further.
    /// Two entries of one name are refused when a ZIP is opened, since its reader would give one of them; in a TAR both are entries,
    /// and the later is the newer.
    pub fn entries_from(&mut self, start: u64) -> impl Iterator<Item = Result<PhotoEntry, ArchiveError>> + '_ {
        let entries = match &mut self.source {
            Source::Folder(folder) => folder.entries_from(start),
            Source::Zip(zip) => zip.entries_from(start),
            Source::Tar(tar) => tar.entries_from(start).unwrap_or_else(|error| Box::new(iter::once(Err(error)))),
        };
        let mut failed = false;
        entries.map_while(move |entry| (!mem::replace(&mut failed, entry.is_err())).then_some(entry))
    }
}

/// SHA-256 of a delivery of photos: of the file's bytes, or for a folder over its sorted paths and the digests of the files.
///
/// # Errors
/// When something cannot be read.
pub fn digest_of(path: &Path) -> Result<[u8; 32], ArchiveError> {
    if metadata(path)?.is_dir() {
        folder::Folder::list(path)?.digest()
    } else {
        digest::of_file(path).map_err(|source| ArchiveError::Unreadable { path: path.to_owned(), source })
    }
}

fn metadata(path: &Path) -> Result<fs::Metadata, ArchiveError> {
    fs::metadata(path).map_err(|source| {
        if source.kind() == io::ErrorKind::NotFound {
            ArchiveError::Missing { path: path.to_owned() }
        } else {
            ArchiveError::Unreadable { path: path.to_owned(), source }
        }
    })
}

fn open_buffered(path: &Path) -> Result<BufReader<File>, ArchiveError> {
    File::open(path).map(BufReader::new).map_err(|source| ArchiveError::Unreadable { path: path.to_owned(), source })
}
