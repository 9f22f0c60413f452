//! Locks: set and lifted by staff, never by a holder. Whoever changes one locks the person's row, then the certificate's.

use domain::ids::{CertificateId, LockId, PersonId};
use domain::status::LockCause;
use sqlx::PgConnection;
use time::{Date, OffsetDateTime};

/// What a lock lies on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// One certificate.
    Certificate(CertificateId),
    /// A person, and so every certificate of theirs.
    Person(PersonId),
}

/// A lock to be set.
#[derive(Debug, Clone)]
pub struct NewLock {
    /// What it lies on.
    pub subject: Subject,
    /// Class of the cause.
    pub cause: LockCause,
    /// The cause as written; internal.
    pub cause_text: String,
    /// First day in force.
    pub since: Date,
    /// Last day in force, if it ends by itself.
    pub until: Option<Date>,
    /// Last day to appeal, if any.
    pub appeal_by: Option<Date>,
}

/// A lock as listed.
#[derive(Debug, Clone)]
pub struct ListedLock {
    /// Its number.
    pub id: LockId,
    /// Number of the certificate, where it lies on one.
    pub number: Option<String>,
    /// The person, where it lies on one.
    pub person: Option<i64>,
    /// Class of the cause.
    pub cause: String,
    /// The cause as written.
    pub cause_text: String,
    /// First day in force.
    pub since: Date,
    /// Last day in force.
    pub until: Option<Date>,
    /// Who set it.
    pub set_by: String,
    /// When.
    pub set_at: OffsetDateTime,
    /// When it was lifted.
    pub lifted_at: Option<OffsetDateTime>,
}

/// The certificates under a subject, their holder's row and their own rows locked in this order.
///
/// # Errors
/// The database's.
pub async fn certificates_under(conn: &mut PgConnection, subject: Subject) -> sqlx::Result<Vec<CertificateId>> {
    let (certificate, person) = match subject {
        Subject::Certificate(id) => (Some(id.0), None),
        Subject::Person(id) => (None, Some(id.0)),
    };
    sqlx::query!(
        "select id from person where id = coalesce($2, (select person_id from certificate where id = $1)) for update",
        certificate,
        person
    )
    .fetch_all(&mut *conn)
    .await?;
    sqlx::query_scalar!(
        r#"select id as "id: CertificateId" from certificate where id = $1 or person_id = $2 order by id for update"#,
        certificate,
        person
    )
    .fetch_all(conn)
    .await
}

/// A lock in force on `today` on this very subject with the same cause in the same words, if any.
///
/// # Errors
/// The database's.
pub async fn same_in_force(
    conn: &mut PgConnection,
    subject: Subject,
    cause: LockCause,
    cause_text: &str,
    today: Date,
) -> sqlx::Result<Option<LockId>> {
    let (certificate, person) = match subject {
        Subject::Certificate(id) => (Some(id.0), None),
        Subject::Person(id) => (None, Some(id.0)),
    };
    sqlx::query_scalar!(
        r#"select id as "id: LockId" from lock
           where (certificate_id = $1 or person_id = $2) and lifted_at is null and (until is null or until >= $5)
                 and cause = $3 and trim(cause_text) = trim($4)
           order by id limit 1"#,
        certificate,
        person,
        cause.as_str(),
        cause_text,
        today
    )
    .fetch_optional(conn)
    .await
}

/// The name of the person under a subject.
///
/// # Errors
/// The database's.
pub async fn holder_name(conn: &mut PgConnection, subject: Subject) -> sqlx::Result<Option<String>> {
    let (certificate, person) = match subject {
        Subject::Certificate(id) => (Some(id.0), None),
        Subject::Person(id) => (None, Some(id.0)),
    };
    sqlx::query_scalar!(
        "select name from person where id = coalesce($2, (select person_id from certificate where id = $1))",
        certificate,
        person
    )
    .fetch_optional(conn)
    .await
}

/// Sets a lock and audits it; the caller writes the certificates' events in the same transaction.
///
/// # Errors
/// The database's.
pub async fn add(conn: &mut PgConnection, new: &NewLock, actor: &str) -> sqlx::Result<LockId> {
    let (certificate, person) = match new.subject {
        Subject::Certificate(id) => (Some(id.0), None),
        Subject::Person(id) => (None, Some(id.0)),
    };
    let id = sqlx::query_scalar!(
        r#"insert into lock (certificate_id, person_id, cause, cause_text, since, until, appeal_by, set_by)
           values ($1, $2, $3, $4, $5, $6, $7, $8) returning id as "id: LockId""#,
        certificate,
        person,
        new.cause.as_str(),
        new.cause_text,
        new.since,
        new.until,
        new.appeal_by,
        actor
    )
    .fetch_one(&mut *conn)
    .await?;
    let detail = serde_json::json!({ "cause": new.cause.as_str(), "certificate": certificate, "person": person });
    crate::audit::record(conn, actor, "lock-added", &format!("lock:{id}"), &detail).await?;
    Ok(id)
}

/// Lifts a lock and audits it; the subject that it lay on, or `None` when there is no such lock in force.
///
/// # Errors
/// The database's.
pub async fn lift(conn: &mut PgConnection, id: LockId, why: &str, actor: &str) -> sqlx::Result<Option<Subject>> {
    let lifted = sqlx::query!(
        r#"update lock set lifted_at = now(), lifted_by = $3, lift_reason = $2 where id = $1 and lifted_at is null
           returning certificate_id as "certificate: CertificateId", person_id as "person: PersonId""#,
        id.0,
        why,
        actor
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(lifted) = lifted else { return Ok(None) };
    crate::audit::record(conn, actor, "lock-lifted", &format!("lock:{id}"), &serde_json::json!({ "why": why })).await?;
    Ok(lifted.certificate.map(Subject::Certificate).or(lifted.person.map(Subject::Person)))
}

/// What a lock lies on, as far as it is still in force.
///
/// # Errors
/// The database's.
pub async fn subject(conn: &mut PgConnection, id: LockId) -> sqlx::Result<Option<Subject>> {
    let row = sqlx::query!(
        r#"select certificate_id as "certificate: CertificateId", person_id as "person: PersonId" from lock
           where id = $1 and lifted_at is null"#,
        id.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.and_then(|row| row.certificate.map(Subject::Certificate).or(row.person.map(Subject::Person))))
}

/// All locks, those in force first.
///
/// # Errors
/// The database's.
pub async fn list(conn: &mut PgConnection) -> sqlx::Result<Vec<ListedLock>> {
    sqlx::query_as!(
        ListedLock,
        r#"select l.id as "id: LockId", c.number as "number?", l.person_id as person, l.cause, l.cause_text, l.since, l.until,
                  l.set_by, l.set_at, l.lifted_at
           from lock l left join certificate c on c.id = l.certificate_id
           order by l.lifted_at is not null, l.id desc"#
    )
    .fetch_all(conn)
    .await
}
