//! Rows in the form in which they are copied, written without a detour.

use domain::ids::BatchId;
use serde_json::Value;
use sqlx::PgConnection;

use super::{StagedFields, StagedRow};
use crate::binary_copy::{BinaryCopy, NUL};

/// Rows that wait to be copied into `intake_row`.
#[derive(Debug)]
pub struct RowCopy {
    batch: BatchId,
    copy: BinaryCopy,
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

const COPY: &str =
    "copy intake_row (batch_id, row_no, sheet, line, outcome, findings, original, request, number, number_printed, number_year,
    category, specialties, name, id_kind, id_number, id_original, sex, birth_date, employer_name, employer_key, employer_code, duty,
    first_issued_on, issued_on, issued_on_printed, valid_from, valid_until, legal_status, phone, locked) from stdin (format binary)";
const HEAD_FIELDS: i16 = 8;
const READ_FIELDS: i16 = 23;

impl RowCopy {
    /// No rows yet.
    #[must_use]
    pub fn new(batch: BatchId) -> Self {
        Self { batch, copy: BinaryCopy::new(HEAD_FIELDS + READ_FIELDS), last: 0 }
    }

    /// Adds a row; findings as [`super::finding_json`] writes them, the cells as they stood in the file.
    pub fn push<'a>(
        &mut self,
        head: RowHead<'_>,
        findings: &[Value],
        original: impl Iterator<Item = &'a str>,
        fields: Option<&StagedFields>,
    ) {
        let copy = &mut self.copy;
        copy.row();
        copy.bigint(self.batch.0);
        copy.bigint(head.row_no);
        copy.text(head.sheet);
        copy.bigint(head.line);
        copy.text(head.outcome);
        if findings.is_empty() {
            copy.jsonb("[]");
        } else {
            copy.jsonb(&findings.iter().map(without_nul).collect::<Value>().to_string());
        }
        copy.written(|out| json_array(out, original));
        copy.boolean(fields.is_some_and(|fields| fields.request));
        match fields {
            None => (0..READ_FIELDS).for_each(|_| copy.null()),
            Some(fields) => write_fields(copy, fields),
        }
        self.last = head.row_no;
    }

    /// The number of the last row added; 0 while there is none.
    #[must_use]
    pub fn last_row(&self) -> i64 {
        self.last
    }

    /// Bytes of the rows, as they wait in memory.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        self.copy.size_bytes()
    }

    /// Copies the rows in the caller's transaction; says how many there were.
    ///
    /// # Errors
    /// The database's.
    pub async fn send(self, conn: &mut PgConnection) -> sqlx::Result<u64> {
        self.copy.send(conn, COPY).await
    }
}

/// Stages rows by COPY in the caller's transaction.
///
/// # Errors
/// The database's.
pub async fn copy(conn: &mut PgConnection, batch: BatchId, rows: &[StagedRow]) -> sqlx::Result<u64> {
    let mut copy = RowCopy::new(batch);
    for row in rows {
        let head = RowHead { row_no: row.row_no, sheet: &row.sheet, line: row.line, outcome: row.outcome };
        copy.push(head, &row.findings, row.original.iter().map(String::as_str), row.fields.as_ref());
    }
    copy.send(conn).await
}

fn write_fields(copy: &mut BinaryCopy, f: &StagedFields) {
    copy.text(&f.number);
    copy.text(&f.number_printed);
    copy.integer(f.number_year);
    copy.optional_text(f.category.as_deref());
    match &f.specialties {
        Some(specialties) => copy.jsonb(&without_nul(specialties).to_string()),
        None => copy.null(),
    }
    copy.text(&f.name);
    copy.text(&f.id_kind);
    copy.text(&f.id_number);
    copy.text(&f.id_original);
    copy.optional_text(f.sex.as_deref());
    copy.date(f.birth_date);
    copy.optional_text(f.employer_name.as_deref());
    copy.optional_text(f.employer_key.as_deref());
    copy.optional_text(f.employer_code.as_deref());
    copy.optional_text(f.duty.as_deref());
    copy.date(f.first_issued_on);
    copy.date(f.issued_on);
    copy.optional_text(f.issued_on_printed.as_deref());
    copy.date(f.valid_from);
    copy.date(f.valid_until);
    copy.optional_text(f.legal_status.as_deref());
    copy.optional_text(f.phone.as_deref());
    copy.boolean(f.locked);
}

fn json_array<'a>(out: &mut Vec<u8>, cells: impl Iterator<Item = &'a str>) {
    out.push(b'[');
    for (place, text) in cells.enumerate() {
        if place > 0 {
            out.push(b',');
        }
        json_string(out, text);
    }
    out.push(b']');
}

fn json_string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    if text.bytes().any(|byte| byte < b' ' || matches!(byte, b'"' | b'\\')) {
        for character in text.chars() {
            match character {
                '"' => out.extend(br#"\""#),
                '\\' => out.extend(br"\\"),
                '\0' => out.extend(NUL.as_bytes()),
                control if control < ' ' => out.extend(format!("\\u{:04x}", u32::from(control)).as_bytes()),
                other => out.extend(other.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
    } else {
        out.extend(text.as_bytes());
    }
    out.push(b'"');
}

fn without_nul(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(text.replace('\0', NUL)),
        Value::Array(items) => items.iter().map(without_nul).collect(),
        Value::Object(entries) => entries.iter().map(|(key, item)| (key.clone(), without_nul(item))).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}
