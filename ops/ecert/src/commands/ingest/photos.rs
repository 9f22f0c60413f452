//! The dry run of photos: which would be taken, and which not and why.

use std::collections::BTreeMap;
use std::path::Path;

use domain::finding::{FindingCode, Outcome};
use ingest::dry_run::{FIRST_BAD, masked};
use ingest::photo_archive::PhotoArchive;
use serde_json::{Value, json};

use crate::output::{grouped, plain};

/// A photo that would not be taken.
struct Bad {
    name: String,
    outcome: Outcome,
    codes: Vec<FindingCode>,
}

/// Looks at every entry of a folder or archive.
pub(super) fn look(path: &Path) -> anyhow::Result<(Value, String)> {
    let mut archive = PhotoArchive::open(path)?.not_empty(path)?;
    let mut counts: BTreeMap<Outcome, i64> = BTreeMap::new();
    let mut findings: BTreeMap<FindingCode, i64> = BTreeMap::new();
    let mut first_bad: Vec<Bad> = Vec::new();
    for entry in archive.entries_from(0) {
        let entry = entry?.glanced_at();
        *counts.entry(entry.outcome()).or_default() += 1;
        for finding in &entry.findings {
            *findings.entry(finding.code).or_default() += 1;
        }
        if matches!(entry.outcome(), Outcome::Held | Outcome::Rejected) && first_bad.len() < FIRST_BAD {
            let codes = entry.findings.iter().map(|finding| finding.code).collect();
            first_bad.push(Bad { name: masked(None, "", &entry.path_in_archive), outcome: entry.outcome(), codes });
        }
    }
    let document = json!({
        "file": path.display().to_string(),
        "totals": counts.iter().map(|(outcome, n)| (outcome.as_str().to_owned(), json!(n))).collect::<serde_json::Map<_, _>>(),
        "findings": findings.iter().map(|(code, n)| (code.as_str().to_owned(), json!(n))).collect::<serde_json::Map<_, _>>(),
        "first_bad": first_bad.iter().map(|bad| json!({
            "name": bad.name, "outcome": bad.outcome.as_str(),
            "reasons": bad.codes.iter().map(|code| json!({ "code": code.as_str(), "zh": code.zh(), "en": code.en() })).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    });
    let mut text = format!("{}\n", plain(&path.display().to_string()));
    text.extend(counts.iter().map(|(outcome, n)| format!("  {} {}\n", grouped(*n), outcome.as_str())));
    text.extend(findings.iter().map(|(code, n)| format!("  {} × {code}  {} / {}\n", grouped(*n), code.zh(), code.en())));
    for bad in &first_bad {
        let why: Vec<String> = bad.codes.iter().map(|code| format!("{} / {}", code.zh(), code.en())).collect();
        text += &plain(&format!("  {} {}: {}", bad.name, bad.outcome.as_str(), why.join("；")));
        text.push('\n');
    }
    text += "  pictures are not looked at yet, and photos not matched with people; the import and the review do that\n";
    Ok((document, text))
}
