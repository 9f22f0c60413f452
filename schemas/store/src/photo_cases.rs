//! Photos that a person has to decide about: claimed under an exclusive lease, decided with coded reasons, taken back within the lease, appealed.
//!
//! A case is open until it has ended. Whoever decides locks the holder's row first, then the case's.

mod appeal;
mod claim;
mod decide;
mod take_back;

pub use appeal::appeal;
pub use claim::{claim, claim_next, release};
pub use decide::{Answer, decide};
pub use take_back::take_back;

use domain::ids::{CertificateId, PersonId, PhotoId};
use sqlx::PgConnection;
use time::OffsetDateTime;

/// Why a person has to decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseCause {
    /// The automatic checks could not.
    Checks,
    /// The same picture came under several persons.
    Duplicate,
    /// Its holder does not accept the rejection.
    Appeal,
}

impl CaseCause {
    /// Stable code.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            CaseCause::Checks => "checks",
            CaseCause::Duplicate => "duplicate",
            CaseCause::Appeal => "appeal",
        }
    }
}

/// How long a reviewer holds a photo, and for how long after the decision it can be taken back.
#[derive(Debug, Clone, Copy)]
pub struct Lease {
    /// In seconds.
    pub seconds: u32,
}

/// A photo in the hands of a reviewer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// The photo.
    pub photo: PhotoId,
    /// When the lease ends by itself.
    pub until: OffsetDateTime,
}

/// What a decision did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// The holder.
    pub person: PersonId,
    /// Certificates that go on to issuing.
    pub ready: Vec<CertificateId>,
    /// Until when the decision can be taken back.
    pub until: OffsetDateTime,
}

/// Why something cannot be done to a photo.
#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    /// No such photo.
    #[error("there is no photo {0}; `ecert photo list` shows those that wait")]
    Unknown(PhotoId),
    /// The photo waits for nobody.
    #[error("photo {photo} is {state} and waits for no decision{}", hint(.state))]
    NotWaiting {
        /// The photo.
        photo: PhotoId,
        /// Its state.
        state: String,
    },
    /// Another reviewer holds it.
    #[error("photo {photo} is in the hands of {by} until {until}; take another one with `ecert photo next`")]
    HeldByAnother {
        /// The photo.
        photo: PhotoId,
        /// Who holds it.
        by: String,
        /// Until when, as the clock of the province shows it.
        until: String,
    },
    /// An appeal is decided by somebody else.
    #[error("{by} rejected photo {photo}; another reviewer has to decide about the appeal")]
    SecondReviewer {
        /// The photo.
        photo: PhotoId,
        /// Who decided before.
        by: String,
    },
    /// A rejection needs a reason.
    #[error("a rejection needs a reason; `ecert photo reasons` lists them")]
    NoReason,
    /// "Other" says nothing by itself.
    #[error("the reason `other` needs a note that says what is wrong")]
    NoNote,
    /// The photo cannot become a portrait.
    #[error("photo {0} could not be read as a picture, so that there is nothing to approve; ask its holder for another one")]
    NoPortrait(PhotoId),
    /// There is nothing to take back.
    #[error(
        "{staff} has not decided about photo {photo} within the lease; a decision can be taken back by whoever made it until its lease ends"
    )]
    NothingToTakeBack {
        /// The photo.
        photo: PhotoId,
        /// Who asked.
        staff: String,
    },
    /// What followed cannot be undone.
    #[error("photo {0} is on an electronic certificate by now; the approval cannot be taken back")]
    Printed(PhotoId),
    /// A newer photo came meanwhile.
    #[error("photo {photo} has given way to a newer one of its holder, photo {by}, which is approved; nothing was changed")]
    Replaced {
        /// The photo.
        photo: PhotoId,
        /// The newer one.
        by: PhotoId,
    },
    /// Only a rejection can be appealed.
    #[error("photo {photo} is {state}; only a rejected photo can be appealed")]
    NotRejected {
        /// The photo.
        photo: PhotoId,
        /// Its state.
        state: String,
    },
    /// An appeal is decided once.
    #[error("an appeal about photo {0} was decided already; its holder may send another photo")]
    Appealed(PhotoId),
    /// The database failed.
    #[error("the database refused")]
    Database(#[from] sqlx::Error),
}

fn hint(state: &str) -> &'static str {
    match state {
        "received" => "; the automatic checks have not seen it yet, `ecert work` lets them",
        "rejected" => "; its holder can appeal with `ecert photo appeal`",
        _ => "",
    }
}

/// Opens cases; a photo that has an open one keeps it.
///
/// # Errors
/// The database's.
pub async fn open(conn: &mut PgConnection, by: &str, photos: &[(PhotoId, CaseCause)]) -> sqlx::Result<()> {
    let (ids, causes): (Vec<i64>, Vec<String>) = photos.iter().map(|(photo, cause)| (photo.0, cause.as_str().to_owned())).unzip();
    sqlx::query!(
        "insert into photo_case (photo_id, cause, opened_by) select photo_id, cause, $1 from unnest($2::bigint[], $3::text[]) as c (photo_id, cause)
         on conflict (photo_id) where ended_at is null do nothing",
        by,
        &ids,
        &causes
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Refuses a photo that has given way, or would at once: its holder has a newer approved one.
async fn not_outdated(conn: &mut PgConnection, person: PersonId, photo: PhotoId) -> Result<(), CaseError> {
    let newer = sqlx::query_scalar!(
        r#"select id as "id: PhotoId" from photo where person_id = $1 and id > $2 and state = 'approved' order by id desc limit 1"#,
        person.0,
        photo.0
    )
    .fetch_optional(conn)
    .await?;
    newer.map_or(Ok(()), |by| Err(CaseError::Replaced { photo, by }))
}

/// The photo's holder with his row locked; the state that the photo then has.
async fn locked(conn: &mut PgConnection, photo: PhotoId) -> Result<(PersonId, String), CaseError> {
    let person = sqlx::query_scalar!(r#"select person_id as "person: PersonId" from photo where id = $1"#, photo.0)
        .fetch_optional(&mut *conn)
        .await?
        .ok_or(CaseError::Unknown(photo))?;
    if let Some(person) = person {
        crate::photo_effects::lock_holders(conn, &[person]).await?;
    }
    let state = sqlx::query_scalar!("select state from photo where id = $1 for update", photo.0).fetch_one(&mut *conn).await?;
    match person {
        Some(person) => Ok((person, state)),
        None => Err(CaseError::NotWaiting { photo, state: "without a known holder".to_owned() }),
    }
}
