//! `ecert sample`.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use domain::kind::Kind;
use sample::{DeliveredFile, Plan};
use serde_json::json;

use crate::app::App;
use crate::output::{answer, table};

/// The folder of the deliveries of other years.
const OTHER_YEARS: &str = "历年";

/// `ecert sample …`
pub(crate) async fn run(app: &App, plan: &Plan, out: &Path) -> anyhow::Result<ExitCode> {
    let was_empty = std::fs::read_dir(out).map_or(true, |mut items| items.next().is_none());
    let (to, wanted) = (out.to_owned(), plan.clone());
    let (province, deliveries) = tokio::task::spawn_blocking(move || {
        let province = sample::generate(&wanted, &to)?;
        let deliveries = sample::deliveries(&wanted, &to.join(OTHER_YEARS))?;
        anyhow::Ok((province, deliveries))
    })
    .await?
    .with_context(|| format!("cannot write the sample into {}", out.display()))?;
    let told = |f: &DeliveredFile| json!({ "file": name(f), "shape": f.shape, "kind": f.kind.map(Kind::as_str), "rows": f.rows });
    let document = json!({
        "out": out.display().to_string(),
        "was_empty": was_empty,
        "as_of": plan.as_of.to_string(),
        "seed": plan.seed,
        "photos": province.photos,
        "files": province.files.iter().map(told).collect::<Vec<_>>(),
        "other_years": { "folder": out.join(OTHER_YEARS).display().to_string(), "files": deliveries.iter().map(told).collect::<Vec<_>>() },
    });
    let remark = if was_empty {
        ""
    } else {
        "the folder was not empty: files of these names were written over, all others are not of this sample\n"
    };
    answer(app.json, &document, || {
        let mut table_rows = vec![vec!["file".to_owned(), "as".to_owned(), "kind".to_owned(), "rows".to_owned()]];
        table_rows.extend(
            province
                .files
                .iter()
                .map(|f| vec![name(f), f.shape.to_owned(), f.kind.map(Kind::as_str).unwrap_or_default().to_owned(), f.rows.to_string()]),
        );
        let count = deliveries.len();
        format!(
            "{}\n{count} deliveries of other years, in every format and with every fault, are in {OTHER_YEARS}\nwritten to {} as of {}; its ecert.toml puts the switch to electronic certificates on {}\n",
            table(&table_rows).trim_end(),
            out.display(),
            plan.as_of,
            plan.as_of.replace_day(1).unwrap_or(plan.as_of)
        ) + remark
    })?;
    Ok(ExitCode::SUCCESS)
}

fn name(file: &DeliveredFile) -> String {
    file.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
