//! `ecert bench`: measures the program against a peer, in turn, in one run.

mod issue;
mod photos;

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use crate::app::{self, App};
use crate::cli::Bench;
use crate::output::{answer, grouped, table};

/// The seed of the measured registers.
const SEED: u64 = 7;

/// Copies before an import, and again after it.
const COPIES: u32 = 3;

/// What one size gave.
struct Measured {
    rows: u64,
    /// The mean of copies before the import and after it: the machine's speed drifts.
    copy: Duration,
    import: Duration,
    /// The most memory that the importing process held, in KiB.
    peak_kib: u64,
    /// Certificates that came of it.
    certificates: u64,
}

/// The most that an import may take, as a multiple of the copy.
const TARGET_RATIO: f64 = 16.0;

/// The most that ten times the rows may take, as a multiple.
const TARGET_GROWTH: f64 = 11.0;

/// The most memory that an import may hold, in KiB.
const TARGET_KIB: u64 = 400 * 1024;

impl Measured {
    fn ratio(&self) -> f64 {
        self.import.as_secs_f64() / self.copy.as_secs_f64()
    }
}

/// `ecert bench …`
pub(crate) async fn run(app: &App, command: Bench) -> anyhow::Result<ExitCode> {
    let (rows, dir) = match command {
        Bench::Ingest { rows, dir } => (rows, dir),
        Bench::Issue { count, peer, dir, certificates } => return issue::run(app, issue::Asked { count, peer, dir, certificates }).await,
        Bench::Photos { count, photo } => return photos::run(app, count, photo).await,
    };
    if rows < 1_000 {
        bail!("--rows {rows} is too few to measure; give 1000 or more");
    }
    fs::create_dir(&dir)
        .with_context(|| format!("{}: the folder cannot be made; name one that does not exist in one that does", dir.display()))?;
    let folder = dir.clone();
    let measured = tokio::task::spawn_blocking(move || [rows / 10, rows].map(|rows| measure(&folder, rows))).await?;
    fs::remove_dir_all(&dir).with_context(|| format!("{}: the folder cannot be removed", dir.display()))?;
    let [small, large] = measured;
    let (small, large) = (small?, large?);
    let growth = large.import.as_secs_f64() / small.import.as_secs_f64();
    let told = |m: &Measured| {
        json!({
            "rows": m.rows, "copy_seconds": m.copy.as_secs_f64(), "import_seconds": m.import.as_secs_f64(), "ratio": m.ratio(),
            "peak_kib": m.peak_kib, "certificates": m.certificates,
        })
    };
    let met = large.ratio() <= TARGET_RATIO && growth <= TARGET_GROWTH && large.peak_kib < TARGET_KIB;
    let document = json!({
        "sizes": [told(&small), told(&large)], "growth": growth, "target_ratio": TARGET_RATIO, "target_growth": TARGET_GROWTH,
        "target_kib": TARGET_KIB, "met": met,
    });
    answer(app.json, &document, || {
        let mut lines =
            vec![["rows", "\\copy", "import", "import ÷ copy", "rows/s", "peak memory", "certificates"].map(str::to_owned).to_vec()];
        lines.extend([&small, &large].map(|m| {
            let per_second = m.rows as f64 / m.import.as_secs_f64();
            vec![
                grouped(i64::try_from(m.rows).unwrap_or(i64::MAX)),
                format!("{:.2} s", m.copy.as_secs_f64()),
                format!("{:.2} s", m.import.as_secs_f64()),
                format!("{:.1}", m.ratio()),
                format!("{per_second:.0}"),
                format!("{} MB", m.peak_kib / 1024),
                grouped(i64::try_from(m.certificates).unwrap_or(i64::MAX)),
            ]
        }));
        format!(
            "{}ten times the rows took {growth:.1} times as long\n\
             targets: at most {TARGET_RATIO:.0} times the copy, at most {TARGET_GROWTH:.0} times as long, below {} MB: {}\n",
            table(&lines),
            TARGET_KIB / 1024,
            if met { "met" } else { "missed" }
        )
    })?;
    Ok(ExitCode::SUCCESS)
}

fn measure(folder: &Path, rows: u64) -> anyhow::Result<Measured> {
    with_register(&folder.join(rows.to_string()), rows, |home, url, file| compare(home, url, file, rows))
}

/// Measures over a register in a file, with a home and a database of its own; the database is removed afterwards.
fn with_register<T>(dir: &Path, rows: u64, measured: impl FnOnce(&Path, &str, &Path) -> anyhow::Result<T>) -> anyhow::Result<T> {
    let (home, file) = (dir.join("home"), dir.join("register.csv"));
    fs::create_dir_all(&home)?;
    let day = app::today();
    // The paper of the register is from before the switch, so that it is loaded and not held.
    fs::write(home.join("ecert.toml"), format!("[kinds.safety-personnel]\ncut_over = {}\n", day.replace_day(1)?))?;
    let mut out = std::io::BufWriter::new(fs::File::create(&file)?);
    sample::register_csv(rows, SEED, day, &mut out).context("write the register")?;
    drop(out);
    let url = ecert(&home, &["db", "start"])?["url"].as_str().context("the private PostgreSQL has no address")?.to_owned();
    let result = measured(&home, &url, &file);
    ecert(&home, &["db", "remove", "--yes"])?;
    result
}

fn compare(home: &Path, url: &str, file: &Path, rows: u64) -> anyhow::Result<Measured> {
    let columns = (1..=14).map(|n| format!("c{n} text")).collect::<Vec<_>>().join(", ");
    psql(url, &format!("create table bench_plain ({columns})"))?;
    ecert(home, &["migrate"])?;
    let copies = || (0..COPIES).map(|_| copy(url, file)).sum::<anyhow::Result<Duration>>();
    let before = copies()?;
    let (import, peak_kib) = import(home, file)?;
    let after = copies()?;
    let certificates = complete(home, url, rows)?;
    Ok(Measured { rows, copy: (before + after) / (2 * COPIES), import, peak_kib, certificates })
}

/// How many certificates the import made; refuses one that lost or invented anything, for which no time counts.
fn complete(home: &Path, url: &str, rows: u64) -> anyhow::Result<u64> {
    let batch = ecert(home, &["batch", "show", "1"])?;
    let of = |outcome: &str| batch["totals"][outcome].as_u64().unwrap_or(0);
    let taken = of("loaded") + of("warned");
    // The row of the titles is dropped.
    if batch["state"] != "finished" || of("read") != rows + 1 || taken + of("held") != rows || taken < rows / 100 * 99 {
        bail!("the import of {rows} rows is not what it must be: {}", batch["totals"]);
    }
    let made = psql_answer(
        url,
        "select concat_ws(' ', (select count(*) from certificate), (select count(*) from person), (select count(*) from certificate_event),
             (select count(*) from certificate c join employer e on e.id = c.employer_id))",
    )?;
    if made != [taken; 4].map(|n| n.to_string()).join(" ") {
        bail!("of {taken} rows that were taken came other numbers of certificates, persons, events and employers of certificates: {made}");
    }
    Ok(taken)
}

fn copy(url: &str, file: &Path) -> anyhow::Result<Duration> {
    psql(url, "truncate bench_plain")?;
    let began = Instant::now();
    psql(url, &format!("\\copy bench_plain from '{}' with (format csv, header)", file.display()))?;
    Ok(began.elapsed())
}

fn psql(url: &str, statement: &str) -> anyhow::Result<()> {
    psql_answer(url, statement).map(drop)
}

fn psql_answer(url: &str, statement: &str) -> anyhow::Result<String> {
    let output = Command::new("psql")
        .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", statement])
        .output()
        .context("psql cannot be run; install the package postgresql-client")?;
    if !output.status.success() {
        bail!("psql: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs this very program with a home and gives its JSON document.
fn ecert(home: &Path, arguments: &[&str]) -> anyhow::Result<Value> {
    let output = this_program()?.arg("--json").arg("--home").arg(home).args(arguments).output()?;
    if !output.status.success() {
        bail!("ecert {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr).trim());
    }
    serde_json::from_slice(&output.stdout).with_context(|| format!("ecert {} gave no JSON", arguments.join(" ")))
}

/// Imports the file in a process of its own; says how long it took and how much memory the process held at most.
fn import(home: &Path, file: &Path) -> anyhow::Result<(Duration, u64)> {
    let file = file.display().to_string();
    let as_of = app::today().to_string();
    let imported = watched(home, &["ingest", &file, "--as", "certificates", "--kind", "safety-personnel", "--as-of", &as_of, "--wait"])?;
    Ok((imported.took, imported.peak_kib))
}

/// Runs this very program with a home, without its answer; says how long it took and how much memory it held at most, in KiB.
fn watched(home: &Path, arguments: &[&str]) -> anyhow::Result<Watched> {
    let began = Instant::now();
    // Its log is no part of the answer, its failures are.
    let mut command = this_program()?;
    let mut process =
        command.env("ECERT_LOG", "error").args(["--json", "--home"]).arg(home).args(arguments).stdout(Stdio::piped()).spawn()?;
    let mut peak_kib = 0;
    let status = loop {
        peak_kib = peak_kib.max(peak_memory_kib(process.id()));
        if let Some(status) = process.try_wait()? {
            break status;
        }
        #[expect(clippy::disallowed_methods, reason = "the kernel tells the high-water mark only to whoever asks while the process lives")]
        std::thread::sleep(Duration::from_millis(20));
    };
    if !status.success() {
        bail!("ecert {} ended with {status}", arguments[0]);
    }
    let took = began.elapsed();
    // One short document, which the pipe holds while nobody reads.
    let mut said = String::new();
    process.stdout.take().context("the answer of a process")?.read_to_string(&mut said)?;
    Ok(Watched {
        took,
        peak_kib,
        answer: serde_json::from_str(&said).with_context(|| format!("read the answer of ecert {}", arguments[0]))?,
    })
}

/// A process that ended, and what it answered.
struct Watched {
    took: Duration,
    peak_kib: u64,
    answer: Value,
}

fn this_program() -> anyhow::Result<Command> {
    Ok(Command::new(std::env::current_exe().context("this program cannot find itself")?))
}

/// The high-water mark that the kernel keeps of a process; 0 once it has ended.
fn peak_memory_kib(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse().ok()).unwrap_or(0)
}
