//! The decision of a reviewer. It takes effect in the caller's transaction: an approval lets the holder's certificates go on at once.

use domain::ids::{CaseId, PhotoId};
use domain::photo_reason::PhotoReason;
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::{CaseError, Effect, Lease, claim, locked};
use crate::audit;
use crate::photo_effects::{self, Cause};
use crate::photo_statistics::{self, Decider};

/// What a reviewer says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The photo serves.
    Approve,
    /// It does not, for these reasons.
    Reject(Vec<PhotoReason>),
}

/// Decides about a photo that waits, and that nobody else holds. `cause.actor` is the reviewer.
///
/// # Errors
/// [`CaseError`] says what stands against it; nothing is changed then.
pub async fn decide(
    conn: &mut PgConnection,
    cause: Cause<'_>,
    photo: PhotoId,
    answer: &Answer,
    note: Option<&str>,
    lease: Lease,
) -> Result<Effect, CaseError> {
    let note = note.map(str::trim).filter(|note| !note.is_empty());
    if let Answer::Reject(reasons) = answer {
        if reasons.is_empty() {
            return Err(CaseError::NoReason);
        }
        if reasons.contains(&PhotoReason::Other) && note.is_none() {
            return Err(CaseError::NoNote);
        }
    }
    let (person, _) = locked(conn, photo).await?;
    let until = claim(conn, photo, cause.actor, lease).await?.until;
    let state = match answer {
        Answer::Approve => "approved",
        Answer::Reject(_) => "rejected",
    };
    let changed = sqlx::query!(
        "update photo set state = $2, reviewed_at = now() where id = $1 and state = 'held' and ($2 <> 'approved' or portrait_sha256 is not null)",
        photo.0,
        state
    )
    .execute(&mut *conn)
    .await?;
    if changed.rows_affected() == 0 {
        return Err(CaseError::NoPortrait(photo));
    }
    let case = sqlx::query!(
        r#"update photo_case set ended_at = now(), ending = $2 where photo_id = $1 and ended_at is null returning id as "id: CaseId", cause"#,
        photo.0,
        state
    )
    .fetch_one(&mut *conn)
    .await?;
    let findings = findings(answer, note);
    let reasons: Vec<String> = match answer {
        Answer::Approve => Vec::new(),
        Answer::Reject(reasons) => reasons.iter().map(|reason| reason.as_str().to_owned()).collect(),
    };
    sqlx::query!(
        "insert into photo_review (photo_id, reviewer, decision, findings, case_id, reasons, note) values ($1, $2, $3, $4, $5, $6, $7)",
        photo.0,
        cause.actor,
        state,
        findings,
        case.id.0,
        &reasons,
        note
    )
    .execute(&mut *conn)
    .await?;
    photo_statistics::count(conn, Decider::Person, state, 1).await?;
    if case.cause == "appeal" && *answer == Answer::Approve {
        photo_statistics::count(conn, Decider::Person, "overturned", 1).await?;
    }
    let detail = json!({ "case": case.id.0, "reasons": reasons });
    audit::record(conn, cause.actor, &format!("photo-{state}"), &format!("photo:{photo}"), &detail).await?;
    let ready = photo_effects::settle(conn, cause, &[person], |_| photo_effects::detail(photo, &findings)).await?;
    Ok(Effect { person, ready, until })
}

/// What the holder reads: each reason in both languages, with the note beside the first.
fn findings(answer: &Answer, note: Option<&str>) -> Value {
    let Answer::Reject(reasons) = answer else { return json!([]) };
    reasons
        .iter()
        .enumerate()
        .map(|(place, reason)| {
            let beside = note.filter(|_| place == 0);
            let zh = beside.map_or_else(|| reason.zh().to_owned(), |note| format!("{}（审核说明：{note}）", reason.zh()));
            let en = beside.map_or_else(|| reason.en().to_owned(), |note| format!("{} (note: {note})", reason.en()));
            json!({ "code": format!("photo-{}", reason.as_str()), "zh": zh, "en": en })
        })
        .collect()
}
