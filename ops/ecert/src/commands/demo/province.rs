//! The demo's province: generated once per home and size, used again afterwards, so that a second demo delivers the same files.

use std::fs;
use std::path::PathBuf;

use anyhow::Context as _;
use domain::kind::Kind;
use sample::Plan;
use time::Date;
use time::macros::format_description;

use crate::app::{self, App};

/// What is delivered, and on which day it is true.
pub(crate) struct Delivered {
    pub(crate) as_of: Date,
    /// Files with their kind; photos have none.
    pub(crate) files: Vec<(PathBuf, Option<Kind>)>,
}

/// The name of the mark that a province is complete; it holds the day on which its deliveries are true.
const MARK: &str = "as-of.txt";

/// Each photo is drawn; a great province has more persons than photos.
const MOST_PHOTOS: usize = 20_000;

/// Generates the province, or finds the one of an earlier demo; puts its configuration into a home that has none.
pub(crate) async fn prepare(app: &App, rows: usize) -> anyhow::Result<Delivered> {
    let folder = app.home.path().join("demo").join(format!("{rows}-rows"));
    let mark = folder.join(MARK);
    let day = format_description!("[year]-[month]-[day]");
    let known = fs::read_to_string(&mark).ok().and_then(|text| Date::parse(text.trim(), day).ok());
    let as_of = known.unwrap_or_else(app::today);
    if known.is_none() {
        let cannot = || format!("cannot write the demo's province into {}", folder.display());
        if folder.exists() {
            // A demo that was stopped here left half a province.
            fs::remove_dir_all(&folder).with_context(cannot)?;
        }
        let (plan, out) = (Plan { rows, seed: 1, as_of, photos: Some(MOST_PHOTOS) }, folder.clone());
        tokio::task::spawn_blocking(move || sample::generate(&plan, &out)).await?.with_context(cannot)?;
        fs::write(&mark, as_of.to_string()).with_context(cannot)?;
    }
    let config = app.home.config_file();
    if !config.exists() {
        fs::copy(folder.join("ecert.toml"), &config).with_context(|| format!("cannot write {}", config.display()))?;
    }
    let mut files: Vec<(PathBuf, Option<Kind>)> = Vec::new();
    let expected = fs::read_to_string(folder.join("expected.json")).context("read the province's list of files")?;
    let expected: serde_json::Value = serde_json::from_str(&expected).context("read the province's list of files")?;
    for file in expected["files"].as_array().into_iter().flatten() {
        let name = file["file"].as_str().context("a file without a name")?;
        let kind = file["kind"].as_str().map(str::parse).transpose()?;
        files.push((folder.join(name), kind));
    }
    if !files.iter().any(|(_, kind)| kind.is_none()) {
        files.push((folder.join("照片.zip"), None));
    }
    Ok(Delivered { as_of, files })
}
