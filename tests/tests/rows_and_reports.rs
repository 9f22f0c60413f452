//! Profiles, dry runs, reports, held rows and undoing, from outside. Nobody here is real.

#![expect(clippy::unwrap_used, reason = "what a test cannot read has failed")]

use std::io::Read as _;

use serde_json::Value;
use tests::home::{Home, argument};

const DELIVERY: [&str; 6] = ["--as", "certificates", "--kind", "safety-personnel", "--as-of", "2026-10-31"];

/// A resident ID number with its check character.
fn id(birth: &str, serial: u32) -> String {
    let body = format!("610103{birth}{serial:03}");
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    let check = b"10X98765432"[usize::try_from(sum % 11).unwrap()];
    format!("{body}{}", char::from(check))
}

/// A register with five rows: two plain ones, one without its end, one that is a sheet of a known person under another number, one with a formula.
fn register() -> String {
    let line = |name: &str, id: &str, number: u32, until: &str, remark: &str| {
        format!("{name},{id},陕建安B（2017）000000{number},17.05.2017,18.05.2026,{until},19900000001,{remark}\n")
    };
    let mut text = "姓名,身份证号,本证号,初次领证日期,发证日期,有效期至,手机号,备注\n".to_owned();
    text += &line("甲一", &id("19800101", 123), 1, "17.05.2029", "");
    text += &line("乙二", &id("19810101", 123), 2, "17.05.2029", "");
    text += &line("丙三", &id("19820101", 123), 3, "", "=1+1");
    text += &line("丁四", &id("19830101", 123), 4, "17.05.2029", "");
    text += &line("丁四", &id("19830101", 155), 5, "17.05.2029", "");
    text += &line("戊五", &id("19840101", 123), 6, "17.05.2030", "");
    text
}

const PROFILE: &str = "[columns]\nnumber = \"本证号\"\n[dates]\nformats = [\"DD.MM.YYYY\"]\n";

fn ingest(home: &Home, file: &str, more: &[&str]) -> Value {
    home.done(&[&["ingest", file], &DELIVERY[..], more].concat())
}

fn totals(home: &Home, batch: &str) -> [i64; 6] {
    let shown = home.done(&["batch", "show", batch]);
    let totals = ["read", "loaded", "warned", "held", "rejected", "dropped"].map(|outcome| shown["totals"][outcome].as_i64().unwrap());
    assert_eq!(totals[0], totals[1..].iter().sum::<i64>(), "{shown}");
    totals
}

#[test]
fn a_name_that_looks_like_none_is_taken_at_a_persons_word_and_what_steers_a_terminal_is_shown() {
    let home = Home::new();
    let line = |name: &str, birth: &str, number: u32, until: &str| {
        format!("{name},{},陕建安B（2017）000000{number},2017-05-17,2026-05-18,{until}\n", id(birth, 123))
    };
    let text = "姓名,身份证号,证书编号,初次领证日期,发证日期,有效期至\n".to_owned()
        + &line("WANG XIAOMING", "19800101", 1, "2029-05-17")
        + &line("买买提艾力江", "19810101", 2, "2029-05-17")
        + &line("王\u{1b}[2J□", "19820101", 3, "2029-05-17")
        + &line("赵六", "19830101", 4, "2020-05-17");
    let file = home.file("登记.csv", text);
    let batch = ingest(&home, &file, &["--wait"])["batches"][0].clone();
    assert_eq!((&batch["state"], &batch["totals"]["held"]), (&"finished".into(), &4.into()), "{batch}");
    let id = batch["id"].as_str().unwrap();
    let row = |line: u32| format!("{id}:{line}");

    let accepted = home.done(&["row", "resolve", &row(2), "--accept", "--why", "护照如此"]);
    assert_eq!((&accepted["outcome"], &accepted["holder"]["name"]), (&"warned".into(), &"WANG XIAOMING".into()), "{accepted}");
    let shown = home.done(&["row", "show", &row(2)]);
    let codes: Vec<&str> = shown["findings"].as_array().unwrap().iter().map(|found| found["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["name-latin", "row-accepted"], "{shown}");
    let set = home.done(&["row", "resolve", &row(3), "--set", "姓名=买买提艾力江", "--why", "证书如此"]);
    assert_eq!(set["holder"]["name"], "买买提艾力江", "{set}");
    assert!(home.run(&["row", "resolve", &row(4), "--accept", "--why", "看过"]).ended_with(1).stderr.contains("姓名"));
    let untrue = home.run(&["row", "resolve", &row(5), "--accept", "--why", "看过"]).ended_with(1);
    assert!(untrue.stderr.contains("有效期截止早于起始") && untrue.stderr.contains("--refuse"), "{untrue}");
    let told = home.run(&["row", "show", &row(4)]).ended_with(0).stdout;
    assert!(!told.contains('\u{1b}') && told.contains("王\u{241b}[2J□"), "{told}");
}

#[test]
fn a_delivery_is_looked_at_read_by_its_profile_worked_off_reported_and_undone() {
    let home = Home::new();
    let (file, profile) = (home.file("登记.csv", register()), home.file("profile.toml", PROFILE));
    looked_at(&home, &file, &profile);

    let batch = ingest(&home, &file, &["--profile", &profile, "--wait"])["batches"][0]["id"].as_str().unwrap().to_owned();
    let shown = home.done(&["batch", "show", &batch]);
    assert_eq!((&shown["profile"], &shown["certificates"]["created"]), (&true.into(), &2.into()), "{shown}");
    assert_eq!(shown["register"], serde_json::json!([{ "kind": "safety-personnel", "before": 0, "after": 2 }]));
    assert_eq!(totals(&home, &batch), [7, 2, 0, 4, 0, 1]);
    reported(&home, &batch, &profile);
    worked_off(&home, &batch);
    undone(&home, &file, &profile, &batch);
}

fn looked_at(home: &Home, file: &str, profile: &str) {
    let document = ingest(home, file, &["--profile", profile, "--dry-run"]);
    let look = &document["dry_run"][0];
    // The sheet of one person under two numbers is judged as the import judges it.
    assert_eq!((&look["read"], &look["would"]["created"], &look["would"]["held"]), (&7.into(), &2.into(), &2.into()), "{look}");
    assert_eq!((&look["totals"]["loaded"], &look["totals"]["held"], &look["repeat_of"]), (&2.into(), &4.into(), &Value::Null), "{look}");
    let number = look["columns"].as_array().unwrap().iter().find(|column| column["title"] == "本证号").unwrap();
    assert_eq!((&number["column"], &number["fill_rate"]), (&"number".into(), &100.0.into()), "{look}");
    let text = home.run(&[&["ingest", file], &DELIVERY[..], &["--profile", profile, "--dry-run"]].concat()).ended_with(0).stdout;
    assert!(text.contains("本证号") && text.contains("line 4 held") && !text.contains("19900000001"), "{text}");
    assert!(text.contains("甲*") && !text.contains("甲一"), "names are masked: {text}");
    assert!(!text.contains(&id("19800101", 123)), "ID numbers are masked: {text}");
    assert!(!home.path().exists(), "a dry run writes nothing");
    let wrong = home.file("wrong.toml", "[columns]\nnumer = \"本证号\"\n");
    let run = home.run(&[&["ingest", file], &DELIVERY[..], &["--profile", &wrong]].concat()).ended_with(1);
    assert!(run.stderr.contains("wrong.toml: line 2: columns.numer: there is no such column"), "{run}");
    assert_eq!(run.stderr.trim_end().lines().count(), 1, "{run}");
}

fn reported(home: &Home, batch: &str, profile: &str) {
    let csv = argument(&home.beside("报告.csv"));
    home.done(&["batch", "report", batch, "--out", &csv]);
    let text = std::fs::read_to_string(&csv).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(
        lines[0].ends_with("sheet,line,outcome,codes,message,姓名,身份证号,本证号,初次领证日期,发证日期,有效期至,手机号,备注"),
        "{text}"
    );
    assert_eq!(lines.len(), 5, "{text}");
    assert!(lines[1].ends_with(",'=1+1"), "{text}");
    assert!(lines[2].contains("另见第6行 / see lines 6") && lines[3].contains("另见第5行 / see lines 5"), "{text}");
    assert_eq!(
        home.done(&["batch", "report", batch, "--out", &csv])["former"],
        argument(&home.beside("报告.旧1.csv")),
        "no report is lost"
    );
    let xlsx = argument(&home.beside("报告.xlsx"));
    assert_eq!(home.done(&["batch", "report", batch, "--out", &xlsx])["rows"], 4);
    let mut workbook = zip::ZipArchive::new(std::fs::File::open(&xlsx).unwrap()).unwrap();
    let mut sheet = String::new();
    workbook.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut sheet).unwrap();
    assert!(sheet.contains(&id("19820101", 123)) && sheet.contains("frozen") && !sheet.contains("<f>"), "{sheet}");
    // Both forms come back as what they were.
    for report in [&csv, &xlsx] {
        let look = &ingest(home, report, &["--profile", profile, "--dry-run"])["dry_run"][0];
        assert_eq!((&look["read"], &look["totals"]["held"]), (&5.into(), &4.into()), "{look}");
    }
    let refused = home.run(&["batch", "report", batch, "--out", "报告.pdf"]).ended_with(1);
    assert!(refused.stderr.contains(".csv or .xlsx"), "{refused}");
}

fn worked_off(home: &Home, batch: &str) {
    let held = home.done(&["row", "list", "--batch", batch]);
    let ids: Vec<&str> = held["rows"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect();
    assert_eq!((ids.len(), &held["held"]), (4, &4.into()), "{held}");
    let [no_end, first, second, long] = ids[..] else { panic!("{held}") };
    assert_eq!((&held["rows"][0]["name"], &held["rows"][0]["number"]), (&"丙三".into(), &"陕建安B（2017）0000003".into()), "{held}");
    assert!(home.run(&["row", "list", "--batch", "99"]).ended_with(1).stderr.contains("no batch 99"));
    assert_eq!(home.done(&["row", "show", &format!("{batch}:4")])["id"], *no_end, "a row is named by its line, too");

    // What is no value of its column decides nothing, and neither does a column that is set twice.
    for (set, words) in
        [(&["发证日期=2024-13-45"][..], "cannot be set to"), (&["有效期至=2029-05-17", "valid-until=2029-05-18"], "is set twice")]
    {
        let set: Vec<&str> = set.iter().flat_map(|set| ["--set", *set]).collect();
        let refused = home.run(&[&["row", "resolve", no_end, "--why", "看过原件"], &set[..]].concat()).ended_with(1);
        assert!(refused.stderr.contains(words), "{refused}");
    }

    let cannot = home.run(&["row", "resolve", no_end, "--accept", "--why", "看过原件"]).ended_with(1);
    assert!(cannot.stderr.contains("缺少有效期截止日期") && cannot.stderr.contains("--set"), "{cannot}");
    let done = home.done(&["row", "resolve", no_end, "--set", "有效期至=2029-05-17", "--why", "看过原件"]);
    assert_eq!((&done["outcome"], &done["certificates"]["created"]), (&"loaded".into(), &1.into()), "{done}");
    let twice = home.run(&["row", "resolve", no_end, "--refuse", "--why", "再来"]).ended_with(1);
    assert!(twice.stderr.contains("a decision is made once"), "{twice}");
    let shown = home.done(&["row", "show", no_end]);
    assert_eq!((&shown["resolution"]["why"], &shown["cells"][5]["text"]), (&"看过原件".into(), &"".into()), "{shown}");

    home.done(&["row", "resolve", first, "--accept", "--why", "确为两人之一"]);
    let shown = home.done(&["row", "show", second]);
    let person = shown["against"]["persons"][0]["person"].as_i64().unwrap().to_string();
    assert_eq!(shown["against"]["persons"][0]["same_document"], false, "{shown}");
    assert_eq!((&shown["against"]["rows"][0]["id"], &shown["against"]["rows"][0]["line"]), (&first.into(), &5.into()), "{shown}");
    assert_eq!(shown["ways"], serde_json::json!(["--accept", "--set 列名=值", "--merge PERSON", "--refuse"]), "{shown}");
    let stranger = home.sql_value("select id from person where name = '甲一'");
    let refused = home.run(&["row", "resolve", second, "--merge", &stranger, "--why", "身份证号写错"]).ended_with(1);
    assert!(refused.stderr.contains("has neither the name nor the birth date nor the ID number"), "{refused}");
    let merged = home.done(&["row", "resolve", second, "--merge", &person, "--why", "身份证号写错"]);
    assert_eq!((&merged["certificates"]["created"], &merged["holder"]["name"]), (&1.into(), &"丁四".into()), "{merged}");
    assert_eq!(merged["holder"]["id_masked"], format!("6101**********{}", &id("19830101", 123)[14..]), "{merged}");
    assert_eq!(home.sql_value("select count(distinct person_id) || ' ' || count(*) from certificate where number ~ '000000[45]$'"), "1 2");

    home.done(&["--as-staff", "nobody", "row", "list"]);
    let refused = home.done(&["row", "resolve", long, "--refuse", "--why", "期限无据"]);
    assert_eq!(refused["outcome"], "rejected", "{refused}");
    assert_eq!(totals(home, batch), [7, 3, 2, 0, 1, 1]);
    let audited = home.sql_value("select count(*) from audit where action = 'row-resolved' and actor like 'local:%'");
    assert_eq!(audited, "4");
    assert_eq!(home.sql_value("select count(*) from audit where detail::text ~ '2029|丙三'"), "0", "the audit names nobody and no value");
}

fn undone(home: &Home, file: &str, profile: &str, batch: &str) {
    let repeat = ingest(home, file, &["--profile", profile]);
    assert_eq!(repeat["batches"][0]["repeat_of"], *batch, "{repeat}");
    assert_eq!(ingest(home, file, &["--profile", profile, "--dry-run"])["dry_run"][0]["repeat_of"], *batch);
    let number = "陕建安B（2017）0000001";
    home.done(&["lock", "add", number, "--cause", "社保单位与注册单位不一致"]);
    let refused = home.run(&["batch", "undo", batch, "--why", "交错文件"]).ended_with(1);
    assert!(refused.stderr.contains("1 of its certificates (陕建安B（2017）0000001) with later events"), "{refused}");
    assert_eq!(home.sql_value("select count(*) from certificate"), "5");
    let other = home.file("另一份.csv", register().replace("000000", "000001"));
    let second = ingest(home, &other, &["--profile", profile, "--wait"])["batches"][0]["id"].as_str().unwrap().to_owned();
    let undone = home.done(&["batch", "undo", &second, "--why", "交错文件"]);
    assert_eq!(undone["state"], "undone", "{undone}");
    assert_eq!(home.sql_value("select count(*) from certificate"), "5");
    let shown = home.done(&["batch", "show", &second]);
    assert_eq!((&shown["state"], &shown["undone"]["why"]), (&"undone".into(), &"交错文件".into()), "{shown}");
    let again = ingest(home, &other, &["--profile", profile, "--wait"]);
    assert_eq!(again["batches"][0]["repeat_of"], Value::Null, "{again}");
}
