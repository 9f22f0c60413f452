//! Status lists: what became of the versions of a list, and which signed list is the newest.

use domain::kind::Kind;
use domain::settings::Settings;
use sqlx::PgConnection;
use time::{Date, OffsetDateTime};

/// A signed list in the object store.
#[derive(Debug, Clone)]
pub struct PublishedList {
    /// Number of the list, from 1.
    pub list: i32,
    /// SHA-256 of the token.
    pub sha256: Vec<u8>,
    /// Where it lies.
    pub key: String,
    /// Length in bytes.
    pub size_bytes: i64,
    /// When it was made.
    pub issued_at: OffsetDateTime,
    /// A newer one is to be fetched after this.
    pub fresh_until: OffsetDateTime,
    /// Nobody may rely on it after this.
    pub expires_at: OffsetDateTime,
}

/// Index and status of every version of a list that cannot be shown as valid on a day: 1 it holds no more, 2 not at present (suspended,
/// locked, its period not begun or not known), 3 superseded. The settings give the highest age of each kind.
///
/// # Errors
/// The database's.
pub async fn statuses(conn: &mut PgConnection, list: i32, settings: &Settings, today: Date) -> sqlx::Result<Vec<(i64, i32)>> {
    let ages = Kind::ALL.iter().filter_map(|kind| Some((kind.as_str().to_owned(), i32::from(settings.kind(*kind).highest_age_years?))));
    let (kinds, highest): (Vec<String>, Vec<i32>) = ages.unzip();
    let rows = sqlx::query_file!("queries/status_lists/statuses.sql", list, today, &kinds, &highest).fetch_all(conn).await?;
    Ok(rows.into_iter().map(|row| (row.index, row.status)).collect())
}

/// The number of the newest list that has a version; 0 while nothing was ordered.
///
/// # Errors
/// The database's.
pub async fn newest_number(conn: &mut PgConnection) -> sqlx::Result<i32> {
    sqlx::query_scalar!(r#"select coalesce(max(status_list), 0) as "n!" from issue_order"#).fetch_one(conn).await
}

/// Makes a signed list the newest of its number, unless a newer one is there already; its file is durable. Whether it became that.
///
/// # Errors
/// The database's.
pub async fn publish(conn: &mut PgConnection, new: &PublishedList) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into status_list as l (list, sha256, object_key, size_bytes, issued_at, fresh_until, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (list) do update
         set sha256 = excluded.sha256, object_key = excluded.object_key, size_bytes = excluded.size_bytes, issued_at = excluded.issued_at,
             fresh_until = excluded.fresh_until, expires_at = excluded.expires_at, published_at = now()
         where l.issued_at <= excluded.issued_at",
        new.list,
        new.sha256,
        new.key,
        new.size_bytes,
        new.issued_at,
        new.fresh_until,
        new.expires_at
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The newest signed list of a number.
///
/// # Errors
/// The database's.
pub async fn newest(conn: &mut PgConnection, list: i32) -> sqlx::Result<Option<PublishedList>> {
    sqlx::query_as!(
        PublishedList,
        "select list, sha256, object_key as key, size_bytes, issued_at, fresh_until, expires_at from status_list where list = $1",
        list
    )
    .fetch_optional(conn)
    .await
}
