//! Decisions, applications, violations and business under way: from the file to their effects, every row accounted for.

#![expect(clippy::unwrap_used, reason = "what a test cannot read has failed")]

use std::path::PathBuf;

use serde_json::Value;
use tests::home::{Home, argument};
use tests::judge::compare;
use tests::workspace;

/// The folder of deliveries by other programs beside the workspace; none where the workspace was cloned alone.
fn samples() -> Option<PathBuf> {
    let folder = workspace::root().join("../shared/samples");
    let there = folder.join("延续变更决定.csv").is_file();
    if !there {
        println!("passed over: {} has no deliveries", folder.display());
    }
    there.then_some(folder)
}

/// Delivers a file; the batch as it is shown afterwards, with balanced totals.
fn ingest_as_of(home: &Home, file: &str, shape: &[&str], as_of: &str) -> Value {
    let batch = home.done(&[&["ingest", file, "--as"], shape, &["--as-of", as_of, "--wait"]].concat())["batches"][0].clone();
    let shown = home.done(&["batch", "show", batch["id"].as_str().unwrap()]);
    let of = |outcome: &str| shown["totals"][outcome].as_i64().unwrap();
    assert_eq!(shown["state"], "finished", "{shown}");
    assert_eq!(of("read"), ["loaded", "warned", "held", "rejected", "dropped"].map(of).iter().sum::<i64>(), "{shown}");
    shown
}

/// Everything that a delivery can change in the register.
fn register(home: &Home) -> Vec<Vec<String>> {
    home.sql(
        "select c.id, c.revision, c.event_seq, c.legal_status, c.stage, c.employer_id, c.valid_until from certificate c
         union all select 0, count(*), 0, 'locks', '', null, null from lock
         union all select 0, count(*), 0, 'decisions', '', null, null from decision
         union all select 0, count(*), 0, 'applications', '', null, null from application
         union all select 0, count(*), 0, 'pending', '', null, null from pending_business order by 1, 4",
    )
}

#[test]
fn every_row_of_what_other_programs_wrote_ends_as_it_must() {
    let Some(samples) = samples() else { return };
    let home = Home::new();
    let ingest = |file: &str, shape: &[&str]| ingest_as_of(&home, file, shape, "2026-10-31");
    let registers = [
        ("安管人员台账_2017.xlsx", "safety-personnel"),
        ("安管_导出.csv", "safety-personnel"),
        ("二级建造师.dbf", "constructor"),
        ("结构工程师.xls", "structural-engineer"),
        ("二级建筑师.ods", "architect"),
    ];
    for (file, kind) in registers {
        ingest(&argument(&samples.join(file)), &["certificates", "--kind", kind]);
    }
    let deliveries = [
        ("延续变更决定.csv", "decisions"),
        ("电子证书申请.csv", "applications"),
        ("违规锁定名单.csv", "violations"),
        ("在办业务.csv", "pending"),
    ];
    for (file, shape) in deliveries {
        let path = argument(&samples.join(file));
        let shown = ingest(&path, &[shape]);
        let id = shown["id"].as_str().unwrap();
        let report = argument(&home.beside(&format!("{shape}.csv")));
        home.done(&["batch", "report", id, "--out", &report]);
        let expected = argument(&samples.join(format!("{file}.expect.json")));
        if let Some(verdict) = compare(&report, &expected) {
            assert!(verdict.accepted, "{file}: {}", verdict.text);
        }
        // The same rows in another file are known already, and the report of what nobody corrected brings nothing.
        let before = register(&home);
        let again = home.file(&format!("again-{shape}.csv"), format!("{}\n", std::fs::read_to_string(&path).unwrap()));
        ingest(&again, &[shape]);
        ingest(&report, &[shape]);
        assert_eq!(register(&home), before, "{file}");
    }
}

fn state(home: &Home, number: &str) -> String {
    home.sql(&format!(
        "select concat_ws(' ', c.legal_status, c.stage, c.valid_until, e.name) from certificate c join employer e on e.id = c.employer_id
         where c.number = '{number}'"
    ))
    .concat()
    .concat()
}

#[test]
fn one_delivery_of_each_shape_takes_its_effect_and_once_only() {
    let home = Home::new();
    home.done(&["db", "start"]);
    let day = |expression: &str| home.sql_value(&format!("select ({expression})::date"));
    let [delivered, cut_over, first, second] = ["current_date", "current_date - 60", "current_date - 50", "current_date - 40"].map(day);
    let [begun, ends, renewed_until] =
        ["- interval '2 years'", "+ interval '1 year' - interval '1 day'", "+ interval '4 years' - interval '1 day'"]
            .map(|from_today| day(&format!("current_date {from_today}")));
    let starts = day("current_date + interval '1 year'");
    home.configure(&format!("[kinds.safety-personnel]\ncut_over = {cut_over}\n"));
    let file = |name: &str, text: &str| home.file(name, text);
    let ingest = |file: &str, shape: &[&str]| ingest_as_of(&home, file, shape, &delivered);
    let register_text = format!(
        "姓名,身份证号,证书编号,企业名称,初次领证日期,发证日期,有效期至\n\
         王小明,610103198001011233,陕建安B（2017）0000001,西安甲建筑有限公司,2017-05-04,{begun},{ends}\n\
         王小明,610103198001011233,陕建安A（2016）0000002,西安甲建筑有限公司,2016-05-04,{begun},{ends}\n"
    );
    ingest(&file("安管人员.csv", &register_text), &["certificates", "--kind", "safety-personnel"]);
    let decisions = &format!(
        "决定文号,决定类型,决定日期,证书编号,姓名,身份证号,新有效期起,新有效期止,新企业\n\
         2号,变更,{second},陕建安B(2017)0000001,王小明,610103800101123,,,西安丙建筑有限公司\n\
         1号,变更,{first},陕建安B(2017)0000001,王小明,610103800101123,,,西安乙建筑有限公司\n\
         3号,延期复核,{second},陕建安B（2017）0000001,王小明,610103198001011233,{starts},{renewed_until},\n\
         4号,初始,{second},陕建安B（2017）0000001,王小明,610103198001011233,,,\n"
    );
    let shown = ingest(&file("决定.csv", decisions), &["decisions"]);
    assert_eq!((&shown["totals"]["warned"], &shown["totals"]["held"]), (&2.into(), &1.into()), "{shown}");
    assert_eq!(state(&home, "陕建安B（2017）0000001"), format!("valid awaiting-photo {renewed_until} 西安丙建筑有限公司"));
    let applications = &format!("申请编号,姓名,身份证号,证书编号,申请日期\nS1,王小明,610103198001011233,陕建安A（2016）0000002,{second}\n");
    ingest(&file("申请.csv", applications), &["applications", "--kind", "safety-personnel"]);
    assert_eq!(state(&home, "陕建安A（2016）0000002"), format!("valid awaiting-photo {ends} 西安甲建筑有限公司"));
    let violations = &format!("姓名,身份证号,违规原因,认定日期,锁定截止日期\n王小明,610103198001011233,考试作弊,{second},{ends}\n");
    ingest(&file("违规.csv", violations), &["violations"]);
    assert_eq!(home.sql_column("select cause || ' ' || (person_id is not null) from lock"), ["exam-cheating true"]);
    let pending = &format!(
        "受理编号,业务类型,证书编号,姓名,身份证号,受理日期,办理状态\n\
         Y1,变更,陕建安A（2016）0000002,王小明,610103198001011233,{second},受理\n"
    );
    ingest(&file("在办.csv", pending), &["pending"]);
    assert_eq!(home.sql_value("select count(*) from pending_business where closed_on is null"), "1");
    for number in ["陕建安B（2017）0000001", "陕建安A（2016）0000002"] {
        let history = home.done(&["cert", "history", number]);
        assert_eq!(history["intact"], true, "{history}");
    }
    let before = register(&home);
    for (name, text, shape) in [("b", decisions, "decisions"), ("c", applications, "applications"), ("d", violations, "violations")] {
        ingest(&file(name, &format!("{text}\n")), &[shape]);
    }
    assert_eq!(register(&home), before);
}

#[test]
fn a_file_that_is_no_delivery_of_its_shape_leaves_no_batch() {
    let home = Home::new();
    let file = home.file("决定.csv", "姓名,身份证号,证书编号\n");
    let run = home.run(&["ingest", &file, "--as", "decisions", "--wait"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(run.stderr.contains("missing 决定文号, 决定类型, 决定日期"), "{run}");
}
