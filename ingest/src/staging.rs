//! A row as read in the form in which the tables stage it.

use std::sync::Arc;

use domain::category::Specialty;
use domain::employer::match_key;
use domain::kind::Kind;
use domain::settings::Settings;
use domain::state_word::StateWord;
use serde_json::{Value, json};
use store::intake_rows::{RowCopy, RowHead, StagedFields, finding_json};
use store::merge::requested_when_new;
use time::Date;

use crate::certificate_row::{CertificateRow, ReadRow};

/// By what a row is asked whether its electronic certificate is due.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) kind: Kind,
    pub(crate) issue_policy: String,
    pub(crate) settings: Arc<Settings>,
    pub(crate) today: Date,
}

/// Stages the record with this place in its batch, counted from 1.
pub(crate) fn stage(out: &mut RowCopy, row_no: i64, read: &ReadRow, asked: &Asked) {
    let head =
        RowHead { row_no, sheet: read.sheet(), line: i64::try_from(read.line()).unwrap_or(i64::MAX), outcome: read.outcome.as_str() };
    let findings: Vec<Value> = read.findings.iter().map(finding_json).collect();
    let fields = read.row.as_deref().map(|row| {
        let mut fields = fields(row);
        fields.request = requested_when_new(&fields, asked.kind, &asked.issue_policy, &asked.settings, asked.today);
        fields
    });
    out.push(head, &findings, read.record.fields(), fields.as_ref());
}

/// The normalised fields of a certificate, not yet asked whether the electronic one is due.
pub(crate) fn fields(row: &CertificateRow) -> StagedFields {
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
        locked: row.state == StateWord::Locked,
        request: false,
    }
}

fn specialty(specialty: &Specialty) -> Value {
    json!({ "category": specialty.category.as_str(), "valid_until": specialty.valid_until.map(|day| day.to_string()) })
}
