//! `ecert work`.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use anyhow::bail;
use domain::ids::CertificateId;
use futures::FutureExt as _;
use serde_json::{Map, Value, json};
use store::certificates;
use store::worked::{self, Worked};
use tokio::signal::unix::{SignalKind, signal};
use workers::crash::CrashDrill;
use workers::run::{Handler, WorkOptions, work};
use workers::step_times::{STEPS, StepTimes};

use crate::app::{self, App};
use crate::cli::Work;
use crate::output::{answer, grouped, one_line};
use crate::wiring::{self, QUEUES};

/// Held certificates that the closing words count; there may be more.
const HELD_SHOWN: i64 = 1_000;

/// How far the clocks of a worker and the database may be apart.
const CLOCKS_APART: time::Duration = time::Duration::MINUTE;

/// `ecert work`
pub(crate) async fn run(app: &App, command: Work) -> anyhow::Result<ExitCode> {
    if let Some(unknown) = command.queue.iter().find(|queue| !QUEUES.contains(&queue.as_str())) {
        bail!("there is no queue {unknown:?}; there are {}", QUEUES.join(", "));
    }
    let drill = CrashDrill::after(command.crash_after.as_deref(), command.stop_after.as_deref()).map_err(anyhow::Error::msg)?;
    let pool = app.database().await?;
    // Leases are on the database's clock, what documents and lists state is on this one.
    let apart = (store::database::now(&mut *pool.acquire().await?).await? - app::now()).abs();
    if CLOCKS_APART < apart {
        bail!("this machine's clock and the database's are {} s apart; set both by the same time server", apart.whole_seconds());
    }
    let serves = |kind: &str| command.queue.is_empty() || command.queue.iter().any(|queue| queue == kind);
    let mut handlers: Vec<Handler> = wiring::import_handlers(app, &pool);
    handlers.push(wiring::review_handler(app, &pool));
    // Without keys or fonts their jobs wait with the reason, other jobs go on.
    let mut waits = Vec::new();
    let times = Arc::<StepTimes>::default();
    for kind in [store::job_kinds::ISSUE_CERTIFICATES, store::job_kinds::PUBLISH_STATUS_LIST].into_iter().filter(|kind| serves(kind)) {
        let handler = match kind {
            store::job_kinds::ISSUE_CERTIFICATES => wiring::issue_handler(app, &pool, drill.clone(), command.randomised_keys, &times),
            _ => wiring::status_list_handler(app, &pool),
        };
        match handler {
            Ok(handler) => handlers.push(handler),
            Err(error) => {
                let reason = one_line(&error);
                tracing::warn!(kind, reason, "jobs of this kind are left alone by this worker");
                waits.push((kind, reason));
            }
        }
    }
    handlers.retain(|handler| serves(handler.kind()));
    let options = WorkOptions {
        holder: wiring::holder(app),
        concurrency: command.concurrency.map_or_else(|| app.config.work.jobs_at_a_time(), usize::from),
        until_idle: command.until_idle,
    };
    let begun = Instant::now();
    let mark = worked::mark(&mut *pool.acquire().await?).await?;
    tracing::info!(worker = options.holder.worker, queues = handlers.len(), concurrency = options.concurrency, "working");
    work(&pool, &handlers, &options, stop_signal()?).await?;
    let did = worked::since(&mut *pool.acquire().await?, &options.holder.worker, mark).await?;
    let closing = Closing { did, seconds: begun.elapsed().as_secs_f64(), steps: times.seconds() };
    let (mut document, mut text) = (closing.document(command.until_idle), closing.text());
    let held = certificates::held(&mut *pool.acquire().await?, None, CertificateId(0), HELD_SHOWN).await?.len();
    document["held"] = json!(held);
    if held > 0 {
        let many = if usize::try_from(HELD_SHOWN) == Ok(held) { "or more " } else { "" };
        text += &format!("  {held} {many}certificates wait for a person: `ecert cert held` says why\n");
    }
    for (kind, reason) in &waits {
        let open = store::ledger::open_jobs(&mut *pool.acquire().await?, &[(*kind).to_owned()]).await?.open;
        if open > 0 {
            document["waiting"][*kind] = json!(open);
            document["reason"] = json!(reason);
            text += &format!(
                "{open} {} jobs wait: {reason}\n",
                if *kind == store::job_kinds::ISSUE_CERTIFICATES { "issuing" } else { "status list" }
            );
        }
    }
    answer(app.json, &document, || text)?;
    Ok(ExitCode::SUCCESS)
}

/// The closing words: what this worker did.
struct Closing {
    did: Worked,
    seconds: f64,
    /// Of issuing, by all chunks together.
    steps: [(&'static str, f64); STEPS.len()],
}

impl Closing {
    fn document(&self, until_idle: bool) -> Value {
        let did = &self.did;
        json!({
            "idle": until_idle, "waiting": {},
            "jobs": { "done": did.done, "refused": did.refused, "retried": did.retried, "dead": did.dead },
            "certificates_issued": did.issued, "photos_reviewed": did.reviewed, "seconds": self.seconds,
            "issuing_seconds": self.steps.iter().map(|(step, seconds)| ((*step).to_owned(), json!(seconds))).collect::<Map<_, _>>(),
        })
    }

    fn text(&self) -> String {
        let did = &self.did;
        let mut text = format!(
            "{} jobs done, {} refused, {} retried, {} dead, in {:.1} s\n  {} photos reviewed and {} certificates issued meanwhile\n",
            grouped(did.done),
            grouped(did.refused),
            grouped(did.retried),
            grouped(did.dead),
            self.seconds,
            grouped(did.reviewed),
            grouped(did.issued)
        );
        if did.dead > 0 {
            text += "  dead jobs need somebody: the log above says why they failed, and `ecert queue list` counts them\n";
        }
        text
    }
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
