//! Held rows, and what staff decide about them: a row that is resolved goes on exactly as if it had loaded.

mod conflicts;
mod settle;

use domain::ids::{BatchId, CertificateId, PersonId};
use serde_json::Value;
use sqlx::PgConnection;
use time::Date;

pub use self::conflicts::{Conflict, Neighbour, conflicts, neighbours};
pub use self::settle::{Decision, Settled, settle};
use crate::intake_rows::StagedFields;

/// A row that waits for a person.
#[derive(Debug, Clone)]
pub struct HeldRow {
    /// Its batch.
    pub batch: BatchId,
    /// Its place in the batch, from 1.
    pub row_no: i64,
    /// Sheet, empty where the format has none.
    pub sheet: String,
    /// Line of the file, from 1.
    pub line: i64,
    /// What was found.
    pub findings: Value,
    /// Its certificate's number, where number, name and identity could be read.
    pub number: Option<String>,
    /// Its holder's name, likewise.
    pub name: Option<String>,
    /// The cells as they stood in the file.
    pub original: Value,
    /// The batch's shape.
    pub shape: String,
    /// The batch's kind, or empty.
    pub kind: String,
    /// The delivered file.
    pub file_name: String,
}

/// Held rows of finished batches, the newest batch first.
///
/// # Errors
/// The database's.
pub async fn list(conn: &mut PgConnection, batch: Option<BatchId>, limit: i64) -> sqlx::Result<Vec<HeldRow>> {
    sqlx::query_file_as!(HeldRow, "queries/rows/list.sql", batch.map(|batch| batch.0), limit).fetch_all(conn).await
}

/// How many held rows [`list`] leaves out, since their cells were decided about as rows of another batch.
///
/// # Errors
/// The database's.
pub async fn decided_before(conn: &mut PgConnection, batch: Option<BatchId>) -> sqlx::Result<i64> {
    sqlx::query_file_scalar!("queries/rows/decided_before.sql", batch.map(|batch| batch.0)).fetch_one(conn).await
}

/// A decision about a row of another batch with the same cells.
#[derive(Debug, Clone)]
pub struct DecisionOfCells {
    /// That batch.
    pub batch: BatchId,
    /// The row's place there.
    pub row_no: i64,
    /// `accept`, `set`, `merge`, `refuse`.
    pub decision: String,
    /// Who.
    pub actor: String,
    /// When.
    pub at: time::OffsetDateTime,
}

/// The newest decision about a row of another batch with the same cells.
///
/// # Errors
/// The database's.
pub async fn decision_of_cells(conn: &mut PgConnection, batch: BatchId, row_no: i64) -> sqlx::Result<Option<DecisionOfCells>> {
    sqlx::query_file_as!(DecisionOfCells, "queries/rows/decision_of_cells.sql", batch.0, row_no).fetch_optional(conn).await
}

/// How many held rows there are in finished batches.
///
/// # Errors
/// The database's.
pub async fn count(conn: &mut PgConnection, batch: Option<BatchId>) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select coalesce(sum(rows_held), 0)::bigint as "n!" from intake_batch where state = 'finished' and ($1::bigint is null or id = $1)"#,
        batch.map(|batch| batch.0)
    )
    .fetch_one(conn)
    .await
}

/// A row with everything that is stored of it.
#[derive(Debug, Clone)]
pub struct StoredRow {
    /// Its batch.
    pub batch: BatchId,
    /// Its place in the batch, from 1.
    pub row_no: i64,
    /// Sheet, empty where the format has none.
    pub sheet: String,
    /// Line of the file, from 1.
    pub line: i64,
    /// What became of it.
    pub outcome: String,
    /// What was found.
    pub findings: Value,
    /// The cells as they stood in the file.
    pub original: Vec<String>,
    /// The titles above them.
    pub titles: Vec<String>,
    /// What was read, where number, name and identity could be.
    pub fields: Option<StagedFields>,
}

/// One row.
///
/// # Errors
/// The database's.
pub async fn find(conn: &mut PgConnection, batch: BatchId, row_no: i64) -> sqlx::Result<Option<StoredRow>> {
    let row = sqlx::query_file!("queries/rows/find.sql", batch.0, row_no).fetch_optional(conn).await?;
    Ok(row.map(|row| StoredRow {
        batch: row.batch,
        row_no: row.row_no,
        sheet: row.sheet,
        line: row.line,
        outcome: row.outcome,
        findings: row.findings,
        original: texts(&row.original),
        titles: texts(&row.titles),
        fields: match (row.number, row.name, row.id_kind, row.id_number) {
            (Some(number), Some(name), Some(id_kind), Some(id_number)) => Some(StagedFields {
                number_printed: row.number_printed.unwrap_or_else(|| number.clone()),
                number,
                number_year: row.number_year,
                category: row.category,
                specialties: row.specialties,
                name,
                id_kind,
                id_original: row.id_original.unwrap_or_else(|| id_number.clone()),
                id_number,
                sex: row.sex,
                birth_date: row.birth_date,
                employer_name: row.employer_name,
                employer_key: row.employer_key,
                employer_code: row.employer_code,
                duty: row.duty,
                first_issued_on: row.first_issued_on,
                issued_on: row.issued_on,
                issued_on_printed: row.issued_on_printed,
                valid_from: row.valid_from,
                valid_until: row.valid_until,
                legal_status: row.legal_status,
                phone: row.phone,
                locked: row.locked.unwrap_or(false),
                request: false,
            }),
            _ => None,
        },
    }))
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(|text| text.as_str().unwrap_or_default().to_owned()).collect()
}

/// A person whom a row may mean.
#[derive(Debug, Clone)]
pub struct PersonAgainst {
    /// The person.
    pub id: PersonId,
    /// The name as it is known.
    pub name: String,
    /// Kind of the document.
    pub id_kind: String,
    /// Its number; masked before it is shown.
    pub id_number: String,
    /// Whether the row has this very document; else it has the name and the birth date.
    pub same_document: bool,
    /// The person's certificates.
    pub numbers: Option<Vec<String>>,
}

/// The known persons of a document, and those of a name and birth date.
///
/// # Errors
/// The database's.
pub async fn persons_against(
    conn: &mut PgConnection,
    id_number: &str,
    id_kind: &str,
    name: &str,
    birth_date: Option<Date>,
) -> sqlx::Result<Vec<PersonAgainst>> {
    sqlx::query_file_as!(PersonAgainst, "queries/rows/against_persons.sql", id_number, id_kind, name, birth_date).fetch_all(conn).await
}

/// A known certificate of a row's number.
#[derive(Debug, Clone)]
pub struct CertificateAgainst {
    /// The certificate.
    pub id: CertificateId,
    /// Its holder.
    pub person: PersonId,
    /// The holder's name.
    pub holder_name: String,
    /// Kind of the holder's document.
    pub holder_id_kind: String,
    /// Its number; masked before it is shown.
    pub holder_id_number: String,
    /// The batch that brought it.
    pub batch: Option<BatchId>,
    /// Legal status.
    pub legal_status: String,
    /// Last day.
    pub valid_until: Option<Date>,
}

/// The known certificate of a kind and number.
///
/// # Errors
/// The database's.
pub async fn certificate_against(conn: &mut PgConnection, kind: &str, number: &str) -> sqlx::Result<Option<CertificateAgainst>> {
    sqlx::query_as!(
        CertificateAgainst,
        r#"select c.id as "id: CertificateId", p.id as "person: PersonId", p.name as holder_name, p.id_kind as holder_id_kind,
                  p.id_number as holder_id_number, c.batch_id as "batch: BatchId", c.legal_status, c.valid_until
           from certificate c join person p on p.id = c.person_id where c.number = $2 and c.kind = $1"#,
        kind,
        number
    )
    .fetch_optional(conn)
    .await
}

/// A person by name, birth date and document.
#[derive(Debug, Clone)]
pub struct KnownPerson {
    /// The name.
    pub name: String,
    /// Kind of the document.
    pub id_kind: String,
    /// Its number; masked before it is shown.
    pub id_number: String,
    /// Date of birth, where it is known.
    pub birth_date: Option<Date>,
}

/// A person's name, birth date and document.
///
/// # Errors
/// The database's.
pub async fn person(conn: &mut PgConnection, person: PersonId) -> sqlx::Result<Option<KnownPerson>> {
    sqlx::query_as!(KnownPerson, "select name, id_kind, id_number, birth_date from person where id = $1", person.0)
        .fetch_optional(conn)
        .await
}

/// The rows that begin on a line of the delivered file, each with its sheet.
///
/// # Errors
/// The database's.
pub async fn on_line(conn: &mut PgConnection, batch: BatchId, line: i64) -> sqlx::Result<Vec<(i64, String)>> {
    let rows =
        sqlx::query!("select row_no, sheet from intake_row where batch_id = $1 and line = $2 order by row_no limit 20", batch.0, line)
            .fetch_all(conn)
            .await?;
    Ok(rows.into_iter().map(|row| (row.row_no, row.sheet)).collect())
}

/// What was decided about a row.
#[derive(Debug, Clone)]
pub struct Resolution {
    /// When.
    pub at: time::OffsetDateTime,
    /// Who.
    pub actor: String,
    /// `accept`, `set`, `merge`, `refuse`.
    pub decision: String,
    /// Why.
    pub why: String,
    /// The cells that were set.
    pub changes: Value,
    /// What became of the row.
    pub outcome: String,
    /// What had held it.
    pub findings_before: Value,
}

/// The decision about a row, if there is one.
///
/// # Errors
/// The database's.
pub async fn resolution(conn: &mut PgConnection, batch: BatchId, row_no: i64) -> sqlx::Result<Option<Resolution>> {
    sqlx::query_as!(
        Resolution,
        "select at, actor, decision, why, changes, outcome, findings_before from row_resolution where batch_id = $1 and row_no = $2",
        batch.0,
        row_no
    )
    .fetch_optional(conn)
    .await
}

/// The titles of a batch in the order of the file: the row above the first that stands below them, sheet and titles. They are those of its header rows and
/// those that stand in no row; a batch that came before these were kept has only the titles of the file.
///
/// # Errors
/// The database's.
pub async fn headers(conn: &mut PgConnection, batch: BatchId) -> sqlx::Result<Vec<(i64, String, Vec<String>)>> {
    let known = sqlx::query_file!("queries/rows/titles.sql", batch.0).fetch_all(conn).await?;
    Ok(known.into_iter().map(|titles| (titles.above, titles.sheet, titles.titles)).collect())
}

/// The titles of a batch whose format gives them outside its rows.
///
/// # Errors
/// The database's.
pub async fn first_titles(conn: &mut PgConnection, batch: BatchId) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!("select titles from intake_file where batch_id = $1", batch.0).fetch_one(conn).await
}
