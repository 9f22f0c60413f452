//! What must hold of documents and jobs whenever nothing is left to do, whatever happened before.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::home::Home;

/// A document as the database announces it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Number of its certificate.
    pub number: String,
    /// Its version.
    pub version: String,
    /// Where its file lies.
    pub path: PathBuf,
}

/// All documents, oldest first; each must have a file whose content is that of its digest and of its name.
///
/// # Panics
/// When a file is missing or another one.
#[must_use]
pub fn all(home: &Home) -> Vec<Document> {
    let rows = home.sql(
        "select number, document.version, encode(sha256, 'hex'), object_key, size_bytes
         from document join certificate on certificate.id = certificate_id order by document.id",
    );
    rows.into_iter()
        .map(|row| {
            let [number, version, sha256, key, size] = row.try_into().expect("five fields");
            let path = home.path().join("objects").join(key);
            assert!(path.starts_with(home.path().join("objects/documents")), "{}", path.display());
            let content = fs::read(&path).unwrap_or_else(|error| panic!("the document of {number}: {}: {error}", path.display()));
            assert_eq!(hex::encode(Sha256::digest(&content)), sha256, "the content of {number} version {version}");
            assert_eq!(path.file_stem().and_then(|name| name.to_str()), Some(sha256.as_str()), "the name of {number} version {version}");
            assert_eq!(content.len().to_string(), size, "the size of {number} version {version}");
            Document { number, version, path }
        })
        .collect()
}

/// The text of a document's QR code, which its metadata repeat.
///
/// # Panics
/// When the file cannot be read or has none.
#[must_use]
pub fn qr_text(document: &str) -> String {
    let bytes = fs::read(document).expect("a document");
    let text = String::from_utf8_lossy(&bytes);
    let (_, from) = text.split_once("<rdf:li>HTTPS://").expect("a document repeats its code");
    format!("HTTPS://{}", from.split('<').next().unwrap_or_default())
}

/// Every file among the documents of the home, without those that a killed process left half written (`NAME#1`).
#[must_use]
pub fn files(home: &Home) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    walk(&home.path().join("objects/documents"), &mut found);
    found.retain(|path| !path.to_string_lossy().contains('#'));
    found
}

/// Adds every file under a folder; a folder that does not exist has none.
///
/// # Panics
/// When a folder cannot be read.
pub fn walk(folder: &Path, found: &mut BTreeSet<PathBuf>) {
    if !folder.exists() {
        return;
    }
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            walk(&path, found);
        } else {
            found.insert(path);
        }
    }
}

/// Asserts that nothing is left to do, nothing was lost, and every certificate version has exactly one document, durable and true.
/// For homes in which no certificate was changed or locked: each has at most one version.
///
/// # Panics
/// With the first thing that does not hold.
pub fn assert_each_issued_once(home: &Home) {
    for queue in home.done(&["queue", "list"])["queues"].as_array().expect("a list of queues") {
        for state in ["waiting", "running", "retrying", "dead"] {
            assert_eq!(queue[state], 0, "jobs {state}: {queue}");
        }
    }
    let nothing = [
        ("certificates whose issuing was left half done", "select number from certificate where stage = 'issuing'"),
        (
            "certificates that are ready and wait for nothing",
            "select number from certificate c where stage = 'ready' and kind <> 'post-training' and legal_status = 'valid'
             and (valid_from is null or valid_from <= current_date)
             and not exists (select from lock l where l.lifted_at is null and (l.certificate_id = c.id or l.person_id = c.person_id))",
        ),
        (
            "certificates in review without a photo that is held for a person",
            "select number from certificate c where stage = 'photo-review'
             and not exists (select from photo p where p.person_id = c.person_id and p.state = 'held')",
        ),
        ("photos that nobody reviewed", "select file_name from photo where state = 'received' and person_id is not null"),
        ("unfinished batches", "select id, state from intake_batch where state <> 'finished'"),
        ("certificate versions with several documents", "select certificate_id, version from document group by 1, 2 having count(*) > 1"),
        ("certificates with several documents", "select certificate_id from document group by 1 having count(*) > 1"),
        (
            "certificates whose stage and documents disagree",
            "select number, stage from certificate c where (stage = 'issued')
             <> exists (select from document d where d.certificate_id = c.id and d.version = c.version)",
        ),
        (
            "orders neither carried out nor closed",
            "select id from issue_order o where not exists (select from document where order_id = o.id)
             and not exists (select from order_closure where order_id = o.id)",
        ),
        (
            "issued certificates without exactly one event of it",
            "select c.number from certificate c left join certificate_event e on e.certificate_id = c.id and e.event = 'issued'
             where c.stage = 'issued' group by c.id having count(e.event) <> 1",
        ),
    ];
    for (what, query) in nothing {
        assert_eq!(home.sql(query), Vec::<Vec<String>>::new(), "{what}");
    }
    let announced: BTreeSet<PathBuf> = all(home).into_iter().map(|document| document.path).collect();
    assert_eq!(files(home), announced, "files of documents that no row announces");
}
