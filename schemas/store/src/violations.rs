//! Violations (违规): each becomes a lock at once, and the same violation becomes none a second time, not even when its lock was
//! lifted.

use domain::finding::FindingCode;
use domain::ids::{BatchId, CertificateId, LockId, PersonId};
use domain::lifecycle::{Event, advance};
use domain::status::LockCause;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::PgConnection;
use time::Date;

use crate::batches::{self, Batch};
use crate::certificates;
use crate::events::{self, Move};
use crate::locks::{self, NewLock};
use crate::merge::Rules;
use crate::records::{self, Found, Note, Subject, Turn};

/// What was read of a violation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fields {
    /// Who, or which certificate, is locked.
    pub subject: Subject,
    /// The cause as written (违规原因).
    pub cause_text: String,
    /// Day of the finding (认定日期), the lock's first day.
    #[serde(with = "records::day")]
    pub on: Option<Date>,
    /// Last day to appeal (申诉截止日期).
    #[serde(with = "records::day")]
    pub appeal_by: Option<Date>,
    /// The lock's last day (锁定截止日期); none where it has to be lifted.
    #[serde(with = "records::day")]
    pub until: Option<Date>,
}

/// Sets the locks of one step (`after` < turn ≤ `upto`) and moves the batch's position on, in the caller's transaction. A step
/// that is repeated changes nothing.
///
/// # Errors
/// The database's.
pub async fn step(conn: &mut PgConnection, batch: &Batch, rules: Rules<'_>, after: i64, upto: i64) -> sqlx::Result<()> {
    let rows: Vec<Turn<Fields>> = records::turns(conn, batch.id, after, upto).await?;
    let subjects: Vec<&Subject> = rows.iter().map(|row| &row.fields.subject).collect();
    let found = records::find(conn, &subjects, &batch.kind).await?;
    let ids: Vec<CertificateId> = found.iter().flat_map(Found::certificates).collect();
    certificates::facts(conn, &ids, true).await?;
    let mut notes = Vec::new();
    for (row, found) in rows.iter().zip(&found) {
        let subject = match found {
            Found::Hold(code) => {
                notes.push(Note::new(row.row_no, *code));
                continue;
            }
            Found::Certificate(id, _) => locks::Subject::Certificate(*id),
            Found::All(person, _) => locks::Subject::Person(*person),
        };
        let Some(since) = row.fields.on else { continue };
        let new = NewLock {
            subject,
            cause: LockCause::parse(&row.fields.cause_text),
            cause_text: row.fields.cause_text.clone(),
            since,
            until: row.fields.until,
            appeal_by: row.fields.appeal_by,
        };
        match same(conn, &new).await? {
            Some(known) if (known.batch, known.row_no) == (Some(batch.id), Some(row.row_no)) => continue,
            Some(known) if (known.until, known.appeal_by) != (new.until, new.appeal_by) => {
                notes.push(Note::with(row.row_no, FindingCode::ViolationDiffers, format!("锁定 {0} / lock {0}", known.id)));
                continue;
            }
            Some(known) => {
                let code = if known.batch == Some(batch.id) { FindingCode::DuplicateRow } else { FindingCode::AlreadyKnown };
                notes.push(Note::new(row.row_no, code));
                continue;
            }
            None => {}
        }
        set(conn, batch, rules, row.row_no, &new, &found.certificates()).await?;
        if let Found::All(_, all) = found {
            let numbers: Vec<&str> = all.iter().map(|(_, number)| number.as_str()).collect();
            notes.push(Note::with(row.row_no, FindingCode::AllCertificatesOfHolder, numbers.join("、")));
        }
    }
    records::note(conn, batch.id, &notes).await?;
    batches::advance(conn, batch.id, "merge", upto).await
}

async fn set(
    conn: &mut PgConnection,
    batch: &Batch,
    rules: Rules<'_>,
    row_no: i64,
    new: &NewLock,
    under: &[CertificateId],
) -> sqlx::Result<()> {
    let id = locks::add(conn, new, rules.actor).await?;
    sqlx::query!("update lock set batch_id = $2, row_no = $3 where id = $1", id.0, batch.id.0, row_no).execute(&mut *conn).await?;
    let mut moves = Vec::new();
    for known in certificates::facts(conn, under, false).await? {
        // A lock is a fact beside the state: no state refuses it.
        let Ok(to) = advance(&known.facts, &Event::LockSet, rules.today) else { continue };
        let detail = json!({ "lock": id.0, "batch": batch.id.0, "row": row_no });
        moves.push(Move::new(known.id, (known.facts.status, known.facts.stage), to, "locked", detail));
    }
    events::apply(conn, rules.actor, &moves).await?;
    Ok(())
}

/// A lock as it is known of a violation.
struct Same {
    id: LockId,
    until: Option<Date>,
    appeal_by: Option<Date>,
    batch: Option<BatchId>,
    row_no: Option<i64>,
}

/// The lock of this very violation: on the same subject, found on the same day, in the same words; lifted ones too.
async fn same(conn: &mut PgConnection, new: &NewLock) -> sqlx::Result<Option<Same>> {
    let (certificate, person): (Option<CertificateId>, Option<PersonId>) = match new.subject {
        locks::Subject::Certificate(id) => (Some(id), None),
        locks::Subject::Person(id) => (None, Some(id)),
    };
    sqlx::query_file_as!(Same, "queries/violations/same.sql", certificate.map(|id| id.0), person.map(|id| id.0), new.since, new.cause_text)
        .fetch_optional(conn)
        .await
}
