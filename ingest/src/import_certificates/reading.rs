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
use store::ledger::{self, Attempt};
use store::profiles;
use tokio::sync::{Mutex, mpsc};

use super::{ImportCertificates, LANES};
use crate::certificate_file::{self, CertificateFile};
use crate::certificate_row::Context;
use crate::profile::Profile;
use crate::staging::{Asked, stage};

/// Rows on their way into the table.
struct Staged {
    step: Step,
    rows: RowCopy,
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
            let Some(Staged { step, rows }) = receive.lock().await.recv().await else { return Ok(()) };
            let mut tx = self.pool.begin().await?;
            rows.send(&mut tx).await.context("stage rows")?;
            intake_steps::staged(&mut tx, batch, step).await.context("note the step")?;
            ledger::fence(&mut tx, attempt).await?;
            ledger::progress(&mut tx, attempt, step.upto, None).await?;
            tx.commit().await?;
        }
    }
}

struct Reading {
    path: PathBuf,
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
            Ok(file) => file,
            Err(error) => return Ok(Err(error.to_string())),
        };
        let step = i64::try_from(self.step)?;
        let mut done = self.done.as_slice();
        let (mut row_no, mut after, mut rows) = (0_i64, 0_i64, RowCopy::new(self.batch));
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
                if rows.last_row() > after && !hand_over(send, &mut rows, self.batch, Step { after, upto: row_no - 1 }) {
                    return Ok(Ok(ended(&file, row_no)));
                }
                after = row_no;
                continue;
            }
            stage(&mut rows, row_no, &row, &self.asked);
            if row_no - after >= step {
                if !hand_over(send, &mut rows, self.batch, Step { after, upto: row_no }) {
                    return Ok(Ok(ended(&file, row_no)));
                }
                after = row_no;
            }
        }
        if rows.last_row() > after {
            hand_over(send, &mut rows, self.batch, Step { after, upto: row_no });
        }
        Ok(Ok(ended(&file, row_no)))
    }
}

/// Gives a step to whoever copies; false when the attempt ended and nobody does.
fn hand_over(send: &mpsc::Sender<Staged>, rows: &mut RowCopy, batch: BatchId, step: Step) -> bool {
    let full = std::mem::replace(rows, RowCopy::new(batch));
    send.blocking_send(Staged { step, rows: full }).is_ok()
}

fn ended(file: &CertificateFile, last: i64) -> Ended {
    Ended { last, titles: file.header().titles().iter().map(ToString::to_string).collect(), encoding: file.encoding().as_str() }
}
