//! The keys of codes and status lists get successors; of the one before, its public half stays with the time of its retirement, so that
//! what it signed still verifies, or that of its revocation, so that the reason can be told. Revoked signers of documents stand here, too.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use seal::{P384Signer, PublicKey};
use time::OffsetDateTime;

use super::create::write;
use super::standing::{Heading, Purpose, Standing};
use super::{key_id, pem};
use crate::pem_blocks::headed_blocks;

const RETIRED: &str = "retired";

/// A public key that signs no more.
pub(super) struct Retired {
    pub(super) purpose: Purpose,
    pub(super) id: String,
    pub(super) key: PublicKey,
    pub(super) standing: Standing,
    pub(super) file: PathBuf,
}

/// The retired and revoked keys under a folder of keys, by purpose.
pub(super) fn all(keys: &Path) -> anyhow::Result<Vec<Retired>> {
    let folder = keys.join(RETIRED);
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        // Whoever may not read the keys verifies without them.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            tracing::warn!("the retired and revoked keys of this home may not be read; verification does without them");
            return Ok(Vec::new());
        }
        Err(error) => return Err(error).with_context(|| format!("cannot list {}", folder.display())),
    };
    let mut found = Vec::new();
    for entry in entries {
        let file = entry.with_context(|| format!("cannot list {}", folder.display()))?.path();
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if !name.starts_with('.') && name.ends_with(".pem") {
            found.push(read(file)?);
        }
    }
    found.sort_by(|a, b| (a.purpose, &a.id).cmp(&(b.purpose, &b.id)));
    Ok(found)
}

fn read(file: PathBuf) -> anyhow::Result<Retired> {
    let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let blocks = headed_blocks(&text).with_context(|| format!("the retired key {} cannot be used", file.display()))?;
    let [(heading, label, der)] = blocks.as_slice() else { bail!("{} does not hold exactly one key", file.display()) };
    let heading = Heading::of_line(heading).filter(|heading| label == "PUBLIC KEY" && heading.standing != Standing::InUse);
    let Some(Heading { purpose, id, standing }) = heading else {
        bail!("{} does not say of its key what it signed and since when it is retired or revoked", file.display())
    };
    let key = PublicKey::from_spki_der(der).with_context(|| format!("the retired key {} cannot be used", file.display()))?;
    Ok(Retired { purpose, id, key, standing, file })
}

/// Keeps a key under its standing, durable on return; of two words on one key the stricter one stays, but for its retirement, of which the
/// last one counts.
pub(super) fn keep(keys: &Path, purpose: Purpose, id: &str, key: &PublicKey, standing: Standing) -> anyhow::Result<()> {
    let folder = keys.join(RETIRED);
    let cannot =
        || format!("cannot keep the {} key {id} in {}; check its rights and the room on the disk", purpose.as_str(), folder.display());
    fs::create_dir_all(&folder).with_context(cannot)?;
    let name = format!("{}-{id}.pem", purpose.as_str());
    let kept = folder.join(&name);
    let before = if kept.exists() { Some(read(kept.clone())?.standing) } else { None };
    let standing = match before {
        Some(revoked @ Standing::Revoked(_)) => standing.stricter(revoked),
        Some(Standing::Retired(_) | Standing::InUse) | None => standing,
    };
    let heading = Heading { purpose, id: id.to_owned(), standing }.to_line();
    let unfinished = folder.join(format!(".{name}.new"));
    let _ = fs::remove_file(&unfinished);
    write(&unfinished, format!("{heading}\n{}", pem("PUBLIC KEY", &key.to_spki_der()?)?).as_bytes(), 0o644).with_context(cannot)?;
    fs::rename(&unfinished, &kept).with_context(cannot)?;
    File::open(&folder).and_then(|folder| folder.sync_all()).with_context(cannot)
}

/// Holds off others who change the keys, until it is dropped.
pub(super) fn lock(keys: &Path) -> anyhow::Result<File> {
    let cannot = || format!("cannot change the keys in {}; check its rights", keys.display());
    let lock = File::open(keys).with_context(cannot)?;
    lock.lock().with_context(cannot)?;
    Ok(lock)
}

/// Makes a successor of the key in the file `name`: the old public key is kept first, then the new key takes the old one's place in one step.
/// With `compromised` the old one is revoked, else retired. Returns the names of both.
pub(super) fn replace(
    keys: &Path,
    (purpose, name): (Purpose, &str),
    compromised: bool,
    now: fn() -> OffsetDateTime,
) -> anyhow::Result<(String, String)> {
    let cannot = || format!("cannot rotate the {} key in {}; check its rights and the room on the disk", purpose.as_str(), keys.display());
    let lock = lock(keys)?;
    let path = keys.join(name);
    let old = fs::read(&path).with_context(|| format!("cannot read the key file {}", path.display()))?;
    let old = P384Signer::from_pkcs8_der("", &old).with_context(|| format!("the key {name} cannot be read"))?.public_key();
    let old_id = key_id(&old.to_spki_der()?);
    let standing = || if compromised { Standing::revoked_at(now()) } else { Standing::retired_at(now()) };
    keep(keys, purpose, &old_id, &old, standing())?;
    let new = P384Signer::generate("", &mut rand::rng());
    let unfinished = keys.join(format!("{name}.new"));
    let _ = fs::remove_file(&unfinished);
    write(&unfinished, &new.to_pkcs8_der()?, 0o600).with_context(cannot)?;
    fs::rename(&unfinished, &path).with_context(cannot)?;
    lock.sync_all().with_context(cannot)?;
    if !compromised {
        // Until a moment ago a worker could sign with it.
        keep(keys, purpose, &old_id, &old, standing())?;
    }
    Ok((old_id, key_id(&new.public_key().to_spki_der()?)))
}

/// Revokes a key of codes or lists that is retired already; none where no retired key has this name. Gives the moment that counts.
pub(super) fn revoke(keys: &Path, id: &str, now: OffsetDateTime) -> anyhow::Result<Option<(Purpose, OffsetDateTime)>> {
    let found: Vec<Retired> = all(keys)?.into_iter().filter(|retired| retired.id == id).collect();
    ensure!(found.len() < 2, "{} retired keys are called {id:?}", found.len());
    let Some(retired) = found.into_iter().next() else { return Ok(None) };
    let since = match retired.standing {
        Standing::Revoked(since) => since,
        Standing::Retired(_) | Standing::InUse => {
            let standing = Standing::revoked_at(now);
            keep(keys, retired.purpose, id, &retired.key, standing)?;
            standing.since().unwrap_or(now)
        }
    };
    Ok(Some((retired.purpose, since)))
}
