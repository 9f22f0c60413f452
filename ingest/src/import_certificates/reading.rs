//! The delivered file becomes staged rows: one thread reads and normalises, several connections copy.

use std::sync::Arc;

use anyhow::Context as _;
use domain::ids::BatchId;
use domain::kind::Kind;
use futures::future::try_join_all;
use store::batches::{self, Batch};
use store::database::{ImportPhase, prepare_import};
use store::intake_rows::RowCopy;
use store::intake_steps::{self, Step};
use store::intake_titles::{self, TitlesFrom};
use store::ledger::{self, Attempt};
use store::objects::ObjectFile;
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
            file: self.objects.as_file(&batch.location).await?,
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
        batches::read_to_end(&mut tx, batch.id, ended.last).await?;
        batches::advance(&mut tx, batch.id, "resolve", ended.last).await?;
        tx.commit().await?;
        Ok(None)
    }

    async fn copy_lane(&self, attempt: &Attempt, batch: BatchId, receive: &Mutex<mpsc::Receiver<Staged>>) -> anyhow::Result<()> {
        loop {
            let Some(Staged { step, rows, titles }) = receive.lock().await.recv().await else { return Ok(()) };
            let mut tx = self.pool.begin().await?;
            prepare_import(&mut tx, ImportPhase::Stage).await?;
            rows.send(&mut tx).await.context("stage rows")?;
            intake_titles::keep(&mut tx, batch, &titles).await.context("keep titles")?;
            intake_steps::staged(&mut tx, batch, step).await.context("note the step")?;
            ledger::fence(&mut tx, attempt).await?;
            // Lanes end in any order: the place of one says nothing of the rows before it.
            let staged = intake_steps::rows_staged(&mut tx, batch).await?;
            ledger::progress(&mut tx, attempt, staged, None).await?;
            tx.commit().await?;
        }
    }
}

struct Reading {
    file: ObjectFile,
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
        let mut file = match certificate_file::open(self.file.path(), self.kind, self.context.clone()) {
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

#[cfg(test)]
mod tests {
    use domain::settings::Settings;
    use time::macros::date;

    use super::*;

    /// The steps into which a register is read, and the titles kept with each.
    fn steps(text: &str, done: Vec<Step>) -> Vec<(Step, usize)> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
        let (kind, today) = (Kind::SafetyPersonnel, date!(2026 - 10 - 31));
        let settings = Arc::new(Settings::default());
        let reading = Reading {
            file: ObjectFile::in_place(file.path().to_owned()),
            file_name: "登记.csv".to_owned(),
            kind,
            context: Context::new(today, Settings::default()),
            batch: BatchId(1),
            asked: Asked { kind, issue_policy: "all".to_owned(), settings, today },
            step: 5_000,
            done,
        };
        let (send, mut receive) = mpsc::channel(64);
        assert!(reading.run(&send).unwrap().is_ok());
        drop(send);
        std::iter::from_fn(|| receive.blocking_recv()).map(|staged| (staged.step, staged.titles.len())).collect()
    }

    #[test]
    fn a_step_of_long_rows_is_bounded_by_bytes() {
        let row = format!("张三,610103198001011233,陕建安B（2017）0000001,2017-05-18,2020-05-17,{}\n", "长".repeat(300_000));
        let steps = steps(&("姓名,身份证号,证书编号,发证日期,有效期至,备注\n".to_owned() + &row.repeat(30)), Vec::new());
        assert_eq!((steps[0].0.after, steps.last().unwrap().0.upto), (0, 31));
        assert!(steps.iter().all(|(step, titles)| step.upto - step.after <= 11 && *titles == 0), "{steps:?}");
    }

    #[test]
    fn titles_that_stand_in_no_row_are_kept_with_the_step_of_the_first_row_below_them() {
        let lines = "{\"姓名\":\"张三\",\"身份证号\":\"610103198001011233\",\"证书编号\":\"陕建安B（2017）0000001\"}\n".repeat(2);
        let text = lines.clone() + &lines.replace("\"姓名\"", "\"备注\":\"\",\"姓名\"");
        assert_eq!(steps(&text, Vec::new()), [(Step { after: 0, upto: 4 }, 2)]);
        let resumed = steps(&text, vec![Step { after: 0, upto: 1 }]);
        assert_eq!(resumed, [(Step { after: 1, upto: 4 }, 1)], "those of a step that is staged were kept with it");
    }
}
