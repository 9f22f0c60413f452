//! Deliveries whose titles stand in no row: reports, corrections and the next delivery use those above each row. Nobody here is real.

#![expect(clippy::unwrap_used, reason = "what a test cannot read has failed")]

use std::io::Write as _;

use serde_json::json;
use tests::home::{Home, argument};
use zip::write::SimpleFileOptions;

const DELIVERY: [&str; 6] = ["--as", "certificates", "--kind", "safety-personnel", "--as-of", "2026-10-31"];

const FIRST: &str = r#"{"姓名":"甲一","身份证号":"610103198001011233","证书编号":"陕建安B（2017）0000001","发证日期":"2026-05-18","有效期至":"2029-05-17","工作单位":"甲公司"}
"#;

/// Other keys in another order, and one more in its second line.
const SECOND: &str = r#"{"工作单位":"乙公司","证书编号":"陕建安B（2017）0000002","身份证号":"610103198101011230","姓名":"乙二","发证日期":"2026-05-18","有效期至":""}
{"工作单位":"丙公司","备注":"旧","证书编号":"陕建安B（2017）0000003","身份证号":"610103198201011238","姓名":"丙三","发证日期":"2026-05-18","有效期至":""}
"#;

fn archive() -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in [("一.jsonl", FIRST), ("二.jsonl", SECOND), ("三.csv", "说明,无\n丁四,610103198301011235\n")] {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn reports_and_corrections_use_the_titles_above_each_row() {
    let home = Home::new();
    let file = home.file("登记.zip", archive());
    let strict = home.run(&[&["ingest", &file], &DELIVERY[..], &["--wait", "--strict", "--json"]].concat());
    assert_ne!(strict.code, Some(0), "rows are held: {strict}");
    let batch = home.done(&["batch", "list"])["batches"][0]["id"].as_str().unwrap().to_owned();
    let shown = home.done(&["batch", "show", &batch]);
    let totals = ["read", "loaded", "held", "dropped"].map(|outcome| shown["totals"][outcome].as_i64().unwrap());
    assert_eq!(totals, [5, 1, 3, 1], "{shown}");

    let report = argument(&home.beside("报告.csv"));
    home.done(&["batch", "report", &batch, "--out", &report]);
    let text = std::fs::read_to_string(&report).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].ends_with("message,姓名,身份证号,证书编号,发证日期,有效期至,工作单位,备注"), "{text}");
    assert!(lines[1].contains(",乙二,610103198101011230,陕建安B（2017）0000002,2026-05-18,,乙公司"), "{text}");
    assert!(lines[2].contains(",丙三,610103198201011238,陕建安B（2017）0000003,2026-05-18,,丙公司,旧"), "{text}");
    let beyond = text.lines().find(|line| line.contains("row-without-header")).unwrap();
    assert!(beyond.ends_with(",,,,,,,,丁四,610103198301011235"), "below no title: {beyond}");
    let look = &home.done(&[&["ingest", &report], &DELIVERY[..], &["--dry-run"]].concat())["dry_run"][0];
    assert_eq!(look["totals"], json!({ "dropped": 2, "held": 2, "rejected": 1 }), "{look}");

    let held = home.done(&["row", "list", "--batch", &batch]);
    let ids: Vec<&str> = held["rows"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect();
    home.done(&["row", "resolve", ids[1], "--set", "工作单位=丁公司", "--set", "valid-until=2029-05-17", "--why", "看过原件"]);
    let employer = "select e.name from certificate c join employer e on e.id = c.employer_id where c.number like '%0000003'";
    assert_eq!(home.sql_value(employer), "丁公司");
    let cannot = home.run(&["row", "resolve", ids[2], "--set", "姓名=丁四", "--why", "看过原件"]).ended_with(1);
    assert!(cannot.stderr.contains("titles above the row are not known"), "{cannot}");
}
