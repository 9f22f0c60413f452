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

/// A register and what refers to it, each with a sound row.
const SHAPES: [(&str, &str, &str); 5] = [
    (
        "certificates",
        "姓名,性别,出生日期,证件类型,身份证号码,企业名称,统一社会信用代码,证书编号,职务,类别,初次领证日期,发证日期,有效期至,证书状态,手机号,发证机关,备注",
        "洨澜楹,男,1970-01-01,居民身份证,61990019700101001X,陕西潏澜楹建筑工程有限公司,91350100M000100Y43,陕建安B（2017）9999999,项目负责人,B,2014-03-05,2017-03-05,2020-03-04,过期,13800000000,陕西省住房和城乡建设厅,无",
    ),
    (
        "decisions",
        "决定文号,决定类型,决定日期,生效日期,证书编号,姓名,身份证号,新有效期起,新有效期止,新企业,新企业统一社会信用代码,新职务,决定事由",
        "陕建发〔2019〕1号,变更,2019-03-01,2019-03-02,陕建安B（2017）9999999,洨澜楹,61990019700101001X,,,陕西潏澜楹建筑工程有限公司,91350100M000100Y43,项目负责人,调动",
    ),
    (
        "applications",
        "申请编号,姓名,身份证号,证书编号,申请日期,渠道,手机号",
        "S1,洨澜楹,61990019700101001X,陕建安B（2017）9999999,2019-03-01,窗口,13800000000",
    ),
    (
        "violations",
        "姓名,身份证号,证书编号,违规原因,认定日期,锁定截止日期,申诉截止日期",
        "洨澜楹,61990019700101001X,陕建安B（2017）9999999,考试作弊,2019-03-01,2029-03-01,2019-04-01",
    ),
    (
        "pending",
        "受理编号,业务类型,证书编号,姓名,身份证号,受理日期,办理状态,办结日期",
        "Y1,变更,陕建安B（2017）9999999,洨澜楹,61990019700101001X,2019-03-01,受理,",
    ),
];

#[test]
fn a_cell_of_many_different_characters_costs_its_row_and_nothing_else() {
    let home = Home::new();
    home.done(&["db", "start"]);
    // What no compression brings below the size of a page of an index.
    let mut character = 1_u32;
    let long: String = std::iter::repeat_with(|| {
        character = character.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from_u32(0x4E00 + (character >> 16) % 20_000).unwrap()
    })
    .take(40_000)
    .collect();
    for (shape, titles, row) in SHAPES {
        let columns = titles.split(',').count();
        // Certificates, decisions and so on of their own: the rows have nothing to do with each other.
        let rows: String = (0..columns)
            .map(|place| {
                let row = row.replace("9999999", &format!("99{place:05}")).replace("1号", &format!("{place}号"));
                let row = row.replace("S1", &format!("S{place}")).replace("Y1", &format!("Y{place}"));
                let mut cells: Vec<&str> = row.split(',').collect();
                cells[place] = &long;
                format!("{}\n", cells.join(","))
            })
            .collect();
        let file = home.file(&format!("{shape}.csv"), format!("{titles}\n{row}\n{rows}"));
        let mut arguments = vec!["ingest", &file, "--as", shape, "--as-of", "2026-10-31", "--wait"];
        if shape == "certificates" || shape == "applications" {
            arguments.extend(["--kind", "safety-personnel"]);
        }
        let batch = home.done(&arguments)["batches"][0]["id"].as_str().unwrap().to_owned();
        let shown = home.done(&["batch", "show", &batch]);
        assert_eq!(shown["state"], "finished", "{shape}: {shown}");
        assert_eq!(shown["totals"]["read"], columns + 2, "{shape}: {shown}");
        assert_ne!(shown["totals"]["held"], 0, "{shape}: {shown}");
    }
    let long = home.sql_value("select count(*) from intake_row where findings @> '[{\"code\": \"text-too-long\"}]'");
    assert_eq!(long, "7", "employers and their codes, and the numbers of decisions, applications and business");
}
