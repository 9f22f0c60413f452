//! The dry run of a register: its rows are judged by each other and by the register, as the import would. Nothing is written.

use std::path::Path;

use domain::kind::Kind;
use ingest::certificate_row::Context;
use ingest::dry_run::DryRun;
use serde_json::{Value, json};
use store::pool::PgPool;
use store::preview;

use super::look;
use crate::output::grouped;

/// Rows that are compared with the register at a time.
const PAGE: usize = 5_000;

/// Looks at a register; without a database everything in it is new.
pub(super) async fn look(path: &Path, kind: Kind, context: &Context, register: Option<&PgPool>) -> anyhow::Result<(Value, String)> {
    let mut run = DryRun::open(path, kind, context)?;
    while let Some(rows) = run.read_on(PAGE)? {
        if let Some(pool) = register {
            run.beside(&preview::compare(&mut *pool.acquire().await?, kind, context.as_of, &rows).await?);
        }
    }
    let summary = run.judged();
    let would = summary.would;
    let mut document = look::document(path, &summary);
    document["would"] = json!({ "created": would.created, "updated": would.updated, "unchanged": would.unchanged, "held": would.held });
    let mut text = look::words(path, &summary);
    text += &format!(
        "  would be: {} created, {} updated, {} left alone",
        grouped(would.created),
        grouped(would.updated),
        grouped(would.unchanged)
    );
    if would.held > 0 {
        text += &format!("; of the held rows {} contradict other rows or the register", grouped(would.held));
    }
    text += if register.is_some() { "\n" } else { " (there is no register yet)\n" };
    Ok((document, text))
}
