//! The holder does not accept a rejection: somebody else looks at the photo once more.

use domain::ids::PhotoId;
use serde_json::json;
use sqlx::PgConnection;

use super::{CaseError, locked, not_outdated};
use crate::audit;
use crate::photo_effects::{self, Cause};
use crate::photo_reviews::{self, SamePicture};
use crate::photo_statistics::{self, Decider};

/// Opens a case about a rejected photo, which tells what other persons show the same picture by now, for any reviewer but the one who rejected it. `cause.actor` is the holder, or who acts for him.
///
/// # Errors
/// [`CaseError::NotRejected`], [`CaseError::Replaced`], [`CaseError::Appealed`], [`CaseError::NoPortrait`] or the database's.
pub async fn appeal(
    conn: &mut PgConnection,
    cause: Cause<'_>,
    photo: PhotoId,
    note: Option<&str>,
    same: SamePicture<'_>,
) -> Result<(), CaseError> {
    let (person, state) = locked(conn, photo).await?;
    if state != "rejected" {
        return Err(CaseError::NotRejected { photo, state });
    }
    not_outdated(conn, person, photo).await?;
    let known = sqlx::query!(
        r#"select f.portrait_sha256 is not null as "has_portrait!",
                  exists (select from photo_case c where c.photo_id = f.id and c.cause = 'appeal') as "appealed!",
                  (select r.reviewer from photo_review r where r.photo_id = f.id and r.case_id is not null and r.decision = 'rejected'
                   order by r.id desc limit 1) as reviewer
           from photo f where f.id = $1"#,
        photo.0
    )
    .fetch_one(&mut *conn)
    .await?;
    if known.appealed {
        return Err(CaseError::Appealed(photo));
    }
    if !known.has_portrait {
        return Err(CaseError::NoPortrait(photo));
    }
    let note = note.map(str::trim).filter(|note| !note.is_empty());
    sqlx::query!("update photo set state = 'held' where id = $1", photo.0).execute(&mut *conn).await?;
    let case = sqlx::query_scalar!(
        "insert into photo_case (photo_id, cause, opened_by, not_by, note) values ($1, 'appeal', $2, $3, $4) returning id",
        photo.0,
        cause.actor,
        known.reviewer,
        note
    )
    .fetch_one(&mut *conn)
    .await?;
    let mut findings =
        json!([{ "code": "photo-appealed", "zh": "持证人申诉，等待复核", "en": "the holder appealed; a second reviewer decides" }]);
    // Nobody looked for its likes while it was rejected.
    if let (Some(elsewhere), Some(list)) = (photo_reviews::shown_elsewhere(conn, photo, same).await?, findings.as_array_mut()) {
        list.push(elsewhere);
    }
    sqlx::query!(
        "insert into photo_review (photo_id, reviewer, decision, findings, case_id, note) values ($1, $2, 'appealed', $3, $4, $5)",
        photo.0,
        cause.actor,
        findings,
        case,
        note
    )
    .execute(&mut *conn)
    .await?;
    photo_statistics::count(conn, Decider::Person, "appealed", 1).await?;
    audit::record(conn, cause.actor, "photo-appealed", &format!("photo:{photo}"), &json!({ "case": case })).await?;
    photo_effects::settle(conn, cause, &[person], |_| photo_effects::detail(photo, &findings)).await?;
    Ok(())
}
