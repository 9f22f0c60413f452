//! Rows of a delivery as read: staged by COPY, reported, and counted.

use std::fmt::Write as _;

use domain::ids::BatchId;
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

/// Stages rows by COPY in the caller's transaction.
///
/// # Errors
/// The database's.
pub async fn copy(conn: &mut PgConnection, batch: BatchId, rows: &[StagedRow]) -> sqlx::Result<u64> {
    let mut text = String::with_capacity(rows.len() * 512);
    for row in rows {
        line(&mut text, batch, row);
    }
    // COPY is one of the two statements that the checked macros cannot express.
    let mut copy = conn
        .copy_in_raw(
            "copy intake_row (batch_id, row_no, sheet, line, outcome, findings, original, number, number_printed, number_year, category, specialties, name,
                 id_kind, id_number, id_original, sex, birth_date, employer_name, employer_key, employer_code, duty,
                 first_issued_on, issued_on, issued_on_printed, valid_from, valid_until, legal_status, phone) from stdin",
        )
        .await?;
    copy.send(text.as_bytes()).await?;
    copy.finish().await
}

fn line(out: &mut String, batch: BatchId, row: &StagedRow) {
    let write = |out: &mut String, value: i64| write!(out, "{value}\t").expect("writing to a string cannot fail");
    write(out, batch.0);
    write(out, row.row_no);
    cell(out, Some(&row.sheet));
    write(out, row.line);
    cell(out, Some(row.outcome));
    cell(out, Some(&row.findings.iter().map(json_without_nul).collect::<Value>().to_string()));
    cell(out, Some(&serde_json::json!(row.original.iter().map(|text| without_nul(text)).collect::<Vec<_>>()).to_string()));
    let date = |date: Option<Date>| date.map(|date| date.to_string());
    match &row.fields {
        None => out.push_str(&"\\N\t".repeat(22)),
        Some(f) => {
            cell(out, Some(&f.number));
            cell(out, Some(&f.number_printed));
            cell(out, f.number_year.map(|year| year.to_string()).as_deref());
            cell(out, f.category.as_deref());
            cell(out, f.specialties.as_ref().map(json_without_nul).map(|value| value.to_string()).as_deref());
            cell(out, Some(&f.name));
            cell(out, Some(&f.id_kind));
            cell(out, Some(&f.id_number));
            cell(out, Some(&f.id_original));
            cell(out, f.sex.as_deref());
            cell(out, date(f.birth_date).as_deref());
            cell(out, f.employer_name.as_deref());
            cell(out, f.employer_key.as_deref());
            cell(out, f.employer_code.as_deref());
            cell(out, f.duty.as_deref());
            cell(out, date(f.first_issued_on).as_deref());
            cell(out, date(f.issued_on).as_deref());
            cell(out, f.issued_on_printed.as_deref());
            cell(out, date(f.valid_from).as_deref());
            cell(out, date(f.valid_until).as_deref());
            cell(out, f.legal_status.as_deref());
            cell(out, f.phone.as_deref());
        }
    }
    out.pop();
    out.push('\n');
}

/// The same for every text of a JSON value.
fn json_without_nul(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(without_nul(text)),
        Value::Array(items) => items.iter().map(json_without_nul).collect(),
        Value::Object(entries) => entries.iter().map(|(key, item)| (key.clone(), json_without_nul(item))).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

/// PostgreSQL has no NUL in text; the row that held one was given a finding when it was read.
fn without_nul(text: &str) -> String {
    text.replace('\0', "\u{2400}")
}

fn cell(out: &mut String, text: Option<&str>) {
    match text {
        None => out.push_str("\\N"),
        Some(text) => {
            for character in text.chars() {
                match character {
                    '\\' => out.push_str("\\\\"),
                    '\t' => out.push_str("\\t"),
                    '\n' => out.push_str("\\n"),
                    '\r' => out.push_str("\\r"),
                    '\0' => out.push('\u{2400}'),
                    other => out.push(other),
                }
            }
        }
    }
    out.push('\t');
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
    sqlx::query!("delete from intake_row where batch_id = $1 and not merged", batch.0).execute(conn).await?;
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

/// Up to `limit` rows that are not plainly loaded, after `after`, in the order of the file. Titles and headers are left out, so that
/// a corrected report can be delivered again.
///
/// # Errors
/// The database's.
pub async fn reported(conn: &mut PgConnection, batch: BatchId, after: i64, limit: i64) -> sqlx::Result<Vec<ReportRow>> {
    sqlx::query_as!(
        ReportRow,
        "select row_no, sheet, line, outcome, findings, original from intake_row
         where batch_id = $1 and row_no > $2 and outcome <> 'loaded'
           and not (outcome = 'dropped' and (findings @> '[{\"code\": \"title-row\"}]' or findings @> '[{\"code\": \"header-row\"}]'))
         order by row_no limit $3",
        batch.0,
        after,
        limit
    )
    .fetch_all(conn)
    .await
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

/// How often each finding occurs in a batch, most frequent first.
///
/// # Errors
/// The database's.
pub async fn findings_by_code(conn: &mut PgConnection, batch: BatchId) -> sqlx::Result<Vec<(String, i64)>> {
    let rows = sqlx::query!(
        r#"select f ->> 'code' as "code!", count(*) as "n!" from intake_row r, jsonb_array_elements(r.findings) f
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
