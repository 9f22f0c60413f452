//! Keys that are not to be believed any more: retired ones of codes and lists, and signers of documents that are not the current one.

use anyhow::{Context as _, bail};
use seal::PublicKey;
use time::OffsetDateTime;

use super::imported::Imported;
use super::standing::{Purpose, Standing, moment_text};
use super::{DOCUMENT_CERTIFICATE, KeyFiles, REPLACEABLE, key_id, retired};

/// What was revoked.
pub(crate) struct Revocation {
    pub(crate) purpose: Purpose,
    pub(crate) id: String,
    /// Since when: an earlier revocation stays as it was.
    pub(crate) since: OffsetDateTime,
}

impl KeyFiles {
    /// Revokes the key of this name; the passphrase opens an imported signer, of which nothing else tells the public key. Keys that sign
    /// are refused, with what to do first.
    pub(crate) fn revoke(&self, id: &str, passphrase: Option<&str>, now: OffsetDateTime) -> anyhow::Result<Revocation> {
        anyhow::ensure!(self.present(), "there are no keys here; `ecert keys init` makes a test authority with all keys");
        let _lock = retired::lock(&self.folder)?;
        for (purpose, name) in REPLACEABLE {
            if self.signer(name)?.key_id() == id {
                bail!("{id} is the {0} key in use; `ecert keys rotate {0} --compromised` replaces and revokes it", purpose.as_str());
            }
        }
        if let Some((purpose, since)) = retired::revoke(&self.folder, id, now)? {
            return Ok(Revocation { purpose, id: id.to_owned(), since });
        }
        let certificate = self.certificate_of(id, passphrase)?;
        let id = key_id(&certificate);
        let key = PublicKey::of_certificate(&certificate).context("the signer's certificate cannot be read")?;
        let standing = Standing::revoked_at(now);
        retired::keep(&self.folder, Purpose::Document, &id, &key, standing)?;
        Ok(Revocation { purpose: Purpose::Document, id, since: standing.since().unwrap_or(now) })
    }

    /// The certificate of a signer of documents that is not the current one.
    fn certificate_of(&self, id: &str, passphrase: Option<&str>) -> anyhow::Result<Vec<u8>> {
        let imported = Imported::under(&self.folder);
        let (current, own) = (imported.current()?, self.read(DOCUMENT_CERTIFICATE)?);
        let signs = current.clone().unwrap_or_else(|| key_id(&own));
        if id.split('-').next() == Some(&signs) {
            bail!("{signs} is the signer of documents in use; take another one first, by `ecert keys import` or `ecert keys use`");
        }
        if key_id(&own) == id {
            return Ok(own);
        }
        // The deliveries of one key have one certificate; one that opens is enough.
        let mut opened = Err(anyhow::anyhow!("no key is called {id:?}; `ecert keys show` lists them"));
        for name in imported.named(id)? {
            opened = imported.open_named(&name, passphrase);
            if opened.is_ok() {
                break;
            }
        }
        Ok(opened?.certificate_der)
    }

    /// Refuses a signer of documents whose key was revoked, under whatever certificate.
    pub(super) fn check_not_revoked(&self, certificate_der: &[u8]) -> anyhow::Result<()> {
        let Ok(key) = PublicKey::of_certificate(certificate_der) else { return Ok(()) };
        let gone = retired::all(&self.folder)?.into_iter().find(|gone| gone.purpose == Purpose::Document && gone.key == key);
        match gone.and_then(|gone| gone.standing.since()) {
            Some(since) => bail!("the signer's key {} was revoked on {}; it signs no more", key_id(certificate_der), moment_text(since)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;
    use rand::rngs::StdRng;
    use seal::test_authority::TestAuthority;
    use time::macros::datetime;

    use super::super::{Delivered, KnownKey, pem};
    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-27 15:00 UTC);

    fn home() -> (tempfile::TempDir, KeyFiles) {
        let home = tempfile::tempdir().unwrap();
        let keys = KeyFiles::new(home.path().join("keys"));
        keys.init(NOW).unwrap();
        (home, keys)
    }

    fn standings(keys: &KeyFiles, purpose: Purpose) -> Vec<(String, Standing)> {
        let known = keys.public_keys().unwrap().into_iter().map(|KnownKey { heading, .. }| heading);
        known.filter(|heading| heading.purpose == purpose).map(|heading| (heading.id, heading.standing)).collect()
    }

    fn refusal<T>(refused: anyhow::Result<T>) -> String {
        refused.err().map(|error| format!("{error:#}")).unwrap_or_default()
    }

    #[test]
    fn a_rotated_key_is_kept_with_its_time_and_signs_no_more() {
        let (_home, keys) = home();
        let held = keys.qr_signer().unwrap();
        held.sign_sha384(b"before").unwrap();
        let (old, new) = keys.rotate("qr", false, || NOW).unwrap();
        assert_eq!(standings(&keys, Purpose::Qr), [(new.clone(), Standing::InUse), (old.clone(), Standing::Retired(NOW))]);
        assert_eq!(held.key_id(), old);
        let refused = held.sign_sha384(b"after").unwrap_err();
        assert!(refused.source.to_string().contains("start the worker anew"), "{refused:?}");
        let successor = keys.qr_signer().unwrap();
        assert_eq!(successor.key_id(), new);
        successor.sign_sha384(b"after").unwrap();
    }

    #[test]
    fn a_compromised_key_is_revoked_and_the_trust_file_says_so_first() {
        let (_home, keys) = home();
        let (old, new) = keys.rotate("status", true, || NOW).unwrap();
        assert_eq!(standings(&keys, Purpose::Status), [(new.clone(), Standing::InUse), (old.clone(), Standing::Revoked(NOW))]);
        let file = keys.trust_file(&keys.anchor().unwrap().into_iter().collect::<Vec<_>>()).unwrap();
        assert!(file.starts_with(&format!("status key {old} revoked 2026-11-27T15:00:00Z\n-----BEGIN PUBLIC KEY-----\n")), "{file}");
        assert!(file.contains(&format!("\nstatus key {new}\n")), "{file}");
    }

    #[test]
    fn a_retired_key_can_be_revoked_and_stays_so() {
        let (_home, keys) = home();
        let (old, new) = keys.rotate("qr", false, || NOW).unwrap();
        let revoked = keys.revoke(&old, None, NOW + time::Duration::DAY).unwrap();
        assert_eq!((revoked.purpose, revoked.since), (Purpose::Qr, NOW + time::Duration::DAY));
        // Once more changes nothing.
        assert_eq!(keys.revoke(&old, None, NOW + time::Duration::WEEK).unwrap().since, NOW + time::Duration::DAY);
        let expected = Standing::Revoked(NOW + time::Duration::DAY);
        assert_eq!(standings(&keys, Purpose::Qr), [(new.clone(), Standing::InUse), (old.clone(), expected)]);
        let key = keys.public_keys().unwrap().into_iter().find(|known| known.heading.id == old).unwrap().key;
        retired::keep(&keys.folder, Purpose::Qr, &old, &key, Standing::Retired(NOW)).unwrap();
        assert!(matches!(standings(&keys, Purpose::Qr)[1].1, Standing::Revoked(_)), "a revocation is not taken back");

        assert!(refusal(keys.revoke(&new, None, NOW)).contains("keys rotate qr --compromised"));
        assert!(refusal(keys.revoke("0badcafe", None, NOW)).contains("no key is called"));
        let signer = keys.sealer(NOW, None).unwrap().key_id().to_owned();
        assert!(refusal(keys.revoke(&signer, None, NOW)).contains("take another one first"));
    }

    #[test]
    fn a_key_whose_rotation_was_killed_half_way_is_in_use() {
        let (_home, keys) = home();
        let [known] = standings(&keys, Purpose::Qr).try_into().unwrap();
        let key = keys.public_keys().unwrap().into_iter().find(|each| each.heading.id == known.0).unwrap().key;
        retired::keep(&keys.folder, Purpose::Qr, &known.0, &key, Standing::Retired(NOW)).unwrap();
        assert_eq!(standings(&keys, Purpose::Qr), std::slice::from_ref(&known));
        assert!(refusal(keys.revoke(&known.0, None, NOW)).contains("in use"));
        // Begun as that of a compromised key, it is not believed: whoever begins it has a reason.
        retired::keep(&keys.folder, Purpose::Qr, &known.0, &key, Standing::Revoked(NOW)).unwrap();
        assert!(standings(&keys, Purpose::Qr).contains(&(known.0, Standing::Revoked(NOW))));
        assert!(refusal(keys.qr_signer()).contains("`ecert keys rotate qr` replaces it"));
        keys.list().unwrap();
        keys.rotate("qr", false, || NOW).unwrap();
        keys.qr_signer().unwrap();
    }

    #[test]
    fn a_signer_that_was_revoked_signs_no_more_under_any_certificate() {
        let (_home, keys) = home();
        let authority = TestAuthority::create(&mut StdRng::seed_from_u64(1), NOW).unwrap();
        let delivered = |certificate: &[u8]| Delivered::Key {
            key: authority.signer_key_pkcs8_der.clone(),
            certificates: pem("CERTIFICATE", certificate).unwrap() + &pem("CERTIFICATE", &authority.ca_certificate_der).unwrap(),
        };
        let own = keys.sealer(NOW, None).unwrap().key_id().to_owned();
        let first = delivered(&authority.signer_certificate_der);
        let real = keys.import(&first, None, NOW).unwrap().key_id().to_owned();
        assert!(refusal(keys.revoke(&real, None, NOW)).contains("take another one first"));
        let revoked = keys.revoke(&own, None, NOW).unwrap();
        assert_eq!((revoked.purpose, &revoked.id), (Purpose::Document, &own));
        assert_eq!(standings(&keys, Purpose::Document), [(own.clone(), Standing::Revoked(NOW))]);

        let mut rng = StdRng::seed_from_u64(2);
        let other = TestAuthority::create(&mut rng, NOW).unwrap();
        let second = Delivered::Key {
            key: other.signer_key_pkcs8_der.clone(),
            certificates: pem("CERTIFICATE", &other.signer_certificate_der).unwrap(),
        };
        keys.import(&second, None, NOW).unwrap();
        assert_eq!(keys.revoke(&real, None, NOW).unwrap().id, real);
        for refused in [refusal(keys.choose(&real, None, NOW)), refusal(keys.import(&first, None, NOW))] {
            assert!(refused.contains("was revoked on 2026-11-27T15:00:00Z"), "{refused}");
        }
        let states: Vec<_> = keys.list().unwrap().into_iter().map(|key| (key.purpose, key.state)).collect();
        let (document, revoked) = (Purpose::Document, "revoked");
        assert_eq!(
            states,
            [(document, "in use"), (Purpose::Qr, "in use"), (Purpose::Status, "in use"), (document, revoked), (document, revoked)]
        );
    }
}
