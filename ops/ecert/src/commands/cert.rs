//! `ecert cert`.

mod held;
mod history;
mod release;

use std::process::ExitCode;

use anyhow::bail;
use domain::identity::IdentityDocument;
use domain::ids::CertificateId;
use domain::reasons::{self, Action, Reason};
use domain::status::Stage;
use serde_json::{Value, json};
use store::certificates::{self, Shown};
use store::photos::{self, Newest};
use store::pool::PgPool;

use crate::app::{self, App};
use crate::cli::Cert;
use crate::output::{answer, iso, table};

/// `ecert cert …`
pub(crate) async fn run(app: &App, command: Cert) -> anyhow::Result<ExitCode> {
    let pool = app.known_database().await?;
    match command {
        Cert::Show { number } => show(app, &pool, &number).await?,
        Cert::History { number } => history::run(app, &pool, &number).await?,
        Cert::Held { reason, limit } => held::run(app, &pool, reason.as_deref(), limit).await?,
        Cert::Release { number, reason, why, dry_run } => {
            let which = release::Which { numbers: &number, reason: reason.as_deref() };
            release::run(app, &pool, which, &why, dry_run).await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The one certificate of this number as typed or in its canonical form.
pub(crate) async fn find(pool: &PgPool, number: &str) -> anyhow::Result<Shown> {
    let mut conn = pool.acquire().await?;
    let canonical = domain::number::canonical_text(number);
    let mut found = certificates::by_number(&mut conn, &canonical).await?;
    match found.len() {
        0 => bail!("there is no certificate {number:?}; is the number complete, brackets included?"),
        1 => Ok(found.remove(0)),
        _ => bail!(
            "{number:?} is the number of {} certificates, of the kinds {}",
            found.len(),
            found.iter().map(|c| c.kind.as_str()).collect::<Vec<_>>().join(", ")
        ),
    }
}

async fn show(app: &App, pool: &PgPool, number: &str) -> anyhow::Result<()> {
    let shown = find(pool, number).await?;
    let mut conn = pool.acquire().await?;
    let Some(known) = certificates::facts(&mut conn, &[shown.id], false).await?.pop() else { bail!("the certificate {number:?} is gone") };
    let settings = app.config.domain_settings();
    let against = reasons::against(Action::Issue, &known.facts, settings.kind(known.facts.kind), &settings.contact_zh, app::today());
    let photo = photos::newest(&mut conn, known.person).await?;
    let masked = IdentityDocument::from_stored(shown.id_kind.parse()?, shown.id_number.clone()).masked();
    let locks: Vec<Value> = known
        .facts
        .locks_in_force(app::today())
        .map(|lock| json!({ "id": lock.id.to_string(), "cause": lock.cause.as_str(), "since": lock.since.to_string() }))
        .collect();
    // Why a person has to look at it, where it waits for one.
    let held = match known.facts.stage {
        Stage::Held => {
            certificates::held(&mut conn, None, CertificateId(shown.id.0 - 1), 1).await?.into_iter().find(|held| held.id == shown.id)
        }
        Stage::Paper | Stage::AwaitingPhoto | Stage::PhotoReview | Stage::Ready | Stage::Issuing | Stage::Issued => None,
    };
    let document = json!({
        "held": held.as_ref().map(|held| json!({ "code": held.code, "text": held.text, "since": held.since.map(iso) })),
        "number": shown.number, "kind": shown.kind, "holder": { "name": shown.holder_name, "id_masked": masked, "person": known.person.0 },
        "employer": shown.employer_name, "category": shown.category, "number_printed": shown.number_printed,
        "legal_status": shown.legal_status, "stage": shown.stage, "locks": locks,
        "valid_from": shown.valid_from.map(|d| d.to_string()), "valid_until": shown.valid_until.map(|d| d.to_string()),
        "version": shown.version, "identifier": shown.identifier, "reasons": reasons_json(&against),
        "photo": photo.as_ref().map(photo_json),
    });
    answer(app.json, &document, || {
        let day = |day: Option<time::Date>| day.map_or_else(|| "-".to_owned(), |day| day.to_string());
        let rows = vec![
            vec!["number".to_owned(), shown.number.clone()],
            vec!["kind".to_owned(), format!("{} {}", shown.kind, known.facts.kind.title_zh())],
            vec!["holder".to_owned(), format!("{} {masked} (person {})", shown.holder_name, known.person)],
            vec!["employer".to_owned(), shown.employer_name.clone().unwrap_or_else(|| "-".to_owned())],
            vec!["valid".to_owned(), format!("{} to {}", day(shown.valid_from), day(shown.valid_until))],
            vec!["legal status".to_owned(), format!("{} {}", shown.legal_status, known.facts.status.zh())],
            vec!["stage".to_owned(), format!("{} {}", shown.stage, known.facts.stage.zh())],
            vec!["version".to_owned(), if shown.version == 0 { "paper only".to_owned() } else { shown.version.to_string() }],
        ];
        let mut text = table(&rows);
        for lock in known.facts.locks_in_force(app::today()) {
            let until = lock.until.map_or_else(String::new, |day| format!(" until {day}"));
            text += &format!("LOCKED 已锁定    lock {}: {} since {}{until}\n", lock.id, lock.cause_text, lock.since);
        }
        if let Some(photo) = &photo {
            text += &photo_text(photo);
        }
        if shown.stage != "issued" && !against.is_empty() {
            text += "not issued, because:\n";
        }
        for reason in against.iter().filter(|_| shown.stage != "issued") {
            text += &format!("  {}  {}\n      {}\n", reason.code, reason.zh, reason.en);
        }
        if let Some(held) = &held {
            text += &format!("held because: {} ({})\n", held.text, held.code.as_deref().unwrap_or("-"));
            text += "`ecert cert held` says what to do\n";
        }
        if shown.stage == "ready" && against.is_empty() {
            text += "its document is not made yet: `ecert work` makes it, `ecert queue list` shows what waits\n";
        }
        text
    })
}

/// The holder's newest photo: its state, and what its review found.
fn photo_json(photo: &Newest) -> Value {
    let findings = photo.findings.iter().filter_map(Value::as_array).flatten();
    let findings: Vec<Value> = findings.map(|f| json!({ "code": f["code"], "zh": f["zh"], "en": f["en"] })).collect();
    json!({ "state": photo.state, "findings": findings })
}

/// Why the newest photo does not serve; nothing where it does.
fn photo_text(photo: &Newest) -> String {
    let state = match photo.state.as_str() {
        "held" => "held 待处理",
        "rejected" => "rejected 未通过",
        _ => return String::new(),
    };
    let mut text = format!("newest photo (照片): {state}\n");
    for finding in photo.findings.iter().filter_map(Value::as_array).flatten() {
        text += &format!("  {}  {}\n", finding["code"].as_str().unwrap_or("-"), finding["zh"].as_str().unwrap_or("-"));
    }
    text
}

/// Reasons in the form that every command gives them in.
pub(crate) fn reasons_json(reasons: &[Reason]) -> Value {
    reasons.iter().map(|reason| json!({ "code": reason.code, "zh": reason.zh, "en": reason.en })).collect()
}
