//! What follows from a decision about photos: the newest approved one becomes its holder's portrait, and the certificates that waited for it
//! go on, or wait on with the reason.

use std::collections::HashMap;

use domain::ids::{BatchId, CertificateId, PersonId, PhotoId};
use domain::lifecycle::{Event, State, advance};
use domain::status::Stage;
use serde_json::{Value, json};
use sqlx::PgConnection;
use time::Date;

use crate::events::{self, Move};
use crate::{certificates, job_kinds};

/// In whose name, on which day, and for which delivery the decisions take effect.
#[derive(Debug, Clone, Copy)]
pub struct Cause<'a> {
    /// Who decided.
    pub actor: &'a str,
    /// The present day.
    pub today: Date,
    /// The delivery whose jobs these are, if any.
    pub batch: Option<BatchId>,
}

/// Locks the rows of holders in the order that everything keeps which leads to an issue: theirs first, their certificates' then.
///
/// # Errors
/// The database's.
pub async fn lock_holders(conn: &mut PgConnection, persons: &[PersonId]) -> sqlx::Result<()> {
    let persons: Vec<i64> = persons.iter().map(|person| person.0).collect();
    sqlx::query!("select id from person where id = any ($1) order by id for update", &persons).fetch_all(conn).await?;
    Ok(())
}

/// Brings holders and their certificates in line with their photos, and enqueues the certificates that became ready; returns those.
/// `detail` goes into the certificates' events: photo ids and codes, nothing of a person.
///
/// # Errors
/// The database's.
pub async fn settle(
    conn: &mut PgConnection,
    cause: Cause<'_>,
    persons: &[PersonId],
    detail: impl Fn(PersonId) -> Value,
) -> sqlx::Result<Vec<CertificateId>> {
    let ids: Vec<i64> = persons.iter().map(|person| person.0).collect();
    sqlx::query_file!("queries/photos/replace.sql", &ids).execute(&mut *conn).await?;
    sqlx::query_file!("queries/photos/portrait.sql", &ids).execute(&mut *conn).await?;
    // Whose photo is on its way, and whether that is newer than the portrait and may be the one to print.
    let in_review: HashMap<PersonId, bool> = sqlx::query!(
        r#"select p.id as "person: PersonId", bool_or(coalesce(f.id > p.portrait_photo_id, false)) as "newer!"
           from person p join photo f on f.person_id = p.id and f.state in ('received', 'held')
           where p.id = any ($1) group by p.id"#,
        &ids
    )
    .fetch_all(&mut *conn)
    .await?
    .into_iter()
    .map(|row| (row.person, row.newer))
    .collect();
    // Those that wait, and those that are ready by a photo.
    let stages = [Stage::AwaitingPhoto, Stage::PhotoReview, Stage::Ready];
    let concerned = certificates::of_holders(conn, persons, &stages).await?;
    let mut moves = Vec::new();
    for certificate in certificates::facts(conn, &concerned, true).await? {
        let facts = &certificate.facts;
        let (event, name) = match (facts.photo_approved, in_review.get(&certificate.person)) {
            // What waits anyway waits for the newest.
            (true, Some(true)) if facts.stage != Stage::Ready => (Event::PhotoHeld, "photo-held"),
            (true, _) => (Event::PhotoApproved, "photo-approved"),
            (false, Some(_)) => (Event::PhotoHeld, "photo-held"),
            (false, None) => (Event::PhotoRejected, "photo-rejected"),
        };
        let Ok(to) = advance(facts, &event, cause.today) else { continue };
        // What stays ready was not waiting; what stays waiting is told why.
        if facts.stage == Stage::Ready && to == State::of(facts) {
            continue;
        }
        moves.push(Move::new(certificate.id, (facts.status, facts.stage), to, name, detail(certificate.person)));
    }
    let moved = events::apply(conn, cause.actor, &moves).await?;
    let is_ready = |m: &&Move| m.to.stage == Stage::Ready && moved.contains(&m.certificate);
    let ready: Vec<CertificateId> = moves.iter().filter(is_ready).map(|m| m.certificate).collect();
    job_kinds::enqueue_issuing(conn, &ready, cause.batch).await?;
    Ok(ready)
}

/// Brings back what gave way to photos that serve no more: older ones of their holders. Those that the checks have not seen go to review.
///
/// # Errors
/// The database's.
pub async fn bring_back(conn: &mut PgConnection, photos: &[i64], batch: Option<BatchId>) -> sqlx::Result<()> {
    let unseen = sqlx::query_file_scalar!("queries/photos/bring_back.sql", photos).fetch_all(&mut *conn).await?;
    job_kinds::enqueue_review(conn, &unseen, batch).await?;
    Ok(())
}

/// The detail of an event: which photo, and the codes of what was found.
#[must_use]
pub fn detail(photo: PhotoId, findings: &Value) -> Value {
    let codes: Vec<&str> = findings.as_array().into_iter().flatten().filter_map(|finding| finding["code"].as_str()).collect();
    json!({ "photo": photo.0, "codes": codes })
}
