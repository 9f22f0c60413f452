//! `ecert row`: held rows, and what a person decides about them.

mod resolve;
mod show;

use std::process::ExitCode;

use anyhow::bail;
use domain::finding::FindingCode;
use domain::ids::BatchId;
use serde_json::{Value, json};
use store::batches::{self, Batch};
use store::pool::{PgConnection, PgPool};
use store::rows::{self, StoredRow};

use crate::app::App;
use crate::cli::Row;
use crate::output::{answer, grouped, table};

/// `ecert row …`
pub(crate) async fn run(app: &App, command: Row) -> anyhow::Result<ExitCode> {
    let pool = app.known_database().await?;
    match command {
        Row::List { batch, limit } => list(app, &pool, batch.map(BatchId), limit).await?,
        Row::Show { id } => show::run(app, &pool, id).await?,
        Row::Resolve { id, accept, set, merge, refuse, why } => {
            let asked = resolve::Asked { accept, set, merge, refuse, why };
            resolve::run(app, &pool, id, &asked).await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The row and its batch.
async fn find(conn: &mut PgConnection, (batch, row_no): (i64, i64)) -> anyhow::Result<(Batch, StoredRow)> {
    let Some(found) = batches::find(conn, BatchId(batch)).await? else { bail!("there is no batch {batch}; `ecert batch list` shows them") };
    let Some(row) = rows::find(conn, BatchId(batch), row_no).await? else {
        bail!("batch {batch} has no row {row_no}; `ecert row list --batch {batch}` shows the held ones")
    };
    Ok((found, row))
}

async fn list(app: &App, pool: &PgPool, batch: Option<BatchId>, limit: u32) -> anyhow::Result<()> {
    let mut conn = pool.acquire().await?;
    let all = rows::list(&mut conn, batch, i64::from(limit)).await?;
    let held = rows::count(&mut conn, batch).await?;
    let codes = |findings: &Value| -> Vec<String> {
        let all = findings.as_array().into_iter().flatten();
        let codes = all.filter_map(|finding| finding["code"].as_str()?.parse::<FindingCode>().ok());
        codes.filter(|code| code.outcome() == domain::finding::Outcome::Held).map(|code| code.as_str().to_owned()).collect()
    };
    let document = json!({ "held": held, "rows": all.iter().map(|row| json!({
        "id": format!("{}.{}", row.batch, row.row_no), "batch": row.batch.to_string(), "file": row.file_name, "sheet": row.sheet,
        "line": row.line, "codes": codes(&row.findings),
    })).collect::<Vec<_>>() });
    answer(app.json, &document, || {
        let mut lines = vec![["row", "file", "sheet", "line", "held for"].map(str::to_owned).to_vec()];
        lines.extend(all.iter().map(|row| {
            let why: Vec<String> = codes(&row.findings)
                .iter()
                .map(|code| code.parse::<FindingCode>().map_or_else(|_| code.clone(), |known| format!("{code} {}", known.zh())))
                .collect();
            vec![format!("{}.{}", row.batch, row.row_no), row.file_name.clone(), row.sheet.clone(), row.line.to_string(), why.join("；")]
        }));
        let shown = i64::try_from(all.len()).unwrap_or(i64::MAX);
        let rest =
            if held > shown { format!("{} of {} held rows; --limit shows more\n", grouped(shown), grouped(held)) } else { String::new() };
        table(&lines) + &rest
    })
}
