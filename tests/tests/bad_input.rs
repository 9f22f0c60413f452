//! Bad input: one line with the cause and the remedy, the exit code of the contract, no panic, nothing half done.

use std::fs;

use tests::home::{Home, argument};
use tests::program::Run;

/// A PNG file as every program writes it.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\
    \x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82";

/// A failure told to people: exit code 1, one line that begins with the program's name and holds these words, nothing answered.
fn assert_told(run: &Run, words: &[&str]) {
    assert_eq!(run.code, Some(1), "{run}");
    assert!(!run.stderr.contains("panicked"), "{run}");
    let lines: Vec<&str> = run.stderr.lines().collect();
    assert!(lines.len() == 1 && lines[0].starts_with("ecert: "), "{run}");
    if run.arguments.contains("--json") {
        let told = run.json()["error"]["message"].as_str().unwrap_or_default().to_owned();
        assert_eq!(lines[0].strip_prefix("ecert: "), Some(told.as_str()), "{run}");
    } else {
        assert_eq!(run.stdout, "", "{run}");
    }
    for word in words {
        assert!(lines[0].contains(word), "{word:?} is not said: {run}");
    }
}

#[test]
fn deliveries_that_cannot_be_taken_are_told_in_one_line_and_leave_no_batch() {
    let home = Home::new();
    let folder = home.beside("folder");
    fs::create_dir(&folder).unwrap();
    let (folder, missing) = (argument(&folder), argument(&home.beside("missing.csv")));
    let empty = home.file("empty.csv", "");
    let picture = home.file("picture.csv", PNG);
    let unknown = home.file("unknown.csv", "alpha,beta,gamma\n1,2,3\n");
    let only_blank = home.file("blank.csv", "\n\n,,,\n");
    let cut_archive = home.file("cut.zip", b"PK\x03\x04cut");
    let certificates = ["--as", "certificates", "--kind", "safety-personnel"];
    home.done(&["db", "start"]);
    let cases: [(&str, &[&str], &[&str]); 8] = [
        (&missing, &certificates, &["missing.csv", "no such file", "check the path"]),
        (&folder, &certificates, &["it is a folder", "name the files in it"]),
        (&empty, &certificates, &["empty.csv", "empty"]),
        (&picture, &certificates, &["picture.csv", "it is a picture"]),
        (&unknown, &certificates, &["unknown.csv", "missing 姓名", "add or rename the titles"]),
        (&only_blank, &certificates, &["blank.csv"]),
        (&missing, &["--as", "photos"], &["missing.csv", "no such file"]),
        (&cut_archive, &["--as", "photos"], &["cut.zip"]),
    ];
    for (file, shape, words) in cases {
        for more in [&[][..], &["--wait"], &["--json"], &["--dry-run"]] {
            let run = home.run(&[&["ingest", file], shape, more].concat());
            assert_told(&run, words);
        }
    }
    assert_eq!(home.done(&["batch", "list"])["batches"], serde_json::json!([]));

    // One bad file among good ones: all are looked at before the first is registered.
    let province = home.beside("province");
    home.done(&["sample", "--rows", "20", "--out", &argument(&province)]);
    let expected: serde_json::Value = serde_json::from_slice(&fs::read(province.join("expected.json")).unwrap()).unwrap();
    let good = argument(&province.join(expected["files"][0]["file"].as_str().unwrap()));
    let run = home.run(&[&["ingest", &good, &missing], &certificates[..], &["--wait"]].concat());
    assert_told(&run, &["missing.csv"]);
    assert_eq!(home.done(&["batch", "list"])["batches"], serde_json::json!([]));
    assert_eq!(home.sql_value("select count(*) from job"), "0");
}

#[test]
fn questions_about_what_is_not_there_are_told_in_one_line() {
    let home = Home::new();
    let out = argument(&home.beside("out.pdf"));
    let report = argument(&home.beside("report.csv"));
    home.done(&["db", "start"]);
    let cases: [(&[&str], &[&str]); 10] = [
        (&["cert", "show", "陕建安A（2019）0000001"], &["陕建安A（2019）0000001", "no certificate"]),
        (&["cert", "history", "nothing"], &["nothing", "no certificate"]),
        (&["document", "get", "nothing", "--out", &out], &["nothing", "no certificate"]),
        (&["lock", "add", "nothing", "--cause", "test"], &["nothing", "no certificate"]),
        (&["lock", "lift", "7", "--why", "test"], &["no lock 7", "lock list"]),
        (&["batch", "show", "7"], &["no batch 7", "batch list"]),
        (&["batch", "report", "7", "--out", &report], &["no batch 7", "batch list"]),
        (&["sweep", "dust", "--today", "2026-11-01"], &["dust", "expire-certificates"]),
        (&["work", "--until-idle", "--queue", "dust"], &["dust", "import_certificates"]),
        (&["staff", "disable", "nobody"], &["nobody", "staff add"]),
    ];
    for (command, words) in cases {
        assert_told(&home.run(command), words);
        assert_told(&home.run(&[command, &["--json"]].concat()), words);
    }
    assert!(!home.beside("out.pdf").exists() && !home.beside("report.csv").exists());

    let missing = argument(&home.beside("missing.pdf"));
    assert_told(&home.run(&["verify", &missing, "--json"]), &["missing.pdf", "cannot be read"]);
    assert_told(&home.run(&["verify", &argument(home.path())]), &["folder"]);
    for (name, content) in
        [("text.pdf", &b"no PDF at all"[..]), ("empty.pdf", b""), ("picture.pdf", PNG), ("head.pdf", b"%PDF-1.7\n%%EOF\n")]
    {
        let file = home.file(name, content);
        let run = home.run(&["verify", &file, "--json"]).ended_with(1);
        let verdict = run.json();
        assert!(["missing", "invalid"].contains(&verdict["signature"].as_str().unwrap()), "{run}");
        assert_eq!(verdict["status"], "unknown", "{run}");
        assert_ne!(verdict["reasons"], serde_json::json!([]), "{run}");
        assert!(!run.stderr.contains("panicked"), "{run}");
    }
}

#[test]
fn commands_that_only_look_make_neither_a_home_nor_a_database() {
    let home = Home::new();
    let out = argument(&home.beside("out"));
    let commands: [&[&str]; 15] = [
        &["batch", "list"],
        &["batch", "show", "1"],
        &["batch", "report", "1", "--out", "报告.csv"],
        &["cert", "show", "nothing"],
        &["cert", "history", "nothing"],
        &["lock", "list"],
        &["lock", "add", "nothing", "--cause", "test"],
        &["lock", "lift", "1", "--why", "test"],
        &["queue", "list"],
        &["staff", "list"],
        &["staff", "disable", "nobody"],
        &["document", "get", "nothing", "--out", &out],
        &["db", "url"],
        &["db", "status"],
        &["keys", "show"],
    ];
    for command in commands {
        assert_told(&home.run(command), &["no ecert home at", "ecert ingest", "--home DIR"]);
    }
    assert!(!home.path().exists());
    // The signature is judged all the same.
    let file = home.file("text.pdf", "no PDF at all");
    let verdict = home.run(&["verify", &file, "--json"]).ended_with(1).json();
    assert_eq!((&verdict["signature"], &verdict["reasons"][1]["code"]), (&"missing".into(), &"no-register".into()), "{verdict}");
    assert!(!home.path().exists());

    home.configure("");
    for command in commands.iter().take(commands.len() - 2) {
        assert_told(&home.run(command), &["no database yet", "ecert ingest"]);
    }
    assert_eq!(home.done(&["db", "status"])["running"], false);
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1, "the configuration alone");
}

#[test]
fn a_register_that_does_not_answer_leaves_the_signature_judged() {
    let home = Home::new();
    let file = home.file("text.pdf", "no PDF at all");
    let nobody = format!("postgresql://ecert@localhost/ecert?host={}", argument(&home.beside("nobody")));
    let verify = ["verify", &file, "--database-url", &nobody, "--json"];
    let verdict = home.run(&verify).ended_with(1).json();
    let nothing = serde_json::json!({ "number": null, "kind": null, "holder_masked": null, "valid_until": null });
    assert_eq!((&verdict["signature"], &verdict["status"]), (&"missing".into(), &"unknown".into()), "{verdict}");
    assert_eq!(verdict["certificate"], nothing, "{verdict}");
    let reason = &verdict["reasons"].as_array().unwrap()[1];
    assert_eq!(reason["code"], "register-unreachable", "{verdict}");
    assert!(["zh", "en"].iter().all(|language| !reason[language].as_str().unwrap().is_empty()), "{verdict}");
    assert_told(&home.run(&["verify", &file, "--database-url", "nonsense"]), &["postgresql://"]);
    assert_told(&home.run(&["batch", "list", "--database-url", &nobody]), &["no connection to the database"]);
}

#[test]
fn a_home_that_is_no_folder_is_refused_by_every_command() {
    let home = Home::new();
    let blocked = home.file("blocked", "a file");
    let below = argument(&home.beside("blocked").join("home"));
    let file = home.file("any.csv", "alpha,beta\n1,2\n");
    let commands: [&[&str]; 6] = [
        &["demo", "--rows", "20"],
        &["db", "start"],
        &["batch", "list"],
        &["keys", "init"],
        &["work", "--until-idle"],
        &["ingest", &file, "--as", "certificates", "--kind", "architect"],
    ];
    for command in commands {
        for path in [&blocked, &below] {
            let mut program = tests::program::ecert();
            program.args(command).args(["--home", path]);
            let run = tests::program::Running::start(program).wait();
            // A delivery is looked at before the home is touched.
            let words: &[&str] = if command[0] == "ingest" { &[] } else { &["blocked", "--home"] };
            assert_told(&run, words);
        }
    }
    assert_eq!(fs::read(home.beside("blocked")).unwrap(), b"a file");
}

#[test]
fn an_unknown_key_of_the_configuration_is_refused_with_its_name() {
    let home = Home::new();
    let cases: [(&str, &[&str]); 5] = [
        ("[work]\nlease_secconds = 2\n", &["ecert.toml", "lease_secconds", "lease_seconds"]),
        ("[wrok]\n", &["ecert.toml", "wrok"]),
        ("[work]\nlease_seconds = 1\n", &["ecert.toml", "work.lease_seconds"]),
        ("[work]\nlease_seconds = \"long\"\n", &["ecert.toml", "line 2", "work.lease_seconds", "a whole number"]),
        ("not toml", &["ecert.toml"]),
    ];
    for (toml, words) in cases {
        home.configure(toml);
        assert_told(&home.run(&["batch", "list"]), words);
        assert_told(&home.run(&["db", "status", "--json"]), words);
    }
    home.configure("");
    let named = argument(&home.beside("named.toml"));
    assert_told(&home.run(&["batch", "list", "--config", &named]), &["named.toml"]);
}

#[test]
fn an_archive_of_photos_that_unfolds_without_measure_is_refused_at_its_first_attempt() {
    let home = Home::new();
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let zeros = vec![0; 9 << 20];
    for number in 0..12 {
        writer.start_file(format!("{number}.jpg"), zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut writer, &zeros).unwrap();
    }
    let file = home.file("照片.zip", writer.finish().unwrap().into_inner());
    let run = home.run(&["ingest", &file, "--as", "photos", "--wait"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(run.stdout.contains("failed: 照片.zip: the ZIP archive unfolds to more than"), "{run}");
    assert_eq!(home.sql_value("select attempt || ' ' || error_code from job where kind = 'import_photos'"), "1 unreadable");
}

#[test]
fn wrong_usage_ends_with_2() {
    let home = Home::new();
    let commands: [&[&str]; 8] = [
        &["ingest", "any.csv", "--as", "certificates", "--kind", "plumber"],
        &["ingest", "any.csv", "--as", "certificates"],
        &["ingest", "any.csv", "--as", "poems", "--kind", "architect"],
        &["ingest", "any.csv", "--as", "certificates", "--kind", "architect", "--as-of", "31.10.2026"],
        &["sweep", "expire-certificates"],
        &["sweep", "expire-certificates", "--today", "2026-02-30"],
        &["lock", "add", "--cause", "test"],
        &["dust"],
    ];
    for command in commands {
        let run = home.run(command).ended_with(2);
        assert!(run.stderr.starts_with("error: ") && !run.stderr.contains("panicked"), "{run}");
        assert_eq!(run.stdout, "", "{run}");
    }
    assert!(home.run(&["ingest", "any.csv", "--as", "certificates", "--kind", "plumber"]).stderr.contains("safety-personnel"));
    assert!(!home.path().exists(), "wrong usage leaves nothing");
}
