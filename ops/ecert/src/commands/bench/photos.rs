//! `ecert bench photos`: the whole review on one core, from the bytes of a file to the portrait, with the split by step.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use image::RgbImage;
use image::imageops::{self, FilterType};
use portrait::{Limits, Policy, Reviewer, STEPS, Verdict};
use serde_json::{Value, json};

use crate::app::App;
use crate::output::{answer, table};

/// The seed of the drawn portraits.
const SEED: u64 = 7;

/// Different people of one size; more photos take turns.
const PEOPLE: usize = 24;

/// Width and height in pixels with the least photos a second and core that the review has to do.
const SIZES: [(u32, u32, Option<f64>); 3] = [(1000, 1400, Some(30.0)), (413, 579, Some(45.0)), (120, 168, None)];

/// What one size gave.
struct Measured {
    name: String,
    photos: usize,
    approved: usize,
    steps: [Duration; STEPS.len()],
    target: Option<f64>,
}

impl Measured {
    fn per_second(&self) -> f64 {
        self.photos as f64 / self.steps.iter().sum::<Duration>().as_secs_f64()
    }
}

/// Measures drawn portraits of each size, or the files that were named.
pub(super) async fn run(app: &App, count: usize, files: Vec<PathBuf>) -> anyhow::Result<ExitCode> {
    if count < 10 {
        bail!("--count {count} is too few to measure; give 10 or more");
    }
    let rules = (app.config.photos.legacy.clone(), app.config.photos.upload.clone());
    let measured = tokio::task::spawn_blocking(move || {
        let mut reviewer = Reviewer::new(Limits::default(), rules.0, rules.1);
        let sets = if files.is_empty() { drawn()? } else { named(&files)? };
        Ok::<_, anyhow::Error>(
            sets.into_iter().map(|(name, set, target)| measure(&mut reviewer, name, &set, count, target)).collect::<Vec<_>>(),
        )
    })
    .await??;
    let document = json!({ "sizes": measured.iter().map(told).collect::<Vec<_>>() });
    answer(app.json, &document, || {
        let head = ["photos", "a second and core", "wanted", "approved"].into_iter().chain(STEPS).map(str::to_owned).collect();
        let rows = measured.iter().map(|m| {
            let each = |step: &Duration| format!("{:.1} ms", step.as_secs_f64() * 1e3 / m.photos as f64);
            let wanted = m.target.map_or_else(|| "-".to_owned(), |target| format!("≥ {target:.0}"));
            let first = [m.name.clone(), format!("{:.1}", m.per_second()), wanted, format!("{} of {}", m.approved, m.photos)];
            first.into_iter().chain(m.steps.iter().map(each)).collect()
        });
        table(&std::iter::once(head).chain(rows).collect::<Vec<_>>())
    })?;
    Ok(ExitCode::SUCCESS)
}

fn told(m: &Measured) -> Value {
    let steps: serde_json::Map<String, Value> =
        STEPS.iter().zip(m.steps).map(|(name, spent)| ((*name).to_owned(), json!(spent.as_secs_f64() * 1e3 / m.photos as f64))).collect();
    json!({ "photos": m.name, "per_second_and_core": m.per_second(), "target": m.target, "approved": m.approved, "reviewed": m.photos, "ms": steps })
}

type Set = (String, Vec<Vec<u8>>, Option<f64>);

/// Drawn portraits, scaled to each size and saved as a camera saves them.
fn drawn() -> anyhow::Result<Vec<Set>> {
    let people: Vec<RgbImage> = (0..PEOPLE)
        .map(|index| Ok(image::load_from_memory(&sample::portraits::good(index, SEED)?).context("read a drawn portrait")?.into_rgb8()))
        .collect::<anyhow::Result<_>>()?;
    SIZES
        .into_iter()
        .map(|(width, height, target)| {
            let set =
                people.iter().map(|person| sample::portraits::saved(&imageops::resize(person, width, height, FilterType::CatmullRom)));
            Ok((format!("{width} × {height} JPEG"), set.collect::<anyhow::Result<_>>()?, target))
        })
        .collect()
}

fn named(files: &[PathBuf]) -> anyhow::Result<Vec<Set>> {
    files
        .iter()
        .map(|path| {
            let bytes =
                fs::read(path).with_context(|| format!("{}: it cannot be read: check the path and the permissions", path.display()))?;
            Ok((path.display().to_string(), vec![bytes], None))
        })
        .collect()
}

fn measure(reviewer: &mut Reviewer, name: String, set: &[Vec<u8>], count: usize, target: Option<f64>) -> Measured {
    let mut steps = [Duration::ZERO; STEPS.len()];
    let mut approved = 0;
    for bytes in set.iter().cycle().take(count) {
        let mut last = Instant::now();
        let review = reviewer.review_timed(bytes, Policy::Legacy, &mut |step| {
            let now = Instant::now();
            steps[step] += now - last;
            last = now;
        });
        approved += usize::from(review.is_ok_and(|review| review.verdict == Verdict::Approved));
    }
    Measured { name, photos: count, approved, steps, target }
}
