//! The worker process: apalis fetches tasks of each kind, the adapter runs their jobs, and a keeper hands out due retries
//! and gives on what dead workers held.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use apalis::prelude::{BackendExt as _, Monitor, ParallelizeExt as _, WorkerBuilder, WorkerBuilderExt as _};
use domain::ids::JobId;
use futures::future::BoxFuture;
use store::handler::JobHandler;
use store::ledger::failure_text::failure_text_of_cause;
use store::ledger::{self, Rescued};
use store::pool::PgPool;
use store::queue::{Ticket, heartbeat, silence, storage};
use tokio::sync::watch;

use crate::adapter::Holder;
use crate::gate::Gate;
use crate::gated::{Gated, database_answers};

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
    let (stopping, stops) = watch::channel(false);
    let database = Arc::new(Gate::new("database", stops.clone()));
    let at_the_gate = Arc::clone(&database);
    let mut monitor = Monitor::new().should_restart(move |_, error| {
        // A closed connection ends apalis's worker; it goes on when the database is back.
        at_the_gate.close(&failure_text_of_cause(error));
        true
    });
    for handler in handlers {
        let gated = Gated {
            pool: pool.clone(),
            handler: Arc::clone(handler),
            holder: options.holder.clone(),
            database: Arc::clone(&database),
            queue: Arc::new(Gate::new(handler.kind(), stops.clone())),
        };
        monitor = register(monitor, Arc::new(gated), options);
    }
    let keeper = tokio::spawn(keep(pool.clone(), kinds(handlers), options.clone(), tell, database));
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
        let _ = stopping.send(true);
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

fn register(monitor: Monitor, gated: Arc<Gated>, options: &WorkOptions) -> Monitor {
    let options = options.clone();
    monitor.register(move |restarts| {
        let kind = gated.handler.kind();
        let backend = storage(&gated.pool, kind, options.concurrency, options.holder.lease).poll_with_interval(Duration::from_millis(100));
        let gated = Arc::clone(&gated);
        WorkerBuilder::new(format!("{}/{kind}/{restarts}", options.holder.worker))
            .backend(backend)
            .concurrency(options.concurrency)
            .parallelize(tokio::spawn)
            .build(move |ticket: Ticket| {
                let gated = Arc::clone(&gated);
                // Always a success towards apalis: whether the job is tried again is the ledger's decision.
                async move { gated.run(JobId(ticket.job)).await }
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
    worker: String,
    /// Staff have drained this host.
    drained: bool,
    kinds: Vec<String>,
    until_idle: bool,
    silence: Duration,
    /// Every so many rounds it looks for jobs that nobody will begin: at each heartbeat, and not more often than for leases.
    stranded: u64,
    round: u64,
    /// The job up to which it has looked for forgotten ones.
    looked: i64,
    /// After the database was away: until then it takes no lease for lost.
    rest_until: Option<Instant>,
}

/// Keeps the ledger; tells when nothing is left.
async fn keep(pool: PgPool, kinds: Vec<String>, options: WorkOptions, tell: watch::Sender<bool>, database: Arc<Gate>) {
    let lease = options.holder.lease;
    let stranded = u64::try_from(heartbeat(lease).as_millis().div_ceil(ROUND.as_millis())).unwrap_or(LEASES).max(LEASES);
    let mut keeper = Keeper {
        pool,
        worker: options.holder.worker,
        drained: false,
        kinds,
        until_idle: options.until_idle,
        silence: silence(lease),
        stranded,
        round: 0,
        looked: 0,
        rest_until: None,
    };
    let mut quiet = 0_u32;
    loop {
        match keeper.round().await {
            Ok(idle) => quiet = if idle { quiet + 1 } else { 0 },
            Err(error) => {
                quiet = 0;
                let reason = failure_text_of_cause(&error);
                if ledger::outage_of_database(&error).is_some() {
                    database.close(&reason);
                    // Whoever tries says when it is back; the process stops where nobody may wait any more.
                    if let Some(passage) = database.pass().await {
                        passage.tried(database_answers(&keeper.pool).await);
                    }
                    // Nobody could renew a lease meanwhile: those who hold one get the time for it.
                    keeper.rest_until = Some(Instant::now() + lease);
                } else {
                    tracing::warn!(error = reason, "the ledger could not be kept; trying again");
                }
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
        let rests = self.rest_until.is_some_and(|until| Instant::now() < until);
        let mut rescued = if round.is_multiple_of(LEASES) && !rests { ledger::rescue_leases(&mut conn).await? } else { Rescued::default() };
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
        if !self.drained && round.is_multiple_of(LEASES) && ledger::controls::is_drained(&mut conn, &self.worker).await? {
            tracing::info!("this host is drained; the worker ends when its work in hand is done");
            self.drained = true;
        }
        Ok(self.drained || self.until_idle && !ledger::any_open(&mut conn, &self.kinds).await?)
    }
}
