//! A file that a command writes where its user said: under another name beside it until it is whole, so that nobody reads half of it.

use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use tempfile::{Builder, NamedTempFile};

/// Writes a whole file.
///
/// # Errors
/// The path with what to check, and the system's reason.
pub(crate) fn write_whole(path: &Path, content: &[u8]) -> anyhow::Result<()> {
    let write = || -> io::Result<()> {
        let mut file = OutFile::create(path)?;
        file.write_all(content)?;
        file.finish()
    };
    write().with_context(|| format!("{}: it cannot be written: check the folder and its permissions, or name another file", path.display()))
}

/// A file under way. Dropped before its end, it leaves nothing.
#[derive(Debug)]
pub(crate) struct OutFile(Target);

#[derive(Debug)]
enum Target {
    /// Gets its name at the end.
    Beside(NamedTempFile, PathBuf),
    /// A pipe or a device cannot be renamed over.
    Itself(File),
}

impl OutFile {
    /// Begins the file; what has its name stays as it is until the end.
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        if fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir()) {
            return Ok(Self(Target::Itself(File::options().write(true).open(path)?)));
        }
        // A link stays a link.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if path.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::metadata(folder)?;
        // The rights of any new file: the user's mask takes from these.
        let file = Builder::new()
            .prefix(".ecert-")
            .suffix(".part")
            .permissions(Permissions::from_mode(0o666))
            .tempfile_in(folder)
            // The name that a file has until its end tells nobody anything.
            .map_err(|error| io::Error::from(error.kind()))?;
        Ok(Self(Target::Beside(file, path)))
    }

    /// Gives the whole file its name.
    pub(crate) fn finish(self) -> io::Result<()> {
        match self.0 {
            Target::Beside(file, path) => {
                file.as_file().sync_all()?;
                file.persist(path).map(drop).map_err(|error| error.error)
            }
            Target::Itself(mut file) => file.flush(),
        }
    }
}

impl Write for OutFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            Target::Beside(file, _) => file.write(bytes),
            Target::Itself(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            Target::Beside(file, _) => file.flush(),
            Target::Itself(file) => file.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_had_the_name_stays_until_the_end_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("报告.csv");
        fs::write(&path, "old").unwrap();
        let mut given_up = OutFile::create(&path).unwrap();
        given_up.write_all(b"half").unwrap();
        drop(given_up);
        assert_eq!(fs::read(&path).unwrap(), b"old");
        let mut file = OutFile::create(&path).unwrap();
        file.write_all(b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"old");
        file.finish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_link_stays_a_link_a_device_is_written_to_and_a_folder_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (link, file) = (folder.path().join("link"), folder.path().join("file"));
        fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        let mut out = OutFile::create(&link).unwrap();
        out.write_all(b"new").unwrap();
        out.finish().unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&file).unwrap(), b"new");
        OutFile::create(Path::new("/dev/null")).unwrap().finish().unwrap();
        assert_eq!(OutFile::create(folder.path()).unwrap_err().kind(), io::ErrorKind::IsADirectory);
    }

    #[test]
    fn a_folder_that_is_not_there_is_told_by_the_name_that_was_asked_for() {
        let told = format!("{:#}", write_whole(Path::new("/nowhere/照片.jpg"), b"").unwrap_err());
        assert!(told.contains("/nowhere/照片.jpg") && told.contains("No such file") && !told.contains(".part"), "{told}");
    }
}
