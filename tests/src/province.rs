//! A generated province and its delivery.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::home::{Home, argument};

/// Whether a delivery is imported at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Import {
    /// By the delivering command, to its end.
    Now,
    /// Later, by workers.
    ByWorkers,
}

/// What `ecert sample` wrote.
#[derive(Debug)]
pub struct Province {
    folder: PathBuf,
    expected: Value,
}

impl Province {
    /// Generates one beside the home, true today. Its first province configures the home; `work` adds to the section `[work]`.
    ///
    /// # Panics
    /// When the program or the disk refuses.
    #[must_use]
    pub fn generate(home: &Home, rows: u32, seed: u32, work: &str) -> Self {
        let folder = home.beside(&format!("province-{seed}"));
        let (rows, seed) = (rows.to_string(), seed.to_string());
        home.done(&["sample", "--rows", &rows, "--seed", &seed, "--out", &argument(&folder)]);
        if !home.path().join("ecert.toml").exists() {
            let toml = fs::read_to_string(folder.join("ecert.toml")).expect("a sample has a configuration");
            home.configure(&format!("{toml}\n[work]\n{work}\n"));
        }
        let expected = fs::read_to_string(folder.join("expected.json")).expect("a sample says what is expected");
        let expected = serde_json::from_str(&expected).expect("the expectations are JSON");
        Self { folder, expected }
    }

    /// The day on which its deliveries are true.
    ///
    /// # Panics
    /// When the expectations lack it.
    #[must_use]
    pub fn as_of(&self) -> &str {
        self.expected["as_of"].as_str().expect("a day")
    }

    /// Certificates that can be issued at once.
    ///
    /// # Panics
    /// When the expectations lack it.
    #[must_use]
    pub fn issuable(&self) -> usize {
        let issuable = self.expected["issuable"].as_u64().expect("a number");
        usize::try_from(issuable).expect("a small number")
    }

    /// Delivers every file, everything to be issued, photos last.
    ///
    /// # Panics
    /// When a delivery is refused.
    pub fn deliver(&self, home: &Home, import: Import) {
        for file in self.expected["files"].as_array().expect("a list of files") {
            let path = argument(&self.folder.join(file["file"].as_str().expect("a name")));
            let shape = file["shape"].as_str().expect("a shape");
            let mut arguments = vec!["ingest", &path, "--as", shape];
            if shape == "certificates" {
                arguments.extend(["--issue", "all"]);
            }
            if let Some(kind) = file["kind"].as_str() {
                arguments.extend(["--kind", kind]);
            }
            if import == Import::Now {
                arguments.push("--wait");
            }
            home.done(&arguments);
        }
    }
}
