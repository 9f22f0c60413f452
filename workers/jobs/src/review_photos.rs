//! Reviews a chunk of photos: decodes under limits, normalises to a portrait, approves, holds or rejects. An approval releases
//! the holder's waiting certificates to issuing in the same transaction.

use anyhow::Context as _;
use domain::ids::{CertificateId, PhotoId};
use domain::lifecycle::{Event, advance};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use portrait::{Limits, Verdict, review};
use serde_json::{Value, json};
use store::events::Move;
use store::handler::{Conclusion, JobHandler, halve_ids, ids};
use store::ledger::Attempt;
use store::objects::{Area, Objects};
use store::photos::{ForReview, Review};
use store::pool::PgPool;
use store::{certificates, events, job_kinds, photos};

use crate::clock::Clock;

/// The handler of [`job_kinds::REVIEW_PHOTOS`].
#[derive(Debug)]
pub struct ReviewPhotos {
    /// The database.
    pub pool: PgPool,
    /// Where originals and portraits lie.
    pub objects: Objects,
    /// The present day.
    pub clock: Clock,
}

/// Who decides in the name of the automatic checks.
const REVIEWER: &str = "automatic-review";

impl JobHandler for ReviewPhotos {
    fn kind(&self) -> &'static str {
        job_kinds::REVIEW_PHOTOS
    }

    fn run<'a>(&'a self, attempt: &'a Attempt) -> BoxFuture<'a, anyhow::Result<Conclusion>> {
        self.work(attempt).boxed()
    }

    fn halves(&self, payload: &Value) -> Option<[Value; 2]> {
        halve_ids(payload, "photos")
    }
}

impl ReviewPhotos {
    async fn work(&self, attempt: &Attempt) -> anyhow::Result<Conclusion> {
        let photo_ids: Vec<PhotoId> = ids(&attempt.payload, "photos")?.into_iter().map(PhotoId).collect();
        let mut conn = self.pool.acquire().await?;
        let waiting = photos::for_review(&mut conn, &photo_ids).await.context("read the photos to review")?;
        let shared = photos::shared_originals(&mut conn, &photo_ids).await?;
        drop(conn);
        let objects = self.objects.clone();
        let count = waiting.len();
        let (reviews, portraits) = tokio::task::spawn_blocking(move || review_all(&objects, &waiting, &shared)).await??;
        let mut tx = self.pool.begin().await?;
        let decided = photos::decide(&mut tx, REVIEWER, &reviews).await.context("record the reviews")?;
        let ready = self.release(&mut tx, &decided, &reviews).await?;
        job_kinds::enqueue_issuing(&mut tx, &ready, attempt.batch).await?;
        tracing::info!(photos = count, portraits, released = ready.len(), "photos reviewed");
        Ok(Conclusion::done(tx))
    }

    /// Moves the holders' waiting certificates on; returns those that became ready.
    async fn release(
        &self,
        conn: &mut store::pool::PgConnection,
        decided: &[(domain::ids::PersonId, PhotoId)],
        reviews: &[Review],
    ) -> anyhow::Result<Vec<CertificateId>> {
        let persons: Vec<_> = decided.iter().map(|(person, _)| *person).collect();
        let waiting = certificates::waiting_for_photo(conn, &persons).await?;
        let known = certificates::facts(conn, &waiting, true).await?;
        let today = self.clock.today();
        let mut moves = Vec::new();
        for certificate in known {
            let Some((_, photo)) = decided.iter().rev().find(|(person, _)| *person == certificate.person) else { continue };
            let Some(outcome) = reviews.iter().find(|review| review.photo == *photo) else { continue };
            let (event, name) = match (certificate.facts.photo_approved, outcome.decision) {
                (true, _) => (Event::PhotoApproved, "photo-approved"),
                (false, "held") => (Event::PhotoHeld, "photo-held"),
                (false, _) => (Event::PhotoRejected, "photo-rejected"),
            };
            let expected = (certificate.facts.status, certificate.facts.stage);
            // A refusal leaves the certificate where it is; its reasons show on it.
            let Ok(to) = advance(&certificate.facts, &event, today) else { continue };
            moves.push(Move::new(certificate.id, expected, to, name, json!({ "photo": photo.0, "codes": codes(&outcome.findings) })));
        }
        let moved = events::apply(conn, REVIEWER, &moves).await?;
        Ok(moves
            .iter()
            .filter(|m| m.to.stage == domain::status::Stage::Ready && moved.contains(&m.certificate))
            .map(|m| m.certificate)
            .collect())
    }
}

/// The codes of a review's findings.
fn codes(findings: &Value) -> Vec<&str> {
    findings.as_array().into_iter().flatten().filter_map(|finding| finding["code"].as_str()).collect()
}

/// Reviews every photo and stores the portraits, durable on return.
fn review_all(objects: &Objects, waiting: &[ForReview], shared: &[PhotoId]) -> anyhow::Result<(Vec<Review>, usize)> {
    let limits = Limits::default();
    let mut reviews = Vec::with_capacity(waiting.len());
    let mut portraits = Vec::new();
    for photo in waiting {
        let digest: [u8; 32] = photo.sha256.as_slice().try_into().context("a digest of 32 bytes")?;
        let bytes = objects.read(&photo.key, &digest).with_context(|| format!("read photo {}", photo.id))?;
        let (decision, findings) = match review(&bytes, &limits) {
            Ok(reviewed) => {
                let mut findings: Vec<Value> =
                    reviewed.findings.iter().map(|f| json!({ "code": f.code, "zh": f.zh, "en": f.en, "measured": f.measured })).collect();
                if shared.contains(&photo.id) {
                    findings
                        .push(json!({ "code": "photo-duplicate", "zh": "同一照片用于多人", "en": "one picture under several persons" }));
                    ("held", findings)
                } else if reviewed.verdict == Verdict::Held {
                    ("held", findings)
                } else {
                    portraits.push((reviews.len(), reviewed.jpeg));
                    ("approved", findings)
                }
            }
            Err(refusal) => ("rejected", vec![json!({ "code": refusal.code(), "zh": refusal.zh(), "en": refusal.en() })]),
        };
        reviews.push(Review { photo: photo.id, decision, findings: Value::Array(findings), portrait: None });
    }
    let stored = objects.write_all(Area::Portraits, portraits.iter().map(|(_, jpeg)| jpeg.as_slice()))?;
    for ((place, _), object) in portraits.iter().zip(&stored) {
        reviews[*place].portrait = Some((object.sha256, object.key.clone()));
    }
    Ok((reviews, stored.len()))
}
