//! `ecert queue`: what waits, runs and failed, and what staff do about it.

mod act;
mod dead;
mod list;

use std::process::ExitCode;

use anyhow::bail;
use domain::ids::BatchId;
use serde_json::json;
use store::ledger::controls::{self, Order, Scope};
use store::pool::PgPool;

use crate::app::App;
use crate::cli::{Queue, ScopeArgs};
use crate::output::answer;
use crate::wiring::QUEUES;

use act::Action;

/// `ecert queue …`
pub(crate) async fn run(app: &App, command: Queue) -> anyhow::Result<ExitCode> {
    let pool = app.known_database().await?;
    match command {
        Queue::List { filter, limit } => list::run(app, &pool, &filter.wanted(), i64::from(limit)).await?,
        Queue::Dead => dead::groups(app, &pool).await?,
        Queue::Show { id } => dead::show(app, &pool, id).await?,
        Queue::Retry(meant) => act::run(app, &pool, &meant, Action::Retry).await?,
        Queue::Discard(meant) => act::run(app, &pool, &meant, Action::Discard).await?,
        Queue::Cancel(meant) => act::run(app, &pool, &meant, Action::Cancel).await?,
        Queue::Priority { priority, meant } => act::run(app, &pool, &meant, Action::Priority(priority)).await?,
        Queue::Pause { scope, why } => pause(app, &pool, scope, &why, true).await?,
        Queue::Resume { scope, why } => pause(app, &pool, scope, &why, false).await?,
        Queue::Limit { queue, running, per_minute, why } => {
            known_queue(&queue)?;
            let actor = app.actor(&pool).await?;
            let mut tx = pool.begin().await?;
            controls::limit(&mut tx, &queue, running, per_minute, Order { actor: &actor, why: &why }).await?;
            tx.commit().await?;
            answer(app.json, &json!({ "queue": queue, "running": running, "per_minute": per_minute }), || {
                let told = [running.map(|n| format!("{n} at once")), per_minute.map(|n| format!("{n} a minute"))];
                let told: Vec<String> = told.into_iter().flatten().collect();
                if told.is_empty() {
                    format!("{queue} has no limit\n")
                } else {
                    format!("{queue}: at most {} from now on\n", told.join(", "))
                }
            })?;
        }
        Queue::Drain { host, undo, why } => drain(app, &pool, host, undo, &why).await?,
    }
    Ok(ExitCode::SUCCESS)
}

fn known_queue(name: &str) -> anyhow::Result<()> {
    if !QUEUES.contains(&name) {
        bail!("there is no queue {name:?}; there are {}", QUEUES.join(", "));
    }
    Ok(())
}

async fn pause(app: &App, pool: &PgPool, scope: ScopeArgs, why: &str, on: bool) -> anyhow::Result<()> {
    let scope = match (scope.queue, scope.batch) {
        (Some(queue), _) => {
            known_queue(&queue)?;
            Scope::Queue(queue)
        }
        (None, Some(batch)) => {
            if store::batches::find(&mut *pool.acquire().await?, BatchId(batch)).await?.is_none() {
                bail!("there is no batch {batch}; `ecert batch list` shows them");
            }
            Scope::Batch(BatchId(batch))
        }
        (None, None) => Scope::All,
    };
    let actor = app.actor(pool).await?;
    let order = Order { actor: &actor, why };
    let mut tx = pool.begin().await?;
    let changed = if on { controls::pause(&mut tx, &scope, order).await? } else { controls::resume(&mut tx, &scope, order).await? };
    tx.commit().await?;
    let what = match &scope {
        Scope::All => "every queue".to_owned(),
        Scope::Queue(queue) => queue.clone(),
        Scope::Batch(batch) => format!("batch {batch}"),
    };
    answer(app.json, &json!({ "paused": on, "changed": changed }), || match (on, changed) {
        (true, true) => format!("{what} is paused: what runs is finished, nothing else begins; `ecert queue resume` lets it go on\n"),
        (true, false) => format!("{what} was paused already\n"),
        (false, true) => format!("{what} goes on\n"),
        (false, false) => format!("{what} was not paused by itself; `ecert queue resume` without a name ends every pause\n"),
    })
}

async fn drain(app: &App, pool: &PgPool, host: Option<String>, undo: bool, why: &str) -> anyhow::Result<()> {
    // A worker is called HOST-PROCESS-START.
    let own = || app.worker.rsplitn(3, '-').nth(2).unwrap_or(&app.worker).to_owned();
    let host = host.unwrap_or_else(own);
    let actor = app.actor(pool).await?;
    let mut tx = pool.begin().await?;
    let changed = controls::drain(&mut tx, &host, !undo, Order { actor: &actor, why }).await?;
    tx.commit().await?;
    answer(app.json, &json!({ "host": host, "drained": !undo, "changed": changed }), || match (undo, changed) {
        (false, true) => {
            format!(
                "the workers of {host} end when their work in hand is done; `ecert queue drain {host} --undo` takes it into use again\n"
            )
        }
        (false, false) => format!("{host} was drained already\n"),
        (true, true) => format!("{host} is in use again; start its workers\n"),
        (true, false) => format!("{host} was not drained\n"),
    })
}
