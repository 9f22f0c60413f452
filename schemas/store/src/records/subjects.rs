//! Which certificates rows speak of: the number's, where name and ID number are its holder's; without a number all of the person's.

use std::collections::HashMap;

use domain::finding::FindingCode;
use domain::ids::{CertificateId, PersonId};
use sqlx::PgConnection;

use super::Subject;

/// What a row's subject was found to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found {
    /// The certificate of this number, and its holder.
    Certificate(CertificateId, PersonId),
    /// Every certificate of a person, with the numbers.
    All(PersonId, Vec<(CertificateId, String)>),
    /// Nothing that the row could speak of.
    Hold(FindingCode),
}

impl Found {
    /// The certificates.
    pub(crate) fn certificates(&self) -> Vec<CertificateId> {
        match self {
            Self::Certificate(id, _) => vec![*id],
            Self::All(_, all) => all.iter().map(|(id, _)| *id).collect(),
            Self::Hold(_) => Vec::new(),
        }
    }
}

struct Candidate {
    row: i64,
    certificate: CertificateId,
    number: String,
    person: PersonId,
    name: String,
    id_kind: String,
    id_number: String,
}

/// Finds the subject of each row, in the order of the rows. `kind` is that of the delivery, empty where it has none.
pub(crate) async fn find(conn: &mut PgConnection, subjects: &[&Subject], kind: &str) -> sqlx::Result<Vec<Found>> {
    let rows: Vec<i64> = (0..).take(subjects.len()).collect();
    let numbers: Vec<Option<String>> = subjects.iter().map(|subject| subject.number.clone()).collect();
    let kinds: Vec<Option<String>> = subjects.iter().map(|subject| subject.kind.clone()).collect();
    let id_kinds: Vec<String> = subjects.iter().map(|subject| subject.id_kind.clone()).collect();
    let id_numbers: Vec<String> = subjects.iter().map(|subject| subject.id_number.clone()).collect();
    let candidates = sqlx::query_file_as!(
        Candidate,
        "queries/records/subjects.sql",
        &rows,
        &numbers as &[Option<String>],
        &kinds as &[Option<String>],
        &id_kinds,
        &id_numbers,
        kind
    )
    .fetch_all(conn)
    .await?;
    let mut by_row: HashMap<i64, Vec<Candidate>> = HashMap::new();
    for candidate in candidates {
        by_row.entry(candidate.row).or_default().push(candidate);
    }
    Ok(rows.iter().zip(subjects).map(|(row, subject)| decide(subject, by_row.remove(row).unwrap_or_default())).collect())
}

fn decide(subject: &Subject, candidates: Vec<Candidate>) -> Found {
    if candidates.is_empty() {
        return Found::Hold(if subject.number.is_some() { FindingCode::CertificateUnknown } else { FindingCode::HolderUnknown });
    }
    let holds = |c: &Candidate| c.name == subject.name && c.id_kind == subject.id_kind && c.id_number == subject.id_number;
    let theirs: Vec<Candidate> = candidates.into_iter().filter(holds).collect();
    let Some(first) = theirs.first() else { return Found::Hold(FindingCode::NotTheHolder) };
    match (&subject.number, theirs.len()) {
        (None, _) => Found::All(first.person, theirs.iter().map(|c| (c.certificate, c.number.clone())).collect()),
        (Some(_), 1) => Found::Certificate(first.certificate, first.person),
        (Some(_), _) => Found::Hold(FindingCode::NumberOfSeveralKinds),
    }
}
