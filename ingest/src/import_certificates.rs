//! The job that imports a delivery of certificate records: read and stage, compare the rows with each other, merge, balance.
//!
//! Each phase goes in bounded transactions that remember how far it has come, so a crash costs one step. Memory does not
//! depend on the length of the file.

use std::sync::Arc;

use anyhow::Context as _;
use domain::ids::BatchId;
use domain::kind::Kind;
use domain::settings::Settings;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use store::batches::{self, Batch};
use store::database::refresh_statistics;
use store::handler::{Conclusion, JobHandler};
use store::intake_rows::{self, StagedRow};
use store::job_kinds;
use store::ledger::{self, Attempt, Ending};
use store::merge::{self, Rules};
use store::objects::Objects;
use store::pool::{PgConnection, PgPool};
use store::resolve;
use time::Date;
use tokio::sync::mpsc;

use crate::certificate_file;
use crate::certificate_row::Context;
use crate::staging::staged;

/// The handler of [`job_kinds::IMPORT_CERTIFICATES`]; payload `{"batch": id}`.
pub struct ImportCertificates {
    /// The database.
    pub pool: PgPool,
    /// Where deliveries lie.
    pub objects: Objects,
    /// Dates per kind.
    pub settings: Arc<Settings>,
    /// The present civil day.
    pub today: Arc<dyn Fn() -> Date + Send + Sync>,
    /// Rows of one transaction.
    pub step: usize,
}

/// Who acts in the name of the import.
const ACTOR: &str = "import";

impl JobHandler for ImportCertificates {
    fn kind(&self) -> &'static str {
        job_kinds::IMPORT_CERTIFICATES
    }

    fn time_limit(&self) -> std::time::Duration {
        std::time::Duration::from_secs(24 * 3600)
    }

    fn run<'a>(&'a self, attempt: &'a Attempt) -> BoxFuture<'a, anyhow::Result<Conclusion>> {
        self.work(attempt).boxed()
    }

    fn buried<'a>(&'a self, conn: &'a mut PgConnection, attempt: &'a Attempt, why: &'a str) -> BoxFuture<'a, store::Result<()>> {
        // A failed batch may be delivered again.
        async move {
            match attempt.payload["batch"].as_i64() {
                Some(id) => batches::fail(conn, BatchId(id), why).await,
                None => Ok(()),
            }
        }
        .boxed()
    }
}

impl ImportCertificates {
    async fn work(&self, attempt: &Attempt) -> anyhow::Result<Conclusion> {
        let id = BatchId(attempt.payload["batch"].as_i64().context("the payload names no batch")?);
        let batch = self.batch(id).await?;
        if batch.state != "running" {
            return Ok(Conclusion::done(self.pool.begin().await?));
        }
        let kind: Kind = batch.kind.parse()?;
        if batch.phase == "read"
            && let Some(reason) = self.read(attempt, &batch, kind).await?
        {
            let mut tx = self.pool.begin().await?;
            intake_rows::forget(&mut tx, id).await?;
            batches::fail(&mut tx, id, &reason).await?;
            return Ok(Conclusion { tx, ending: Ending::Refused { code: "unreadable".to_owned(), text: reason } });
        }
        let batch = self.batch(id).await?;
        if batch.phase == "resolve" {
            let mut tx = self.pool.begin().await?;
            refresh_statistics(&mut tx).await?;
            resolve::cross_row_rules(&mut tx, id, kind.as_str()).await.context("compare the rows")?;
            // Last, since it locks the job's row and with it the renewal of the lease.
            ledger::fence(&mut tx, attempt).await?;
            batches::advance(&mut tx, id, "merge", 0).await?;
            tx.commit().await?;
        }
        self.merge(attempt, id, kind).await?;
        let mut tx = self.pool.begin().await?;
        merge::adopt_photos(&mut tx, id, ACTOR, (self.today)()).await?;
        let read = intake_rows::last_staged(&mut tx, id).await?;
        batches::finish(&mut tx, id, read).await.context("balance the totals")?;
        tracing::info!(batch.id = id.0, rows = read, "import finished");
        Ok(Conclusion::done(tx))
    }

    async fn batch(&self, id: BatchId) -> anyhow::Result<Batch> {
        let mut conn = self.pool.acquire().await?;
        batches::find(&mut conn, id).await?.with_context(|| format!("there is no batch {id}"))
    }

    /// Reads and stages the file; a reason when its content cannot be read at all.
    async fn read(&self, attempt: &Attempt, batch: &Batch, kind: Kind) -> anyhow::Result<Option<String>> {
        let path = self.objects.path(&batch.location);
        let context = Context { as_of: batch.as_of, settings: (*self.settings).clone() };
        let done = {
            let mut conn = self.pool.acquire().await?;
            intake_rows::last_staged(&mut conn, batch.id).await?
        };
        let (send, mut receive) = mpsc::channel::<anyhow::Result<Step>>(2);
        let step = self.step;
        let reader = tokio::task::spawn_blocking(move || {
            let mut file = match certificate_file::open(&path, kind, context) {
                Ok(file) => file,
                Err(error) => return Some(error.to_string()),
            };
            let mut rows = Vec::with_capacity(step);
            let mut row_no = 0_i64;
            loop {
                let next = file.next();
                let ended = next.is_none();
                match next {
                    Some(Ok(row)) => {
                        row_no += 1;
                        if row_no > done {
                            rows.push(staged(row_no, &row));
                        }
                    }
                    Some(Err(error)) => {
                        // The receiver is gone only when the attempt ended.
                        let _ = send.blocking_send(Err(error.into()));
                        return None;
                    }
                    None => {}
                }
                if rows.len() >= step || ended {
                    let step = Step {
                        rows: std::mem::take(&mut rows),
                        last: row_no,
                        titles: titles_of(&file),
                        encoding: file.encoding().as_str(),
                        ended,
                    };
                    if send.blocking_send(Ok(step)).is_err() || ended {
                        return None;
                    }
                }
            }
        });
        while let Some(step) = receive.recv().await {
            let step = step.context("read the delivered file")?;
            let mut tx = self.pool.begin().await?;
            intake_rows::copy(&mut tx, batch.id, &step.rows).await.context("stage rows")?;
            ledger::fence(&mut tx, attempt).await?;
            batches::set_titles(&mut tx, batch.id, step.encoding, &step.titles).await?;
            batches::advance(&mut tx, batch.id, if step.ended { "resolve" } else { "read" }, step.last).await?;
            ledger::progress(&mut tx, attempt, step.last, None).await?;
            tx.commit().await?;
        }
        Ok(reader.await?)
    }

    async fn merge(&self, attempt: &Attempt, id: BatchId, kind: Kind) -> anyhow::Result<()> {
        let rules_day = (self.today)();
        let rules = Rules { settings: &self.settings, today: rules_day, actor: ACTOR };
        let step = i64::try_from(self.step)?;
        let mut steps = 0_u64;
        loop {
            let mut tx = self.pool.begin().await?;
            steps += 1;
            if steps.is_power_of_two() {
                refresh_statistics(&mut tx).await?;
            }
            let batch = batches::find(&mut tx, id).await?.context("the batch is gone")?;
            let last = intake_rows::last_staged(&mut tx, id).await?;
            if batch.position >= last {
                return Ok(());
            }
            let upto = (batch.position + step).min(last);
            merge::step(&mut tx, &batch, kind, rules, batch.position, upto).await.context("merge rows")?;
            ledger::fence(&mut tx, attempt).await?;
            ledger::progress(&mut tx, attempt, upto, Some(last)).await?;
            tx.commit().await?;
        }
    }
}

fn titles_of(file: &certificate_file::CertificateFile) -> Vec<String> {
    file.header().titles().iter().map(ToString::to_string).collect()
}

struct Step {
    rows: Vec<StagedRow>,
    last: i64,
    titles: Vec<String>,
    encoding: &'static str,
    ended: bool,
}
