//! `ecert photo stats`.

use serde_json::json;
use store::photo_statistics::{self, Statistics};
use store::pool::PgPool;
use time::Duration;

use crate::app::{self, App};
use crate::output::{answer, civil_minute, grouped, iso, table};

pub(super) async fn run(app: &App, pool: &PgPool, days: u16) -> anyhow::Result<()> {
    let since = app::now() - Duration::days(i64::from(days));
    let read = photo_statistics::read(&mut *pool.acquire().await?, since).await?;
    let Statistics {
        waiting,
        claimed,
        oldest_since,
        decisions_this_hour,
        decisions_last_hour,
        automatic,
        human,
        appealed,
        overturned,
        taken_back,
    } = read;
    let share = |part: i64| if automatic + human == 0 { 0.0 } else { part as f64 * 100.0 / (automatic + human) as f64 };
    let document = json!({
        "waiting": waiting, "claimed": claimed, "oldest_since": oldest_since.map(iso), "since": iso(since),
        "decisions_this_hour": decisions_this_hour, "decisions_last_hour": decisions_last_hour,
        "automatic": automatic, "human": human, "automatic_percent": share(automatic),
        "appealed": appealed, "overturned": overturned, "taken_back": taken_back,
    });
    answer(app.json, &document, || {
        let oldest = oldest_since.map_or_else(String::new, |at| format!(", the oldest since {}", civil_minute(at)));
        let line = |name: &str, text: String| vec![name.to_owned(), text];
        let rows = [
            line("waiting for a reviewer", format!("{} ({} of them in somebody's hands){oldest}", grouped(waiting), grouped(claimed))),
            line(
                "decided by reviewers",
                format!("{} this hour, {} in the hour before", grouped(decisions_this_hour), grouped(decisions_last_hour)),
            ),
            line(&format!("last {days} days, by the checks"), format!("{} ({:.1} %)", grouped(automatic), share(automatic))),
            line(&format!("last {days} days, by people"), format!("{} ({:.1} %)", grouped(human), share(human))),
            line("appeals", format!("{}, {} rejections overturned", grouped(appealed), grouped(overturned))),
            line("taken back", grouped(taken_back)),
        ];
        table(&rows)
    })
}
