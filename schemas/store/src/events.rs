//! Changes of state: each in one transaction with its event row, set-based, naming the state it expects.

use domain::ids::CertificateId;
use domain::lifecycle::State;
use domain::status::{LegalStatus, Stage};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;

/// A move of one certificate, as `lifecycle::advance` allowed it.
#[derive(Debug, Clone)]
pub struct Move {
    /// Which certificate.
    pub certificate: CertificateId,
    /// The legal status and stage that it must still have.
    pub expected: (LegalStatus, Stage),
    /// Where it goes.
    pub to: State,
    /// The event's name.
    pub event: &'static str,
    /// More, as JSON; no names, ID numbers or photos.
    pub detail: Value,
    /// The version of a document that this move commits.
    pub version: Option<i32>,
    /// Why it is held, when it goes to [`Stage::Held`].
    pub hold_reason: Option<String>,
}

impl Move {
    /// A move without document or hold.
    #[must_use]
    pub fn new(certificate: CertificateId, expected: (LegalStatus, Stage), to: State, event: &'static str, detail: Value) -> Self {
        Self { certificate, expected, to, event, detail, version: None, hold_reason: None }
    }
}

/// Carries out moves and writes their events; returns the certificates that still had the expected state.
///
/// One certificate may occur once.
///
/// # Errors
/// The database's.
pub async fn apply(conn: &mut PgConnection, actor: &str, moves: &[Move]) -> sqlx::Result<Vec<CertificateId>> {
    if moves.is_empty() {
        return Ok(Vec::new());
    }
    let column = |of: fn(&Move) -> String| moves.iter().map(of).collect::<Vec<String>>();
    let ids: Vec<i64> = moves.iter().map(|m| m.certificate.0).collect();
    let requested: Vec<bool> = moves.iter().map(|m| m.to.issue_requested).collect();
    let details: Vec<Value> = moves.iter().map(|m| m.detail.clone()).collect();
    let versions: Vec<Option<i32>> = moves.iter().map(|m| m.version).collect();
    let holds: Vec<Option<String>> = moves.iter().map(|m| m.hold_reason.clone()).collect();
    sqlx::query_file_scalar!(
        "queries/apply_moves.sql",
        actor,
        &ids,
        &column(|m| m.expected.0.as_str().to_owned()),
        &column(|m| m.expected.1.as_str().to_owned()),
        &column(|m| m.to.status.as_str().to_owned()),
        &column(|m| m.to.stage.as_str().to_owned()),
        &requested,
        &versions as &[Option<i32>],
        &holds as &[Option<String>],
        &column(|m| m.event.to_owned()),
        &details
    )
    .fetch_all(conn)
    .await
}

/// The first event of a certificate.
#[derive(Debug)]
pub(crate) struct FirstEvent<'a> {
    pub(crate) certificate: CertificateId,
    /// Microseconds since 1970.
    pub(crate) at: i64,
    pub(crate) actor: &'a str,
    pub(crate) event: &'static str,
    pub(crate) legal_status: &'a str,
    pub(crate) stage: Stage,
    /// As the database writes `jsonb`.
    pub(crate) detail: String,
}

/// The first link of a chain, as the SQL function `event_hash` makes it of nothing before it.
pub(crate) fn first_hash(event: &FirstEvent<'_>) -> [u8; 32] {
    let seconds = event.at.div_euclid(1_000_000);
    let microseconds = event.at.rem_euclid(1_000_000);
    let FirstEvent { certificate, actor, event: name, legal_status, stage, detail, .. } = event;
    let text = format!(
        "{certificate}\u{1f}1\u{1f}{seconds}.{microseconds:06}\u{1f}{actor}\u{1f}{name}\u{1f}{legal_status}\u{1f}{}\u{1f}{detail}",
        stage.as_str()
    );
    Sha256::digest(text.as_bytes()).into()
}
