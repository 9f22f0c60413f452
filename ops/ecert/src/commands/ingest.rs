//! `ecert ingest`.

mod certificates;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use domain::finding::Outcome;
use domain::ids::{BatchId, JobId};
use domain::kind::Kind;
use ingest::certificate_row::Context;
use ingest::photo_archive::PhotoArchive;
use ingest::profile::Profile;
use ingest::register::{Inspected, Shape, Terms, inspect, register};
use ingest::shapes::RecordShape;
use ingest::shapes::delivery;
use serde_json::{Value, json};
use store::batches::{self, Batch, Registered};
use store::pool::PgPool;

use crate::app::{self, App};
use crate::cli::{self, IssuePolicy};
use crate::commands::batch::totals_text;
use crate::output::{answer, grouped};
use crate::wiring;

/// `ecert ingest FILE... --as SHAPE`
pub(crate) async fn run(app: &App, command: cli::Ingest) -> anyhow::Result<ExitCode> {
    let shape = match (command.shape, command.kind) {
        (cli::Shape::Photos, None) => Shape::Photos,
        (cli::Shape::Photos, Some(_)) => bail!("photos have no kind; leave out --kind"),
        (cli::Shape::Certificates, Some(kind)) => Shape::Certificates(kind),
        (cli::Shape::Certificates, None) => bail!("say which certificates these are with --kind"),
        // Without a kind each row's follows from its certificate's number.
        (cli::Shape::Decisions, kind) => Shape::Records(RecordShape::Decisions, kind),
        (cli::Shape::Applications, kind) => Shape::Records(RecordShape::Applications, kind),
        (cli::Shape::Violations, kind) => Shape::Records(RecordShape::Violations, kind),
        (cli::Shape::Pending, kind) => Shape::Records(RecordShape::Pending, kind),
    };
    let as_of = command.as_of.unwrap_or_else(app::today);
    if as_of > app::today() {
        tracing::warn!(%as_of, "the delivery is said to be true on a day to come; states and dates are judged on that day, so check --as-of");
    }
    let profile = command.profile.as_deref().map(Profile::open).transpose()?.map(Arc::new);
    if profile.is_some() && !matches!(shape, Shape::Certificates(_)) {
        bail!("--profile goes with --as certificates; deliveries of other shapes are read by their titles alone");
    }
    let context = Context { profile, ..Context::new(as_of, app.config.domain_settings().clone()) };
    if command.dry_run {
        return dry_run(app, &command.files, shape, &context).await;
    }
    // Every file is looked at before the first is registered.
    let inspected = command.files.iter().map(|file| inspect(file, shape, &context)).collect::<anyhow::Result<Vec<_>>>()?;
    app.ensure_home()?;
    let pool = app.database().await?;
    let terms = Terms { actor: app.actor(&pool).await?, issue_policy: policy(command.issue), as_of };
    let mut registered = Vec::new();
    for delivery in &inspected {
        let registration = register(&pool, &app.objects(), delivery, &terms).await?;
        registered.push((delivery, registration));
    }
    let wait = command.wait || command.strict;
    if wait {
        for (_, registration) in &registered {
            let id = match registration.registered {
                Registered::New(id) | Registered::RepeatOf(id) => id,
            };
            finish_import(app, &pool, id, registration.job).await?;
        }
    }
    report(app, &pool, &registered, wait, command.strict).await
}

/// The policy's code.
pub(crate) fn policy(policy: IssuePolicy) -> &'static str {
    match policy {
        IssuePolicy::All => "all",
        IssuePolicy::OnApplication => "on-application",
    }
}

/// Runs a batch's import to its end in this process, or waits for the process that has it.
pub(crate) async fn finish_import(app: &App, pool: &PgPool, id: BatchId, job: Option<JobId>) -> anyhow::Result<()> {
    let handlers = wiring::import_handlers(app, pool);
    let holder = wiring::holder(app);
    loop {
        let batch = find(pool, id).await?;
        if batch.state != "running" {
            return Ok(());
        }
        let kinds: Vec<String> = handlers.iter().map(|handler| handler.kind().to_owned()).collect();
        let open = match job {
            Some(job) => Some(job),
            None => store::ledger::open_job_of(&mut *pool.acquire().await?, &kinds, &format!("batch:{id}")).await?,
        };
        let Some(open) = open else { bail!("batch {id} is not imported and no job stands for it; see `ecert queue list`") };
        for handler in &handlers {
            if batch_is_of(handler.kind(), &batch) {
                workers::adapter::run_job(pool, handler.as_ref(), open, &holder).await?;
            }
        }
        let batch = find(pool, id).await?;
        if batch.state == "running" {
            let mut conn = pool.acquire().await?;
            if store::ledger::is_dead(&mut conn, open).await? {
                bail!("the import of batch {id} failed for the last time; `ecert queue list` and the log say why");
            }
            store::ledger::rescue_lost(&mut conn, store::queue::silence(holder.lease)).await?;
            drop(conn);
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        }
    }
}

fn batch_is_of(job_kind: &str, batch: &Batch) -> bool {
    let of_shape = match batch.shape.as_str() {
        "photos" => store::job_kinds::IMPORT_PHOTOS,
        "certificates" => store::job_kinds::IMPORT_CERTIFICATES,
        _ => store::job_kinds::IMPORT_RECORDS,
    };
    job_kind == of_shape
}

async fn find(pool: &PgPool, id: BatchId) -> anyhow::Result<Batch> {
    batches::find(&mut *pool.acquire().await?, id).await?.with_context(|| format!("there is no batch {id}"))
}

async fn report(
    app: &App,
    pool: &PgPool,
    registered: &[(&Inspected, ingest::register::Registration)],
    waited: bool,
    strict: bool,
) -> anyhow::Result<ExitCode> {
    let mut documents = Vec::new();
    let mut text = String::new();
    let (mut failed, mut incomplete) = (false, false);
    for (delivery, registration) in registered {
        let file = delivery.path.display().to_string();
        let (id, repeat_of) = match registration.registered {
            Registered::New(id) => (id, None),
            Registered::RepeatOf(id) => (id, Some(id.to_string())),
        };
        documents.push(json!({ "id": id.to_string(), "file": file, "sha256": hex::encode(delivery.sha256), "repeat_of": repeat_of }));
        match &repeat_of {
            Some(_) => {
                let known = find(pool, id).await?;
                let terms = format!("--issue {} and --as-of {}", known.issue_policy, known.as_of);
                text += &format!(
                    "{file}: delivered before as batch {id} with {terms}, whatever the profile; nothing is changed (`ecert batch undo {id}` lets it be delivered again)\n"
                );
            }
            None => text += &format!("{file}: batch {id}\n"),
        }
        if waited {
            let batch = find(pool, id).await?;
            failed |= batch.state == "failed";
            incomplete |= batch.totals.held + batch.totals.rejected > 0;
            text += &totals_text(&batch);
        }
    }
    if !waited && registered.iter().any(|(_, registration)| registration.job.is_some()) {
        text += "the import waits in the queue; `ecert work --until-idle` does it\n";
    }
    answer(app.json, &json!({ "batches": documents }), || text)?;
    Ok(match (failed, strict && incomplete) {
        (true, _) => ExitCode::FAILURE,
        (false, true) => ExitCode::from(super::STRICT),
        (false, false) => ExitCode::SUCCESS,
    })
}

/// Reads and judges every row and writes nothing.
async fn dry_run(app: &App, files: &[std::path::PathBuf], shape: Shape, context: &Context) -> anyhow::Result<ExitCode> {
    // A database that is not there yet is not made for a look: everything would be new.
    let register = if app.has_database_to_read()? { Some(app.database().await?) } else { None };
    let mut documents = Vec::new();
    let mut text = String::new();
    for file in files {
        let (document, lines) = match shape {
            Shape::Certificates(kind) => certificates::look(file, kind, context, register.as_ref()).await?,
            Shape::Records(shape, kind) => dry_run_records(file, shape, kind)?,
            Shape::Photos => dry_run_photos(file)?,
        };
        documents.push(document);
        text += &lines;
    }
    answer(app.json, &json!({ "dry_run": documents }), || text + "nothing was written\n")?;
    Ok(ExitCode::SUCCESS)
}

fn dry_run_records(path: &Path, shape: RecordShape, kind: Option<Kind>) -> anyhow::Result<(Value, String)> {
    let mut counts: BTreeMap<Outcome, i64> = BTreeMap::new();
    let mut codes: BTreeMap<&'static str, i64> = BTreeMap::new();
    for record in delivery::open(path, shape, kind)? {
        let record = record?;
        *counts.entry(record.outcome).or_default() += 1;
        for finding in &record.findings {
            *codes.entry(finding.code.as_str()).or_default() += 1;
        }
    }
    let totals: serde_json::Map<String, Value> = counts.iter().map(|(outcome, n)| (outcome.as_str().to_owned(), json!(n))).collect();
    let mut text = format!("{}\n", path.display());
    text.extend(counts.iter().map(|(outcome, n)| format!("  {} {}\n", grouped(*n), outcome.as_str())));
    text.extend(codes.iter().map(|(code, n)| format!("  {} × {code}\n", grouped(*n))));
    text += "  rows are not yet compared with what is known; the import does that\n";
    Ok((json!({ "file": path.display().to_string(), "totals": totals, "findings": codes }), text))
}

fn dry_run_photos(path: &Path) -> anyhow::Result<(Value, String)> {
    let mut archive = PhotoArchive::open(path)?;
    let mut counts: BTreeMap<Outcome, i64> = BTreeMap::new();
    for entry in archive.entries_from(0) {
        *counts.entry(entry?.outcome()).or_default() += 1;
    }
    let totals: serde_json::Map<String, Value> = counts.iter().map(|(outcome, n)| (outcome.as_str().to_owned(), json!(n))).collect();
    let text = counts.iter().map(|(outcome, n)| format!("  {} {}\n", grouped(*n), outcome.as_str())).collect::<String>();
    Ok((json!({ "file": path.display().to_string(), "totals": totals }), format!("{}\n{text}", path.display())))
}
