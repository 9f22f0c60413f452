//! The whole way: ready rows of a register become durable files and committed rows, by a worker of its own over a private PostgreSQL.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail};
use serde_json::{Map, Value, json};
use store::objects::{Area, Objects};
use workers::step_times::STEPS;

use super::super::{Watched, ecert, import, psql_answer, watched, with_register};
use crate::app;
use crate::output::{grouped, table};

/// Certificates a second on two cores with PostgreSQL on them, what a worker may hold, and how much slower a large run may be.
const TARGET_PER_SECOND: f64 = 1_200.0;
const TARGET_KIB: u64 = 400 * 1024;
const TARGET_GROWTH: f64 = 1.15;

/// Certificates of the smaller run.
const SMALL: u64 = 10_000;

/// Certificates that a worker may need to come up to speed.
const WARM_UP: u64 = 2_000;

/// One run.
struct Run {
    certificates: u64,
    /// From the commit after the warm-up to the last one.
    steady: Duration,
    steady_certificates: u64,
    /// From the start of the worker to its end.
    whole: Duration,
    peak_kib: u64,
    /// Seconds of each step, by all chunks together.
    steps: Vec<(String, f64)>,
}

/// What was measured.
pub(super) struct Pipeline {
    small: Run,
    large: Run,
}

/// Measures both sizes under a folder that does not exist yet, and removes it.
pub(super) fn measure(dir: &Path, certificates: u64, portraits: &[Vec<u8>]) -> anyhow::Result<Pipeline> {
    fs::create_dir(dir)
        .with_context(|| format!("{}: the folder cannot be made; name one that does not exist in one that does", dir.display()))?;
    let one = |size: u64| with_register(&dir.join(size.to_string()), size, |home, url, file| issue(home, url, file, portraits));
    let measured = [SMALL, certificates].map(one);
    fs::remove_dir_all(dir).with_context(|| format!("{}: the folder cannot be removed", dir.display()))?;
    let [small, large] = measured;
    Ok(Pipeline { small: small?, large: large? })
}

fn issue(home: &Path, url: &str, file: &Path, portraits: &[Vec<u8>]) -> anyhow::Result<Run> {
    ecert(home, &["migrate"])?;
    ecert(home, &["keys", "init"])?;
    import(home, file)?;
    give_portraits(home, url, portraits)?;
    let ready = ecert(home, &["sweep", "enqueue-ready", "--today", &app::today().to_string()])?;
    let ready = ready["enqueued"].as_u64().context("how many are enqueued")?;
    psql_answer(url, "vacuum analyze")?;
    psql_answer(url, "checkpoint")?;

    let Watched { took: whole, peak_kib, answer: worked } =
        watched(home, &["work", "--queue", store::job_kinds::ISSUE_CERTIFICATES, "--until-idle"])?;
    let steps = STEPS.iter().filter_map(|step| Some(((*step).to_owned(), worked["issuing_seconds"][*step].as_f64()?))).collect();
    let answer = psql_answer(
        url,
        &format!(
            "with d as (select committed_at, row_number() over (order by committed_at, id) as n from document), \
             warm as (select committed_at from d where n = {WARM_UP}) \
             select concat_ws(' ', (select count(*) from document), (select count(*) from d, warm where d.committed_at > warm.committed_at), \
             (select extract(epoch from max(d.committed_at) - max(warm.committed_at)) from d, warm))"
        ),
    )?;
    let [issued, steady_certificates, seconds] = answer.split(' ').collect::<Vec<_>>()[..] else {
        bail!("unexpected answer {answer:?}");
    };
    let certificates: u64 = issued.parse()?;
    if certificates != ready {
        bail!("of {ready} ready certificates {certificates} were issued");
    }
    files_are_there(home, url)?;
    let steady = Duration::from_secs_f64(seconds.parse()?);
    Ok(Run { certificates, steady, steady_certificates: steady_certificates.parse()?, whole, peak_kib, steps })
}

/// Gives every holder a portrait as its review would leave it, and makes the certificates ready.
fn give_portraits(home: &Path, url: &str, portraits: &[Vec<u8>]) -> anyhow::Result<()> {
    let objects = Objects::in_folder(home.join("objects"));
    let stored = tokio::runtime::Handle::current().block_on(objects.write_all(Area::Portraits, portraits.to_vec()))?;
    let values: Vec<String> = stored
        .iter()
        .enumerate()
        .map(|(n, object)| format!("({n}, '\\x{}'::bytea, '{}')", hex::encode(object.sha256), object.key))
        .collect();
    let statement = format!(
        "begin;
         create temporary table drawn (n, sha256, key) as values {};
         with given as (
             insert into photo (file_name, id_kind, id_number, person_id, original_sha256, original_key, size_bytes, state,
                                portrait_sha256, portrait_key, reviewed_at)
             select 'drawn.jpg', p.id_kind, p.id_number, p.id, d.sha256, d.key, 1, 'approved', d.sha256, d.key, now() from person p join drawn d on d.n = p.id % {}
             returning id, person_id
         ) update person p set portrait_photo_id = g.id from given g where g.person_id = p.id;
         update certificate set stage = 'ready', issue_requested = true;
         commit;",
        values.join(", "),
        stored.len()
    );
    psql_answer(url, &statement).map(drop)
}

/// Every document's file is there with its size.
fn files_are_there(home: &Path, url: &str) -> anyhow::Result<()> {
    for line in psql_answer(url, "select object_key || ' ' || size_bytes from document")?.lines() {
        let (key, size) = line.split_once(' ').context("a key and a size")?;
        let found = fs::metadata(home.join("objects").join(key)).with_context(|| format!("the document {key} is missing"))?;
        if found.len().to_string() != size {
            bail!("the document {key} has {} bytes in place of {size}", found.len());
        }
    }
    Ok(())
}

impl Run {
    fn per_second(&self) -> f64 {
        self.steady_certificates as f64 / self.steady.as_secs_f64()
    }

    /// Microseconds of each step, for one certificate.
    fn steps_each(&self) -> Vec<(String, f64)> {
        self.steps.iter().map(|(step, seconds)| (step.clone(), seconds * 1e6 / self.certificates as f64)).collect()
    }
}

impl Pipeline {
    /// How many times as long a certificate of the larger run takes.
    fn growth(&self) -> f64 {
        self.small.per_second() / self.large.per_second()
    }

    fn met(&self) -> bool {
        TARGET_PER_SECOND <= self.large.per_second() && self.large.peak_kib < TARGET_KIB && self.growth() <= TARGET_GROWTH
    }

    pub(super) fn told(&self) -> Value {
        let run = |run: &Run| {
            json!({
                "certificates": run.certificates, "per_second": run.per_second(), "whole_seconds": run.whole.as_secs_f64(),
                "peak_kib": run.peak_kib, "steps_us_each": run.steps_each().into_iter().map(|(step, us)| (step, json!(us))).collect::<Map<_, _>>(),
            })
        };
        json!({
            "runs": [run(&self.small), run(&self.large)], "growth": self.growth(), "target_per_second": TARGET_PER_SECOND,
            "target_kib": TARGET_KIB, "target_growth": TARGET_GROWTH, "met": self.met(),
        })
    }

    pub(super) fn shown(&self) -> String {
        let head = ["through the queue", "a second", "start to end", "peak memory"].map(str::to_owned).into_iter();
        let mut rows = vec![head.chain(STEPS.iter().map(|step| format!("{step}, µs each"))).collect()];
        rows.extend([&self.small, &self.large].map(|run| {
            let first = [
                grouped(i64::try_from(run.certificates).unwrap_or(i64::MAX)),
                format!("{:.0}", run.per_second()),
                format!("{:.1} s", run.whole.as_secs_f64()),
                format!("{} MB", run.peak_kib / 1024),
            ];
            first.into_iter().chain(run.steps_each().into_iter().map(|(_, us)| format!("{us:.0}"))).collect()
        }));
        format!(
            "{}from ready rows to durable files and committed rows, portraits prepared; the steps of chunks that run side by side,\n\
             their waits for PostgreSQL and the disk among them; a certificate of the larger run takes {:.2} times as long\n\
             targets: at least {TARGET_PER_SECOND:.0} a second, below {} MB, at most {TARGET_GROWTH} times as long: {}\n",
            table(&rows),
            self.growth(),
            TARGET_KIB / 1024,
            if self.met() { "met" } else { "missed" }
        )
    }
}
