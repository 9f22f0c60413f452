//! Undoing a delivery of photos: those that nobody reviewed leave, reviewed ones are withdrawn and serve nobody any more.

use domain::ids::PersonId;
use domain::lifecycle::{Event, State, advance};
use domain::status::Stage;
use serde_json::json;
use sqlx::PgConnection;
use time::Date;

use super::{Obstacle, Undone};
use crate::batches::Batch;
use crate::certificates;
use crate::events::{self, Move};
use crate::{job_kinds, photo_effects, photos};

pub(super) async fn undo(conn: &mut PgConnection, batch: &Batch, actor: &str, today: Date) -> sqlx::Result<Result<Undone, Vec<Obstacle>>> {
    let id = batch.id.0;
    // No review is under way meanwhile: it remembers pictures before it locks their holders.
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('photo-likeness', 0))").fetch_one(&mut *conn).await?;
    let holders: Vec<i64> = sqlx::query_scalar!(
        "select id from person where id in (select person_id from photo where batch_id = $1) order by id for update",
        id
    )
    .fetch_all(&mut *conn)
    .await?;
    let printed = sqlx::query_scalar!(
        r#"select count(*) as "n!" from photo f where f.batch_id = $1 and f.portrait_sha256 is not null
           and exists (select from issue_order o join certificate c on c.id = o.certificate_id
                       where c.person_id = f.person_id and o.portrait_sha256 = f.portrait_sha256)"#,
        id
    )
    .fetch_one(&mut *conn)
    .await?;
    if printed > 0 {
        return Ok(Err(vec![Obstacle::Printed(printed)]));
    }
    let photos = sqlx::query_scalar!("select id from photo where batch_id = $1", id).fetch_all(&mut *conn).await?;
    photo_effects::bring_back(conn, &photos, Some(batch.id)).await?;
    sqlx::query!(
        "update photo_case c set ended_at = now(), ending = 'withdrawn' from photo f where f.id = c.photo_id and f.batch_id = $1 and c.ended_at is null",
        id
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update person p set portrait_photo_id =
             (select max(o.id) from photo o where o.person_id = p.id and o.state = 'approved' and o.batch_id is distinct from $1)
         from photo f where f.id = p.portrait_photo_id and f.batch_id = $1",
        id
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "delete from photo_likeness l using photo f
         where f.id = l.photo_id and f.batch_id = $1 and not exists (select from photo_review r where r.photo_id = f.id)",
        id
    )
    .execute(&mut *conn)
    .await?;
    let removed = sqlx::query_file!("queries/undo/remove_photos.sql", id).execute(&mut *conn).await?.rows_affected();
    let withdrawn = sqlx::query!("update photo set state = 'withdrawn', replaced_by = null, replaced_from = null where batch_id = $1", id)
        .execute(&mut *conn)
        .await?
        .rows_affected();
    // What came back gives way to what is newer still.
    sqlx::query_file!("queries/photos/replace.sql", &holders).execute(&mut *conn).await?;
    wait_again(conn, batch, &holders, actor, today).await?;
    Ok(Ok(Undone { photos_withdrawn: removed + withdrawn, ..Undone::default() }))
}

/// Certificates that went on because of these photos wait for one again; what had waited for one of them goes on with the photo before.
async fn wait_again(conn: &mut PgConnection, batch: &Batch, holders: &[i64], actor: &str, today: Date) -> sqlx::Result<()> {
    let ids = sqlx::query_scalar!(
        r#"select id as "id: domain::ids::CertificateId" from certificate
           where person_id = any ($1) and stage in ('photo-review', 'ready') order by id"#,
        holders
    )
    .fetch_all(&mut *conn)
    .await?;
    let holders: Vec<PersonId> = holders.iter().copied().map(PersonId).collect();
    let in_review = photos::holders_in_review(conn, &holders).await?;
    let known = certificates::facts(conn, &ids, true).await?;
    let moves: Vec<Move> = known
        .iter()
        .filter_map(|known| {
            let event = match (in_review.contains(&known.person), known.facts.photo_approved) {
                (true, _) => Event::PhotoHeld,
                // It had waited for the newer photo that is withdrawn.
                (false, true) => Event::PhotoApproved,
                (false, false) => Event::PhotoRejected,
            };
            let to = advance(&known.facts, &event, today).ok()?;
            let detail = json!({ "batch": batch.id.0, "undone": true });
            let stays = to == State::of(&known.facts);
            (!stays).then(|| Move::new(known.id, (known.facts.status, known.facts.stage), to, "photo-withdrawn", detail))
        })
        .collect();
    let moved = events::apply(conn, actor, &moves).await?;
    let is_ready = |m: &&Move| m.to.stage == Stage::Ready && moved.contains(&m.certificate);
    let ready: Vec<_> = moves.iter().filter(is_ready).map(|m| m.certificate).collect();
    job_kinds::enqueue_issuing(conn, &ready, Some(batch.id)).await?;
    Ok(())
}
