//! A row as read in the form in which the tables stage it.

use domain::category::Specialty;
use domain::employer::match_key;
use serde_json::{Value, json};
use store::intake_rows::{StagedFields, StagedRow, finding_json};

use crate::certificate_row::{CertificateRow, ReadRow};

/// The staged form of the record with this place in its batch, counted from 1.
pub(crate) fn staged(row_no: i64, read: &ReadRow) -> StagedRow {
    StagedRow {
        row_no,
        sheet: String::new(),
        line: i64::try_from(read.line()).unwrap_or(i64::MAX),
        outcome: read.outcome.as_str(),
        findings: read.findings.iter().map(finding_json).collect(),
        original: read.record.fields().map(str::to_owned).collect(),
        fields: read.row.as_deref().map(fields),
    }
}

fn fields(row: &CertificateRow) -> StagedFields {
    StagedFields {
        number: row.number.as_str().to_owned(),
        number_printed: row.number_original.clone(),
        number_year: row.number_year.map(i32::from),
        category: row.category.map(|category| category.as_str().to_owned()),
        specialties: (!row.specialties.is_empty()).then(|| row.specialties.iter().map(specialty).collect::<Value>()),
        name: row.name.as_printed().to_owned(),
        id_kind: row.identity.kind().as_str().to_owned(),
        id_number: row.identity.number().to_owned(),
        id_original: row.identity.original().to_owned(),
        sex: row.sex.map(|sex| sex.as_str().to_owned()),
        birth_date: row.birth_date,
        employer_name: row.employer_name.clone(),
        employer_key: row.employer_name.as_deref().map(match_key),
        employer_code: row.employer_code.as_ref().map(|code| code.as_str().to_owned()),
        duty: row.duty.map(|duty| duty.zh().to_owned()).or_else(|| row.duty_printed.clone()),
        first_issued_on: row.first_issued_on,
        issued_on: row.issued_on,
        issued_on_printed: row.issued_on_printed.clone(),
        valid_from: row.valid_from,
        valid_until: row.valid_until,
        legal_status: Some(row.legal_status.as_str().to_owned()),
        phone: row.phone.clone(),
    }
}

fn specialty(specialty: &Specialty) -> Value {
    json!({ "category": specialty.category.as_str(), "valid_until": specialty.valid_until.map(|day| day.to_string()) })
}
