//! Staged steps become certificates, several at once.

use anyhow::Context as _;
use domain::ids::BatchId;
use domain::kind::Kind;
use futures::future::try_join_all;
use store::batches;
use store::database::{ImportPhase, prepare_import};
use store::ledger::{self, Attempt};
use store::merge::{self, Rules};
use store::{intake_rows, intake_steps};

use super::{ImportCertificates, LANES};
use crate::import_job::ACTOR;

impl ImportCertificates {
    pub(super) async fn merge(&self, attempt: &Attempt, id: BatchId, kind: Kind) -> anyhow::Result<()> {
        let last = intake_rows::last_staged(&mut *self.pool.acquire().await?, id).await?;
        try_join_all((0..LANES).map(|_| self.merge_lane(attempt, id, kind, last))).await?;
        Ok(())
    }

    /// Merges steps until none is left that another lane has not taken.
    async fn merge_lane(&self, attempt: &Attempt, id: BatchId, kind: Kind, last: i64) -> anyhow::Result<()> {
        let rules = Rules { settings: &self.settings, today: (self.today)(), actor: ACTOR };
        let mut conn = self.pool.acquire().await?;
        let batch = batches::find(&mut conn, id).await?.context("the batch is gone")?;
        drop(conn);
        loop {
            let mut tx = self.pool.begin().await?;
            prepare_import(&mut tx, ImportPhase::Merge).await?;
            let Some(step) = intake_steps::take(&mut tx, id).await? else { return Ok(()) };
            let totals = merge::step(&mut tx, &batch, kind, rules, step).await.context("merge rows")?;
            intake_steps::merged(&mut tx, id, step, totals).await?;
            // Last, since it holds up the other lanes and the renewal of the lease.
            ledger::fence(&mut tx, attempt).await?;
            let done = intake_steps::rows_merged(&mut tx, id).await?;
            ledger::progress(&mut tx, attempt, done, Some(last)).await?;
            tx.commit().await?;
        }
    }
}
