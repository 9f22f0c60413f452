//! Rows become certificates: a step of rows at a time, each step one transaction.
//!
//! Loading twice changes nothing; an older delivery never undoes a newer one, and no delivery undoes a later decision.

mod fresh;
mod knowledge;
mod known;
mod lane;
mod locked;
mod release;
mod request;
mod rows;

pub use knowledge::{forget, holders_of_several, is_overtaken, know};
pub use lane::Lane;
pub use release::{adopt_photos, photo_received};
pub use request::requested_when_new;

use domain::finding::FindingCode;
use domain::ids::{BatchId, CertificateId, PersonId};
use domain::kind::Kind;
use domain::settings::Settings;
use sqlx::PgConnection;
use time::Date;

use crate::batches::{Batch, CertificateTotals};
use crate::certificates::{decode, status_on};
use crate::intake_steps::Step;
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

/// Enters the employers that a batch names; done once, before its steps are merged side by side.
///
/// # Errors
/// The database's.
pub async fn employers(conn: &mut PgConnection, batch: BatchId) -> sqlx::Result<()> {
    sqlx::query_file!("queries/merge/employers.sql", batch.0).execute(conn).await?;
    Ok(())
}

/// Merges the rows of one step in the caller's transaction and says what became of their certificates; what the register knows
/// of them was asked before, by [`know`].
///
/// # Errors
/// The database's; one that [`is_overtaken`] when another import has brought one of the certificates or holders since then.
pub async fn step(conn: &mut PgConnection, lane: &mut Lane<'_>, step: Step) -> sqlx::Result<CertificateTotals> {
    let (batch, kind, rules) = (lane.batch, lane.kind, lane.rules);
    let Step { after, upto } = step;
    // A statement of its own: what is read below must be what stands after the wait for these locks.
    sqlx::query_file!("queries/merge/lock_people.sql", batch.id.0, after, upto).fetch_all(&mut *conn).await?;
    sqlx::query_file!("queries/merge/complete_people.sql", batch.id.0, after, upto).execute(&mut *conn).await?;
    let rows = sqlx::query_file_as!(MergeRow, "queries/merge/rows.sql", batch.id.0, after, upto).fetch_all(&mut *conn).await?;
    let made = fresh::create(conn, lane, step).await?;
    let (mut update, mut unchanged) = (Vec::new(), Vec::new());
    let mut locked = made.locked;
    let (mut overtaken, mut hold) = (Vec::new(), made.hold);
    for row in &rows {
        let delivered = status_on(decode(&row.legal_status)?, row.valid_until, rules.today);
        let fate = rows::fate(row, batch.as_of, delivered);
        if let (Fate::Update(id) | Fate::Unchanged(id), true) = (fate, row.locked) {
            locked.push((id, row.row_no));
        }
        match fate {
            Fate::Update(id) => update.push((row, id)),
            Fate::Unchanged(id) => unchanged.push(id),
            Fate::Overtaken(id) => {
                overtaken.push(row.row_no);
                unchanged.push(id);
            }
            Fate::Hold(code) => hold.push((row.row_no, code)),
        }
    }
    // First, so that nothing below takes a locked certificate for one that can be issued.
    locked::lock(conn, batch, &locked, rules).await?;
    let changed = known::change(conn, batch, kind, &update, rules).await?;
    let confirmed: Vec<CertificateId> = unchanged.iter().copied().chain(update.iter().map(|(_, id)| *id)).collect();
    known::confirm(conn, batch, &confirmed).await?;
    known::note(conn, batch, FindingCode::OlderDelivery, &overtaken).await?;
    known::note(conn, batch, FindingCode::StatusKept, &changed.status_kept).await?;
    known::refuse(conn, batch, &hold).await?;
    // An overtaken delivery asks for nothing.
    let newest = |row: &MergeRow| row.known_as_of.is_none_or(|known| known <= batch.as_of);
    let wanted = |row: &&MergeRow| newest(row) && wants_issue(row, batch, kind, rules.settings);
    let due: Vec<CertificateId> = made.ask.into_iter().chain(rows.iter().filter(wanted).filter_map(|row| row.known)).collect();
    release::request(conn, &due, batch.id, rules).await?;
    release::photo_received(conn, &made.wait, batch.id, rules.actor, rules.today).await?;
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    Ok(CertificateTotals {
        created: made.count,
        updated: count(changed.updated.len()),
        unchanged: count(confirmed.len() - changed.updated.len()),
    })
}

/// Whether the electronic certificate is due: by the batch's policy, or because the paper was renewed since the cut-over.
fn wants_issue(row: &MergeRow, batch: &Batch, kind: Kind, settings: &Settings) -> bool {
    let year = row.number_year.and_then(|year| u16::try_from(year).ok());
    batch.issue_policy == "all" || settings.kind(kind).renewal_calls_for_electronic(row.first_issued_on, year, row.issued_on)
}
