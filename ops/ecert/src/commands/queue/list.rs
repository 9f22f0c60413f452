//! `ecert queue list`.

use serde_json::{Value, json};
use store::ledger::matching::{self, JobFilter, JobRow};
use store::ledger::{QueueRow, queues};
use store::pool::PgPool;

use crate::app::App;
use crate::key_files::KeyFiles;
use crate::output::{answer, grouped, table};
use crate::wiring::QUEUES;

/// Every state, in the order of a job's life.
const STATES: [&str; 6] = ["waiting", "running", "retrying", "dead", "done", "cancelled"];

pub(super) async fn run(app: &App, pool: &PgPool, filter: &JobFilter, limit: i64) -> anyhow::Result<()> {
    let mut conn = pool.acquire().await?;
    let mut all = queues(&mut conn).await?;
    for kind in QUEUES {
        if !all.iter().any(|queue| queue.kind == kind) {
            all.push(QueueRow::empty(kind));
        }
    }
    all.sort_by(|a, b| a.kind.cmp(&b.kind));
    let jobs = match filter.is_empty() {
        true => None,
        false => Some(matching::list(&mut conn, filter, &STATES, limit).await?),
    };
    drop(conn);
    let waits_for_keys = !KeyFiles::new(app.home.keys()).present();
    let mut document = json!({ "queues": all.iter().map(queue).collect::<Vec<_>>() });
    if let Some(jobs) = &jobs {
        document["jobs"] = json!(jobs.iter().map(job).collect::<Vec<_>>());
    }
    answer(app.json, &document, || match &jobs {
        None => told(&all, waits_for_keys),
        Some(jobs) if jobs.is_empty() => "no job matches\n".to_owned(),
        Some(jobs) => {
            let more =
                if i64::try_from(jobs.len()) == Ok(limit) { format!("the oldest {limit}; --limit shows more\n") } else { String::new() };
            table(&rows(jobs)) + &more
        }
    })
}

fn queue(q: &QueueRow) -> Value {
    json!({
        "kind": q.kind, "waiting": q.waiting, "running": q.running, "retrying": q.retrying, "dead": q.dead,
        "done_last_hour": q.done_last_hour, "oldest_waiting_seconds": q.oldest_waiting_seconds, "paused": q.paused,
        "limit_running": q.max_running, "limit_per_minute": q.per_minute,
    })
}

/// A job in JSON.
pub(super) fn job(job: &JobRow) -> Value {
    json!({
        "id": job.id, "kind": job.kind, "state": job.state, "batch": job.batch, "attempt": job.attempt, "max_attempts": job.max_attempts,
        "priority": job.priority, "error_code": job.error_code, "error_text": job.error_text, "age_seconds": job.age_seconds,
    })
}

/// Jobs as lines of a table.
pub(super) fn rows(jobs: &[JobRow]) -> Vec<Vec<String>> {
    let mut rows = vec![["job", "queue", "state", "batch", "attempt", "age", "error"].map(str::to_owned).to_vec()];
    rows.extend(jobs.iter().map(|job| {
        let error = [job.error_code.as_deref(), job.error_text.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(": ");
        vec![
            job.id.to_string(),
            job.kind.clone(),
            job.state.clone(),
            job.batch.map_or_else(|| "-".to_owned(), |batch| batch.to_string()),
            format!("{} of {}", job.attempt, job.max_attempts),
            age(job.age_seconds),
            if error.is_empty() { "-".to_owned() } else { error },
        ]
    }));
    rows
}

/// A number of seconds as people say it.
fn age(seconds: i64) -> String {
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        7_200..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}

fn told(all: &[QueueRow], waits_for_keys: bool) -> String {
    let head = ["queue", "waiting", "running", "retrying", "dead", "done last hour", "oldest waiting", "control"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    rows.extend(all.iter().map(|q| {
        let control = [
            q.paused.then(|| "paused".to_owned()),
            q.max_running.map(|n| format!("{n} at once")),
            q.per_minute.map(|n| format!("{n} a minute")),
        ];
        let control = control.into_iter().flatten().collect::<Vec<_>>().join(", ");
        vec![
            q.kind.clone(),
            grouped(q.waiting),
            grouped(q.running),
            grouped(q.retrying),
            grouped(q.dead),
            grouped(q.done_last_hour),
            q.oldest_waiting_seconds.map_or_else(|| "-".to_owned(), age),
            if control.is_empty() { "-".to_owned() } else { control },
        ]
    }));
    let mut text = table(&rows);
    if all.iter().any(|q| q.dead > 0) {
        text += "dead jobs wait for a decision: `ecert queue dead` says why they failed\n";
    }
    let issuing = all.iter().find(|q| q.kind == store::job_kinds::ISSUE_CERTIFICATES);
    if waits_for_keys && issuing.is_some_and(|q| q.waiting > 0) {
        text += "issuing waits for a document key: `ecert keys init` makes a test authority with all keys\n";
    }
    text
}
