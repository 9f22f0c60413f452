//! `ecert photo`: what reviewers do, and what holders send.

mod add;
mod check;
mod decide;
mod file;
mod list;
mod show;
mod stats;

use std::process::ExitCode;

use domain::ids::PhotoId;
use domain::photo_reason::PhotoReason;
use serde_json::json;
use store::photo_cases::Lease;
use store::photo_effects::Cause;

use crate::app::{self, App};
use crate::cli::Photo;
use crate::output::{answer, table};

/// `ecert photo …`
pub(crate) async fn run(app: &App, command: Photo) -> anyhow::Result<ExitCode> {
    // These two ask no database.
    if let Photo::Reasons = command {
        return reasons(app);
    }
    if let Photo::Check { file, policy, portrait } = &command {
        return check::run(app, file, policy, portrait.as_deref()).await;
    }
    let pool = app.known_database().await?;
    match command {
        Photo::List { state, batch, limit } => list::run(app, &pool, state, batch, limit).await?,
        Photo::Show { id, files } => show::run(app, &pool, PhotoId(id), &files).await?,
        Photo::Next { files } => decide::next(app, &pool, &files).await?,
        Photo::Approve { id, note, after } => decide::approve(app, &pool, PhotoId(id), note.as_deref(), after.files()).await?,
        Photo::Reject { id, reasons, note, after } => {
            decide::reject(app, &pool, PhotoId(id), &reasons, note.as_deref(), after.files()).await?;
        }
        Photo::Undo { id } => decide::undo(app, &pool, PhotoId(id)).await?,
        Photo::Release { id } => decide::release(app, &pool, PhotoId(id)).await?,
        Photo::Add { number, file } => add::add(app, &pool, &number, &file).await?,
        Photo::Appeal { id, note } => add::appeal(app, &pool, PhotoId(id), note.as_deref()).await?,
        Photo::Stats { days } => stats::run(app, &pool, days).await?,
        Photo::Reasons | Photo::Check { .. } => {}
    }
    Ok(ExitCode::SUCCESS)
}

fn lease(app: &App) -> Lease {
    Lease { seconds: app.config.photos.lease_minutes * 60 }
}

fn cause(actor: &str) -> Cause<'_> {
    Cause { actor, today: app::today(), batch: None }
}

fn reasons(app: &App) -> anyhow::Result<ExitCode> {
    let all = PhotoReason::ALL;
    let document = json!({ "reasons": all.iter().map(|r| json!({ "code": r.as_str(), "zh": r.zh(), "en": r.en() })).collect::<Vec<_>>() });
    answer(app.json, &document, || {
        let head = ["code", "what its holder reads", ""].map(str::to_owned).to_vec();
        table(
            &std::iter::once(head)
                .chain(all.iter().map(|r| vec![r.as_str().to_owned(), r.zh().to_owned(), r.en().to_owned()]))
                .collect::<Vec<_>>(),
        )
    })?;
    Ok(ExitCode::SUCCESS)
}
