//! What the register says of a version.

use std::time::Duration;

use domain::identity::IdentityDocument;
use domain::name::PersonName;
use domain::reasons::{self, Action};
use domain::status::LegalStatus;
use seal::qr::Statement;
use serde_json::{Value, json};
use store::certificates;
use store::database::DatabaseError;
use store::documents::{self, Announced};
use store::pool::{PgConnection, PgPool};

use super::{Known, RegisterAnswer};
use crate::app::{self, App};
use crate::output::one_line;

/// How long a given database may take to answer.
const PATIENCE: Duration = Duration::from_secs(15);

/// What is looked up: the very file, or the version that a code speaks of.
pub(super) enum Wanted<'a> {
    File(&'a [u8; 32]),
    Version(&'a Statement),
}

/// Looks a version up: only what the database announced has a status.
pub(super) async fn known(app: &App, wanted: Wanted<'_>) -> anyhow::Result<RegisterAnswer> {
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
    match wanted {
        Wanted::File(sha256) => match documents::by_digest(&mut conn, sha256).await? {
            Some(found) => announced(app, &mut conn, found).await,
            None => Ok(Known::nothing("unknown-document", "发证机关未签发过该文件", "the authority has not issued this file")),
        },
        Wanted::Version(statement) => {
            let place = (i32::try_from(statement.status_list)?, i64::from(statement.status_index));
            let found = documents::by_status_place(&mut conn, place.0, place.1).await?;
            let same = |found: &Announced| {
                (&found.kind, &found.number, found.version) == (&statement.kind, &statement.number, i32::from(statement.version))
            };
            match found.filter(same) {
                Some(found) if !is_stated(statement, &found) => Ok(Known::nothing(
                    "unknown-statement",
                    "发证机关没有签发过这样的二维码",
                    "the authority has issued that version, but no code that states this of it",
                )),
                Some(found) => announced(app, &mut conn, found).await,
                None => Ok(Known::nothing(
                    "unknown-number",
                    &format!("发证机关没有签发过证书 {} 的该版本", statement.number),
                    &format!("the authority has issued no such version of certificate {}", statement.number),
                )),
            }
        }
    }
}

/// Whether the register's order states just this of its version.
fn is_stated(statement: &Statement, found: &Announced) -> bool {
    let text = |field: &str| found.snapshot[field].as_str();
    text("holder_name") == Some(statement.name.as_str())
        && text("id_last_four") == Some(statement.id_last_four.as_str())
        && text("valid_until").map(str::to_owned) == statement.valid_until.map(|day| day.to_string())
        && found.qr_key_id == statement.key_id
        && found.signing_time.unix_timestamp() == statement.issued_at
}

async fn announced(app: &App, conn: &mut PgConnection, found: Announced) -> anyhow::Result<RegisterAnswer> {
    let unknown = || Known::nothing("unknown-document", "发证机关未签发过该文件", "the authority has not issued this file");
    let Some(holder) = certificates::by_number(conn, &found.number).await?.into_iter().find(|c| c.id == found.certificate) else {
        return Ok(unknown());
    };
    let Some(known) = certificates::facts(conn, &[found.certificate], false).await?.pop() else { return Ok(unknown()) };
    let settings = app.config.domain_settings();
    let against = reasons::against(Action::ShowAsValid, &known.facts, settings.kind(known.facts.kind), &settings.contact_zh, app::today());
    let mut all: Vec<Value> = against.iter().map(|r| json!({ "code": r.code, "zh": r.zh, "en": r.en })).collect();
    if found.version < found.newest_version {
        all.push(json!({
            "code": "superseded", "zh": format!("已被第{}版取代", found.newest_version), "en": format!("superseded by version {}", found.newest_version),
        }));
    }
    let masked = IdentityDocument::from_stored(holder.id_kind.parse()?, holder.id_number.clone()).masked();
    Ok(RegisterAnswer {
        certificate: json!({
            "number": found.number, "kind": found.kind, "holder_masked": format!("{} {masked}", PersonName::from_stored(found.holder_name.clone()).masked()),
            "valid_until": found.valid_until.map(|d| d.to_string()), "version": found.version,
        }),
        status: status(&known.facts, &found, !against.is_empty()),
        reasons: all,
        host: Some(found.qr_base),
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
