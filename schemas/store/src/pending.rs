//! Business under way (在办业务): renewals and changes that were filed and not decided. The expiry sweep spares their certificates.

use std::collections::HashMap;

use domain::business::BusinessState;
use domain::finding::FindingCode;
use domain::ids::{BatchId, CertificateId};
use domain::lifecycle::State;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::PgConnection;
use time::Date;

use crate::batches::{self, Batch};
use crate::certificates;
use crate::events::{self, Move};
use crate::merge::Rules;
use crate::records::{self, Found, Note, Subject, Turn};

/// What was read of a piece of business.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fields {
    /// Whose certificate it concerns.
    pub subject: Subject,
    /// Number of the business (受理编号).
    pub number: String,
    /// What is asked for (业务类型), as written.
    pub business: String,
    /// Day on which it was filed (受理日期).
    #[serde(with = "records::day")]
    pub on: Option<Date>,
    /// Code of its state.
    pub state: String,
    /// The state as written (办理状态).
    pub state_word: Option<String>,
    /// Day on which it ended (办结日期).
    #[serde(with = "records::day")]
    pub closed_on: Option<Date>,
}

/// A piece of business as it is known.
struct KnownBusiness {
    number: String,
    certificate: CertificateId,
    business: String,
    filed_on: Date,
    closed_on: Option<Date>,
    batch: Option<BatchId>,
    row_no: Option<i64>,
}

/// A row that opens or closes business.
struct Entry {
    row_no: i64,
    certificate: CertificateId,
    fields: Fields,
    closed_on: Option<Date>,
    event: &'static str,
}

/// Registers the business of one step (`after` < turn ≤ `upto`) and moves the batch's position on, in the caller's transaction. A
/// step that is repeated changes nothing.
///
/// # Errors
/// The database's.
pub async fn step(conn: &mut PgConnection, batch: &Batch, rules: Rules<'_>, after: i64, upto: i64) -> sqlx::Result<()> {
    let rows: Vec<Turn<Fields>> = records::turns(conn, batch.id, after, upto).await?;
    let subjects: Vec<&Subject> = rows.iter().map(|row| &row.fields.subject).collect();
    let found = records::find(conn, &subjects, &batch.kind).await?;
    let ids: Vec<CertificateId> = found.iter().flat_map(Found::certificates).collect();
    certificates::facts(conn, &ids, true).await?;
    let (mut notes, mut ready) = (Vec::new(), Vec::new());
    for (row, found) in rows.into_iter().zip(found) {
        match found {
            Found::Certificate(id, _) => ready.push((row, id)),
            Found::Hold(code) => notes.push(Note::new(row.row_no, code)),
            Found::All(..) => notes.push(Note::new(row.row_no, FindingCode::EntryMissing)),
        }
    }
    let keys = |(row, id): &(Turn<Fields>, CertificateId)| vec![format!("c{id}"), format!("n{}", row.fields.number)];
    for wave in records::waves(ready, keys) {
        register(conn, batch, rules, wave, &mut notes).await?;
    }
    records::note(conn, batch.id, &notes).await?;
    batches::advance(conn, batch.id, "merge", upto).await
}

async fn register(
    conn: &mut PgConnection,
    batch: &Batch,
    rules: Rules<'_>,
    wave: Vec<(Turn<Fields>, CertificateId)>,
    notes: &mut Vec<Note>,
) -> sqlx::Result<()> {
    let numbers: Vec<String> = wave.iter().map(|(row, _)| row.fields.number.clone()).collect();
    let known = known(conn, &numbers).await?;
    let mut entries = Vec::new();
    for (row, certificate) in wave {
        let Turn { row_no, fields } = row;
        let is_open = records::code::<BusinessState>(&fields.state)? == BusinessState::Open;
        let closed_on = (!is_open).then(|| fields.closed_on.unwrap_or(batch.as_of).max(fields.on.unwrap_or(batch.as_of)));
        let Some(known) = known.get(&fields.number) else {
            let event = if is_open { "business-filed" } else { "business-recorded" };
            entries.push(Entry { row_no, certificate, fields, closed_on, event });
            continue;
        };
        let other = known.certificate != certificate || known.business != fields.business || Some(known.filed_on) != fields.on;
        match (known.closed_on, is_open) {
            _ if other => notes.push(Note::new(row_no, FindingCode::BusinessNumberTaken)),
            (Some(_), true) => notes.push(Note::new(row_no, FindingCode::BusinessClosed)),
            (None, false) => entries.push(Entry { row_no, certificate, fields, closed_on, event: "business-closed" }),
            _ if (known.batch, known.row_no) == (Some(batch.id), Some(row_no)) => {}
            _ if known.batch == Some(batch.id) => notes.push(Note::new(row_no, FindingCode::DuplicateRow)),
            (None, true) | (Some(_), false) => notes.push(Note::new(row_no, FindingCode::AlreadyKnown)),
        }
    }
    store(conn, batch, &entries).await?;
    let ids: Vec<CertificateId> = entries.iter().map(|entry| entry.certificate).collect();
    let mut moves = Vec::new();
    for known in certificates::facts(conn, &ids, false).await? {
        let Some(entry) = entries.iter().find(|entry| entry.certificate == known.id) else { continue };
        let detail = json!({ "business": entry.fields.number, "batch": batch.id.0, "row": entry.row_no });
        // Business under way is a fact beside the state.
        let stays = State::of(&known.facts);
        moves.push(Move::new(known.id, (known.facts.status, known.facts.stage), stays, entry.event, detail));
    }
    events::apply(conn, rules.actor, &moves).await?;
    Ok(())
}

async fn known(conn: &mut PgConnection, numbers: &[String]) -> sqlx::Result<HashMap<String, KnownBusiness>> {
    let rows = sqlx::query_file_as!(KnownBusiness, "queries/pending/known.sql", numbers).fetch_all(conn).await?;
    Ok(rows.into_iter().map(|row| (row.number.clone(), row)).collect())
}

async fn store(conn: &mut PgConnection, batch: &Batch, entries: &[Entry]) -> sqlx::Result<()> {
    let row_nos: Vec<i64> = entries.iter().map(|entry| entry.row_no).collect();
    let certificates: Vec<i64> = entries.iter().map(|entry| entry.certificate.0).collect();
    let numbers: Vec<String> = entries.iter().map(|entry| entry.fields.number.clone()).collect();
    let business: Vec<String> = entries.iter().map(|entry| entry.fields.business.clone()).collect();
    let filed: Vec<Option<Date>> = entries.iter().map(|entry| entry.fields.on).collect();
    let closed: Vec<Option<Date>> = entries.iter().map(|entry| entry.closed_on).collect();
    let states: Vec<Option<String>> = entries.iter().map(|entry| entry.fields.state_word.clone()).collect();
    sqlx::query_file!(
        "queries/pending/store.sql",
        batch.id.0,
        &row_nos,
        &certificates,
        &numbers,
        &business,
        &filed as &[Option<Date>],
        &closed as &[Option<Date>],
        &states as &[Option<String>]
    )
    .execute(conn)
    .await?;
    Ok(())
}
