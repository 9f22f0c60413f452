//! The worker process: apalis fetches tasks of each kind, the adapter runs their jobs, and a keeper hands out due retries
//! and gives on what dead workers held.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use apalis::prelude::{BackendExt as _, Monitor, ParallelizeExt as _, WorkerBuilder, WorkerBuilderExt as _};
use domain::ids::JobId;
use futures::future::BoxFuture;
use store::handler::JobHandler;
use store::ledger;
use store::pool::PgPool;
use store::queue::{SILENCE, Ticket, storage};
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
        tracing::warn!(error = error as &dyn std::error::Error, "a queue's connection failed; fetching starts again");
        true
    });
    for handler in handlers {
        monitor = register(monitor, pool, handler, options);
    }
    let keeper = tokio::spawn(keep(pool.clone(), kinds(handlers), options.until_idle, tell));
    let signal = async move {
        let mut told = told;
        tokio::select! {
            () = stop => tracing::info!("stopping; jobs under way are finished first"),
            _ = told.wait_for(|idle| *idle) => {}
        }
        Ok(())
    };
    let worked = monitor.run_with_signal(signal).await;
    keeper.abort();
    worked.context("run the workers")
}

fn kinds(handlers: &[Handler]) -> Vec<String> {
    handlers.iter().map(|handler| handler.kind().to_owned()).collect()
}

fn register(monitor: Monitor, pool: &PgPool, handler: &Handler, options: &WorkOptions) -> Monitor {
    let (pool, handler, options) = (pool.clone(), Arc::clone(handler), options.clone());
    monitor.register(move |restarts| {
        let backend = storage(&pool, handler.kind(), options.concurrency).poll_with_interval(Duration::from_millis(100));
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
                            error = format!("{error:#}"),
                            "the ledger could not be written; the job will be rescued"
                        );
                    }
                }
            })
    })
}

/// Hands out due retries, rescues, prunes; tells when nothing is left.
async fn keep(pool: PgPool, kinds: Vec<String>, until_idle: bool, tell: watch::Sender<bool>) {
    let mut quiet = 0_u32;
    let mut tick = 0_u64;
    loop {
        match keep_once(&pool, &kinds, tick).await {
            Ok(0) => quiet += 1,
            Ok(_) => quiet = 0,
            Err(error) => {
                quiet = 0;
                tracing::warn!(error = &error as &dyn std::error::Error, "the ledger could not be kept; trying again");
            }
        }
        if until_idle && quiet >= 2 {
            let _ = tell.send(true);
            return;
        }
        tick += 1;
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}

async fn keep_once(pool: &PgPool, kinds: &[String], tick: u64) -> store::Result<i64> {
    let mut conn = pool.acquire().await?;
    ledger::requeue_due(&mut conn).await?;
    // Every five seconds: it looks through everything that waits.
    let rescued = if tick.is_multiple_of(20) { ledger::rescue_lost(&mut conn, SILENCE).await? } else { ledger::Rescued::default() };
    if rescued != ledger::Rescued::default() {
        tracing::info!(leases = rescued.leases, stranded = rescued.stranded, dead = rescued.dead, "jobs of lost workers were given on");
    }
    if rescued.dead > 0 {
        tracing::error!(dead = rescued.dead, "jobs lost their worker at their last attempt and wait for a decision");
    }
    if tick.is_multiple_of(40) {
        ledger::prune_tasks(&mut conn, 20_000).await?;
    }
    Ok(ledger::open_jobs(&mut conn, kinds).await?.open)
}
