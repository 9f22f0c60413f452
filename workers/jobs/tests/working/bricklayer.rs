//! A handler whose effects can be counted: it lays each brick of its job once, or does what the test wants instead.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context as _, bail};
use domain::ids::JobId;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, PgPool, Postgres, Transaction};
use store::handler::{Conclusion, JobHandler, halve_ids, ids};
use store::ledger::{self, Attempt, Ending, NewJob};
use store::objects::ObjectError;
use workers::adapter::{Holder, Outcome, run_job};

/// The kind of the tests' jobs.
pub(crate) const KIND: &str = "lay_bricks";

/// What must stay out of the ledger and the log.
pub(crate) const PERSON: &str = "张三 610102199001011234";

/// What the handler does with a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// Lays the bricks.
    Lay,
    /// Refuses, and notes brick 0 as the sign that a refusal commits too.
    Refuse,
    /// Fails with a chain of two errors.
    Fail,
    /// Panics with a person's values.
    Panic,
    /// Panics so in a blocking step.
    PanicInAStep,
    /// Breaks a constraint with a person's values.
    BreakAConstraint,
    /// Asks the database to read a person's values as a number.
    Misread,
    /// Finds no room for a document.
    FindNoRoom,
    /// Is in another's way in the database.
    Deadlock,
    /// Never ends.
    Stall,
    /// Lays the bricks while somebody else gets the job.
    LayWithoutTheJob,
    /// Never ends, and somebody else gets the job.
    StallWithoutTheJob,
    /// Somebody else gets the job; the handler finds that out by itself.
    AskTheFence,
    /// Lays the bricks once the lease has been renewed twice.
    LayAfterTwoRenewals,
}

/// Decides by attempt and bricks what is done.
type Decide = dyn Fn(&Attempt, &[i64]) -> Act + Send + Sync;

/// The handler.
pub(crate) struct Bricklayer {
    pub(crate) pool: PgPool,
    pub(crate) decide: Box<Decide>,
    pub(crate) time_limit: Duration,
    /// How often the handler was called.
    pub(crate) calls: AtomicUsize,
}

impl Bricklayer {
    pub(crate) fn new(pool: &PgPool, decide: impl Fn(&Attempt, &[i64]) -> Act + Send + Sync + 'static) -> Arc<Self> {
        Self::with_time_limit(pool, Duration::from_secs(30), decide)
    }

    pub(crate) fn with_time_limit(
        pool: &PgPool,
        time_limit: Duration,
        decide: impl Fn(&Attempt, &[i64]) -> Act + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self { pool: pool.clone(), decide: Box::new(decide), time_limit, calls: AtomicUsize::new(0) })
    }

    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    async fn work(&self, attempt: &Attempt) -> anyhow::Result<Conclusion> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        let bricks = ids(&attempt.payload, "bricks")?;
        match (self.decide)(attempt, &bricks) {
            Act::Lay => Ok(Conclusion::done(self.lay(&bricks).await?)),
            Act::Refuse => {
                let ending = Ending::Refused { code: "no-permit".to_owned(), text: "the permit is missing".to_owned() };
                Ok(Conclusion { tx: self.lay(&[0]).await?, ending })
            }
            Act::Fail => bail!(anyhow::anyhow!("the mortar is gone").context("mix the mortar")),
            Act::Panic => panic!("the wall fell on {PERSON}"),
            Act::PanicInAStep => {
                tokio::task::spawn_blocking(|| panic!("the wall fell on {PERSON}")).await?;
                bail!("the step did not panic")
            }
            Act::BreakAConstraint => {
                let twice = format!(
                    "create temporary table owner (name text constraint one_owner unique); insert into owner values ('{PERSON}'), ('{PERSON}')"
                );
                sqlx::raw_sql(AssertSqlSafe(twice)).execute(&self.pool).await.context("note the owner")?;
                bail!("the constraint did not hold")
            }
            Act::Misread => {
                sqlx::raw_sql(AssertSqlSafe(format!("select '{PERSON}'::bigint"))).execute(&self.pool).await.context("read the owner")?;
                bail!("the value was read")
            }
            Act::FindNoRoom => {
                let source = std::io::ErrorKind::StorageFull.into();
                bail!(
                    anyhow::Error::new(ObjectError::Io { action: "cannot write", place: "documents".to_owned(), source }).context("write")
                )
            }
            Act::Deadlock => {
                let raise = "do $$ begin raise exception 'in the way' using errcode = '40P01'; end $$";
                sqlx::raw_sql(AssertSqlSafe(raise)).execute(&self.pool).await.context("lay")?;
                bail!("nothing was raised")
            }
            Act::Stall => std::future::pending().await,
            Act::LayWithoutTheJob => {
                let tx = self.lay(&bricks).await?;
                self.lose(attempt).await;
                Ok(Conclusion::done(tx))
            }
            Act::StallWithoutTheJob => {
                self.lose(attempt).await;
                std::future::pending().await
            }
            Act::AskTheFence => {
                self.lose(attempt).await;
                let mut tx = self.lay(&bricks).await?;
                ledger::fence(&mut tx, attempt).await.map_err(|error| anyhow::Error::from(error).context("before the next wall"))?;
                bail!("the fence let a lost attempt pass")
            }
            Act::LayAfterTwoRenewals => {
                let lease = format!("select lease_until::text from job where id = {}", attempt.job);
                for _ in 0..2 {
                    let before = text(&self.pool, &lease).await;
                    while text(&self.pool, &lease).await == before {}
                }
                Ok(Conclusion::done(self.lay(&bricks).await?))
            }
        }
    }

    async fn lay(&self, bricks: &[i64]) -> anyhow::Result<Transaction<'static, Postgres>> {
        let mut tx = self.pool.begin().await?;
        for brick in bricks {
            sqlx::raw_sql(AssertSqlSafe(format!("insert into laid (brick) values ({brick})"))).execute(&mut *tx).await?;
        }
        Ok(tx)
    }

    async fn lose(&self, attempt: &Attempt) {
        run(&self.pool, &format!("update job set attempt = attempt + 1 where id = {}", attempt.job)).await;
    }
}

impl JobHandler for Bricklayer {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn time_limit(&self) -> Duration {
        self.time_limit
    }

    fn run<'a>(&'a self, attempt: &'a Attempt) -> BoxFuture<'a, anyhow::Result<Conclusion>> {
        self.work(attempt).boxed()
    }

    fn halves(&self, payload: &Value) -> Option<[Value; 2]> {
        halve_ids(payload, "bricks")
    }
}

/// Prepares a test's database: apalis's tables and the table of the effects.
pub(crate) async fn prepare(pool: &PgPool) {
    store::testing::complete(pool).await;
    run(pool, "create table laid (brick bigint not null)").await;
}

/// Enqueues one job a chunk, each with this many attempts.
pub(crate) async fn enqueue(pool: &PgPool, chunks: &[&[i64]], attempts: i32) -> Vec<JobId> {
    let jobs: Vec<NewJob> = chunks.iter().map(|bricks| NewJob { payload: json!({ "bricks": bricks }), subject: None }).collect();
    ledger::enqueue(&mut pool.acquire().await.unwrap(), KIND, &jobs, None, 0, attempts).await.unwrap()
}

/// A holder whose lease outlasts the test.
pub(crate) fn holder(worker: &str) -> Holder {
    Holder { worker: worker.to_owned(), lease: Duration::from_secs(30) }
}

/// Runs one attempt.
pub(crate) async fn attempt(pool: &PgPool, handler: &Bricklayer, job: JobId) -> Outcome {
    run_job(pool, handler, job, &holder("worker-1")).await.unwrap()
}

/// The bricks that lie, in order.
pub(crate) async fn laid(pool: &PgPool) -> Vec<String> {
    texts(pool, "select laid.brick::text from laid order by laid.brick").await
}

/// The state of a job, with its error code and text.
pub(crate) async fn state(pool: &PgPool, job: JobId) -> String {
    text(pool, &format!("select concat_ws(' | ', state, error_code, error_text) from job where id = {job}")).await
}

/// Outcomes of a job's attempts, in their order; a dash for one under way.
pub(crate) async fn outcomes(pool: &PgPool, job: JobId) -> Vec<String> {
    texts(pool, &format!("select coalesce(outcome, '-') from job_attempt where job_id = {job} order by attempt")).await
}

/// Makes every retry due.
pub(crate) async fn let_the_back_off_pass(pool: &PgPool) {
    run(pool, "update job set run_at = clock_timestamp() where state = 'retrying'").await;
}

/// Runs a statement.
pub(crate) async fn run(pool: &PgPool, statement: &str) {
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(pool).await.unwrap();
}

/// The one number that a query gives.
#[expect(clippy::disallowed_methods, reason = "what only tests ask is not part of the checked queries")]
pub(crate) async fn number(pool: &PgPool, query: &str) -> i64 {
    sqlx::query_scalar(AssertSqlSafe(query)).fetch_one(pool).await.unwrap()
}

/// The texts that a query gives.
#[expect(clippy::disallowed_methods, reason = "what only tests ask is not part of the checked queries")]
pub(crate) async fn texts(pool: &PgPool, query: &str) -> Vec<String> {
    sqlx::query_scalar(AssertSqlSafe(query)).fetch_all(pool).await.unwrap()
}

/// The one text that a query gives.
pub(crate) async fn text(pool: &PgPool, query: &str) -> String {
    let texts = texts(pool, query).await;
    assert_eq!(texts.len(), 1, "one row from {query}");
    texts.into_iter().next().unwrap()
}
