//! What an operator does beside the plain import: looks first, mistakes the shape, delivers reports again.

use serde_json::{Value, json};
use tests::home::{Home, argument};

const TITLES: &str = "姓名,身份证号,证书编号,企业名称,统一社会信用代码,发证日期,有效期至";

fn ingest(home: &Home, file: &str, more: &[&str]) -> Value {
    home.done(&[&["ingest", file], more].concat())
}

#[test]
fn a_look_agrees_with_the_import_about_employers_that_are_linked() {
    let home = Home::new();
    let register = ["--as", "certificates", "--kind", "safety-personnel", "--as-of", "2018-10-31"];
    let row = |code: &str| {
        format!("{TITLES}\n王小明,610103198001011233,陕建安B（2017）0000001,西安甲建筑有限公司,{code},2017-05-18,2020-05-17\n")
    };
    let first = home.file("一.csv", row("91350100M000100Y43"));
    ingest(&home, &first, &[&register[..], &["--wait"]].concat());
    // The same certificate with no code at all, which an import links by the name.
    let second = home.file("二.csv", row(""));
    let look = ingest(&home, &second, &[&register[..], &["--dry-run"]].concat());
    assert_eq!(look["dry_run"][0]["would"], json!({ "created": 0, "updated": 0, "unchanged": 1, "held": 0 }), "{look}");
    let import = ingest(&home, &second, &[&register[..], &["--wait"]].concat());
    assert_eq!(import["batches"][0]["certificates"], json!({ "created": 0, "updated": 0, "unchanged": 1 }), "{import}");
}

#[test]
fn what_cannot_be_taken_as_it_was_asked_for_is_refused_with_the_way_on() {
    let home = Home::new();
    let business = home.file("在办.csv", "受理编号,业务类型,证书编号,姓名,身份证号,受理日期,办理状态\nY1,变更,陕建安B（2017）0000001,王小明,610103198001011233,2026-10-01,受理\n");
    let register = home.file("登记.csv", format!("{TITLES}\n王□明,610103198001011233,陕建安B（2017）0000001,,,2017-05-18,2020-05-17\n"));
    let empty = argument(&home.beside("空"));
    std::fs::create_dir(&empty).unwrap();
    let of_kind = ["--as", "certificates", "--kind", "safety-personnel"];
    let cases: [(&[&str], &str); 6] = [
        (&["ingest", &business, "--as", "applications"], "rather one of pending (业务类型, 办理状态): deliver it with --as pending"),
        (&["ingest", &business, "--as", "decisions"], "a row has the titles of pending: deliver it with --as pending"),
        (&["ingest", &register, "--as", "applications"], "rather one of certificates (发证日期, 有效期至)"),
        (&[&["ingest", &business], &of_kind[..]].concat(), "deliver it with --as pending"),
        (&["ingest", &empty, "--as", "photos"], "it holds no file"),
        (&["ingest", &business, "--as", "pending", "--issue", "all"], "--issue goes with --as certificates"),
    ];
    for (arguments, expected) in cases {
        let run = home.run(&[arguments, &["--json"]].concat()).ended_with(1);
        assert!(run.stderr.contains(expected), "{run}");
        assert_eq!(run.json()["error"]["message"], run.stderr.trim().trim_start_matches("ecert: "), "{run}");
    }
    assert!(!home.path().exists(), "nothing was made");

    let look = home.run(&[&["ingest", &register], &of_kind[..], &["--dry-run", "--strict", "--json"]].concat()).ended_with(3);
    assert_eq!(look.json()["dry_run"][0]["totals"]["held"], 1, "{look}");
    let usage = home.run(&["ingest", &register, "--as", "certificates", "--json"]).ended_with(2);
    assert_eq!(usage.json()["error"]["message"], "the following required arguments were not provided: --kind <KIND>", "{usage}");
    let titles_only = home.file("表头.csv", format!("{TITLES}\n"));
    let look = ingest(&home, &titles_only, &[&of_kind[..], &["--dry-run"]].concat());
    assert_eq!(look["dry_run"][0]["columns"].as_array().unwrap().len(), 7, "{look}");
}

#[test]
fn rows_that_only_their_file_tells_apart_are_held_again_when_their_report_comes_back_unchanged() {
    let home = Home::new();
    let province = home.beside("province");
    home.done(&["sample", "--rows", "2000", "--photos", "0", "--seed", "3", "--out", &argument(&province)]);
    home.configure(&std::fs::read_to_string(province.join("ecert.toml")).unwrap());
    // Names cut within a character; day numbers that two calendars read differently.
    let files = [
        ("历年/二级建造师.dbf", "constructor", "half-character-in-name"),
        ("历年/安管人员_导出.csv", "safety-personnel", "date-serial-ambiguous"),
    ];
    for (name, kind, code) in files {
        let delivery = ["--as", "certificates", "--kind", kind, "--wait"];
        let batch = ingest(&home, &argument(&province.join(name)), &delivery)["batches"][0].clone();
        let id = batch["id"].as_str().unwrap();
        let of_file =
            format!("select count(*) from intake_row where batch_id = {id} and outcome = 'held' and findings::text like '%\"{code}\"%'");
        assert_ne!(home.sql_value(&of_file), "0", "{name} has no row with {code}");
        let register = "select count(*) || ' ' || md5(string_agg(c::text, '' order by id)) from certificate c";
        let before = home.sql_value(register);
        for form in ["csv", "xlsx"] {
            let report = argument(&home.beside(&format!("报告-{kind}.{form}")));
            home.done(&["batch", "report", id, "--out", &report]);
            let again = ingest(&home, &report, &delivery)["batches"][0].clone();
            assert_eq!(again["certificates"]["created"], 0, "{name} as {form}: {again}");
            assert_eq!(again["totals"]["held"], batch["totals"]["held"], "{name} as {form}: {again}");
            assert_eq!(home.sql_value(register), before, "{name} as {form}: the register changed");
        }
    }
}
