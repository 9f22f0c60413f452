//! A folder of photos, its folders included, in the order of paths.

use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::content::{Content, decoded_name, entry, is_left_by_system, read_bounded};
use super::{ArchiveError, Entries, LARGEST_PHOTO_BYTES, PhotoEntry};
use crate::digest;

#[derive(Debug)]
pub(super) struct Folder {
    root: PathBuf,
    entries: Vec<Listed>,
}

#[derive(Debug)]
struct Listed {
    relative: PathBuf,
    sort: Sort,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    File,
    Folder,
    /// Links, devices and the like: they might lead out of the folder, or never end.
    Other,
}

impl Folder {
    pub(super) fn list(root: &Path) -> Result<Self, ArchiveError> {
        let mut entries = Vec::new();
        let mut waiting = vec![PathBuf::new()];
        while let Some(relative) = waiting.pop() {
            let folder = root.join(&relative);
            let unreadable = |source| ArchiveError::Unreadable { path: folder.clone(), source };
            for item in fs::read_dir(&folder).map_err(unreadable)? {
                let item = item.map_err(unreadable)?;
                let file_type = item.file_type().map_err(unreadable)?;
                let relative = relative.join(item.file_name());
                let sort = if file_type.is_dir() {
                    waiting.push(relative.clone());
                    Sort::Folder
                } else if file_type.is_file() {
                    Sort::File
                } else {
                    Sort::Other
                };
                entries.push(Listed { relative, sort });
            }
        }
        entries.sort_by(|one, other| one.relative.as_os_str().as_bytes().cmp(other.relative.as_os_str().as_bytes()));
        Ok(Self { root: root.to_owned(), entries })
    }

    pub(super) fn entries_from(&self, start: u64) -> Entries<'_> {
        let passed = usize::try_from(start).unwrap_or(usize::MAX);
        Box::new((0_u64..).zip(&self.entries).skip(passed).map(|(place, listed)| Ok(self.entry(place, listed))))
    }

    fn entry(&self, place: u64, Listed { relative, sort }: &Listed) -> PhotoEntry {
        let path = decoded_name(relative.as_os_str().as_bytes());
        let content = match sort {
            Sort::Folder => Content::Furniture,
            Sort::Other => Content::Unreadable,
            Sort::File if is_left_by_system(&path) => Content::Furniture,
            Sort::File => read_file(&self.root.join(relative)),
        };
        entry(place, &path, content)
    }

    pub(super) fn digest(&self) -> Result<[u8; 32], ArchiveError> {
        let mut digests = Vec::new();
        for Listed { relative, sort } in &self.entries {
            if *sort == Sort::File {
                let path = self.root.join(relative);
                let digest = digest::of_file(&path).map_err(|source| ArchiveError::Unreadable { path, source })?;
                digests.push((relative.as_os_str().as_bytes().to_vec(), digest));
            }
        }
        Ok(digest::of_named(&digests))
    }
}

fn read_file(path: &Path) -> Content {
    match fs::metadata(path) {
        Ok(metadata) if metadata.len() > LARGEST_PHOTO_BYTES => Content::TooLarge,
        Ok(_) => File::open(path).and_then(read_bounded).map_or(Content::Unreadable, |(content, _)| content),
        Err(_) => Content::Unreadable,
    }
}
