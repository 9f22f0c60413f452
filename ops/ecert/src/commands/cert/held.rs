//! `ecert cert held`: the staff's list of certificates that cannot go on by themselves.

use domain::ids::CertificateId;
use serde_json::{Value, json};
use store::certificates::{self, HeldCertificate};
use store::pool::PgPool;

use crate::app::App;
use crate::output::{answer, civil_minute, iso, table};

pub(super) async fn run(app: &App, pool: &PgPool, reason: Option<&str>, limit: i64) -> anyhow::Result<()> {
    let mut conn = pool.acquire().await?;
    // One more than is shown tells whether there are more.
    let mut held = certificates::held(&mut conn, reason, CertificateId(0), limit + 1).await?;
    let more = usize::try_from(limit).is_ok_and(|limit| limit < held.len());
    held.truncate(usize::try_from(limit)?);
    let document = json!({ "certificates": held.iter().map(told).collect::<Vec<Value>>(), "more": more });
    answer(app.json, &document, || {
        if held.is_empty() {
            return match reason {
                Some(reason) => format!("no certificate is held for {reason:?}; `ecert cert held` without --reason shows all\n"),
                None => "no certificate is held\n".to_owned(),
            };
        }
        format!("{}{}{}", listed(&held), if more { "there are more; --limit shows more of them\n" } else { "" }, remedies(&held))
    })
}

pub(super) fn told(held: &HeldCertificate) -> Value {
    json!({
        "number": held.number, "kind": held.kind, "holder": held.holder_name, "code": held.code, "text": held.text,
        "since": held.since.map(iso),
    })
}

pub(super) fn listed(held: &[HeldCertificate]) -> String {
    let head = ["number", "kind", "holder", "since", "code", "reason"].map(str::to_owned).to_vec();
    let rows = held.iter().map(|row| {
        let since = row.since.map(civil_minute).unwrap_or_default();
        vec![row.number.clone(), row.kind.clone(), row.holder_name.clone(), since, row.code.clone().unwrap_or_default(), row.text.clone()]
    });
    table(&std::iter::once(head).chain(rows).collect::<Vec<_>>())
}

/// What to do, once for each reason that occurs.
fn remedies(held: &[HeldCertificate]) -> String {
    let is = |code: &str| held.iter().any(|row| row.code.as_deref() == Some(code));
    let mut lines = String::new();
    if is("missing-glyph") {
        lines.push_str(
            "missing-glyph: add a font with the character to `fonts.chain` in ecert.toml, or deliver the record again with the right name;\n  \
             then `ecert cert release --reason missing-glyph --why TEXT`\n",
        );
    }
    if is("does-not-fit") {
        lines.push_str(
            "does-not-fit: deliver the record again with a shorter text in the field that the reason names; what is right as it is, is too long for the page.\n  \
             Once it is changed, `ecert cert release NUMBER --why TEXT`\n",
        );
    }
    if is("job-dead") {
        lines.push_str("job-dead: issuing failed ten times for the reason named; mend it, then `ecert cert release NUMBER --why TEXT`\n");
    }
    if is("page-cannot-be-made") {
        lines.push_str(
            "page-cannot-be-made: mend what the reason names (such as a damaged portrait), then `ecert cert release NUMBER --why TEXT`\n",
        );
    }
    lines
}
