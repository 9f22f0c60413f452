//! A TAR archive of photos, packed by gzip or not, read once from its beginning to its end.
//!
//! Entries are told by their place. Two of one name are two entries, of which the later counts as the newer: so a TAR that was
//! added to replaces its files. An archive must end with an empty block, as every writer makes it: one without was cut off.
//! Behind that block, entries may go on, as where archives were put one after the other.

use std::fmt;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use flate2::bufread::MultiGzDecoder;
use tar::{Archive, EntryType};

use super::content::{Content, decoded_name, entry, is_left_by_system};
use super::form::BLOCK_BYTES;
use super::unfolding::{bomb, most_bytes_of};
use super::{ArchiveError, ArchiveForm, Entries, LARGEST_PHOTO_BYTES, PhotoEntry, open_buffered};

mod metered;

use metered::{Meter, Metered, is_of_unfolding};

type Packed = Metered<Box<dyn Read>>;

/// Bytes that are unpacked at once.
const CHUNK_BYTES: usize = 64 << 10;

pub(super) struct TarFile {
    path: PathBuf,
    form: ArchiveForm,
    archive: Archive<Packed>,
}

impl fmt::Debug for TarFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TarFile").field("path", &self.path).field("form", &self.form).finish_non_exhaustive()
    }
}

impl TarFile {
    pub(super) fn new(path: &Path, form: ArchiveForm) -> Self {
        let nothing: Box<dyn Read> = Box::new(io::empty());
        Self { path: path.to_owned(), form, archive: Archive::new(Metered::new(nothing, Rc::new(Meter::new(0)))) }
    }

    /// Begins at the first entry; those before `start` are passed over without being kept.
    pub(super) fn entries_from(&mut self, start: u64) -> Result<Entries<'_>, ArchiveError> {
        let Self { path, form, archive } = self;
        let unreadable = |source| ArchiveError::Unreadable { path: path.clone(), source };
        let file = open_buffered(path)?;
        let packed_bytes = file.get_ref().metadata().map_err(unreadable)?.len();
        let (reader, most_bytes): (Box<dyn Read>, u64) = match form {
            ArchiveForm::TarGz => (Box::new(BufReader::with_capacity(CHUNK_BYTES, MultiGzDecoder::new(file))), most_bytes_of(packed_bytes)),
            ArchiveForm::Tar | ArchiveForm::Zip => (Box::new(file), u64::MAX),
        };
        let meter = Rc::new(Meter::new(most_bytes));
        *archive = Archive::new(Metered::new(reader, Rc::clone(&meter)));
        archive.set_ignore_zeros(true);
        let entries = archive.entries().map_err(unreadable)?;
        Ok(Box::new(TarEntries { path, form: *form, entries, meter, place: 0, start }))
    }
}

struct TarEntries<'a> {
    path: &'a Path,
    form: ArchiveForm,
    entries: tar::Entries<'a, Packed>,
    meter: Rc<Meter>,
    place: u64,
    start: u64,
}

impl TarEntries<'_> {
    fn next_entry(&mut self) -> io::Result<Option<PhotoEntry>> {
        loop {
            let Some(found) = self.entries.next() else {
                let is_closed = self.meter.position() >= self.meter.data_end() + BLOCK_BYTES;
                return if is_closed { Ok(None) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
            };
            let mut found = found?;
            // What a sparse file would unfold to does not stand in the archive.
            let stored_bytes = if found.header().entry_type().is_gnu_sparse() { found.header().entry_size()? } else { found.size() };
            self.meter.data_follows(stored_bytes);
            if found.header().entry_type().is_pax_global_extensions() {
                continue;
            }
            let place = self.place;
            if place < self.start {
                self.place += 1;
                continue;
            }
            let (path, is_sparse) = described(&mut found)?;
            let content = content_of(&mut found, &path, is_sparse)?;
            self.place += 1;
            return Ok(Some(entry(place, &path, content)));
        }
    }
}

impl Iterator for TarEntries<'_> {
    type Item = Result<PhotoEntry, ArchiveError>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.next_entry().map_err(|error| {
            if is_of_unfolding(&error) { bomb(self.path, self.form) } else { ArchiveError::behind(self.place, self.path, self.form, error) }
        });
        next.transpose()
    }
}

/// The path of an entry, and whether it is a sparse file, which newer archives tell beside its name only.
fn described(found: &mut tar::Entry<'_, Packed>) -> io::Result<(String, bool)> {
    let mut path = decoded_name(&found.path_bytes());
    let mut is_sparse = found.header().entry_type().is_gnu_sparse();
    if found.header().entry_type().is_file()
        && let Some(extensions) = found.pax_extensions()?
    {
        for extension in extensions.filter_map(Result::ok) {
            is_sparse |= extension.key_bytes().starts_with(b"GNU.sparse.");
            if extension.key_bytes() == b"GNU.sparse.name" {
                path = decoded_name(extension.value_bytes());
            }
        }
    }
    Ok((path, is_sparse))
}

fn content_of(found: &mut tar::Entry<'_, Packed>, path: &str, is_sparse: bool) -> io::Result<Content> {
    let entry_type = found.header().entry_type();
    let is_file = matches!(entry_type, EntryType::Regular | EntryType::Continuous) && !is_sparse;
    // Before there was a type for them, folders were files whose names end so.
    if entry_type.is_dir() || is_file && (path.ends_with('/') || is_left_by_system(path)) {
        return Ok(Content::Furniture);
    }
    if !is_file {
        return Ok(Content::Unreadable);
    }
    if found.size() > LARGEST_PHOTO_BYTES {
        return Ok(Content::TooLarge);
    }
    let mut bytes = Vec::new();
    found.read_to_end(&mut bytes)?;
    if bytes.len() as u64 == found.size() { Ok(Content::Bytes(bytes)) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}
