//! Rows become certificates: a step of rows at a time, each step one transaction.
//!
//! Loading twice changes nothing; an older delivery never undoes a newer one, and no delivery undoes a later decision.

mod release;
mod rows;

pub use release::{adopt_photos, photo_received};

use domain::facts::Facts;
use domain::finding::FindingCode;
use domain::ids::{CertificateId, PersonId};
use domain::kind::Kind;
use domain::lifecycle::{Event, State, advance};
use domain::settings::Settings;
use domain::status::LegalStatus;
use serde_json::json;
use sqlx::PgConnection;
use time::Date;

use crate::batches::{self, Batch, CertificateTotals};
use crate::certificates::{decode, facts, status_on};
use crate::events::{self, Move};
use crate::merge::rows::{Fate, MergeRow};

/// What a merge decides by.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// Dates per kind.
    pub settings: &'a Settings,
    /// The present day.
    pub today: Date,
    /// In whose name.
    pub actor: &'a str,
}

/// Merges the rows of one step (`after` < row ≤ `upto`) and moves the batch's position on, in the caller's transaction.
///
/// # Errors
/// The database's.
pub async fn step(
    conn: &mut PgConnection,
    batch: &Batch,
    kind: Kind,
    rules: Rules<'_>,
    after: i64,
    upto: i64,
) -> sqlx::Result<CertificateTotals> {
    sqlx::query_file!("queries/merge/employers.sql", batch.id.0, after, upto).execute(&mut *conn).await?;
    sqlx::query_file!("queries/merge/people.sql", batch.id.0, after, upto).execute(&mut *conn).await?;
    // A statement of its own: what is read below must be what stands after the wait for these locks.
    sqlx::query_file!("queries/merge/lock_people.sql", batch.id.0, after, upto).fetch_all(&mut *conn).await?;
    let rows =
        sqlx::query_file_as!(MergeRow, "queries/merge/rows.sql", batch.id.0, after, upto, kind.as_str()).fetch_all(&mut *conn).await?;
    let persons: Vec<PersonId> = rows.iter().map(|row| row.person).collect();
    let (mut create, mut update, mut unchanged) = (Vec::new(), Vec::new(), Vec::new());
    let (mut overtaken, mut hold) = (Vec::new(), Vec::new());
    for row in &rows {
        match rows::fate(row, batch.as_of) {
            Fate::Create => create.push(row),
            Fate::Update(id) => update.push((row, id)),
            Fate::Unchanged(id) => unchanged.push((row.row_no, id)),
            Fate::Overtaken(id) => overtaken.push((row.row_no, id)),
            Fate::Hold(code) => hold.push((row.row_no, code)),
        }
    }
    let created = insert(conn, batch, kind, &create, rules).await?;
    let status_kept = change(conn, batch, kind, &update, rules).await?;
    unchanged.extend(&overtaken);
    let mut marked = unchanged.clone();
    marked.extend(update.iter().map(|(row, id)| (row.row_no, *id)));
    mark(conn, batch, &marked).await?;
    let overtaken: Vec<i64> = overtaken.iter().map(|(row_no, _)| *row_no).collect();
    note(conn, batch, FindingCode::OlderDelivery, &overtaken).await?;
    note(conn, batch, FindingCode::StatusKept, &status_kept).await?;
    refuse(conn, batch, &hold).await?;
    // An overtaken delivery asks for nothing.
    let newest = |row: &MergeRow| row.known_as_of.is_none_or(|known| known <= batch.as_of);
    let wanted = |row: &&MergeRow| newest(row) && wants_issue(row, batch, kind, rules.settings);
    let due: Vec<CertificateId> = create
        .iter()
        .zip(&created)
        .filter(|(row, _)| wants_issue(row, batch, kind, rules.settings))
        .map(|(_, id)| *id)
        .chain(rows.iter().filter(wanted).filter_map(|row| row.known))
        .collect();
    release::request(conn, &due, batch.id, rules).await?;
    release::adopt_photos(conn, batch.id, rules.actor, rules.today).await?;
    release::photo_received(conn, &persons, batch.id, rules.actor, rules.today).await?;
    let totals = CertificateTotals {
        created: i64::try_from(created.len()).unwrap_or(i64::MAX),
        updated: i64::try_from(update.len()).unwrap_or(i64::MAX),
        unchanged: i64::try_from(unchanged.len()).unwrap_or(i64::MAX),
    };
    batches::count_certificates(conn, batch.id, totals).await?;
    batches::advance(conn, batch.id, "merge", upto).await?;
    Ok(totals)
}

/// Whether the electronic certificate is due: by the batch's policy, or because the paper was renewed since the cut-over.
fn wants_issue(row: &MergeRow, batch: &Batch, kind: Kind, settings: &Settings) -> bool {
    let year = row.number_year.and_then(|year| u16::try_from(year).ok());
    batch.issue_policy == "all" || settings.kind(kind).renewal_calls_for_electronic(row.first_issued_on, year, row.issued_on)
}

/// Inserts new certificates as paper; their ids, in the order of the rows.
async fn insert(
    conn: &mut PgConnection,
    batch: &Batch,
    kind: Kind,
    rows: &[&MergeRow],
    rules: Rules<'_>,
) -> sqlx::Result<Vec<CertificateId>> {
    let row_nos: Vec<i64> = rows.iter().map(|row| row.row_no).collect();
    let statuses = rows
        .iter()
        .map(|row| Ok(status_on(decode::<LegalStatus>(&row.legal_status)?, row.valid_until, rules.today).as_str().to_owned()))
        .collect::<sqlx::Result<Vec<String>>>()?;
    let made = sqlx::query_file!("queries/merge/create.sql", batch.id.0, kind.as_str(), batch.as_of, rules.actor, &row_nos, &statuses)
        .fetch_all(conn)
        .await?;
    let by_row: std::collections::HashMap<i64, CertificateId> = made.into_iter().map(|row| (row.row_no, row.id)).collect();
    Ok(row_nos.iter().filter_map(|row_no| by_row.get(row_no).copied()).collect())
}

/// Takes changed facts over into known certificates and writes what that means as events; returns the rows whose legal status
/// could not be taken over.
async fn change(
    conn: &mut PgConnection,
    batch: &Batch,
    kind: Kind,
    rows: &[(&MergeRow, CertificateId)],
    rules: Rules<'_>,
) -> sqlx::Result<Vec<i64>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let row_nos: Vec<i64> = rows.iter().map(|(row, _)| row.row_no).collect();
    sqlx::query_file!("queries/merge/update.sql", batch.id.0, kind.as_str(), batch.as_of, &row_nos).execute(&mut *conn).await?;
    sqlx::query_file!("queries/merge/update_specialties.sql", batch.id.0, kind.as_str(), &row_nos).fetch_one(&mut *conn).await?;
    sqlx::query_file!("queries/merge/insert_specialties.sql", batch.id.0, kind.as_str(), &row_nos).execute(&mut *conn).await?;
    restore(conn, batch, rows, rules).await?;
    let ids: Vec<CertificateId> = rows.iter().map(|(_, id)| *id).collect();
    let known = facts(conn, &ids, true).await?;
    let (mut moves, mut status_kept) = (Vec::new(), Vec::new());
    for (row, id) in rows {
        let Some(known) = known.iter().find(|known| known.id == *id) else { continue };
        let delivered = status_on(decode::<LegalStatus>(&row.legal_status)?, row.valid_until, rules.today);
        let event = event_of(&known.facts, delivered, row);
        let expected = (known.facts.status, known.facts.stage);
        // A corrected paper record calls for nothing; a status from which there is no way stays, with the facts taken over.
        let to = event.map_or(Ok(State::of(&known.facts)), |event| advance(&known.facts, &event, rules.today));
        let to = to.unwrap_or(State::of(&known.facts));
        if to.status != delivered {
            status_kept.push(row.row_no);
        }
        moves.push(Move::new(*id, expected, to, "record-updated", row_detail(batch, row, delivered)));
    }
    events::apply(conn, rules.actor, &moves).await?;
    let ready: Vec<CertificateId> =
        moves.iter().filter(|m| m.to.stage == domain::status::Stage::Ready && m.expected.1 != m.to.stage).map(|m| m.certificate).collect();
    crate::job_kinds::enqueue_issuing(conn, &ready, Some(batch.id)).await?;
    Ok(status_kept)
}

/// Gives suspended certificates back that the delivery knows as valid (发还): only then can they be found renewed or changed.
async fn restore(conn: &mut PgConnection, batch: &Batch, rows: &[(&MergeRow, CertificateId)], rules: Rules<'_>) -> sqlx::Result<()> {
    let valid = |row: &&(&MergeRow, CertificateId)| {
        row.0.legal_status == LegalStatus::Valid.as_str() && row.0.known_status.as_deref() == Some(LegalStatus::Suspended.as_str())
    };
    let given_back: Vec<&(&MergeRow, CertificateId)> = rows.iter().filter(valid).collect();
    let ids: Vec<CertificateId> = given_back.iter().map(|(_, id)| *id).collect();
    let known = facts(conn, &ids, true).await?;
    let mut moves = Vec::new();
    for (row, id) in given_back {
        let Some(known) = known.iter().find(|known| known.id == *id) else { continue };
        let Ok(to) = advance(&known.facts, &Event::Restored, rules.today) else { continue };
        let expected = (known.facts.status, known.facts.stage);
        moves.push(Move::new(*id, expected, to, "restored", row_detail(batch, row, LegalStatus::Valid)));
    }
    events::apply(conn, rules.actor, &moves).await?;
    Ok(())
}

fn row_detail(batch: &Batch, row: &MergeRow, delivered: LegalStatus) -> serde_json::Value {
    json!({ "batch": batch.id.0, "row": row.row_no, "delivered": delivered.as_str() })
}

/// What a delivered record means for a known certificate.
fn event_of(known: &Facts, delivered: LegalStatus, row: &MergeRow) -> Option<Event> {
    Some(match delivered {
        LegalStatus::Valid => match row.valid_until {
            Some(valid_until) if row.known_valid_until.is_some_and(|known| known < valid_until) => Event::Renewed { valid_until },
            // A document that shows the old facts is followed by its next version.
            Some(_) | None if known.document_version.is_some() || known.issue_requested => Event::Changed,
            Some(_) | None => return None,
        },
        LegalStatus::Suspended => Event::Suspended,
        LegalStatus::Expired => Event::Expired,
        LegalStatus::Cancelled => Event::Cancelled,
        LegalStatus::Withdrawn => Event::Withdrawn,
        LegalStatus::Revoked => Event::Revoked,
        LegalStatus::Transferred => Event::TransferredOut,
    })
}

async fn mark(conn: &mut PgConnection, batch: &Batch, rows: &[(i64, CertificateId)]) -> sqlx::Result<()> {
    let (row_nos, ids): (Vec<i64>, Vec<i64>) = rows.iter().map(|(row_no, id)| (*row_no, id.0)).unzip();
    sqlx::query_file!("queries/merge/mark.sql", batch.id.0, &row_nos, &ids).execute(conn).await?;
    Ok(())
}

/// Adds a finding that warns to rows that were taken in.
async fn note(conn: &mut PgConnection, batch: &Batch, code: FindingCode, row_nos: &[i64]) -> sqlx::Result<()> {
    if !row_nos.is_empty() {
        sqlx::query_file!("queries/merge/note.sql", batch.id.0, row_nos, code.as_str()).execute(conn).await?;
    }
    Ok(())
}

async fn refuse(conn: &mut PgConnection, batch: &Batch, rows: &[(i64, &'static str)]) -> sqlx::Result<()> {
    let (row_nos, codes): (Vec<i64>, Vec<String>) = rows.iter().map(|(row_no, code)| (*row_no, (*code).to_owned())).unzip();
    sqlx::query_file!("queries/merge/hold.sql", batch.id.0, &row_nos, &codes).execute(conn).await?;
    Ok(())
}
