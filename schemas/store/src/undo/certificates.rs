//! Undoing a delivery of certificates: new ones leave the register, known ones become what they were.

use domain::ids::{BatchId, CertificateId};
use domain::lifecycle::State;
use domain::status::{LegalStatus, Stage};
use serde_json::json;
use sqlx::PgConnection;

use super::{Concerned, Obstacle, Undone};
use crate::batches::Batch;
use crate::certificates::decode;
use crate::events::{self, Move};

pub(super) async fn undo(conn: &mut PgConnection, batch: &Batch, actor: &str) -> sqlx::Result<Result<Undone, Vec<Obstacle>>> {
    // Persons, then certificates: the order that everything keeps. What is read below is what stands after the wait.
    sqlx::query_file!("queries/undo/lock.sql", batch.id.0, batch.kind).fetch_all(&mut *conn).await?;
    sqlx::query!(
        "select id from certificate where batch_id = $1
            or id in (select certificate_id from certificate_prior where batch_id = $1) order by id for update",
        batch.id.0
    )
    .fetch_all(&mut *conn)
    .await?;
    let against = obstacles(conn, batch).await?;
    if !against.is_empty() {
        return Ok(Err(against));
    }
    sqlx::query_file!("queries/undo/lift_locks.sql", batch.id.0, actor).execute(&mut *conn).await?;
    let certificates_restored = restore(conn, batch, actor).await?;
    let (certificates_removed, persons_removed) = remove(conn, batch).await?;
    Ok(Ok(Undone { certificates_removed, certificates_restored, persons_removed, photos_withdrawn: 0 }))
}

async fn obstacles(conn: &mut PgConnection, batch: &Batch) -> sqlx::Result<Vec<Obstacle>> {
    let found = sqlx::query_file!("queries/undo/obstacles.sql", batch.id.0).fetch_one(conn).await?;
    let concerned = |count, numbers| Concerned { count, numbers };
    let again = found.again_batches.into_iter().map(BatchId).collect();
    let all = [
        (found.ordered, Obstacle::Ordered(concerned(found.ordered, found.ordered_numbers))),
        (found.later_events, Obstacle::LaterEvents(concerned(found.later_events, found.later_numbers))),
        (found.delivered_again, Obstacle::DeliveredAgain(concerned(found.delivered_again, found.again_numbers), again)),
        (found.referred_to, Obstacle::ReferredTo(concerned(found.referred_to, found.referred_numbers))),
    ];
    Ok(all.into_iter().filter(|(n, _)| *n > 0).map(|(_, obstacle)| obstacle).collect())
}

struct Changed {
    id: CertificateId,
    legal_status: String,
    stage: String,
    prior_status: String,
    prior_stage: String,
    prior_requested: bool,
    hold_reason: Option<String>,
}

/// Gives known certificates their facts and their state back; the event says so.
async fn restore(conn: &mut PgConnection, batch: &Batch, actor: &str) -> sqlx::Result<u64> {
    let changed = sqlx::query_file_as!(Changed, "queries/undo/changed.sql", batch.id.0, batch.kind).fetch_all(&mut *conn).await?;
    sqlx::query_file!("queries/undo/restore_facts.sql", batch.id.0).execute(&mut *conn).await?;
    sqlx::query!(
        "delete from certificate_specialty where certificate_id in
            (select certificate_id from certificate_prior where batch_id = $1 and content ? 'specialties')",
        batch.id.0
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query_file!("queries/undo/restore_specialties.sql", batch.id.0).execute(&mut *conn).await?;
    let mut moves = Vec::with_capacity(changed.len());
    for row in &changed {
        let expected = (decode::<LegalStatus>(&row.legal_status)?, decode::<Stage>(&row.stage)?);
        let to = State { status: decode(&row.prior_status)?, stage: decode(&row.prior_stage)?, issue_requested: row.prior_requested };
        let detail = json!({ "batch": batch.id.0, "undone": true });
        moves.push(Move { hold_reason: row.hold_reason.clone(), ..Move::new(row.id, expected, to, "record-restored", detail) });
    }
    for part in moves.chunks(5_000) {
        events::apply(conn, actor, part).await?;
    }
    Ok(u64::try_from(changed.len()).unwrap_or(u64::MAX))
}

/// Takes the new certificates and the persons who came with them out of the register.
async fn remove(conn: &mut PgConnection, batch: &Batch) -> sqlx::Result<(u64, u64)> {
    let id = batch.id.0;
    sqlx::query_file!("queries/undo/keep_certificates.sql", id).execute(&mut *conn).await?;
    sqlx::query!("delete from certificate_event where certificate_id in (select id from certificate where batch_id = $1)", id)
        .execute(&mut *conn)
        .await?;
    sqlx::query!("delete from certificate_specialty where certificate_id in (select id from certificate where batch_id = $1)", id)
        .execute(&mut *conn)
        .await?;
    sqlx::query!("delete from lock where certificate_id in (select id from certificate where batch_id = $1)", id)
        .execute(&mut *conn)
        .await?;
    let removed = sqlx::query!("delete from certificate where batch_id = $1", id).execute(&mut *conn).await?.rows_affected();
    // Photos that nobody has reviewed wait for their holder's record again.
    sqlx::query!(
        "update photo f set person_id = null where f.state = 'received' and f.person_id in
            (select (u.content ->> 'person_id')::bigint from undone_record u where u.batch_id = $1 and u.sort = 'certificate')
            and not exists (select from certificate c where c.person_id = f.person_id)
            and not exists (select from photo_review r where r.photo_id = f.id)",
        id
    )
    .execute(&mut *conn)
    .await?;
    let persons = sqlx::query_file!("queries/undo/remove_persons.sql", id).execute(conn).await?.rows_affected();
    Ok((removed, persons))
}
