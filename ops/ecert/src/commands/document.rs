//! `ecert document`: what is handed out.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use domain::reasons::{self, Action};
use serde_json::json;
use store::pool::PgPool;
use store::{certificates, documents, status_lists};

use crate::app::{self, App};
use crate::cli::Document;
use crate::commands::cert::find;
use crate::out_file::write_whole;
use crate::output::{answer, civil_minute, iso};

/// `ecert document …`
pub(crate) async fn run(app: &App, command: Document) -> anyhow::Result<ExitCode> {
    app.home.require()?;
    let pool = app.known_database().await?;
    match command {
        Document::StatusList { number, out } => status_list(app, &pool, number, out).await,
        Document::Get { number, out } => get(app, &pool, number, out).await,
    }
}

/// `ecert document status-list [NUMBER] --out FILE`
async fn status_list(app: &App, pool: &PgPool, number: i32, out: PathBuf) -> anyhow::Result<ExitCode> {
    let Some(newest) = status_lists::newest(&mut *pool.acquire().await?, number).await? else {
        bail!("status list {number} is not published; `ecert sweep publish-status-lists --today YYYY-MM-DD` and a worker do that");
    };
    write_whole(&out, &app.objects().read(&newest.key, &newest.sha256).await?)?;
    let document = json!({
        "list": number, "sha256": hex::encode(&newest.sha256), "size_bytes": newest.size_bytes, "issued_at": iso(newest.issued_at),
        "fresh_until": iso(newest.fresh_until), "expires_at": iso(newest.expires_at), "out": out.display().to_string(),
    });
    answer(app.json, &document, || {
        let until = |at| civil_minute(at);
        format!(
            "status list {number} of {}, fresh until {}, valid until {}, written to {}\n",
            until(newest.issued_at),
            until(newest.fresh_until),
            until(newest.expires_at),
            out.display()
        )
    })?;
    Ok(ExitCode::SUCCESS)
}

/// `ecert document get NUMBER --out FILE`
async fn get(app: &App, pool: &PgPool, number: String, out: PathBuf) -> anyhow::Result<ExitCode> {
    let actor = app.actor(pool).await?;
    let shown = find(pool, &number).await?;
    let mut conn = pool.acquire().await?;
    let Some(newest) = documents::of_certificate(&mut conn, shown.id).await?.into_iter().next() else {
        bail!("{number} has no document yet; `ecert cert show {number}` says why");
    };
    let Some(known) = certificates::facts(&mut conn, &[shown.id], false).await?.pop() else { bail!("the certificate {number:?} is gone") };
    let settings = app.config.domain_settings();
    let against = reasons::against(Action::Download, &known.facts, settings.kind(known.facts.kind), &settings.contact_zh, app::today());
    if !against.is_empty() {
        let texts: Vec<String> = against.iter().map(|reason| format!("{} ({})", reason.en, reason.zh)).collect();
        bail!("the document of {number} cannot be handed out: {}", texts.join("; "));
    }
    // Before the file is there: what is handed out is on record.
    let detail = json!({ "version": newest.version, "sha256": hex::encode(&newest.sha256) });
    store::audit::record(&mut conn, &actor, "document-handed-out", &format!("certificate:{}", shown.id), &detail).await?;
    write_whole(&out, &app.objects().read(&newest.key, &newest.sha256).await?)?;
    let document = json!({
        "number": shown.number, "version": newest.version, "sha256": hex::encode(&newest.sha256), "size_bytes": newest.size_bytes, "out": out.display().to_string(),
    });
    answer(app.json, &document, || format!("version {} of {} written to {}\n", newest.version, shown.number, out.display()))?;
    Ok(ExitCode::SUCCESS)
}
