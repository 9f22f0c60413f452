//! Issues a chunk of certificates in four steps: order, make, write, finish.
//!
//! Every fact that a document shows is stored before a key is used; a document is durable before the row that announces it
//! commits. A crash between any two steps costs time, never a second document: what an attempt left is carried out as stored
//! or abandoned, and its version is never used again.

mod finish;
mod make;
mod order;

use std::sync::Arc;

use anyhow::Context as _;
use bytes::Bytes;
use domain::ids::CertificateId;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use serde_json::Value;
use store::handler::{Conclusion, JobHandler, halve_ids, ids};
use store::job_kinds;
use store::ledger::{self, Attempt};
use store::objects::{Area, Objects};
use store::orders::Order;
use store::pool::PgPool;

use crate::clock::Clock;
use crate::crash::CrashDrill;
use crate::issuer::Issuer;

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
}

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
}

impl IssueCertificates {
    async fn work(&self, attempt: &Attempt) -> anyhow::Result<Conclusion> {
        let certificates: Vec<CertificateId> = ids(&attempt.payload, "certificates")?.into_iter().map(CertificateId).collect();
        self.drill.passed("begin");

        let mut tx = self.pool.begin().await?;
        ledger::fence(&mut tx, attempt).await?;
        let orders = self.order(&mut tx, &certificates).await.context("order")?;
        tx.commit().await.context("commit the orders")?;
        self.drill.passed("order");

        let portraits = self.portraits(&orders).await.context("read the portraits")?;
        let (issuer, to_make) = (Arc::clone(&self.issuer), orders.clone());
        let made = tokio::task::spawn_blocking(move || make::documents(&issuer, &to_make, &portraits)).await?.context("make")?;
        self.drill.passed("make");

        // A page that cannot be made is a person's to look at; its neighbours go on.
        let (mut makeable, mut files, mut refused) = (Vec::new(), Vec::new(), Vec::new());
        for (order, made) in orders.into_iter().zip(made) {
            match made {
                Ok(file) => {
                    makeable.push(order);
                    files.push(file);
                }
                Err(refusal) => refused.push((order, refusal.to_string())),
            }
        }
        let orders = makeable;
        let written = self.objects.write_all(Area::Documents, files).await.context("write")?;
        self.drill.passed("write");

        let mut tx = self.pool.begin().await?;
        let issued = self.finish(&mut tx, attempt, &orders, &written).await.context("finish")?;
        self.hold(&mut tx, attempt, &refused).await.context("hold what cannot be made")?;
        tracing::info!(certificates = certificates.len(), issued, "certificates issued");
        self.drill.passed("finish");
        Ok(Conclusion::done(tx))
    }

    /// The orders' portraits, in their order.
    async fn portraits(&self, orders: &[Order]) -> anyhow::Result<Vec<Bytes>> {
        let wanted: Vec<(String, [u8; 32])> = orders
            .iter()
            .map(|order| {
                let sha256 = order.portrait_sha256.as_slice().try_into();
                Ok((order.portrait_key.clone(), sha256.with_context(|| format!("order {}: a digest of 32 bytes", order.id))?))
            })
            .collect::<anyhow::Result<_>>()?;
        Ok(self.objects.read_all(wanted).await?)
    }
}
