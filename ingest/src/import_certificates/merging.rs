//! Staged steps become certificates, several at once.

use anyhow::Context as _;
use domain::ids::BatchId;
use domain::kind::Kind;
use store::database::{ImportPhase, prepare_import};
use store::intake_rows;
use store::intake_steps::{self, Step};
use store::ledger::{self, Attempt};
use store::merge::{self, Lane, Rules};
use tokio::task::JoinSet;
use tracing::Instrument as _;

use super::{ImportCertificates, LANES};
use crate::import_job::ACTOR;

/// How often the register is asked anew about one step before the attempt gives up: other imports overtake it once or twice.
const ASK_AGAIN: u32 = 20;

impl ImportCertificates {
    pub(super) async fn merge(&self, attempt: &Attempt, id: BatchId, kind: Kind) -> anyhow::Result<()> {
        let last = intake_rows::last_staged(&mut *self.pool.acquire().await?, id).await?;
        loop {
            // Tasks of their own: what one lane reads and writes must not wait for another's.
            let mut lanes = JoinSet::new();
            for _ in 0..LANES {
                let (import, attempt) = (self.clone(), attempt.clone());
                lanes.spawn(async move { import.merge_lane(&attempt, id, kind, last).await }.in_current_span());
            }
            while let Some(ended) = lanes.join_next().await {
                ended.context("merge rows")??;
            }
            // Lanes pass over a step that somebody holds, and that may be an attempt that is dying.
            let mut tx = self.pool.begin().await?;
            let is_any_left = intake_steps::is_any_left(&mut tx, id).await?;
            // At once: the lanes would pass over the step that it holds.
            tx.rollback().await?;
            if !is_any_left {
                return Ok(());
            }
        }
    }

    /// Merges steps until none is left that another lane has not taken.
    async fn merge_lane(&self, attempt: &Attempt, id: BatchId, kind: Kind, last: i64) -> anyhow::Result<()> {
        let rules = Rules { settings: &self.settings, today: (self.today)(), actor: ACTOR };
        let batch = self.batch(id).await?;
        let mut lane = Lane::new(&batch, kind, rules);
        let mut asked_again = 0;
        loop {
            let mut tx = self.pool.begin().await?;
            prepare_import(&mut tx, ImportPhase::Merge).await?;
            let Some(step) = intake_steps::take(&mut tx, id).await? else { return Ok(()) };
            let totals = match merge::step(&mut tx, &mut lane, step).await {
                Err(error) if merge::is_overtaken(&error) && asked_again < ASK_AGAIN => {
                    asked_again += 1;
                    tx.rollback().await?;
                    self.ask_again(attempt, id, kind, step).await?;
                    continue;
                }
                totals => totals.context("merge rows")?,
            };
            intake_steps::merged(&mut tx, id, step, totals).await?;
            // Last, since it holds up the other lanes and the renewal of the lease.
            ledger::fence(&mut tx, attempt).await?;
            let done = intake_steps::rows_merged(&mut tx, id).await?;
            ledger::progress(&mut tx, attempt, done, Some(last)).await?;
            tx.commit().await?;
            asked_again = 0;
        }
    }

    /// Another import has brought what a step brings: the register is asked anew about its rows.
    async fn ask_again(&self, attempt: &Attempt, id: BatchId, kind: Kind, step: Step) -> anyhow::Result<()> {
        let mut tx = self.pool.begin().await?;
        prepare_import(&mut tx, ImportPhase::Merge).await?;
        // Nobody may be merging it: half of that would go by what was known before, and half by what is known then.
        intake_steps::hold(&mut tx, id, step).await?;
        merge::know(&mut tx, id, kind, step).await.context("ask the register")?;
        ledger::fence(&mut tx, attempt).await?;
        tx.commit().await?;
        Ok(())
    }
}
