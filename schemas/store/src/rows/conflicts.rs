//! What a held row stands against: other rows of its delivery, and people of the register.

use domain::ids::{BatchId, PersonId};
use sqlx::PgConnection;
use time::Date;

use crate::intake_rows::StagedFields;

/// Another row of the same batch that speaks of the same number, document, or name and birth date.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "each is the column of the same name of table intake_row, or says what is the same")]
pub struct Neighbour {
    pub row_no: i64,
    pub sheet: String,
    pub line: i64,
    pub outcome: String,
    pub number: String,
    pub name: String,
    pub id_kind: String,
    pub id_number: String,
    pub same_number: bool,
    pub same_document: bool,
    pub same_name_and_birth: bool,
}

/// Up to twenty other rows of the batch that a row may contradict.
///
/// # Errors
/// The database's.
pub async fn neighbours(conn: &mut PgConnection, batch: BatchId, row_no: i64, fields: &StagedFields) -> sqlx::Result<Vec<Neighbour>> {
    let f = fields;
    sqlx::query_file_as!(Neighbour, "queries/rows/neighbours.sql", batch.0, row_no, f.number, f.id_number, f.id_kind, f.name, f.birth_date)
        .fetch_all(conn)
        .await
}

/// A row that is held for what another row or the register says.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "each is the column of the same name of table intake_row or person")]
pub struct Conflict {
    pub row_no: i64,
    pub line: i64,
    pub number: String,
    pub name: String,
    pub id_kind: String,
    pub id_number: String,
    pub birth_date: Option<Date>,
    /// Held for its number.
    pub by_number: bool,
    /// Held for its document.
    pub by_document: bool,
    /// Held for its name and birth date.
    pub by_birth: bool,
    /// Who is known in the register.
    pub person: Option<PersonId>,
    pub person_name: Option<String>,
    pub person_id_kind: Option<String>,
    pub person_id_number: Option<String>,
}

/// All such rows of a batch.
///
/// # Errors
/// The database's.
pub async fn conflicts(conn: &mut PgConnection, batch: BatchId) -> sqlx::Result<Vec<Conflict>> {
    sqlx::query_file_as!(Conflict, "queries/rows/conflicts.sql", batch.0).fetch_all(conn).await
}
