//! A ZIP archive of photos, read entry by entry.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use zip::ZipArchive;
use zip::result::ZipError;

use super::{ArchiveError, Content, LARGEST_PHOTO_BYTES, PhotoEntry, decoded_name, entry, is_left_by_system, open_buffered, read_bounded};

/// Pictures hardly shrink when they are packed; what unfolds to more than this many times the archive is a bomb.
const TIMES_UNFOLDED: u64 = 200;
/// What any archive may unfold to, however small it is.
const FREE_BYTES: u64 = 64 << 20;

#[derive(Debug)]
pub(super) struct ZipFile {
    path: PathBuf,
    archive: ZipArchive<BufReader<File>>,
    bytes_left: u64,
}

impl ZipFile {
    pub(super) fn open(path: &Path) -> Result<Self, ArchiveError> {
        let mut file = open_buffered(path)?;
        let unreadable = |source| ArchiveError::Unreadable { path: path.to_owned(), source };
        let mut head = Vec::new();
        file.by_ref().take(4).read_to_end(&mut head).map_err(unreadable)?;
        if head != b"PK\x03\x04" && head != b"PK\x05\x06" {
            return Err(ArchiveError::NotAnArchive { path: path.to_owned() });
        }
        let size = file.seek(SeekFrom::End(0)).map_err(unreadable)?;
        file.rewind().map_err(unreadable)?;
        let archive = ZipArchive::new(file).map_err(|source| ArchiveError::Damaged { path: path.to_owned(), source })?;
        if archive.has_duplicate_names() {
            return Err(ArchiveError::NameTwice { path: path.to_owned() });
        }
        let bytes_left = size.saturating_mul(TIMES_UNFOLDED).saturating_add(FREE_BYTES);
        Ok(Self { path: path.to_owned(), archive, bytes_left })
    }

    pub(super) fn len(&self) -> u64 {
        self.archive.len() as u64
    }

    pub(super) fn entry(&mut self, place: u64) -> Result<PhotoEntry, ArchiveError> {
        let damaged = |source| ArchiveError::Damaged { path: self.path.clone(), source };
        let index = usize::try_from(place).map_err(|_| damaged(ZipError::FileNotFound))?;
        // The raw entry gives the name also where the content is encrypted or packed in a way that is not read here.
        let described = self.archive.by_index_raw(index).map_err(damaged)?;
        let path = decoded_name(described.name_raw()).replace('\\', "/");
        let (is_folder, is_file, size) = (described.is_dir() || path.ends_with('/'), described.is_file(), described.size());
        drop(described);
        let content = if is_folder || is_left_by_system(&path) {
            Content::Furniture
        } else if size > LARGEST_PHOTO_BYTES {
            Content::TooLarge
        } else if !is_file {
            Content::Unreadable
        } else {
            match self.archive.by_index(index) {
                Ok(file) => read_bounded(file),
                Err(_) => Content::Unreadable,
            }
        };
        let unfolded = match &content {
            Content::Bytes(bytes) => bytes.len() as u64,
            Content::Furniture | Content::TooLarge | Content::Unreadable => 0,
        };
        self.bytes_left =
            self.bytes_left.checked_sub(unfolded).ok_or_else(|| ArchiveError::Bomb { path: self.path.clone(), times: TIMES_UNFOLDED })?;
        Ok(entry(place, path, content))
    }
}
