//! `ecert work`.

use std::process::ExitCode;

use anyhow::bail;
use futures::FutureExt as _;
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};
use workers::crash::CrashDrill;
use workers::run::{Handler, WorkOptions, work};

use crate::app::App;
use crate::cli::Work;
use crate::output::answer;
use crate::wiring::{self, QUEUES};

/// `ecert work`
pub(crate) async fn run(app: &App, command: Work) -> anyhow::Result<ExitCode> {
    if let Some(unknown) = command.queue.iter().find(|queue| !QUEUES.contains(&queue.as_str())) {
        bail!("there is no queue {unknown:?}; there are {}", QUEUES.join(", "));
    }
    let drill = match &command.crash_after {
        Some(step) => CrashDrill::after(step).map_err(anyhow::Error::msg)?,
        None => CrashDrill::none(),
    };
    let pool = app.database().await?;
    let serves = |kind: &str| command.queue.is_empty() || command.queue.iter().any(|queue| queue == kind);
    let mut handlers: Vec<Handler> = wiring::import_handlers(app, &pool);
    handlers.push(wiring::review_handler(app, &pool));
    let mut waits = None;
    if serves(store::job_kinds::ISSUE_CERTIFICATES) {
        match wiring::issue_handler(app, &pool, drill) {
            Ok(handler) => handlers.push(handler),
            // Without keys or fonts issuing waits with the reason, other jobs go on.
            Err(error) => {
                let reason = crate::output::one_line(&error);
                tracing::warn!(reason, "certificates are not issued by this worker");
                waits = Some(reason);
            }
        }
    }
    handlers.retain(|handler| serves(handler.kind()));
    let options = WorkOptions {
        holder: wiring::holder(app),
        concurrency: command.concurrency.map_or_else(|| app.config.work.jobs_at_a_time(), usize::from),
        until_idle: command.until_idle,
    };
    tracing::info!(worker = options.holder.worker, queues = handlers.len(), concurrency = options.concurrency, "working");
    work(&pool, &handlers, &options, stop_signal()?).await?;
    if let Some(reason) = &waits {
        let kinds = [store::job_kinds::ISSUE_CERTIFICATES.to_owned()];
        let open = store::ledger::open_jobs(&mut *pool.acquire().await?, &kinds).await?.open;
        if open > 0 {
            answer(app.json, &json!({ "idle": command.until_idle, "waiting": { "issue_certificates": open }, "reason": reason }), || {
                format!("{open} issuing jobs wait: {reason}\n")
            })?;
            return Ok(ExitCode::SUCCESS);
        }
    }
    answer(app.json, &json!({ "idle": command.until_idle, "waiting": {} }), String::new)?;
    Ok(ExitCode::SUCCESS)
}

/// Resolves at the first SIGTERM or SIGINT.
pub(crate) fn stop_signal() -> anyhow::Result<futures::future::BoxFuture<'static, ()>> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    }
    .boxed())
}
