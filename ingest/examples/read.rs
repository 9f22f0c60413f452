//! Reads a register and prints the totals of outcomes and every row that is not plainly loaded: `read FILE KIND AS_OF [REPORT.csv]`.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use domain::finding::{Finding, Outcome};
use domain::kind::Kind;
use domain::settings::Settings;
use ingest::certificate_file;
use ingest::certificate_row::{Context, ReadRow};
use ingest::report_csv::{ReportLine, ReportWriter};
use time::Date;
use time::format_description::well_known::Iso8601;

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, kind, as_of, report @ ..] = arguments.as_slice() else {
        eprintln!("read FILE KIND AS_OF [REPORT.csv]");
        return ExitCode::from(2);
    };
    match read(file, kind, as_of, report.first()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

fn read(file: &str, kind: &str, as_of: &str, report: Option<&String>) -> Result<(), Failure> {
    let kind: Kind = kind.parse()?;
    let context = Context::new(Date::parse(as_of, &Iso8601::DATE)?, Settings::default());
    let started = Instant::now();
    let rows = certificate_file::open(Path::new(file), kind, context)?;
    println!("{} {}", rows.encoding().as_str(), rows.format().as_str());
    let titles: Vec<String> = rows.header().titles().iter().map(ToString::to_string).collect();
    let mut report = match report {
        Some(path) => Some(ReportWriter::new(File::create(path)?, titles.iter().map(String::as_str))?),
        None => None,
    };
    let mut totals: BTreeMap<Outcome, u64> = BTreeMap::new();
    let mut read = 0_u64;
    for row in rows {
        let row = row?;
        read += 1;
        *totals.entry(row.outcome).or_default() += 1;
        if row.outcome == Outcome::Loaded {
            continue;
        }
        match &mut report {
            Some(report) => write(report, &row)?,
            None => println!("{} {} {}", row.line(), row.outcome, in_words(&row.findings)),
        }
    }
    if let Some(report) = report {
        report.finish()?;
    }
    let seconds = started.elapsed().as_secs_f64();
    println!("{read} read: {totals:?} in {seconds:.2} s");
    Ok(())
}

fn write(report: &mut ReportWriter<File>, row: &ReadRow) -> Result<(), Failure> {
    let codes: Vec<&str> = row.findings.iter().map(|finding| finding.code.as_str()).collect();
    let message: Vec<&str> = row.findings.iter().map(|finding| finding.code.zh()).collect();
    let line = ReportLine {
        sheet: row.sheet(),
        line: row.line(),
        outcome: row.outcome.as_str(),
        codes: &codes.join(" "),
        message: &message.join("；"),
    };
    Ok(report.write(&line, row.record.fields())?)
}

fn in_words(findings: &[Finding]) -> String {
    let words = findings.iter().map(|finding| {
        let place = finding.column.as_deref().unwrap_or("-");
        let original = finding.original.as_deref().unwrap_or_default();
        let repaired = finding.repaired.as_deref().map(|repaired| format!(" -> {repaired:?}")).unwrap_or_default();
        format!("{} [{place}] {original:?}{repaired}", finding.code)
    });
    words.collect::<Vec<_>>().join("; ")
}
