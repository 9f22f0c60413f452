//! Reviews a chunk of photos: the automatic checks approve, reject, or leave a photo to a person. An approval releases the holder's waiting
//! certificates to issuing in the same transaction.

use anyhow::Context as _;
use bytes::Bytes;
use domain::ids::PhotoId;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use portrait::{Check, Grade, Likeness, Limits, Measure, Policy, Refusal, Reviewer, Rules, Verdict};
use serde_json::{Value, json};
use store::handler::{Conclusion, JobHandler, halve_ids, ids};
use store::job_kinds;
use store::ledger::Attempt;
use store::objects::{Area, Objects};
use store::photo_effects::Cause;
use store::photo_reviews::{self, Review, SamePicture};
use store::photo_statistics::Decision;
use store::photos::{self, ForReview};
use store::pool::{PgConnection, PgPool};

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
    /// The thresholds for photos that come with the records of the past.
    pub legacy: Rules,
    /// The thresholds for what holders upload.
    pub upload: Rules,
}

/// One picture under two names.
pub const SAME: SamePicture<'_> = SamePicture { forms: Likeness::FORMS, decides: &is_same };

fn is_same(one: &[u8], other: &[u8]) -> bool {
    Likeness::from_bytes(one).zip(Likeness::from_bytes(other)).is_some_and(|(one, other)| one.is_same(&other))
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

    /// A photo that cannot be checked waits for a person, who can at least ask its holder for another one.
    fn buried<'a>(&'a self, conn: &'a mut PgConnection, attempt: &'a Attempt, _why: &'a str) -> BoxFuture<'a, anyhow::Result<()>> {
        async move {
            let photos = ids(&attempt.payload, "photos").unwrap_or_default();
            Ok(photo_reviews::give_up(conn, REVIEWER, &photos).await?)
        }
        .boxed()
    }
}

impl ReviewPhotos {
    async fn work(&self, attempt: &Attempt) -> anyhow::Result<Conclusion> {
        let photo_ids: Vec<PhotoId> = ids(&attempt.payload, "photos")?.into_iter().map(PhotoId).collect();
        let mut conn = self.pool.acquire().await?;
        let waiting = photos::for_review(&mut conn, &photo_ids).await.context("read the photos to review")?;
        drop(conn);
        let count = waiting.len();
        let wanted = waiting.iter().map(|photo| (photo.key.clone(), photo.sha256.clone()));
        let originals = self.objects.read_all(wanted).await.context("read the photos")?;
        let (legacy, upload) = (self.legacy.clone(), self.upload.clone());
        let (mut reviews, portraits) =
            tokio::task::spawn_blocking(move || review_all(&waiting, &originals, Reviewer::new(Limits::default(), legacy, upload)))
                .await??;
        let (places, files): (Vec<usize>, Vec<Vec<u8>>) = portraits.into_iter().unzip();
        let stored = self.objects.write_all(Area::Portraits, files).await.context("store the portraits")?;
        for (place, object) in places.into_iter().zip(stored) {
            reviews[place].portrait = Some((object.sha256, object.key));
        }
        let mut tx = self.pool.begin().await?;
        let cause = Cause { actor: REVIEWER, today: self.clock.today(), batch: attempt.batch };
        let outcome = photo_reviews::decide(&mut tx, cause, reviews, SAME).await.context("record the reviews")?;
        tracing::info!(
            photos = count,
            decided = outcome.decided.len(),
            released = outcome.ready.len(),
            reopened = outcome.reopened.len(),
            "photos reviewed"
        );
        Ok(Conclusion::done(tx))
    }
}

/// The reviews, and each portrait with the place of its review.
type Reviewed = (Vec<Review>, Vec<(usize, Vec<u8>)>);

/// Reviews every photo; the originals are in the same order.
fn review_all(waiting: &[ForReview], originals: &[Bytes], mut reviewer: Reviewer) -> anyhow::Result<Reviewed> {
    let mut reviews = Vec::with_capacity(waiting.len());
    let mut portraits = Vec::new();
    for (photo, bytes) in waiting.iter().zip(originals) {
        let policy = Policy::of_code(&photo.policy).with_context(|| format!("photo {} has another policy", photo.id))?;
        reviews.push(match reviewer.review(bytes, policy) {
            Ok(review) => {
                portraits.push((reviews.len(), review.portrait.jpeg));
                // Pictures that show nothing all look the same.
                let shows = |check: &Check| check.measure != Measure::Content || check.grade == Grade::Pass;
                Review {
                    photo: photo.id,
                    decision: decision(review.verdict),
                    findings: review.checks.iter().filter(|check| check.grade != Grade::Pass).map(finding).collect(),
                    checks: review.checks.iter().map(measured).collect(),
                    portrait: None,
                    likeness: review.checks.iter().all(shows).then(|| review.likeness.to_bytes()),
                    refused: false,
                }
            }
            Err(refusal) => refused(photo.id, &refusal),
        });
    }
    Ok((reviews, portraits))
}

fn decision(verdict: Verdict) -> Decision {
    match verdict {
        Verdict::Approved => Decision::Approved,
        Verdict::Held => Decision::Held,
        Verdict::Rejected => Decision::Rejected,
    }
}

fn refused(photo: PhotoId, refusal: &Refusal) -> Review {
    let findings = json!([{ "code": refusal.code(), "zh": refusal.zh(), "en": refusal.en() }]);
    Review { photo, decision: Decision::Rejected, findings, checks: json!([]), portrait: None, likeness: None, refused: true }
}

/// A check that did not pass, as its holder and the reviewer read it.
fn finding(check: &Check) -> Value {
    json!({
        "code": check.measure.as_str(), "grade": check.grade.as_str(), "zh": check.zh(), "en": check.en(),
        "measured": check.measured(), "threshold": check.threshold(),
    })
}

/// Any check, in few bytes.
fn measured(check: &Check) -> Value {
    json!({ "check": check.measure.as_str(), "value": check.measured(), "grade": check.grade.as_str() })
}
