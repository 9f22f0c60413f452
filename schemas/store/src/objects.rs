//! The object store: a local folder whose files are named by their SHA-256 and never change.
//!
//! A chunk writes all its files under temporary names, renames them, then syncs the file system once; only then may a row
//! announce them. Blocking: callers on an async runtime use `spawn_blocking`.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use sha2::{Digest, Sha256};

/// What an object is; each area is a folder with its own file extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    /// Issued documents (PDF).
    Documents,
    /// Delivered files as they came.
    Intake,
    /// Photos as they came.
    Photos,
    /// Normalised portraits (JPEG).
    Portraits,
    /// Signed status lists (CWT).
    StatusLists,
}

impl Area {
    fn folder(self) -> &'static str {
        match self {
            Self::Documents => "documents",
            Self::Intake => "intake",
            Self::Photos => "photos",
            Self::Portraits => "portraits",
            Self::StatusLists => "status-lists",
        }
    }

    fn extension(self) -> &'static str {
        match self {
            Self::Documents => "pdf",
            Self::Intake => "delivered",
            Self::Photos => "original",
            Self::Portraits => "jpg",
            Self::StatusLists => "cwt",
        }
    }

    /// The key of the object with this digest.
    #[must_use]
    pub fn key(self, sha256: &[u8; 32]) -> String {
        let name = hex::encode(sha256);
        format!("{}/{}/{}/{name}.{}", self.folder(), &name[..2], &name[2..4], self.extension())
    }
}

/// Why an object could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum ObjectError {
    /// Reading or writing failed: missing rights, a full disk.
    #[error("{action} {path}", path = path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On which file.
        path: PathBuf,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
    /// The file's content is not that of its name.
    #[error("{0} does not have the content that its name says; restore it from a backup")]
    Damaged(String),
}

fn io_error(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> ObjectError {
    let path = path.to_owned();
    move |source| ObjectError::Io { action, path, source }
}

/// A stored object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// SHA-256 of the content.
    pub sha256: [u8; 32],
    /// Where it lies, relative to the store.
    pub key: String,
    /// Length in bytes.
    pub size_bytes: u64,
    /// Whether it lay there before; see [`crate::orphans::hold_off`].
    pub existed: bool,
}

/// The object store under one folder.
#[derive(Debug, Clone)]
pub struct Objects {
    root: PathBuf,
}

static TEMPORARY: AtomicU64 = AtomicU64::new(0);

/// A number of this start of the program: process ids repeat between containers that share a store.
fn start() -> u64 {
    static START: std::sync::OnceLock<u64> = std::sync::OnceLock::new();
    *START.get_or_init(|| std::hash::BuildHasher::hash_one(&std::collections::hash_map::RandomState::new(), std::process::id()))
}

/// Objects hold personal data: nobody else on the machine reads them.
fn create(path: &Path) -> io::Result<File> {
    fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}

fn create_folder(path: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

impl Objects {
    /// The store under `root`; the folder is made when the first object is written.
    #[must_use]
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// Where an object lies in the file system.
    #[must_use]
    pub fn path(&self, key: &str) -> PathBuf {
        self.root.join(key)
    }

    /// Writes a chunk of objects and makes all of them durable with one sync of the file system.
    ///
    /// # Errors
    /// [`ObjectError::Io`]; objects written before the failure stay and are found again by their name.
    pub fn write_all<'a>(&self, area: Area, contents: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<Stored>, ObjectError> {
        let mut stored = Vec::new();
        for content in contents {
            let sha256: [u8; 32] = Sha256::digest(content).into();
            let key = area.key(&sha256);
            let existed = self.holds(&key, &sha256)?;
            if existed {
                // Whoever collects orphans sees that it is wanted again.
                let path = self.path(&key);
                File::open(&path).and_then(|file| touch(&file)).map_err(io_error("cannot touch", &path))?;
            } else {
                let temporary = self.temporary()?;
                create(&temporary).and_then(|mut file| file.write_all(content)).map_err(io_error("cannot write", &temporary))?;
                self.put(&temporary, &key)?;
            }
            stored.push(Stored { sha256, key, size_bytes: content.len() as u64, existed });
        }
        if !stored.is_empty() {
            self.sync()?;
        }
        Ok(stored)
    }

    /// Copies a stream into the store, durable on return.
    ///
    /// # Errors
    /// [`ObjectError::Io`].
    pub fn write_stream(&self, area: Area, mut content: impl Read) -> Result<Stored, ObjectError> {
        let temporary = self.temporary()?;
        let mut file = create(&temporary).map_err(io_error("cannot create", &temporary))?;
        let (mut hasher, mut size_bytes, mut buffer) = (Sha256::new(), 0_u64, vec![0_u8; 1 << 18]);
        loop {
            let n = content.read(&mut buffer).map_err(io_error("cannot read what is stored as", &temporary))?;
            if n == 0 {
                break;
            }
            hasher.update(&buffer[..n]);
            file.write_all(&buffer[..n]).map_err(io_error("cannot write", &temporary))?;
            size_bytes += n as u64;
        }
        let sha256: [u8; 32] = hasher.finalize().into();
        let key = area.key(&sha256);
        let existed = self.holds(&key, &sha256)?;
        if existed {
            fs::remove_file(&temporary).map_err(io_error("cannot remove", &temporary))?;
        } else {
            self.put(&temporary, &key)?;
        }
        self.sync()?;
        Ok(Stored { sha256, key, size_bytes, existed })
    }

    /// Reads an object and checks it against its name.
    ///
    /// # Errors
    /// [`ObjectError::Io`] when it is missing, [`ObjectError::Damaged`] when its content is another.
    pub fn read(&self, key: &str, sha256: &[u8; 32]) -> Result<Vec<u8>, ObjectError> {
        let path = self.path(key);
        let content = fs::read(&path).map_err(io_error("cannot read", &path))?;
        if <[u8; 32]>::from(Sha256::digest(&content)) == *sha256 { Ok(content) } else { Err(ObjectError::Damaged(key.to_owned())) }
    }

    /// Opens an object for streaming.
    ///
    /// # Errors
    /// [`ObjectError::Io`].
    pub fn open(&self, key: &str) -> Result<File, ObjectError> {
        let path = self.path(key);
        File::open(&path).map_err(io_error("cannot open", &path))
    }

    /// Whether the object is there, whole. A file that a power cut left half written counts as absent.
    fn holds(&self, key: &str, sha256: &[u8; 32]) -> Result<bool, ObjectError> {
        let path = self.path(key);
        let mut file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(io_error("cannot open", &path)(error)),
        };
        let (mut hasher, mut buffer) = (Sha256::new(), vec![0_u8; 1 << 16]);
        loop {
            let n = file.read(&mut buffer).map_err(io_error("cannot read", &path))?;
            if n == 0 {
                return Ok(<[u8; 32]>::from(hasher.finalize()) == *sha256);
            }
            hasher.update(&buffer[..n]);
        }
    }

    /// Removes unfinished files that nobody wrote to since `before`, what killed processes left; looks at no more than `most` files.
    /// Returns how many were removed.
    ///
    /// # Errors
    /// [`ObjectError::Io`].
    pub fn clear_unfinished(&self, before: SystemTime, most: usize) -> Result<usize, ObjectError> {
        let folder = self.root.join("tmp");
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
            Err(error) => return Err(io_error("cannot list", &folder)(error)),
        };
        let mut removed = 0;
        for entry in entries.take(most) {
            let path = entry.map_err(io_error("cannot list", &folder))?.path();
            let old = fs::symlink_metadata(&path).and_then(|found| found.modified()).is_ok_and(|written| written < before);
            if !old {
                continue;
            }
            match fs::remove_file(&path) {
                Ok(()) => removed += 1,
                // Another worker that starts now does the same.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(io_error("cannot remove", &path)(error)),
            }
        }
        Ok(removed)
    }

    /// Whether there is a file under this key; its content is not looked at.
    #[must_use]
    pub fn is_there(&self, key: &str) -> bool {
        self.path(key).exists()
    }

    /// Digests of the objects in the first-level folder `folder` of an area that nobody wrote to or touched since `before`.
    ///
    /// # Errors
    /// [`ObjectError::Io`].
    pub fn untouched_since(&self, area: Area, folder: u8, before: SystemTime) -> Result<Vec<[u8; 32]>, ObjectError> {
        let folder = self.root.join(area.folder()).join(hex::encode([folder]));
        let mut found = Vec::new();
        for inner in entries(&folder)? {
            for file in entries(&inner)? {
                let name = file.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
                let digest = hex::decode(name).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
                if let Some(sha256) = digest.filter(|_| is_older(&file, before)) {
                    found.push(sha256);
                }
            }
        }
        Ok(found)
    }

    /// Removes an object unless somebody touched it since `before`; 1 where it was removed or, in a dry run, would be.
    ///
    /// # Errors
    /// [`ObjectError::Io`].
    pub fn remove_untouched(&self, area: Area, sha256: &[u8; 32], before: SystemTime, dry_run: bool) -> Result<i64, ObjectError> {
        let path = self.path(&area.key(sha256));
        if !is_older(&path, before) {
            return Ok(0);
        }
        if !dry_run {
            match fs::remove_file(&path) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
                Err(error) => return Err(io_error("cannot remove", &path)(error)),
            }
        }
        Ok(1)
    }

    fn temporary(&self) -> Result<PathBuf, ObjectError> {
        let folder = self.root.join("tmp");
        create_folder(&folder).map_err(io_error("cannot create the folder", &folder))?;
        Ok(folder.join(format!("{}-{:016x}-{}", std::process::id(), start(), TEMPORARY.fetch_add(1, Ordering::Relaxed))))
    }

    fn put(&self, temporary: &Path, key: &str) -> Result<(), ObjectError> {
        let path = self.path(key);
        if let Some(folder) = path.parent() {
            create_folder(folder).map_err(io_error("cannot create the folder", folder))?;
        }
        fs::rename(temporary, &path).map_err(io_error("cannot name", &path))
    }

    fn sync(&self) -> Result<(), ObjectError> {
        let root = File::open(&self.root).map_err(io_error("cannot open", &self.root))?;
        rustix::fs::syncfs(&root).map_err(|error| io_error("cannot sync the file system of", &self.root)(error.into()))
    }
}

/// The paths in a folder; none where there is no folder.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, ObjectError> {
    match fs::read_dir(folder) {
        Ok(found) => found.map(|entry| entry.map(|entry| entry.path()).map_err(io_error("cannot list", folder))).collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(io_error("cannot list", folder)(error)),
    }
}

/// Sets the time of the last change to the present one of the file system.
fn touch(file: &File) -> io::Result<()> {
    let at = |nanoseconds| rustix::fs::Timespec { tv_sec: 0, tv_nsec: nanoseconds };
    let times = rustix::fs::Timestamps { last_access: at(rustix::fs::UTIME_OMIT), last_modification: at(rustix::fs::UTIME_NOW) };
    Ok(rustix::fs::futimens(file, &times)?)
}

fn is_older(path: &Path, than: SystemTime) -> bool {
    fs::symlink_metadata(path).and_then(|found| found.modified()).is_ok_and(|written| written < than)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_found_again_by_its_digest_and_written_once() {
        let folder = tempfile::tempdir().unwrap();
        let objects = Objects::new(folder.path().join("objects"));
        let first = objects.write_all(Area::Documents, [b"one".as_slice(), b"two"]).unwrap();
        let again = objects.write_stream(Area::Documents, b"one".as_slice()).unwrap();
        assert_eq!(Stored { existed: true, ..first[0].clone() }, again);
        assert_eq!(objects.read(&again.key, &again.sha256).unwrap(), b"one");
        assert_eq!(fs::read_dir(folder.path().join("objects/tmp")).unwrap().count(), 0);
    }

    #[test]
    fn an_object_that_is_written_again_is_not_old_any_more_and_is_not_removed() {
        let folder = tempfile::tempdir().unwrap();
        let objects = Objects::new(folder.path().to_owned());
        let stored = objects.write_all(Area::Documents, [b"one".as_slice(), b"two"]).unwrap();
        for object in &stored {
            File::open(objects.path(&object.key)).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
        }
        let before = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1);
        let old = |of: &Stored| objects.untouched_since(Area::Documents, of.sha256[0], before).unwrap();
        assert_eq!((old(&stored[0]), old(&stored[1])), (vec![stored[0].sha256], vec![stored[1].sha256]));
        objects.write_all(Area::Documents, [b"one".as_slice()]).unwrap();
        assert_eq!((old(&stored[0]), old(&stored[1])), (Vec::new(), vec![stored[1].sha256]));
        let removed = |of: &Stored, dry_run| objects.remove_untouched(Area::Documents, &of.sha256, before, dry_run).unwrap();
        assert_eq!((removed(&stored[0], false), removed(&stored[1], true), removed(&stored[1], false)), (0, 1, 1));
        assert!(objects.is_there(&stored[0].key) && !objects.is_there(&stored[1].key));
        assert_eq!(removed(&stored[1], false), 0);
        assert!(objects.untouched_since(Area::StatusLists, 0, before).unwrap().is_empty());
    }

    #[test]
    fn what_a_killed_process_left_is_removed_after_its_time_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let objects = Objects::new(folder.path().to_owned());
        let (then, day) = (SystemTime::UNIX_EPOCH, std::time::Duration::from_secs(86_400));
        assert_eq!(objects.clear_unfinished(then + day, 10).unwrap(), 0);
        let stored = objects.write_all(Area::Photos, [b"whole".as_slice()]).unwrap().remove(0);
        File::open(objects.path(&stored.key)).unwrap().set_modified(then).unwrap();
        let [left, older, under_way] = [(); 3].map(|()| objects.temporary().unwrap());
        for (path, written) in [(&left, then), (&older, then), (&under_way, then + day)] {
            create(path).unwrap().set_modified(written).unwrap();
        }
        assert_eq!(objects.clear_unfinished(then + day, 0).unwrap(), 0);
        assert_eq!(objects.clear_unfinished(then + day, 10).unwrap(), 2);
        assert!(!left.exists() && !older.exists() && under_way.exists() && objects.path(&stored.key).exists());
    }

    #[test]
    fn a_half_written_object_is_replaced_and_a_damaged_one_is_not_handed_out() {
        let folder = tempfile::tempdir().unwrap();
        let objects = Objects::new(folder.path().to_owned());
        let stored = objects.write_all(Area::Portraits, [b"portrait".as_slice()]).unwrap().remove(0);
        fs::write(objects.path(&stored.key), b"").unwrap();
        assert!(matches!(objects.read(&stored.key, &stored.sha256), Err(ObjectError::Damaged(_))));
        objects.write_all(Area::Portraits, [b"portrait".as_slice()]).unwrap();
        assert_eq!(objects.read(&stored.key, &stored.sha256).unwrap(), b"portrait");
    }
}
