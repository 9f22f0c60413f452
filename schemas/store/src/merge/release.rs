//! What follows from newly loaded certificates: requests for electronic ones, photos that had come before their record.

use std::collections::HashSet;

use domain::ids::{BatchId, CertificateId, PersonId};
use domain::lifecycle::{Event, advance};
use domain::reasons::{self, Action, Reason};
use domain::status::Stage;
use serde_json::json;
use sqlx::PgConnection;

use super::Rules;
use crate::events::{self, Move};
use crate::{certificates, job_kinds, photos};

/// Requests electronic certificates where nothing stands against them that does not pass; the ready ones are enqueued.
///
/// A request against which only something temporary stands (a lock, a period that begins later, a kind that starts later, a
/// missing photo) is kept: it is served when that has passed, see [`crate::ready`].
pub(super) async fn request(conn: &mut PgConnection, due: &[CertificateId], batch: BatchId, rules: Rules<'_>) -> sqlx::Result<()> {
    let known = certificates::facts(conn, due, true).await?;
    let (mut moves, mut ready) = (Vec::new(), Vec::new());
    // A corrected delivery asks again for what it asked before; only what is still on paper moves.
    for certificate in known.iter().filter(|known| known.facts.stage == Stage::Paper) {
        let settings = rules.settings.kind(certificate.facts.kind);
        let against = reasons::against(Action::Issue, &certificate.facts, settings, &rules.settings.contact_zh, rules.today);
        if !against.iter().all(Reason::is_temporary) {
            continue;
        }
        let Ok(to) = advance(&certificate.facts, &Event::Requested, rules.today) else { continue };
        let expected = (certificate.facts.status, certificate.facts.stage);
        moves.push(Move::new(certificate.id, expected, to, "requested", json!({ "batch": batch.0 })));
        if to.stage == Stage::Ready && against.is_empty() {
            ready.push(certificate.id);
        }
    }
    events::apply(conn, rules.actor, &moves).await?;
    job_kinds::enqueue_issuing(conn, &ready, Some(batch)).await?;
    let waits = |m: &&Move| m.to.stage == Stage::AwaitingPhoto;
    let waiting: HashSet<CertificateId> = moves.iter().filter(waits).map(|m| m.certificate).collect();
    let holders: Vec<PersonId> = known.iter().filter(|known| waiting.contains(&known.id)).map(|known| known.person).collect();
    photo_received(conn, &holders, batch, rules.actor, rules.today).await
}

/// Gives photos that came before their record to their holders and has them reviewed; also asked once more at the end of every
/// import, so that neither of two imports that run at once misses what the other brought.
///
/// # Errors
/// The database's.
pub async fn adopt_photos(conn: &mut PgConnection, batch: BatchId, actor: &str, today: time::Date) -> sqlx::Result<()> {
    let adopted = photos::adopt(conn).await?;
    let (to_review, holders): (Vec<_>, Vec<_>) = adopted.into_iter().unzip();
    job_kinds::enqueue_review(conn, &to_review, Some(batch)).await?;
    photo_received(conn, &holders, batch, actor, today).await
}

/// Moves certificates that await a photo into review where their holder's photo waits for its review.
///
/// # Errors
/// The database's.
pub async fn photo_received(
    conn: &mut PgConnection,
    persons: &[PersonId],
    batch: impl Into<Option<BatchId>>,
    actor: &str,
    today: time::Date,
) -> sqlx::Result<()> {
    let detail = batch.into().map_or_else(|| json!({}), |batch| json!({ "batch": batch.0 }));
    if persons.is_empty() {
        return Ok(());
    }
    let in_review = photos::holders_in_review(conn, persons).await?;
    let waiting = certificates::of_holders(conn, &in_review, &[Stage::AwaitingPhoto]).await?;
    let known = certificates::facts(conn, &waiting, false).await?;
    let moves: Vec<Move> = known
        .iter()
        .filter(|certificate| certificate.facts.stage == Stage::AwaitingPhoto)
        .filter_map(|certificate| {
            let to = advance(&certificate.facts, &Event::PhotoReceived, today).ok()?;
            let expected = (certificate.facts.status, certificate.facts.stage);
            Some(Move::new(certificate.id, expected, to, "photo-received", detail.clone()))
        })
        .collect();
    events::apply(conn, actor, &moves).await?;
    Ok(())
}
