//! Step 4: under the locks again, ask the reasons again; announce the documents of those orders that still hold.

use anyhow::Context as _;
use domain::ids::CertificateId;
use domain::lifecycle::{Event, advance};
use domain::status::Stage;
use serde_json::json;
use store::documents::{self, NewDocument};
use store::events::{self, Move};
use store::ledger::{self, Attempt};
use store::objects::Stored;
use store::orders::{self, Order};
use store::pool::PgConnection;
use store::{certificates, job_kinds, orphans};

use super::{ACTOR, IssueCertificates};

impl IssueCertificates {
    /// Announces documents; returns how many. Orders that were overtaken by a lock, a decision or a change are abandoned.
    pub(super) async fn finish(
        &self,
        conn: &mut PgConnection,
        attempt: &Attempt,
        orders: &[Order],
        written: &[Stored],
    ) -> anyhow::Result<usize> {
        let ids: Vec<CertificateId> = orders.iter().map(|order| order.certificate).collect();
        ledger::fence(conn, attempt).await?;
        // What lay there before may have been collected between the look and now; the next attempt writes it again.
        orphans::hold_off(conn).await?;
        for file in written.iter().filter(|file| file.existed) {
            anyhow::ensure!(self.objects.is_there(&file.key).await?, "the document {} was collected before it was announced", file.key);
        }
        let known = certificates::facts(conn, &ids, true).await.context("read the facts again")?;
        self.keys_are_current()?;
        let portraits = orders::portraits(conn, &ids).await?;
        let open: Vec<_> = orders::open(conn, &ids).await?.into_iter().map(|order| order.id).collect();
        let today = self.clock.today();
        let (mut announced, mut moves, mut again) = (Vec::new(), Vec::new(), Vec::new());
        for (order, file) in orders.iter().zip(written) {
            let Some(certificate) = known.iter().find(|known| known.id == order.certificate) else { continue };
            let expected = (certificate.facts.status, certificate.facts.stage);
            // An order that somebody closed meanwhile never gets its document, whatever was made of it.
            if certificate.facts.stage != Stage::Issuing || !open.contains(&order.id) {
                continue;
            }
            let refusals = self.refusals(&certificate.facts);
            let unchanged = order.revision == certificate.revision && portraits.get(&order.certificate) == Some(&order.portrait_sha256);
            if refusals.is_empty() && unchanged {
                let Ok(to) = advance(&certificate.facts, &Event::DocumentCommitted, today) else { continue };
                let detail = json!({ "version": order.version, "sha256": hex::encode(file.sha256) });
                let mut step = Move::new(order.certificate, expected, to, "issued", detail);
                step.version = Some(order.version);
                moves.push(step);
                announced.push(NewDocument {
                    certificate: order.certificate,
                    version: order.version,
                    order: order.id,
                    sha256: file.sha256,
                    key: file.key.clone(),
                    size_bytes: i64::try_from(file.size_bytes)?,
                });
                continue;
            }
            let reason = refusals.first().map_or("changed", |reason| reason.code);
            orders::close(conn, order.id, reason).await?;
            let Ok(to) = advance(&certificate.facts, &Event::OrderAbandoned, today) else { continue };
            moves.push(Move::new(order.certificate, expected, to, "order-abandoned", json!({ "reason": reason })));
            if refusals.is_empty() {
                again.push(order.certificate);
            }
        }
        documents::announce(conn, &announced).await.context("announce the documents")?;
        events::apply(conn, ACTOR, &moves).await.context("write the events")?;
        job_kinds::enqueue_issuing(conn, &again, attempt.batch).await?;
        Ok(announced.len())
    }

    /// Abandons orders that cannot be carried out as stored; their certificates are ordered anew.
    pub(super) async fn abandon(&self, conn: &mut PgConnection, attempt: &Attempt, outdated: &[Order]) -> anyhow::Result<()> {
        let ids: Vec<CertificateId> = outdated.iter().map(|order| order.certificate).collect();
        let known = certificates::facts(conn, &ids, true).await?;
        let open: Vec<_> = orders::open(conn, &ids).await?.into_iter().map(|order| order.id).collect();
        let (mut moves, mut again) = (Vec::new(), Vec::new());
        for order in outdated.iter().filter(|order| open.contains(&order.id)) {
            let Some(certificate) = known.iter().find(|known| known.id == order.certificate) else { continue };
            orders::close(conn, order.id, "outdated").await?;
            let Ok(to) = advance(&certificate.facts, &Event::OrderAbandoned, self.clock.today()) else { continue };
            let expected = (certificate.facts.status, certificate.facts.stage);
            moves.push(Move::new(order.certificate, expected, to, "order-abandoned", json!({ "reason": "outdated" })));
            again.push(order.certificate);
        }
        events::apply(conn, ACTOR, &moves).await?;
        job_kinds::enqueue_issuing(conn, &again, attempt.batch).await?;
        Ok(())
    }

    /// Abandons orders whose page cannot be made and holds their certificates with the reason; a certificate that changed since
    /// its order is tried again as it is now.
    pub(super) async fn hold(
        &self,
        conn: &mut PgConnection,
        attempt: &Attempt,
        refused: &[(Order, String)],
        code: &'static str,
    ) -> anyhow::Result<()> {
        let ids: Vec<CertificateId> = refused.iter().map(|(order, _)| order.certificate).collect();
        let today = self.clock.today();
        let known = certificates::facts(conn, &ids, true).await?;
        let open: Vec<_> = orders::open(conn, &ids).await?.into_iter().map(|order| order.id).collect();
        let (mut abandoned, mut again) = (Vec::new(), Vec::new());
        let refused: Vec<&(Order, String)> = refused.iter().filter(|(order, _)| open.contains(&order.id)).collect();
        for (order, _) in &refused {
            let Some(certificate) = known.iter().find(|known| known.id == order.certificate) else { continue };
            orders::close(conn, order.id, code).await?;
            let Ok(to) = advance(&certificate.facts, &Event::OrderAbandoned, today) else { continue };
            let expected = (certificate.facts.status, certificate.facts.stage);
            abandoned.push(Move::new(order.certificate, expected, to, "order-abandoned", json!({ "reason": code })));
            if certificate.revision != order.revision {
                again.push(order.certificate);
            }
        }
        events::apply(conn, ACTOR, &abandoned).await?;
        let known = certificates::facts(conn, &ids, true).await?;
        let mut held = Vec::new();
        for (order, reason) in refused.iter().filter(|(order, _)| !again.contains(&order.certificate)) {
            let Some(certificate) = known.iter().find(|known| known.id == order.certificate) else { continue };
            let Ok(to) = advance(&certificate.facts, &Event::Held, today) else { continue };
            let expected = (certificate.facts.status, certificate.facts.stage);
            let mut step = Move::new(order.certificate, expected, to, "held", json!({ "reason": code }));
            step.hold_reason = Some(reason.clone());
            held.push(step);
        }
        events::apply(conn, ACTOR, &held).await?;
        job_kinds::enqueue_issuing(conn, &again, attempt.batch).await?;
        Ok(())
    }
}
