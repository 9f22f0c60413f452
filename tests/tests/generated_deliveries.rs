//! Every generated file, in every format and shape: each row ends with the outcome and the findings that its generator expects.

#![expect(clippy::unwrap_used, reason = "what a test cannot read has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tests::home::{Home, argument};
use tests::judge::compare;

const AS_OF: &str = "2026-10-31";

/// A row as it ended: outcome and findings.
type Ended = (String, BTreeSet<String>);

/// A generated file and how it is delivered.
struct Delivery {
    path: PathBuf,
    shape: String,
    kind: Option<String>,
}

fn delivery(folder: &Path, told: &Value) -> Delivery {
    Delivery {
        path: folder.join(told["file"].as_str().unwrap()),
        shape: told["shape"].as_str().unwrap().to_owned(),
        kind: told["kind"].as_str().map(str::to_owned),
    }
}

/// Generates a province with its deliveries of other years; gives all files but the photos.
fn generate(home: &Home, seed: &str) -> Vec<Delivery> {
    let folder = home.beside("province");
    let arguments = ["sample", "--rows", "2000", "--seed", seed, "--as-of", AS_OF, "--photos", "0", "--out"];
    let told = home.done(&[&arguments[..], &[&argument(&folder)]].concat());
    home.configure(&fs::read_to_string(folder.join("ecert.toml")).unwrap());
    let of = |folder: &Path, files: &Value| files.as_array().unwrap().iter().map(|told| delivery(folder, told)).collect::<Vec<_>>();
    let mut all = of(&folder, &told["files"]);
    all.extend(of(Path::new(told["other_years"]["folder"].as_str().unwrap()), &told["other_years"]["files"]));
    all.retain(|delivery| delivery.shape != "photos");
    all
}

/// How the rows of a batch ended, by sheet and line.
fn ended(home: &Home, batch: &str) -> BTreeMap<(String, u64), Ended> {
    let query = format!(
        "select sheet, line, outcome,
                coalesce((select string_agg(f->>'code', ' ') from jsonb_array_elements(findings) f), '')
         from intake_row where batch_id = {batch}"
    );
    let rows = home.sql(&query).into_iter().map(|row| {
        let [sheet, line, outcome, codes] = row.try_into().unwrap();
        ((sheet, line.parse().unwrap()), (outcome, codes.split_whitespace().map(str::to_owned).collect()))
    });
    rows.collect()
}

/// One text or several.
fn texts(value: &Value) -> BTreeSet<String> {
    let several = value.as_array().map_or_else(|| vec![value], |several| several.iter().collect());
    several.into_iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// Every row that ended otherwise than expected, in words.
fn differences(expected: &Value, mut ended: BTreeMap<(String, u64), Ended>) -> Vec<String> {
    let rows = expected["outcomes"].as_array().unwrap();
    let has_sheets = rows.iter().any(|row| row["sheet"] != "");
    if !has_sheets {
        ended = ended.into_iter().map(|((_, line), row)| ((String::new(), line), row)).collect();
    }
    let mut told = Vec::new();
    for row in rows {
        let place = (row["sheet"].as_str().unwrap().to_owned(), row["line"].as_u64().unwrap());
        let what = format!("{} line {} ({})", place.0, place.1, row["why"].as_str().unwrap());
        let Some((outcome, codes)) = ended.remove(&place) else {
            if row["optional"] != true {
                told.push(format!("{what}: nowhere"));
            }
            continue;
        };
        let wanted = texts(&row["outcome"]);
        if !wanted.contains(&outcome) {
            told.push(format!("{what}: wanted {wanted:?}, got {outcome} {codes:?}"));
        } else if !row["codes"].is_null() && texts(&row["codes"]) != codes {
            told.push(format!("{what}: wanted {:?}, got {codes:?}", texts(&row["codes"])));
        }
    }
    told.extend(ended.into_iter().filter(|(_, row)| row.0 != "dropped").map(|(place, row)| format!("{place:?}: no such row, {}", row.0)));
    told
}

/// Delivers the file; everything that is not as it must be, in words.
fn deliver(home: &Home, delivery: &Delivery) -> Vec<String> {
    let file = argument(&delivery.path);
    let mut arguments = vec!["ingest", &file, "--as", &delivery.shape, "--as-of", AS_OF, "--wait", "--json"];
    if let Some(kind) = &delivery.kind {
        arguments.extend(["--kind", kind]);
    }
    let run = home.run(&arguments);
    if run.code != Some(0) {
        return vec![format!("exit code {:?}: {}", run.code, run.stderr.lines().last().unwrap_or_default())];
    }
    let id = run.json()["batches"][0]["id"].as_str().unwrap().to_owned();
    let shown = home.done(&["batch", "show", &id]);
    let of = |outcome: &str| shown["totals"][outcome].as_i64().unwrap();
    let mut told = Vec::new();
    if shown["state"] != "finished" || of("read") != ["loaded", "warned", "held", "rejected", "dropped"].map(of).iter().sum::<i64>() {
        told.push(format!("not finished or out of balance: {shown}"));
    }
    let expected = PathBuf::from(format!("{file}.expect.json"));
    let document: Value = serde_json::from_slice(&fs::read(&expected).unwrap()).unwrap();
    told.extend(differences(&document, ended(home, &id)));
    let report = argument(&home.beside("report.csv"));
    home.done(&["batch", "report", &id, "--force", "--out", &report]);
    told.extend(compare(&report, &argument(&expected)).filter(|verdict| !verdict.accepted).map(|verdict| verdict.text));
    told
}

#[test]
fn every_row_of_every_generated_file_ends_as_its_generator_expects() {
    let home = Home::new();
    let mut told = String::new();
    for delivery in generate(&home, "7") {
        let differences = deliver(&home, &delivery);
        println!("{}: {} differences", delivery.path.display(), differences.len());
        for difference in differences.iter().take(40) {
            told.push_str(&format!("{}: {difference}\n", delivery.path.file_name().unwrap().to_string_lossy()));
        }
    }
    assert!(told.is_empty(), "{told}");
}
