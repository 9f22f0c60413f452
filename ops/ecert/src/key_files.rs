//! The key files of a home. Keys never leave it: what is shown is ids, names and dates.

mod create;
mod guarded;
mod imported;
mod retired;
mod revoking;
mod standing;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use anyhow::Context as _;
use seal::{DocumentSealer, P384Signer, PublicKey, RandomisedSigner, Signer, SignerFile};
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;

use guarded::Guarded;
use imported::Imported;
pub(crate) use imported::{Delivered, passphrase};
pub(crate) use revoking::Revocation;
pub(crate) use standing::{Heading, Purpose, Standing, moment_text};

/// Where the keys of a home lie.
#[derive(Debug, Clone)]
pub(crate) struct KeyFiles {
    folder: PathBuf,
    /// Sign with fresh randomness, as hardware modules do.
    randomised: bool,
}

const DOCUMENT_KEY: &str = "document.key.der";
const DOCUMENT_CERTIFICATE: &str = "document.cer";
const AUTHORITY_KEY: &str = "test-ca.key.der";
const AUTHORITY_CERTIFICATE: &str = "test-ca.cer";
/// The test authority's certificate in the form that other programs trust.
pub(crate) const AUTHORITY_PEM: &str = "test-ca.pem";
const QR_KEY: &str = "qr.key.der";
const STATUS_KEY: &str = "status.key.der";
/// The keys that get successors by `keys rotate`: purpose and file.
const REPLACEABLE: [(Purpose, &str); 2] = [(Purpose::Qr, QR_KEY), (Purpose::Status, STATUS_KEY)];
/// The files without which the keys are no whole set.
const NEEDED: [&str; 5] = [DOCUMENT_KEY, DOCUMENT_CERTIFICATE, AUTHORITY_CERTIFICATE, QR_KEY, STATUS_KEY];

/// A key of the home as `keys show` lists it.
pub(crate) struct ListedKey {
    pub(crate) purpose: Purpose,
    pub(crate) id: String,
    /// `in use`, `not in use`, `retired` or `revoked`.
    pub(crate) state: &'static str,
    /// Since when it is retired or revoked.
    pub(crate) since: Option<OffsetDateTime>,
    pub(crate) file: PathBuf,
}

/// A public key that verifies, or must not verify any more.
#[derive(Clone, Debug)]
pub(crate) struct KnownKey {
    pub(crate) heading: Heading,
    pub(crate) key: PublicKey,
}

impl KeyFiles {
    /// The keys under this folder.
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder, randomised: false }
    }

    /// For drills: the same keys, with fresh randomness in every signature.
    pub(crate) fn randomised(self) -> Self {
        Self { randomised: true, ..self }
    }

    /// A key as it is to sign.
    fn signing(&self, key: P384Signer) -> Arc<dyn Signer> {
        if self.randomised { Arc::new(RandomisedSigner(key)) } else { Arc::new(key) }
    }

    /// Whether every key and certificate for issuing is there.
    pub(crate) fn present(&self) -> bool {
        present(&self.folder)
    }

    /// Makes a test authority, a document key with its certificate, a QR key and a status key; false when keys are there already.
    pub(crate) fn init(&self, now: OffsetDateTime) -> anyhow::Result<bool> {
        if self.present() { Ok(false) } else { create::create(&self.folder, now) }
    }

    /// Takes in a signer that an authority handed out and makes it the current one, with whatever keys are missing beside it. A signer
    /// that could not seal at `now` is refused with the reason, and nothing changes.
    pub(crate) fn import(&self, delivered: &Delivered, passphrase: Option<&str>, now: OffsetDateTime) -> anyhow::Result<DocumentSealer> {
        let opened = delivered.open(passphrase)?;
        let sealer = self.sealer_of(&opened, now)?;
        self.init(now)?;
        Imported::under(&self.folder).keep(delivered, &opened)?;
        Ok(sealer)
    }

    /// Whether the current signer was brought in; else it is that of the test authority.
    fn is_real(&self) -> anyhow::Result<bool> {
        Ok(Imported::under(&self.folder).current()?.is_some())
    }

    /// The document key with its certificate chain, checked at `now`; `passphrase_file` opens one that was brought in encrypted.
    pub(crate) fn sealer(&self, now: OffsetDateTime, passphrase_file: Option<&Path>) -> anyhow::Result<DocumentSealer> {
        let imported = Imported::under(&self.folder);
        if imported.current()?.is_some() {
            let passphrase = imported::passphrase(passphrase_file)?;
            if let Some(opened) = imported.open(passphrase.as_deref().map(String::as_str))? {
                return self.sealer_of(&opened, now);
            }
        }
        let certificate = self.read(DOCUMENT_CERTIFICATE)?;
        let key = self.read(DOCUMENT_KEY)?;
        self.check_not_revoked(&certificate)?;
        let signer =
            P384Signer::from_pkcs8_der(key_id(&certificate), &key).with_context(|| format!("the key {DOCUMENT_KEY} cannot be read"))?;
        let chain = vec![self.read(AUTHORITY_CERTIFICATE)?];
        DocumentSealer::new(self.signing(signer), &certificate, &chain, now).context("the document key cannot be used")
    }

    fn sealer_of(&self, opened: &SignerFile, now: OffsetDateTime) -> anyhow::Result<DocumentSealer> {
        self.check_not_revoked(&opened.certificate_der)?;
        let signer = self.signing(P384Signer::from_pkcs8_der(key_id(&opened.certificate_der), &opened.key_pkcs8_der)?);
        DocumentSealer::new(signer, &opened.certificate_der, &opened.chain_der, now).context("the signer cannot seal documents")
    }

    /// The key that signs QR statements, until it is rotated.
    pub(crate) fn qr_signer(&self) -> anyhow::Result<Arc<dyn Signer>> {
        self.believed_signer(Purpose::Qr, QR_KEY)
    }

    /// The key that signs status lists, until it is rotated.
    pub(crate) fn status_signer(&self) -> anyhow::Result<Arc<dyn Signer>> {
        self.believed_signer(Purpose::Status, STATUS_KEY)
    }

    /// A rotation that was killed half way may have left a revoked key in its place: it would sign what nobody believes.
    fn believed_signer(&self, purpose: Purpose, name: &str) -> anyhow::Result<Arc<dyn Signer>> {
        let signer = self.signer(name)?;
        let is_it = |gone: &retired::Retired| (gone.purpose, gone.id.as_str()) == (purpose, signer.key_id());
        if retired::all(&self.folder)?.iter().any(|gone| is_it(gone) && matches!(gone.standing, Standing::Revoked(_))) {
            anyhow::bail!("the {0} key {1} was revoked; `ecert keys rotate {0}` replaces it", purpose.as_str(), signer.key_id());
        }
        Ok(signer)
    }

    fn signer(&self, name: &str) -> anyhow::Result<Arc<dyn Signer>> {
        let path = self.folder.join(name);
        let (content, identity) = guarded::read(&path).with_context(|| missing(&path))?;
        let unnamed = P384Signer::from_pkcs8_der("", &content).with_context(|| format!("the key {name} cannot be read"))?;
        let id = key_id(&unnamed.public_key().to_spki_der()?);
        let key = self.signing(P384Signer::from_pkcs8_der(id, &content)?);
        Ok(Arc::new(Guarded { key, path, identity }))
    }

    /// The home's own trust anchor, if any: the test authority, as long as no real signer took its place. Whoever may not read which one
    /// signs does without it.
    pub(crate) fn anchor(&self) -> anyhow::Result<Option<Vec<u8>>> {
        let forbidden =
            |error: &anyhow::Error| error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::PermissionDenied);
        match self.is_real() {
            Ok(false) => Ok(fs::read(self.folder.join(AUTHORITY_CERTIFICATE)).ok()),
            Ok(true) => Ok(None),
            Err(error) if forbidden(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The public keys of codes and lists, retired and revoked ones too, and the revoked ones of documents. Whoever may not read the key
    /// files verifies without these.
    pub(crate) fn public_keys(&self) -> anyhow::Result<Vec<KnownKey>> {
        let mut keys = Vec::new();
        for (purpose, name) in REPLACEABLE.into_iter().filter(|(_, name)| fs::File::open(self.folder.join(name)).is_ok()) {
            let key = P384Signer::from_pkcs8_der("", &self.read(name)?).with_context(|| format!("the key {name} cannot be read"))?;
            let key = key.public_key();
            let id = key_id(&key.to_spki_der()?);
            keys.push(KnownKey { heading: Heading { purpose, id, standing: Standing::InUse }, key });
        }
        for retired::Retired { purpose, id, key, standing, file: _ } in retired::all(&self.folder)? {
            // A rotation that was killed half way left the key in use.
            let still_signs = keys.iter().any(|known: &KnownKey| (known.heading.purpose, &known.heading.id) == (purpose, &id));
            if !still_signs || matches!(standing, Standing::Revoked(_)) {
                keys.push(KnownKey { heading: Heading { purpose, id, standing }, key });
            }
        }
        Ok(keys)
    }

    /// Makes a successor of the QR or the status key; gives the names of the old key, whose public half stays, and of the new one. An old
    /// key that is `compromised` is not believed any more.
    pub(crate) fn rotate(&self, purpose: &str, compromised: bool, now: fn() -> OffsetDateTime) -> anyhow::Result<(String, String)> {
        anyhow::ensure!(self.present(), "there are no keys yet; `ecert keys init` makes a test authority with all keys");
        let known = REPLACEABLE.into_iter().find(|(known, _)| known.as_str() == purpose);
        let known = known.with_context(|| format!("there is no key for {purpose:?} that could be rotated"))?;
        retired::replace(&self.folder, known, compromised, now)
    }

    /// Makes an imported signer the current one again; it must open and be fit to seal at `now`.
    pub(crate) fn choose(&self, id: &str, passphrase: Option<&str>, now: OffsetDateTime) -> anyhow::Result<DocumentSealer> {
        let imported = Imported::under(&self.folder);
        let names = imported.named(id)?;
        let [name] = names.as_slice() else {
            anyhow::bail!(
                "{} imported signers are called {id:?}; `ecert keys show` lists them, and `ecert keys import` brings another one in",
                names.len()
            )
        };
        let sealer = self.sealer_of(&imported.open_named(name, passphrase)?, now)?;
        imported.point_to(name)?;
        Ok(sealer)
    }

    /// What others need to verify without asking: the trust anchor and the public keys of codes and lists, in one PEM file; first what is
    /// revoked, so that a file that was cut off believes less, not more.
    ///
    /// # Errors
    /// Also where no authority is known: whoever got such a file could verify nothing.
    pub(crate) fn trust_file(&self, anchors: &[Vec<u8>]) -> anyhow::Result<String> {
        anyhow::ensure!(
            !anchors.is_empty(),
            "no authority stands above the signer, so nobody could verify its documents; give the authority's certificate to `verify.anchors` in \
             ecert.toml"
        );
        let (revoked, believed): (Vec<KnownKey>, Vec<KnownKey>) =
            self.public_keys()?.into_iter().partition(|known| matches!(known.heading.standing, Standing::Revoked(_)));
        let text = |known: &KnownKey| Ok(format!("{}\n{}", known.heading.to_line(), pem("PUBLIC KEY", &known.key.to_spki_der()?)?));
        let mut file = revoked.iter().map(text).collect::<anyhow::Result<String>>()?;
        file += &anchors.iter().map(|anchor| pem("CERTIFICATE", anchor)).collect::<anyhow::Result<String>>()?;
        Ok(file + &believed.iter().map(text).collect::<anyhow::Result<String>>()?)
    }

    /// Where the trust anchor lies for other programs; none where a real signer took the test authority's place.
    pub(crate) fn anchor_pem(&self) -> anyhow::Result<Option<PathBuf>> {
        Ok((!self.is_real()?).then(|| self.folder.join(AUTHORITY_PEM)))
    }

    /// Every key, those in use first.
    pub(crate) fn list(&self) -> anyhow::Result<Vec<ListedKey>> {
        let imported = Imported::under(&self.folder);
        let (id, file) = match imported.current()?.zip(imported.current_file()?) {
            Some(current) => current,
            None => (key_id(&self.read(DOCUMENT_CERTIFICATE)?), self.folder.join(DOCUMENT_KEY)),
        };
        let listed = |purpose, id, state, file| ListedKey { purpose, id, state, since: None, file };
        let mut keys = vec![listed(Purpose::Document, id, "in use", file)];
        for (purpose, name) in REPLACEABLE {
            keys.push(listed(purpose, self.signer(name)?.key_id().to_owned(), "in use", self.folder.join(name)));
        }
        let gone = retired::all(&self.folder)?;
        let others = imported.others()?.into_iter();
        let is_gone = |name: &str| gone.iter().any(|gone| gone.purpose == Purpose::Document && name.split('-').next() == Some(&gone.id));
        keys.extend(others.filter(|(name, _)| !is_gone(name)).map(|(id, file)| listed(Purpose::Document, id, "not in use", file)));
        keys.extend(gone.into_iter().map(|gone| ListedKey {
            purpose: gone.purpose,
            id: gone.id,
            state: gone.standing.as_str(),
            since: gone.standing.since(),
            file: gone.file,
        }));
        Ok(keys)
    }

    /// What is missing of a whole set of keys, and what to do.
    pub(crate) fn missing(&self) -> String {
        let missing: Vec<&str> = NEEDED.into_iter().filter(|name| !self.folder.join(name).exists()).collect();
        if missing.len() == NEEDED.len() {
            return "there is no document key; `ecert keys init` makes a test authority with all keys".to_owned();
        }
        format!("{} of {} is missing; restore it from a backup", missing.join(" and "), self.folder.display())
    }

    /// What tells which keys of documents and codes are to be used now: equal as long as they are the same.
    pub(crate) fn in_use(&self) -> String {
        let file = |name: &str| guarded::identity(&self.folder.join(name)).ok();
        format!("{:?} {:?} {:?}", Imported::under(&self.folder).current().ok(), file(DOCUMENT_CERTIFICATE), file(QR_KEY))
    }

    fn read(&self, name: &str) -> anyhow::Result<Vec<u8>> {
        let path = self.folder.join(name);
        fs::read(&path).with_context(|| missing(&path))
    }
}

fn missing(path: &Path) -> String {
    format!("cannot read the key file {}; `ecert keys init` makes a test authority with all keys", path.display())
}

/// Whether a folder holds every key and certificate for issuing.
fn present(folder: &Path) -> bool {
    NEEDED.iter().all(|name| folder.join(name).exists())
}

/// A key is known by the beginning of a digest over what is public of it: eight digits, since QR codes carry it.
pub(crate) fn key_id(public: &[u8]) -> String {
    hex::encode(&Sha256::digest(public)[..4])
}

fn pem(label: &str, der: &[u8]) -> anyhow::Result<String> {
    der::pem::encode_string(label, der::pem::LineEnding::LF, der).map_err(|error| anyhow::anyhow!("write PEM: {error}"))
}
