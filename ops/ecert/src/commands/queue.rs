//! `ecert queue`.

use std::process::ExitCode;

use serde_json::json;

use crate::app::App;
use crate::cli::Queue;
use crate::key_files::KeyFiles;
use crate::output::{answer, grouped, table};
use crate::wiring::QUEUES;

/// `ecert queue …`
pub(crate) async fn run(app: &App, command: &Queue) -> anyhow::Result<ExitCode> {
    let Queue::List = command;
    let pool = app.known_database().await?;
    let mut queues = store::ledger::queues(&mut *pool.acquire().await?).await?;
    for kind in QUEUES {
        if !queues.iter().any(|queue| queue.kind == kind) {
            queues.push(store::ledger::QueueRow::empty(kind));
        }
    }
    queues.sort_by(|a, b| a.kind.cmp(&b.kind));
    let waits_for_keys = !KeyFiles::new(app.home.keys()).present();
    let document = json!({ "queues": queues.iter().map(|q| json!({
        "kind": q.kind, "waiting": q.waiting, "running": q.running, "retrying": q.retrying, "dead": q.dead,
        "done_last_hour": q.done_last_hour, "oldest_waiting_seconds": q.oldest_waiting_seconds, "paused": false,
    })).collect::<Vec<_>>() });
    answer(app.json, &document, || {
        let mut rows =
            vec![["queue", "waiting", "running", "retrying", "dead", "done last hour", "oldest waiting"].map(str::to_owned).to_vec()];
        rows.extend(queues.iter().map(|q| {
            vec![
                q.kind.clone(),
                grouped(q.waiting),
                grouped(q.running),
                grouped(q.retrying),
                grouped(q.dead),
                grouped(q.done_last_hour),
                q.oldest_waiting_seconds.map_or_else(|| "-".to_owned(), |seconds| format!("{seconds} s")),
            ]
        }));
        let mut text = table(&rows);
        let issuing = queues.iter().find(|q| q.kind == store::job_kinds::ISSUE_CERTIFICATES);
        if waits_for_keys && issuing.is_some_and(|q| q.waiting > 0) {
            text += "issuing waits for a document key: `ecert keys init` makes a test authority with all keys\n";
        }
        text
    })?;
    Ok(ExitCode::SUCCESS)
}
