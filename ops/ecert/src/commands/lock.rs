//! `ecert lock`: at once, whatever else is going on.

use std::process::ExitCode;

use anyhow::{Context as _, bail};
use domain::ids::{CertificateId, LockId, PersonId};
use domain::lifecycle::{Event, advance};
use domain::name::PersonName;
use domain::status::{LockCause, Stage};
use serde_json::json;
use store::events::{self, Move};
use store::locks::{self, NewLock, Subject};
use store::pool::{PgConnection, PgPool};
use store::{certificates, job_kinds};

use crate::app::{self, App};
use crate::cli::Lock;
use crate::commands::cert::find;
use crate::output::{answer, table};

/// `ecert lock …`
pub(crate) async fn run(app: &App, command: Lock) -> anyhow::Result<ExitCode> {
    let pool = app.known_database().await?;
    let actor = app.actor(&pool).await?;
    match command {
        Lock::Add { number, person, cause, until } => {
            let subject = match (number, person) {
                (Some(number), _) => Subject::Certificate(find(&pool, &number).await?.id),
                (None, Some(person)) => Subject::Person(PersonId(person)),
                (None, None) => bail!("name a certificate, or a person with --person"),
            };
            let new = NewLock { subject, cause: LockCause::parse(&cause), cause_text: cause, since: app::today(), until, appeal_by: None };
            add(app, &pool, &new, &actor).await?;
        }
        Lock::Lift { lock, why } => lift(app, &pool, LockId(lock), &why, &actor).await?,
        Lock::List => list(app, &pool).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn add(app: &App, pool: &PgPool, new: &NewLock, actor: &str) -> anyhow::Result<()> {
    if new.cause_text.trim().is_empty() {
        bail!("a lock needs a cause; say it with --cause");
    }
    if new.until.is_some_and(|until| until < new.since) {
        bail!("the lock would end before it begins; --until takes its last day");
    }
    let mut tx = pool.begin().await?;
    let under = locks::certificates_under(&mut tx, new.subject).await?;
    if under.is_empty() && matches!(new.subject, Subject::Person(_)) {
        bail!("no such person holds a certificate; `ecert cert show` and the database know the numbers of persons");
    }
    if let Some(known) = locks::same_in_force(&mut tx, new.subject, new.cause, &new.cause_text, new.since).await? {
        bail!("lock {known} is in force there with this very cause; nothing was changed; `ecert lock lift {known} --why TEXT` lifts it");
    }
    let id = locks::add(&mut tx, new, actor).await?;
    note(&mut tx, &under, &Event::LockSet, "locked", id, actor).await?;
    let holder = locks::holder_name(&mut tx, new.subject).await?.map(|name| PersonName::from_stored(name).masked());
    tx.commit().await?;
    let document = json!({ "id": id.to_string(), "certificates": under.len(), "holder_masked": holder, "cause": new.cause.as_str() });
    answer(app.json, &document, || {
        let (holder, class) = (holder.as_deref().unwrap_or("-"), new.cause.zh());
        format!("lock {id} holds on {} certificate(s) of {holder} from now on; outsiders are told: {class}\n", under.len())
    })
}

async fn lift(app: &App, pool: &PgPool, id: LockId, why: &str, actor: &str) -> anyhow::Result<()> {
    if why.trim().is_empty() {
        bail!("say why the lock is lifted with --why");
    }
    let mut tx = pool.begin().await?;
    // Person, then certificates, then the lock: the order that everything keeps.
    let subject =
        locks::subject(&mut tx, id).await?.with_context(|| format!("there is no lock {id} in force; `ecert lock list` shows them"))?;
    let under = locks::certificates_under(&mut tx, subject).await?;
    let ready = note(&mut tx, &under, &Event::LockLifted, "lock-lifted", id, actor).await?;
    locks::lift(&mut tx, id, why, actor).await?.with_context(|| format!("lock {id} was lifted meanwhile"))?;
    job_kinds::enqueue_issuing(&mut tx, &ready, None).await?;
    tx.commit().await?;
    answer(app.json, &json!({ "id": id.to_string(), "certificates": under.len(), "to_issue": ready.len() }), || {
        format!("lock {id} is lifted; {} certificate(s) go on to issuing\n", ready.len())
    })
}

/// Writes the event on every certificate concerned; returns those that are ready to be issued.
async fn note(
    conn: &mut PgConnection,
    under: &[CertificateId],
    event: &Event,
    name: &'static str,
    lock: LockId,
    actor: &str,
) -> anyhow::Result<Vec<CertificateId>> {
    let known = certificates::facts(conn, under, true).await?;
    let mut moves = Vec::new();
    for certificate in &known {
        let to = advance(&certificate.facts, event, app::today()).map_err(|refusal| anyhow::anyhow!("{refusal}"))?;
        moves.push(Move::new(certificate.id, (certificate.facts.status, certificate.facts.stage), to, name, json!({ "lock": lock.0 })));
    }
    events::apply(conn, actor, &moves).await?;
    Ok(moves.iter().filter(|m| m.to.stage == Stage::Ready).map(|m| m.certificate).collect())
}

async fn list(app: &App, pool: &PgPool) -> anyhow::Result<()> {
    let all = locks::list(&mut *pool.acquire().await?).await?;
    let document = json!({ "locks": all.iter().map(|l| json!({
        "id": l.id.to_string(), "number": l.number, "person": l.person, "cause": l.cause, "cause_text": l.cause_text,
        "since": l.since.to_string(), "until": l.until.map(|d| d.to_string()), "set_by": l.set_by, "lifted": l.lifted_at.is_some(),
    })).collect::<Vec<_>>() });
    answer(app.json, &document, || {
        let mut rows = vec![["lock", "on", "cause", "since", "until", "set by", ""].map(str::to_owned).to_vec()];
        rows.extend(all.iter().map(|l| {
            vec![
                l.id.to_string(),
                l.number.clone().unwrap_or_else(|| format!("person {}", l.person.unwrap_or_default())),
                l.cause_text.clone(),
                l.since.to_string(),
                l.until.map_or_else(|| "-".to_owned(), |d| d.to_string()),
                l.set_by.clone(),
                if l.lifted_at.is_some() { "lifted".to_owned() } else { String::new() },
            ]
        }));
        table(&rows)
    })
}
