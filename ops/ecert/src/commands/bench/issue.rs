//! `ecert bench issue`: issuing on one core, step by step.

use std::fs;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use domain::kind::Kind;
use domain::printed_field::PrintedField;
use portrait::{Limits, Policy, Reviewer};
use render::{Assets, Observer, PrintedCertificate, Step, render, render_observed, specimen};
use serde_json::{Value, json};

use crate::app::App;
use crate::output::{answer, grouped, table};
use crate::wiring;

/// The seed of the drawn portraits.
const SEED: u64 = 7;

/// Portraits that take turns.
const PEOPLE: usize = 24;

/// Surnames and given names that take turns, with some that only a fallback font has: one certificate in a hundred.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾";
const GIVEN: &str = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华玉萍红建国文辉力志斌宇浩凯健俊帆雪琳晨";
const RARE: &str = "𠅤𪜀𫝀𬍛𬺠";

/// What rendering has to reach on one core, what fonts with their banks may hold, and how long the start may take.
const TARGET_PER_SECOND: f64 = 3_500.0;
const TARGET_KIB: u64 = 150 * 1024;
const TARGET_START: Duration = Duration::from_secs(2);

const STEPS: [(Step, &str); 5] = [
    (Step::Layout, "lay out the text"),
    (Step::Qr, "encode the QR code"),
    (Step::Contents, "write contents and pictures"),
    (Step::Fonts, "put the fonts together"),
    (Step::Digest, "finish and hash the file"),
];

/// What was measured.
struct Measured {
    /// Reading the fonts, and preparing them with the templates.
    start: Duration,
    /// The first page of each kind, which fills what is built on demand.
    first_pages: Duration,
    pages: usize,
    total: Duration,
    steps: [Duration; STEPS.len()],
    bytes: usize,
    portrait_bytes: usize,
    /// Memory that fonts, templates and banks hold after the pages, and after every bank was filled; in KiB.
    kib: u64,
    full_kib: u64,
}

impl Measured {
    fn per_second(&self) -> f64 {
        self.pages as f64 / self.total.as_secs_f64()
    }

    fn met(&self) -> bool {
        TARGET_PER_SECOND <= self.per_second() && self.full_kib < TARGET_KIB && self.start + self.first_pages < TARGET_START
    }
}

pub(super) async fn run(app: &App, count: usize) -> anyhow::Result<ExitCode> {
    if count < 600 {
        bail!("--count {count} is too few to measure; give 600 or more");
    }
    let rules = (app.config.photos.legacy.clone(), app.config.photos.upload.clone());
    let fonts = wiring::font_paths(app);
    let measured = tokio::task::spawn_blocking(move || {
        // Memory is counted from here, what the review leaves behind included.
        let before = resident_kib()?;
        let mut reviewer = Reviewer::new(Limits::default(), rules.0, rules.1);
        let portraits = (0..PEOPLE).map(|index| prepared(&mut reviewer, index)).collect::<anyhow::Result<Vec<_>>>()?;
        drop(reviewer);
        measure(&fonts, &portraits, count, before)
    })
    .await??;
    answer(app.json, &told(&measured), || shown(&measured))?;
    Ok(ExitCode::SUCCESS)
}

/// The portrait that the review cuts out of a drawn photo.
fn prepared(reviewer: &mut Reviewer, index: usize) -> anyhow::Result<Vec<u8>> {
    let review = reviewer.review(&sample::portraits::good(index, SEED)?, Policy::Legacy).context("review a drawn portrait")?;
    Ok(review.portrait.jpeg)
}

fn measure(fonts: &render::FontPaths, portraits: &[Vec<u8>], count: usize, before: u64) -> anyhow::Result<Measured> {
    let started = Instant::now();
    let assets = Assets::new(fonts.read()?).context("prepare fonts and templates")?;
    let start = started.elapsed();
    let started = Instant::now();
    for kind in Kind::ALL {
        render(&specimen::ordinary(*kind), &portraits[0], &assets)?;
    }
    let first_pages = started.elapsed();

    let mut split = Split { steps: [Duration::ZERO; STEPS.len()], last: Instant::now() };
    let (mut total, mut bytes) = (Duration::ZERO, 0);
    for number in 0..count {
        let page = page(number);
        let portrait = &portraits[number % portraits.len()];
        let started = Instant::now();
        split.last = started;
        let unsigned = render_observed(&page, portrait, &assets, &mut split)?;
        total += started.elapsed();
        bytes += unsigned.bytes.len();
    }
    let kib = resident_kib()?.saturating_sub(before);
    fill_banks(&assets, &portraits[0])?;
    let full_kib = resident_kib()?.saturating_sub(before);
    let portrait_bytes = portraits.iter().map(Vec::len).sum::<usize>() / portraits.len();
    Ok(Measured { start, first_pages, pages: count, total, steps: split.steps, bytes, portrait_bytes, kib, full_kib })
}

/// A certificate unlike the others: kinds take turns, name, number and code differ.
fn page(number: usize) -> PrintedCertificate {
    let pick = |of: &str, at: usize| of.chars().nth(at % of.chars().count()).unwrap_or('王');
    let mut name = String::from_iter([pick(SURNAMES, number), pick(GIVEN, number / 7), pick(GIVEN, number * 11 + 3)]);
    if number % 100 == 99 {
        name.push(pick(RARE, number / 100));
    }
    let mut page = specimen::ordinary(Kind::ALL[number % Kind::ALL.len()]);
    page.number = format!("陕建安C2（2018）{number:07}");
    page.qr_text = format!("{}{number:07}", page.qr_text);
    for value in page.values.iter_mut().filter(|value| value.field == PrintedField::HolderName) {
        value.lines = vec![name.clone()];
    }
    page.holder_name = name;
    page
}

/// Renders every ideograph of the Basic Multilingual Plane once, so that nothing is left that is built on demand.
fn fill_banks(assets: &Assets, portrait: &[u8]) -> anyhow::Result<()> {
    let all: Vec<char> =
        ('\u{3400}'..='\u{9FFF}').chain('\u{F900}'..='\u{FAFF}').filter(|c| assets.missing_characters(&c.to_string()).is_empty()).collect();
    for names in all.chunks(20) {
        let mut page = specimen::ordinary(Kind::SafetyPersonnel);
        for value in page.values.iter_mut().filter(|value| value.field == PrintedField::HolderName) {
            value.lines = vec![names.iter().collect()];
        }
        render(&page, portrait, assets)?;
    }
    Ok(())
}

/// Adds up how long each step takes.
struct Split {
    steps: [Duration; STEPS.len()],
    last: Instant,
}

impl Observer for Split {
    fn passed(&mut self, step: Step) {
        let now = Instant::now();
        if let Some(place) = STEPS.iter().position(|(known, _)| *known == step) {
            self.steps[place] += now - self.last;
        }
        self.last = now;
    }
}

/// Memory of this process, in KiB.
fn resident_kib() -> anyhow::Result<u64> {
    let status = fs::read_to_string("/proc/self/status").context("read /proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("VmRSS of /proc/self/status")?;
    Ok(line.trim().trim_end_matches(" kB").trim().parse()?)
}

fn each_us(spent: Duration, pages: usize) -> f64 {
    spent.as_secs_f64() * 1e6 / pages as f64
}

fn told(m: &Measured) -> Value {
    let steps: serde_json::Map<String, Value> =
        STEPS.iter().zip(m.steps).map(|((_, name), spent)| ((*name).to_owned(), json!(each_us(spent, m.pages)))).collect();
    json!({ "rendering": {
        "start_seconds": m.start.as_secs_f64(), "first_pages_seconds": m.first_pages.as_secs_f64(), "pages": m.pages,
        "per_second_and_core": m.per_second(), "us": steps, "bytes_each": m.bytes / m.pages, "portrait_bytes_each": m.portrait_bytes,
        "assets_kib": m.kib, "assets_kib_with_full_banks": m.full_kib, "target_per_second": TARGET_PER_SECOND, "target_kib": TARGET_KIB,
        "target_start_seconds": TARGET_START.as_secs_f64(), "met": m.met(),
    } })
}

fn shown(m: &Measured) -> String {
    let head = ["step of rendering", "µs each", "share"].map(str::to_owned).to_vec();
    let share = |spent: Duration| format!("{:.0} %", 100.0 * spent.as_secs_f64() / m.total.as_secs_f64());
    let steps = STEPS
        .iter()
        .zip(m.steps)
        .map(|((_, name), spent)| vec![(*name).to_owned(), format!("{:.1}", each_us(spent, m.pages)), share(spent)]);
    let whole = vec!["a page".to_owned(), format!("{:.1}", each_us(m.total, m.pages)), "100 %".to_owned()];
    let rows: Vec<_> = std::iter::once(head).chain(steps).chain([whole]).collect();
    format!(
        "{}{} pages of {} kinds on one core: {:.0} a second, {} KB each with a portrait of {} KB\n\
         start: {:.2} s, and {:.2} s for the first page of each kind\n\
         memory of fonts, templates and banks: {} MB, {} MB with every bank filled\n\
         targets: at least {TARGET_PER_SECOND:.0} a second, below {} MB, below {} s: {}\n",
        table(&rows),
        grouped(i64::try_from(m.pages).unwrap_or(i64::MAX)),
        Kind::ALL.len(),
        m.per_second(),
        m.bytes / m.pages / 1024,
        m.portrait_bytes / 1024,
        m.start.as_secs_f64(),
        m.first_pages.as_secs_f64(),
        m.kib / 1024,
        m.full_kib / 1024,
        TARGET_KIB / 1024,
        TARGET_START.as_secs(),
        if m.met() { "met" } else { "missed" }
    )
}
