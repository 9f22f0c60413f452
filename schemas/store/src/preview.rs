//! What rows would do to the register if they were imported: read only, for dry runs.

use domain::kind::Kind;
use serde_json::{Value, json};
use sqlx::PgConnection;
use time::Date;

use crate::intake_rows::StagedFields;

/// What the register says about a row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Beside {
    /// The number is another person's certificate.
    pub number_is_anothers: bool,
    /// The document is known under another name.
    pub has_other_name: bool,
    /// The name and the birth date are known under another document, and this document is not known under this name.
    pub has_namesake: bool,
    /// The document is known under this very name.
    pub is_known: bool,
    /// What merging would make of the row, if nothing holds it.
    pub fate: Fate,
}

/// What merging would make of a row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Fate {
    /// A new certificate.
    #[default]
    Created,
    /// A known one would change.
    Updated,
    /// A known one would stay as it is.
    Unchanged,
    /// A newer delivery or decision spoke of it; the row would not be taken over.
    Older,
}

/// Compares rows with the register; the answers are in the order of the rows.
///
/// # Errors
/// The database's.
pub async fn compare(conn: &mut PgConnection, kind: Kind, as_of: Date, rows: &[StagedFields]) -> sqlx::Result<Vec<Beside>> {
    let asked: Value = rows.iter().enumerate().map(|(place, row)| row_json(place, row)).collect();
    let answers = sqlx::query_file!("queries/rows/preview.sql", asked, kind.as_str(), as_of).fetch_all(conn).await?;
    let mut all = vec![Beside::default(); rows.len()];
    for answer in answers {
        let Some(beside) = usize::try_from(answer.place).ok().and_then(|place| all.get_mut(place)) else { continue };
        let fate = match answer.fate.as_str() {
            "created" => Fate::Created,
            "updated" => Fate::Updated,
            "older" => Fate::Older,
            _ => Fate::Unchanged,
        };
        *beside = Beside {
            number_is_anothers: answer.number_is_anothers,
            has_other_name: answer.has_other_name,
            has_namesake: answer.has_namesake,
            is_known: answer.is_known,
            fate,
        };
    }
    Ok(all)
}

fn row_json(place: usize, row: &StagedFields) -> Value {
    let day = |day: Option<Date>| day.map(|day| day.to_string());
    json!({
        "place": place, "number": row.number, "number_printed": row.number_printed, "category": row.category, "specialties": row.specialties,
        "name": row.name, "id_kind": row.id_kind, "id_number": row.id_number, "birth_date": day(row.birth_date),
        "employer_key": row.employer_key, "employer_code": row.employer_code, "duty": row.duty, "first_issued_on": day(row.first_issued_on),
        "issued_on": day(row.issued_on), "issued_on_printed": row.issued_on_printed, "valid_from": day(row.valid_from),
        "valid_until": day(row.valid_until), "legal_status": row.legal_status,
    })
}
