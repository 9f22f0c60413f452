//! `ecert row list`: the rows that wait for a person, each with its certificate number and name.

use std::collections::BTreeMap;

use domain::finding::{FindingCode, Outcome};
use domain::ids::BatchId;
use domain::kind::Kind;
use ingest::column::Column;
use ingest::delimited::Record;
use ingest::dictionary::Dictionary;
use ingest::header::ColumnMap;
use ingest::shapes::RecordShape;
use serde_json::{Value, json};
use store::pool::{PgConnection, PgPool};
use store::rows::{self, HeldRow};

use super::known_batch;
use crate::app::App;
use crate::output::{answer, grouped, table};

/// `ecert row list`
pub(super) async fn run(app: &App, pool: &PgPool, batch: Option<BatchId>, limit: u32) -> anyhow::Result<()> {
    let mut conn = pool.acquire().await?;
    if let Some(batch) = batch {
        known_batch(&mut conn, batch).await?;
    }
    let all = rows::list(&mut conn, batch, i64::from(limit)).await?;
    let held = rows::count(&mut conn, batch).await?;
    let decided = rows::decided_before(&mut conn, batch).await?;
    let titles = Titles::of(&mut conn, &all).await?;
    let told: Vec<(String, String)> = all
        .iter()
        .map(|row| (titles.text(row, Column::Number, row.number.as_deref()), titles.text(row, Column::Name, row.name.as_deref())))
        .collect();
    let document = json!({ "held": held, "decided_before": decided, "rows": all.iter().zip(&told).map(|(row, (number, name))| json!({
        "id": format!("{}.{}", row.batch, row.row_no), "batch": row.batch.to_string(), "file": row.file_name, "sheet": row.sheet,
        "line": row.line, "number": number, "name": name, "codes": codes(&row.findings).iter().map(|code| code.as_str()).collect::<Vec<_>>(),
    })).collect::<Vec<_>>() });
    answer(app.json, &document, || {
        let mut lines = vec![["row", "file", "sheet", "line", "number", "name", "held for"].map(str::to_owned).to_vec()];
        lines.extend(all.iter().zip(&told).map(|(row, (number, name))| {
            let why: Vec<String> = codes(&row.findings).into_iter().map(|code| format!("{code} {}", code.zh())).collect();
            let place = format!("{}.{}", row.batch, row.row_no);
            vec![place, row.file_name.clone(), row.sheet.clone(), row.line.to_string(), number.clone(), name.clone(), why.join("；")]
        }));
        let shown = i64::try_from(all.len()).unwrap_or(i64::MAX);
        let mut text = table(&lines);
        if decided > 0 {
            text += &format!(
                "{} more came back in a report after they had been decided about in another batch; `ecert row show` tells which, --refuse settles them here, too\n",
                grouped(decided)
            );
        }
        let open = held - decided;
        if open > shown {
            text += &format!("{} of {} held rows; --limit shows more\n", grouped(shown), grouped(open));
        }
        text
    })
}

/// The codes that hold a row.
fn codes(findings: &Value) -> Vec<FindingCode> {
    let all = findings.as_array().into_iter().flatten();
    all.filter_map(|finding| finding["code"].as_str()?.parse().ok()).filter(|code: &FindingCode| code.outcome() == Outcome::Held).collect()
}

/// The headers of batches, for rows whose number or name could not be read: they are told as they were delivered.
struct Titles(BTreeMap<i64, Vec<(i64, String, ColumnMap)>>);

impl Titles {
    async fn of(conn: &mut PgConnection, rows: &[HeldRow]) -> anyhow::Result<Self> {
        let mut known = BTreeMap::new();
        for row in rows.iter().filter(|row| row.number.is_none()) {
            if known.contains_key(&row.batch.0) {
                continue;
            }
            let dictionary = match (RecordShape::of_code(&row.shape), row.kind.parse::<Kind>()) {
                (Some(shape), _) => Some(Dictionary::of_shape(shape)),
                (None, Ok(kind)) => Some(Dictionary::of(kind)),
                (None, Err(_)) => None,
            };
            let mut headers = rows::headers(conn, row.batch).await?;
            if headers.is_empty() {
                headers.push((0, row.sheet.clone(), rows::first_titles(conn, row.batch).await?));
            }
            let maps = headers.into_iter().filter_map(|(row_no, sheet, titles)| {
                Some((row_no, sheet, ColumnMap::recognise(&Record::of(1, titles.iter().map(String::as_str)), dictionary?)?))
            });
            known.insert(row.batch.0, maps.collect());
        }
        Ok(Self(known))
    }

    fn text(&self, row: &HeldRow, column: Column, read: Option<&str>) -> String {
        if row.shape == "photos" {
            let file = row.original.get(0).and_then(|cell| cell.as_str()).unwrap_or_default();
            return if column == Column::Name { file.to_owned() } else { String::new() };
        }
        let delivered = || {
            let above = self.0.get(&row.batch.0)?.iter().rfind(|(header, sheet, _)| *header < row.row_no && *sheet == row.sheet)?;
            row.original.get(above.2.place(column)?)?.as_str()
        };
        read.or_else(delivered).unwrap_or_default().trim().to_owned()
    }
}
