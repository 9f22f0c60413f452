//! Whoever verifies: by the file, by the code, by both, with the register and without it.

#![expect(clippy::unwrap_used, reason = "what a test cannot read has failed")]

use std::fs;

use serde_json::Value;
use tests::decisions;
use tests::documents::qr_text;
use tests::home::{Home, argument};
use tests::province::{Import, Province};

/// A day on which status lists are published; the program itself takes today's.
const DAY: &str = "2026-11-26";

fn codes(verdict: &Value) -> Vec<String> {
    verdict["reasons"].as_array().unwrap().iter().map(|reason| reason["code"].as_str().unwrap().to_owned()).collect()
}

fn publish(home: &Home, out: &str) {
    let swept = home.done(&["sweep", "publish-status-lists", "--today", DAY]);
    assert_eq!((&swept["examined"], &swept["enqueued"]), (&1.into(), &1.into()), "{swept}");
    home.done(&["work", "--queue", "publish_status_list", "--until-idle"]);
    let list = home.done(&["document", "status-list", "--out", out]);
    assert_eq!(list["list"], 1, "{list}");
}

#[test]
fn a_certificate_is_verified_by_file_and_code_with_the_register_and_without_it() {
    let home = Home::new();
    let province = Province::generate(&home, 120, 23, "lease_seconds = 2");
    home.done(&["keys", "init"]);
    province.deliver(&home, Import::ByWorkers);
    home.done(&["work", "--until-idle"]);
    let numbers = home.sql_column("select number from certificate where stage = 'issued' and legal_status = 'valid' order by id limit 2");
    let [first, second] = [0, 1].map(|n| {
        let out = argument(&home.beside(&format!("{n}.pdf")));
        home.done(&["document", "get", &numbers[n], "--out", &out]);
        out
    });
    let (trust, list) = (argument(&home.beside("trust.pem")), argument(&home.beside("list.cwt")));
    home.done(&["keys", "show", "--trust", &trust]);
    assert!(home.run(&["document", "status-list", "--out", &list]).ended_with(1).stderr.contains("is not published"));
    publish(&home, &list);

    by_code(&home, &first, &numbers);
    both(&home, [&first, &second]);
    a_code_of_an_older_version(&home, &second, &numbers[1]);
    without_register(&home, &first, &trust, &list, &numbers[0]);
}

fn by_code(home: &Home, document: &str, numbers: &[String]) {
    let text = qr_text(document);
    for text in [text.clone(), text.to_lowercase(), format!(" {text}\n")] {
        let verdict = home.done(&["verify", "--qr", &text]);
        assert_eq!((&verdict["signature"], &verdict["status"]), (&"valid".into(), &"valid".into()), "{verdict}");
        assert_eq!(verdict["certificate"]["number"], numbers[0].as_str(), "{verdict}");
        assert!(verdict["signer"].is_null() && verdict["sha256"].is_null(), "{verdict}");
    }
    let (head, tail) = text.split_at(text.len() - 30);
    let other = if tail.starts_with('A') { 'B' } else { 'A' };
    for (text, signature, code) in [
        (format!("{head}{other}{}", &tail[1..]), "invalid", "signature-wrong"),
        (text.replace("/V/", "/W/"), "missing", "not-ours"),
        ("https://example.com/".to_owned(), "missing", "not-ours"),
        (text[..text.len() - 40].to_owned(), "invalid", "unreadable"),
    ] {
        let verdict = home.run(&["verify", "--qr", &text, "--json"]).ended_with(1).json();
        assert_eq!(verdict["signature"], signature, "{verdict}");
        assert_eq!((&verdict["status"], codes(&verdict)), (&"unknown".into(), vec![code.to_owned()]), "{verdict}");
    }
    let elsewhere = home.run(&["verify", "--qr", &text.replace("ECERT.EXAMPLE", "EVIL.EXAMPLE"), "--json"]).ended_with(1).json();
    assert_eq!(codes(&elsewhere), ["other-host"], "{elsewhere}");
    let stranger = Home::new();
    let verdict = stranger.run(&["verify", "--qr", &text, "--json"]).ended_with(1).json();
    assert_eq!((&verdict["signature"], codes(&verdict)), (&"untrusted".into(), vec!["key-unknown".to_owned()]), "{verdict}");
}

fn both(home: &Home, [first, second]: [&str; 2]) {
    let own = home.done(&["verify", first, "--qr", &qr_text(first)]);
    assert_eq!((&own["signature"], &own["status"], codes(&own)), (&"valid".into(), &"valid".into(), Vec::new()), "{own}");
    let elsewhere = qr_text(first).replace("ECERT.EXAMPLE", "EVIL.EXAMPLE");
    let lured = home.run(&["verify", first, "--qr", &elsewhere, "--json"]).ended_with(1).json();
    assert_eq!(codes(&lured), ["other-host"], "the link leads elsewhere than that of the file: {lured}");
    let pasted = home.run(&["verify", first, "--qr", &qr_text(second), "--json"]).ended_with(1).json();
    assert_eq!(codes(&pasted), ["qr-of-another-certificate"], "{pasted}");
}

/// A change of employer calls for the next version; the first one, its code and its file, is told as superseded.
fn a_code_of_an_older_version(home: &Home, first: &str, number: &str) {
    decisions::deliver(home, number, "变更", "2026-10-30", "西安丙建筑有限公司");
    home.done(&["work", "--until-idle"]);
    let newer = argument(&home.beside("newer.pdf"));
    assert_eq!(home.done(&["document", "get", number, "--out", &newer])["version"], 2);
    assert_eq!(home.done(&["verify", &newer, "--qr", &qr_text(&newer)])["status"], "valid");
    let superseded = |arguments: &[&str], expected: &[&str]| {
        let verdict = home.run(&[&["verify", "--json"], arguments].concat()).ended_with(1).json();
        assert_eq!(
            (verdict["status"].as_str().unwrap(), codes(&verdict)),
            ("superseded", expected.iter().map(|&c| c.to_owned()).collect()),
            "{verdict}"
        );
        let reason = verdict["reasons"].as_array().unwrap().last().unwrap();
        assert_eq!((&reason["zh"], &reason["en"]), (&"已被第2版取代".into(), &"superseded by version 2".into()), "{verdict}");
    };
    superseded(&[first], &["superseded"]);
    superseded(&["--qr", &qr_text(first)], &["superseded"]);
    let pasted = home.run(&["verify", &newer, "--qr", &qr_text(first), "--json"]).ended_with(1).json();
    assert_eq!(codes(&pasted), ["qr-of-another-version"], "{pasted}");
}

fn without_register(home: &Home, document: &str, trust: &str, list: &str, number: &str) {
    let stranger = Home::new();
    let offline = |arguments: &[&str]| {
        let all = [&["verify"], arguments, &["--offline", "--trust", trust, "--json"]].concat();
        stranger.run(&all).json()
    };
    let text = qr_text(document);
    for what in [&[document][..], &["--qr", &text]] {
        let verdict = offline(&[what, &["--status-list", list]].concat());
        assert_eq!((&verdict["signature"], &verdict["status"]), (&"valid".into(), &"valid".into()), "{verdict}");
        assert_eq!(verdict["certificate"]["number"], number, "{verdict}");
        let verdict = offline(what);
        assert_eq!((&verdict["status"], codes(&verdict)), (&"unknown".into(), vec!["no-status-list".to_owned()]), "{verdict}");
    }

    // Where the file's own statement cannot be believed, no code can be held against it.
    let certificates_only = argument(&home.beside("anchor.pem"));
    fs::copy(home.path().join("keys/test-ca.pem"), &certificates_only).unwrap();
    let verdict = stranger.run(&["verify", document, "--offline", "--trust", &certificates_only, "--json"]).ended_with(1).json();
    assert_eq!((&verdict["signature"], codes(&verdict)), (&"valid".into(), vec!["key-unknown".to_owned()]), "{verdict}");
    // A key of status lists signs no codes, and the other way round.
    let crossed = argument(&home.beside("crossed.pem"));
    let told = fs::read_to_string(trust).unwrap();
    assert!(told.contains("\nqr key ") && told.contains("\nstatus key "), "{told}");
    fs::write(&crossed, told.replace("\nqr key", "\nX key").replace("\nstatus key", "\nqr key").replace("\nX key", "\nstatus key"))
        .unwrap();
    let verdict =
        stranger.run(&["verify", "--qr", &text, "--offline", "--trust", &crossed, "--status-list", list, "--json"]).ended_with(1).json();
    assert_eq!((&verdict["signature"], codes(&verdict)), (&"untrusted".into(), vec!["key-unknown".to_owned()]), "{verdict}");
    fs::write(&crossed, told.replace("\nqr key", "\nX key")).unwrap();
    let unsaid = stranger.run(&["verify", "--qr", &text, "--offline", "--trust", &crossed]).ended_with(1);
    assert!(unsaid.stderr.contains("nothing says what the public key") && unsaid.stderr.contains("qr key"), "{unsaid}");
    let not_ours = stranger.run(&["verify", "--qr", "hello", "--offline", "--json"]).ended_with(1).json();
    assert_eq!(codes(&not_ours), ["not-ours"], "{not_ours}");

    home.done(&["lock", "add", number, "--cause", "a test"]);
    // The old list does not know it yet; the next one does.
    assert_eq!(offline(&[document, "--status-list", list])["status"], "valid");
    let older = argument(&home.beside("older.cwt"));
    fs::copy(list, &older).unwrap();
    publish(home, list);
    // The newest list speaks, in whatever order they are given.
    for lists in [[list, &older], [&older, list]] {
        let verdict = offline(&[document, "--status-list", lists[0], "--status-list", lists[1]]);
        assert_eq!(verdict["status"], "locked", "{verdict}");
    }
    for what in [&[document][..], &["--qr", &text]] {
        let verdict = offline(&[what, &["--status-list", list]].concat());
        assert_eq!((&verdict["status"], codes(&verdict)), (&"locked".into(), vec!["from-status-list".to_owned()]), "{verdict}");
    }
    assert_eq!(home.run(&["verify", "--qr", &text, "--json"]).ended_with(1).json()["status"], "locked");

    // What ended is told by the list as cancelled, whatever decision ended it.
    decisions::deliver(home, number, "注销", "2026-11-20", "");
    publish(home, list);
    for what in [&[document][..], &["--qr", &text]] {
        let verdict = offline(&[what, &["--status-list", list]].concat());
        assert_eq!((&verdict["status"], codes(&verdict)), (&"cancelled".into(), vec!["from-status-list".to_owned()]), "{verdict}");
    }

    let damaged = argument(&home.beside("damaged.cwt"));
    let mut bytes = fs::read(list).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(&damaged, &bytes).unwrap();
    let verdict = offline(&["--qr", &text, "--status-list", &damaged]);
    assert_eq!((&verdict["status"], codes(&verdict)), (&"unknown".into(), vec!["list-signature-wrong".to_owned()]), "{verdict}");
    let no_list = stranger.run(&["verify", "--qr", &text, "--offline", "--trust", trust, "--status-list", document]).ended_with(1);
    assert!(no_list.stderr.contains("no signed status list"), "{no_list}");
    assert!(stranger.run(&["verify"]).ended_with(2).stderr.contains("FILE.pdf"));
}
