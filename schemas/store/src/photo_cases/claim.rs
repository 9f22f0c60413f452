//! Who looks at which photo: one reviewer at a time, for as long as the lease runs.

use domain::ids::PhotoId;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::{CaseError, Claimed, Lease};

/// Gives the reviewer the photo that he holds already, or else the one that has waited longest; none where nothing waits for him.
///
/// # Errors
/// The database's.
pub async fn claim_next(conn: &mut PgConnection, staff: &str, lease: Lease) -> Result<Option<Claimed>, CaseError> {
    let own = sqlx::query_scalar!(
        r#"select photo_id as "photo: PhotoId" from photo_case
           where claimed_by = $1 and claimed_until > now() and ended_at is null order by opened_at, id limit 1"#,
        staff
    )
    .fetch_optional(&mut *conn)
    .await?;
    // A photo that is decided or taken between the question and the claim is passed over.
    if let Some(photo) = own
        && let Some(claimed) = renew(conn, photo, staff, lease).await?
    {
        return Ok(Some(claimed));
    }
    let next =
        sqlx::query_file_scalar!("queries/photos/claim_next.sql", staff, f64::from(lease.seconds)).fetch_optional(&mut *conn).await?;
    let Some(photo) = next else { return Ok(None) };
    Ok(renew(conn, photo, staff, lease).await?)
}

/// Gives the reviewer one photo, unless somebody else holds it.
///
/// # Errors
/// [`CaseError::Unknown`], [`CaseError::NotWaiting`], [`CaseError::HeldByAnother`], [`CaseError::SecondReviewer`] or the database's.
pub async fn claim(conn: &mut PgConnection, photo: PhotoId, staff: &str, lease: Lease) -> Result<Claimed, CaseError> {
    if let Some(claimed) = renew(conn, photo, staff, lease).await? {
        return Ok(claimed);
    }
    let state = sqlx::query_scalar!("select state from photo where id = $1", photo.0).fetch_optional(&mut *conn).await?;
    let state = state.ok_or(CaseError::Unknown(photo))?;
    let case = sqlx::query!("select claimed_by, claimed_until, not_by from photo_case where photo_id = $1 and ended_at is null", photo.0)
        .fetch_optional(&mut *conn)
        .await?;
    let Some(case) = case else { return Err(CaseError::NotWaiting { photo, state }) };
    match (case.not_by, case.claimed_by, case.claimed_until) {
        (Some(by), _, _) if by == staff => Err(CaseError::SecondReviewer { photo, by }),
        (_, Some(by), Some(until)) => Err(CaseError::HeldByAnother { photo, by, until: shown(until) }),
        _ => Err(CaseError::NotWaiting { photo, state }),
    }
}

/// Gives a photo back before the lease ends; whether the reviewer held it.
///
/// # Errors
/// The database's.
pub async fn release(conn: &mut PgConnection, photo: PhotoId, staff: &str) -> sqlx::Result<bool> {
    let released = sqlx::query!(
        "update photo_case set claimed_by = null, claimed_until = null
         where photo_id = $1 and claimed_by = $2 and claimed_until > now() and ended_at is null",
        photo.0,
        staff
    )
    .execute(conn)
    .await?;
    Ok(released.rows_affected() > 0)
}

async fn renew(conn: &mut PgConnection, photo: PhotoId, staff: &str, lease: Lease) -> sqlx::Result<Option<Claimed>> {
    let until: Option<OffsetDateTime> =
        sqlx::query_file_scalar!("queries/photos/claim.sql", photo.0, staff, f64::from(lease.seconds)).fetch_optional(conn).await?;
    Ok(until.map(|until| Claimed { photo, until }))
}

/// The minute as the clocks of the province show it (Asia/Shanghai, UTC+8 all year).
fn shown(at: OffsetDateTime) -> String {
    let at = at.to_offset(time::UtcOffset::UTC) + time::Duration::hours(8);
    format!("{:02}:{:02}", at.hour(), at.minute())
}
