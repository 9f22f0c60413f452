//! Undoing a batch: what it made is taken out of the register as long as nothing was issued from it. Nothing is lost: rows,
//! certificates, their events and persons stay in tables of their own, and the batch keeps its totals.

mod certificates;
mod photos;

use domain::ids::BatchId;
use serde_json::{Value, json};
use sqlx::PgConnection;
use time::Date;

use crate::batches::Batch;

/// What an undo took back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Undone {
    /// Certificates taken out of the register.
    pub certificates_removed: u64,
    /// Known certificates that are again as they were before.
    pub certificates_restored: u64,
    /// Persons taken out of the register.
    pub persons_removed: u64,
    /// Photos withdrawn.
    pub photos_withdrawn: u64,
}

impl Undone {
    /// The counts under their names.
    #[must_use]
    pub fn to_json(self) -> Value {
        json!({
            "certificates_removed": self.certificates_removed, "certificates_restored": self.certificates_restored,
            "persons_removed": self.persons_removed, "photos_withdrawn": self.photos_withdrawn,
        })
    }
}

/// The certificates that stand against undoing a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concerned {
    /// How many.
    pub count: i64,
    /// The first five of their numbers.
    pub numbers: Vec<String>,
}

/// What stands against undoing a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// The batch is in this state.
    State(String),
    /// Only deliveries of certificates and photos can be undone.
    Shape(String),
    /// Certificates that were ordered or issued since.
    Ordered(Concerned),
    /// Certificates that have later events.
    LaterEvents(Concerned),
    /// Certificates that stand in deliveries that were imported later, and these deliveries.
    DeliveredAgain(Concerned, Vec<BatchId>),
    /// Certificates that have decisions, applications, locks or business under way.
    ReferredTo(Concerned),
    /// So many photos are printed on a document, or on one under way.
    Printed(i64),
}

/// Undoes a batch in the caller's transaction, which is rolled back where something stands against it.
///
/// # Errors
/// The database's. The inner error is what stands against it; nothing may be committed then.
pub async fn undo(
    conn: &mut PgConnection,
    id: BatchId,
    actor: &str,
    why: &str,
    today: Date,
) -> sqlx::Result<std::result::Result<Undone, Vec<Obstacle>>> {
    // The batch first: whoever works off its rows waits or comes later.
    sqlx::query!("select id from intake_batch where id = $1 for update", id.0).fetch_all(&mut *conn).await?;
    let Some(batch) = crate::batches::find(conn, id).await? else { return Err(sqlx::Error::RowNotFound) };
    if batch.state != "finished" {
        return Ok(Err(vec![Obstacle::State(batch.state)]));
    }
    let undone = match batch.shape.as_str() {
        "certificates" => certificates::undo(conn, &batch, actor).await?,
        "photos" => photos::undo(conn, &batch, actor, today).await?,
        _ => Err(vec![Obstacle::Shape(batch.shape.clone())]),
    };
    if let Ok(undone) = &undone {
        note(conn, &batch, *undone, actor, why).await?;
    }
    Ok(undone)
}

async fn note(conn: &mut PgConnection, batch: &Batch, undone: Undone, actor: &str, why: &str) -> sqlx::Result<()> {
    sqlx::query!("update intake_batch set state = 'undone' where id = $1", batch.id.0).execute(&mut *conn).await?;
    sqlx::query!("insert into batch_undo (batch_id, actor, why, counts) values ($1, $2, $3, $4)", batch.id.0, actor, why, undone.to_json())
        .execute(&mut *conn)
        .await?;
    crate::audit::record(conn, actor, "batch-undone", &format!("batch:{}", batch.id), &undone.to_json()).await
}

/// Who undid a batch, when and why.
#[derive(Debug, Clone)]
pub struct Note {
    /// When.
    pub at: time::OffsetDateTime,
    /// Who.
    pub actor: String,
    /// Why.
    pub why: String,
    /// What it took back.
    pub counts: Value,
}

/// The note about an undone batch.
///
/// # Errors
/// The database's.
pub async fn find(conn: &mut PgConnection, id: BatchId) -> sqlx::Result<Option<Note>> {
    sqlx::query_as!(Note, "select at, actor, why, counts from batch_undo where batch_id = $1", id.0).fetch_optional(conn).await
}
