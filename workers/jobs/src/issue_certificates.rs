//! Issues a chunk of certificates in four steps: order, make, write, finish.
//!
//! Every fact that a document shows is stored before a key is used; a document is durable before the row that announces it
//! commits. A crash between any two steps costs time, never a second document: what an attempt left is carried out as stored
//! or abandoned, and its version is never used again.

mod finish;
mod make;
mod order;
mod signing;

use std::sync::Arc;

use anyhow::Context as _;
use domain::ids::CertificateId;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use serde_json::Value;
use store::handler::{Conclusion, JobHandler, halve_ids, ids};
use store::job_kinds;
use store::ledger::{self, Attempt, Told, Unavailable};
use store::objects::{Area, Objects};
use store::orders::Order;
use store::pool::{PgConnection, PgPool};

use crate::clock::Clock;
use crate::crash::CrashDrill;
use crate::issuer::Issuer;
use crate::step_times::StepTimes;

/// The handler of [`job_kinds::ISSUE_CERTIFICATES`].
#[derive(Debug)]
pub struct IssueCertificates {
    /// The database.
    pub pool: PgPool,
    /// Where portraits and documents lie.
    pub objects: Objects,
    /// Fonts, template, keys.
    pub issuer: Arc<Issuer>,
    /// The present time.
    pub clock: Clock,
    /// For drills: where to die.
    pub drill: CrashDrill,
    /// How long the steps took.
    pub times: Arc<StepTimes>,
}

/// How long after their writing documents are announced; orphans are collected after a day.
const WRITTEN_LATELY: time::Duration = time::Duration::HOUR;

const SIGNER_NOT_VALID: Unavailable = Unavailable {
    code: "signer-not-valid",
    what: "the signer's certificate is not valid now; bring another one in with `ecert keys import` and start the worker anew",
};

const KEYS_CHANGED: Unavailable =
    Unavailable { code: "keys-changed", what: "other keys are to be used than this worker has; start the worker anew" };

/// Who acts in the name of the issuing worker.
pub(crate) const ACTOR: &str = "issuing-worker";

impl JobHandler for IssueCertificates {
    fn kind(&self) -> &'static str {
        job_kinds::ISSUE_CERTIFICATES
    }

    fn run<'a>(&'a self, attempt: &'a Attempt) -> BoxFuture<'a, anyhow::Result<Conclusion>> {
        self.work(attempt).boxed()
    }

    fn halves(&self, payload: &Value) -> Option<[Value; 2]> {
        halve_ids(payload, "certificates")
    }

    /// What was ordered and could not be carried out is abandoned; its certificates wait for a person with the reason.
    fn buried<'a>(&'a self, conn: &'a mut PgConnection, attempt: &'a Attempt, why: &'a str) -> BoxFuture<'a, anyhow::Result<()>> {
        async move {
            let Ok(certificates) = ids(&attempt.payload, "certificates") else { return Ok(()) };
            let certificates: Vec<CertificateId> = certificates.into_iter().map(CertificateId).collect();
            let left = store::orders::open(conn, &certificates).await.context("read open orders")?;
            let refused: Vec<(Order, String)> = left.into_iter().map(|order| (order, why.to_owned())).collect();
            self.hold(conn, attempt, &refused, "job-dead").await
        }
        .boxed()
    }
}

impl IssueCertificates {
    /// A worker holds its keys in memory. Once others are to be used, it orders and announces nothing more with them; what it leaves open is
    /// abandoned and ordered anew by a worker that has the new ones.
    fn keys_are_current(&self) -> anyhow::Result<()> {
        anyhow::ensure!((self.issuer.is_current)(), KEYS_CHANGED);
        Ok(())
    }

    async fn work(&self, attempt: &Attempt) -> anyhow::Result<Conclusion> {
        let certificates: Vec<CertificateId> = ids(&attempt.payload, "certificates")?.into_iter().map(CertificateId).collect();
        self.drill.passed("begin");
        let mut watch = self.times.start();

        // A worker may run for longer than its certificates: nothing is ordered that nobody would believe.
        if let Err(fault) = self.issuer.sealer.check_time(self.clock.now()) {
            return Err(anyhow::Error::new(Told::of(&fault)).context(SIGNER_NOT_VALID));
        }
        self.keys_are_current()?;
        let mut tx = self.pool.begin().await?;
        ledger::fence(&mut tx, attempt).await?;
        let orders = self.order(&mut tx, &certificates).await.context("order")?;
        tx.commit().await.context("commit the orders")?;
        watch.step();
        self.drill.passed("order");

        let made = self.make(attempt, orders).await.context("make")?;
        watch.step();
        self.drill.passed("make");

        let begun = self.clock.now();
        let written = self.objects.write_all(Area::Documents, made.files).await.context("write")?;
        watch.step();
        self.drill.passed("write");

        // Whoever stood still for so long may find that his files were taken for orphans.
        anyhow::ensure!(self.clock.now() - begun < WRITTEN_LATELY, "the documents were written too long ago to be announced");
        let mut tx = self.pool.begin().await?;
        // Where some are held or abandoned besides, all are locked at once, persons before certificates: no second run of locks follows.
        if !(made.refused.is_empty() && made.outdated.is_empty()) {
            store::certificates::facts(&mut tx, &certificates, true).await.context("lock persons and certificates")?;
        }
        let issued = self.finish(&mut tx, attempt, &made.orders, &written).await.context("finish")?;
        self.hold(&mut tx, attempt, &made.refused, "page-cannot-be-made").await.context("hold what cannot be made")?;
        self.abandon(&mut tx, attempt, &made.outdated).await.context("abandon what cannot be carried out")?;
        watch.step();
        tracing::info!(certificates = certificates.len(), issued, "certificates issued");
        self.drill.passed("finish");
        Ok(Conclusion::done(tx))
    }
}
