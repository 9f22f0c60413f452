//! Files made to do harm: each ends, within bounded memory and time, as one told line or as balanced totals, and leaves nothing half done.

#![expect(clippy::unwrap_used, reason = "what a test cannot read has failed")]

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;
use tests::home::{Home, argument};
use tests::hostile::{self, Announced, HEADER, ROW};
use tests::program::{Run, Running, ecert};

/// Address space of the program, in bytes: threads and libraries included.
const MEMORY: u64 = 1 << 30;

/// Longer than any of the files takes on a slow machine.
const LIMIT: Duration = Duration::from_secs(40);

/// Ten gigabytes, in an archive of ten megabytes.
const TEN_GIGABYTES: u64 = 10 * 1024;

/// Megabytes of the endless line; two gigabytes where the caller asks for them. `ops/check` does not: on a slow disk
/// writing and reading them takes longer than a file may.
#[expect(clippy::disallowed_methods, reason = "only the one who runs the suite knows whether the disk has room")]
fn line_megabytes() -> usize {
    std::env::var("ECERT_HUGE_LINE_MB").ok().and_then(|text| text.parse().ok()).unwrap_or(300)
}

/// Delivers a file under the limits.
fn ingest(home: &Home, file: &Path, kind: &str) -> Run {
    let program = ecert();
    let mut command = Command::new("prlimit");
    command.env_remove("DATABASE_URL").env_remove("ECERT_HOME").env_remove("ECERT_LOG");
    command.arg(format!("--as={MEMORY}")).arg(program.get_program());
    command.args(["ingest", &argument(file), "--as", "certificates", "--kind", kind, "--as-of", "2026-10-31", "--wait", "--json"]);
    command.arg("--home").arg(home.path());
    let (killed, run) = Running::start(command).kill_after(LIMIT);
    assert!(!killed, "stopped after {} s: {run}", LIMIT.as_secs());
    run
}

fn batches(home: &Home) -> Vec<Value> {
    home.done(&["batch", "list"])["batches"].as_array().unwrap().clone()
}

/// What is wrong with the way a file ended; nothing where it ended well.
fn faults(home: &Home, run: &Run, before: usize) -> Vec<String> {
    let mut faults = Vec::new();
    let mut demand = |holds: bool, what: &str| {
        if !holds {
            faults.push(what.to_owned());
        }
    };
    demand(!run.stderr.contains("panicked"), "a panic");
    let after = batches(home);
    match run.code {
        Some(1) => {
            let errors: Vec<&str> = run.stderr.lines().filter(|line| line.starts_with("ecert: ")).collect();
            demand(errors.len() == 1 || after.iter().any(|batch| batch["state"] == "failed"), "not one line that tells the error");
            demand(after.iter().all(|batch| batch["state"] != "running"), "a batch that is half done");
            let told = errors.first().and_then(|line| line.strip_prefix("ecert: ")).unwrap_or_default();
            let answered: Value = serde_json::from_str(&run.stdout).unwrap_or_default();
            // Either the delivery is refused at once, or its batch has failed and says why.
            let failed = after.iter().find(|batch| after.len() > before && batch["state"] == "failed");
            demand(failed.is_some() || answered["error"]["message"] == told, "an answer that is not the error");
            let reason = failed.map_or(told, |batch| batch["failure"].as_str().unwrap_or_default());
            demand(says_what_to_do(reason), "a refusal that does not name the file, the fault and the remedy");
            demand(run.stderr.len() < 2000, "an error of more than 2,000 bytes");
        }
        Some(0) => {
            let batch = &run.json()["batches"][0];
            let shown = home.done(&["batch", "show", batch["id"].as_str().unwrap()]);
            let of = |outcome: &str| shown["totals"][outcome].as_i64().unwrap_or(-1);
            demand(shown["state"] == "finished", "a batch that is not finished");
            demand(of("read") > 0, "nothing read");
            demand(of("read") == ["loaded", "warned", "held", "rejected", "dropped"].map(of).iter().sum::<i64>(), "totals out of balance");
        }
        _ => demand(false, "another end than exit code 0 or 1"),
    }
    faults
}

/// Whether a refusal says what is wrong and what to do: a colon or a semicolon parts the one from the other, and both are words.
fn says_what_to_do(reason: &str) -> bool {
    let parts: Vec<&str> = reason.split([':', ';']).map(str::trim).filter(|part| part.split_whitespace().count() >= 2).collect();
    let remedies = [
        "again", "pack", "deliver", "check", "save", "name", "rename", "add", "export", "convert", "split", "open", "unpack", "correct",
        "remove",
    ];
    parts.len() >= 2 && remedies.iter().any(|word| reason.split(|c: char| !c.is_alphabetic()).any(|known| known == *word))
}

/// Delivers each file; says of all that ended badly how.
fn assert_all_end_well(home: &Home, files: &[(&str, &str)]) {
    home.done(&["db", "start"]);
    let mut told = String::new();
    for (name, kind) in files {
        let (before, started) = (batches(home).len(), Instant::now());
        let run = ingest(home, &home.beside(name), kind);
        println!(
            "{name}: {:?} after {:.1} s: {}",
            run.code,
            started.elapsed().as_secs_f64(),
            run.stderr.lines().next().unwrap_or_default()
        );
        let faults = faults(home, &run, before);
        if !faults.is_empty() {
            let stderr: String = run.stderr.chars().take(400).collect();
            told.push_str(&format!("{name}: {}; exit code {:?}; {stderr}\n", faults.join(", "), run.code));
        }
        // Copies of large files would fill the disk before the suite ends.
        std::fs::remove_file(home.beside(name)).unwrap();
    }
    assert!(told.is_empty(), "{told}");
}

#[test]
fn archives_that_unpack_without_end_or_to_other_places_do_no_harm() {
    let home = Home::new();
    let at = |name: &str| home.beside(name);
    hostile::zeros(&at("zeros.zip"), "安管人员.csv", TEN_GIGABYTES, Announced::Truth);
    hostile::zeros(&at("lie.zip"), "安管人员.csv", TEN_GIGABYTES, Announced::Little);
    let register = format!("{HEADER}\r\n{ROW}\r\n");
    let (evil, tmp) = ("../../../evil.csv", "/tmp/ecert-evil.csv");
    hostile::archive(&at("paths.zip"), &[(evil, register.as_bytes()), (tmp, b"x"), ("..\\evil.csv", b"x")]);
    hostile::archive(&at("inner.zip"), &[("安管人员.csv", register.as_bytes())]);
    let inner = std::fs::read(at("inner.zip")).unwrap();
    hostile::archive(&at("nested.zip"), &[("inner.zip", &inner)]);
    let names: Vec<String> = (0..20_000).map(|number| format!("{number}.csv")).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
    hostile::archive(&at("many.zip"), &many);
    let files = ["zeros.zip", "lie.zip", "paths.zip", "nested.zip", "many.zip"].map(|name| (name, "safety-personnel"));
    assert_all_end_well(&home, &files);
    for place in [home.beside("evil.csv"), home.beside("../evil.csv"), Path::new(tmp).to_owned(), home.path().join("evil.csv")] {
        assert!(!place.exists(), "{} was written", place.display());
    }
}

#[test]
fn workbooks_with_entities_or_lies_do_no_harm_and_read_no_other_file() {
    let home = Home::new();
    let at = |name: &str| home.beside(name);
    let secret = home.file("secret.txt", "geheim-4711");
    let sheet = hostile::sheet_of_strings("A1:H2");
    let external = format!("<!ENTITY x SYSTEM \"file://{secret}\">");
    hostile::workbook(&at("external.xlsx"), &hostile::shared_strings(&external, "x"), &sheet);
    hostile::workbook(&at("laughs.xlsx"), &hostile::shared_strings(&hostile::billion_laughs(), "l9"), &sheet);
    let plain = hostile::shared_strings("", "amp");
    hostile::workbook(&at("dimension.xlsx"), &plain, &hostile::sheet_of_strings("A1:XFD1048576"));
    let far = sheet.replace("r=\"2\"", "r=\"1048576\"").replace("H2\"", "XFD1048576\"");
    hostile::workbook(&at("far.xlsx"), &plain, &far);
    hostile::workbook(&at("whole.xlsx"), &plain, &sheet);
    let whole = std::fs::read(at("whole.xlsx")).unwrap();
    hostile::plain(&at("half.xlsx"), &whole[..whole.len() / 2]);
    hostile::plain(&at("start.xlsx"), &whole[..40]);
    hostile::zeros(&at("zeros.xlsx"), "xl/sharedStrings.xml", TEN_GIGABYTES, Announced::Little);
    hostile::workbook_of_one_text(&at("text.xlsx"), 1200);
    let names =
        ["external.xlsx", "laughs.xlsx", "dimension.xlsx", "far.xlsx", "whole.xlsx", "half.xlsx", "start.xlsx", "zeros.xlsx", "text.xlsx"];
    assert_all_end_well(&home, &names.map(|name| (name, "safety-personnel")));
    let rows = home.sql_value("select count(*) from intake_row where original::text like '%geheim-4711%'");
    assert_eq!(rows, "0", "another file was read");
}

#[test]
fn texts_without_end_or_shape_do_no_harm() {
    let home = Home::new();
    let at = |name: &str| home.beside(name);
    hostile::endless_line(&at("line.csv"), line_megabytes());
    hostile::sparse(&at("nothing.csv"), 200);
    let nul = format!("{HEADER}\r\n{ROW}\r\n{}\r\n", ROW.replace("洨澜", "洨\0澜").replace("9999999", "999\x009998"));
    hostile::plain(&at("nul.csv"), nul);
    hostile::plain(&at("wide.csv"), hostile::wide(5000));
    hostile::plain(&at("row.csv"), format!("{HEADER}\r\n{ROW}{}\r\n{ROW}\r\n", ",x".repeat(5000)));
    hostile::plain(&at("cells.csv"), hostile::long_cells(1 << 20));
    hostile::plain(&at("quote.csv"), format!("{HEADER}\r\n\"{}", format!("{ROW}\r\n").repeat(20_000)));
    let html = |line: &str| format!("<tr><td>{}</td></tr>", line.replace(',', "</td><td>"));
    let deep = "<table><tr><td>".repeat(100_000);
    hostile::plain(&at("deep.xls"), format!("<html><body><table>{}{}<tr><td>{deep}", html(HEADER), html(ROW)));
    let object: serde_json::Map<String, Value> =
        HEADER.split(',').zip(ROW.split(',')).map(|(title, cell)| (title.to_owned(), cell.into())).collect();
    hostile::plain(&at("deep.jsonl"), format!("{0}\n{{\"姓名\":{1}\n{0}\n", Value::Object(object), "[".repeat(200_000)));
    let names = ["line.csv", "nothing.csv", "nul.csv", "wide.csv", "row.csv", "cells.csv", "quote.csv", "deep.xls", "deep.jsonl"];
    assert_all_end_well(&home, &names.map(|name| (name, "safety-personnel")));
}

#[test]
fn dbase_tables_that_are_cut_or_lie_do_no_harm() {
    let home = Home::new();
    let at = |name: &str| home.beside(name);
    hostile::plain(&at("billions.dbf"), hostile::lying_table(u32::MAX, 11, 10));
    hostile::plain(&at("nothing.dbf"), hostile::lying_table(10, 0, 0));
    hostile::plain(&at("narrow.dbf"), hostile::lying_table(10, 3, 255));
    hostile::plain(&at("large.dbf"), hostile::lying_table(u32::MAX, u16::MAX, 255));
    let whole = hostile::lying_table(1, 11, 10);
    for (name, kept) in [("head.dbf", 20), ("field.dbf", 50), ("record.dbf", whole.len() - 4)] {
        hostile::plain(&at(name), &whole[..kept]);
    }
    let province = home.beside("province");
    home.done(&["sample", "--rows", "50", "--photos", "0", "--out", &argument(&province)]);
    let table = std::fs::read(province.join("历年/二级建造师.dbf")).unwrap();
    hostile::plain(&at("cut.dbf"), &table[..table.len() * 2 / 3]);
    hostile::plain(&at("promise.dbf"), [&table[..4], &[0xFF; 4], &table[8..]].concat());
    let names = ["promise.dbf", "billions.dbf", "nothing.dbf", "narrow.dbf", "large.dbf", "head.dbf", "field.dbf", "record.dbf", "cut.dbf"];
    assert_all_end_well(&home, &names.map(|name| (name, "constructor")));
}
