//! What stands against a row: the register's certificate of its number, persons who may be meant, and other rows of its delivery. ID numbers are masked.

use serde_json::{Value, json};
use store::batches::Batch;
use store::pool::PgConnection;
use store::rows::{self, CertificateAgainst, Neighbour, PersonAgainst, StoredRow};

use super::super::masked;
use super::code_of;
use domain::finding::FindingCode;

/// What was found against a row.
pub(super) struct Against {
    certificate: Option<CertificateAgainst>,
    pub(super) persons: Vec<PersonAgainst>,
    rows: Vec<Neighbour>,
    batch: i64,
}

impl Against {
    pub(super) async fn find(conn: &mut PgConnection, batch: &Batch, row: &StoredRow) -> anyhow::Result<Self> {
        let mut against = Self { certificate: None, persons: Vec::new(), rows: Vec::new(), batch: batch.id.0 };
        let Some(fields) = &row.fields else { return Ok(against) };
        against.certificate = rows::certificate_against(conn, &batch.kind, &fields.number).await?;
        against.persons = rows::persons_against(conn, &fields.id_number, &fields.id_kind, &fields.name, fields.birth_date).await?;
        // Looking for them takes a pass over the delivery.
        if row.findings.as_array().into_iter().flatten().filter_map(code_of).any(names_other_rows) {
            against.rows = rows::neighbours(conn, batch.id, row.row_no, fields).await?;
        }
        Ok(against)
    }

    /// Whether the register speaks against taking the row as it is: its number is somebody else's, or its document has another name there.
    pub(super) fn forbids(&self, row: &StoredRow) -> bool {
        let Some(fields) = &row.fields else { return false };
        let is_anothers = self.certificate.as_ref().is_some_and(|known| {
            (known.holder_id_kind.as_str(), known.holder_id_number.as_str()) != (fields.id_kind.as_str(), fields.id_number.as_str())
        });
        is_anothers || self.persons.iter().any(|person| person.same_document && person.name != fields.name)
    }

    /// Whether the row may be said to be one of the persons who are named: where its number is somebody's certificate, that person is among them.
    pub(super) fn offers_persons(&self) -> bool {
        let is_named = |person| self.persons.iter().any(|known| known.id == person);
        !self.persons.is_empty() && self.certificate.as_ref().is_none_or(|known| is_named(known.person))
    }

    pub(super) fn document(&self) -> anyhow::Result<Value> {
        let certificate = self.certificate.as_ref().map(|known| {
            Ok::<_, anyhow::Error>(json!({
                "holder": known.holder_name, "person": known.person.0, "id_masked": masked(&known.holder_id_kind, &known.holder_id_number)?,
                "batch": known.batch.map(|batch| batch.to_string()), "legal_status": known.legal_status,
                "valid_until": known.valid_until.map(|day| day.to_string()),
            }))
        });
        let persons = self.persons.iter().map(|person| {
            Ok::<_, anyhow::Error>(json!({
                "person": person.id.0, "name": person.name, "id_masked": masked(&person.id_kind, &person.id_number)?,
                "same_document": person.same_document, "certificates": person.numbers,
            }))
        });
        let rows = self.rows.iter().map(|row| {
            Ok::<_, anyhow::Error>(json!({
                "id": format!("{}.{}", self.batch, row.row_no), "sheet": row.sheet, "line": row.line, "outcome": row.outcome,
                "number": row.number, "name": row.name, "id_masked": masked(&row.id_kind, &row.id_number)?,
                "same_number": row.same_number, "same_document": row.same_document, "same_name_and_birth": row.same_name_and_birth,
            }))
        });
        Ok(json!({
            "certificate": certificate.transpose()?, "persons": persons.collect::<anyhow::Result<Vec<_>>>()?,
            "rows": rows.collect::<anyhow::Result<Vec<_>>>()?,
        }))
    }

    pub(super) fn text(&self) -> anyhow::Result<String> {
        let mut text = String::new();
        if let Some(known) = &self.certificate {
            let until = known.valid_until.map_or_else(|| "-".to_owned(), |day| day.to_string());
            let since = known.batch.map_or_else(String::new, |batch| format!(" since batch {batch}"));
            text += &format!(
                "its number is in the register{since}: a certificate of {} {} (person {}), {} until {until}\n",
                known.holder_name,
                masked(&known.holder_id_kind, &known.holder_id_number)?,
                known.person,
                known.legal_status
            );
        }
        for person in &self.persons {
            let why = if person.same_document { "the same document" } else { "the same name and birth date" };
            let numbers = person.numbers.as_ref().map_or_else(|| "no certificate".to_owned(), |numbers| numbers.join(", "));
            text += &format!("person {}: {} {} ({why}): {numbers}\n", person.id, person.name, masked(&person.id_kind, &person.id_number)?);
        }
        for row in &self.rows {
            let same = [(row.same_number, "number"), (row.same_document, "document"), (row.same_name_and_birth, "name and birth date")];
            let same: Vec<&str> = same.into_iter().filter(|(is, _)| *is).map(|(_, what)| what).collect();
            text += &format!(
                "row {}.{}, line {} ({}): {} {} {}, the same {}\n",
                self.batch,
                row.row_no,
                row.line,
                row.outcome,
                row.number,
                row.name,
                masked(&row.id_kind, &row.id_number)?,
                same.join(", the same ")
            );
        }
        Ok(text)
    }
}

/// Whether other rows of the delivery may be the reason.
fn names_other_rows(code: FindingCode) -> bool {
    use FindingCode as Code;
    matches!(
        code,
        Code::Tie
            | Code::DuplicateRow
            | Code::DuplicateRowDiffers
            | Code::OlderRowOfNumber
            | Code::NumberOfTwoPeople
            | Code::SameIdOtherName
            | Code::SameNameBirthOtherId
    )
}
