//! The job that imports a delivery of certificate records: read and stage, compare the rows with each other, merge, balance.
//!
//! Reading and merging go in steps, each a transaction of its own, in several lanes side by side; a crash costs the steps under
//! way. Memory does not depend on the length of the file.

mod comparing;
mod merging;
mod reading;

use std::sync::Arc;

use anyhow::Context as _;
use domain::ids::BatchId;
use domain::kind::Kind;
use domain::settings::Settings;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use store::batches::{self, Batch};
use store::census;
use store::handler::{Conclusion, JobHandler};
use store::intake_rows;
use store::job_kinds;
use store::ledger::{Attempt, Ending};
use store::merge;
use store::objects::Objects;
use store::pool::{PgConnection, PgPool};
use time::Date;

use crate::import_job::{ACTOR, TIME_LIMIT, bury};

/// The handler of [`job_kinds::IMPORT_CERTIFICATES`]; payload `{"batch": id}`.
#[derive(Clone)]
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

/// Steps under way at once, each with a connection of its own: the database works on two while rows are made ready for the next.
const LANES: usize = 3;

impl JobHandler for ImportCertificates {
    fn kind(&self) -> &'static str {
        job_kinds::IMPORT_CERTIFICATES
    }

    fn time_limit(&self) -> std::time::Duration {
        TIME_LIMIT
    }

    fn run<'a>(&'a self, attempt: &'a Attempt) -> BoxFuture<'a, anyhow::Result<Conclusion>> {
        self.work(attempt).boxed()
    }

    fn buried<'a>(&'a self, conn: &'a mut PgConnection, attempt: &'a Attempt, why: &'a str) -> BoxFuture<'a, anyhow::Result<()>> {
        bury(conn, attempt, why)
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
        let began = std::time::Instant::now();
        if batch.phase == "read"
            && let Some(reason) = self.read(attempt, &batch, kind).await?
        {
            let mut tx = self.pool.begin().await?;
            intake_rows::forget(&mut tx, id).await?;
            batches::fail(&mut tx, id, &reason).await?;
            // The reason names the file, and a file may be named after a person: it stands with the batch.
            tracing::warn!(batch.id = id.0, "the delivery cannot be read and was refused; `ecert batch show` says why");
            return Ok(Conclusion { tx, ending: Ending::Refused { code: "unreadable".to_owned(), text: reason } });
        }
        tracing::info!(batch.id = id.0, seconds = began.elapsed().as_secs_f64(), "rows read and staged");
        let batch = self.batch(id).await?;
        if batch.phase == "resolve" {
            self.compare(attempt, id, kind).await?;
            tracing::info!(batch.id = id.0, seconds = began.elapsed().as_secs_f64(), "rows compared");
        }
        self.merge(attempt, id, kind).await?;
        let mut tx = self.pool.begin().await?;
        merge::adopt_photos(&mut tx, id, ACTOR, (self.today)()).await?;
        let read = self.batch(id).await?.totals.read;
        census::after(&mut tx, id).await.context("count the register")?;
        merge::forget(&mut tx, id).await?;
        batches::finish(&mut tx, id, read).await.context("balance the totals")?;
        tracing::info!(batch.id = id.0, rows = read, seconds = began.elapsed().as_secs_f64(), "import finished");
        Ok(Conclusion::done(tx))
    }

    async fn batch(&self, id: BatchId) -> anyhow::Result<Batch> {
        let mut conn = self.pool.acquire().await?;
        batches::find(&mut conn, id).await?.with_context(|| format!("there is no batch {id}"))
    }
}
