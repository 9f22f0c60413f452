//! A file as another program wrote it, full of the faults of real deliveries: every row ends as it must.

#![expect(clippy::unwrap_used, reason = "what a test cannot read has failed")]

use std::path::PathBuf;

use serde_json::Value;
use tests::home::{Home, argument};
use tests::judge::compare;
use tests::workspace;

const DELIVERY: [&str; 6] = ["--as", "certificates", "--kind", "safety-personnel", "--as-of", "2026-10-31"];

/// The folder of real-looking deliveries beside the workspace; none where the workspace was cloned alone.
fn samples() -> Option<PathBuf> {
    let folder = workspace::root().join("../shared/samples");
    let there = folder.join("安管_导出.csv").is_file();
    if !there {
        println!("passed over: {} has no deliveries", folder.display());
    }
    there.then_some(folder)
}

fn assert_balanced(batch: &Value) {
    let of = |outcome: &str| batch["totals"][outcome].as_i64().unwrap();
    assert_eq!(batch["state"], "finished", "{batch}");
    assert!(of("read") > 0, "{batch}");
    assert_eq!(of("read"), ["loaded", "warned", "held", "rejected", "dropped"].map(of).iter().sum::<i64>(), "{batch}");
}

fn ingest(home: &Home, file: &str, more: &[&str]) -> Value {
    home.done(&[&["ingest", file], &DELIVERY[..], more].concat())["batches"][0].clone()
}

#[test]
fn every_row_of_a_real_export_ends_as_it_must() {
    let Some(samples) = samples() else { return };
    let home = Home::new();
    let file = argument(&samples.join("安管_导出.csv"));

    ingest_dry(&home, &file);
    let batch = ingest(&home, &file, &["--wait"]);
    let id = batch["id"].as_str().unwrap();
    assert_eq!(batch["repeat_of"], Value::Null, "{batch}");
    let shown = home.done(&["batch", "show", id]);
    assert_balanced(&shown);
    assert!(shown["certificates"]["created"].as_i64().unwrap() > 0, "{shown}");

    let report = argument(&home.beside("report.csv"));
    home.done(&["batch", "report", id, "--out", &report]);
    let text = std::fs::read_to_string(&report).unwrap();
    assert!(text.starts_with("\u{feff}sheet,line,outcome,codes,message,"), "{}", text.lines().next().unwrap_or_default());
    let expected = argument(&samples.join("安管_导出.csv.expect.json"));
    if let Some(verdict) = compare(&report, &expected) {
        assert!(verdict.accepted, "{}", verdict.text);
    }

    let certificates = home.sql("select number, revision, legal_status, stage from certificate order by 1");
    let again = ingest(&home, &file, &["--wait"]);
    assert_eq!((&again["id"], &again["repeat_of"]), (&batch["id"], &batch["id"]), "{again}");
    assert_eq!(home.done(&["batch", "list"])["batches"].as_array().unwrap().len(), 1);
    assert_eq!(home.done(&["batch", "show", id]), shown);

    // A report that nobody corrected has the rows with faults again, behind our own columns.
    let corrected = ingest(&home, &report, &["--wait"]);
    assert_eq!(corrected["repeat_of"], Value::Null, "{corrected}");
    let shown = home.done(&["batch", "show", corrected["id"].as_str().unwrap()]);
    assert_balanced(&shown);
    assert_eq!(shown["certificates"]["created"], 0, "rows that nobody corrected make no certificates: {shown}");
    assert_eq!(home.sql("select number, revision, legal_status, stage from certificate order by 1"), certificates);
    assert_eq!(home.run(&[&["ingest", &report], &DELIVERY[..], &["--strict"]].concat()).code, Some(3), "held rows, under --strict");
}

fn ingest_dry(home: &Home, file: &str) {
    home.done(&[&["ingest", file], &DELIVERY[..], &["--dry-run"]].concat());
    assert!(!home.path().exists(), "a dry run writes nothing");
}

/// The other formats, with the kinds of their certificates. The text of the same export goes to a home of its own.
const REGISTERS: [(&str, &str); 7] = [
    ("安管人员台账_2017.xlsx", "safety-personnel"),
    ("安管_导出.txt", "safety-personnel"),
    ("特种作业_2016.xls", "special-operation"),
    ("二级建造师.dbf", "constructor"),
    ("二级建造师_旧.dbf", "constructor"),
    ("结构工程师.xls", "structural-engineer"),
    ("二级建筑师.ods", "architect"),
];

#[test]
fn every_row_of_every_format_ends_as_it_must() {
    let Some(samples) = samples() else { return };
    let home = Home::new();
    for (name, kind) in REGISTERS {
        let file = argument(&samples.join(name));
        let batch =
            home.done(&["ingest", &file, "--as", "certificates", "--kind", kind, "--as-of", "2026-10-31", "--wait"])["batches"][0].clone();
        let id = batch["id"].as_str().unwrap();
        assert_balanced(&home.done(&["batch", "show", id]));
        let report = argument(&home.beside("report.csv"));
        home.done(&["batch", "report", id, "--out", &report]);
        let expected = argument(&samples.join(format!("{name}.expect.json")));
        if let Some(verdict) = compare(&report, &expected) {
            assert!(verdict.accepted, "{name}: {}", verdict.text);
        }
        std::fs::remove_file(&report).unwrap();
    }
}
