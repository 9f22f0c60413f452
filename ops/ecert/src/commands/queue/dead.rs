//! `ecert queue dead` and `ecert queue show`: what failed for good, and everything that is known of one job.

use anyhow::Context as _;
use serde_json::json;
use store::ledger::dead_letters;
use store::ledger::matching;
use store::pool::PgPool;

use super::list;
use crate::app::App;
use crate::output::{answer, civil_minute, grouped, iso, table};

/// Things that a job is about, of which so many are shown.
const SUBJECTS: i64 = 20;

pub(super) async fn groups(app: &App, pool: &PgPool) -> anyhow::Result<()> {
    let groups = dead_letters::groups(&mut *pool.acquire().await?).await?;
    let document = json!({ "dead": groups.iter().map(|group| json!({
        "kind": group.kind, "error_code": group.code, "jobs": group.jobs, "first": iso(group.first), "last": iso(group.last),
        "error_text": group.text,
    })).collect::<Vec<_>>() });
    answer(app.json, &document, || {
        if groups.is_empty() {
            return "no job is dead\n".to_owned();
        }
        let mut rows = vec![["jobs", "queue", "error", "first", "last", "what the last one said"].map(str::to_owned).to_vec()];
        rows.extend(groups.iter().map(|group| {
            let (first, last) = (civil_minute(group.first), civil_minute(group.last));
            vec![grouped(group.jobs), group.kind.clone(), group.code.clone(), first, last, group.text.clone()]
        }));
        table(&rows)
            + "`ecert queue list --state dead --error CODE` lists them, `ecert queue show JOB` tells one; `ecert queue retry` or `discard` decides\n"
    })
}

pub(super) async fn show(app: &App, pool: &PgPool, id: i64) -> anyhow::Result<()> {
    let mut conn = pool.acquire().await?;
    let job = matching::find(&mut conn, id).await?;
    let job = job.with_context(|| format!("there is no job {id}; `ecert queue list --state STATE` shows their numbers"))?;
    let attempts = dead_letters::attempts(&mut conn, id).await?;
    let subjects = dead_letters::subjects(&mut conn, id, SUBJECTS).await?;
    let mut document = list::job(&job);
    document["attempts"] =
        json!(attempts.iter().map(|one| json!({
        "attempt": one.attempt, "worker": one.worker, "started_at": iso(one.started_at), "finished_at": one.finished_at.map(iso),
        "outcome": one.outcome, "error_code": one.error_code, "error_text": one.error_text,
    })).collect::<Vec<_>>());
    document["about"] = json!(subjects.iter().map(|one| json!({ "subject": one.subject, "state": one.state })).collect::<Vec<_>>());
    answer(app.json, &document, || {
        let mut text = table(&list::rows(std::slice::from_ref(&job)));
        let mut rows = vec![["attempt", "began", "ended", "outcome", "worker", "error"].map(str::to_owned).to_vec()];
        rows.extend(attempts.iter().map(|one| {
            let error = [one.error_code.as_deref(), one.error_text.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(": ");
            let ended = one.finished_at.map_or_else(|| "-".to_owned(), civil_minute);
            let outcome = one.outcome.clone().unwrap_or_else(|| "running".to_owned());
            vec![one.attempt.to_string(), civil_minute(one.started_at), ended, outcome, one.worker.clone(), error]
        }));
        text += "\n";
        text += &table(&rows);
        if !subjects.is_empty() {
            let mut rows = vec![["about", "is now"].map(str::to_owned).to_vec()];
            rows.extend(subjects.iter().map(|one| vec![one.subject.clone(), one.state.clone()]));
            text += "\n";
            text += &table(&rows);
            if i64::try_from(subjects.len()) == Ok(SUBJECTS) {
                text += &format!("the first {SUBJECTS} only\n");
            }
        }
        text
    })
}
