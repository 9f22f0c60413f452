//! `ecert bench issue`: rendering alone, then everything up to the signed file on one core, then the whole way through the queue.

mod pipeline;
mod rendering;
mod signing;
mod split;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use portrait::{Limits, Policy, Reviewer};
use serde_json::json;

use crate::app::App;
use crate::output::answer;
use crate::wiring;

/// The seed of the drawn portraits.
const SEED: u64 = 7;

/// Portraits that take turns.
const PEOPLE: usize = 24;

/// What is to be measured.
pub(super) struct Asked {
    /// Certificates of each measurement on one core.
    pub(super) count: usize,
    /// Folder of the peer.
    pub(super) peer: Option<PathBuf>,
    /// A folder for the measurement of the whole way, and the certificates of its larger size.
    pub(super) dir: Option<PathBuf>,
    pub(super) certificates: u64,
}

pub(super) async fn run(app: &App, asked: Asked) -> anyhow::Result<ExitCode> {
    if asked.count < 600 {
        bail!("--count {} is too few to measure; give 600 or more", asked.count);
    }
    if asked.dir.is_some() && asked.certificates < 20_000 {
        bail!("--certificates {} is too few to measure; give 20000 or more", asked.certificates);
    }
    let rules = (app.config.photos.legacy.clone(), app.config.photos.upload.clone());
    let fonts = wiring::font_paths(app);
    let (rendering, signing, pipeline) = tokio::task::spawn_blocking(move || {
        // Memory is counted from here, what the review leaves behind included.
        let before = rendering::resident_kib()?;
        let mut reviewer = Reviewer::new(Limits::default(), rules.0, rules.1);
        let portraits = (0..PEOPLE).map(|index| prepared(&mut reviewer, index)).collect::<anyhow::Result<Vec<_>>>()?;
        drop(reviewer);
        let (rendering, assets) = rendering::measure(&fonts, &portraits, asked.count, before)?;
        let signing = signing::measure(&assets, &portraits, asked.count, asked.peer.as_deref())?;
        drop(assets);
        let pipeline = asked.dir.map(|dir| pipeline::measure(&dir, asked.certificates, &portraits)).transpose()?;
        Ok::<_, anyhow::Error>((rendering, signing, pipeline))
    })
    .await??;
    let document = json!({
        "rendering": rendering.told(), "issuing": signing.told(), "pipeline": pipeline.as_ref().map(pipeline::Pipeline::told),
    });
    answer(app.json, &document, || {
        let pipeline = pipeline.as_ref().map(|pipeline| format!("\n{}", pipeline.shown())).unwrap_or_default();
        format!("{}\n{}{pipeline}", rendering.shown(), signing.shown())
    })?;
    Ok(ExitCode::SUCCESS)
}

/// The portrait that the review cuts out of a drawn photo.
fn prepared(reviewer: &mut Reviewer, index: usize) -> anyhow::Result<Vec<u8>> {
    let review = reviewer.review(&sample::portraits::good(index, SEED)?, Policy::Legacy).context("review a drawn portrait")?;
    Ok(review.portrait.jpeg)
}
