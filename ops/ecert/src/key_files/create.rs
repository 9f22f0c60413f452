//! Makes the keys of a home all at once: in a folder beside their own, which gets its name in one step. A start that is killed leaves
//! no half set, and of two starts at once one makes the keys and the other finds them.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use seal::P384Signer;
use seal::test_authority::TestAuthority;
use time::OffsetDateTime;

use super::{
    AUTHORITY_CERTIFICATE, AUTHORITY_KEY, AUTHORITY_PEM, DOCUMENT_CERTIFICATE, DOCUMENT_KEY, NEEDED, QR_KEY, STATUS_KEY, pem, present,
};

/// How the folder of keys is called while it is made; the number of the process follows.
const UNFINISHED: &str = "keys.new-";

/// Makes the folder with all keys; false when it is there already, whole.
pub(super) fn create(folder: &Path, now: OffsetDateTime) -> anyhow::Result<bool> {
    let home = folder.parent().context("the folder of keys lies in a home")?;
    let cannot = || format!("cannot make the keys in {}; check its rights and the room on the disk", home.display());
    // Held to the end of this start, even a killed one: what another start left meanwhile is dead.
    let lock = File::open(home).with_context(cannot)?;
    lock.lock().with_context(cannot)?;
    remove_leftovers(home).with_context(cannot)?;
    if present(folder) {
        return Ok(false);
    }
    let made = home.join(format!("{UNFINISHED}{}", std::process::id()));
    fs::create_dir(&made).with_context(cannot)?;
    write_all(&made, now)?;
    match fs::rename(&made, folder) {
        Ok(()) => {
            lock.sync_all().with_context(cannot)?;
            Ok(true)
        }
        Err(error) => {
            fs::remove_dir_all(&made).with_context(cannot)?;
            if present(folder) {
                return Ok(false);
            }
            if matches!(error.kind(), io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::AlreadyExists) {
                let lies = if NEEDED.iter().any(|name| folder.join(name).exists()) { "some keys but not all" } else { "other files" };
                bail!("{} holds {lies}; restore the missing keys or move the folder away", folder.display());
            }
            Err(error).with_context(cannot)
        }
    }
}

/// Removes what dead starts left; call it holding the lock, under which no other start is alive.
fn remove_leftovers(home: &Path) -> io::Result<()> {
    for entry in fs::read_dir(home)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

/// Writes every key and certificate, durable on return.
fn write_all(folder: &Path, now: OffsetDateTime) -> anyhow::Result<()> {
    let mut rng = rand::rng();
    let authority = TestAuthority::create(&mut rng, now).context("make the test authority")?;
    let qr = P384Signer::generate("qr", &mut rng).to_pkcs8_der()?;
    let status = P384Signer::generate("status", &mut rng).to_pkcs8_der()?;
    let pem = pem("CERTIFICATE", &authority.ca_certificate_der)?;
    let files: [(&str, &[u8], u32); 7] = [
        (AUTHORITY_KEY, &authority.ca_key_pkcs8_der, 0o600),
        (AUTHORITY_CERTIFICATE, &authority.ca_certificate_der, 0o644),
        (AUTHORITY_PEM, pem.as_bytes(), 0o644),
        (QR_KEY, &qr, 0o600),
        (STATUS_KEY, &status, 0o600),
        (DOCUMENT_CERTIFICATE, &authority.signer_certificate_der, 0o644),
        (DOCUMENT_KEY, &authority.signer_key_pkcs8_der, 0o600),
    ];
    for (name, content, mode) in files {
        let path = folder.join(name);
        write(&path, content, mode).with_context(|| format!("cannot write {}", path.display()))?;
    }
    File::open(folder).and_then(|folder| folder.sync_all()).with_context(|| format!("cannot sync {}", folder.display()))
}

pub(super) fn write(path: &Path, content: &[u8], mode: u32) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use time::macros::datetime;

    use super::super::KeyFiles;
    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-01 08:00 UTC);

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn keys_are_made_once_and_what_a_killed_start_left_is_gone() {
        let home = tempfile::tempdir().unwrap();
        let left = home.path().join("keys.new-1");
        fs::create_dir(&left).unwrap();
        fs::write(left.join(DOCUMENT_KEY), "half").unwrap();
        let keys = KeyFiles::new(home.path().join("keys"));
        assert!(!keys.present());
        assert!(keys.init(NOW).unwrap());
        let key = keys.read(DOCUMENT_KEY).unwrap();
        assert!(!keys.init(NOW).unwrap());
        assert_eq!(keys.read(DOCUMENT_KEY).unwrap(), key);
        assert_eq!(names(home.path()), ["keys"]);
    }

    #[test]
    fn of_many_starts_at_once_one_makes_a_set_that_fits_together() {
        let home = tempfile::tempdir().unwrap();
        let keys = KeyFiles::new(home.path().join("keys"));
        let barrier = Barrier::new(4);
        let made = std::thread::scope(|scope| {
            let start = || {
                barrier.wait();
                keys.init(NOW).unwrap()
            };
            let starts = [(); 4].map(|()| scope.spawn(start));
            starts.map(|start| start.join().unwrap()).into_iter().filter(|made| *made).count()
        });
        assert_eq!(made, 1);
        assert_eq!(names(home.path()), ["keys"]);
        // Refuses a key that is not its certificate's.
        keys.sealer(NOW, None).unwrap();
        assert_eq!(keys.list().unwrap().len(), 3);
    }

    #[test]
    fn a_folder_that_holds_something_else_is_refused_and_left_as_it_was() {
        for (file, word) in [(QR_KEY, "some keys but not all"), ("notes.txt", "other files")] {
            let home = tempfile::tempdir().unwrap();
            let folder = home.path().join("keys");
            fs::create_dir(&folder).unwrap();
            fs::write(folder.join(file), "mine").unwrap();
            let error = create(&folder, NOW).unwrap_err().to_string();
            assert!(error.contains(word) && error.contains("move the folder away"), "{error}");
            assert_eq!((names(home.path()), names(&folder)), (vec!["keys".to_owned()], vec![file.to_owned()]));
        }
    }

    #[test]
    fn a_set_without_its_status_key_is_not_whole() {
        let home = tempfile::tempdir().unwrap();
        let keys = KeyFiles::new(home.path().join("keys"));
        keys.init(NOW).unwrap();
        fs::remove_file(home.path().join("keys").join(STATUS_KEY)).unwrap();
        assert!(!keys.present());
        assert!(keys.init(NOW).is_err());
    }
}
