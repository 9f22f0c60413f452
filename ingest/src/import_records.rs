//! The job that imports decisions, applications, violations and business under way: read and stage, put into order, let them take
//! effect, balance.
//!
//! Each phase goes in bounded transactions that remember how far it has come, so a crash costs one step. Memory does not
//! depend on the length of the file.

use std::sync::Arc;

use anyhow::Context as _;
use domain::ids::BatchId;
use domain::kind::Kind;
use domain::settings::Settings;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use store::batches::{self, Batch};
use store::database::refresh_statistics;
use store::handler::{Conclusion, JobHandler};
use store::intake_titles::{self, TitlesFrom};
use store::ledger::{self, Attempt, Ending};
use store::merge::Rules;
use store::objects::Objects;
use store::pool::{PgConnection, PgPool};
use store::records::{self, NewRecord};
use store::{applications, census, decisions, intake_rows, job_kinds, pending, violations};
use time::Date;
use tokio::sync::mpsc;

use crate::import_job::{ACTOR, STEP_BYTES, TIME_LIMIT, bury};
use crate::shapes::delivery::{self, Delivery};
use crate::shapes::{ReadRecord, RecordShape};
use crate::titles_in_force::{RowBelow, TitlesInForce};

/// The handler of [`job_kinds::IMPORT_RECORDS`]; payload `{"batch": id}`.
pub struct ImportRecords {
    /// The database.
    pub pool: PgPool,
    /// Where deliveries lie.
    pub objects: Objects,
    /// Dates per kind.
    pub settings: Arc<Settings>,
    /// The present civil day.
    pub today: Arc<dyn Fn() -> Date + Send + Sync>,
    /// Rows of one transaction.
    pub step: usize,
}

impl JobHandler for ImportRecords {
    fn kind(&self) -> &'static str {
        job_kinds::IMPORT_RECORDS
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

impl ImportRecords {
    async fn work(&self, attempt: &Attempt) -> anyhow::Result<Conclusion> {
        let id = BatchId(attempt.payload["batch"].as_i64().context("the payload names no batch")?);
        let batch = self.batch(id).await?;
        if batch.state != "running" {
            return Ok(Conclusion::done(self.pool.begin().await?));
        }
        let shape = RecordShape::of_code(&batch.shape).with_context(|| format!("batch {id} has another shape"))?;
        if batch.phase == "read"
            && let Some(reason) = self.read(attempt, &batch, shape).await?
        {
            let mut tx = self.pool.begin().await?;
            intake_rows::forget(&mut tx, id).await?;
            batches::fail(&mut tx, id, &reason).await?;
            // The reason names the file, and a file may be named after a person: it stands with the batch.
            tracing::warn!(batch.id = id.0, "the delivery cannot be read and was refused; `ecert batch show` says why");
            return Ok(Conclusion { tx, ending: Ending::Refused { code: "unreadable".to_owned(), text: reason } });
        }
        if self.batch(id).await?.phase == "resolve" {
            refresh_statistics(&mut *self.pool.acquire().await?).await?;
            let mut tx = self.pool.begin().await?;
            records::order(&mut tx, id).await.context("put the rows into order")?;
            census::before(&mut tx, id).await.context("count the register")?;
            // Last, since it locks the job's row and with it the renewal of the lease.
            ledger::fence(&mut tx, attempt).await?;
            batches::advance(&mut tx, id, "merge", 0).await?;
            let rows = records::last_turn(&mut tx, id).await?;
            ledger::progress(&mut tx, attempt, 0, Some(rows)).await?;
            tx.commit().await?;
        }
        self.take_effect(attempt, id, shape).await?;
        let mut tx = self.pool.begin().await?;
        let read = self.batch(id).await?.totals.read;
        census::after(&mut tx, id).await.context("count the register")?;
        batches::finish(&mut tx, id, read).await.context("balance the totals")?;
        tracing::info!(batch.id = id.0, rows = read, "import finished");
        Ok(Conclusion::done(tx))
    }

    async fn batch(&self, id: BatchId) -> anyhow::Result<Batch> {
        let mut conn = self.pool.acquire().await?;
        batches::find(&mut conn, id).await?.with_context(|| format!("there is no batch {id}"))
    }

    /// Reads and stages the file; a reason when its content cannot be read at all.
    async fn read(&self, attempt: &Attempt, batch: &Batch, shape: RecordShape) -> anyhow::Result<Option<String>> {
        let file = self.objects.as_file(&batch.location).await?;
        let kind = (!batch.kind.is_empty()).then(|| batch.kind.parse::<Kind>()).transpose()?;
        let done = {
            let mut conn = self.pool.acquire().await?;
            intake_rows::last_staged(&mut conn, batch.id).await?
        };
        let (send, mut receive) = mpsc::channel::<anyhow::Result<Chunk>>(2);
        let (step, name) = (self.step, batch.file_name.clone());
        let reader = tokio::task::spawn_blocking(move || match delivery::open(file.path(), shape, kind) {
            Ok(delivery) => read_chunks(delivery.told_as(&name), done, step, &send),
            Err(error) => Some(error.told_of(&name).to_string()),
        });
        while let Some(chunk) = receive.recv().await {
            let chunk = chunk.context("read the delivered file")?;
            let mut tx = self.pool.begin().await?;
            records::stage(&mut tx, batch.id, &chunk.rows).await.context("stage rows")?;
            intake_titles::keep(&mut tx, batch.id, &chunk.found).await.context("keep titles")?;
            ledger::fence(&mut tx, attempt).await?;
            batches::set_titles(&mut tx, batch.id, chunk.encoding, &chunk.titles).await?;
            if chunk.ended {
                batches::read_to_end(&mut tx, batch.id, chunk.last).await?;
            }
            batches::advance(&mut tx, batch.id, if chunk.ended { "resolve" } else { "read" }, chunk.last).await?;
            ledger::progress(&mut tx, attempt, chunk.last, None).await?;
            tx.commit().await?;
        }
        Ok(reader.await?)
    }

    async fn take_effect(&self, attempt: &Attempt, id: BatchId, shape: RecordShape) -> anyhow::Result<()> {
        let rules = Rules { settings: &self.settings, today: (self.today)(), actor: ACTOR };
        let step = i64::try_from(self.step)?;
        let mut rows = step;
        loop {
            let mut tx = self.pool.begin().await?;
            let batch = batches::find(&mut tx, id).await?.context("the batch is gone")?;
            let last = records::last_turn(&mut tx, id).await?;
            if batch.position >= last {
                return Ok(());
            }
            let after = batch.position;
            let asked = (after + rows).min(last);
            let upto = records::turns_within(&mut tx, id, (after, asked), i64::try_from(STEP_BYTES)?).await?;
            // Long rows are not looked at again and again in order to leave them for later.
            rows = if upto < asked { upto - after } else { (2 * rows).min(step) };
            match shape {
                RecordShape::Decisions => decisions::step(&mut tx, &batch, rules, after, upto).await,
                RecordShape::Applications => applications::step(&mut tx, &batch, rules, after, upto).await,
                RecordShape::Violations => violations::step(&mut tx, &batch, rules, after, upto).await,
                RecordShape::Pending => pending::step(&mut tx, &batch, rules, after, upto).await,
            }
            .context("let rows take effect")?;
            ledger::fence(&mut tx, attempt).await?;
            ledger::progress(&mut tx, attempt, upto, Some(last)).await?;
            tx.commit().await?;
        }
    }
}

/// Rows that are staged in one transaction.
struct Chunk {
    rows: Vec<NewRecord>,
    last: i64,
    /// Titles of the first header.
    titles: Vec<String>,
    /// Titles that stand in no row.
    found: Vec<TitlesFrom>,
    encoding: &'static str,
    ended: bool,
}

/// Sends the records after the first `done` in chunks; a reason when the content is at fault, so that reading it again cannot
/// help. The receiver is gone only when the attempt ended.
fn read_chunks(mut delivery: Delivery, done: i64, step: usize, send: &mpsc::Sender<anyhow::Result<Chunk>>) -> Option<String> {
    let (mut rows, mut bytes, mut in_force) = (Vec::new(), 0, TitlesInForce::default());
    let mut row_no = 0_i64;
    loop {
        let next = delivery.next();
        let ended = next.is_none();
        match next {
            Some(Ok(record)) => {
                row_no += 1;
                let below = RowBelow { row_no, sheet: record.record.sheet(), outcome: record.outcome, findings: &record.findings };
                in_force.note(&below, delivery.columns());
                if row_no <= done {
                    // Its titles were kept with it.
                    in_force.take();
                } else {
                    // The cells are there twice, as delivered and as read.
                    bytes += 2 * record.record.size_bytes() + record.record.sheet().len();
                    rows.push(staged(row_no, record));
                }
            }
            Some(Err(error)) if error.is_of_content() => return Some(error.to_string()),
            Some(Err(error)) => {
                let _ = send.blocking_send(Err(error.into()));
                return None;
            }
            None => {}
        }
        if rows.len() >= step || bytes >= STEP_BYTES || ended {
            bytes = 0;
            let titles = delivery.header().titles().iter().map(ToString::to_string).collect();
            let (rows, found) = (std::mem::take(&mut rows), in_force.take());
            let chunk = Chunk { rows, last: row_no, titles, found, encoding: delivery.encoding(), ended };
            if send.blocking_send(Ok(chunk)).is_err() || ended {
                return None;
            }
        }
    }
}

fn staged(row_no: i64, read: ReadRecord) -> NewRecord {
    NewRecord {
        row_no,
        sheet: read.record.sheet().to_owned(),
        line: i64::try_from(read.record.line()).unwrap_or(i64::MAX),
        outcome: read.outcome.as_str(),
        findings: read.findings.iter().map(intake_rows::finding_json).collect(),
        original: read.record.fields().map(str::to_owned).collect(),
        fields: read.fields,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_of_long_rows_is_bounded_by_bytes() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let row = format!("张三,610103198001011233,陕建安B（2017）0000001,一,注销,2020-01-01,{}\n", "长".repeat(300_000));
        let text = "姓名,身份证号,证书编号,决定文号,决定类型,决定日期,决定事由\n".to_owned() + &row.repeat(30);
        std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
        let delivery = delivery::open(file.path(), RecordShape::Decisions, None).unwrap();
        let (send, mut receive) = mpsc::channel(64);
        assert_eq!(read_chunks(delivery, 0, 5_000, &send), None);
        drop(send);
        let mut rows = Vec::new();
        while let Some(chunk) = receive.blocking_recv() {
            rows.push(chunk.unwrap().rows.len());
        }
        assert_eq!(rows.iter().sum::<usize>(), 31);
        assert!(rows.iter().all(|&rows| rows <= 6), "{rows:?}");
    }
}
