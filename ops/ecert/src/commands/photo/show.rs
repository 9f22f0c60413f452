//! `ecert photo show`: one photo with its checks, decisions and files.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::bail;
use domain::ids::PhotoId;
use serde_json::{Value, json};
use store::photo_views::{self, Reviewed, Shown};
use store::pool::{PgConnection, PgPool};

use super::list::{self, hands, holder, masked};
use crate::app::App;
use crate::cli::PhotoFiles;
use crate::out_file::write_whole;
use crate::output::{answer, civil_minute, grouped, iso, table};

pub(super) async fn run(app: &App, pool: &PgPool, id: PhotoId, files: &PhotoFiles) -> anyhow::Result<()> {
    let shown = find(&mut *pool.acquire().await?, id).await?;
    write_files(app, &shown, files).await?;
    answer(app.json, &document(&shown), || text(&shown, files))
}

pub(super) async fn find(conn: &mut PgConnection, id: PhotoId) -> anyhow::Result<Shown> {
    match photo_views::show(conn, id).await? {
        Some(shown) => Ok(shown),
        None => bail!("there is no photo {id}; `ecert photo list` shows those that wait, --state others"),
    }
}

/// Writes the pictures that were asked for.
pub(super) async fn write_files(app: &App, shown: &Shown, files: &PhotoFiles) -> anyhow::Result<()> {
    if let Some(path) = &files.original {
        write(app, &shown.original, path).await?;
    }
    if let Some(path) = &files.portrait {
        let Some(portrait) = &shown.portrait else {
            bail!("photo {} has no portrait: {}", shown.listed.id, without_portrait(&shown.listed.state))
        };
        write(app, portrait, path).await?;
    }
    Ok(())
}

fn without_portrait(state: &str) -> &'static str {
    if state == "received" { "the automatic checks have not seen it yet" } else { "it could not be read as a picture" }
}

async fn write(app: &App, (key, sha256): &(String, Vec<u8>), path: &Path) -> anyhow::Result<()> {
    let bytes = app.objects().read(key, sha256).await?;
    write_whole(path, &bytes)
}

pub(super) fn document(shown: &Shown) -> Value {
    let mut document = list::document(&shown.listed);
    let more = json!({
        "person": shown.person.map(|person| person.0), "batch": shown.batch.map(|batch| batch.to_string()), "size_bytes": shown.size_bytes,
        "replaced_by": shown.replaced_by.map(|photo| photo.to_string()), "has_portrait": shown.portrait.is_some(),
        "reviews": shown.reviews.iter().map(|review| json!({
            "at": iso(review.at), "by": review.reviewer, "decision": review.decision, "findings": review.findings, "checks": review.checks,
            "reasons": review.reasons, "note": review.note,
        })).collect::<Vec<_>>(),
    });
    if let (Some(all), Value::Object(more)) = (document.as_object_mut(), more) {
        all.extend(more);
    }
    document
}

pub(super) fn text(shown: &Shown, files: &PhotoFiles) -> String {
    let photo = &shown.listed;
    let came = shown.batch.map_or_else(|| "uploaded".to_owned(), |batch| format!("with batch {batch}"));
    let mut rows = vec![
        vec!["photo".to_owned(), photo.id.to_string()],
        vec!["holder".to_owned(), format!("{} {}", holder(photo), masked(photo))],
        vec!["state".to_owned(), state(shown)],
        vec![
            "came".to_owned(),
            format!(
                "{} {came}, {} bytes, thresholds for {}",
                civil_minute(photo.received_at),
                grouped(shown.size_bytes),
                whose(&photo.policy)
            ),
        ],
    ];
    if let Some(since) = photo.opened_at {
        let hands = hands(photo);
        let by = if hands.is_empty() { "free".to_owned() } else { format!("in the hands of {hands}") };
        rows.push(vec![
            "waits".to_owned(),
            format!("since {} for a person ({}), {by}", civil_minute(since), photo.cause.as_deref().unwrap_or("checks")),
        ]);
    }
    for (name, path) in [("original", &files.original), ("portrait", &files.portrait)] {
        rows.extend(path.as_ref().map(|path| vec![name.to_owned(), format!("written to {}", path.display())]));
    }
    let mut text = table(&rows);
    if let Some(review) = shown.reviews.iter().rev().find(|review| review.checks.as_array().is_some_and(|checks| !checks.is_empty())) {
        text += &checks(review);
    }
    text += if shown.reviews.is_empty() { "" } else { "\ndecisions\n" };
    for review in &shown.reviews {
        let _ = writeln!(text, "  {}  {}  {}", civil_minute(review.at), review.decision, review.reviewer);
        for finding in review.findings.as_array().into_iter().flatten() {
            let _ = writeln!(text, "      {}", finding["zh"].as_str().unwrap_or_default());
            let _ = writeln!(text, "      {}", finding["en"].as_str().unwrap_or_default());
            let others = finding["photos"].as_array().into_iter().flatten().map(Value::to_string).collect::<Vec<_>>();
            if !others.is_empty() {
                let _ = writeln!(text, "      the same picture: photo {}", others.join(", "));
            }
        }
        if let Some(note) = review.note.as_deref().filter(|_| review.reasons.is_empty()) {
            let _ = writeln!(text, "      {note}");
        }
    }
    text
}

fn state(shown: &Shown) -> String {
    match shown.replaced_by {
        Some(by) => format!("replaced by photo {by}"),
        None if shown.person.is_none() => format!("{}, holder not known yet", shown.listed.state),
        None => shown.listed.state.clone(),
    }
}

fn whose(policy: &str) -> &'static str {
    if policy == "upload" { "uploads" } else { "legacy photos" }
}

/// What the automatic checks measured: those that did not pass are marked.
fn checks(review: &Reviewed) -> String {
    let cell = |check: &Value, key: &str| check[key].as_str().unwrap_or_default().to_owned();
    let all: Vec<Vec<String>> = review
        .checks
        .as_array()
        .into_iter()
        .flatten()
        .map(|check| {
            let grade = cell(check, "grade");
            let mark = if grade == "pass" { String::new() } else { grade };
            vec![format!("  {}", cell(check, "check")), cell(check, "value"), mark]
        })
        .collect();
    format!("\nchecks\n{}", table(&all))
}
