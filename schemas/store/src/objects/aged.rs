//! What lies in the store since long ago: objects that may be orphans, and what killed processes left half written.

use std::path::{Path, PathBuf};
use std::time::SystemTime;
use std::{fs, io};

use futures::TryStreamExt as _;
use object_store::ObjectStoreExt as _;
use object_store::path::Path as Key;

use super::error::{of_file, of_object};
use super::{Area, ObjectError, Objects, Place};

impl Objects {
    /// Digests of the objects in the first-level folder `folder` of an area that nobody wrote since `before`.
    ///
    /// # Errors
    /// The store's.
    pub async fn untouched_since(&self, area: Area, folder: u8, before: SystemTime) -> Result<Vec<[u8; 32]>, ObjectError> {
        let folder = format!("{}/{}", area.folder(), hex::encode([folder]));
        let failed = |error| of_object("cannot list", self.location(&folder))(error);
        let mut listed = self.store()?.list(Some(&Key::from(folder.as_str())));
        let mut found = Vec::new();
        while let Some(object) = listed.try_next().await.map_err(failed)? {
            let name = object.location.filename().and_then(|name| name.split('.').next()).unwrap_or_default();
            let digest = hex::decode(name).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
            if let Some(sha256) = digest.filter(|_| SystemTime::from(object.last_modified) < before) {
                found.push(sha256);
            }
        }
        Ok(found)
    }

    /// Removes an object unless somebody wrote it since `before`; 1 where it was removed or, in a dry run, would be.
    ///
    /// # Errors
    /// The store's.
    pub async fn remove_untouched(&self, area: Area, sha256: &[u8; 32], before: SystemTime, dry_run: bool) -> Result<i64, ObjectError> {
        let (key, store) = (area.key(sha256), self.store()?);
        let path = Key::from(key.as_str());
        match store.head(&path).await {
            Ok(found) if SystemTime::from(found.last_modified) < before => {}
            Ok(_) | Err(object_store::Error::NotFound { .. }) => return Ok(0),
            Err(error) => return Err(of_object("cannot look for", self.location(&key))(error)),
        }
        if dry_run {
            return Ok(1);
        }
        match store.delete(&path).await {
            Ok(()) => Ok(1),
            Err(object_store::Error::NotFound { .. }) => Ok(0),
            Err(error) => Err(of_object("cannot remove", self.location(&key))(error)),
        }
    }

    /// Removes unfinished files that nobody wrote to since `before`, what killed processes left in the first-level folder `folder` of an
    /// area; 1 for each that was removed or, in a dry run, would be. A bucket's own lifecycle rule ends unfinished uploads. Blocking.
    ///
    /// # Errors
    /// [`ObjectError::Io`].
    pub fn clear_unfinished(&self, area: Area, folder: u8, before: SystemTime, dry_run: bool) -> Result<i64, ObjectError> {
        let Place::Folder(root) = &self.place else { return Ok(0) };
        let mut removed = 0;
        for path in entries(&root.join(area.folder()).join(hex::encode([folder])))? {
            // The library's own mark of a file that is being written.
            let unfinished = path.file_name().is_some_and(|name| name.to_string_lossy().contains('#'));
            if !unfinished || !is_older(&path, before) {
                continue;
            }
            match if dry_run { Ok(()) } else { fs::remove_file(&path) } {
                Ok(()) => removed += 1,
                // Another process does the same.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(of_file("cannot remove", path.display().to_string())(error)),
            }
        }
        Ok(removed)
    }
}

/// The paths in a folder; none where there is no folder.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, ObjectError> {
    let failed = |error| of_file("cannot list", folder.display().to_string())(error);
    match fs::read_dir(folder) {
        Ok(found) => found.map(|entry| entry.map(|entry| entry.path()).map_err(failed)).collect(),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(Vec::new()),
        Err(error) => Err(failed(error)),
    }
}

fn is_older(path: &Path, than: SystemTime) -> bool {
    fs::symlink_metadata(path).and_then(|found| found.modified()).is_ok_and(|written| written < than)
}
