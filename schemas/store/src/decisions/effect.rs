//! What decisions change: printed values, specialties, state with its event, and the next electronic version.

use std::collections::HashMap;

use domain::decision::{DecisionKind, Verdict};
use domain::finding::FindingCode;
use domain::ids::{CertificateId, PersonId};
use domain::reasons::{self, Action};
use domain::status::Stage;
use serde_json::json;
use sqlx::PgConnection;
use time::Date;

use super::Stored;
use crate::certificates::{self, Known};
use crate::events::{self, Move};
use crate::job_kinds;
use crate::merge::{self, Rules};
use crate::records::Note;

/// Carries out judged decisions, one of a certificate at most; the notes for their rows.
pub(super) async fn carry_out(
    conn: &mut PgConnection,
    stored: &[Stored],
    verdicts: &[Verdict],
    facts: &HashMap<CertificateId, Known>,
    rules: Rules<'_>,
) -> sqlx::Result<Vec<Note>> {
    let mut notes = Vec::new();
    let (mut effective, mut moves) = (Vec::new(), Vec::new());
    let mut effects: Vec<(i64, &'static str)> = Vec::new();
    for (stored, verdict) in stored.iter().zip(verdicts) {
        let (to, effect) = match verdict {
            Verdict::Effect(to) => (*to, "taken"),
            Verdict::FieldsOnly(to) => (*to, "fields-only"),
            Verdict::Waits => {
                notes.push(Note::new(stored.row_no, FindingCode::DecisionWaits));
                continue;
            }
            Verdict::Overtaken | Verdict::BeforeIssue | Verdict::Initial | Verdict::Refused(_) => {
                effects.push((stored.id.0, "none"));
                notes.push(Note::new(stored.row_no, FindingCode::DecisionOvertaken));
                continue;
            }
        };
        let Some(known) = facts.get(&stored.certificate) else { continue };
        effects.push((stored.id.0, effect));
        let detail = json!({ "decision": stored.id.0, "batch": stored.batch.0, "row": stored.row_no });
        let expected = (known.facts.status, known.facts.stage);
        moves.push(Move::new(stored.certificate, expected, to, stored.decided.kind.event_name(), detail));
        effective.push((stored, known));
    }
    if effective.iter().any(|(stored, known)| specialty_is_unclear(stored, known)) {
        notes.extend(unclear_specialties(conn, &effective).await?);
    }
    take_over(conn, &effective, rules.today).await?;
    events::apply(conn, rules.actor, &moves).await?;
    let (ids, names): (Vec<i64>, Vec<String>) = effects.iter().map(|(id, effect)| (*id, (*effect).to_owned())).unzip();
    sqlx::query!(
        "insert into decision_effect (decision_id, effect) select * from unnest($1::bigint[], $2::text[]) as w (id, effect)",
        &ids,
        &names
    )
    .execute(&mut *conn)
    .await?;
    ask_for_next(conn, &effective, &moves, rules).await?;
    Ok(notes)
}

/// Takes the printed values of decisions over.
async fn take_over(conn: &mut PgConnection, effective: &[(&Stored, &Known)], today: Date) -> sqlx::Result<()> {
    if effective.is_empty() {
        return Ok(());
    }
    let of = |kind: DecisionKind| effective.iter().filter(move |(stored, _)| stored.decided.kind == kind);
    let column = |of: fn(&Stored) -> Option<String>| effective.iter().map(|(stored, _)| of(stored)).collect::<Vec<_>>();
    let renews = |stored: &Stored| stored.decided.kind == DecisionKind::Renewal;
    let ids: Vec<i64> = effective.iter().map(|(stored, _)| stored.certificate.0).collect();
    let decided: Vec<Date> = effective.iter().map(|(stored, _)| stored.decided.decided_on).collect();
    let prints: Vec<bool> = effective.iter().map(|(stored, _)| stored.decided.kind.calls_for_electronic()).collect();
    let issued: Vec<Option<Date>> = effective.iter().map(|(stored, _)| renews(stored).then_some(stored.decided.decided_on)).collect();
    let from: Vec<Option<Date>> =
        effective.iter().map(|(stored, known)| renews(stored).then(|| new_start(stored, known, today)).flatten()).collect();
    let until: Vec<Option<Date>> = effective.iter().map(|(stored, _)| stored.fields.valid_until).collect();
    let extends: Vec<bool> = effective.iter().map(|(stored, _)| stored.decided.kind == DecisionKind::AddedSpecialty).collect();
    let (names, keys) = (column(|s| s.fields.employer_name.clone()), column(|s| s.fields.employer_key.clone()));
    let (codes, duties) = (column(|s| s.fields.employer_code.clone()), column(|s| s.fields.duty.clone()));
    sqlx::query_file!(
        "queries/decisions/employers.sql",
        &names as &[Option<String>],
        &keys as &[Option<String>],
        &codes as &[Option<String>]
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query_file!(
        "queries/decisions/take_over.sql",
        &ids,
        &decided,
        &prints,
        &issued as &[Option<Date>],
        &from as &[Option<Date>],
        &until as &[Option<Date>],
        &extends,
        &keys as &[Option<String>],
        &codes as &[Option<String>],
        &duties as &[Option<String>]
    )
    .execute(&mut *conn)
    .await?;
    for (stored, _) in of(DecisionKind::Renewal).chain(of(DecisionKind::AddedSpecialty)) {
        specialties(conn, stored).await?;
    }
    Ok(())
}

/// The first day of a renewed certificate. Where the period at hand goes on into the new one, it has no gap: until the new start
/// the certificate is as valid as it was.
fn new_start(stored: &Stored, known: &Known, today: Date) -> Option<Date> {
    let start = stored.fields.valid_from?;
    let goes_on = known.facts.valid_from.is_some_and(|from| from <= today) && known.facts.valid_until.is_some_and(|until| today <= until);
    (start <= today || !goes_on).then_some(start)
}

/// A renewal without a named specialty extends those that run out with the certificate; an addition brings its own end.
async fn specialties(conn: &mut PgConnection, stored: &Stored) -> sqlx::Result<()> {
    let adds = stored.decided.kind == DecisionKind::AddedSpecialty;
    sqlx::query_file!(
        "queries/decisions/renew_specialties.sql",
        stored.certificate.0,
        stored.fields.valid_until,
        &stored.fields.specialties
    )
    .execute(&mut *conn)
    .await?;
    if adds {
        sqlx::query_file!(
            "queries/decisions/add_specialties.sql",
            stored.certificate.0,
            stored.fields.valid_until,
            &stored.fields.specialties
        )
        .execute(conn)
        .await?;
    }
    Ok(())
}

fn specialty_is_unclear(stored: &Stored, known: &Known) -> bool {
    let of_constructor = known.facts.kind == domain::kind::Kind::Constructor;
    of_constructor && stored.decided.kind == DecisionKind::Renewal && stored.fields.specialties.is_empty()
}

/// Renewals that name no specialty of certificates whose specialties have several ends.
async fn unclear_specialties(conn: &mut PgConnection, effective: &[(&Stored, &Known)]) -> sqlx::Result<Vec<Note>> {
    let unclear: Vec<&Stored> = effective.iter().filter(|(s, k)| specialty_is_unclear(s, k)).map(|(s, _)| *s).collect();
    let ids: Vec<i64> = unclear.iter().map(|stored| stored.certificate.0).collect();
    let several = sqlx::query_scalar!(
        r#"select certificate_id as "id: CertificateId" from certificate_specialty where certificate_id = any ($1)
           group by certificate_id having count(distinct valid_until) > 1"#,
        &ids
    )
    .fetch_all(conn)
    .await?;
    let has_several = |stored: &&&Stored| several.contains(&stored.certificate);
    Ok(unclear.iter().filter(has_several).map(|s| Note::new(s.row_no, FindingCode::SpecialtyNotNamed)).collect())
}

/// Enqueues the issuing of what became ready, and puts photos that wait for review before what awaits one.
async fn ask_for_next(conn: &mut PgConnection, effective: &[(&Stored, &Known)], moves: &[Move], rules: Rules<'_>) -> sqlx::Result<()> {
    let Some((first, _)) = effective.first() else { return Ok(()) };
    let batch = first.batch;
    let reached = |stage: Stage| {
        moves.iter().filter(move |m| m.to.stage == stage && m.expected.1 != stage).map(|m| m.certificate).collect::<Vec<_>>()
    };
    let ready = certificates::facts(conn, &reached(Stage::Ready), false).await?;
    let due: Vec<CertificateId> = ready
        .iter()
        .filter(|known| {
            let kind = rules.settings.kind(known.facts.kind);
            reasons::against(Action::Issue, &known.facts, kind, &rules.settings.contact_zh, rules.today).is_empty()
        })
        .map(|known| known.id)
        .collect();
    job_kinds::enqueue_issuing(conn, &due, Some(batch)).await?;
    let awaiting = reached(Stage::AwaitingPhoto);
    let holders: Vec<PersonId> =
        effective.iter().filter(|(stored, _)| awaiting.contains(&stored.certificate)).map(|(_, known)| known.person).collect();
    merge::photo_received(conn, &holders, batch, rules.actor, rules.today).await
}
