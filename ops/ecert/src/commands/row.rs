//! `ecert row`: held rows, and what a person decides about them.

mod list;
mod resolve;
mod show;

use std::process::ExitCode;

use anyhow::bail;
use domain::identity::IdentityDocument;
use domain::ids::BatchId;
use store::batches::{self, Batch};
use store::pool::PgConnection;
use store::rows::{self, StoredRow};

use crate::app::App;
use crate::cli::{Row, RowName};

/// `ecert row …`
pub(crate) async fn run(app: &App, command: Row) -> anyhow::Result<ExitCode> {
    let pool = app.known_database().await?;
    match command {
        Row::List { batch, limit } => list::run(app, &pool, batch.map(BatchId), limit).await?,
        Row::Show { id } => show::run(app, &pool, id).await?,
        Row::Resolve { id, accept, set, merge, refuse, why } => {
            let asked = resolve::Asked { accept, set, merge, refuse, why };
            resolve::run(app, &pool, id, &asked).await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn known_batch(conn: &mut PgConnection, batch: BatchId) -> anyhow::Result<Batch> {
    let Some(found) = batches::find(conn, batch).await? else { bail!("there is no batch {batch}; `ecert batch list` shows them") };
    Ok(found)
}

/// The row and its batch.
async fn find(conn: &mut PgConnection, name: RowName) -> anyhow::Result<(Batch, StoredRow)> {
    let (RowName::Place(batch, _) | RowName::Line(batch, _)) = name;
    let found = known_batch(conn, BatchId(batch)).await?;
    let row_no = match name {
        RowName::Place(_, row_no) => row_no,
        RowName::Line(_, line) => {
            let there = rows::on_line(conn, BatchId(batch), line).await?;
            match &there[..] {
                [(row_no, _)] => *row_no,
                [] => bail!("no row of batch {batch} begins on line {line}; `ecert row list --batch {batch}` shows the held ones"),
                several => {
                    let names: Vec<String> = several.iter().map(|(row_no, sheet)| format!("{batch}.{row_no} ({sheet})")).collect();
                    bail!("several sheets of batch {batch} have a row on line {line}: name one of {}", names.join(", "));
                }
            }
        }
    };
    let Some(row) = rows::find(conn, BatchId(batch), row_no).await? else {
        bail!("batch {batch} has no row {row_no}; `ecert row list --batch {batch}` shows the held ones")
    };
    Ok((found, row))
}

/// The name under which commands take the row.
fn name(row: &StoredRow) -> String {
    format!("{}.{}", row.batch, row.row_no)
}

/// An identity number as it may be shown.
fn masked(id_kind: &str, id_number: &str) -> anyhow::Result<String> {
    Ok(IdentityDocument::from_stored(id_kind.parse()?, id_number.to_owned()).masked())
}
