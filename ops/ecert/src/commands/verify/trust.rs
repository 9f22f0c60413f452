//! What a verification trusts: authorities, and the keys of codes and lists.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use seal::PublicKey;

use crate::app::App;
use crate::key_files::{KeyFiles, key_id};
use crate::pem_blocks::headed_blocks;

/// Anchors and keys from the home, the configuration and the files that were named.
pub(super) struct Trust {
    /// Authorities, in DER.
    pub(super) anchors: Vec<Vec<u8>>,
    /// What each signs, `qr` or `status`; its name; the key.
    keys: Vec<(&'static str, String, PublicKey)>,
}

impl Trust {
    pub(super) fn gather(app: &App, named: &[PathBuf]) -> anyhow::Result<Trust> {
        let home = KeyFiles::new(app.home.keys());
        let mut trust = Trust { anchors: home.anchor()?.into_iter().collect(), keys: home.public_keys()? };
        for path in app.config.verify.anchors.iter().chain(named) {
            trust.add(path)?;
        }
        Ok(trust)
    }

    /// The key of codes with this name. A key of lists signs no codes.
    pub(super) fn code_key(&self, id: &str) -> Option<&PublicKey> {
        self.key("qr", id)
    }

    /// The key of status lists with this name.
    pub(super) fn list_key(&self, id: &str) -> Option<&PublicKey> {
        self.key("status", id)
    }

    fn key(&self, purpose: &str, id: &str) -> Option<&PublicKey> {
        self.keys.iter().find(|(of, known, _)| *of == purpose && known == id).map(|(_, _, key)| key)
    }

    fn add(&mut self, path: &Path) -> anyhow::Result<()> {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read the trust file {}", path.display()))?;
        let blocks = headed_blocks(&text).with_context(|| format!("{} is no PEM file of certificates and public keys", path.display()))?;
        if blocks.is_empty() {
            bail!("{} holds neither a certificate nor a public key in PEM", path.display());
        }
        for (heading, label, der) in blocks {
            match label.as_str() {
                "CERTIFICATE" => self.anchors.push(der),
                "PUBLIC KEY" => {
                    let key =
                        PublicKey::from_spki_der(&der).with_context(|| format!("a public key in {} cannot be used", path.display()))?;
                    let purpose = ["qr", "status"].into_iter().find(|purpose| heading.starts_with(&format!("{purpose} key")));
                    let Some(purpose) = purpose else {
                        bail!(
                            "{}: nothing says what the public key {} signs; the line above it must begin with \"qr key\" or \"status key\", as \
                             `ecert keys show --trust` writes it",
                            path.display(),
                            key_id(&der)
                        )
                    };
                    self.keys.push((purpose, key_id(&der), key));
                }
                other => bail!("{}: a trust file holds CERTIFICATE and PUBLIC KEY, this one also {other}", path.display()),
            }
        }
        Ok(())
    }
}
