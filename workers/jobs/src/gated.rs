//! Runs jobs of one kind behind two gates: one closes while the database is away, the other while that is away which jobs of this kind need.

use std::sync::Arc;

use domain::ids::JobId;
use store::handler::JobHandler;
use store::ledger::failure_text::{failure_text, failure_text_of_cause};
use store::ledger::{Attempt, outage};
use store::pool::PgPool;

use crate::adapter::{Ended, Holder, Outcome, put_off, run_attempt};
use crate::gate::Gate;

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
    /// Runs one attempt of a job as soon as the gates are open. A job that is left alone because the process stops is given on.
    pub(crate) async fn run(&self, job: JobId) {
        loop {
            if !self.database_is_there().await {
                return;
            }
            let Some(passage) = self.queue.pass().await else { return };
            match run_attempt(&self.pool, self.handler.as_ref(), job, &self.holder).await {
                // A connection broke and the database answered all the same: there is nothing to wait for.
                Ok(Some(Ended::Recorded(Outcome::PutOff { code: "database-away", .. }))) => return passage.succeeded(),
                Ok(Some(Ended::Recorded(Outcome::PutOff { reason, .. }))) => return passage.failed(&reason),
                Ok(Some(Ended::Recorded(_)) | None) => return passage.succeeded(),
                Ok(Some(Ended::Unrecorded(attempt, error))) => {
                    self.unrecorded(job, &attempt, &error).await;
                    return passage.succeeded();
                }
                // Nothing began; the same task tries again when the database is back.
                Err(error) => match outage(&error) {
                    Some(reason) => self.database.close(&reason),
                    None => {
                        tracing::error!(job.id = job.0, error = failure_text(&error), "the job could not be begun; it will be given on");
                        return;
                    }
                },
            }
        }
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
