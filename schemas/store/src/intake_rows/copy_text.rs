//! Rows in the text form that COPY reads, written without a detour: a million rows go through here.

use std::fmt::Write as _;

use domain::ids::BatchId;
use serde_json::Value;
use sqlx::PgConnection;
use time::Date;

use super::{StagedFields, StagedRow};

/// Rows that wait to be copied into `intake_row`.
#[derive(Debug)]
pub struct CopyText {
    batch: BatchId,
    text: String,
    last: i64,
}

/// What every row has.
#[derive(Debug, Clone, Copy)]
pub struct RowHead<'a> {
    /// Counts the records of the batch from 1.
    pub row_no: i64,
    /// Sheet, empty where the format has none.
    pub sheet: &'a str,
    /// Line of the file, from 1.
    pub line: i64,
    /// `loaded`, `warned`, `held`, `rejected` or `dropped`.
    pub outcome: &'static str,
}

impl CopyText {
    /// No rows yet.
    #[must_use]
    pub fn new(batch: BatchId) -> Self {
        Self { batch, text: String::new(), last: 0 }
    }

    /// Adds a row; findings as [`super::finding_json`] writes them, the cells as they stood in the file.
    pub fn push<'a>(
        &mut self,
        head: RowHead<'_>,
        findings: &[Value],
        original: impl Iterator<Item = &'a str>,
        fields: Option<&StagedFields>,
    ) {
        let out = &mut self.text;
        number(out, self.batch.0);
        number(out, head.row_no);
        cell(out, Some(head.sheet));
        number(out, head.line);
        cell(out, Some(head.outcome));
        if findings.is_empty() {
            out.push_str("[]\t");
        } else {
            cell(out, Some(&findings.iter().map(without_nul).collect::<Value>().to_string()));
        }
        out.push('[');
        for (place, text) in original.enumerate() {
            if place > 0 {
                out.push(',');
            }
            json_string(out, text);
        }
        out.push_str("]\t");
        match fields {
            None => out.push_str(&"\\N\t".repeat(22)),
            Some(fields) => fields_of(out, fields),
        }
        out.push_str(if fields.is_some_and(|fields| fields.request) { "t\n" } else { "f\n" });
        self.last = head.row_no;
    }

    /// The number of the last row added; 0 while there is none.
    #[must_use]
    pub fn last_row(&self) -> i64 {
        self.last
    }

    /// Copies the rows in the caller's transaction; says how many there were.
    ///
    /// # Errors
    /// The database's.
    pub async fn send(self, conn: &mut PgConnection) -> sqlx::Result<u64> {
        // COPY is one of the two statements that the checked macros cannot express.
        let mut copy = conn
            .copy_in_raw(
                "copy intake_row (batch_id, row_no, sheet, line, outcome, findings, original, number, number_printed, number_year, category,
                     specialties, name, id_kind, id_number, id_original, sex, birth_date, employer_name, employer_key, employer_code, duty,
                     first_issued_on, issued_on, issued_on_printed, valid_from, valid_until, legal_status, phone, request) from stdin",
            )
            .await?;
        copy.send(self.text.into_bytes()).await?;
        copy.finish().await
    }
}

/// Stages rows by COPY in the caller's transaction.
///
/// # Errors
/// The database's.
pub async fn copy(conn: &mut PgConnection, batch: BatchId, rows: &[StagedRow]) -> sqlx::Result<u64> {
    let mut text = CopyText::new(batch);
    for row in rows {
        let head = RowHead { row_no: row.row_no, sheet: &row.sheet, line: row.line, outcome: row.outcome };
        text.push(head, &row.findings, row.original.iter().map(String::as_str), row.fields.as_ref());
    }
    text.send(conn).await
}

fn fields_of(out: &mut String, f: &StagedFields) {
    cell(out, Some(&f.number));
    cell(out, Some(&f.number_printed));
    match f.number_year {
        Some(year) => number(out, year.into()),
        None => cell(out, None),
    }
    cell(out, f.category.as_deref());
    cell(out, f.specialties.as_ref().map(|value| without_nul(value).to_string()).as_deref());
    cell(out, Some(&f.name));
    cell(out, Some(&f.id_kind));
    cell(out, Some(&f.id_number));
    cell(out, Some(&f.id_original));
    cell(out, f.sex.as_deref());
    date(out, f.birth_date);
    cell(out, f.employer_name.as_deref());
    cell(out, f.employer_key.as_deref());
    cell(out, f.employer_code.as_deref());
    cell(out, f.duty.as_deref());
    date(out, f.first_issued_on);
    date(out, f.issued_on);
    cell(out, f.issued_on_printed.as_deref());
    date(out, f.valid_from);
    date(out, f.valid_until);
    cell(out, f.legal_status.as_deref());
    cell(out, f.phone.as_deref());
}

fn number(out: &mut String, value: i64) {
    write!(out, "{value}\t").expect("writing to a string cannot fail");
}

fn date(out: &mut String, date: Option<Date>) {
    match date {
        // A year beyond 9999 has a sign in this form and is refused by the database's own range long before.
        Some(date) => {
            write!(out, "{:04}-{:02}-{:02}\t", date.year(), u8::from(date.month()), date.day()).expect("writing to a string cannot fail")
        }
        None => cell(out, None),
    }
}

/// A text that is null or has its special characters escaped, and the tab after it.
fn cell(out: &mut String, text: Option<&str>) {
    let Some(text) = text else {
        out.push_str("\\N\t");
        return;
    };
    if text.bytes().any(|byte| matches!(byte, b'\\' | b'\t' | b'\n' | b'\r' | 0)) {
        for character in text.chars() {
            match character {
                '\\' => out.push_str("\\\\"),
                '\t' => out.push_str("\\t"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\0' => out.push(NUL),
                other => out.push(other),
            }
        }
    } else {
        out.push_str(text);
    }
    out.push('\t');
}

/// A JSON string, its backslashes doubled for COPY.
fn json_string(out: &mut String, text: &str) {
    out.push('"');
    if text.bytes().any(|byte| byte < b' ' || matches!(byte, b'"' | b'\\')) {
        for character in text.chars() {
            match character {
                '"' => out.push_str("\\\\\""),
                '\\' => out.push_str("\\\\\\\\"),
                '\0' => out.push(NUL),
                control if control < ' ' => write!(out, "\\\\u{:04x}", u32::from(control)).expect("writing to a string cannot fail"),
                other => out.push(other),
            }
        }
    } else {
        out.push_str(text);
    }
    out.push('"');
}

/// Stands for NUL, which PostgreSQL does not have in texts; the row that held one was given a finding when it was read.
const NUL: char = '\u{2400}';

fn without_nul(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(text.replace('\0', "\u{2400}")),
        Value::Array(items) => items.iter().map(without_nul).collect(),
        Value::Object(entries) => entries.iter().map(|(key, item)| (key.clone(), without_nul(item))).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}
