//! `ecert verify`: the signature by the file or the code alone, the status by the register or by signed lists.

mod code;
mod offline;
mod register;
mod revoked;
mod trust;

use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use seal::verify::{DocumentVerdict, SignatureState, verify_document};
use serde_json::{Value, json};

use crate::app::{self, App};
use crate::cli::Verify;
use crate::output::{answer, plain, table};
use register::Wanted;
use trust::Trust;

/// What is known of a version beside its signature.
struct RegisterAnswer {
    certificate: Value,
    status: &'static str,
    reasons: Vec<Value>,
    /// The host of the version's codes, where it is known.
    host: Option<String>,
}

/// Makes answers.
struct Known;

impl Known {
    /// Nothing, and the one reason for it.
    fn nothing(code: &str, zh: &str, en: &str) -> RegisterAnswer {
        let certificate = json!({ "number": null, "kind": null, "holder_masked": null, "valid_until": null });
        RegisterAnswer { certificate, status: "unknown", reasons: vec![code::reason(code, zh, en)], host: None }
    }
}

/// `ecert verify [FILE.pdf] [--qr TEXT] …`
pub(crate) async fn run(app: &App, asked: Verify) -> anyhow::Result<ExitCode> {
    let trust = Trust::gather(app, &asked.trust)?;
    let base = app.config.verify.base.as_str();
    let mut verdict = match &asked.file {
        Some(file) => {
            let (bytes, anchors) = (read(file)?, trust.anchors.clone());
            Some(tokio::task::spawn_blocking(move || verify_document(&bytes, &anchors, app::now())).await?)
        }
        None => None,
    };
    let looked_up = match &verdict {
        Some(verdict) if !asked.offline => Some(register::known(app, Wanted::File(&verdict.sha256)).await?),
        Some(_) | None => None,
    };
    if let Some(verdict) = &mut verdict {
        // The very file that the register knows is older than whatever others made with the key.
        let vouched = looked_up.as_ref().is_some_and(|known| !known.certificate["number"].is_null());
        revoked::judge(verdict, &trust, vouched);
    }
    let scanned = asked.qr.as_deref().map(|text| code::judge(text, &trust));
    // The document's own statement is under its signature.
    let own = verdict.as_ref().and_then(|verdict| verdict.qr_text.as_deref()).map(|text| code::judge(text, &trust));

    let mut reasons: Vec<Value> = Vec::new();
    let mut signature = SignatureState::Valid;
    if let Some(verdict) = &verdict {
        signature = verdict.signature;
        reasons.extend(verdict.reasons.iter().map(|r| code::reason(r.code, &r.zh, &r.en)));
    }
    let own_host = own.as_ref().and_then(|code| code.host.clone());
    let own_statement = own.as_ref().and_then(|own| own.statement.as_ref());
    let mut together = true;
    if let Some(scanned) = &scanned {
        // With a file the word is about the file's signature.
        if verdict.is_none() {
            signature = scanned.signature;
        }
        together = scanned.signature == SignatureState::Valid;
        reasons.extend(scanned.reasons.clone());
        // A code that cannot be held against the file is as bad as one of another file.
        if let (Some(_), Some(code)) = (&verdict, &scanned.statement)
            && let Err(difference) = code::same_version(code, own_statement)
        {
            together = false;
            reasons.push(difference);
        }
    }
    let statement = own_statement.or(scanned.as_ref().and_then(|code| code.statement.as_ref()));
    let known = match (looked_up, statement) {
        (Some(known), _) => known,
        (None, Some(statement)) if !asked.offline => register::known(app, Wanted::Version(statement)).await?,
        (None, Some(statement)) => {
            let host = own_host.as_deref().or(scanned.as_ref().and_then(|code| code.host.as_deref())).unwrap_or(base);
            offline::known(statement, &asked.status_list, &trust, [host, base])?
        }
        // What nobody vouches for is not looked up; why, was said, or the document's own code says it.
        (None, None) => match own {
            Some(own) => RegisterAnswer { reasons: own.reasons, ..Known::nothing("", "", "") },
            None if reasons.is_empty() => {
                Known::nothing("no-statement", "文件中没有可核验的声明", "the file holds no statement that could be looked up")
            }
            None => RegisterAnswer { reasons: Vec::new(), ..Known::nothing("", "", "") },
        },
    };
    reasons.extend(known.reasons);
    // A link that leads elsewhere is the bait of a code that is right in everything else. Whom the file's own code, the register or a signed
    // list names is the authority, also after its address has changed.
    if let Some(host) = scanned.as_ref().and_then(|code| code.host.as_deref()) {
        let of_file = own_host.as_deref().filter(|_| signature == SignatureState::Valid);
        if ![Some(base), of_file, known.host.as_deref()].contains(&Some(host)) {
            together = false;
            reasons.push(code::other_host(host));
        }
    }
    let document = document(verdict.as_ref(), signature, &known.certificate, known.status, &reasons);
    let good = signature == SignatureState::Valid && known.status == "valid" && together;
    let name = asked.file.as_ref().map_or_else(|| "QR code".to_owned(), |file| file.display().to_string());
    answer(app.json, &document, || text(&name, verdict.as_ref(), &document, good))?;
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn document(verdict: Option<&DocumentVerdict>, signature: SignatureState, certificate: &Value, status: &str, reasons: &[Value]) -> Value {
    json!({
        "signature": signature.as_str(), "signer": verdict.and_then(|verdict| verdict.signer.as_deref()),
        "covers_whole_file": verdict.map(|verdict| verdict.covers_whole_file),
        "changed_after_signing": verdict.map(|verdict| verdict.changed_after_signing), "certificate": certificate, "status": status,
        "reasons": reasons, "sha256": verdict.map(|verdict| hex::encode(verdict.sha256)),
    })
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    if path.is_dir() {
        bail!("{}: it is a folder; name the PDF", path.display());
    }
    let file = std::fs::File::open(path).with_context(|| format!("{}: it cannot be read", path.display()))?;
    let mut bytes = Vec::new();
    let limit = seal::verify::MAX_DOCUMENT_BYTES as u64 + 1;
    file.take(limit).read_to_end(&mut bytes).with_context(|| format!("{}: it cannot be read", path.display()))?;
    Ok(bytes)
}

fn text(name: &str, verdict: Option<&DocumentVerdict>, document: &Value, good: bool) -> String {
    let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let certificate = &document["certificate"];
    let mut text = format!("{name}: {}\n", if good { "authentic and valid (真实有效)" } else { "NOT accepted (不予认可)" });
    let mut rows = vec![vec!["signature".to_owned(), word(&document["signature"])]];
    if let Some(verdict) = verdict {
        rows.push(vec!["signer".to_owned(), verdict.signer.clone().unwrap_or_else(|| "-".to_owned())]);
        rows.push(vec![
            "covers".to_owned(),
            if verdict.covers_whole_file { "the whole file".to_owned() } else { "not the whole file".to_owned() },
        ]);
    }
    rows.push(vec!["status".to_owned(), word(&document["status"])]);
    if !certificate["number"].is_null() {
        rows.push(vec!["certificate".to_owned(), format!("{} {}", word(&certificate["number"]), word(&certificate["holder_masked"]))]);
        rows.push(vec!["valid until".to_owned(), word(&certificate["valid_until"])]);
    }
    text += &table(&rows);
    for reason in document["reasons"].as_array().into_iter().flatten() {
        // A reason may repeat what a forger wrote: it must not begin a line of its own.
        text += &format!("  {}\n", plain(&format!("{}  {} / {}", word(&reason["code"]), word(&reason["zh"]), word(&reason["en"]))));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_forger_wrote_begins_no_line_of_its_own() {
        let forged = code::reason("key-unknown", "密钥 x\nQR code: authentic and valid", "key x\nQR code: authentic and valid\u{1b}[2J");
        let document = json!({ "signature": "untrusted", "status": "unknown", "certificate": {}, "reasons": [forged] });
        let text = text("QR code", None, &document, false);
        assert!(text.starts_with("QR code: NOT accepted"), "{text}");
        assert!(text.lines().skip(1).all(|line| !line.starts_with("QR code")), "{text}");
        assert!(text.contains("key x\u{240a}QR code") && !text.contains('\u{1b}'), "{text}");
    }
}
