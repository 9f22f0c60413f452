//! Certificates that their register calls locked (锁定, case 48) get a lock beside their status, once: a repeated delivery sets no
//! second one, and what staff lifted stays lifted unless a delivery of a later day says otherwise.

use std::collections::HashMap;

use domain::ids::{CertificateId, LockId};
use domain::lifecycle::{Event, advance};
use domain::state_word::LOCKED_BY_REGISTER;
use domain::status::LockCause;
use serde_json::json;
use sqlx::PgConnection;

use super::Rules;
use crate::batches::Batch;
use crate::certificates::facts;
use crate::events::{self, Move};

/// Locks these certificates, each on the word of its row.
pub(super) async fn lock(conn: &mut PgConnection, batch: &Batch, rows: &[(CertificateId, i64)], rules: Rules<'_>) -> sqlx::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let (ids, row_nos): (Vec<i64>, Vec<i64>) = rows.iter().map(|(id, row_no)| (id.0, *row_no)).unzip();
    let added = sqlx::query_file!(
        "queries/merge/lock_certificates.sql",
        batch.id.0,
        &ids,
        &row_nos,
        LockCause::parse(LOCKED_BY_REGISTER).as_str(),
        LOCKED_BY_REGISTER,
        rules.actor,
        rules.today
    )
    .fetch_all(&mut *conn)
    .await?;
    if added.is_empty() {
        return Ok(());
    }
    let by_certificate: HashMap<CertificateId, (LockId, i64)> =
        added.into_iter().map(|lock| (lock.certificate, (lock.id, lock.row_no))).collect();
    let ids: Vec<CertificateId> = by_certificate.keys().copied().collect();
    remember(conn, batch, &ids).await?;
    let mut moves = Vec::new();
    for known in facts(conn, &ids, true).await? {
        // A lock is a fact beside the state: no state refuses it.
        let (Some((lock, row_no)), Ok(to)) = (by_certificate.get(&known.id), advance(&known.facts, &Event::LockSet, rules.today)) else {
            continue;
        };
        let detail = json!({ "lock": lock.0, "batch": batch.id.0, "row": row_no });
        moves.push(Move::new(known.id, (known.facts.status, known.facts.stage), to, "locked", detail));
    }
    events::apply(conn, rules.actor, &moves).await?;
    Ok(())
}

/// Keeps the state of those that were known before for an undo.
async fn remember(conn: &mut PgConnection, batch: &Batch, ids: &[CertificateId]) -> sqlx::Result<()> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let known = sqlx::query_scalar!("select id from certificate where id = any ($1) and batch_id is distinct from $2", &ids, batch.id.0)
        .fetch_all(&mut *conn)
        .await?;
    sqlx::query_file!("queries/merge/prior.sql", batch.id.0, &known).execute(conn).await?;
    Ok(())
}
