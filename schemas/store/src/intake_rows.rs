//! Rows of a delivery as read: staged by COPY, reported, and counted.

mod row_copy;

pub use row_copy::{RowCopy, RowHead, copy};

use domain::ids::BatchId;
use futures::stream::BoxStream;
use serde_json::Value;
use sqlx::PgConnection;
use time::Date;

/// A row as read, before anything is made of it. Texts are as normalised; `original` holds the cells as they stood.
#[derive(Debug, Clone, Default)]
pub struct StagedRow {
    /// Counts the records of the batch from 1.
    pub row_no: i64,
    /// Sheet, empty where the format has none.
    pub sheet: String,
    /// Line of the file, from 1.
    pub line: i64,
    /// `loaded`, `warned`, `held`, `rejected` or `dropped`.
    pub outcome: &'static str,
    /// What was found, as [`finding_json`] writes it.
    pub findings: Vec<Value>,
    /// The cells as they stood in the file.
    pub original: Vec<String>,
    /// The normalised fields; `None` for rows that were not understood.
    pub fields: Option<StagedFields>,
}

/// The normalised fields of a certificate row.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "each is the column of the same name of table intake_row")]
pub struct StagedFields {
    pub number: String,
    pub number_printed: String,
    pub number_year: Option<i32>,
    pub category: Option<String>,
    pub specialties: Option<Value>,
    pub name: String,
    pub id_kind: String,
    pub id_number: String,
    pub id_original: String,
    pub sex: Option<String>,
    pub birth_date: Option<Date>,
    pub employer_name: Option<String>,
    pub employer_key: Option<String>,
    pub employer_code: Option<String>,
    pub duty: Option<String>,
    pub first_issued_on: Option<Date>,
    pub issued_on: Option<Date>,
    pub issued_on_printed: Option<String>,
    pub valid_from: Option<Date>,
    pub valid_until: Option<Date>,
    pub legal_status: Option<String>,
    pub phone: Option<String>,
    /// Whether the register calls the certificate locked (锁定).
    pub locked: bool,
    /// Whether the electronic certificate is requested when the certificate turns out to be new, see [`crate::merge::requested_when_new`].
    pub request: bool,
}

/// A finding in the form that `intake_row.findings` keeps: code, column, original and repaired text.
#[must_use]
pub fn finding_json(finding: &domain::finding::Finding) -> Value {
    let mut object = serde_json::Map::new();
    object.insert("code".to_owned(), finding.code.as_str().into());
    for (key, text) in [("column", &finding.column), ("original", &finding.original), ("repaired", &finding.repaired)] {
        if let Some(text) = text {
            object.insert(key.to_owned(), text.as_str().into());
        }
    }
    Value::Object(object)
}

/// The last staged row of a batch; 0 when there is none.
///
/// # Errors
/// The database's.
pub async fn last_staged(conn: &mut PgConnection, batch: BatchId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select coalesce(max(row_no), 0) as "last!" from intake_row where batch_id = $1"#, batch.0).fetch_one(conn).await
}

/// Forgets the staged rows of a batch that failed before anything was made of them.
///
/// # Errors
/// The database's.
pub async fn forget(conn: &mut PgConnection, batch: BatchId) -> sqlx::Result<()> {
    sqlx::query!("delete from intake_row where batch_id = $1", batch.0).execute(&mut *conn).await?;
    sqlx::query!("delete from intake_titles where batch_id = $1", batch.0).execute(&mut *conn).await?;
    sqlx::query!("delete from intake_step where batch_id = $1", batch.0).execute(conn).await?;
    Ok(())
}

/// A row as the report shows it.
#[derive(Debug, Clone)]
pub struct ReportRow {
    /// Counts the records of the batch from 1.
    pub row_no: i64,
    /// Sheet, empty where the format has none.
    pub sheet: String,
    /// Line of the file, from 1.
    pub line: i64,
    /// What became of the row.
    pub outcome: String,
    /// What was found.
    pub findings: Value,
    /// The cells as they stood in the file.
    pub original: Value,
}

/// The rows that are not plainly loaded, in the order of the file; of photos also those that the review holds or rejected, with what it found. They come
/// one by one as the database gives them: rows may be long, and a page of them would be in memory at once. Titles and headers are left out, so that a corrected report can be delivered again.
pub fn reported(conn: &mut PgConnection, batch: BatchId) -> BoxStream<'_, sqlx::Result<ReportRow>> {
    sqlx::query_file_as!(ReportRow, "queries/rows/reported.sql", batch.0).fetch(conn)
}

/// Rows by outcome while the import goes on.
///
/// # Errors
/// The database's.
pub async fn totals(conn: &mut PgConnection, batch: BatchId) -> sqlx::Result<crate::batches::Totals> {
    sqlx::query_as!(
        crate::batches::Totals,
        r#"select count(*) as "read!", count(*) filter (where outcome = 'loaded') as "loaded!",
                  count(*) filter (where outcome = 'warned') as "warned!", count(*) filter (where outcome = 'held') as "held!",
                  count(*) filter (where outcome = 'rejected') as "rejected!", count(*) filter (where outcome = 'dropped') as "dropped!"
           from intake_row where batch_id = $1"#,
        batch.0
    )
    .fetch_one(conn)
    .await
}

/// How many rows of a batch each finding concerns, most frequent first; a row in which it occurs twice counts once.
///
/// # Errors
/// The database's.
pub async fn findings_by_code(conn: &mut PgConnection, batch: BatchId) -> sqlx::Result<Vec<(String, i64)>> {
    let rows = sqlx::query!(
        r#"select f ->> 'code' as "code!", count(distinct r.row_no) as "n!" from intake_row r, jsonb_array_elements(r.findings) f
           where r.batch_id = $1 group by 1 order by 2 desc, 1"#,
        batch.0
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.code, row.n)).collect())
}

/// Remembers which photo a row of an archive became.
///
/// # Errors
/// The database's.
pub async fn link_photos(conn: &mut PgConnection, batch: BatchId, links: &[(i64, domain::ids::PhotoId)]) -> sqlx::Result<()> {
    let (rows, photos): (Vec<i64>, Vec<i64>) = links.iter().map(|(row, photo)| (*row, photo.0)).unzip();
    sqlx::query!(
        "update intake_row r set photo_id = l.photo_id from unnest($2::bigint[], $3::bigint[]) as l (row_no, photo_id)
         where r.batch_id = $1 and r.row_no = l.row_no",
        batch.0,
        &rows,
        &photos
    )
    .execute(conn)
    .await?;
    Ok(())
}
