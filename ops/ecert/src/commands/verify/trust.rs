//! What a verification trusts: authorities, and the keys of codes and lists; and which keys are trusted no more.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use seal::PublicKey;
use time::OffsetDateTime;

use crate::app::App;
use crate::key_files::{Heading, KeyFiles, KnownKey, Purpose, Standing, key_id};
use crate::pem_blocks::{headed_blocks, lines_between};

/// A trust file is small.
const MAX_BYTES: u64 = 1 << 20;

fn read(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    if fs::File::open(path)?.take(MAX_BYTES + 1).read_to_string(&mut text)? as u64 > MAX_BYTES {
        return Err(io::Error::other("it is larger than 1 MiB, which no trust file is"));
    }
    Ok(text)
}

/// Anchors and keys from the home, the configuration and the files that were named.
pub(super) struct Trust {
    /// Authorities, in DER.
    pub(super) anchors: Vec<Vec<u8>>,
    keys: Vec<KnownKey>,
}

impl Trust {
    pub(super) fn gather(app: &App, named: &[PathBuf]) -> anyhow::Result<Trust> {
        let home = KeyFiles::new(app.home.keys());
        let mut trust = Trust { anchors: home.anchor()?.into_iter().collect(), keys: home.public_keys()? };
        for path in app.config.verify.anchors.iter().chain(named) {
            let text = read(path).with_context(|| format!("cannot read the trust file {}", path.display()))?;
            trust.add(&text, path)?;
        }
        Ok(trust)
    }

    /// These keys and no authority.
    #[cfg(test)]
    pub(super) fn of_keys(keys: Vec<KnownKey>) -> Self {
        Self { anchors: Vec::new(), keys }
    }

    /// The key of codes with this name and how far it is believed. A key of lists signs no codes.
    pub(super) fn code_key(&self, id: &str) -> Option<(&PublicKey, Standing)> {
        self.key(Purpose::Qr, id)
    }

    /// The key of status lists with this name and how far it is believed.
    pub(super) fn list_key(&self, id: &str) -> Option<(&PublicKey, Standing)> {
        self.key(Purpose::Status, id)
    }

    /// Since when a key of documents is revoked, under whatever name.
    pub(super) fn signer_revoked(&self, key: &PublicKey) -> Option<OffsetDateTime> {
        let known = self.keys.iter().filter(|known| known.heading.purpose == Purpose::Document && known.key == *key);
        known.filter_map(|known| known.heading.standing.since()).min()
    }

    /// Whoever says the worst of a key is believed: an older trust file may not know yet.
    fn key(&self, purpose: Purpose, id: &str) -> Option<(&PublicKey, Standing)> {
        let mut known = self.keys.iter().filter(|known| known.heading.purpose == purpose && known.heading.id == id);
        let first = known.next()?;
        let standing = known.fold(first.heading.standing, |standing, known| standing.stricter(known.heading.standing));
        Some((&first.key, standing))
    }

    fn add(&mut self, text: &str, path: &Path) -> anyhow::Result<()> {
        let blocks = headed_blocks(text).with_context(|| format!("{} is no PEM file of certificates and public keys", path.display()))?;
        if blocks.is_empty() {
            bail!("{} holds neither a certificate nor a public key in PEM", path.display());
        }
        let meant = lines_between(text)?.into_iter().filter(|line| Heading::is_meant(line)).count();
        let mut headed = 0;
        for (heading, label, der) in blocks {
            match label.as_str() {
                "CERTIFICATE" => self.anchors.push(der),
                "PUBLIC KEY" => {
                    let key =
                        PublicKey::from_spki_der(&der).with_context(|| format!("a public key in {} cannot be used", path.display()))?;
                    let Some(heading) = Heading::of_line(&heading) else {
                        bail!(
                            "{}: nothing says what the public key {} signs; the line above it must be \"qr key ID\" or \"status key ID\", with \
                             \"retired\" or \"revoked\" and the time where it is that, as `ecert keys show --trust` writes it",
                            path.display(),
                            key_id(&der)
                        )
                    };
                    // A signer of documents is named after its certificate.
                    if heading.purpose != Purpose::Document && heading.id != key_id(&der) {
                        bail!("{}: the public key {} stands under the name {}", path.display(), key_id(&der), heading.id);
                    }
                    headed += 1;
                    self.keys.push(KnownKey { heading, key });
                }
                other => bail!("{}: a trust file holds CERTIFICATE and PUBLIC KEY, this one also {other}", path.display()),
            }
        }
        if meant != headed {
            bail!(
                "{}: a line speaks of a key that does not stand below it; write the file anew with `ecert keys show --trust`",
                path.display()
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng as _;
    use rand::rngs::StdRng;
    use seal::P384Signer;
    use time::macros::datetime;

    const AT: OffsetDateTime = datetime!(2026-11-27 15:00 UTC);

    fn key(seed: u64) -> (String, PublicKey, String) {
        let key = P384Signer::generate("", &mut StdRng::seed_from_u64(seed)).public_key();
        let der = key.to_spki_der().unwrap();
        (key_id(&der), key, der::pem::encode_string("PUBLIC KEY", der::pem::LineEnding::LF, &der).unwrap())
    }

    fn read(texts: &[String]) -> anyhow::Result<Trust> {
        let mut trust = Trust::of_keys(Vec::new());
        texts.iter().try_for_each(|text| trust.add(text, Path::new("trust.pem")))?;
        Ok(trust)
    }

    #[test]
    fn keys_are_believed_as_far_as_the_strictest_file_says() {
        let (id, public, pem) = key(1);
        let in_use = format!("qr key {id}\n{pem}");
        let retired = format!("qr key {id} retired 2026-11-27T15:00:00Z\n{pem}");
        let revoked = format!("qr key {id} revoked 2026-11-27T15:00:00Z\n{pem}");
        for (files, standing) in [
            (vec![&in_use], Standing::InUse),
            (vec![&retired, &in_use], Standing::Retired(AT)),
            (vec![&in_use, &revoked, &retired], Standing::Revoked(AT)),
        ] {
            let trust = read(&files.into_iter().cloned().collect::<Vec<_>>()).unwrap();
            assert_eq!(trust.code_key(&id), Some((&public, standing)));
            assert_eq!(trust.list_key(&id), None);
        }
    }

    #[test]
    fn a_revoked_signer_is_known_by_its_key_and_is_no_anchor() {
        let (_, public, pem) = key(2);
        let trust = read(&[format!("document key 0badcafe revoked 2026-11-27T15:00:00Z\n{pem}")]).unwrap();
        assert_eq!(trust.signer_revoked(&public), Some(AT));
        assert_eq!(trust.signer_revoked(&key(3).1), None);
        assert!(trust.anchors.is_empty() && trust.code_key("0badcafe").is_none());
    }

    #[test]
    fn a_trust_file_that_does_not_say_clearly_what_it_means_is_refused() {
        let ((id, _, pem), (other, ..)) = (key(4), key(5));
        for (text, why) in [
            (format!("qr key {id} revoked\n{pem}"), "nothing says"),
            (format!("qr key {id} retired 2026-11-27\n{pem}"), "nothing says"),
            (format!("qr key {id} revoked 2026-11-27T15:00:00Z\n\n{pem}"), "nothing says"),
            (format!("document key {id}\n{pem}"), "nothing says"),
            (format!("qr key {other}\n{pem}"), "under the name"),
            (format!("qr key {other} revoked 2026-11-27T15:00:00Z\nqr key {id}\n{pem}"), "does not stand below it"),
            (format!("qr key {id}\n{pem}status key {other} revoked 2026-11-27T15:00:00Z\n"), "does not stand below it"),
        ] {
            let error = format!("{:#}", read(std::slice::from_ref(&text)).err().expect("refused"));
            assert!(error.contains(why), "{text}: {error}");
        }
    }
}
