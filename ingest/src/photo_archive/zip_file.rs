//! A ZIP archive of photos, read entry by entry. The list of its entries is kept in memory and bounded.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use zip::ZipArchive;
use zip::result::ZipError;

use super::content::{Content, decoded_name, entry, is_left_by_system, read_bounded};
use super::error::is_of_system;
use super::unfolding::{bomb, most_bytes_of};
use super::{ArchiveError, ArchiveForm, Entries, LARGEST_PHOTO_BYTES, PhotoEntry};

mod listed;

use listed::{Listed, MOST_LIST_BYTES, is_of_listing};

#[derive(Debug)]
pub(super) struct ZipFile {
    path: PathBuf,
    archive: ZipArchive<BufReader<Listed<File>>>,
    packed_bytes: u64,
}

impl ZipFile {
    pub(super) fn open(path: &Path) -> Result<Self, ArchiveError> {
        let unreadable = |source| ArchiveError::Unreadable { path: path.to_owned(), source };
        let file = File::open(path).map_err(unreadable)?;
        let packed_bytes = file.metadata().map_err(unreadable)?.len();
        let (listed, bound) = Listed::new(file);
        let archive = ZipArchive::new(BufReader::new(listed)).map_err(|error| {
            let error = io_error(error);
            if is_of_listing(&error) {
                ArchiveError::TooManyEntries { path: path.to_owned(), most_megabytes: MOST_LIST_BYTES >> 20 }
            } else {
                ArchiveError::on_opening(path, ArchiveForm::Zip, error)
            }
        })?;
        bound.lift();
        if archive.has_duplicate_names() {
            return Err(ArchiveError::NameTwice { path: path.to_owned() });
        }
        Ok(Self { path: path.to_owned(), archive, packed_bytes })
    }

    pub(super) fn entries_from(&mut self, start: u64) -> Entries<'_> {
        let mut bytes_left = most_bytes_of(self.packed_bytes);
        let places = usize::try_from(start).unwrap_or(usize::MAX)..self.archive.len();
        Box::new(places.map(move |index| {
            let (entry, unfolded) = self.entry(index)?;
            bytes_left = bytes_left.checked_sub(unfolded).ok_or_else(|| bomb(&self.path, ArchiveForm::Zip))?;
            Ok(entry)
        }))
    }

    /// The entry at a place, and how many bytes it unfolded to.
    fn entry(&mut self, index: usize) -> Result<(PhotoEntry, u64), ArchiveError> {
        let place = index as u64;
        let broken = |error| ArchiveError::behind(place, &self.path, ArchiveForm::Zip, error);
        // The raw entry gives the name also where the content is encrypted or packed in a way that is not read here.
        let described = self.archive.by_index_raw(index).map_err(|error| broken(io_error(error)))?;
        let path = decoded_name(described.name_raw()).replace('\\', "/");
        let (is_folder, is_file, size) = (described.is_dir() || path.ends_with('/'), described.is_file(), described.size());
        drop(described);
        let (content, unfolded) = if is_folder || is_left_by_system(&path) {
            (Content::Furniture, 0)
        } else if size > LARGEST_PHOTO_BYTES {
            (Content::TooLarge, 0)
        } else if !is_file {
            (Content::Unreadable, 0)
        } else {
            match self.archive.by_index(index) {
                Ok(file) => read_bounded(file).map_err(broken)?,
                Err(ZipError::Io(error)) if is_of_system(&error) => return Err(broken(error)),
                Err(_) => (Content::Unreadable, 0),
            }
        };
        Ok((entry(place, &path, content), unfolded))
    }
}

/// What the library met, without its words for it.
fn io_error(error: ZipError) -> io::Error {
    if let ZipError::Io(error) = error { error } else { io::Error::new(io::ErrorKind::InvalidData, error) }
}
