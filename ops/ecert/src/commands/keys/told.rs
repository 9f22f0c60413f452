//! What is said after a key was rotated or revoked: what that means, and what is to be done now.

use std::process::ExitCode;

use serde_json::json;

use crate::app::App;
use crate::key_files::{Purpose, Revocation, moment_text};
use crate::output::{answer, one_line};

const HAND_OUT: &str = "hand out `ecert keys show --trust FILE.pem` anew, for those who verify without asking\n";
const RESTART: &str = "start running workers anew: until then they sign no more of these\n";

/// After a rotation.
pub(super) async fn rotated(app: &App, purpose: &str, compromised: bool, old: &str, new: &str) -> anyhow::Result<ExitCode> {
    let count = if compromised { certificates(app, old).await } else { None };
    let certificates = count.map(|(codes, _)| codes).filter(|_| purpose == Purpose::Qr.as_str());
    let fate = if compromised { "revoked" } else { "retired" };
    let document = json!({ "purpose": purpose, fate: old, "key": new, "certificates": certificates });
    answer(app.json, &document, || {
        let of_old =
            if compromised { "nothing that {old} signed is believed any more" } else { "what {old} signed up to now still verifies" };
        let mut text = format!("the {purpose} key {new} signs from the next start of a worker on; {}\n", of_old.replace("{old}", old));
        text += RESTART;
        if compromised {
            text += &consequence(if purpose == Purpose::Qr.as_str() { Purpose::Qr } else { Purpose::Status }, certificates);
        }
        text + HAND_OUT
    })?;
    Ok(ExitCode::SUCCESS)
}

/// After a revocation.
pub(super) async fn revoked(app: &App, revoked: &Revocation) -> anyhow::Result<ExitCode> {
    let count = certificates(app, &revoked.id).await;
    let certificates = match revoked.purpose {
        Purpose::Qr => count.map(|(codes, _)| codes),
        Purpose::Document => count.map(|(_, signatures)| signatures),
        Purpose::Status => None,
    };
    let document = json!({
        "purpose": revoked.purpose.as_str(), "revoked": revoked.id, "since": moment_text(revoked.since), "certificates": certificates,
    });
    answer(app.json, &document, || {
        let head = format!(
            "nothing that the {} key {} signed is believed any more, since {}\n",
            revoked.purpose.as_str(),
            revoked.id,
            moment_text(revoked.since)
        );
        head + &consequence(revoked.purpose, certificates) + HAND_OUT
    })?;
    Ok(ExitCode::SUCCESS)
}

fn consequence(purpose: Purpose, certificates: Option<i64>) -> String {
    let many = |what: &str| certificates.map_or_else(String::new, |count| format!("{count} certificates {what}\n"));
    match purpose {
        Purpose::Qr => {
            many("carry codes of this key, which are refused now")
                + "no command issues them anew at once: the next version of each, after a renewal or a change, carries a code of the new key\n"
        }
        Purpose::Document => {
            many("have documents signed with this key")
                + "where the register is asked, it vouches for the very files that it knows; without it they are refused\n"
        }
        Purpose::Status => {
            "lists of this key are refused now; `ecert sweep publish-status-lists` and a worker publish them anew\n".to_owned()
        }
    }
}

/// How many certificates carry codes and signatures of a key; none where no register can be asked, which stops no revocation.
async fn certificates(app: &App, key_id: &str) -> Option<(i64, i64)> {
    let count = async {
        if !app.has_database_to_read()? {
            return Ok(None);
        }
        let pool = app.database().await?;
        let mut conn = pool.acquire().await?;
        anyhow::Ok(Some(store::documents::newest_by_key(&mut conn, key_id).await?))
    };
    count.await.unwrap_or_else(|error| {
        tracing::warn!(error = one_line(&error), "the register cannot be asked how many certificates are concerned");
        None
    })
}
