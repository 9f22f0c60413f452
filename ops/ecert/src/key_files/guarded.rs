//! A key that signs only as long as its file is the one it was read from. A worker holds its keys in memory; after a rotation the old one
//! must sign no more, since verifiers believe it only up to then, or not at all.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use seal::{SignError, Signer};
use zeroize::Zeroizing;

/// What tells a file from another one of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    device: u64,
    inode: u64,
    changed: (i64, i64),
}

impl Identity {
    fn of(found: &fs::Metadata) -> Self {
        Self { device: found.dev(), inode: found.ino(), changed: (found.mtime(), found.mtime_nsec()) }
    }
}

/// Which file lies there now.
pub(super) fn identity(path: &Path) -> io::Result<Identity> {
    fs::metadata(path).map(|found| Identity::of(&found))
}

/// The content of a key file, and which file it was.
pub(super) fn read(path: &Path) -> io::Result<(Zeroizing<Vec<u8>>, Identity)> {
    let mut file = File::open(path)?;
    let identity = Identity::of(&file.metadata()?);
    let mut content = Zeroizing::new(Vec::new());
    file.read_to_end(&mut content)?;
    Ok((content, identity))
}

/// The key, and the file that must still be there whenever it signs.
pub(super) struct Guarded {
    pub(super) key: Arc<dyn Signer>,
    pub(super) path: PathBuf,
    pub(super) identity: Identity,
}

impl Signer for Guarded {
    fn key_id(&self) -> &str {
        self.key.key_id()
    }

    fn sign_sha384(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let refuse = |source| SignError { key_id: self.key_id().to_owned(), source };
        match fs::metadata(&self.path) {
            Ok(found) if Identity::of(&found) == self.identity => self.key.sign_sha384(message),
            Ok(_) => Err(refuse("another key took its place; start the worker anew".into())),
            Err(error) => Err(refuse(error.into())),
        }
    }

    fn repeats(&self) -> bool {
        self.key.repeats()
    }
}
