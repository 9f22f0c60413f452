//! `ecert ingest`.

mod certificates;
mod look;
mod photos;
mod wait;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use domain::ids::{BatchId, JobId};
use domain::kind::Kind;
use ingest::certificate_row::Context;
use ingest::dry_run::look_at_records;
use ingest::profile::Profile;
use ingest::register::{Inspected, Shape, Terms, check_place, inspect, register};
use ingest::shapes::RecordShape;
use serde_json::{Value, json};
use store::batches::{self, Batch, Registered};
use store::pool::PgPool;

use crate::app::{self, App};
use crate::cli::{self, IssuePolicy};
use crate::commands::batch::totals_text;
use crate::output::{answer, plain};

pub(crate) use self::wait::finish_import;

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
    for file in &command.files {
        check_place(file, shape)?;
    }
    let profile = command.profile.as_deref().map(Profile::open).transpose()?.map(Arc::new);
    if profile.is_some() && !matches!(shape, Shape::Certificates(_)) {
        bail!("--profile goes with --as certificates; deliveries of other shapes are read by their titles alone");
    }
    if command.issue.is_some() && !matches!(shape, Shape::Certificates(_)) {
        bail!("--issue goes with --as certificates; no other delivery says which certificates become electronic");
    }
    let context = Context { profile, ..Context::new(as_of, app.config.domain_settings().clone()) };
    if command.dry_run {
        return dry_run(app, &command.files, shape, &context, command.strict).await;
    }
    // Every file is looked at before the first is registered.
    let inspected = command.files.iter().map(|file| inspect(file, shape, &context)).collect::<anyhow::Result<Vec<_>>>()?;
    app.ensure_home()?;
    let pool = app.database().await?;
    let terms = Terms { actor: app.actor(&pool).await?, issue_policy: policy(command.issue.unwrap_or(IssuePolicy::OnApplication)), as_of };
    let mut taken = Vec::new();
    for delivery in &inspected {
        let registration = register(&pool, &app.objects(), delivery, &terms).await?;
        let goes_on = match registration.registered {
            Registered::New(_) => false,
            Registered::RepeatOf(id) => find(&pool, id).await?.state == "running",
        };
        taken.push(Taken { delivery, registered: registration.registered, job: registration.job, goes_on });
    }
    let wait = command.wait || command.strict;
    if wait {
        for one in &taken {
            wait::watched(app, &pool, one.id(), one.job).await?;
        }
    }
    report(app, &pool, &taken, wait, command.strict).await
}

/// The policy's code.
pub(crate) fn policy(policy: IssuePolicy) -> &'static str {
    match policy {
        IssuePolicy::All => "all",
        IssuePolicy::OnApplication => "on-application",
    }
}

async fn find(pool: &PgPool, id: BatchId) -> anyhow::Result<Batch> {
    batches::find(&mut *pool.acquire().await?, id).await?.with_context(|| format!("there is no batch {id}"))
}

/// What came of registering a delivery.
struct Taken<'a> {
    delivery: &'a Inspected,
    registered: Registered,
    job: Option<JobId>,
    /// A repeat of a batch whose import has not ended.
    goes_on: bool,
}

impl Taken<'_> {
    fn id(&self) -> BatchId {
        match self.registered {
            Registered::New(id) | Registered::RepeatOf(id) => id,
        }
    }
}

async fn report(app: &App, pool: &PgPool, taken: &[Taken<'_>], waited: bool, strict: bool) -> anyhow::Result<ExitCode> {
    let mut documents = Vec::new();
    let mut text = String::new();
    let (mut failed, mut incomplete) = (false, false);
    for one in taken {
        let (id, file) = (one.id(), one.delivery.path.display().to_string());
        let batch = find(pool, id).await?;
        let repeat_of = matches!(one.registered, Registered::RepeatOf(_)).then(|| id.to_string());
        let mut document =
            json!({ "id": id.to_string(), "file": file, "sha256": hex::encode(one.delivery.sha256), "repeat_of": repeat_of });
        text += &format!("{}: {}\n", plain(&file), registered_text(one, &batch, waited));
        if waited {
            failed |= batch.state == "failed";
            incomplete |= batch.totals.held + batch.totals.rejected > 0;
            text += &totals_text(&batch);
            let told = crate::commands::batch::document(&batch, false);
            for field in ["state", "totals", "certificates", "failure"] {
                document[field] = told[field].clone();
            }
        }
        documents.push(document);
    }
    if !waited && taken.iter().any(|one| one.job.is_some() || one.goes_on) {
        text += "the import waits in the queue; `ecert work --until-idle` does it\n";
    }
    answer(app.json, &json!({ "batches": documents }), || text)?;
    Ok(match (failed, strict && incomplete) {
        (true, _) => ExitCode::FAILURE,
        (false, true) => ExitCode::from(super::STRICT),
        (false, false) => ExitCode::SUCCESS,
    })
}

/// What became of a delivery, in words.
fn registered_text(one: &Taken<'_>, batch: &Batch, waited: bool) -> String {
    let id = batch.id;
    if matches!(one.registered, Registered::New(_)) {
        return format!("batch {id}");
    }
    let terms = format!("--issue {} and --as-of {}", batch.issue_policy, batch.as_of);
    if one.goes_on {
        let how = if waited { "it was taken up where it stood and brought to its end" } else { "it goes on where it stands" };
        return format!("delivered before as batch {id} with {terms}, whose import had not ended; {how}");
    }
    let undo = match batch.shape.as_str() {
        "certificates" | "photos" => format!(" (`ecert batch undo {id}` lets it be delivered again)"),
        _ => String::new(),
    };
    format!("delivered before as batch {id} with {terms}, whatever the profile; nothing is changed{undo}")
}

/// Reads and judges every row and writes nothing.
async fn dry_run(app: &App, files: &[std::path::PathBuf], shape: Shape, context: &Context, strict: bool) -> anyhow::Result<ExitCode> {
    // A database that is not there yet is not made for a look: everything would be new.
    let register = if app.has_database_to_read()? { Some(app.database().await?) } else { None };
    let mut documents = Vec::new();
    let mut text = String::new();
    for file in files {
        let (mut document, lines) = match shape {
            Shape::Certificates(kind) => certificates::look(file, kind, context, register.as_ref()).await?,
            Shape::Records(shape, kind) => records(file, shape, kind)?,
            Shape::Photos => photos::look(file)?,
        };
        text += &lines;
        let known = match &register {
            Some(pool) => {
                let sha256 = inspect(file, shape, context)?.sha256;
                batches::find_content(&mut *pool.acquire().await?, shape.as_str(), shape.kind(), &sha256).await?
            }
            None => None,
        };
        document["repeat_of"] = known.map(|id| id.to_string()).into();
        if let Some(id) = known {
            text += &format!("  this very file was delivered before as batch {id}: delivering it again changes nothing\n");
        }
        documents.push(document);
    }
    let bad = |document: &Value| ["held", "rejected"].iter().any(|outcome| document["totals"][*outcome].as_i64().unwrap_or(0) > 0);
    let incomplete = documents.iter().any(bad);
    answer(app.json, &json!({ "dry_run": documents }), || text + "nothing was written\n")?;
    Ok(if strict && incomplete { ExitCode::from(super::STRICT) } else { ExitCode::SUCCESS })
}

fn records(path: &Path, shape: RecordShape, kind: Option<Kind>) -> anyhow::Result<(Value, String)> {
    let summary = look_at_records(path, shape, kind)?;
    let mut document = look::document(path, &summary);
    document["compared"] = false.into();
    let text =
        look::words(path, &summary) + "  each row was judged alone: certificates, holders and earlier rows are compared by the import\n";
    Ok((document, text))
}
