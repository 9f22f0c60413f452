//! The worker process: apalis fetches tasks of each kind, the adapter runs their jobs, and a keeper hands out due retries
//! and gives on what dead workers held.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use apalis::prelude::{BackendExt as _, Monitor, ParallelizeExt as _, WorkerBuilder, WorkerBuilderExt as _};
use domain::ids::JobId;
use futures::future::BoxFuture;
use store::handler::JobHandler;
use store::ledger::failure_text::{failure_text, failure_text_of_cause};
use store::ledger::{self, Rescued};
use store::pool::PgPool;
use store::queue::{Ticket, heartbeat, silence, storage};
use tokio::sync::watch;

use crate::adapter::{Holder, run_job};

/// How a worker process works.
#[derive(Debug, Clone)]
pub struct WorkOptions {
    /// Who holds the leases, unique per start.
    pub holder: Holder,
    /// Jobs of one kind at once.
    pub concurrency: usize,
    /// End when no job of these kinds is open.
    pub until_idle: bool,
}

/// A shared handler.
pub type Handler = Arc<dyn JobHandler>;

/// Works until `stop` resolves, or until nothing is left to do. Jobs under way are finished before it returns.
///
/// # Errors
/// When the workers cannot be run at all; failures of jobs are the ledger's.
pub async fn work(pool: &PgPool, handlers: &[Handler], options: &WorkOptions, stop: BoxFuture<'static, ()>) -> anyhow::Result<()> {
    let (tell, told) = watch::channel(false);
    let mut monitor = Monitor::new().should_restart(|_, error| {
        // A closed connection ends apalis's worker; it goes on when the database is back.
        tracing::warn!(error = failure_text_of_cause(error), "a queue's connection failed; fetching starts again");
        true
    });
    for handler in handlers {
        monitor = register(monitor, pool, handler, options);
    }
    let keeper = tokio::spawn(keep(pool.clone(), kinds(handlers), options.clone(), tell));
    let signal = async move {
        let mut told = told;
        tokio::select! {
            () = stop => tracing::info!("stopping; jobs under way are finished first"),
            idle = told.wait_for(|idle| *idle) => {
                if idle.is_err() {
                    tracing::error!("the keeper of the ledger ended; the worker stops");
                }
            }
        }
        Ok(())
    };
    let worked = monitor.run_with_signal(signal).await;
    let ended = keeper.is_finished();
    keeper.abort();
    let died = ended && keeper.await.is_err();
    worked.context("run the workers")?;
    anyhow::ensure!(!died, "the keeper of the ledger ended unexpectedly; start the worker again");
    Ok(())
}

fn kinds(handlers: &[Handler]) -> Vec<String> {
    handlers.iter().map(|handler| handler.kind().to_owned()).collect()
}

fn register(monitor: Monitor, pool: &PgPool, handler: &Handler, options: &WorkOptions) -> Monitor {
    let (pool, handler, options) = (pool.clone(), Arc::clone(handler), options.clone());
    monitor.register(move |restarts| {
        let backend =
            storage(&pool, handler.kind(), options.concurrency, options.holder.lease).poll_with_interval(Duration::from_millis(100));
        let (pool, handler, holder) = (pool.clone(), Arc::clone(&handler), options.holder.clone());
        WorkerBuilder::new(format!("{}/{}/{restarts}", options.holder.worker, handler.kind()))
            .backend(backend)
            .concurrency(options.concurrency)
            .parallelize(tokio::spawn)
            .build(move |ticket: Ticket| {
                let (pool, handler, holder) = (pool.clone(), Arc::clone(&handler), holder.clone());
                async move {
                    // Always a success towards apalis: whether the job is tried again is the ledger's decision.
                    if let Err(error) = run_job(&pool, handler.as_ref(), JobId(ticket.job), &holder).await {
                        tracing::error!(
                            job.id = ticket.job,
                            error = failure_text(&error),
                            "the ledger could not be written; the job will be rescued"
                        );
                    }
                }
            })
    })
}

/// How often the keeper does its round.
const ROUND: Duration = Duration::from_millis(250);

/// Every so many rounds it looks for leases that ran out: each second.
const LEASES: u64 = 4;

/// Every so many rounds it deletes finished tasks.
const PRUNING: u64 = 40;

/// What hands out due retries, rescues and prunes, round by round.
struct Keeper {
    pool: PgPool,
    kinds: Vec<String>,
    until_idle: bool,
    silence: Duration,
    /// Every so many rounds it looks for jobs that nobody will begin: at each heartbeat, and not more often than for leases.
    stranded: u64,
    round: u64,
    /// The job up to which it has looked for forgotten ones.
    looked: i64,
}

/// Keeps the ledger; tells when nothing is left.
async fn keep(pool: PgPool, kinds: Vec<String>, options: WorkOptions, tell: watch::Sender<bool>) {
    let lease = options.holder.lease;
    let stranded = u64::try_from(heartbeat(lease).as_millis().div_ceil(ROUND.as_millis())).unwrap_or(LEASES).max(LEASES);
    let mut keeper = Keeper { pool, kinds, until_idle: options.until_idle, silence: silence(lease), stranded, round: 0, looked: 0 };
    let mut quiet = 0_u32;
    loop {
        match keeper.round().await {
            Ok(idle) => quiet = if idle { quiet + 1 } else { 0 },
            Err(error) => {
                quiet = 0;
                tracing::warn!(error = failure_text_of_cause(&error), "the ledger could not be kept; trying again");
            }
        }
        if quiet >= 2 {
            let _ = tell.send(true);
            return;
        }
        tokio::time::sleep(ROUND).await;
    }
}

impl Keeper {
    /// One round; whether nothing is left and the worker is to end then.
    async fn round(&mut self) -> store::Result<bool> {
        let round = self.round;
        self.round += 1;
        let mut conn = self.pool.acquire().await?;
        ledger::requeue_due(&mut conn).await?;
        let mut rescued = if round.is_multiple_of(LEASES) { ledger::rescue_leases(&mut conn).await? } else { Rescued::default() };
        if round.is_multiple_of(self.stranded) {
            let looked = ledger::rescue_forgotten(&mut conn, self.silence, self.looked).await?;
            self.looked = looked.next;
            rescued.stranded = looked.rescued + ledger::rescue_stranded(&mut conn, self.silence).await?;
        }
        if rescued != Rescued::default() {
            tracing::info!(leases = rescued.leases, stranded = rescued.stranded, dead = rescued.dead, "jobs of lost workers were given on");
        }
        if rescued.dead > 0 {
            tracing::error!(dead = rescued.dead, "jobs lost their worker at their last attempt and wait for a decision");
        }
        if round.is_multiple_of(PRUNING) {
            ledger::prune_tasks(&mut conn, 20_000).await?;
        }
        Ok(self.until_idle && !ledger::any_open(&mut conn, &self.kinds).await?)
    }
}
