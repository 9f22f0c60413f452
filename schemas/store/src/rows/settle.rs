//! Settling a held row: its decision is noted, it is merged by the same functions as every row, and the totals follow.

use domain::ids::PersonId;
use domain::kind::Kind;
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::StoredRow;
use crate::batches::{Batch, CertificateTotals};
use crate::intake_rows::StagedFields;
use crate::intake_steps::Step;
use crate::merge::{self, Lane, Rules};

/// What a person decided about a row.
#[derive(Debug, Clone)]
pub struct Decision<'a> {
    /// `accept`, `set`, `merge` or `refuse`.
    pub name: &'static str,
    /// Why.
    pub why: &'a str,
    /// Column code to text, for cells that were set.
    pub changes: Value,
    /// Who the holder is said to be.
    pub person: Option<PersonId>,
    /// `loaded`, `warned` or `rejected`.
    pub outcome: &'static str,
    /// The row's findings from now on.
    pub findings: Value,
    /// What goes into the register; none for a refused row.
    pub fields: Option<StagedFields>,
}

/// What came of settling a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// It went on; what it did to certificates.
    Done(CertificateTotals),
    /// The batch is not finished, or somebody resolved the row before. Nothing was changed.
    NotHeld,
    /// The register speaks against it: the code of the finding. The caller rolls back.
    Against(&'static str),
    /// An import has brought its certificate or its holder at this very moment. The caller rolls back; the next try knows of it.
    Overtaken,
}

/// Settles a held row in the caller's transaction.
///
/// # Errors
/// The database's.
pub async fn settle(
    conn: &mut PgConnection,
    batch: &Batch,
    kind: Option<Kind>,
    row: &StoredRow,
    decision: &Decision<'_>,
    rules: Rules<'_>,
) -> sqlx::Result<Settled> {
    // Everything that changes a finished batch takes its row first.
    let state = sqlx::query_scalar!("select state from intake_batch where id = $1 for update", batch.id.0).fetch_one(&mut *conn).await?;
    if state != "finished" || !save(conn, row, decision).await? {
        return Ok(Settled::NotHeld);
    }
    let mut totals = CertificateTotals::default();
    if let (Some(kind), Some(_)) = (kind, &decision.fields) {
        sqlx::query_file!("queries/rows/employer.sql", row.batch.0, row.row_no).execute(&mut *conn).await?;
        let step = Step { after: row.row_no - 1, upto: row.row_no };
        merge::know(conn, batch.id, kind, step).await?;
        totals = match merge::step(conn, &mut Lane::new(batch, kind, rules), step).await {
            Err(error) if merge::is_overtaken(&error) => return Ok(Settled::Overtaken),
            totals => totals?,
        };
        merge::forget(conn, batch.id).await?;
        if let Some(code) = held_again(conn, row).await? {
            return Ok(Settled::Against(code));
        }
        merge::adopt_photos(conn, batch.id, rules.actor, rules.today).await?;
    }
    let outcome = outcome_now(conn, row).await?;
    note(conn, row, decision, &outcome, rules.actor).await?;
    count(conn, row, &outcome, totals).await?;
    Ok(Settled::Done(totals))
}

/// Writes what the row says from now on; false when it is not held any more.
async fn save(conn: &mut PgConnection, row: &StoredRow, decision: &Decision<'_>) -> sqlx::Result<bool> {
    let Some(f) = &decision.fields else {
        let refused = sqlx::query!(
            "update intake_row set outcome = $3, findings = $4 where batch_id = $1 and row_no = $2 and outcome = 'held'",
            row.batch.0,
            row.row_no,
            decision.outcome,
            decision.findings
        );
        return Ok(refused.execute(conn).await?.rows_affected() == 1);
    };
    let saved = sqlx::query_file!(
        "queries/rows/save.sql",
        row.batch.0,
        row.row_no,
        decision.outcome,
        decision.findings,
        f.number,
        f.number_printed,
        f.number_year,
        f.category,
        f.specialties,
        f.name,
        f.id_kind,
        f.id_number,
        f.id_original,
        f.sex,
        f.birth_date,
        f.employer_name,
        f.employer_key,
        f.employer_code,
        f.duty,
        f.first_issued_on,
        f.issued_on,
        f.issued_on_printed,
        f.valid_from,
        f.valid_until,
        f.legal_status,
        f.phone,
        f.request,
        f.locked
    );
    Ok(saved.execute(conn).await?.rows_affected() == 1)
}

/// The finding by which merging held the row once more.
async fn held_again(conn: &mut PgConnection, row: &StoredRow) -> sqlx::Result<Option<&'static str>> {
    let held = sqlx::query_scalar!(
        r#"select findings -> -1 ->> 'code' as "code" from intake_row where batch_id = $1 and row_no = $2 and outcome = 'held'"#,
        row.batch.0,
        row.row_no
    )
    .fetch_optional(conn)
    .await?;
    Ok(held.map(|code| match code.as_deref() {
        Some("number-of-two-people") => "number-of-two-people",
        Some(_) | None => "same-id-other-name",
    }))
}

async fn outcome_now(conn: &mut PgConnection, row: &StoredRow) -> sqlx::Result<String> {
    sqlx::query_scalar!("select outcome from intake_row where batch_id = $1 and row_no = $2", row.batch.0, row.row_no).fetch_one(conn).await
}

async fn note(conn: &mut PgConnection, row: &StoredRow, decision: &Decision<'_>, outcome: &str, actor: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into row_resolution (batch_id, row_no, actor, decision, why, changes, person_id, outcome, findings_before)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        row.batch.0,
        row.row_no,
        actor,
        decision.name,
        decision.why,
        decision.changes,
        decision.person.map(|person| person.0),
        outcome,
        row.findings
    )
    .execute(&mut *conn)
    .await?;
    // Reason and values may name a person: they stay beside the row, the audit names the columns.
    let columns: Vec<&String> = decision.changes.as_object().into_iter().flat_map(|changes| changes.keys()).collect();
    let detail = json!({ "decision": decision.name, "columns": columns, "person": decision.person.map(|p| p.0), "outcome": outcome });
    crate::audit::record(conn, actor, "row-resolved", &format!("row:{}.{}", row.batch, row.row_no), &detail).await
}

async fn count(conn: &mut PgConnection, row: &StoredRow, outcome: &str, totals: CertificateTotals) -> sqlx::Result<()> {
    sqlx::query_file!("queries/rows/count.sql", row.batch.0, outcome).execute(&mut *conn).await?;
    sqlx::query!("update batch_census set after = after + $2 where batch_id = $1", row.batch.0, totals.created).execute(&mut *conn).await?;
    sqlx::query!(
        "update intake_step set certificates_created = certificates_created + $3, certificates_updated = certificates_updated + $4,
                certificates_unchanged = certificates_unchanged + $5
         where batch_id = $1 and after_row < $2 and upto_row >= $2",
        row.batch.0,
        row.row_no,
        totals.created,
        totals.updated,
        totals.unchanged
    )
    .execute(conn)
    .await?;
    Ok(())
}
