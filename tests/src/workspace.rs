//! The workspace as files: its root and its sources.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The workspace's root folder.
///
/// # Panics
/// Never: this crate lies in a folder of the workspace.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("this crate lies in a folder of the workspace").to_owned()
}

/// Every Rust source of the workspace with its text, by its path from the root; build output and hidden folders left out.
///
/// # Panics
/// When a source cannot be read.
#[must_use]
pub fn sources() -> Vec<(PathBuf, String)> {
    let root = root();
    let mut found = BTreeSet::new();
    collect(&root, &mut found);
    found
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            (path.strip_prefix(&root).expect("found under the root").to_owned(), text)
        })
        .collect()
}

fn collect(folder: &Path, found: &mut BTreeSet<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && name != "target" && !name.starts_with('.') {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.insert(path);
        }
    }
}
