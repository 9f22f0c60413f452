//! Rows of decisions, applications, violations and business under way: staged, put into the order in which they take effect,
//! matched with the certificates and holders they speak of, and given their outcomes.

pub mod day;
mod subjects;
mod waves;

pub(crate) use subjects::{Found, find};
pub(crate) use waves::waves;

use domain::finding::{Finding, FindingCode, Outcome};
use domain::ids::BatchId;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::PgConnection;

use crate::certificates::decode;

/// A row as read, before anything is made of it.
#[derive(Debug, Clone, Default)]
pub struct NewRecord {
    /// Counts the records of the batch from 1.
    pub row_no: i64,
    /// Sheet, empty where the format has none.
    pub sheet: String,
    /// Line of the file, from 1.
    pub line: i64,
    /// `loaded`, `warned`, `held`, `rejected` or `dropped`.
    pub outcome: &'static str,
    /// What was found, as [`crate::intake_rows::finding_json`] writes it.
    pub findings: Vec<Value>,
    /// The cells as they stood in the file.
    pub original: Vec<String>,
    /// The typed fields of the shape; `None` for rows that were not understood.
    pub fields: Option<Value>,
}

/// Whom and which certificate a row names.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Subject {
    /// Certificate number in canonical text; `None` where the row names a person only.
    pub number: Option<String>,
    /// The kind that the number tells, if it does.
    pub kind: Option<String>,
    /// Name of the holder.
    pub name: String,
    /// Kind of the holder's document.
    pub id_kind: String,
    /// Canonical number of the holder's document.
    pub id_number: String,
}

/// A row whose turn has come.
#[derive(Debug, Clone)]
pub(crate) struct Turn<F> {
    pub(crate) row_no: i64,
    pub(crate) fields: F,
}

/// What is noted of a row that had its turn.
#[derive(Debug, Clone)]
pub(crate) struct Note {
    pub(crate) row_no: i64,
    pub(crate) code: FindingCode,
    /// More, in words for staff.
    pub(crate) detail: Option<String>,
}

impl Note {
    pub(crate) fn new(row_no: i64, code: FindingCode) -> Self {
        Self { row_no, code, detail: None }
    }

    pub(crate) fn with(row_no: i64, code: FindingCode, detail: impl Into<String>) -> Self {
        Self { row_no, code, detail: Some(detail.into()) }
    }
}

/// Stages rows in the caller's transaction.
///
/// # Errors
/// The database's.
pub async fn stage(conn: &mut PgConnection, batch: BatchId, rows: &[NewRecord]) -> sqlx::Result<()> {
    let row_nos: Vec<i64> = rows.iter().map(|row| row.row_no).collect();
    let sheets: Vec<String> = rows.iter().map(|row| without_nul(&row.sheet)).collect();
    let lines: Vec<i64> = rows.iter().map(|row| row.line).collect();
    let outcomes: Vec<String> = rows.iter().map(|row| row.outcome.to_owned()).collect();
    let findings: Vec<Value> = rows.iter().map(|row| row.findings.iter().map(json_without_nul).collect()).collect();
    let originals: Vec<Value> = rows.iter().map(|row| row.original.iter().map(|cell| Value::from(without_nul(cell))).collect()).collect();
    let fields: Vec<Option<Value>> = rows.iter().map(|row| row.fields.as_ref().map(json_without_nul)).collect();
    sqlx::query_file!(
        "queries/records/stage.sql",
        batch.0,
        &row_nos,
        &sheets,
        &lines,
        &outcomes,
        &findings,
        &originals,
        &fields as &[Option<Value>]
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// PostgreSQL has no NUL in text.
fn without_nul(text: &str) -> String {
    text.replace('\0', "\u{2400}")
}

fn json_without_nul(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(without_nul(text)),
        Value::Array(items) => items.iter().map(json_without_nul).collect(),
        Value::Object(entries) => entries.iter().map(|(key, item)| (key.clone(), json_without_nul(item))).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

/// Gives every row that can take effect its turn: by the day under the key `on` of its fields, then by its place in the file.
///
/// # Errors
/// The database's.
pub async fn order(conn: &mut PgConnection, batch: BatchId) -> sqlx::Result<()> {
    sqlx::query_file!("queries/records/order.sql", batch.0).execute(conn).await?;
    Ok(())
}

/// The last turn of a batch; 0 when no row has one.
///
/// # Errors
/// The database's.
pub async fn last_turn(conn: &mut PgConnection, batch: BatchId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select coalesce(max(turn), 0) as "last!" from intake_row where batch_id = $1 and turn is not null"#, batch.0)
        .fetch_one(conn)
        .await
}

/// The last turn of a span at which the rows since its beginning have no more than so many bytes of fields; its first turn in any case.
///
/// # Errors
/// The database's.
pub async fn turns_within(conn: &mut PgConnection, batch: BatchId, (after, upto): (i64, i64), most_bytes: i64) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select coalesce(max(turn), $3) as "upto!" from (
               select turn, sum(octet_length(fields::text)) over (order by turn) as bytes, row_number() over (order by turn) as place
               from intake_row where batch_id = $1 and turn > $2 and turn <= $3) span
           where bytes <= $4 or place = 1"#,
        batch.0,
        after,
        upto,
        most_bytes
    )
    .fetch_one(conn)
    .await
}

/// The rows whose turns are `after` < turn ≤ `upto`, in this order.
pub(crate) async fn turns<F: DeserializeOwned>(
    conn: &mut PgConnection,
    batch: BatchId,
    after: i64,
    upto: i64,
) -> sqlx::Result<Vec<Turn<F>>> {
    let rows = sqlx::query!(
        r#"select row_no, fields as "fields!" from intake_row
           where batch_id = $1 and turn > $2 and turn <= $3 and outcome in ('loaded', 'warned') order by turn"#,
        batch.0,
        after,
        upto
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let fields = serde_json::from_value(row.fields).map_err(|error| sqlx::Error::Decode(error.into()))?;
            Ok(Turn { row_no: row.row_no, fields })
        })
        .collect()
}

/// Adds findings to rows; the outcome of each becomes that of its worst finding.
pub(crate) async fn note(conn: &mut PgConnection, batch: BatchId, notes: &[Note]) -> sqlx::Result<()> {
    // A row may be noted more than once, and an update from a list takes each row once.
    let mut row_nos: Vec<i64> = Vec::new();
    let mut findings: Vec<Vec<Value>> = Vec::new();
    let mut outcomes: Vec<Outcome> = Vec::new();
    for note in notes {
        let mut finding = crate::intake_rows::finding_json(&Finding::new(note.code));
        if let Some(detail) = &note.detail {
            finding["detail"] = json!(detail);
        }
        if let Some(place) = row_nos.iter().position(|row_no| *row_no == note.row_no) {
            findings[place].push(finding);
            outcomes[place] = outcomes[place].max(note.code.outcome());
        } else {
            row_nos.push(note.row_no);
            findings.push(vec![finding]);
            outcomes.push(note.code.outcome());
        }
    }
    if row_nos.is_empty() {
        return Ok(());
    }
    let findings: Vec<Value> = findings.into_iter().map(Value::Array).collect();
    let outcomes: Vec<String> = outcomes.into_iter().map(|outcome| outcome.as_str().to_owned()).collect();
    sqlx::query_file!("queries/records/note.sql", batch.0, &row_nos, &findings, &outcomes).execute(conn).await?;
    Ok(())
}

/// Reads a stored code of a row's fields.
pub(crate) fn code<T: std::str::FromStr>(text: &str) -> sqlx::Result<T>
where
    T::Err: std::error::Error + Send + Sync + 'static,
{
    decode(text)
}
