//! The job that imports an archive or a folder of photos: originals become durable objects, photos find their holders, and
//! those that found one go to review.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use domain::finding::Outcome;
use domain::ids::BatchId;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use serde_json::json;
use store::batches::{self, Batch};
use store::handler::{Conclusion, JobHandler};
use store::intake_rows::{self, StagedRow};
use store::job_kinds;
use store::ledger::{self, Attempt, Ending};
use store::merge;
use store::objects::{Area, ObjectFile, Objects, Stored};
use store::photos::{self, NewPhoto};
use store::pool::{PgConnection, PgPool};
use time::Date;
use tokio::sync::mpsc;

use crate::import_job::{ACTOR, STEP_BYTES, TIME_LIMIT, bury};
use crate::photo_archive::{PhotoArchive, PhotoEntry};

/// The handler of [`job_kinds::IMPORT_PHOTOS`]; payload `{"batch": id}`.
pub struct ImportPhotos {
    /// The database.
    pub pool: PgPool,
    /// Where deliveries and originals lie.
    pub objects: Objects,
    /// The present civil day.
    pub today: Arc<dyn Fn() -> Date + Send + Sync>,
}

/// Photos of one transaction, fewer where they are large.
const STEP: usize = 50;

/// The report's title for the one original value of a photo: its path.
const TITLE: &str = "照片文件名";

impl JobHandler for ImportPhotos {
    fn kind(&self) -> &'static str {
        job_kinds::IMPORT_PHOTOS
    }

    fn time_limit(&self) -> std::time::Duration {
        TIME_LIMIT
    }

    fn run<'a>(&'a self, attempt: &'a Attempt) -> BoxFuture<'a, anyhow::Result<Conclusion>> {
        self.work(attempt).boxed()
    }

    fn buried<'a>(&'a self, conn: &'a mut PgConnection, attempt: &'a Attempt, why: &'a str) -> BoxFuture<'a, anyhow::Result<()>> {
        bury(conn, attempt, why)
    }
}

/// A row of the archive on its way into the tables.
struct Taken {
    row: StagedRow,
    photo: Option<NewPhoto>,
}

impl ImportPhotos {
    async fn work(&self, attempt: &Attempt) -> anyhow::Result<Conclusion> {
        let id = BatchId(attempt.payload["batch"].as_i64().context("the payload names no batch")?);
        let mut conn = self.pool.acquire().await?;
        let batch = batches::find(&mut conn, id).await?.with_context(|| format!("there is no batch {id}"))?;
        let done = intake_rows::last_staged(&mut conn, id).await?;
        drop(conn);
        if batch.state != "running" {
            return Ok(Conclusion::done(self.pool.begin().await?));
        }
        let (send, mut receive) = mpsc::channel::<anyhow::Result<Vec<PhotoEntry>>>(1);
        let (delivery, name) = (self.delivery(&batch).await?, batch.file_name.clone());
        let reader = tokio::task::spawn_blocking(move || read((delivery.path(), &name), done, &send));
        while let Some(step) = receive.recv().await {
            let step = self.store_step(step.context("read the delivered photos")?).await?;
            self.take(attempt, &batch, step).await?;
        }
        if let Some(reason) = reader.await? {
            let mut tx = self.pool.begin().await?;
            batches::fail(&mut tx, id, &reason).await?;
            // The reason names the file, and a file may be named after a person: it stands with the batch.
            tracing::warn!(batch.id = id.0, "the delivery cannot be read and was refused; `ecert batch show` says why");
            return Ok(Conclusion { tx, ending: Ending::Refused { code: "unreadable".to_owned(), text: reason } });
        }
        let mut tx = self.pool.begin().await?;
        merge::adopt_photos(&mut tx, id, ACTOR, (self.today)()).await?;
        let read = intake_rows::last_staged(&mut tx, id).await?;
        batches::finish(&mut tx, id, read).await.context("balance the totals")?;
        tracing::info!(batch.id = id.0, photos = read, "photo import finished");
        Ok(Conclusion::done(tx))
    }

    /// An object for an archive, the folder itself for a folder.
    async fn delivery(&self, batch: &Batch) -> anyhow::Result<ObjectFile> {
        let named = PathBuf::from(&batch.location);
        if named.is_absolute() { Ok(ObjectFile::in_place(named)) } else { Ok(self.objects.as_file(&batch.location).await?) }
    }

    /// Makes the originals durable.
    async fn store_step(&self, mut entries: Vec<PhotoEntry>) -> anyhow::Result<Vec<Taken>> {
        let usable = |entry: &PhotoEntry| matches!(entry.outcome(), Outcome::Loaded | Outcome::Warned) && entry.identity.is_ok();
        let (usable, mut contents): (Vec<bool>, Vec<Vec<u8>>) =
            entries.iter_mut().map(|entry| (usable(entry), std::mem::take(&mut entry.bytes))).unzip();
        let mut kept = usable.iter();
        contents.retain(|_| kept.next() == Some(&true));
        let stored = self.objects.write_all(Area::Photos, contents).await?;
        taken(entries, &usable, stored)
    }

    async fn take(&self, attempt: &Attempt, batch: &Batch, step: Vec<Taken>) -> anyhow::Result<()> {
        let new: Vec<NewPhoto> = step.iter().filter_map(|taken| taken.photo.clone()).collect();
        let mut rows: Vec<StagedRow> = Vec::with_capacity(step.len());
        let mut tx = self.pool.begin().await?;
        ledger::fence(&mut tx, attempt).await?;
        let received = photos::receive(&mut tx, Some(batch.id), &new).await.context("take photos in")?;
        let mut links = Vec::new();
        for Taken { mut row, photo } in step {
            if let Some(photo) = photo {
                let found =
                    received.iter().find(|r| r.id_number == photo.id_number && r.id_kind == photo.id_kind && r.sha256 == photo.sha256);
                if let Some(found) = found {
                    let mut note = |code: &str| row.findings.push(json!({ "code": code, "original": photo.file_name }));
                    if !found.new {
                        note("photo-again");
                    }
                    if found.person.is_none() {
                        note("photo-unmatched");
                        row.outcome = "held";
                    }
                    links.push((row.row_no, found.id));
                }
            }
            rows.push(row);
        }
        intake_rows::copy(&mut tx, batch.id, &rows).await.context("stage rows")?;
        intake_rows::link_photos(&mut tx, batch.id, &links).await?;
        let (review, holders): (Vec<_>, Vec<_>) = received.iter().filter(|r| r.new).filter_map(|r| Some((r.id, r.person?))).unzip();
        job_kinds::enqueue_review(&mut tx, &review, Some(batch.id)).await?;
        merge::photo_received(&mut tx, &holders, batch.id, ACTOR, (self.today)()).await?;
        let last = rows.last().map_or(batch.position, |row| row.row_no);
        batches::set_titles(&mut tx, batch.id, "", &[TITLE.to_owned()]).await?;
        batches::advance(&mut tx, batch.id, "read", last).await?;
        ledger::progress(&mut tx, attempt, last, None).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Reads the archive in steps; a reason when it cannot be read at all.
fn read((location, name): (&Path, &str), done: i64, send: &mpsc::Sender<anyhow::Result<Vec<PhotoEntry>>>) -> Option<String> {
    let mut archive = match PhotoArchive::open(location) {
        Ok(archive) => archive,
        Err(error) => return Some(error.told_of(name).to_string()),
    };
    let mut entries = Vec::with_capacity(STEP);
    for entry in archive.entries_from(u64::try_from(done).unwrap_or(0)) {
        match entry {
            Ok(entry) => entries.push(entry.glanced_at()),
            // The photos before the damage are taken: they are whole, and named each for itself.
            Err(error) if error.is_of_content() => {
                let reason = error.told_of(name).to_string();
                let _ = entries.is_empty() || send.blocking_send(Ok(entries)).is_ok();
                return Some(reason);
            }
            Err(error) => {
                let _ = send.blocking_send(Err(error.into()));
                return None;
            }
        }
        let bytes: usize = entries.iter().map(|entry: &PhotoEntry| entry.bytes.len()).sum();
        if (entries.len() >= STEP || bytes >= 4 * STEP_BYTES) && send.blocking_send(Ok(std::mem::take(&mut entries))).is_err() {
            return None;
        }
    }
    if !entries.is_empty() {
        let _ = send.blocking_send(Ok(entries));
    }
    None
}

/// The rows of a step, and the photos of those that are usable.
fn taken(entries: Vec<PhotoEntry>, usable: &[bool], stored: Vec<Stored>) -> anyhow::Result<Vec<Taken>> {
    let mut stored = stored.into_iter();
    entries
        .into_iter()
        .zip(usable)
        .map(|(entry, usable)| {
            let place = i64::try_from(entry.position)?;
            let row = StagedRow {
                row_no: place,
                line: place,
                outcome: entry.outcome().as_str(),
                findings: entry.findings.iter().map(intake_rows::finding_json).collect(),
                original: vec![entry.path_in_archive.clone()],
                ..StagedRow::default()
            };
            let mut photo = None;
            if *usable && let Ok(identity) = &entry.identity {
                let object = stored.next().context("an object for each usable photo")?;
                photo = Some(NewPhoto {
                    file_name: entry.file_name.clone(),
                    id_kind: identity.kind().as_str().to_owned(),
                    id_number: identity.number().to_owned(),
                    sha256: object.sha256,
                    key: object.key,
                    size_bytes: i64::try_from(object.size_bytes)?,
                    policy: "legacy",
                });
            }
            Ok(Taken { row, photo })
        })
        .collect()
}
