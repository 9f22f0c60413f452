//! Rendering alone on one core, with prepared portraits, step by step.

use std::fs;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use domain::kind::Kind;
use domain::printed_field::PrintedField;
use render::{Assets, FontPaths, PrintedCertificate, render, render_observed, specimen};
use serde_json::{Value, json};

use super::split::Split;
use crate::output::grouped;

/// Surnames and given names that take turns, with some that only a fallback font has: one certificate in a hundred.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾";
const GIVEN: &str = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华玉萍红建国文辉力志斌宇浩凯健俊帆雪琳晨";
const RARE: &str = "𠅤𪜀𫝀𬍛𬺠";

/// What rendering has to reach on one core, what fonts with their banks may hold, and how long the start may take.
const TARGET_PER_SECOND: f64 = 3_500.0;
const TARGET_KIB: u64 = 150 * 1024;
const TARGET_START: Duration = Duration::from_secs(2);

/// What was measured.
pub(super) struct Rendering {
    /// Reading the fonts, and preparing them with the templates.
    start: Duration,
    /// The first page of each kind, which fills what is built on demand.
    first_pages: Duration,
    pages: usize,
    split: Split,
    bytes: usize,
    portrait_bytes: usize,
    /// Memory that fonts, templates and banks hold after the pages, and after every bank was filled; in KiB.
    kib: u64,
    full_kib: u64,
    /// The most that the start held at once, in KiB.
    start_peak_kib: u64,
    /// Characters that the fonts show: all of them were printed to fill the banks.
    characters: usize,
}

/// Renders `count` pages on this thread. `before` is what the process held before anything was prepared, in KiB.
pub(super) fn measure(fonts: &FontPaths, portraits: &[Vec<u8>], count: usize, before: u64) -> anyhow::Result<(Rendering, Assets)> {
    forget_peak()?;
    let started = Instant::now();
    let assets = Assets::read(fonts).context("prepare fonts and templates")?;
    let start = started.elapsed();
    let start_peak_kib = status_kib("VmHWM:")?.saturating_sub(before);
    let started = Instant::now();
    for kind in Kind::ALL {
        render(&specimen::ordinary(*kind), &portraits[0], &assets)?;
    }
    let first_pages = started.elapsed();

    let (mut split, mut bytes) = (Split::new(), 0);
    for number in 0..count {
        let page = page(number);
        split.begin();
        bytes += render_observed(&page, &portraits[number % portraits.len()], &assets, &mut split)?.bytes.len();
    }
    let kib = resident_kib()?.saturating_sub(before);
    let characters = fill_banks(&assets, &portraits[0])?;
    let full_kib = resident_kib()?.saturating_sub(before);
    let portrait_bytes = portraits.iter().map(Vec::len).sum::<usize>() / portraits.len();
    Ok((Rendering { start, first_pages, pages: count, split, bytes, portrait_bytes, kib, full_kib, start_peak_kib, characters }, assets))
}

/// A certificate unlike the others: kinds take turns, name, number and code differ.
pub(super) fn page(number: usize) -> PrintedCertificate {
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

/// Prints every character that the fonts show once, so that nothing is left that is built on demand; returns how many there are.
fn fill_banks(assets: &Assets, portrait: &[u8]) -> anyhow::Result<usize> {
    let mut text = [0; 4];
    let all: Vec<char> = (' '..=char::MAX).filter(|c| assets.missing_characters(c.encode_utf8(&mut text)).is_empty()).collect();
    for names in all.chunks(20) {
        let mut page = specimen::ordinary(Kind::SafetyPersonnel);
        for value in page.values.iter_mut().filter(|value| value.field == PrintedField::HolderName) {
            value.lines = vec![names.iter().collect()];
        }
        render(&page, portrait, assets)?;
    }
    Ok(all.len())
}

/// Memory of this process, in KiB.
pub(super) fn resident_kib() -> anyhow::Result<u64> {
    status_kib("VmRSS:")
}

/// Lets the system count the most memory of this process anew (proc(5), `clear_refs`).
fn forget_peak() -> anyhow::Result<()> {
    fs::write("/proc/self/clear_refs", "5").context("write /proc/self/clear_refs")
}

fn status_kib(key: &str) -> anyhow::Result<u64> {
    let status = fs::read_to_string("/proc/self/status").context("read /proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(key)).with_context(|| format!("{key} of /proc/self/status"))?;
    Ok(line.trim().trim_end_matches(" kB").trim().parse()?)
}

impl Rendering {
    fn per_second(&self) -> f64 {
        self.pages as f64 / self.split.total().as_secs_f64()
    }

    pub(super) fn met(&self) -> bool {
        TARGET_PER_SECOND <= self.per_second() && self.full_kib < TARGET_KIB && self.start + self.first_pages < TARGET_START
    }

    pub(super) fn told(&self) -> Value {
        json!({
            "start_seconds": self.start.as_secs_f64(), "first_pages_seconds": self.first_pages.as_secs_f64(), "pages": self.pages,
            "per_second_and_core": self.per_second(), "us": self.split.told(self.pages), "bytes_each": self.bytes / self.pages,
            "portrait_bytes_each": self.portrait_bytes, "assets_kib": self.kib, "assets_kib_with_full_banks": self.full_kib,
            "start_peak_kib": self.start_peak_kib, "characters": self.characters,
            "target_per_second": TARGET_PER_SECOND, "target_kib": TARGET_KIB, "target_start_seconds": TARGET_START.as_secs_f64(),
            "met": self.met(),
        })
    }

    pub(super) fn shown(&self) -> String {
        format!(
            "{}{} pages of {} kinds on one core: {:.0} a second, {} KB each with a portrait of {} KB\n\
             start: {:.2} s, and {:.2} s for the first page of each kind\n\
             memory of fonts, templates and banks: {} MB, {} MB with every bank filled ({} characters); at most {} MB at the start\n\
             targets: at least {TARGET_PER_SECOND:.0} a second, below {} MB, below {} s: {}\n",
            self.split.shown("step of rendering", self.pages),
            grouped(i64::try_from(self.pages).unwrap_or(i64::MAX)),
            Kind::ALL.len(),
            self.per_second(),
            self.bytes / self.pages / 1024,
            self.portrait_bytes / 1024,
            self.start.as_secs_f64(),
            self.first_pages.as_secs_f64(),
            self.kib / 1024,
            self.full_kib / 1024,
            grouped(i64::try_from(self.characters).unwrap_or(i64::MAX)),
            self.start_peak_kib / 1024,
            TARGET_KIB / 1024,
            TARGET_START.as_secs(),
            if self.met() { "met" } else { "missed" }
        )
    }
}
