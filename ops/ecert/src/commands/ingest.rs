//! `ecert ingest`.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use domain::finding::Outcome;
use domain::ids::{BatchId, JobId};
use domain::kind::Kind;
use ingest::certificate_file;
use ingest::certificate_row::Context;
use ingest::column::Column;
use ingest::photo_archive::PhotoArchive;
use ingest::register::{Inspected, Shape, Terms, inspect, register};
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
    };
    let as_of = command.as_of.unwrap_or_else(app::today);
    if as_of > app::today() {
        tracing::warn!(%as_of, "the delivery is said to be true on a day to come; states and dates are judged on that day, so check --as-of");
    }
    let context = Context { as_of, settings: app.config.domain_settings().clone() };
    if command.dry_run {
        return dry_run(app, &command.files, shape, &context);
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
    (job_kind == store::job_kinds::IMPORT_PHOTOS) == (batch.shape == "photos")
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
                text += &format!("{file}: delivered before as batch {id} with {terms}; nothing is changed\n");
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
fn dry_run(app: &App, files: &[std::path::PathBuf], shape: Shape, context: &Context) -> anyhow::Result<ExitCode> {
    let mut documents = Vec::new();
    let mut text = String::new();
    for file in files {
        let (document, lines) = match shape {
            Shape::Certificates(kind) => dry_run_certificates(file, kind, context)?,
            Shape::Photos => dry_run_photos(file)?,
        };
        documents.push(document);
        text += &lines;
    }
    answer(app.json, &json!({ "dry_run": documents }), || text + "nothing was written\n")?;
    Ok(ExitCode::SUCCESS)
}

fn dry_run_certificates(path: &Path, kind: Kind, context: &Context) -> anyhow::Result<(Value, String)> {
    let file = certificate_file::open(path, kind, context.clone())?;
    let encoding = file.encoding().as_str();
    let columns: Vec<(String, String)> =
        Column::ALL.iter().filter_map(|column| Some((file.header().title(*column)?.to_owned(), column.as_str().to_owned()))).collect();
    let mut counts: BTreeMap<Outcome, i64> = BTreeMap::new();
    let mut codes: BTreeMap<&'static str, i64> = BTreeMap::new();
    let mut first_bad = Vec::new();
    for row in file {
        let row = row?;
        *counts.entry(row.outcome).or_default() += 1;
        for finding in &row.findings {
            *codes.entry(finding.code.as_str()).or_default() += 1;
        }
        if matches!(row.outcome, Outcome::Held | Outcome::Rejected) && first_bad.len() < 10 {
            first_bad.push((row.line(), row.outcome, row.findings.iter().map(|f| f.code.zh()).collect::<Vec<_>>().join("；")));
        }
    }
    let totals: serde_json::Map<String, Value> = counts.iter().map(|(outcome, n)| (outcome.as_str().to_owned(), json!(n))).collect();
    let document = json!({
        "file": path.display().to_string(), "encoding": encoding, "totals": totals, "findings": codes,
        "columns": columns.iter().map(|(title, column)| json!({ "title": title, "column": column })).collect::<Vec<_>>(),
    });
    let mut text = format!("{}: {encoding}\n", path.display());
    for (title, column) in &columns {
        text += &format!("  {title} → {column}\n");
    }
    for (outcome, n) in &counts {
        text += &format!("  {} {}\n", grouped(*n), outcome.as_str());
    }
    for (code, n) in &codes {
        text += &format!("  {} × {code}\n", grouped(*n));
    }
    let bad: i64 = counts.iter().filter(|(outcome, _)| matches!(outcome, Outcome::Held | Outcome::Rejected)).map(|(_, n)| n).sum();
    if bad > 0 {
        text += &format!("  the first {} of {} held or rejected rows:\n", first_bad.len(), grouped(bad));
    }
    for (line, outcome, why) in &first_bad {
        text += &format!("  line {line} {}: {why}\n", outcome.as_str());
    }
    text += "  rows are not yet compared with each other and with what is known; the import does that\n";
    Ok((document, text))
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
