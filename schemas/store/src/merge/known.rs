//! Certificates that were known before: what a delivery changes about them.

use std::collections::HashMap;

use domain::facts::Facts;
use domain::finding::FindingCode;
use domain::ids::CertificateId;
use domain::kind::Kind;
use domain::lifecycle::{Event, State, advance};
use domain::status::{LegalStatus, Stage};
use serde_json::json;
use sqlx::PgConnection;

use super::Rules;
use super::rows::MergeRow;
use crate::batches::Batch;
use crate::certificates::{Known, decode, facts, status_on};
use crate::events::{self, Move};
use crate::job_kinds;

/// What a step did to known certificates.
#[derive(Debug, Default)]
pub(super) struct Changed {
    /// Certificates whose facts or legal status changed.
    pub(super) updated: Vec<CertificateId>,
    /// Rows whose legal status could not be taken over.
    pub(super) status_kept: Vec<i64>,
}

/// Takes changed facts over into known certificates and writes what that means as events.
pub(super) async fn change(
    conn: &mut PgConnection,
    batch: &Batch,
    kind: Kind,
    rows: &[(&MergeRow, CertificateId)],
    rules: Rules<'_>,
) -> sqlx::Result<Changed> {
    let mut changed = Changed::default();
    if rows.is_empty() {
        return Ok(changed);
    }
    let known: Vec<i64> = rows.iter().map(|(_, id)| id.0).collect();
    sqlx::query_file!("queries/merge/prior.sql", batch.id.0, &known).execute(&mut *conn).await?;
    let row_nos: Vec<i64> = rows.iter().filter(|(row, _)| !row.same).map(|(row, _)| row.row_no).collect();
    sqlx::query_file!("queries/merge/update.sql", batch.id.0, kind.as_str(), batch.as_of, &row_nos).execute(&mut *conn).await?;
    sqlx::query_file!("queries/merge/update_specialties.sql", batch.id.0, kind.as_str(), &row_nos).fetch_one(&mut *conn).await?;
    sqlx::query_file!("queries/merge/insert_specialties.sql", batch.id.0, kind.as_str(), &row_nos).execute(&mut *conn).await?;
    changed.updated = restore(conn, batch, rows, rules).await?;
    let ids: Vec<CertificateId> = rows.iter().map(|(_, id)| *id).collect();
    let known: HashMap<CertificateId, Known> = facts(conn, &ids, true).await?.into_iter().map(|known| (known.id, known)).collect();
    let mut moves = Vec::new();
    for (row, id) in rows {
        let Some(known) = known.get(id) else { continue };
        let delivered = status_on(decode::<LegalStatus>(&row.legal_status)?, row.valid_until, rules.today);
        let now = State::of(&known.facts);
        // A corrected paper record calls for nothing; a status from which there is no way stays, with the facts taken over.
        let to = event_of(&known.facts, delivered, row).map_or(Ok(now), |event| advance(&known.facts, &event, rules.today)).unwrap_or(now);
        if to.status != delivered {
            changed.status_kept.push(row.row_no);
        }
        if row.same && to == now {
            continue;
        }
        changed.updated.push(*id);
        moves.push(Move::new(*id, (now.status, now.stage), to, "record-updated", row_detail(batch, row, delivered)));
    }
    events::apply(conn, rules.actor, &moves).await?;
    // What was ready already may have lost its job to the status that it had.
    let due = |m: &&Move| m.to.stage == Stage::Ready && m.to.status == LegalStatus::Valid;
    let ready: Vec<CertificateId> = moves.iter().filter(due).map(|m| m.certificate).collect();
    job_kinds::enqueue_issuing(conn, &ready, Some(batch.id)).await?;
    changed.updated.sort_unstable();
    changed.updated.dedup();
    Ok(changed)
}

/// Gives suspended certificates back that the delivery knows as valid (发还): only then can they be found renewed or changed.
async fn restore(
    conn: &mut PgConnection,
    batch: &Batch,
    rows: &[(&MergeRow, CertificateId)],
    rules: Rules<'_>,
) -> sqlx::Result<Vec<CertificateId>> {
    let valid = |row: &&(&MergeRow, CertificateId)| {
        row.0.legal_status == LegalStatus::Valid.as_str() && row.0.known_status.as_deref() == Some(LegalStatus::Suspended.as_str())
    };
    let given_back: Vec<&(&MergeRow, CertificateId)> = rows.iter().filter(valid).collect();
    let ids: Vec<CertificateId> = given_back.iter().map(|(_, id)| *id).collect();
    let known: HashMap<CertificateId, Known> = facts(conn, &ids, true).await?.into_iter().map(|known| (known.id, known)).collect();
    let mut moves = Vec::new();
    for (row, id) in given_back {
        let Some(known) = known.get(id) else { continue };
        let Ok(to) = advance(&known.facts, &Event::Restored, rules.today) else { continue };
        let expected = (known.facts.status, known.facts.stage);
        moves.push(Move::new(*id, expected, to, "restored", row_detail(batch, row, LegalStatus::Valid)));
    }
    let restored = events::apply(conn, rules.actor, &moves).await?;
    let ready: Vec<CertificateId> = moves.iter().filter(|m| m.to.stage == Stage::Ready).map(|m| m.certificate).collect();
    job_kinds::enqueue_issuing(conn, &ready, Some(batch.id)).await?;
    Ok(restored)
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
            Some(_) | None if !row.same && (known.document_version.is_some() || known.issue_requested) => Event::Changed,
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

/// Notes that this delivery spoke of certificates.
pub(super) async fn confirm(conn: &mut PgConnection, batch: &Batch, ids: &[CertificateId]) -> sqlx::Result<()> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    sqlx::query_file!("queries/merge/mark.sql", batch.id.0, &ids).execute(conn).await?;
    Ok(())
}

/// Adds a finding that warns to rows that were taken in.
pub(super) async fn note(conn: &mut PgConnection, batch: &Batch, code: FindingCode, row_nos: &[i64]) -> sqlx::Result<()> {
    if !row_nos.is_empty() {
        sqlx::query_file!("queries/merge/note.sql", batch.id.0, row_nos, code.as_str()).execute(conn).await?;
    }
    Ok(())
}

/// Holds rows for a person.
pub(super) async fn refuse(conn: &mut PgConnection, batch: &Batch, rows: &[(i64, &'static str)]) -> sqlx::Result<()> {
    let (row_nos, codes): (Vec<i64>, Vec<String>) = rows.iter().map(|(row_no, code)| (*row_no, (*code).to_owned())).unzip();
    sqlx::query_file!("queries/merge/hold.sql", batch.id.0, &row_nos, &codes).execute(conn).await?;
    Ok(())
}
