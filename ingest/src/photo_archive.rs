//! Photos as they are delivered: a folder or a ZIP archive of files named by identity number. Every entry is told apart and accounted for; nothing is ever
//! unpacked to disk, and what an entry may unfold to in memory is bounded.

use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use domain::finding::{Finding, FindingCode, Outcome};
use domain::identity::{IdentityDocument, IdentityFault};
use encoding_rs::GB18030;

use crate::digest;

mod file_name;
mod folder;
#[cfg(test)]
mod tests;
mod zip_file;

pub use file_name::identity_of_file_name;

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

/// Why photos cannot be read from a path.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// Nothing is there.
    #[error("{path}: there is no such file or folder: check the path")]
    Missing {
        /// The path asked for.
        path: PathBuf,
    },
    /// A file, but no ZIP archive.
    #[error("{path}: it is no ZIP archive: photos are delivered as a folder or a ZIP archive of files named by ID number")]
    NotAnArchive {
        /// The path asked for.
        path: PathBuf,
    },
    /// A ZIP archive that cannot be read.
    #[error("{path}: the ZIP archive is damaged or of an unknown form: pack it again")]
    Damaged {
        /// The path asked for.
        path: PathBuf,
        /// What the reader of archives met.
        #[source]
        source: zip::result::ZipError,
    },
    /// Two entries of one name, of which only one could be read.
    #[error("{path}: the ZIP archive holds two entries of one name: unpack it and pack it again")]
    NameTwice {
        /// The path asked for.
        path: PathBuf,
    },
    /// Unpacks to far more than photos would.
    #[error("{path}: the ZIP archive unfolds to more than {times} times its size: it is no archive of photos")]
    Bomb {
        /// The path asked for.
        path: PathBuf,
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
            Self::NotAnArchive { .. } | Self::NameTwice { .. } | Self::Bomb { .. } => true,
            Self::Damaged { source, .. } => !matches!(source, zip::result::ZipError::Io(error) if is_of_system(error)),
            Self::Missing { .. } | Self::Unreadable { .. } => false,
        }
    }

    /// The same error of a file that goes by another name.
    #[must_use]
    pub fn told_of(mut self, name: &str) -> Self {
        match &mut self {
            Self::Missing { path }
            | Self::NotAnArchive { path }
            | Self::Damaged { path, .. }
            | Self::NameTwice { path }
            | Self::Bomb { path, .. }
            | Self::Unreadable { path, .. } => *path = PathBuf::from(name),
        }
        self
    }
}

/// Whether the system could not read, in contrast to what it read being damaged.
fn is_of_system(error: &io::Error) -> bool {
    !matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidInput | io::ErrorKind::Other)
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
}

impl PhotoArchive {
    /// Opens a folder, or a file that is a ZIP archive by its content.
    ///
    /// # Errors
    /// When there is nothing, or nothing of that form.
    pub fn open(path: &Path) -> Result<Self, ArchiveError> {
        let is_folder = metadata(path)?.is_dir();
        let source = if is_folder { Source::Folder(folder::Folder::list(path)?) } else { Source::Zip(zip_file::ZipFile::open(path)?) };
        Ok(Self { source })
    }

    /// How many entries there are, folders among them.
    #[must_use]
    pub fn len(&self) -> u64 {
        match &self.source {
            Source::Folder(folder) => folder.len(),
            Source::Zip(zip) => zip.len(),
        }
    }

    /// Whether there is no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entries from a place on, counted from 0: a resumed import passes over what it has.
    ///
    /// An entry that cannot be read is an entry with a finding. An error ends the entries: the archive itself cannot be read further.
    pub fn entries_from(&mut self, start: u64) -> impl Iterator<Item = Result<PhotoEntry, ArchiveError>> + '_ {
        let mut failed = false;
        (start..self.len()).map_while(move |place| {
            if failed {
                return None;
            }
            let entry = match &mut self.source {
                Source::Folder(folder) => folder.entry(place),
                Source::Zip(zip) => zip.entry(place),
            };
            failed = entry.is_err();
            Some(entry)
        })
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

/// What could be had of an entry.
enum Content {
    /// A folder, or a file that systems leave in folders.
    Furniture,
    /// The bytes.
    Bytes(Vec<u8>),
    /// More than a photo may have.
    TooLarge,
    /// Bytes that cannot be had.
    Unreadable,
}

fn entry(place: u64, path_in_archive: String, content: Content) -> PhotoEntry {
    let file_name = path_in_archive.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
    let (bytes, code) = match content {
        Content::Furniture => (Vec::new(), Some(FindingCode::PhotoFolder)),
        Content::TooLarge => (Vec::new(), Some(FindingCode::PhotoTooLarge)),
        Content::Unreadable => (Vec::new(), Some(FindingCode::PhotoUnreadable)),
        Content::Bytes(bytes) if bytes.is_empty() => (bytes, Some(FindingCode::PhotoEmpty)),
        Content::Bytes(bytes) => (bytes, None),
    };
    let identity = identity_of_file_name(&file_name);
    let mut findings: Vec<_> = code.map(|code| Finding::about(code, path_in_archive.as_str())).into_iter().collect();
    if identity.is_err() && code != Some(FindingCode::PhotoFolder) {
        findings.push(Finding::about(FindingCode::PhotoBadName, file_name.as_str()));
    }
    PhotoEntry { position: place + 1, path_in_archive, file_name, bytes, identity, findings }
}

fn read_bounded(reader: impl Read) -> Content {
    let mut bytes = Vec::new();
    match reader.take(LARGEST_PHOTO_BYTES + 1).read_to_end(&mut bytes) {
        Ok(_) if bytes.len() as u64 > LARGEST_PHOTO_BYTES => Content::TooLarge,
        Ok(_) => Content::Bytes(bytes),
        Err(_) => Content::Unreadable,
    }
}

/// Names come from systems that write them in GBK without saying so.
pub(crate) fn decoded_name(raw: &[u8]) -> String {
    match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => GB18030.decode_without_bom_handling(raw).0.into_owned(),
    }
}

/// Files that systems leave in folders by themselves.
pub(crate) fn is_left_by_system(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    path.split('/').any(|part| part == "__MACOSX")
        || name.starts_with("._")
        || ["thumbs.db", "desktop.ini", ".ds_store"].contains(&name.to_ascii_lowercase().as_str())
}

fn open_buffered(path: &Path) -> Result<BufReader<File>, ArchiveError> {
    File::open(path).map(BufReader::new).map_err(|source| ArchiveError::Unreadable { path: path.to_owned(), source })
}
