//! `ecert photo next|approve|reject|undo|release`: one reviewer, one photo.

use anyhow::{Context as _, bail};
use domain::ids::PhotoId;
use domain::photo_reason::PhotoReason;
use serde_json::{Value, json};
use store::photo_cases::{self, Answer, Effect};
use store::pool::PgPool;

use super::list::minutes_until;
use super::{cause, lease, show};
use crate::app::App;
use crate::cli::PhotoFiles;
use crate::output::{answer, iso};

pub(super) async fn next(app: &App, pool: &PgPool, files: &PhotoFiles) -> anyhow::Result<()> {
    let (document, text) = take_next(app, pool, files).await?;
    answer(app.json, &json!({ "photo": document }), || text)
}

/// Takes the photo that has waited longest: what is known of it, for programs and for people; nothing where none waits.
async fn take_next(app: &App, pool: &PgPool, files: &PhotoFiles) -> anyhow::Result<(Value, String)> {
    let actor = app.actor(pool).await?;
    let mut conn = pool.acquire().await?;
    let Some(claimed) = photo_cases::claim_next(&mut conn, &actor, lease(app)).await? else {
        return Ok((Value::Null, "no photo waits for you\n".to_owned()));
    };
    let shown = show::find(&mut conn, claimed.photo).await?;
    show::write_files(app, &shown, files).await?;
    let id = claimed.photo;
    let mut text = show::text(&shown, files);
    if files.original.is_none() && files.portrait.is_none() {
        text += &format!("\nlook at it: ecert photo show {id} --original FILE --portrait FILE.jpg\n");
    }
    text += &format!(
        "\nyours for {} minutes: ecert photo approve {id} | reject {id} --reason CODE [--note TEXT] | release {id}\n",
        minutes_until(claimed.until)
    );
    Ok((show::document(&shown), text))
}

pub(super) async fn approve(app: &App, pool: &PgPool, id: PhotoId, note: Option<&str>, next: Option<PhotoFiles>) -> anyhow::Result<()> {
    decide(app, pool, id, Answer::Approve, note, next).await
}

pub(super) async fn reject(
    app: &App,
    pool: &PgPool,
    id: PhotoId,
    codes: &[String],
    note: Option<&str>,
    next: Option<PhotoFiles>,
) -> anyhow::Result<()> {
    let mut reasons = Vec::new();
    for code in codes {
        let Some(reason) = PhotoReason::of_code(code) else { bail!("there is no reason {code:?}; `ecert photo reasons` lists them") };
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    decide(app, pool, id, Answer::Reject(reasons), note, next).await
}

async fn decide(app: &App, pool: &PgPool, id: PhotoId, what: Answer, note: Option<&str>, next: Option<PhotoFiles>) -> anyhow::Result<()> {
    let actor = app.actor(pool).await?;
    let mut tx = pool.begin().await?;
    let effect = photo_cases::decide(&mut tx, cause(&actor), id, &what, note, lease(app)).await?;
    tx.commit().await?;
    let word = if what == Answer::Approve { "approved" } else { "rejected" };
    let follows = match next {
        Some(files) => Some(take_next(app, pool, &files).await.with_context(|| format!("photo {id} is {word}, but the next one"))?),
        None => None,
    };
    told(app, id, word, &effect, follows)
}

fn told(app: &App, id: PhotoId, word: &str, effect: &Effect, next: Option<(Value, String)>) -> anyhow::Result<()> {
    let mut document = json!({ "photo": id.to_string(), "decision": word, "to_issue": effect.ready.len(), "until": iso(effect.until) });
    let mut after = String::new();
    if let Some((shown, text)) = next {
        document["next"] = shown;
        after = format!("\n{text}");
    }
    answer(app.json, &document, || {
        let follows = match effect.ready.len() {
            0 if word == "approved" => "no certificate was waiting for it".to_owned(),
            0 => "its holder's certificates wait for another photo".to_owned(),
            1 => "1 certificate goes on to issuing".to_owned(),
            n => format!("{n} certificates go on to issuing"),
        };
        format!(
            "photo {id} is {word}; {follows}\n`ecert photo undo {id}` takes it back within {} minutes\n{after}",
            minutes_until(effect.until)
        )
    })
}

pub(super) async fn undo(app: &App, pool: &PgPool, id: PhotoId) -> anyhow::Result<()> {
    let actor = app.actor(pool).await?;
    let mut tx = pool.begin().await?;
    let effect = photo_cases::take_back(&mut tx, cause(&actor), id, lease(app)).await?;
    tx.commit().await?;
    answer(app.json, &json!({ "photo": id.to_string(), "until": iso(effect.until) }), || {
        format!("the decision about photo {id} is taken back; it is yours for {} minutes\n", minutes_until(effect.until))
    })
}

pub(super) async fn release(app: &App, pool: &PgPool, id: PhotoId) -> anyhow::Result<()> {
    let actor = app.actor(pool).await?;
    let mut conn = pool.acquire().await?;
    if !photo_cases::release(&mut conn, id, &actor).await? {
        show::find(&mut conn, id).await?;
        bail!("photo {id} is not in the hands of {actor}; `ecert photo list` shows who holds what");
    }
    answer(app.json, &json!({ "photo": id.to_string() }), || format!("photo {id} is free again\n"))
}
