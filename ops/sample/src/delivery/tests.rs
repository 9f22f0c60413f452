//! The deliveries as files: every case occurs, most rows are sound, and the same plan gives the same bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;
use time::macros::date;

use super::deliveries;
use crate::{DeliveredFile, Plan};

fn plan(seed: u64) -> Plan {
    Plan { rows: 2000, seed, as_of: date!(2026 - 10 - 31), photos: Some(0) }
}

fn expectations(file: &DeliveredFile) -> Vec<Value> {
    let name = format!("{}.expect.json", file.path.file_name().unwrap().to_string_lossy());
    let document: Value = serde_json::from_slice(&fs::read(file.path.with_file_name(name)).unwrap()).unwrap();
    assert_eq!(document["shape"], file.shape);
    document["outcomes"].as_array().unwrap().clone()
}

fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries.map(|entry| (entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path()).unwrap())).collect()
}

#[test]
fn nearly_all_cases_of_dirty_data_occur_in_every_province_of_two_thousand_rows() {
    for seed in [1, 2, 3] {
        let folder = tempfile::tempdir().unwrap();
        let files = deliveries(&plan(seed), folder.path()).unwrap();
        let rows: Vec<Value> = files.iter().flat_map(expectations).collect();
        let found: BTreeSet<u64> = rows.iter().filter_map(|row| row["case"].as_u64()).collect();
        // Case 50 stands in the archive of photos.
        let missing: Vec<u64> = (1..=53).filter(|case| *case != 50 && !found.contains(case)).collect();
        assert!(missing.is_empty(), "seed {seed} lacks {missing:?}");
        let faulty = rows.iter().filter(|row| !row["case"].is_null()).count();
        assert!(faulty * 3 < rows.len(), "{faulty} of {}", rows.len());
    }
}

#[test]
fn every_row_of_a_register_has_its_outcome_its_codes_and_a_place_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    for file in deliveries(&plan(1), folder.path()).unwrap() {
        let rows = expectations(&file);
        let places: BTreeSet<(String, u64)> = rows.iter().map(|row| (row["sheet"].to_string(), row["line"].as_u64().unwrap())).collect();
        assert_eq!(places.len(), rows.len(), "{}", file.path.display());
        assert_eq!(rows.iter().filter(|row| row["outcome"] != "dropped").count(), file.rows, "{}", file.path.display());
        if file.shape == "certificates" {
            let uncoded = rows.iter().filter(|row| row["codes"].is_null() && row["outcome"] != "dropped").count();
            assert_eq!(uncoded, 0, "{}", file.path.display());
        }
    }
}

#[test]
fn the_same_plan_writes_the_same_bytes_and_another_seed_others() {
    let folders = [1, 1, 2].map(|seed| {
        let folder = tempfile::tempdir().unwrap();
        deliveries(&plan(seed), folder.path()).unwrap();
        contents(folder.path())
    });
    for (name, bytes) in &folders[0] {
        assert!(folders[1][name] == *bytes, "{name} differs");
        assert!(name.ends_with(".expect.json") || folders[2][name] != *bytes, "{name} is the same under another seed");
    }
}

#[test]
fn nobody_of_the_deliveries_is_met_in_the_province() {
    let as_of = date!(2026 - 10 - 31);
    let mut province = crate::person::Population::new(1, as_of);
    let mut others = crate::person::Population::of_ages(1, as_of, 57, 60);
    let youngest = (0..2000).map(|index| others.person(index).birth).max().unwrap();
    let oldest = (0..2000).map(|index| province.person(index).birth).min().unwrap();
    assert!(youngest < oldest, "{youngest} and {oldest}");
}
