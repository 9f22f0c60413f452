//! Signers that were brought in: each delivery in a folder of its own, named by its key and its content; a file says which is the
//! current one. Key files stay as they were delivered: what was encrypted is opened with the passphrase at every start.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use seal::{MAX_KEY_FILE_BYTES, SignerFile, SignerFileError};
use zeroize::Zeroizing;

use super::key_id;
use crate::pem_blocks::blocks;

const SIGNERS: &str = "signers";
const CURRENT: &str = "current";
const ARCHIVE: &str = "signer.p12";
const KEY: &str = "signer.key";
const CERTIFICATES: &str = "certificates.pem";

/// Names the passphrase where no file does.
pub(crate) const PASSPHRASE_VARIABLE: &str = "ECERT_PASSPHRASE";

/// A passphrase from a file, without its line end, else from the environment.
pub(crate) fn passphrase(file: Option<&Path>) -> anyhow::Result<Option<Zeroizing<String>>> {
    match file {
        Some(path) => {
            let text =
                Zeroizing::new(fs::read_to_string(path).with_context(|| format!("{}: the passphrase cannot be read", path.display()))?);
            Ok(Some(Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned())))
        }
        #[expect(clippy::disallowed_methods, reason = "a passphrase is read where it is used, and is no option of the command line")]
        None => Ok(std::env::var(PASSPHRASE_VARIABLE).ok().map(Zeroizing::new)),
    }
}

/// A signer as it was delivered.
pub(crate) enum Delivered {
    Archive(Vec<u8>),
    Key { key: Zeroizing<Vec<u8>>, certificates: String },
}

impl Delivered {
    /// Reads a PKCS#12 file, or a PKCS#8 key (PEM or DER) with a PEM file of certificates.
    pub(crate) fn read(file: &Path, certificates: Option<&Path>) -> anyhow::Result<Self> {
        let bytes = read_small(file)?;
        let Some(certificates) = certificates else { return Ok(Self::Archive(bytes)) };
        let text = String::from_utf8(read_small(certificates)?).ok().filter(|text| text.contains("-----BEGIN CERTIFICATE-----"));
        let Some(certificates) = text else { bail!("{}: it is no PEM file of certificates", certificates.display()) };
        Ok(Self::Key { key: Zeroizing::new(bytes), certificates })
    }

    /// Everything that was delivered, to tell one delivery from another.
    fn content(&self) -> Zeroizing<Vec<u8>> {
        match self {
            Self::Archive(bytes) => Zeroizing::new(bytes.clone()),
            Self::Key { key, certificates } => Zeroizing::new([key.as_slice(), certificates.as_bytes()].concat()),
        }
    }

    pub(super) fn open(&self, passphrase: Option<&str>) -> anyhow::Result<SignerFile> {
        match self {
            Self::Archive(bytes) if bytes.starts_with(b"-----BEGIN ") => {
                bail!("it is PEM, not PKCS#12; a PKCS#8 key needs the file of its certificates with --certificates")
            }
            Self::Archive(bytes) => match passphrase {
                Some(passphrase) => Ok(SignerFile::from_pkcs12(bytes, passphrase)?),
                None => match SignerFile::from_pkcs12(bytes, "") {
                    Err(SignerFileError::WrongPassphrase) => Err(SignerFileError::NoPassphrase.into()),
                    opened => Ok(opened?),
                },
            },
            Self::Key { key, certificates } => {
                let text = std::str::from_utf8(key).unwrap_or_default();
                let der = match blocks(text)?.into_iter().find(|(label, _)| label.ends_with("PRIVATE KEY")) {
                    Some((_, der)) => Zeroizing::new(der),
                    None => key.clone(),
                };
                let certificates =
                    blocks(certificates)?.into_iter().filter(|(label, _)| label == "CERTIFICATE").map(|(_, der)| der).collect();
                Ok(SignerFile::from_pkcs8(&der, passphrase, certificates)?)
            }
        }
    }
}

fn read_small(path: &Path) -> anyhow::Result<Vec<u8>> {
    let size = fs::metadata(path).with_context(|| format!("{}: it cannot be read", path.display()))?.len();
    if MAX_KEY_FILE_BYTES as u64 <= size {
        bail!("{}: it is too large to be a key file", path.display());
    }
    fs::read(path).with_context(|| format!("{}: it cannot be read", path.display()))
}

/// The signers under a folder of keys.
pub(super) struct Imported {
    folder: PathBuf,
}

impl Imported {
    pub(super) fn under(keys: &Path) -> Self {
        Self { folder: keys.join(SIGNERS) }
    }

    /// The name of the current signer's key, where one was brought in.
    pub(super) fn current(&self) -> anyhow::Result<Option<String>> {
        Ok(self.current_folder()?.map(|name| name.split('-').next().unwrap_or_default().to_owned()))
    }

    /// None only where no signer was ever brought in: nothing else may put the test authority in a real signer's place.
    fn current_folder(&self) -> anyhow::Result<Option<String>> {
        let path = self.folder.join(CURRENT);
        let name = match fs::read_to_string(&path) {
            Ok(name) => name.trim().to_owned(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error).with_context(|| format!("{}: it cannot be read", path.display())),
        };
        if name.is_empty() && (path.exists() || !self.names()?.is_empty()) {
            bail!("{} does not say which of the imported signers signs; `ecert keys use ID` does", path.display());
        }
        if !name.is_empty() && !self.folder.join(&name).is_dir() {
            bail!("{} names the signer {name:?}, which is not there; `ecert keys use ID` takes another one", path.display());
        }
        Ok(Some(name).filter(|name| !name.is_empty()))
    }

    /// The file of the current signer's key.
    pub(super) fn current_file(&self) -> anyhow::Result<Option<PathBuf>> {
        Ok(self.current_folder()?.map(|name| self.file_of(&name)))
    }

    fn file_of(&self, name: &str) -> PathBuf {
        let folder = self.folder.join(name);
        let archive = folder.join(ARCHIVE);
        if archive.exists() { archive } else { folder.join(KEY) }
    }

    /// Key and file of every signer that was brought in and is not the current one.
    pub(super) fn others(&self) -> anyhow::Result<Vec<(String, PathBuf)>> {
        let current = self.current_folder()?;
        let names = self.names()?.into_iter().filter(|name| Some(name) != current.as_ref());
        Ok(names.map(|name| (name.clone(), self.file_of(&name))).collect())
    }

    /// The deliveries of a key: by its id, or by the whole name of one.
    pub(super) fn named(&self, id: &str) -> anyhow::Result<Vec<String>> {
        Ok(self.names()?.into_iter().filter(|name| name == id || name.split('-').next() == Some(id)).collect())
    }

    /// The names of all deliveries.
    fn names(&self) -> anyhow::Result<Vec<String>> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error).with_context(|| format!("cannot list {}", self.folder.display())),
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.with_context(|| format!("cannot list {}", self.folder.display()))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.path().is_dir() && !name.contains(".new-") {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }

    /// Opens the current signer.
    pub(super) fn open(&self, passphrase: Option<&str>) -> anyhow::Result<Option<SignerFile>> {
        self.current_folder()?.map(|name| self.open_named(&name, passphrase)).transpose()
    }

    /// Opens one of the signers.
    pub(super) fn open_named(&self, name: &str, passphrase: Option<&str>) -> anyhow::Result<SignerFile> {
        let folder = self.folder.join(name);
        let archive = folder.join(ARCHIVE);
        let delivered = if archive.exists() {
            Delivered::read(&archive, None)?
        } else {
            Delivered::read(&folder.join(KEY), Some(&folder.join(CERTIFICATES)))?
        };
        let opened = delivered.open(passphrase).with_context(|| {
            format!("the signer {name} cannot be opened; its passphrase comes from keys.passphrase_file in ecert.toml or from {PASSPHRASE_VARIABLE}")
        })?;
        Ok(opened)
    }

    /// Keeps a signer that was opened and checked, and makes it the current one.
    pub(super) fn keep(&self, delivered: &Delivered, opened: &SignerFile) -> anyhow::Result<()> {
        // The same key in another file, perhaps under another passphrase, is another delivery.
        let name = format!("{}-{}", key_id(&opened.certificate_der), key_id(&delivered.content()));
        private_folder(&self.folder)?;
        let folder = self.folder.join(&name);
        if !folder.exists() {
            let unfinished = self.folder.join(format!("{name}.new-{}", std::process::id()));
            private_folder(&unfinished)?;
            match delivered {
                Delivered::Archive(bytes) => write_private(&unfinished.join(ARCHIVE), bytes)?,
                Delivered::Key { key, certificates } => {
                    write_private(&unfinished.join(KEY), key)?;
                    write_private(&unfinished.join(CERTIFICATES), certificates.as_bytes())?;
                }
            }
            fs::rename(&unfinished, &folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        self.point_to(&name)
    }

    /// Makes a signer the current one.
    pub(super) fn point_to(&self, name: &str) -> anyhow::Result<()> {
        let pointer = self.folder.join(format!("{CURRENT}.new-{}", std::process::id()));
        write_private(&pointer, name.as_bytes())?;
        fs::rename(&pointer, self.folder.join(CURRENT)).context("cannot make the signer the current one")?;
        File::open(&self.folder).and_then(|folder| folder.sync_all()).context("cannot sync the folder of keys")
    }
}

fn private_folder(path: &Path) -> anyhow::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path).with_context(|| format!("cannot make the folder {}", path.display()))
}

fn write_private(path: &Path, content: &[u8]) -> anyhow::Result<()> {
    let write = || {
        let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
        file.write_all(content)?;
        file.sync_all()
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}
