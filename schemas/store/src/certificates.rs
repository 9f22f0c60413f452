//! Certificates: their facts, as the rules want them, and what is shown of them.

mod held;

use std::collections::HashMap;

use domain::facts::{Facts, Origin};
use domain::ids::{CertificateId, LockId, PersonId};
use domain::kind::Kind;
use domain::status::{LegalStatus, Lock, LockCause, Stage};
use serde_json::Value;
use sqlx::PgConnection;
use time::{Date, OffsetDateTime};

/// A certificate with the facts that decide about it.
#[derive(Debug, Clone)]
pub struct Known {
    /// The certificate.
    pub id: CertificateId,
    /// Its holder.
    pub person: PersonId,
    /// Counts every change of a printed fact.
    pub revision: i64,
    /// The newest version of a document; 0 while there is only paper.
    pub version: i32,
    /// What the rules decide on.
    pub facts: Facts,
}

/// Reads the facts of certificates; with `for_change` the holders' rows are locked first and the certificates' rows then, the
/// order that everything keeps which changes a lock, a decision or an issue.
///
/// # Errors
/// The database's, or [`sqlx::Error::Decode`] for a code that this program does not know.
pub async fn facts(conn: &mut PgConnection, ids: &[CertificateId], for_change: bool) -> sqlx::Result<Vec<Known>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    if for_change {
        sqlx::query!(
            "select id from person where id in (select person_id from certificate where id = any ($1)) order by id for update",
            &ids
        )
        .fetch_all(&mut *conn)
        .await?;
        sqlx::query!("select id from certificate where id = any ($1) order by id for update", &ids).fetch_all(&mut *conn).await?;
    }
    let rows = sqlx::query_file!("queries/facts.sql", &ids).fetch_all(&mut *conn).await?;
    let mut locks = locks_of(conn, &ids).await?;
    rows.into_iter()
        .map(|row| {
            let kind: Kind = decode(&row.kind)?;
            Ok(Known {
                id: CertificateId(row.id),
                person: PersonId(row.person_id),
                revision: row.revision,
                version: row.version,
                facts: Facts {
                    kind,
                    origin: if row.version > 0 && row.batch_id.is_none() { Origin::Electronic } else { Origin::Paper },
                    status: decode(&row.legal_status)?,
                    stage: decode(&row.stage)?,
                    issue_requested: row.issue_requested,
                    valid_from: row.valid_from,
                    valid_until: row.valid_until,
                    first_issued_on: row.first_issued_on,
                    issued_on: row.issued_on,
                    photo_approved: row.photo_approved,
                    locks: locks.remove(&row.id).unwrap_or_default(),
                    pending_business: row.pending_business,
                    version: u16::try_from(row.version).unwrap_or(u16::MAX).max(1),
                    document_version: u16::try_from(row.version).ok().filter(|version| *version > 0),
                    number_category: row.category.as_deref().map(decode).transpose()?,
                    number_year: row.number_year.and_then(|year| u16::try_from(year).ok()),
                    born_on: row.birth_date,
                },
            })
        })
        .collect()
}

/// Reads a stored code.
pub(crate) fn decode<T: std::str::FromStr>(text: &str) -> sqlx::Result<T>
where
    T::Err: std::error::Error + Send + Sync + 'static,
{
    text.parse().map_err(|error: T::Err| sqlx::Error::Decode(error.into()))
}

async fn locks_of(conn: &mut PgConnection, ids: &[i64]) -> sqlx::Result<HashMap<i64, Vec<Lock>>> {
    let rows = sqlx::query!(
        r#"select c.id as "certificate!", l.id as "lock: LockId", l.cause, l.cause_text, l.since, l.until, l.appeal_by,
                  l.person_id is not null as "on_person!"
           from certificate c join lock l on l.certificate_id = c.id or l.person_id = c.person_id
           where c.id = any ($1) and l.lifted_at is null order by l.id"#,
        ids
    )
    .fetch_all(conn)
    .await?;
    let mut locks: HashMap<i64, Vec<Lock>> = HashMap::new();
    for row in rows {
        locks.entry(row.certificate).or_default().push(Lock {
            id: row.lock,
            cause: row.cause.parse().unwrap_or(LockCause::Other),
            cause_text: row.cause_text,
            since: row.since,
            until: row.until,
            appeal_by: row.appeal_by,
            lifted: false,
            on_person: row.on_person,
        });
    }
    Ok(locks)
}

pub use held::{HeldCertificate, held};

/// A certificate as it is shown to staff.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The certificate.
    pub id: CertificateId,
    /// Its kind.
    pub kind: String,
    /// Its number in canonical form.
    pub number: String,
    /// Its number as it was printed.
    pub number_printed: String,
    /// The holder's name.
    pub holder_name: String,
    /// Kind of the holder's document.
    pub id_kind: String,
    /// Number of the holder's document; masked before it is shown.
    pub id_number: String,
    /// The employer, if any.
    pub employer_name: Option<String>,
    /// Code of the category, if any.
    pub category: Option<String>,
    /// See [`LegalStatus`].
    pub legal_status: String,
    /// See [`Stage`].
    pub stage: String,
    /// First day of the period.
    pub valid_from: Option<Date>,
    /// Last day of the period.
    pub valid_until: Option<Date>,
    /// The newest version of a document; 0 while there is only paper.
    pub version: i32,
    /// Identifier (证照标识) of the newest document, where configured.
    pub identifier: Option<String>,
}

/// All certificates of this number, of whatever kind: opaque numbers may occur in more than one.
///
/// # Errors
/// The database's.
pub async fn by_number(conn: &mut PgConnection, number: &str) -> sqlx::Result<Vec<Shown>> {
    sqlx::query_file_as!(Shown, "queries/certificates_by_number.sql", number).fetch_all(conn).await
}

/// One event of a certificate's history.
#[derive(Debug, Clone)]
pub struct HistoryEvent {
    /// Counts from 1.
    pub seq: i32,
    /// When.
    pub at: OffsetDateTime,
    /// Who.
    pub actor: String,
    /// What.
    pub event: String,
    /// Legal status afterwards.
    pub legal_status: String,
    /// Stage afterwards.
    pub stage: String,
    /// More, as JSON.
    pub detail: Value,
    /// Whether the event's hash is that of its content and its predecessor.
    pub chained: bool,
}

/// The history of a certificate, oldest first, each event checked against its chain.
///
/// # Errors
/// The database's.
pub async fn history(conn: &mut PgConnection, id: CertificateId) -> sqlx::Result<Vec<HistoryEvent>> {
    sqlx::query_file_as!(HistoryEvent, "queries/history.sql", id.0).fetch_all(conn).await
}

/// How many certificates are in each legal status and stage, per kind: for summaries of small provinces and tests.
///
/// # Errors
/// The database's.
pub async fn census(conn: &mut PgConnection) -> sqlx::Result<Vec<(String, String, String, i64)>> {
    let rows = sqlx::query!(r#"select kind, legal_status, stage, count(*) as "n!" from certificate group by 1, 2, 3 order by 1, 2, 3"#)
        .fetch_all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.kind, row.legal_status, row.stage, row.n)).collect())
}

/// Which certificates of these holders are in one of the stages.
///
/// # Errors
/// The database's.
pub async fn of_holders(conn: &mut PgConnection, persons: &[PersonId], stages: &[Stage]) -> sqlx::Result<Vec<CertificateId>> {
    let persons: Vec<i64> = persons.iter().map(|person| person.0).collect();
    let stages: Vec<String> = stages.iter().map(|stage| stage.as_str().to_owned()).collect();
    sqlx::query_scalar!(
        r#"select id as "id: CertificateId" from certificate where person_id = any ($1) and stage = any ($2) order by id"#,
        &persons,
        &stages
    )
    .fetch_all(conn)
    .await
}

/// The status that a certificate has on a day: the stored one, or expired where its last day is past.
#[must_use]
pub fn status_on(status: LegalStatus, valid_until: Option<Date>, today: Date) -> LegalStatus {
    match status {
        LegalStatus::Valid if valid_until.is_some_and(|until| until < today) => LegalStatus::Expired,
        LegalStatus::Valid
        | LegalStatus::Suspended
        | LegalStatus::Expired
        | LegalStatus::Cancelled
        | LegalStatus::Withdrawn
        | LegalStatus::Revoked
        | LegalStatus::Transferred => status,
    }
}
