//! `ecert batch report`: every row that is not plainly loaded, and every photo that the review holds or rejected, as CSV or as a workbook.

mod conflicts;

use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use domain::finding::FindingCode;
use domain::ids::BatchId;
use domain::kind::Kind;
use futures::TryStreamExt as _;
use ingest::dictionary::Dictionary;
use ingest::report_csv::{ReportLine, ReportWriter};
use ingest::report_layout::ReportLayout;
use ingest::report_xlsx::XlsxReport;
use serde_json::{Value, json};
use store::intake_rows::{self, ReportRow};
use store::photo_views;
use store::pool::{PgConnection, PgPool};

use self::conflicts::Conflicts;
use super::{find, message, worst_first};
use crate::app::App;
use crate::out_file::OutFile;
use crate::output::{answer, grouped};

enum Writer {
    Csv(Box<ReportWriter<BufWriter<OutFile>>>),
    Xlsx(Box<XlsxReport>, OutFile),
}

/// `ecert batch report ID --out FILE`
pub(super) async fn run(app: &App, pool: &PgPool, id: BatchId, out: &Path, force: bool) -> anyhow::Result<()> {
    let is = |wanted: &str| out.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(wanted));
    if !is("csv") && !is("xlsx") {
        bail!("{}: reports are written as .csv or .xlsx; name the file so", out.display());
    }
    let batch = find(pool, id).await?;
    if batch.state == "running" {
        bail!("batch {id} is still being imported; `ecert work --until-idle` finishes it");
    }
    let mut conn = pool.acquire().await?;
    let conflicts = Conflicts::read(&mut conn, id).await?;
    let headers = Headers::read(&mut conn, id, batch.kind.parse().ok()).await?;
    let titles = headers.layout.titles().iter().map(String::as_str);
    let cannot = || format!("cannot write {}; name another file with --out", out.display());
    let file = OutFile::create(out).with_context(cannot)?;
    let mut writer = if is("xlsx") {
        Writer::Xlsx(Box::new(XlsxReport::new(titles).with_context(cannot)?), file)
    } else {
        Writer::Csv(Box::new(ReportWriter::new(BufWriter::new(file), titles).with_context(cannot)?))
    };
    let mut rows = 0_i64;
    let mut reported = intake_rows::reported(&mut conn, id);
    while let Some(row) = reported.try_next().await? {
        write_row(&mut writer, &row, &headers, &conflicts).with_context(cannot)?;
        rows += 1;
    }
    let unseen = if batch.shape == "photos" { unseen(&mut *pool.acquire().await?, id).await? } else { 0 };
    let kept = if force { None } else { keep_former(out).with_context(cannot)? };
    finish(writer).with_context(cannot)?;
    let shown = |path: &Path| path.display().to_string();
    let document = json!({ "batch": id.to_string(), "out": shown(out), "rows": rows, "former": kept.as_deref().map(shown) });
    answer(app.json, &document, || {
        let former = kept.as_deref().map_or_else(String::new, |kept| {
            format!("what {} held before is kept as {}; --force writes over it\n", out.display(), kept.display())
        });
        let more = match unseen {
            0 => String::new(),
            n => format!(
                "the checks have not seen {} of its photos yet; after `ecert work --until-idle` write the report again\n",
                grouped(n)
            ),
        };
        let next = match (rows, batch.shape.as_str()) {
            (0, _) => return format!("every row of batch {id} was plainly loaded: {} has only the titles\n{former}{more}", out.display()),
            (_, "photos") => "rename or replace the photos and deliver them again; `ecert photo list` shows those that wait for a reviewer",
            _ => "correct the cells there and deliver the file again",
        };
        format!("{} rows written to {}; {next}\n{former}{more}", grouped(rows), out.display())
    })
}

/// How many photos of a delivery the automatic checks still have to look at.
async fn unseen(conn: &mut PgConnection, id: BatchId) -> anyhow::Result<i64> {
    let states = photo_views::of_batch(conn, id).await?;
    Ok(states.into_iter().find(|(state, _)| state == "received").map_or(0, |(_, n)| n))
}

/// Puts a file that has the report's name aside: it may be a report that somebody is correcting.
fn keep_former(out: &Path) -> std::io::Result<Option<PathBuf>> {
    let Ok(path) = out.canonicalize() else { return Ok(None) };
    if !path.is_file() {
        return Ok(None);
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let extension = path.extension().unwrap_or_default().to_string_lossy().into_owned();
    let free = (1..).map(|n| path.with_file_name(format!("{stem}.旧{n}.{extension}"))).find(|kept| !kept.exists());
    if let Some(kept) = &free {
        std::fs::hard_link(&path, kept)?;
    }
    Ok(free)
}

fn finish(writer: Writer) -> anyhow::Result<()> {
    let file = match writer {
        Writer::Csv(csv) => csv.finish()?.into_inner().map_err(std::io::IntoInnerError::into_error)?,
        Writer::Xlsx(workbook, mut file) => {
            file.write_all(&workbook.finish()?)?;
            file
        }
    };
    Ok(file.finish()?)
}

/// The headers of a batch, each ruling the rows below it in its sheet.
struct Headers {
    layout: ReportLayout,
    /// The row above each, and its sheet.
    rows: Vec<(i64, String)>,
}

impl Headers {
    async fn read(conn: &mut PgConnection, id: BatchId, kind: Option<Kind>) -> anyhow::Result<Self> {
        let found = store::rows::headers(conn, id).await?;
        let titles: Vec<Vec<String>> = found.iter().map(|(_, _, titles)| titles.clone()).collect();
        let layout = ReportLayout::of(&titles, kind.map(Dictionary::of));
        Ok(Self { layout, rows: found.into_iter().map(|(row, sheet, _)| (row, sheet)).collect() })
    }

    /// The number of the titles above a row. A row of a sheet without a header has none; where else there are none above it, the first of the file serve.
    fn above(&self, row: &ReportRow, codes: &[&str]) -> Option<usize> {
        if codes.contains(&FindingCode::RowWithoutHeader.as_str()) || codes.contains(&FindingCode::SheetWithoutHeader.as_str()) {
            return None;
        }
        Some(self.rows.iter().rposition(|(header, sheet)| *header < row.row_no && *sheet == row.sheet).unwrap_or(0))
    }
}

/// What held a cell may lie in the file's form, which a report has not: a name cut within a character, a day number of an unknown first day. Such a
/// cell is marked, so that it is held again until it is corrected.
fn mark_lost(cells: &mut [String], findings: &[&Value]) {
    for finding in findings {
        let mark = match finding["code"].as_str().and_then(|code| code.parse().ok()) {
            Some(FindingCode::HalfCharacterInName) => '□',
            Some(FindingCode::DateSerialAmbiguous) => '？',
            Some(_) | None => continue,
        };
        let original = finding["original"].as_str().unwrap_or_default();
        for cell in cells.iter_mut().filter(|cell| !original.is_empty() && cell.trim() == original) {
            cell.push(mark);
        }
    }
}

fn write_row(writer: &mut Writer, row: &ReportRow, headers: &Headers, conflicts: &Conflicts) -> anyhow::Result<()> {
    let findings = worst_first(&row.findings);
    let codes: Vec<&str> = findings.iter().filter_map(|finding| finding["code"].as_str()).collect();
    let messages: Vec<String> = findings.iter().map(|finding| message(finding) + &conflicts.words(row.row_no, finding)).collect();
    let mut cells: Vec<String> =
        row.original.as_array().into_iter().flatten().map(|cell| Value::as_str(cell).unwrap_or_default().to_owned()).collect();
    mark_lost(&mut cells, &findings);
    let line = ReportLine {
        sheet: &row.sheet,
        line: u64::try_from(row.line).unwrap_or(0),
        outcome: &row.outcome,
        codes: &codes.join(" "),
        message: &messages.join("；"),
    };
    let cells = headers.layout.arranged(headers.above(row, &codes), &cells);
    match writer {
        Writer::Csv(csv) => csv.write(&line, cells)?,
        Writer::Xlsx(workbook, _) => workbook.write(&line, cells)?,
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_whose_doubt_lay_in_the_form_of_the_file_is_marked_in_the_report() {
        let mut cells = ["欧阳小", "43323", "2020-01-01"].map(str::to_owned);
        let cut = serde_json::json!({ "code": "half-character-in-name", "original": "欧阳小" });
        let serial = serde_json::json!({ "code": "date-serial-ambiguous", "original": "43323" });
        let other = serde_json::json!({ "code": "date-serial", "original": "2020-01-01" });
        mark_lost(&mut cells, &[&cut, &serial, &other]);
        assert_eq!(cells, ["欧阳小□", "43323？", "2020-01-01"]);
    }
}
