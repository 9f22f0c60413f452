//! `ecert photo check`: the automatic checks on a file, for whoever wants to know before anything is stored.

use std::path::Path;
use std::process::ExitCode;

use anyhow::bail;
use portrait::{Check, Grade, Limits, Policy, Refusal, Review, Reviewer};
use serde_json::{Value, json};

use super::file;
use crate::app::App;
use crate::out_file::write_whole;
use crate::output::{answer, plain, table};

/// Exit code 0 where the photo would be approved, 1 where not.
pub(super) async fn run(app: &App, path: &Path, policy: &str, portrait: Option<&Path>) -> anyhow::Result<ExitCode> {
    let Some(policy) = Policy::of_code(policy) else { bail!("there is no policy {policy:?}; there are legacy and upload") };
    let bytes = match file::read(path)? {
        Ok(bytes) => bytes,
        Err(refusal) => return refused(app, path, &refusal),
    };
    let (legacy, upload) = (app.config.photos.legacy.clone(), app.config.photos.upload.clone());
    let reviewed = tokio::task::spawn_blocking(move || Reviewer::new(Limits::default(), legacy, upload).review(&bytes, policy)).await?;
    let review = match reviewed {
        Ok(review) => review,
        Err(refusal) => return refused(app, path, &refusal),
    };
    if let Some(portrait) = portrait {
        write_whole(portrait, &review.portrait.jpeg)?;
    }
    let document = json!({
        "verdict": review.verdict.as_str(), "policy": policy.as_str(), "checks": review.checks.iter().map(told).collect::<Vec<_>>(),
        "portrait": { "width_px": review.portrait.width_px, "height_px": review.portrait.height_px, "bytes": review.portrait.jpeg.len() },
    });
    answer(app.json, &document, || text(path, policy, &review))?;
    Ok(if review.verdict == portrait::Verdict::Approved { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn refused(app: &App, path: &Path, refusal: &Refusal) -> anyhow::Result<ExitCode> {
    let reason = json!({ "code": refusal.code(), "zh": refusal.zh(), "en": refusal.en() });
    let document = json!({ "verdict": "rejected", "reasons": [reason], "checks": [] });
    answer(app.json, &document, || {
        format!("{}: rejected\n  {}  {}\n      {}\n", plain(&path.display().to_string()), refusal.code(), refusal.zh(), refusal.en())
    })?;
    Ok(ExitCode::FAILURE)
}

fn told(check: &Check) -> Value {
    json!({
        "check": check.measure.as_str(), "grade": check.grade.as_str(), "measured": check.measured(), "threshold": check.threshold(),
        "zh": check.zh(), "en": check.en(),
    })
}

fn text(path: &Path, policy: Policy, review: &Review) -> String {
    let whose = match policy {
        Policy::Legacy => "legacy photos",
        Policy::Upload => "uploads",
    };
    let mut rows = vec![["check", "measured", "wanted", ""].map(str::to_owned).to_vec()];
    rows.extend(review.checks.iter().map(|check| {
        let mark = if check.grade == Grade::Pass { String::new() } else { check.grade.as_str().to_owned() };
        vec![check.measure.as_str().to_owned(), check.measured(), check.threshold(), mark]
    }));
    let mut text =
        format!("{}: {} by the thresholds for {whose}\n\n{}", plain(&path.display().to_string()), review.verdict.as_str(), table(&rows));
    for check in review.checks.iter().filter(|check| check.grade != Grade::Pass) {
        text += &format!("\n{}\n{}\n", check.zh(), check.en());
    }
    text + &format!("\nportrait {} × {} px, {} bytes\n", review.portrait.width_px, review.portrait.height_px, review.portrait.jpeg.len())
}
