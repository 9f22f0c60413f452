//! The arrows between the crates, and what every source file keeps.

#![expect(clippy::unwrap_used, reason = "what a test cannot read has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;
use tests::workspace;

/// Which crates of the workspace each crate may use. A new crate is entered here when it is drawn in ARCHITECTURE.md.
const ARROWS: [(&str, &[&str]); 11] = [
    ("domain", &[]),
    ("store", &["domain"]),
    ("ingest", &["domain", "portrait", "store"]),
    ("portrait", &[]),
    ("render", &["domain"]),
    ("seal", &[]),
    ("workers", &["domain", "portrait", "render", "seal", "store"]),
    ("scheduler", &["domain", "store"]),
    ("sample", &["domain"]),
    ("ecert", &["domain", "ingest", "portrait", "render", "sample", "scheduler", "seal", "store", "workers"]),
    ("tests", &[]),
];

/// Longer files are hard to hold in one's head.
const LONGEST_FILE: usize = 600;

struct Dependency {
    name: String,
    optional: bool,
}

/// What each crate of the workspace depends on outside its tests.
fn dependencies() -> BTreeMap<String, Vec<Dependency>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--manifest-path"])
        .arg(workspace::root().join("Cargo.toml"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let of_crate = |package: &Value| {
        let all = package["dependencies"].as_array().unwrap().iter();
        all.filter(|dependency| dependency["kind"] != "dev")
            .map(|dependency| Dependency { name: text(&dependency["name"]), optional: dependency["optional"] == true })
            .collect()
    };
    metadata["packages"].as_array().unwrap().iter().map(|package| (text(&package["name"]), of_crate(package))).collect()
}

#[test]
fn the_crates_use_one_another_only_along_the_arrows() {
    let crates = dependencies();
    let drawn: BTreeSet<&str> = ARROWS.iter().map(|(name, _)| *name).collect();
    assert_eq!(crates.keys().map(String::as_str).collect::<BTreeSet<_>>(), drawn, "the crates of the workspace");
    for (name, allowed) in ARROWS {
        let used: BTreeSet<&str> = crates[name].iter().map(|used| used.name.as_str()).filter(|used| drawn.contains(used)).collect();
        let forbidden: Vec<&&str> = used.iter().filter(|used| !allowed.contains(used)).collect();
        assert!(forbidden.is_empty(), "{name} may not use {forbidden:?}");
    }
}

#[test]
fn the_binary_wires_every_library() {
    let used: BTreeSet<String> = dependencies().remove("ecert").unwrap().into_iter().map(|used| used.name).collect();
    for (library, _) in ARROWS.iter().filter(|(name, _)| !["ecert", "tests"].contains(name)) {
        assert!(used.contains(*library), "ecert does not use {library}");
    }
}

#[test]
fn only_the_store_among_the_libraries_depends_on_sqlx() {
    for (name, used) in dependencies() {
        let sqlx = used.iter().find(|used| used.name == "sqlx");
        // The rules' types may derive their database form for the store, which asks for it by a feature.
        let allowed = ["store", "ecert"].contains(&name.as_str()) || (name == "domain" && sqlx.is_some_and(|sqlx| sqlx.optional));
        assert!(sqlx.is_none() || allowed, "{name} depends on sqlx");
    }
}

#[test]
fn the_rules_are_neither_async_nor_on_a_runtime() {
    let crates = dependencies();
    for used in &crates["domain"] {
        assert!(!["tokio", "futures", "anyhow", "rand", "tracing"].contains(&used.name.as_str()), "domain depends on {}", used.name);
    }
    for (path, text) in workspace::sources().iter().filter(|(path, _)| path.starts_with("schemas/domain/src")) {
        for effect in ["async fn", "std::fs", "std::net", "std::env", "SystemTime", "now_utc", "println!"] {
            assert!(!text.contains(effect), "{}: {effect}", path.display());
        }
    }
}

#[test]
fn sql_is_written_only_in_the_store() {
    for (path, text) in workspace::sources() {
        let is_code = path.components().any(|part| part.as_os_str() == "src");
        if is_code && !path.starts_with("schemas/store") {
            for call in ["query!(", "query_as!(", "query_scalar!(", "query_file!(", "query_file_as!(", "sqlx::query", "sqlx::raw_sql"] {
                assert!(!text.contains(call), "{}: {call}", path.display());
            }
        }
    }
}

#[test]
fn every_source_opens_with_what_it_is_for() {
    let sources = workspace::sources();
    assert!(sources.len() > 50, "only {} sources were found", sources.len());
    for (path, text) in sources {
        assert!(text.starts_with("//! "), "{} does not open with //!", path.display());
    }
}

#[test]
fn modules_are_files_of_their_own_name_and_of_readable_length() {
    for (path, text) in workspace::sources() {
        assert_ne!(path.file_name().unwrap(), "mod.rs", "{}", path.display());
        let lines = text.lines().count();
        assert!(lines <= LONGEST_FILE, "{} has {lines} lines", path.display());
    }
}

#[test]
fn nothing_is_left_to_be_done_later() {
    // Put together here, so that this file does not hold them.
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("to", "do!("), concat!("unimple", "mented!(")];
    for (path, text) in workspace::sources() {
        for mark in marks {
            assert!(!text.contains(mark), "{}: {mark}", path.display());
        }
    }
}
