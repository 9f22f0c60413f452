//! The delivered file becomes staged rows: one thread reads and normalises, several connections copy.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use domain::ids::BatchId;
use domain::kind::Kind;
use futures::future::try_join_all;
use store::batches::{self, Batch};
use store::intake_rows::RowCopy;
use store::intake_steps::{self, Step};
use store::intake_titles::{self, TitlesFrom};
use store::ledger::{self, Attempt};
use store::profiles;
use tokio::sync::{Mutex, mpsc};

use super::{ImportCertificates, LANES};
use crate::certificate_file::{self, CertificateFile};
use crate::certificate_row::{Context, ReadRow};
use crate::import_job::STEP_BYTES;
use crate::profile::Profile;
use crate::staging::{Asked, stage};
use crate::titles_in_force::{RowBelow, TitlesInForce};

/// Rows on their way into the table.
struct Staged {
    step: Step,
    rows: RowCopy,
    titles: Vec<TitlesFrom>,
}

/// What was found at the end of the file.
struct Ended {
    last: i64,
    titles: Vec<String>,
    encoding: &'static str,
}

impl ImportCertificates {
    /// Reads and stages the file; a reason when its content cannot be read at all.
    pub(super) async fn read(&self, attempt: &Attempt, batch: &Batch, kind: Kind) -> anyhow::Result<Option<String>> {
        let done = intake_steps::all(&mut *self.pool.acquire().await?, batch.id).await?;
        let profile = match profiles::find(&mut *self.pool.acquire().await?, batch.id).await? {
            Some(text) => Some(Arc::new(Profile::parse(&text).context("read the profile of the batch")?)),
            None => None,
        };
        let reading = Reading {
            path: self.objects.path(&batch.location),
            file_name: batch.file_name.clone(),
            kind,
            context: Context { profile, ..Context::new(batch.as_of, (*self.settings).clone()) },
            batch: batch.id,
            asked: Asked { kind, issue_policy: batch.issue_policy.clone(), settings: self.settings.clone(), today: (self.today)() },
            step: self.step,
            done,
        };
        let (send, receive) = mpsc::channel(LANES);
        let reader = tokio::task::spawn_blocking(move || reading.run(&send));
        let receive = Mutex::new(receive);
        let staged = try_join_all((0..LANES).map(|_| self.copy_lane(attempt, batch.id, &receive))).await;
        // Without a receiver the reader stops at its next step.
        drop(receive);
        staged?;
        let ended = match reader.await?? {
            Ok(ended) => ended,
            Err(reason) => return Ok(Some(reason)),
        };
        let mut tx = self.pool.begin().await?;
        ledger::fence(&mut tx, attempt).await?;
        batches::set_titles(&mut tx, batch.id, ended.encoding, &ended.titles).await?;
        batches::advance(&mut tx, batch.id, "resolve", ended.last).await?;
        tx.commit().await?;
        Ok(None)
    }

    async fn copy_lane(&self, attempt: &Attempt, batch: BatchId, receive: &Mutex<mpsc::Receiver<Staged>>) -> anyhow::Result<()> {
        loop {
            let Some(Staged { step, rows, titles }) = receive.lock().await.recv().await else { return Ok(()) };
            let mut tx = self.pool.begin().await?;
            rows.send(&mut tx).await.context("stage rows")?;
            intake_titles::keep(&mut tx, batch, &titles).await.context("keep titles")?;
            intake_steps::staged(&mut tx, batch, step).await.context("note the step")?;
            ledger::fence(&mut tx, attempt).await?;
            ledger::progress(&mut tx, attempt, step.upto, None).await?;
            tx.commit().await?;
        }
    }
}

struct Reading {
    path: PathBuf,
    /// The name by which the operator knows it.
    file_name: String,
    kind: Kind,
    context: Context,
    batch: BatchId,
    asked: Asked,
    step: usize,
    /// Steps that an attempt before this one staged.
    done: Vec<Step>,
}

impl Reading {
    /// Reads the file to its end, passing over what is staged already; the inner error is for the operator.
    fn run(self, send: &mpsc::Sender<Staged>) -> anyhow::Result<Result<Ended, String>> {
        let mut file = match certificate_file::open(&self.path, self.kind, self.context.clone()) {
            Ok(file) => file.told_as(&self.file_name),
            Err(error) => return Ok(Err(error.told_of(&self.file_name).to_string())),
        };
        let step = i64::try_from(self.step)?;
        let mut done = self.done.as_slice();
        let (mut row_no, mut after, mut rows) = (0_i64, 0_i64, Waiting::new(self.batch));
        for row in &mut file {
            let row = match row {
                Err(error) if error.is_of_content() => return Ok(Err(error.to_string())),
                row => row.context("read the delivered file")?,
            };
            row_no += 1;
            while let [first, rest @ ..] = done
                && first.upto < row_no
            {
                done = rest;
            }
            if done.first().is_some_and(|known| known.after < row_no) {
                if rows.copy.last_row() > after && !rows.hand_over(send, Step { after, upto: row_no - 1 }) {
                    return Ok(Ok(ended(&file, row_no)));
                }
                after = row_no;
                // Its titles were kept with it.
                rows.note_titles(row_no, &row);
                rows.titles.take();
                continue;
            }
            rows.note_titles(row_no, &row);
            stage(&mut rows.copy, row_no, &row, &self.asked);
            if row_no - after >= step || rows.copy.size_bytes() >= STEP_BYTES {
                if !rows.hand_over(send, Step { after, upto: row_no }) {
                    return Ok(Ok(ended(&file, row_no)));
                }
                after = row_no;
            }
        }
        if rows.copy.last_row() > after {
            rows.hand_over(send, Step { after, upto: row_no });
        }
        Ok(Ok(ended(&file, row_no)))
    }
}

/// Rows of the step in work, and the titles above them.
struct Waiting {
    batch: BatchId,
    copy: RowCopy,
    titles: TitlesInForce,
}

impl Waiting {
    fn new(batch: BatchId) -> Self {
        Self { batch, copy: RowCopy::new(batch), titles: TitlesInForce::default() }
    }

    fn note_titles(&mut self, row_no: i64, row: &ReadRow) {
        let below = RowBelow { row_no, sheet: row.sheet(), outcome: row.outcome, findings: &row.findings };
        self.titles.note(&below, Some(&row.columns));
    }

    /// Gives a step to whoever copies; false when the attempt ended and nobody does.
    fn hand_over(&mut self, send: &mpsc::Sender<Staged>, step: Step) -> bool {
        let rows = std::mem::replace(&mut self.copy, RowCopy::new(self.batch));
        send.blocking_send(Staged { step, rows, titles: self.titles.take() }).is_ok()
    }
}

fn ended(file: &CertificateFile, last: i64) -> Ended {
    Ended { last, titles: file.header().titles().iter().map(ToString::to_string).collect(), encoding: file.encoding().as_str() }
}
