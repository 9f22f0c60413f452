//! Staff members: whose names stand in the audit. Sign-in comes with the console.

use domain::ids::StaffId;
use sqlx::PgConnection;
use time::OffsetDateTime;

/// Why a staff member could not be added or disabled.
#[derive(Debug, thiserror::Error)]
pub enum StaffError {
    /// The name is in use.
    #[error("a staff member named {0:?} exists already; one who was disabled is let act again by `ecert staff enable {0}`")]
    Taken(String),
    /// The name is empty.
    #[error("a staff member needs a name")]
    Blank,
    /// Nobody of that name is disabled.
    #[error("no disabled staff member is named {0:?}; `ecert staff list` shows them")]
    NotDisabled(String),
    /// Nobody of that name, or disabled.
    #[error("no active staff member is named {0:?}; `ecert staff list` shows them, `ecert staff add NAME` adds one")]
    Unknown(String),
    /// The database failed.
    #[error("the database refused")]
    Database(#[from] sqlx::Error),
}

/// A staff member as listed.
#[derive(Debug, Clone)]
pub struct StaffMember {
    /// Surrogate id.
    pub id: StaffId,
    /// The name that `--as-staff` takes.
    pub name: String,
    /// When the member was added.
    pub created_at: OffsetDateTime,
    /// When the member was disabled, if so.
    pub disabled_at: Option<OffsetDateTime>,
}

/// Adds a staff member and audits it.
///
/// # Errors
/// [`StaffError::Taken`], [`StaffError::Blank`] or the database's.
pub async fn add(conn: &mut PgConnection, name: &str, actor: &str) -> Result<StaffId, StaffError> {
    let name = name.trim();
    if name.is_empty() {
        return Err(StaffError::Blank);
    }
    let id = sqlx::query_scalar!(r#"insert into staff (name, created_by) values ($1, $2) returning id as "id: StaffId""#, name, actor)
        .fetch_one(&mut *conn)
        .await
        .map_err(|error| match error.as_database_error().and_then(|e| e.constraint()) {
            Some("staff_name_taken") => StaffError::Taken(name.to_owned()),
            Some(_) | None => StaffError::Database(error),
        })?;
    crate::audit::record(conn, actor, "staff-added", &format!("staff:{id}"), &serde_json::json!({ "name": name })).await?;
    Ok(id)
}

/// Disables a staff member and audits it. Their name stays in the audit.
///
/// # Errors
/// [`StaffError::Unknown`] or the database's.
pub async fn disable(conn: &mut PgConnection, name: &str, actor: &str) -> Result<(), StaffError> {
    let id = sqlx::query_scalar!(
        r#"update staff set disabled_at = now(), disabled_by = $2 where name = $1 and disabled_at is null returning id as "id: StaffId""#,
        name,
        actor
    )
    .fetch_optional(&mut *conn)
    .await?
    .ok_or_else(|| StaffError::Unknown(name.to_owned()))?;
    crate::audit::record(conn, actor, "staff-disabled", &format!("staff:{id}"), &serde_json::json!({})).await?;
    Ok(())
}

/// Lets a disabled staff member act again and audits it.
///
/// # Errors
/// [`StaffError::NotDisabled`] or the database's.
pub async fn enable(conn: &mut PgConnection, name: &str, actor: &str) -> Result<(), StaffError> {
    let id = sqlx::query_scalar!(
        r#"update staff set disabled_at = null, disabled_by = null where name = $1 and disabled_at is not null returning id as "id: StaffId""#,
        name.trim()
    )
    .fetch_optional(&mut *conn)
    .await?
    .ok_or_else(|| StaffError::NotDisabled(name.to_owned()))?;
    crate::audit::record(conn, actor, "staff-enabled", &format!("staff:{id}"), &serde_json::json!({})).await?;
    Ok(())
}

/// All staff members by name.
///
/// # Errors
/// The database's.
pub async fn list(conn: &mut PgConnection) -> sqlx::Result<Vec<StaffMember>> {
    sqlx::query_as!(StaffMember, r#"select id as "id: StaffId", name, created_at, disabled_at from staff order by name"#)
        .fetch_all(conn)
        .await
}

/// Whether an active staff member has this name.
///
/// # Errors
/// [`StaffError::Unknown`] or the database's.
pub async fn require_active(conn: &mut PgConnection, name: &str) -> Result<(), StaffError> {
    let known = sqlx::query_scalar!(r#"select exists (select from staff where name = $1 and disabled_at is null) as "known!""#, name)
        .fetch_one(conn)
        .await?;
    if known { Ok(()) } else { Err(StaffError::Unknown(name.to_owned())) }
}
