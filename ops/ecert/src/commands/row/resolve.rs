//! `ecert row resolve`: the decision is checked against what was found, and the row goes on as if it had loaded.

use anyhow::bail;
use domain::finding::{Finding, FindingCode, Outcome};
use domain::ids::PersonId;
use domain::kind::Kind;
use ingest::row_correction::{Corrected, cannot_be_true, name_may_be_decided, read_again};
use serde_json::{Value, json};
use store::batches::Batch;
use store::intake_rows::{StagedFields, finding_json};
use store::merge::{Rules, requested_when_new};
use store::pool::{PgConnection, PgPool};
use store::rows::{self, Decision, Settled, StoredRow};

use super::{find, masked, name};
use crate::app::{self, App};
use crate::cli::RowName;
use crate::commands::batch::context_of;
use crate::output::answer;

/// What was asked for.
pub(super) struct Asked {
    pub(super) accept: bool,
    pub(super) set: Vec<(String, String)>,
    pub(super) merge: Option<i64>,
    pub(super) refuse: bool,
    pub(super) why: String,
}

/// `ecert row resolve BATCH.ROW …`
pub(super) async fn run(app: &App, pool: &PgPool, id: RowName, asked: &Asked) -> anyhow::Result<()> {
    if asked.why.trim().is_empty() {
        bail!("say why with --why; it is kept with the row");
    }
    let actor = app.actor(pool).await?;
    let settings = app.settings();
    let mut tx = pool.begin().await?;
    let (batch, row) = find(&mut tx, id).await?;
    must_be_held(&mut tx, &batch, &row).await?;
    let kind = batch.kind.parse::<Kind>().ok();
    let mut decision = if asked.refuse { refused(&row, asked) } else { taken(&mut tx, app, &batch, kind, &row, asked).await? };
    if let (Some(fields), Some(kind)) = (&mut decision.fields, kind) {
        fields.request = requested_when_new(fields, kind, &batch.issue_policy, &settings, app::today());
    }
    let rules = Rules { settings: &settings, today: app::today(), actor: &actor };
    let totals = match rows::settle(&mut tx, &batch, kind, &row, &decision, rules).await? {
        Settled::Done(totals) => totals,
        Settled::NotHeld => bail!("row {} was resolved meanwhile; nothing was changed", name(&row)),
        Settled::Overtaken => {
            bail!(
                "an import has just brought the certificate or the holder of row {}; nothing was changed: give the command again",
                name(&row)
            )
        }
        Settled::Against(code) => bail!("row {} cannot be taken, nothing was changed: {}", name(&row), against(code, &row)),
    };
    let outcome = rows::resolution(&mut tx, row.batch, row.row_no).await?.map_or_else(String::new, |known| known.outcome);
    let holder = holder(&mut tx, &batch, decision.fields.as_ref()).await?;
    tx.commit().await?;
    let document = json!({
        "id": name(&row), "decision": decision.name, "outcome": outcome,
        "holder": holder.as_ref().map(|known| json!({ "person": known.person, "name": known.name, "id_masked": known.id_masked })),
        "certificates": { "created": totals.created, "updated": totals.updated, "unchanged": totals.unchanged },
    });
    answer(app.json, &document, || {
        let what = match (totals.created, totals.updated, totals.unchanged) {
            (1.., _, _) => "; its certificate is new in the register",
            (_, 1.., _) => "; its certificate was updated",
            (_, _, 1..) => "; its certificate stays as it was",
            _ => "",
        };
        let of = holder
            .as_ref()
            .map_or_else(String::new, |known| format!("  holder: {} {} (person {})\n", known.name, known.id_masked, known.person));
        format!("row {} is {outcome}{what}\n{of}", name(&row))
    })
}

/// Who holds the certificate of the row from now on.
struct Holder {
    person: i64,
    name: String,
    id_masked: String,
}

async fn holder(conn: &mut PgConnection, batch: &Batch, fields: Option<&StagedFields>) -> anyhow::Result<Option<Holder>> {
    let Some(fields) = fields else { return Ok(None) };
    let Some(known) = rows::certificate_against(conn, &batch.kind, &fields.number).await? else { return Ok(None) };
    let id_masked = masked(&known.holder_id_kind, &known.holder_id_number)?;
    Ok(Some(Holder { person: known.person.0, name: known.holder_name, id_masked }))
}

async fn must_be_held(conn: &mut PgConnection, batch: &Batch, row: &StoredRow) -> anyhow::Result<()> {
    if let Some(known) = rows::resolution(conn, row.batch, row.row_no).await? {
        bail!("row {} was resolved before ({} by {}); a decision is made once", name(row), known.decision, known.actor);
    }
    if batch.state != "finished" {
        bail!("batch {} is {}; only rows of a finished batch can be resolved", batch.id, batch.state);
    }
    if row.outcome != "held" {
        bail!("row {} is {}, not held; `ecert row list --batch {}` shows the held ones", name(row), row.outcome, batch.id);
    }
    if batch.shape == "photos" {
        bail!(
            "row {} is a photo: it loads by itself when its holder's record comes; or name the file rightly and deliver it again",
            name(row)
        );
    }
    Ok(())
}

fn refused<'a>(row: &StoredRow, asked: &'a Asked) -> Decision<'a> {
    let findings = with_findings(&row.findings, &[Finding::new(FindingCode::RowRefused)]);
    Decision { name: "refuse", why: &asked.why, changes: json!({}), person: None, outcome: "rejected", findings, fields: None }
}

/// The row as it is to be taken: as it was read, corrected, or with a known holder.
async fn taken<'a>(
    conn: &mut PgConnection,
    app: &App,
    batch: &Batch,
    kind: Option<Kind>,
    row: &StoredRow,
    asked: &'a Asked,
) -> anyhow::Result<Decision<'a>> {
    let Some(kind) = kind.filter(|_| batch.shape == "certificates") else {
        bail!("row {} is one of {}: --refuse it, or correct it in the batch report and deliver that", name(row), batch.shape);
    };
    // A row without fields is read once more, too: accepting it may decide its name.
    let (mut fields, mut findings, changes) = if asked.set.is_empty() && (row.fields.is_some() || !asked.accept) {
        (row.fields.clone(), row.findings.clone(), Vec::new())
    } else {
        let corrected = corrected(conn, app, batch, kind, row, asked).await?;
        let findings = corrected.findings.iter().map(finding_json).collect();
        (corrected.fields, findings, corrected.changes)
    };
    if let Some(person) = asked.merge {
        fields = Some(held_by(conn, fields, person, row).await?);
    } else if !asked.set.is_empty() || row.fields.is_none() {
        others_of_the_name(conn, fields.as_ref(), &mut findings).await?;
    }
    let Some(fields) = fields else {
        bail!(
            "row {} lacks its name, ID number or certificate number in a form that can be taken: {}; give it with --set",
            name(row),
            reasons(&findings, |_| true)
        );
    };
    let overruled = asked.accept || asked.merge.is_some();
    // Where fields were read although a name looks like none, a person has decided it.
    let overrules = |code: FindingCode| overruled && code.may_be_accepted() && !cannot_be_true(code);
    let in_the_way = |code: FindingCode| code.outcome() >= Outcome::Held && !overrules(code) && !name_may_be_decided(code);
    let why_not = reasons(&findings, in_the_way);
    if !why_not.is_empty() {
        // What no look at the papers can overrule.
        let stands = |code: FindingCode| in_the_way(code) && (cannot_be_true(code) || !code.may_be_accepted());
        let remedy = match (overruled, reasons(&findings, stands).is_empty()) {
            (true, _) => "that cannot stand; give the right value with --set, or --refuse the row",
            (false, true) => "correct it with --set, or add --accept where that was checked",
            (false, false) => "correct it with --set, or --refuse the row",
        };
        bail!("row {} cannot be taken, nothing was changed: {why_not}; {remedy}", name(row));
    }
    let accepted = codes(&findings).any(|code| code.outcome() == Outcome::Held);
    if accepted {
        findings = with_findings(&findings, &[Finding::new(FindingCode::RowAccepted)]);
    }
    let warned = accepted || codes(&findings).any(|code| code.outcome() == Outcome::Warned);
    let decision = match (asked.merge, asked.set.is_empty()) {
        (Some(_), _) => "merge",
        (None, true) => "accept",
        (None, false) => "set",
    };
    Ok(Decision {
        name: decision,
        why: &asked.why,
        changes: changes.into_iter().map(|(column, text)| (column, Value::from(text))).collect::<serde_json::Map<_, _>>().into(),
        person: asked.merge.map(PersonId),
        outcome: if warned { "warned" } else { "loaded" },
        findings,
        fields: Some(fields),
    })
}

async fn corrected(
    conn: &mut PgConnection,
    app: &App,
    batch: &Batch,
    kind: Kind,
    row: &StoredRow,
    asked: &Asked,
) -> anyhow::Result<Corrected> {
    let context = context_of(conn, app, batch).await?;
    let line = u64::try_from(row.line).unwrap_or(0);
    let mut corrected = read_again(kind, &row.titles, &row.original, &asked.set, asked.accept, line, &context)?;
    let known = still_known(&row.findings, &corrected);
    corrected.findings.extend(known);
    Ok(corrected)
}

/// What only the file could tell of cells, such as that a number was stored as one, holds for those that were not set.
fn still_known(findings: &Value, corrected: &Corrected) -> Vec<Finding> {
    let of_file = findings.as_array().into_iter().flatten().filter_map(|finding| Some((super::show::code_of(finding)?, finding)));
    of_file
        .filter(|(code, _)| code.is_of_file())
        .filter_map(|(code, finding)| {
            let known = Finding { original: finding["original"].as_str().map(str::to_owned), ..Finding::new(code) };
            match finding["column"].as_str() {
                Some(column) if corrected.changes.iter().any(|(changed, _)| changed == column) => None,
                Some(column) => Some(known.in_column(column)),
                None => Some(known),
            }
        })
        .filter(|known| corrected.findings.iter().all(|read| read.code != known.code || read.column != known.column))
        .collect()
}

/// The row as one of a known person's, under the name and the document that are known.
async fn held_by(conn: &mut PgConnection, fields: Option<StagedFields>, person: i64, row: &StoredRow) -> anyhow::Result<StagedFields> {
    let Some(known) = rows::person(conn, PersonId(person)).await? else {
        bail!("there is no person {person}; `ecert row show {}` names those who may be meant", name(row))
    };
    let Some(fields) = fields else {
        bail!("row {} lacks its name, ID number or certificate number; give it with --set beside --merge", name(row))
    };
    let is_born_alike = known.birth_date.is_some() && known.birth_date == fields.birth_date;
    let has_document = (&known.id_kind, &known.id_number) == (&fields.id_kind, &fields.id_number);
    if known.name != fields.name && !is_born_alike && !has_document {
        bail!(
            "person {person} ({} {}) has neither the name nor the birth date nor the ID number of row {} ({} {}), nothing was changed; \
             `ecert row show {}` names those who may be meant; where this is the person all the same, correct the row with --set first",
            known.name,
            masked(&known.id_kind, &known.id_number)?,
            name(row),
            fields.name,
            masked(&fields.id_kind, &fields.id_number)?,
            name(row)
        );
    }
    Ok(StagedFields { name: known.name, id_kind: known.id_kind, id_number: known.id_number, ..fields })
}

/// A corrected name or document may be somebody's who is known under another document (case 15).
async fn others_of_the_name(conn: &mut PgConnection, fields: Option<&StagedFields>, findings: &mut Value) -> anyhow::Result<()> {
    let Some(fields) = fields else { return Ok(()) };
    let persons = rows::persons_against(conn, &fields.id_number, &fields.id_kind, &fields.name, fields.birth_date).await?;
    let known = persons.iter().any(|person| person.same_document);
    if !known && !persons.is_empty() {
        *findings = with_findings(findings, &[Finding::new(FindingCode::SameNameBirthOtherId)]);
    }
    Ok(())
}

fn with_findings(findings: &Value, more: &[Finding]) -> Value {
    findings.as_array().into_iter().flatten().cloned().chain(more.iter().map(finding_json)).collect()
}

fn codes(findings: &Value) -> impl Iterator<Item = FindingCode> {
    findings.as_array().into_iter().flatten().filter_map(super::show::code_of)
}

fn reasons(findings: &Value, wanted: impl Fn(FindingCode) -> bool) -> String {
    let all = findings.as_array().into_iter().flatten();
    let held = all.filter_map(|finding| Some((super::show::code_of(finding)?, finding["column"].as_str())));
    let held = held.filter(|(code, _)| code.outcome() >= Outcome::Held && wanted(*code));
    held.map(|(code, column)| column.map_or_else(|| words(code), |column| format!("{column}：{}", words(code))))
        .collect::<Vec<_>>()
        .join("；")
}

fn words(code: FindingCode) -> String {
    format!("{} / {}", code.zh(), code.en())
}

/// What the register says against a row, and the way on.
fn against(code: &str, row: &StoredRow) -> String {
    match code {
        "number-of-two-people" => format!(
            "its number is another person's certificate; `ecert row show {}` names that person; --set the right number, --merge that person where the row is theirs, or --refuse it",
            name(row)
        ),
        _ => format!(
            "its ID number is known under another name; `ecert row show {}` names that person; --merge that person, --set the right name or ID number, or --refuse it",
            name(row)
        ),
    }
}
