//! Whole small provinces, read back as a stranger would read them.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;

use super::{DeliveredFile, Province, generate};
use crate::Plan;
use serde_json::Value;
use time::macros::date;

fn plan(rows: usize) -> Plan {
    Plan { rows, seed: 1, as_of: date!(2026 - 10 - 31), photos: Some(20) }
}

/// The records of a file with the line on which each begins.
fn records(path: &Path) -> Vec<(usize, Vec<String>)> {
    let bytes = fs::read(path).unwrap();
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
        Err(_) => encoding_rs::GB18030.decode(&bytes).0.into_owned(),
    };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut line = 1;
    reader
        .records()
        .map(|record| {
            let cells: Vec<String> = record.unwrap().iter().map(str::to_owned).collect();
            let first = line;
            line += 1 + cells.iter().map(|cell| cell.matches('\n').count()).sum::<usize>();
            (first, cells)
        })
        .collect()
}

fn expectations(path: &Path) -> Value {
    let name = format!("{}.expect.json", path.file_name().unwrap().to_string_lossy());
    serde_json::from_slice(&fs::read(path.with_file_name(name)).unwrap()).unwrap()
}

fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path()).unwrap()))
        .collect()
}

fn certificate_files(province: &Province) -> impl Iterator<Item = &DeliveredFile> {
    province.files.iter().filter(|file| file.kind.is_some())
}

#[test]
fn the_rows_of_all_files_are_exactly_those_asked_for() {
    for rows in [1, 11, 12, 60, 700] {
        let folder = tempfile::tempdir().unwrap();
        let province = generate(&Plan { photos: Some(0), ..plan(rows) }, folder.path()).unwrap();
        let mut read = 0;
        for file in certificate_files(&province) {
            let dropped = expectations(&file.path)["outcomes"].as_array().unwrap().iter().filter(|row| row["outcome"] == "dropped").count();
            let data = records(&file.path).len() - dropped;
            assert_eq!(data, file.rows, "{}", file.path.display());
            read += data;
        }
        assert_eq!(read, rows);
    }
}

#[test]
fn every_record_has_its_expectation_with_its_line_and_a_key_that_stands_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let province = generate(&plan(1500), folder.path()).unwrap();
    for file in certificate_files(&province) {
        let expected = expectations(&file.path);
        let outcomes = expected["outcomes"].as_array().unwrap();
        let records = records(&file.path);
        assert_eq!(expected["kind"], file.kind.unwrap().as_str());
        assert_eq!(outcomes.len(), records.len(), "{}", file.path.display());
        for (place, (outcome, (line, cells))) in outcomes.iter().zip(&records).enumerate() {
            assert_eq!(outcome["record"], place + 1);
            assert_eq!(outcome["line"], *line, "{cells:?}");
            let key = outcome["key"].as_str().unwrap();
            assert!(key.is_empty() || cells.iter().any(|cell| cell == key), "{key} is not in {cells:?}");
        }
    }
}

#[test]
fn the_same_plan_writes_the_same_bytes_and_another_seed_others() {
    let folders = [(); 3].map(|()| tempfile::tempdir().unwrap());
    for (folder, seed) in folders.iter().zip([1, 1, 2]) {
        generate(&Plan { seed, ..plan(120) }, folder.path()).unwrap();
    }
    let [first, again, other] = folders.map(|folder| contents(folder.path()));
    assert!(first == again, "the same plan gave different bytes");
    assert!(first.iter().filter(|(name, bytes)| other[*name] != **bytes).count() > 6, "another seed gave the same files");
}

#[test]
fn photos_are_jpegs_named_by_an_id_number_and_within_the_limit() {
    let folder = tempfile::tempdir().unwrap();
    let province = generate(&plan(300), folder.path()).unwrap();
    assert_eq!(province.photos, 20);
    let path = &province.files.last().unwrap().path;
    let mut archive = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    assert_eq!(archive.len(), 20);
    let mut texts = 0;
    for place in 0..archive.len() {
        let mut entry = archive.by_index(place).unwrap();
        let name = entry.name().unwrap().into_owned();
        let (stem, extensions) = name.split_once('.').unwrap();
        assert!(matches!(stem.chars().count(), 15 | 18), "{name}");
        assert!(extensions.split('.').all(|extension| extension.eq_ignore_ascii_case("jpg")), "{name}");
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
            assert!(bytes.len() < 50 * 1024, "{name}: {} bytes", bytes.len());
        } else {
            texts += 1;
        }
    }
    assert_eq!(texts, 1, "one text file is called .jpg");
}

#[test]
fn the_summary_agrees_with_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let province = generate(&Plan { photos: None, ..plan(80) }, folder.path()).unwrap();
    let summary: Value = serde_json::from_slice(&fs::read(&province.expected).unwrap()).unwrap();
    assert_eq!(summary["rows"], 80);
    assert_eq!(summary["cut_over"], "2026-10-01");
    assert_eq!(summary["photos"], province.photos);
    assert_eq!(summary["files"].as_array().unwrap().len(), province.files.len());
    let tonight = certificate_files(&province)
        .flat_map(|file| records(&file.path))
        .filter(|(_, cells)| cells.iter().any(|cell| cell == "2026-10-31"))
        .count();
    assert_eq!(province.ends_tonight, tonight);
    assert!(province.issuable < province.in_force && province.issuable * 10 > province.in_force * 7);
}

#[test]
fn a_province_without_rows_or_outside_time_is_refused_in_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    for wrong in [Plan { rows: 0, ..plan(1) }, Plan { as_of: date!(1802 - 01 - 01), ..plan(1) }] {
        let refusal = generate(&wrong, folder.path()).unwrap_err().to_string();
        assert!(!refusal.contains('\n') && refusal.len() > 20, "{refusal}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}
