//! A reviewer's second thought: within the lease a decision can be taken back, as long as nothing was printed from it.

use domain::ids::{CaseId, PhotoId};
use serde_json::json;
use sqlx::PgConnection;

use super::{CaseError, Effect, Lease, locked, not_outdated};
use crate::audit;
use crate::photo_effects::{self, Cause};
use crate::photo_statistics::{self, Decider};

/// Opens the reviewer's last decision about a photo again; he holds it as before. Photos that gave way to an approved one come back.
///
/// # Errors
/// [`CaseError::NothingToTakeBack`], [`CaseError::Printed`], [`CaseError::Replaced`] or the database's.
pub async fn take_back(conn: &mut PgConnection, cause: Cause<'_>, photo: PhotoId, lease: Lease) -> Result<Effect, CaseError> {
    let (person, state) = locked(conn, photo).await?;
    let nothing = || CaseError::NothingToTakeBack { photo, staff: cause.actor.to_owned() };
    let case = sqlx::query!(
        r#"select c.id as "id: CaseId", c.ending as "ending!", c.cause from photo_case c
           where c.photo_id = $1 and c.claimed_by = $2 and c.claimed_until > now() and c.ending in ('approved', 'rejected')
             and not exists (select from photo_case later where later.photo_id = c.photo_id and later.id > c.id)
           for update"#,
        photo.0,
        cause.actor
    )
    .fetch_optional(&mut *conn)
    .await?
    .ok_or_else(nothing)?;
    if state == "replaced" {
        let by =
            sqlx::query_scalar!(r#"select replaced_by as "by!: PhotoId" from photo where id = $1"#, photo.0).fetch_one(&mut *conn).await?;
        return Err(CaseError::Replaced { photo, by });
    }
    if state != case.ending {
        return Err(nothing());
    }
    not_outdated(conn, person, photo).await?;
    if case.ending == "approved" && is_ordered(conn, photo).await? {
        return Err(CaseError::Printed(photo));
    }
    sqlx::query!("update photo set state = 'held' where id = $1", photo.0).execute(&mut *conn).await?;
    photo_effects::bring_back(conn, &[photo.0], cause.batch).await?;
    let until = sqlx::query_scalar!(
        r#"update photo_case set ended_at = null, ending = null, claimed_until = now() + make_interval(secs => $2) where id = $1
           returning claimed_until as "until!""#,
        case.id.0,
        f64::from(lease.seconds)
    )
    .fetch_one(&mut *conn)
    .await?;
    let findings = json!([{ "code": "photo-taken-back", "zh": "审核决定已撤回，重新审核中", "en": "the decision was taken back; the photo is reviewed again" }]);
    sqlx::query!(
        "insert into photo_review (photo_id, reviewer, decision, findings, case_id) values ($1, $2, 'taken-back', $3, $4)",
        photo.0,
        cause.actor,
        findings,
        case.id.0
    )
    .execute(&mut *conn)
    .await?;
    photo_statistics::count(conn, Decider::Person, "taken-back", 1).await?;
    photo_statistics::count(conn, Decider::Person, &case.ending, -1).await?;
    if case.cause == "appeal" && case.ending == "approved" {
        photo_statistics::count(conn, Decider::Person, "overturned", -1).await?;
    }
    audit::record(conn, cause.actor, "photo-taken-back", &format!("photo:{photo}"), &json!({ "case": case.id.0, "was": case.ending }))
        .await?;
    let ready = photo_effects::settle(conn, cause, &[person], |_| photo_effects::detail(photo, &findings)).await?;
    Ok(Effect { person, ready, until })
}

/// Whether an order was placed with the photo's portrait: its document exists, or is on its way.
async fn is_ordered(conn: &mut PgConnection, photo: PhotoId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from photo f
                          join certificate c on c.person_id = f.person_id
                          join issue_order o on o.certificate_id = c.id and o.portrait_sha256 = f.portrait_sha256
                          where f.id = $1 and not exists (select from order_closure x where x.order_id = o.id)) as "is!""#,
        photo.0
    )
    .fetch_one(conn)
    .await
}
