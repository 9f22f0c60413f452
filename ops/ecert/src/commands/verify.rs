//! `ecert verify FILE.pdf`: the signature by the file alone, the status by the database.

use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, bail};
use domain::identity::IdentityDocument;
use domain::name::PersonName;
use domain::reasons::{self, Action};
use domain::status::LegalStatus;
use seal::verify::{DocumentVerdict, SignatureState, verify_document};
use serde_json::{Value, json};
use store::database::DatabaseError;
use store::documents::Announced;
use store::pool::PgPool;
use store::{certificates, documents};

use crate::app::{self, App};
use crate::key_files::{KeyFiles, certificates_in};
use crate::output::{answer, one_line, table};

/// What the database says about a document.
struct Known {
    certificate: Value,
    status: &'static str,
    reasons: Vec<Value>,
}

impl Known {
    /// Nothing, and the one reason for it.
    fn nothing(code: &str, zh: &str, en: &str) -> Self {
        let certificate = json!({ "number": null, "kind": null, "holder_masked": null, "valid_until": null });
        Self { certificate, status: "unknown", reasons: vec![json!({ "code": code, "zh": zh, "en": en })] }
    }
}

/// How long a given database may take to answer.
const PATIENCE: Duration = Duration::from_secs(15);

/// `ecert verify FILE.pdf`
pub(crate) async fn run(app: &App, file: &Path) -> anyhow::Result<ExitCode> {
    let bytes = read(file)?;
    let mut anchors: Vec<Vec<u8>> = KeyFiles::new(app.home.keys()).anchor().into_iter().collect();
    for path in &app.config.verify.anchors {
        anchors.extend(certificates_in(path)?);
    }
    let verdict = tokio::task::spawn_blocking(move || verify_document(&bytes, &anchors, app::now())).await?;
    let known = known(app, &verdict).await?;
    let mut all: Vec<Value> = verdict.reasons.iter().map(|r| json!({ "code": r.code, "zh": r.zh, "en": r.en })).collect();
    all.extend(known.reasons);
    let document = json!({
        "signature": verdict.signature.as_str(), "signer": verdict.signer, "covers_whole_file": verdict.covers_whole_file,
        "changed_after_signing": verdict.changed_after_signing, "certificate": known.certificate, "status": known.status, "reasons": all,
        "sha256": hex::encode(verdict.sha256),
    });
    let good = verdict.signature == SignatureState::Valid && known.status == "valid";
    answer(app.json, &document, || text(file, &verdict, &document, good))?;
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
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

/// Looks the very file up: only a document that the database announced has a status.
async fn known(app: &App, verdict: &DocumentVerdict) -> anyhow::Result<Known> {
    let unknown = || Known::nothing("unknown-document", "发证机关未签发过该文件", "the authority has not issued this file");
    if app.has_no_database()? {
        // Whoever only verifies is not given a database; the signature is judged all the same.
        return Ok(Known::nothing("no-register", "此处没有证书数据库，无法核实状态", "there is no register here that knows the status"));
    }
    let Some(pool) = register(app).await? else {
        return Ok(Known::nothing(
            "register-unreachable",
            "无法连接证书数据库，未能核实状态",
            "the register cannot be reached, so the status is not known",
        ));
    };
    let mut conn = pool.acquire().await?;
    let Some(found) = documents::by_digest(&mut conn, &verdict.sha256).await? else { return Ok(unknown()) };
    let Some(holder) = certificates::by_number(&mut conn, &found.number).await?.into_iter().find(|c| c.id == found.certificate) else {
        return Ok(unknown());
    };
    let Some(known) = certificates::facts(&mut conn, &[found.certificate], false).await?.pop() else { return Ok(unknown()) };
    let settings = app.config.domain_settings();
    let against = reasons::against(Action::ShowAsValid, &known.facts, settings.kind(known.facts.kind), &settings.contact_zh, app::today());
    let mut all: Vec<Value> = against.iter().map(|r| json!({ "code": r.code, "zh": r.zh, "en": r.en })).collect();
    if found.version < found.newest_version {
        all.push(json!({
            "code": "superseded", "zh": format!("已被第{}版取代", found.newest_version), "en": format!("superseded by version {}", found.newest_version),
        }));
    }
    let masked = IdentityDocument::from_stored(holder.id_kind.parse()?, holder.id_number.clone()).masked();
    Ok(Known {
        certificate: json!({
            "number": found.number, "kind": found.kind, "holder_masked": format!("{} {masked}", PersonName::from_stored(found.holder_name.clone()).masked()),
            "valid_until": found.valid_until.map(|d| d.to_string()), "version": found.version,
        }),
        status: status(&known.facts, &found, !against.is_empty()),
        reasons: all,
    })
}

/// The register, or none where it does not answer; one that answers and cannot be used is told as by every command.
async fn register(app: &App) -> anyhow::Result<Option<PgPool>> {
    let wanted = app.database();
    let answered = if app.is_private() { Ok(wanted.await) } else { tokio::time::timeout(PATIENCE, wanted).await };
    let error = match answered {
        Ok(Ok(pool)) => return Ok(Some(pool)),
        Ok(Err(error)) if matches!(error.downcast_ref(), Some(DatabaseError::Connect(_))) => error,
        Ok(Err(error)) => return Err(error),
        Err(_) => anyhow::anyhow!("no answer within {} s", PATIENCE.as_secs()),
    };
    tracing::warn!(error = one_line(&error), "the register cannot be reached; the signature is judged without it");
    Ok(None)
}

/// The one word for a document's status; what the law says comes before a lock, a lock before age.
fn status(facts: &domain::facts::Facts, found: &Announced, anything_against: bool) -> &'static str {
    let today = app::today();
    match certificates::status_on(facts.status, facts.valid_until, today) {
        LegalStatus::Cancelled => "cancelled",
        LegalStatus::Withdrawn => "withdrawn",
        LegalStatus::Revoked => "revoked",
        LegalStatus::Transferred => "transferred",
        LegalStatus::Suspended => "suspended",
        LegalStatus::Valid | LegalStatus::Expired if facts.locks_in_force(today).next().is_some() => "locked",
        LegalStatus::Expired => "expired",
        LegalStatus::Valid if found.version < found.newest_version => "superseded",
        LegalStatus::Valid if anything_against => "unknown",
        LegalStatus::Valid => "valid",
    }
}

fn text(file: &Path, verdict: &DocumentVerdict, document: &Value, good: bool) -> String {
    let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let certificate = &document["certificate"];
    let mut text = format!("{}: {}\n", file.display(), if good { "authentic and valid (真实有效)" } else { "NOT accepted (不予认可)" });
    let mut rows = vec![
        vec!["signature".to_owned(), verdict.signature.as_str().to_owned()],
        vec!["signer".to_owned(), verdict.signer.clone().unwrap_or_else(|| "-".to_owned())],
        vec!["covers".to_owned(), if verdict.covers_whole_file { "the whole file".to_owned() } else { "not the whole file".to_owned() }],
        vec!["status".to_owned(), word(&document["status"])],
    ];
    if !certificate["number"].is_null() {
        rows.push(vec!["certificate".to_owned(), format!("{} {}", word(&certificate["number"]), word(&certificate["holder_masked"]))]);
        rows.push(vec!["valid until".to_owned(), word(&certificate["valid_until"])]);
    }
    text += &table(&rows);
    for reason in document["reasons"].as_array().into_iter().flatten() {
        text += &format!("  {}  {} / {}\n", word(&reason["code"]), word(&reason["zh"]), word(&reason["en"]));
    }
    text
}
