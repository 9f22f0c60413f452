//! What rows would do to the register if they were imported: read only, for dry runs.

use domain::kind::Kind;
use serde_json::{Value, json};
use sqlx::PgConnection;
use time::Date;

use crate::intake_rows::StagedFields;

/// Rows by what they would do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Preview {
    /// New certificates.
    pub created: i64,
    /// Known ones that would change.
    pub updated: i64,
    /// Known ones that would stay as they are.
    pub unchanged: i64,
    /// Rows that the register speaks against.
    pub held: i64,
}

impl std::ops::AddAssign for Preview {
    fn add_assign(&mut self, other: Self) {
        self.created += other.created;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.held += other.held;
    }
}

/// Compares rows with the register.
///
/// # Errors
/// The database's.
pub async fn compare(conn: &mut PgConnection, kind: Kind, as_of: Date, rows: &[StagedFields]) -> sqlx::Result<Preview> {
    let rows: Value = rows.iter().map(row_json).collect();
    sqlx::query_file_as!(Preview, "queries/rows/preview.sql", rows, kind.as_str(), as_of).fetch_one(conn).await
}

fn row_json(row: &StagedFields) -> Value {
    let day = |day: Option<Date>| day.map(|day| day.to_string());
    json!({
        "number": row.number, "number_printed": row.number_printed, "category": row.category, "specialties": row.specialties,
        "name": row.name, "id_kind": row.id_kind, "id_number": row.id_number, "employer_key": row.employer_key,
        "employer_code": row.employer_code, "duty": row.duty, "first_issued_on": day(row.first_issued_on),
        "issued_on": day(row.issued_on), "issued_on_printed": row.issued_on_printed, "valid_from": day(row.valid_from),
        "valid_until": day(row.valid_until), "legal_status": row.legal_status,
    })
}
