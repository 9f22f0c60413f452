//! Runs jobs of one kind behind two gates: one closes while the database is away, the other while that is away which jobs of this kind need.

use std::sync::Arc;
use std::time::Duration;

use domain::ids::JobId;
use store::handler::JobHandler;
use store::ledger::failure_text::{failure_text, failure_text_of_cause};
use store::ledger::{self, Attempt, HeldBack, outage};
use store::pool::PgPool;

use crate::adapter::{Ended, Holder, Outcome, put_off, run_attempt};
use crate::gate::{Gate, Passage};

/// How long a stopping worker tries to hand a job back.
const HANDING_BACK: Duration = Duration::from_secs(2);

/// A trial that has not failed for so long has found what it needs.
const LONG_ENOUGH: Duration = Duration::from_secs(10);

/// How long a job that staff hold back waits before it asks again.
const HELD_BACK: Duration = Duration::from_millis(250);

/// A handler and what its jobs pass on their way.
pub(crate) struct Gated {
    pub(crate) pool: PgPool,
    pub(crate) handler: Arc<dyn JobHandler>,
    pub(crate) holder: Holder,
    /// Shared by all kinds of the process.
    pub(crate) database: Arc<Gate>,
    /// This kind's own.
    pub(crate) queue: Arc<Gate>,
}

impl Gated {
    /// Runs one attempt of a job as soon as the gates are open. A job that is left alone because the process stops is handed out again.
    pub(crate) async fn run(&self, job: JobId) {
        if !self.was_run(job).await {
            // Where the database does not answer either, the job is found later.
            let handing_back = async { ledger::hand_back(&mut *self.pool.acquire().await?, job).await };
            let _ = tokio::time::timeout(HANDING_BACK, handing_back).await;
        }
    }

    /// Whether there is nothing left to do for the task; false when the process stops before the job begins.
    async fn was_run(&self, job: JobId) -> bool {
        loop {
            if !self.database_is_there().await {
                return false;
            }
            let Some(passage) = self.queue.pass().await else { return false };
            let mut passage = Some(passage);
            match self.attempt(job, &mut passage).await {
                // The task is kept, so that this worker fetches nothing more of a queue that stands.
                Ok(Ended::HeldBack(HeldBack::Paused | HeldBack::Limit | HeldBack::Rate)) => {
                    drop(passage);
                    if !self.queue.sleep(HELD_BACK).await {
                        return false;
                    }
                }
                Ok(Ended::HeldBack(HeldBack::Drained)) => return false,
                // Others of its queue may go on; whoever resumes the batch hands it out again.
                Ok(Ended::HeldBack(HeldBack::BatchPaused)) => return true,
                Ok(Ended::Recorded(Outcome::PutOff { code, reason })) => {
                    // A connection broke and the database answered all the same: there is nothing for others to wait for.
                    if code != "database-away" {
                        match passage.take() {
                            Some(passage) => passage.failed(&reason),
                            None => self.queue.close(&reason),
                        }
                    }
                    return true;
                }
                Ok(Ended::Recorded(Outcome::Ended | Outcome::Retrying | Outcome::Dead)) => {
                    passage.into_iter().for_each(Passage::succeeded);
                    return true;
                }
                // Nothing was tried: the gate stays as it is.
                Ok(Ended::Recorded(Outcome::NothingToDo | Outcome::HeldBack(_) | Outcome::Lost) | Ended::NothingToDo) => return true,
                Ok(Ended::Unrecorded(attempt, error)) => {
                    drop(passage);
                    self.unrecorded(job, &attempt, &error).await;
                    return true;
                }
                // Nothing began; the same task tries again when the database is back.
                Err(error) => match outage(&error) {
                    Some(reason) => self.database.close(&reason),
                    None => {
                        tracing::error!(job.id = job.0, error = failure_text(&error), "the job could not be begun; it will be given on");
                        return true;
                    }
                },
            }
        }
    }

    /// Runs an attempt. Whoever tries a closed gate and has not failed for a while opens it, however long the job goes on.
    async fn attempt(&self, job: JobId, passage: &mut Option<Passage<'_>>) -> anyhow::Result<Ended> {
        let running = run_attempt(&self.pool, self.handler.as_ref(), job, &self.holder);
        tokio::pin!(running);
        if passage.as_ref().is_some_and(Passage::is_trial) {
            tokio::select! {
                ended = &mut running => return ended,
                () = tokio::time::sleep(LONG_ENOUGH) => passage.take().into_iter().for_each(Passage::succeeded),
            }
        }
        running.await
    }

    /// Waits until the database answers; false when the process stops.
    async fn database_is_there(&self) -> bool {
        while let Some(passage) = self.database.pass().await {
            if !passage.is_trial() {
                return true;
            }
            let answer = database_answers(&self.pool).await;
            let there = answer.is_ok();
            passage.tried(answer);
            if there {
                return true;
            }
        }
        false
    }

    /// The end of an attempt could not be recorded: as soon as the database is back the job is given back, long before its lease runs out.
    async fn unrecorded(&self, job: JobId, attempt: &Attempt, error: &anyhow::Error) {
        let Some(reason) = outage(error) else {
            tracing::error!(job.id = job.0, error = failure_text(error), "the ledger could not be written; the job will be rescued");
            return;
        };
        self.database.close(&reason);
        while self.database_is_there().await {
            match put_off(&self.pool, attempt, "database-away", &reason).await {
                Ok(()) => return,
                Err(error) => match outage(&error) {
                    Some(reason) => self.database.close(&reason),
                    None => {
                        tracing::error!(
                            job.id = job.0,
                            error = failure_text(&error),
                            "the job could not be given back; it will be rescued"
                        );
                        return;
                    }
                },
            }
        }
    }
}

/// Asks the database for a sign of life.
pub(crate) async fn database_answers(pool: &PgPool) -> Result<(), String> {
    store::database::answers(pool).await.map_err(|error| failure_text_of_cause(&error))
}
