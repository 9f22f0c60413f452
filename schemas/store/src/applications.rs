//! Applications for the electronic certificate (电子证书申请): released where it may be issued, otherwise answered with every reason.

use std::collections::HashMap;

use domain::finding::FindingCode;
use domain::ids::{BatchId, CertificateId, PersonId};
use domain::lifecycle::{Event, advance};
use domain::reasons::{self, Action, Reason};
use domain::status::Stage;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::PgConnection;
use time::Date;

use crate::batches::{self, Batch};
use crate::certificates::{self, Known};
use crate::events::{self, Move};
use crate::job_kinds;
use crate::merge::{self, Rules};
use crate::records::{self, Found, Note, Subject, Turn};

/// What was read of an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fields {
    /// For whom and which certificate it asks.
    pub subject: Subject,
    /// Number of the application (申请编号); empty where it has none.
    pub number: String,
    /// Day of the application (申请日期).
    #[serde(with = "records::day")]
    pub on: Option<Date>,
    /// Where it was filed (申请渠道).
    pub channel: Option<String>,
    /// Mobile number of the applicant.
    pub phone: Option<String>,
}

/// An application for one certificate, with its answer.
struct Answered {
    row_no: i64,
    certificate: CertificateId,
    answer: &'static str,
    reasons: Vec<Reason>,
    fields: Value,
}

/// Answers the applications of one step (`after` < turn ≤ `upto`) and moves the batch's position on, in the caller's transaction.
/// A step that is repeated changes nothing.
///
/// # Errors
/// The database's.
pub async fn step(conn: &mut PgConnection, batch: &Batch, rules: Rules<'_>, after: i64, upto: i64) -> sqlx::Result<()> {
    let rows: Vec<Turn<Fields>> = records::turns(conn, batch.id, after, upto).await?;
    let subjects: Vec<&Subject> = rows.iter().map(|row| &row.fields.subject).collect();
    let found = records::find(conn, &subjects, &batch.kind).await?;
    let ids: Vec<CertificateId> = found.iter().flat_map(Found::certificates).collect();
    certificates::facts(conn, &ids, true).await?;
    let mut notes = Vec::new();
    let mut asked = Vec::new();
    for (row, found) in rows.into_iter().zip(found) {
        match &found {
            Found::Hold(code) => {
                notes.push(Note::new(row.row_no, *code));
                continue;
            }
            Found::All(_, all) => {
                let numbers: Vec<&str> = all.iter().map(|(_, number)| number.as_str()).collect();
                notes.push(Note::with(row.row_no, FindingCode::AllCertificatesOfHolder, numbers.join("、")));
            }
            Found::Certificate(..) => {}
        }
        asked.push((row, found.certificates()));
    }
    let keys = |(row, ids): &(Turn<Fields>, Vec<CertificateId>)| {
        let number = Some(&row.fields.number).filter(|number| !number.is_empty()).map(|number| format!("n{number}"));
        ids.iter().map(|id| format!("c{id}")).chain(number).collect()
    };
    for wave in records::waves(asked, keys) {
        answer(conn, batch, rules, wave, &mut notes).await?;
    }
    records::note(conn, batch.id, &notes).await?;
    batches::advance(conn, batch.id, "merge", upto).await
}

async fn answer(
    conn: &mut PgConnection,
    batch: &Batch,
    rules: Rules<'_>,
    wave: Vec<(Turn<Fields>, Vec<CertificateId>)>,
    notes: &mut Vec<Note>,
) -> sqlx::Result<()> {
    let ids: Vec<CertificateId> = wave.iter().flat_map(|(_, ids)| ids.iter().copied()).collect();
    let earlier = earlier(conn, &wave, &ids).await?;
    let facts: HashMap<CertificateId, Known> =
        certificates::facts(conn, &ids, false).await?.into_iter().map(|known| (known.id, known)).collect();
    let (mut answered, mut moves, mut ready, mut holders) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (row, ids) in &wave {
        let fields = serde_json::to_value(&row.fields).map_err(|error| sqlx::Error::Encode(error.into()))?;
        let was_refused = match repeated(&earlier, row, ids, &fields, batch.id) {
            Repeated::No => false,
            Repeated::Refused => true,
            Repeated::Itself => continue,
            Repeated::As(code) => {
                notes.push(Note::new(row.row_no, code));
                continue;
            }
        };
        for known in ids.iter().filter_map(|id| facts.get(id)) {
            let (answer, reasons) = judge(known, rules);
            notes.extend(note(row.row_no, answer, &reasons));
            if was_refused && answer == "refused" {
                // The answer is the same, and is known.
                continue;
            }
            if matches!(answer, "released" | "kept")
                && let Ok(to) = advance(&known.facts, &Event::Requested, rules.today)
            {
                let expected = (known.facts.status, known.facts.stage);
                let detail = json!({ "application": row.fields.number, "batch": batch.id.0, "row": row.row_no });
                moves.push(Move::new(known.id, expected, to, "requested", detail));
                if to.stage == Stage::Ready && reasons.is_empty() {
                    ready.push(known.id);
                }
                if to.stage == Stage::AwaitingPhoto {
                    holders.push(known.person);
                }
            }
            answered.push(Answered { row_no: row.row_no, certificate: known.id, answer, reasons, fields: fields.clone() });
        }
    }
    insert(conn, batch.id, &answered).await?;
    events::apply(conn, rules.actor, &moves).await?;
    job_kinds::enqueue_issuing(conn, &ready, Some(batch.id)).await?;
    holders.sort_unstable();
    holders.dedup();
    let holders: Vec<PersonId> = holders;
    merge::photo_received(conn, &holders, batch.id, rules.actor, rules.today).await
}

/// The answer and every reason against it. A missing photo is no answer: the certificate awaits it.
fn judge(known: &Known, rules: Rules<'_>) -> (&'static str, Vec<Reason>) {
    let settings = rules.settings.kind(known.facts.kind);
    let reasons = reasons::against(Action::Issue, &known.facts, settings, &rules.settings.contact_zh, rules.today);
    if !reasons.iter().all(Reason::is_temporary) {
        return ("refused", reasons);
    }
    // What is issued, or asked for already, needs no second request.
    let under_way = known.facts.issue_requested || known.facts.stage == Stage::Issued;
    let answer = match () {
        () if under_way => "known",
        () if reasons.iter().all(|reason| reason.code == "no-photo") => "released",
        () => "kept",
    };
    (answer, reasons)
}

fn note(row_no: i64, answer: &str, reasons: &[Reason]) -> Option<Note> {
    let words = || reasons.iter().map(|reason| format!("{} / {}", reason.zh, reason.en)).collect::<Vec<_>>().join(" ");
    match answer {
        "refused" => Some(Note::with(row_no, FindingCode::ApplicationRefused, words())),
        "kept" => Some(Note::with(row_no, FindingCode::ApplicationKept, words())),
        "known" => Some(Note::new(row_no, FindingCode::AlreadyElectronic)),
        _ => None,
    }
}

struct Earlier {
    number: String,
    certificate: CertificateId,
    content: Value,
    answer: String,
    batch: BatchId,
    row_no: i64,
}

/// The applications that are known under the numbers of a wave, or without a number for its certificates.
async fn earlier(
    conn: &mut PgConnection,
    wave: &[(Turn<Fields>, Vec<CertificateId>)],
    ids: &[CertificateId],
) -> sqlx::Result<Vec<Earlier>> {
    let numbers: Vec<String> = wave.iter().map(|(row, _)| row.fields.number.clone()).filter(|number| !number.is_empty()).collect();
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    sqlx::query_file_as!(Earlier, "queries/applications/earlier.sql", &numbers, &ids).fetch_all(conn).await
}

enum Repeated {
    No,
    /// It was refused before. What stood against it may be gone, and if not, the applicant is told again.
    Refused,
    /// The step runs again: this row was answered.
    Itself,
    As(FindingCode),
}

fn repeated(earlier: &[Earlier], row: &Turn<Fields>, ids: &[CertificateId], fields: &Value, batch: BatchId) -> Repeated {
    let numbered = !row.fields.number.is_empty();
    let same: Vec<&Earlier> = earlier
        .iter()
        .filter(
            |known| {
                if numbered { known.number == row.fields.number } else { known.content == *fields && ids.contains(&known.certificate) }
            },
        )
        .collect();
    if same.iter().any(|known| (known.batch, known.row_no) == (batch, row.row_no)) {
        return Repeated::Itself;
    }
    let Some(last) = same.last() else { return Repeated::No };
    // One application may have asked for several certificates.
    let mut with_last = same.iter().filter(|known| (known.batch, known.row_no) == (last.batch, last.row_no));
    match () {
        () if last.content != *fields => Repeated::As(FindingCode::ApplicationNumberTaken),
        () if last.batch == batch => Repeated::As(FindingCode::DuplicateRow),
        () if with_last.any(|known| known.answer == "refused") => Repeated::Refused,
        () => Repeated::As(FindingCode::AlreadyKnown),
    }
}

async fn insert(conn: &mut PgConnection, batch: BatchId, answered: &[Answered]) -> sqlx::Result<()> {
    let row_nos: Vec<i64> = answered.iter().map(|a| a.row_no).collect();
    let certificates: Vec<i64> = answered.iter().map(|a| a.certificate.0).collect();
    let answers: Vec<String> = answered.iter().map(|a| a.answer.to_owned()).collect();
    let fields: Vec<Value> = answered.iter().map(|a| a.fields.clone()).collect();
    let reason = |reason: &Reason| json!({ "code": reason.code, "zh": reason.zh, "en": reason.en });
    let reasons: Vec<Value> = answered.iter().map(|a| a.reasons.iter().map(reason).collect()).collect();
    sqlx::query_file!("queries/applications/insert.sql", batch.0, &row_nos, &certificates, &answers, &reasons, &fields)
        .execute(conn)
        .await?;
    Ok(())
}
