//! Publishes one status list: what became of its versions today, signed, into the object store.

use std::sync::Arc;

use anyhow::Context as _;
use domain::settings::Settings;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use seal::Signer;
use seal::status_list::{ListClaims, StatusList, VersionStatus, sign};
use store::handler::{Conclusion, JobHandler};
use store::job_kinds;
use store::ledger::{self, Attempt, Told, Unavailable};
use store::objects::{Area, Objects};
use store::orphans;
use store::pool::PgPool;
use store::status_lists::{self, PublishedList};
use time::Duration;

use crate::clock::Clock;

/// The handler of [`job_kinds::PUBLISH_STATUS_LIST`].
pub struct PublishStatusList {
    /// The database.
    pub pool: PgPool,
    /// Where signed lists lie.
    pub objects: Objects,
    /// The key that signs lists; neither that of documents nor that of QR statements.
    pub signer: Arc<dyn Signer>,
    /// Base of the QR address, under which the lists stand, too.
    pub base: String,
    /// Highest ages per kind.
    pub settings: Arc<Settings>,
    /// The present time.
    pub clock: Clock,
    /// How long a list is fresh: after that a newer one is to be fetched.
    pub fresh: Duration,
    /// How long a list may be relied on.
    pub valid: Duration,
}

impl std::fmt::Debug for PublishStatusList {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PublishStatusList").field("key", &self.signer.key_id()).finish_non_exhaustive()
    }
}

impl JobHandler for PublishStatusList {
    fn kind(&self) -> &'static str {
        job_kinds::PUBLISH_STATUS_LIST
    }

    fn run<'a>(&'a self, attempt: &'a Attempt) -> BoxFuture<'a, anyhow::Result<Conclusion>> {
        self.work(attempt).boxed()
    }
}

const NO_SIGNATURE: Unavailable = Unavailable { code: "signing", what: "the key of the status lists does not sign" };

/// Address of a list of this number.
#[must_use]
pub fn subject(base: &str, list: i32) -> String {
    format!("https://{}/statuslists/{list}", base.to_ascii_lowercase())
}

impl PublishStatusList {
    async fn work(&self, attempt: &Attempt) -> anyhow::Result<Conclusion> {
        let list = attempt.payload["list"].as_i64().context("the payload names no list")?;
        let list = i32::try_from(list).context("the payload names no list")?;
        // The time stands before the look: what changes meanwhile is in the next list.
        let issued_at = self.clock.now().replace_nanosecond(0)?;
        let mut conn = self.pool.acquire().await?;
        let found = status_lists::statuses(&mut conn, list, &self.settings, self.clock.today()).await.context("read the statuses")?;
        drop(conn);
        let claims = ListClaims {
            subject: subject(&self.base, list),
            issued_at,
            fresh_until: issued_at + self.fresh,
            expires_at: issued_at + self.valid,
        };
        let (signer, to_sign) = (Arc::clone(&self.signer), claims.clone());
        let changed = found.len();
        let token = tokio::task::spawn_blocking(move || -> anyhow::Result<Vec<u8>> {
            let mut statuses = StatusList::default();
            for (index, status) in found {
                statuses.set(u32::try_from(index)?, read_status(status)?);
            }
            sign(&statuses, &to_sign, signer.as_ref()).map_err(|error| anyhow::Error::new(Told::of(&error)).context(NO_SIGNATURE))
        });
        let stored = self.objects.write_all(Area::StatusLists, [token.await?.context("sign the list")?]).await.context("store the list")?;
        let stored = stored.into_iter().next().context("one list was written")?;
        let mut tx = self.pool.begin().await?;
        ledger::fence(&mut tx, attempt).await?;
        orphans::hold_off(&mut tx).await?;
        anyhow::ensure!(
            !stored.existed || self.objects.is_there(&stored.key).await?,
            "the status list was collected before it was announced"
        );
        let new = PublishedList {
            list,
            sha256: stored.sha256.to_vec(),
            key: stored.key,
            size_bytes: i64::try_from(stored.size_bytes)?,
            issued_at: claims.issued_at,
            fresh_until: claims.fresh_until,
            expires_at: claims.expires_at,
        };
        if status_lists::publish(&mut tx, &new).await? {
            tracing::info!(status_list = list, changed, size_bytes = new.size_bytes, "status list published");
        } else {
            tracing::warn!(status_list = list, "a list of this number that says it is newer is there already; this one is left out");
        }
        Ok(Conclusion::done(tx))
    }
}

fn read_status(status: i32) -> anyhow::Result<VersionStatus> {
    match status {
        1 => Ok(VersionStatus::Invalid),
        2 => Ok(VersionStatus::Suspended),
        3 => Ok(VersionStatus::Superseded),
        other => anyhow::bail!("the database gave the status {other}"),
    }
}
