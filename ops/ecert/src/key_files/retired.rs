//! The keys of codes and status lists get successors; of the one before, its public half stays, so that what it signed still verifies.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use seal::{P384Signer, PublicKey};

use super::create::write;
use super::key_id;

const RETIRED: &str = "retired";

/// A public key that signs no more.
pub(super) struct Retired {
    pub(super) purpose: &'static str,
    pub(super) id: String,
    pub(super) key: PublicKey,
    pub(super) file: PathBuf,
}

/// The retired keys under a folder of keys, by purpose.
pub(super) fn all(keys: &Path, purposes: &[&'static str]) -> anyhow::Result<Vec<Retired>> {
    let folder = keys.join(RETIRED);
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        // Whoever may not read the keys verifies without them.
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied) => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(|| format!("cannot list {}", folder.display())),
    };
    let mut found = Vec::new();
    for entry in entries {
        let file = entry.with_context(|| format!("cannot list {}", folder.display()))?.path();
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let Some(purpose) = purposes.iter().find(|purpose| name.starts_with(&format!("{purpose}-")) && name.ends_with(".pub.der")) else {
            continue;
        };
        let der = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let key = PublicKey::from_spki_der(&der).with_context(|| format!("the retired key {} cannot be used", file.display()))?;
        found.push(Retired { purpose, id: key_id(&der), key, file });
    }
    found.sort_by(|a, b| (a.purpose, &a.id).cmp(&(b.purpose, &b.id)));
    Ok(found)
}

/// Makes a successor of the key in the file `name`: the old public key is kept first, then the new key takes the old one's place in one step.
/// Returns the names of both.
pub(super) fn replace(keys: &Path, purpose: &'static str, name: &str) -> anyhow::Result<(String, String)> {
    let cannot = || format!("cannot rotate the {purpose} key in {}; check its rights and the room on the disk", keys.display());
    let lock = File::open(keys).with_context(cannot)?;
    lock.lock().with_context(cannot)?;
    let path = keys.join(name);
    let old = fs::read(&path).with_context(|| format!("cannot read the key file {}", path.display()))?;
    let old = P384Signer::from_pkcs8_der("", &old).with_context(|| format!("the key {name} cannot be read"))?.public_key().to_spki_der()?;
    let old_id = key_id(&old);
    let folder = keys.join(RETIRED);
    fs::create_dir_all(&folder).with_context(cannot)?;
    let kept = folder.join(format!("{purpose}-{old_id}.pub.der"));
    if !kept.exists() {
        let unfinished = folder.join(format!(".{purpose}-{old_id}.new"));
        let _ = fs::remove_file(&unfinished);
        write(&unfinished, &old, 0o644).with_context(cannot)?;
        fs::rename(&unfinished, &kept).with_context(cannot)?;
    }
    File::open(&folder).and_then(|folder| folder.sync_all()).with_context(cannot)?;
    let new = P384Signer::generate("", &mut rand::rng());
    let unfinished = keys.join(format!("{name}.new"));
    let _ = fs::remove_file(&unfinished);
    write(&unfinished, &new.to_pkcs8_der()?, 0o600).with_context(cannot)?;
    fs::rename(&unfinished, &path).with_context(cannot)?;
    lock.sync_all().with_context(cannot)?;
    Ok((old_id, key_id(&new.public_key().to_spki_der()?)))
}
