//! Decisions (行政决定): stored for ever as they were delivered, and in effect on their day, once, in the order of their days.

mod effect;
mod refusal_words;

use std::collections::HashMap;

use domain::decision::{Decided, DecisionKind, Verdict, judge};
use domain::finding::FindingCode;
use domain::ids::{BatchId, CertificateId, DecisionId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::PgConnection;
use time::Date;

use crate::batches::{self, Batch};
use crate::certificates::{self, Known};
use crate::merge::Rules;
use crate::records::{self, Found, Note, Subject, Turn};

/// What was read of a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fields {
    /// Whom and which certificate it concerns.
    pub subject: Subject,
    /// Number of the decision (决定文号).
    pub number: String,
    /// Code of its kind.
    pub kind: String,
    /// Day of the decision (决定日期).
    #[serde(with = "records::day")]
    pub on: Option<Date>,
    /// First day of its effect, where it is stated.
    #[serde(with = "records::day")]
    pub effective_on: Option<Date>,
    /// New first day.
    #[serde(with = "records::day")]
    pub valid_from: Option<Date>,
    /// New last day.
    #[serde(with = "records::day")]
    pub valid_until: Option<Date>,
    /// New employer.
    pub employer_name: Option<String>,
    /// The key by which the employer's name matches.
    pub employer_key: Option<String>,
    /// Code of the new employer.
    pub employer_code: Option<String>,
    /// New duty.
    pub duty: Option<String>,
    /// Codes of the specialties concerned, of constructors.
    pub specialties: Vec<String>,
    /// The reason as written.
    pub reason: Option<String>,
}

impl Fields {
    fn decided(&self) -> sqlx::Result<Decided> {
        // A row without the day of its decision was held when it was read.
        let decided_on = self.on.ok_or(sqlx::Error::RowNotFound)?;
        Ok(Decided {
            kind: records::code(&self.kind)?,
            decided_on,
            effective_on: self.effective_on.unwrap_or(decided_on),
            valid_until: self.valid_until,
        })
    }
}

/// A decision that is to be judged and carried out.
#[derive(Debug, Clone)]
struct Stored {
    id: DecisionId,
    batch: BatchId,
    row_no: i64,
    certificate: CertificateId,
    fields: Fields,
    decided: Decided,
}

/// Lets the decisions of one step (`after` < turn ≤ `upto`) take effect and moves the batch's position on, in the caller's
/// transaction. A step that is repeated changes nothing.
///
/// # Errors
/// The database's.
pub async fn step(conn: &mut PgConnection, batch: &Batch, rules: Rules<'_>, after: i64, upto: i64) -> sqlx::Result<()> {
    let rows: Vec<Turn<Fields>> = records::turns(conn, batch.id, after, upto).await?;
    let subjects: Vec<&Subject> = rows.iter().map(|row| &row.fields.subject).collect();
    let found = records::find(conn, &subjects, &batch.kind).await?;
    let ids: Vec<CertificateId> = found.iter().flat_map(Found::certificates).collect();
    // Person rows, then certificate rows, for the whole step at once.
    certificates::facts(conn, &ids, true).await?;
    let mut notes = Vec::new();
    let mut ready = Vec::new();
    for (row, found) in rows.into_iter().zip(found) {
        match found {
            Found::Certificate(id, _) => ready.push((row, id)),
            Found::Hold(code) => notes.push(Note::new(row.row_no, code)),
            // A decision names its certificate: a row without a number was rejected when it was read.
            Found::All(..) => notes.push(Note::new(row.row_no, FindingCode::EntryMissing)),
        }
    }
    let keys = |(row, id): &(Turn<Fields>, CertificateId)| vec![format!("c{id}"), format!("d{}", row.fields.number)];
    for wave in records::waves(ready, keys) {
        take_in(conn, batch, rules, wave, &mut notes).await?;
    }
    records::note(conn, batch.id, &notes).await?;
    batches::advance(conn, batch.id, "merge", upto).await
}

/// Stores the decisions of a wave and carries out those whose day has come.
async fn take_in(
    conn: &mut PgConnection,
    batch: &Batch,
    rules: Rules<'_>,
    wave: Vec<(Turn<Fields>, CertificateId)>,
    notes: &mut Vec<Note>,
) -> sqlx::Result<()> {
    let numbers: Vec<String> = wave.iter().map(|(row, _)| row.fields.number.clone()).collect();
    let known = known(conn, &numbers).await?;
    let ids: Vec<CertificateId> = wave.iter().map(|(_, id)| *id).collect();
    let facts = facts_of(conn, &ids).await?;
    let later = in_effect(conn, &ids).await?;
    let (mut stored, mut verdicts) = (Vec::new(), Vec::new());
    for (row, certificate) in wave {
        let content = content(&row.fields)?;
        if let Some(known) = known.get(&row.fields.number) {
            let code = match known {
                // The step runs again, and this is the row's own decision.
                known if (known.batch, known.row_no) == (batch.id, row.row_no) => continue,
                known if known.content != content => FindingCode::DecisionNumberTaken,
                known if known.batch == batch.id => FindingCode::DuplicateRow,
                _ => FindingCode::AlreadyKnown,
            };
            notes.push(Note::new(row.row_no, code));
            continue;
        }
        let Some(known) = facts.get(&certificate) else { continue };
        let decided = row.fields.decided()?;
        let verdict = judged(&decided, known, later.get(&certificate).map_or(&[], Vec::as_slice), rules);
        match held(&decided, known, verdict) {
            Some((code, detail)) => notes.push(Note { row_no: row.row_no, code, detail }),
            None => {
                stored.push(Stored { id: DecisionId(0), batch: batch.id, row_no: row.row_no, certificate, fields: row.fields, decided });
                verdicts.push(verdict);
            }
        }
    }
    insert(conn, &mut stored).await?;
    notes.extend(effect::carry_out(conn, &stored, &verdicts, &facts, rules).await?);
    Ok(())
}

/// Carries out stored decisions whose day has come, at most `limit`: those that were delivered before their day. Returns how many
/// there were.
///
/// # Errors
/// The database's.
pub async fn take_due(conn: &mut PgConnection, rules: Rules<'_>, limit: i64) -> sqlx::Result<usize> {
    let rows = sqlx::query_file!("queries/decisions/due.sql", rules.today, limit).fetch_all(&mut *conn).await?;
    let count = rows.len();
    let mut due = Vec::new();
    for row in rows {
        let fields: Fields = serde_json::from_value(row.content).map_err(|error| sqlx::Error::Decode(error.into()))?;
        let decided = fields.decided()?;
        due.push(Stored { id: row.id, batch: row.batch, row_no: row.row_no, certificate: row.certificate, fields, decided });
    }
    let all: Vec<CertificateId> = due.iter().map(|stored| stored.certificate).collect();
    certificates::facts(conn, &all, true).await?;
    for wave in records::waves(due, |stored| vec![stored.certificate.to_string()]) {
        let ids: Vec<CertificateId> = wave.iter().map(|stored| stored.certificate).collect();
        let facts = facts_of(conn, &ids).await?;
        let later = in_effect(conn, &ids).await?;
        let (mut open, mut verdicts) = (Vec::new(), Vec::new());
        for stored in wave {
            let Some(known) = facts.get(&stored.certificate) else { continue };
            let verdict = judged(&stored.decided, known, later.get(&stored.certificate).map_or(&[], Vec::as_slice), rules);
            // What had its place when it was delivered and has none now is kept without an effect.
            verdicts.push(if matches!(verdict, Verdict::Refused(_)) { Verdict::Overtaken } else { verdict });
            open.push(stored);
        }
        effect::carry_out(conn, &open, &verdicts, &facts, rules).await?;
    }
    Ok(count)
}

fn judged(decided: &Decided, known: &Known, later: &[(DecisionKind, Date)], rules: Rules<'_>) -> Verdict {
    let cut_over = rules.settings.kind(known.facts.kind).cut_over;
    let later: Vec<DecisionKind> = later.iter().filter(|(_, day)| decided.decided_on < *day).map(|(kind, _)| *kind).collect();
    judge(decided, &known.facts, cut_over, &later, rules.today)
}

/// Why a person must look at the decision before anything is made of it.
fn held(decided: &Decided, known: &Known, verdict: Verdict) -> Option<(FindingCode, Option<String>)> {
    let constructors_only = decided.kind == DecisionKind::AddedSpecialty && known.facts.kind != domain::kind::Kind::Constructor;
    match verdict {
        Verdict::Initial => Some((FindingCode::DecisionInitial, None)),
        Verdict::BeforeIssue => Some((FindingCode::DecisionBeforeIssue, None)),
        Verdict::Refused(refusal) => Some((FindingCode::DecisionRefused, Some(refusal_words::words(refusal)))),
        _ if constructors_only => {
            Some((FindingCode::DecisionRefused, Some("只有建造师注册证书有专业增项 / only constructors add specialties".to_owned())))
        }
        Verdict::Effect(_) | Verdict::FieldsOnly(_) | Verdict::Waits | Verdict::Overtaken => None,
    }
}

fn content(fields: &Fields) -> sqlx::Result<Value> {
    serde_json::to_value(fields).map_err(|error| sqlx::Error::Encode(error.into()))
}

/// A decision as it is known already.
struct KnownDecision {
    number: String,
    content: Value,
    batch: BatchId,
    row_no: i64,
}

async fn known(conn: &mut PgConnection, numbers: &[String]) -> sqlx::Result<HashMap<String, KnownDecision>> {
    let rows = sqlx::query_as!(
        KnownDecision,
        r#"select number, content, batch_id as "batch: BatchId", row_no from decision where number = any ($1)"#,
        numbers
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.number.clone(), row)).collect())
}

async fn facts_of(conn: &mut PgConnection, ids: &[CertificateId]) -> sqlx::Result<HashMap<CertificateId, Known>> {
    Ok(certificates::facts(conn, ids, false).await?.into_iter().map(|known| (known.id, known)).collect())
}

/// The decisions that are in effect, by certificate.
async fn in_effect(conn: &mut PgConnection, ids: &[CertificateId]) -> sqlx::Result<HashMap<CertificateId, Vec<(DecisionKind, Date)>>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"select d.certificate_id as "certificate: CertificateId", d.kind, d.decided_on
           from decision d join decision_effect e on e.decision_id = d.id
           where d.certificate_id = any ($1) and e.effect <> 'none'"#,
        &ids
    )
    .fetch_all(conn)
    .await?;
    let mut by_certificate: HashMap<CertificateId, Vec<(DecisionKind, Date)>> = HashMap::new();
    for row in rows {
        by_certificate.entry(row.certificate).or_default().push((records::code(&row.kind)?, row.decided_on));
    }
    Ok(by_certificate)
}

async fn insert(conn: &mut PgConnection, stored: &mut [Stored]) -> sqlx::Result<()> {
    let Some(batch) = stored.first().map(|stored| stored.batch) else { return Ok(()) };
    let row_nos: Vec<i64> = stored.iter().map(|stored| stored.row_no).collect();
    let certificates: Vec<i64> = stored.iter().map(|stored| stored.certificate.0).collect();
    let effective: Vec<Date> = stored.iter().map(|stored| stored.decided.effective_on).collect();
    let contents: Vec<Value> = stored.iter().map(|stored| content(&stored.fields)).collect::<sqlx::Result<_>>()?;
    let made =
        sqlx::query_file!("queries/decisions/insert.sql", batch.0, &row_nos, &certificates, &effective, &contents).fetch_all(conn).await?;
    let by_row: HashMap<i64, DecisionId> = made.into_iter().map(|row| (row.row_no, row.id)).collect();
    for stored in stored {
        stored.id = by_row.get(&stored.row_no).copied().ok_or(sqlx::Error::RowNotFound)?;
    }
    Ok(())
}
