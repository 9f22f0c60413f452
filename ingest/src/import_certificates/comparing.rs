//! Staged rows are compared with each other and with what the register knows, before anything is made of them.

use anyhow::Context as _;
use domain::ids::BatchId;
use domain::kind::Kind;
use futures::future::try_join;
use store::database::{ImportPhase, prepare_import, refresh_knowledge, refresh_statistics};
use store::intake_steps::Step;
use store::ledger::{self, Attempt};
use store::pool::{PgConnection, PgPool};
use store::resolve;
use store::{batches, census, intake_rows, merge};

use super::ImportCertificates;

impl ImportCertificates {
    /// Compares the rows of a batch; doing it again changes nothing. The passes over all rows go two at a time.
    pub(super) async fn compare(&self, attempt: &Attempt, id: BatchId, kind: Kind) -> anyhow::Result<()> {
        let whole = Step { after: 0, upto: intake_rows::last_staged(&mut *self.pool.acquire().await?, id).await? };
        let (mut suspects, namesakes) = try_join(pass(&self.pool, async |conn| resolve::suspects(conn, id, whole.upto).await), async {
            refresh_statistics(&mut *self.pool.acquire().await?).await?;
            self.link_employers(attempt, id).await?;
            self.know(attempt, id, kind, whole).await?;
            pass(&self.pool, async |conn| resolve::namesakes(conn, id).await).await
        })
        .await?;
        suspects.by_birth.extend(namesakes);
        let mut tx = self.pool.begin().await?;
        prepare_import(&mut tx, ImportPhase::Compare).await?;
        census::before(&mut tx, id).await.context("count the register")?;
        resolve::cross_row_rules(&mut tx, id, &suspects).await.context("compare the rows")?;
        merge::employers(&mut tx, id).await.context("enter the employers")?;
        merge::holders_of_several(&mut tx, id, &suspects.by_document).await.context("enter holders of several certificates")?;
        // Last, since it locks the job's row and with it the renewal of the lease.
        ledger::fence(&mut tx, attempt).await?;
        batches::advance(&mut tx, id, "merge", 0).await?;
        ledger::progress(&mut tx, attempt, 0, Some(whole.upto)).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Asks the register about all rows at once.
    async fn know(&self, attempt: &Attempt, id: BatchId, kind: Kind, whole: Step) -> anyhow::Result<()> {
        let mut tx = self.pool.begin().await?;
        prepare_import(&mut tx, ImportPhase::Compare).await?;
        merge::know(&mut tx, id, kind, whole).await.context("ask the register")?;
        ledger::fence(&mut tx, attempt).await?;
        tx.commit().await?;
        refresh_knowledge(&mut *self.pool.acquire().await?).await?;
        Ok(())
    }

    /// Before the rows are compared: two spellings of one employer make no two records.
    async fn link_employers(&self, attempt: &Attempt, id: BatchId) -> anyhow::Result<()> {
        let mut tx = self.pool.begin().await?;
        prepare_import(&mut tx, ImportPhase::Compare).await?;
        resolve::link_employers(&mut tx, id).await.context("link the employers")?;
        ledger::fence(&mut tx, attempt).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// One pass over all rows, on a connection and in a transaction of its own.
async fn pass<T>(pool: &PgPool, over: impl AsyncFnOnce(&mut PgConnection) -> store::Result<T>) -> anyhow::Result<T> {
    let mut tx = pool.begin().await?;
    prepare_import(&mut tx, ImportPhase::Compare).await?;
    let found = over(&mut tx).await.context("compare the rows")?;
    tx.commit().await?;
    Ok(found)
}
