//! What the demo tells in the end, in words and numbers.

use std::path::PathBuf;

use seal::verify::{SignatureState, verify_document};
use serde_json::{Value, json};
use store::batches::Totals;
use store::documents;
use store::pool::PgPool;

use crate::app::{self, App};
use crate::key_files::KeyFiles;
use crate::output::{grouped, table};

/// Documents that are verified in the end.
const VERIFIED: i64 = 20;

/// The demo's result.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    pub(crate) rows_delivered: usize,
    pub(crate) rows: Totals,
    pub(crate) photo_entries: Totals,
    pub(crate) photos: Vec<(String, i64)>,
    pub(crate) census: Vec<(String, String, String, i64)>,
    pub(crate) repeats: i64,
    pub(crate) issued: i64,
    pub(crate) issued_now: i64,
    pub(crate) expired_tonight: i64,
    pub(crate) verified: i64,
    pub(crate) refused: i64,
    pub(crate) example: Option<String>,
    pub(crate) anchor: Option<PathBuf>,
    pub(crate) import_seconds: f64,
    pub(crate) review_seconds: f64,
    pub(crate) issue_seconds: f64,
    pub(crate) total_seconds: f64,
}

impl Summary {
    /// Whether every delivered row is accounted for.
    pub(crate) fn balanced(&self) -> bool {
        let t = &self.rows;
        let data = t.loaded + t.warned + t.held + t.rejected;
        t.read == data + t.dropped && t.read >= i64::try_from(self.rows_delivered).unwrap_or(i64::MAX)
    }

    /// Verifies some of the newest documents from their files.
    pub(crate) async fn verify_some(&mut self, app: &App, pool: &PgPool) -> anyhow::Result<()> {
        let keys = KeyFiles::new(app.home.keys());
        let anchors: Vec<Vec<u8>> = keys.anchor()?.into_iter().collect();
        self.anchor = keys.anchor_pem()?;
        for (_, sha256, key) in documents::newest(&mut *pool.acquire().await?, VERIFIED).await? {
            let verdict = verify_document(&app.objects().read(&key, &sha256).await?, &anchors, app::now());
            if verdict.signature == SignatureState::Valid {
                self.verified += 1;
            } else {
                self.refused += 1;
            }
            self.example = Some(app.objects().location(&key));
        }
        Ok(())
    }

    fn stage(&self, wanted: &str) -> i64 {
        self.census.iter().filter(|(_, _, stage, _)| stage == wanted).map(|(_, _, _, n)| n).sum()
    }

    fn status(&self, wanted: &str) -> i64 {
        self.census.iter().filter(|(_, status, _, _)| status == wanted).map(|(_, _, _, n)| n).sum()
    }

    fn photo(&self, wanted: &str) -> i64 {
        self.photos.iter().filter(|(state, _)| state == wanted).map(|(_, n)| n).sum()
    }

    fn issued_per_second(&self) -> f64 {
        if self.issued_now > 0 && self.issue_seconds > 0.0 { self.issued_now as f64 / self.issue_seconds } else { 0.0 }
    }

    /// For programs.
    pub(crate) fn document(&self) -> Value {
        let t = &self.rows;
        json!({
            "rows": { "delivered": self.rows_delivered, "read": t.read, "loaded": t.loaded, "warned": t.warned, "held": t.held, "rejected": t.rejected, "dropped": t.dropped },
            "balanced": self.balanced(), "repeats": self.repeats,
            "photos": self.photos.iter().map(|(state, n)| (state.clone(), json!(n))).collect::<serde_json::Map<_, _>>(),
            "photo_entries": { "read": self.photo_entries.read, "loaded": self.photo_entries.loaded, "held": self.photo_entries.held, "rejected": self.photo_entries.rejected },
            "documents": self.issued, "issued_now": self.issued_now, "issued_per_second": self.issued_per_second(),
            "expired_tonight": self.expired_tonight, "verified": self.verified, "refused": self.refused,
            "example": self.example, "trust_anchor": self.anchor.as_ref().map(|p| p.display().to_string()),
            "seconds": { "import": self.import_seconds, "review": self.review_seconds, "issue": self.issue_seconds, "total": self.total_seconds },
        })
    }

    /// For people.
    pub(crate) fn text(&self) -> String {
        let t = &self.rows;
        let n = grouped;
        let line = |what: &str, text: String| vec![what.to_owned(), text];
        let mut rows = vec![
            line(
                "rows of legacy records",
                format!("{} delivered; {} lines read", n(i64::try_from(self.rows_delivered).unwrap_or(i64::MAX)), n(t.read)),
            ),
            line(
                "",
                format!(
                    "= {} loaded + {} warned + {} held + {} rejected + {} titles and totals",
                    n(t.loaded),
                    n(t.warned),
                    n(t.held),
                    n(t.rejected),
                    n(t.dropped)
                ),
            ),
            line(
                "photos",
                format!(
                    "{} delivered: {} approved, {} held, {} rejected, {} of nobody known",
                    n(self.photo_entries.read),
                    n(self.photo("approved")),
                    n(self.photo("held")),
                    n(self.photo("rejected") + self.photo_entries.rejected),
                    n(self.photo("unmatched"))
                ),
            ),
            line("certificates issued", format!("{} documents{}", n(self.issued), self.speed())),
            line("waiting for a photo", n(self.stage("awaiting-photo") + self.stage("photo-review"))),
            line("expired tonight", n(self.expired_tonight)),
            line(
                "legal status",
                format!(
                    "{} valid, {} expired, {} cancelled",
                    n(self.status("valid")),
                    n(self.status("expired")),
                    n(self.status("cancelled"))
                ),
            ),
            line("verified", format!("{} of {} documents are authentic", n(self.verified), n(self.verified + self.refused))),
        ];
        if let Some(example) = &self.example {
            rows.push(line("a certificate lies in", example.clone()));
        }
        if let Some(anchor) = &self.anchor {
            rows.push(line("its trust anchor in", anchor.display().to_string()));
        }
        rows.push(line(
            "time",
            format!(
                "{:.1} s in all: import {:.1} s, photo review {:.1} s, issuing {:.1} s",
                self.total_seconds, self.import_seconds, self.review_seconds, self.issue_seconds
            ),
        ));
        let mut text = format!("\n{}", table(&rows));
        if self.repeats > 0 && self.issued_now == 0 {
            text += "these files were delivered before; nothing was changed\n";
        }
        if !self.balanced() {
            text += "THE TOTALS DO NOT BALANCE\n";
        }
        text
    }

    fn speed(&self) -> String {
        if self.issued_now > 0 {
            format!(", {} of them now: {:.0} a second", grouped(self.issued_now), self.issued_per_second())
        } else {
            String::new()
        }
    }
}
