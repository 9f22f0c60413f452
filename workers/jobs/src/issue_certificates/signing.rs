//! Signatures of a chunk. Those of a key that signs with fresh randomness are stored before they are used, the first one for good: every
//! attempt at an order then makes the same document.

use std::sync::Arc;

use anyhow::Context as _;
use domain::ids::OrderId;
use store::ledger::{self, Attempt};
use store::order_signatures::{self, Part};

use super::IssueCertificates;
use crate::issuer::Issuer;

impl IssueCertificates {
    /// One signature for each of `wanted`, in their order; `sign` makes that of one of them.
    pub(super) async fn signatures<T, F>(
        &self,
        attempt: &Attempt,
        part: Part,
        wanted: Vec<(OrderId, T)>,
        sign: F,
    ) -> anyhow::Result<Vec<Vec<u8>>>
    where
        T: Send + 'static,
        F: Fn(&Issuer, &T) -> anyhow::Result<Vec<u8>> + Send + 'static,
    {
        let issuer = Arc::clone(&self.issuer);
        let repeats = match part {
            Part::Statement => issuer.code.repeats(),
            Part::Document => issuer.sealer.repeats(),
        };
        let all = move |wanted: Vec<(OrderId, T)>| -> anyhow::Result<Vec<(OrderId, Vec<u8>)>> {
            wanted.into_iter().map(|(id, what)| Ok((id, sign(&issuer, &what).with_context(|| format!("order {id}"))?))).collect()
        };
        let ids: Vec<OrderId> = wanted.iter().map(|(id, _)| *id).collect();
        if repeats {
            let made = tokio::task::spawn_blocking(move || all(wanted)).await??;
            return Ok(made.into_iter().map(|(_, signature)| signature).collect());
        }
        let stored = order_signatures::of(&mut *self.pool.acquire().await?, part, &ids).await?;
        let missing: Vec<(OrderId, T)> = wanted.into_iter().filter(|(id, _)| !stored.contains_key(id)).collect();
        let made = tokio::task::spawn_blocking(move || all(missing)).await??;
        let mut tx = self.pool.begin().await?;
        ledger::fence(&mut tx, attempt).await?;
        order_signatures::keep(&mut tx, part, &made).await.context("store the signatures")?;
        tx.commit().await?;
        let mut stored = order_signatures::of(&mut *self.pool.acquire().await?, part, &ids).await?;
        ids.iter().map(|id| stored.remove(id).with_context(|| format!("order {id} has no signature"))).collect()
    }
}
