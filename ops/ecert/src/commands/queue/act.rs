//! Actions on all jobs that match, with a dry run that says how many and shows ten.

use anyhow::bail;
use serde_json::{Value, json};
use store::ledger::controls::{self, Acted, Order};
use store::ledger::matching::{self, JobFilter, JobRow};
use store::pool::{PgConnection, PgPool};

use super::list;
use crate::app::App;
use crate::cli::OnAll;
use crate::output::{answer, grouped, table};

/// What is done to the jobs.
#[derive(Debug, Clone, Copy)]
pub(super) enum Action {
    Retry,
    Discard,
    Cancel,
    Priority(i32),
}

/// Jobs that a dry run shows.
const SHOWN: i64 = 10;

impl Action {
    /// The states of jobs that can be meant.
    fn states(self) -> &'static [&'static str] {
        match self {
            Self::Retry => &["dead", "retrying"],
            Self::Discard => &["dead"],
            Self::Cancel | Self::Priority(_) => &["waiting", "retrying"],
        }
    }

    fn done(self) -> &'static str {
        match self {
            Self::Retry => "tried again",
            Self::Discard => "discarded",
            Self::Cancel => "cancelled",
            Self::Priority(_) => "given the priority",
        }
    }

    async fn act(self, conn: &mut PgConnection, filter: &JobFilter, order: Order<'_>) -> store::Result<Acted> {
        match self {
            Self::Retry => controls::retry(conn, filter, order).await,
            Self::Discard => controls::discard(conn, filter, order).await,
            Self::Cancel => controls::cancel(conn, filter, order).await,
            Self::Priority(priority) => controls::prioritise(conn, filter, priority, order).await,
        }
    }
}

/// Acts on all that match; a dry run does the same and takes it back. Only a retry, which takes nothing away, needs no word on which.
pub(super) async fn run(app: &App, pool: &PgPool, meant: &OnAll, action: Action) -> anyhow::Result<()> {
    let filter = &meant.filter.wanted();
    if filter.is_empty() && !meant.all && !matches!(action, Action::Retry) {
        bail!("say which jobs are meant (--queue, --state, --batch, --error, --older-than), or --all");
    }
    if let Some(kind) = &filter.kind {
        super::known_queue(kind)?;
    }
    if let Some(state) = filter.state.as_deref().filter(|state| !action.states().contains(state)) {
        bail!("jobs that are {state} cannot be {}; only those that are {} can", action.done(), action.states().join(" or "));
    }
    let actor = app.actor(pool).await?;
    let mut tx = pool.begin().await?;
    let shown = if meant.dry_run { matching::list(&mut tx, filter, action.states(), SHOWN).await? } else { Vec::new() };
    let acted = action.act(&mut tx, filter, Order { actor: &actor, why: &meant.why }).await?;
    if meant.dry_run {
        tx.rollback().await?;
    } else {
        tx.commit().await?;
    }
    answer(app.json, &document(&acted, &shown, meant.dry_run), || text(&acted, &shown, action, meant.dry_run))
}

fn document(acted: &Acted, shown: &[JobRow], dry_run: bool) -> Value {
    let mut document = json!({ "dry_run": dry_run, "changed": acted.changed.len(), "skipped": acted.skipped.len() });
    if dry_run {
        document["jobs"] = json!(shown.iter().map(list::job).collect::<Vec<_>>());
    }
    document
}

fn text(acted: &Acted, shown: &[JobRow], action: Action, dry_run: bool) -> String {
    let count = |n: usize| grouped(i64::try_from(n).unwrap_or(i64::MAX));
    let changed = count(acted.changed.len());
    let mut text = match dry_run {
        true => format!("{changed} jobs would be {}; nothing was changed\n", action.done()),
        false => format!("{changed} jobs are {}\n", action.done()),
    };
    if !acted.skipped.is_empty() {
        text += &format!("{} are left alone, because a newer job or delivery stands for them\n", count(acted.skipped.len()));
    }
    if !shown.is_empty() {
        text += &table(&list::rows(shown));
    }
    text
}
