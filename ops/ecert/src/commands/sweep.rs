//! `ecert sweep`.

use std::process::ExitCode;

use anyhow::bail;
use serde_json::json;

use crate::app::App;
use crate::cli::Sweep;
use crate::output::{answer, grouped};

/// `ecert sweep NAME --today DAY`
pub(crate) async fn run(app: &App, command: Sweep) -> anyhow::Result<ExitCode> {
    if !scheduler::SWEEPS.iter().any(|sweep| *sweep == command.name) {
        bail!("there is no sweep {:?}; there are {}", command.name, scheduler::SWEEPS.join(", "));
    }
    if command.today > crate::app::today() && !command.dry_run {
        tracing::warn!(today = %command.today, "this day is still to come; what the sweep ends on it stays ended");
    }
    let pool = app.database().await?;
    let actor = app.actor(&pool).await?;
    let totals = match command.name.as_str() {
        scheduler::enqueue_ready::NAME => {
            scheduler::enqueue_ready::run(&pool, app.config.domain_settings(), command.today, &actor, command.dry_run).await?
        }
        scheduler::publish_status_lists::NAME => {
            scheduler::publish_status_lists::run(&pool, command.today, &actor, command.dry_run).await?
        }
        scheduler::collect_orphans::NAME => {
            let when = (command.today, crate::app::now().into());
            scheduler::collect_orphans::run(&pool, &app.objects(), when, &actor, command.dry_run).await?
        }
        scheduler::expire_certificates::NAME => scheduler::expire_certificates::run(&pool, command.today, &actor, command.dry_run).await?,
        other => bail!("the sweep {other:?} cannot be run from here"),
    };
    let document = json!({
        "sweep": command.name, "today": command.today.to_string(), "dry_run": command.dry_run, "examined": totals.examined,
        "changed": totals.changed, "skipped": totals.skipped, "enqueued": totals.enqueued,
    });
    answer(app.json, &document, || {
        let mut text = format!(
            "{} for {}: {} examined, {} {}\n",
            command.name,
            command.today,
            grouped(totals.examined),
            grouped(totals.changed),
            done(&command)
        );
        for (reason, n) in &totals.skipped {
            text += &format!("  {} left alone: {reason}\n", grouped(*n));
        }
        text
    })?;
    Ok(ExitCode::SUCCESS)
}

/// What happened to the certificates that a sweep changed, or would have changed.
fn done(command: &Sweep) -> &'static str {
    match (command.name.as_str(), command.dry_run) {
        (scheduler::enqueue_ready::NAME, true) => "would be handed to issuing; nothing was changed",
        (scheduler::enqueue_ready::NAME, false) => "handed to issuing",
        (scheduler::publish_status_lists::NAME, true) => "would be handed to publication; nothing was changed",
        (scheduler::publish_status_lists::NAME, false) => "handed to publication",
        (scheduler::collect_orphans::NAME, true) => "would be removed; nothing was changed",
        (scheduler::collect_orphans::NAME, false) => "removed",
        (_, true) => "would expire; nothing was changed",
        (_, false) => "expired",
    }
}
