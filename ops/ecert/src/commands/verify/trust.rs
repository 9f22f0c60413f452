//! What a verification trusts: authorities, and the keys of codes and lists.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use seal::PublicKey;

use crate::app::App;
use crate::key_files::{KeyFiles, key_id};

/// Anchors and keys from the home, the configuration and the files that were named.
pub(super) struct Trust {
    /// Authorities, in DER.
    pub(super) anchors: Vec<Vec<u8>>,
    keys: Vec<(String, PublicKey)>,
}

impl Trust {
    pub(super) fn gather(app: &App, named: &[PathBuf]) -> anyhow::Result<Trust> {
        let home = KeyFiles::new(app.home.keys());
        let mut trust = Trust { anchors: home.anchor().into_iter().collect(), keys: home.public_keys()? };
        for path in app.config.verify.anchors.iter().chain(named) {
            trust.add(path)?;
        }
        Ok(trust)
    }

    /// The key of this name.
    pub(super) fn key(&self, id: &str) -> Option<&PublicKey> {
        self.keys.iter().find(|(known, _)| known == id).map(|(_, key)| key)
    }

    fn add(&mut self, path: &Path) -> anyhow::Result<()> {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read the trust file {}", path.display()))?;
        let blocks = blocks(&text).with_context(|| format!("{} is no PEM file of certificates and public keys", path.display()))?;
        if blocks.is_empty() {
            bail!("{} holds neither a certificate nor a public key in PEM", path.display());
        }
        for (label, der) in blocks {
            match label.as_str() {
                "CERTIFICATE" => self.anchors.push(der),
                "PUBLIC KEY" => {
                    let key =
                        PublicKey::from_spki_der(&der).with_context(|| format!("a public key in {} cannot be used", path.display()))?;
                    self.keys.push((key_id(&der), key));
                }
                other => bail!("{}: a trust file holds CERTIFICATE and PUBLIC KEY, this one also {other}", path.display()),
            }
        }
        Ok(())
    }
}

/// Label and content of every block of a PEM file (RFC 7468); text between them is let pass.
fn blocks(text: &str) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("-----BEGIN ") {
        rest = &rest[at..];
        let end = rest.find("-----END ").context("a block has no end")?;
        let behind = rest[end..].find('\n').map_or(rest.len(), |line| end + line + 1);
        let (label, der) = der::pem::decode_vec(&rest.as_bytes()[..behind]).map_err(|error| anyhow::anyhow!("{error}"))?;
        found.push((label.to_owned(), der));
        rest = &rest[behind..];
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_block_is_read_and_text_between_them_let_pass() {
        let pem = |label, der: &[u8]| der::pem::encode_string(label, der::pem::LineEnding::LF, der).unwrap();
        let file = format!("authority\n{}the key of codes\n{}", pem("CERTIFICATE", &[1, 2, 3]), pem("PUBLIC KEY", &[4]).trim_end());
        let read = blocks(&file).unwrap();
        assert_eq!(read, [("CERTIFICATE".to_owned(), vec![1, 2, 3]), ("PUBLIC KEY".to_owned(), vec![4])]);
        assert!(blocks("no PEM").unwrap().is_empty());
        assert!(blocks("-----BEGIN CERTIFICATE-----\nAAAA\n").is_err());
        assert!(blocks("-----BEGIN CERTIFICATE-----\n???\n-----END CERTIFICATE-----\n").is_err());
    }
}
