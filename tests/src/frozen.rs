//! Documents that were frozen when their template's version came out: `fixtures/templates`.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::workspace;

/// One frozen document.
#[derive(Debug)]
pub struct Frozen {
    /// Code of the kind.
    pub kind: String,
    /// Version of its template.
    pub version: u64,
    /// Revision of the renderer that made it.
    pub renderer_revision: u64,
    /// SHA-256 of the template, in hexadecimal digits.
    pub template_sha256: String,
    /// SHA-256 of the fonts that it was rendered with.
    pub fonts_sha256: String,
    /// SHA-256 of further pages as they were rendered and not signed, by their names (`render::specimen::further`), in hexadecimal digits.
    pub pages: BTreeMap<String, String>,
    /// The text of its QR code.
    pub qr_text: String,
    /// The key of the code, as SubjectPublicKeyInfo in DER.
    pub qr_key: Vec<u8>,
    /// SHA-256 of the two files below as they were when they were frozen, by the ending of their names, in hexadecimal digits.
    pub files: BTreeMap<String, String>,
    /// The signed file.
    pub document: Vec<u8>,
    /// Certificate of the authority that signed its signer's, in DER.
    pub authority: Vec<u8>,
}

/// Where the frozen documents lie.
#[must_use]
pub fn folder() -> PathBuf {
    workspace::root().join("tests/fixtures/templates")
}

/// The portrait of all frozen documents; nobody's.
///
/// # Panics
/// When it cannot be read.
#[must_use]
pub fn portrait() -> Vec<u8> {
    fs::read(folder().join("portrait.jpg")).expect("the portrait of the frozen documents")
}

/// The name of a frozen document's files, without their ending.
#[must_use]
pub fn file_stem(kind: &str, version: u64, renderer_revision: u64) -> String {
    format!("{kind}-v{version}-r{renderer_revision}")
}

/// Every frozen document, the oldest version of each kind first.
///
/// # Panics
/// When one cannot be read.
#[must_use]
pub fn all() -> Vec<Frozen> {
    list().iter().map(read).collect()
}

/// SHA-256 of the entry with these files in the list, in hexadecimal digits; none where the list has no such entry.
///
/// # Panics
/// When the list cannot be read.
#[must_use]
pub fn entry_sha256(stem: &str) -> Option<String> {
    let list = list();
    let entry = list.iter().find(|entry| stem_of(entry) == stem)?;
    Some(hex::encode(Sha256::digest(entry.to_string())))
}

fn list() -> Vec<Value> {
    let list = fs::read(folder().join("released.json")).expect("released.json");
    serde_json::from_slice(&list).expect("a list in JSON")
}

fn stem_of(entry: &Value) -> String {
    let number = |key: &str| entry[key].as_u64().unwrap_or_else(|| panic!("{key} of {entry}"));
    file_stem(entry["kind"].as_str().unwrap_or_default(), number("version"), number("renderer_revision"))
}

fn read(entry: &Value) -> Frozen {
    let text = |key: &str| entry[key].as_str().unwrap_or_else(|| panic!("{key} of {entry}")).to_owned();
    let number = |key: &str| entry[key].as_u64().unwrap_or_else(|| panic!("{key} of {entry}"));
    let (kind, version, renderer_revision) = (text("kind"), number("version"), number("renderer_revision"));
    let stem = stem_of(entry);
    let file = |ending: &str| fs::read(folder().join(format!("{stem}.{ending}"))).expect("a frozen file");
    Frozen {
        template_sha256: text("template_sha256"),
        fonts_sha256: text("fonts_sha256"),
        pages: serde_json::from_value(entry["pages"].clone()).expect("digests of pages"),
        files: serde_json::from_value(entry["files"].clone()).expect("digests of files"),
        qr_text: text("qr_text"),
        qr_key: hex::decode(text("qr_key")).expect("a key"),
        document: file("pdf"),
        authority: file("authority.der"),
        kind,
        version,
        renderer_revision,
    }
}
