//! `ecert demo`: the whole pipeline on a generated province.

mod province;
mod summary;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use ingest::certificate_row::Context;
use ingest::register::{Shape, Terms, inspect, register};
use store::batches::{Registered, Totals};
use store::pool::PgPool;
use workers::crash::CrashDrill;
use workers::run::{Handler, WorkOptions, work};

use crate::app::{self, App};
use crate::cli::Global;
use crate::commands::ingest::finish_import;
use crate::commands::work::stop_signal;
use crate::key_files::KeyFiles;
use crate::output::{answer, is_watched};
use crate::wiring;

use province::Delivered;
use summary::Summary;

/// `ecert demo`
pub(crate) async fn run(mut app: App, global: &Global, rows: usize) -> anyhow::Result<ExitCode> {
    if rows == 0 {
        anyhow::bail!("a demo needs at least one row; say --rows 2000");
    }
    app.ensure_home()?;
    let started = Instant::now();
    let steps = Steps { json: app.json };
    steps.tell("a province is generated");
    let delivered = province::prepare(&app, rows).await?;
    app.reload(global)?;
    if KeyFiles::new(app.home.keys()).init(app::now())? {
        steps.tell("a test authority and its keys are made");
    }
    steps.tell("the database is started");
    let pool = app.database().await?;
    let mut summary = Summary { rows_delivered: rows, ..Summary::default() };

    let begun = Instant::now();
    import(&app, &pool, &delivered, &steps, &mut summary).await?;
    summary.import_seconds = begun.elapsed().as_secs_f64();

    let before = count_photos(&pool).await?;
    let begun = Instant::now();
    let bar = steps.begin("photos are reviewed", before.1);
    let (watched, review_pool) = (bar.clone(), pool.clone());
    let watch = tokio::spawn(async move {
        loop {
            if let (Some(bar), Ok((done, _))) = (&watched, count_photos(&review_pool).await) {
                bar.set_position(done);
            }
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
    });
    let ended = run_until_idle(&app, &pool, vec![wiring::review_handler(&app, &pool)]).await;
    watch.abort();
    ended?;
    steps.end(bar);
    summary.review_seconds = begun.elapsed().as_secs_f64();
    summary.photos = store::photos::census(&mut *pool.acquire().await?).await?;

    steps.tell("fonts and template are prepared");
    let handler = wiring::issue_handler(&app, &pool, CrashDrill::none(), false, &Arc::default())?;
    let due = store::documents::due(&mut *pool.acquire().await?).await?;
    let issued_before = store::documents::count(&mut *pool.acquire().await?).await?;
    let bar = steps.begin("certificates are issued", u64::try_from(due).unwrap_or(0));
    let begun = Instant::now();
    let (watched, count_pool) = (bar.clone(), pool.clone());
    let watch = tokio::spawn(async move {
        loop {
            let counted = async { store::documents::count(&mut *count_pool.acquire().await?).await };
            if let (Some(bar), Ok(now)) = (&watched, counted.await) {
                bar.set_position(u64::try_from(now - issued_before).unwrap_or(0));
            }
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
    });
    let ended = run_until_idle(&app, &pool, vec![handler]).await;
    watch.abort();
    ended?;
    steps.end(bar);
    summary.issue_seconds = begun.elapsed().as_secs_f64();
    let mut conn = pool.acquire().await?;
    summary.issued_now = store::documents::count(&mut conn).await? - issued_before;
    summary.issued = issued_before + summary.issued_now;
    drop(conn);

    steps.tell("the night's sweep runs");
    let tomorrow = delivered.as_of.next_day().unwrap_or(delivered.as_of);
    let sweep = scheduler::expire_certificates::run(&pool, tomorrow, &app.actor(&pool).await?, false).await?;
    summary.expired_tonight = sweep.changed;
    summary.census = store::certificates::census(&mut *pool.acquire().await?).await?;
    summary.verify_some(&app, &pool).await?;
    summary.total_seconds = started.elapsed().as_secs_f64();
    answer(app.json, &summary.document(), || summary.text())?;
    Ok(if summary.refused == 0 && summary.balanced() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Registers and imports every file; a file that was delivered before changes nothing.
async fn import(app: &App, pool: &PgPool, delivered: &Delivered, steps: &Steps, summary: &mut Summary) -> anyhow::Result<()> {
    let context = Context::new(delivered.as_of, app.config.domain_settings().clone());
    let terms = Terms { actor: app.actor(pool).await?, issue_policy: "all", as_of: delivered.as_of };
    let bar = steps.begin("legacy records and photos are imported", delivered.files.len() as u64);
    for (path, kind) in &delivered.files {
        let shape = kind.map_or(Shape::Photos, Shape::Certificates);
        let registration = register(pool, &app.objects(), &inspect(path, shape, &context)?, &terms).await?;
        let (id, repeat) = match registration.registered {
            Registered::New(id) => (id, false),
            Registered::RepeatOf(id) => (id, true),
        };
        finish_import(app, pool, id, registration.job).await?;
        let Some(batch) = store::batches::find(&mut *pool.acquire().await?, id).await? else { continue };
        if let Some(failure) = batch.failure {
            anyhow::bail!("{}: {failure}", path.display());
        }
        summary.repeats += i64::from(repeat);
        let totals = if kind.is_some() { &mut summary.rows } else { &mut summary.photo_entries };
        add(totals, &batch.totals);
        if let Some(bar) = &bar {
            bar.inc(1);
        }
    }
    steps.end(bar);
    Ok(())
}

fn add(sum: &mut Totals, more: &Totals) {
    sum.read += more.read;
    sum.loaded += more.loaded;
    sum.warned += more.warned;
    sum.held += more.held;
    sum.rejected += more.rejected;
    sum.dropped += more.dropped;
}

async fn run_until_idle(app: &App, pool: &PgPool, handlers: Vec<Handler>) -> anyhow::Result<()> {
    let options = WorkOptions { holder: wiring::holder(app), concurrency: app.config.work.jobs_at_a_time(), until_idle: true };
    work(pool, &handlers, &options, stop_signal()?).await
}

/// Photos that are reviewed, and photos that have a holder.
async fn count_photos(pool: &PgPool) -> anyhow::Result<(u64, u64)> {
    let census = store::photos::census(&mut *pool.acquire().await?).await?;
    let of =
        |wanted: &dyn Fn(&str) -> bool| census.iter().filter(|(state, _)| wanted(state)).map(|(_, n)| u64::try_from(*n).unwrap_or(0)).sum();
    Ok((of(&|state| state != "received" && state != "unmatched"), of(&|state| state != "unmatched")))
}

/// Progress: bars on a terminal, plain lines elsewhere, nothing where a program reads.
struct Steps {
    json: bool,
}

impl Steps {
    fn tell(&self, text: &str) {
        if !self.json {
            eprintln!("· {text}");
        }
    }

    fn begin(&self, text: &str, total: u64) -> Option<indicatif::ProgressBar> {
        if self.json || !is_watched() {
            self.tell(text);
            return None;
        }
        let style = indicatif::ProgressStyle::with_template("· {msg:36} {bar:32} {pos}/{len} {per_sec} {eta}").ok()?;
        Some(indicatif::ProgressBar::new(total).with_style(style).with_message(text.to_owned()))
    }

    fn end(&self, bar: Option<indicatif::ProgressBar>) {
        if let Some(bar) = bar {
            bar.finish();
        }
    }
}
