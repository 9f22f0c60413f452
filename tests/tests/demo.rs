//! The demo: complete, repeatable, and its documents hold before outside judges and against any change.

#![expect(clippy::unwrap_used, reason = "what a test cannot read has failed")]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tests::documents::{self, Document};
use tests::home::{Home, argument};
use tests::judge::ask;

/// Positions of flipped bytes over the whole file, and as many again within the signature.
const FLIPS: usize = 60;

#[test]
fn the_demo_issues_documents_that_hold_and_a_second_one_changes_nothing() {
    let home = Home::new();
    let summary = home.done(&["demo", "--rows", "200"]);
    assert_eq!(summary["balanced"], true, "{summary}");
    assert_eq!(summary["rows"]["delivered"], 200, "{summary}");
    assert_eq!(summary["refused"], 0, "{summary}");
    let issued = documents::all(&home);
    assert!(!issued.is_empty(), "{summary}");
    assert_eq!(summary["documents"], issued.len(), "{summary}");
    assert_eq!(summary["issued_now"], issued.len(), "{summary}");
    documents::assert_each_issued_once(&home);
    assert!(Path::new(summary["example"].as_str().unwrap()).is_file(), "{summary}");

    let document = issued.first().unwrap();
    a_second_demo_changes_nothing(&home, document, issued.len());
    outside_judges_accept(&home, document);
    the_document_verifies_and_every_flipped_byte_is_refused(&home, document);
}

/// What the home holds and shows.
fn state(home: &Home, number: &str) -> (Vec<String>, usize, [Value; 4]) {
    // A sweep that finds nothing to do still tells that it ran.
    let tables =
        home.sql_column("select relname from pg_stat_user_tables where schemaname = 'public' and relname <> 'sweep_run' order by 1");
    assert!(tables.len() > 15, "{tables:?}");
    let digest = |table: &String| {
        let query = format!("select '{table}', count(*), md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from {table} t");
        home.sql(&query).concat().join(" ")
    };
    let shown = [
        home.done(&["cert", "show", number]),
        home.done(&["cert", "history", number]),
        home.done(&["batch", "list"]),
        home.done(&["lock", "list"]),
    ];
    (tables.iter().map(digest).collect(), documents::files(home).len(), shown)
}

fn a_second_demo_changes_nothing(home: &Home, document: &Document, documents: usize) {
    let before = state(home, &document.number);
    let summary = home.done(&["demo", "--rows", "200"]);
    assert_eq!(summary["issued_now"], 0, "{summary}");
    assert_eq!(summary["documents"], documents, "{summary}");
    assert_eq!(summary["balanced"], true, "{summary}");
    assert_eq!(state(home, &document.number), before);
}

fn outside_judges_accept(home: &Home, document: &Document) {
    let file = argument(&document.path);
    let anchor = argument(&home.path().join("keys/test-ca.pem"));
    let certificate = home.done(&["cert", "show", &document.number]);

    if let Some(verdict) = ask("qpdf", &["--check", &file]) {
        assert!(verdict.accepted && verdict.text.contains("No syntax or stream encoding errors found"), "{}", verdict.text);
    }
    if let Some(verdict) = ask("mutool", &["draw", "-o", &argument(&home.beside("page.png")), &file]) {
        assert!(verdict.accepted && !verdict.text.contains("error"), "{}", verdict.text);
    }
    if let Some(verdict) = ask("pdftotext", &[&file, "-"]) {
        let text: String = verdict.text.split_whitespace().collect();
        for printed in [&certificate["holder"]["name"], &certificate["number"]] {
            let printed: String = printed.as_str().unwrap().split_whitespace().collect();
            assert!(text.contains(&printed), "{printed} is not in {text}");
        }
    }
    the_qr_code_is_read(home, &file);
    the_signature_is_trusted_by_poppler(home, &file, &anchor);
    if let Some(verdict) = ask(&pyhanko(), &["sign", "validate", "--trust", &anchor, "--pretty-print", &file]) {
        for sentence in ["The signature is judged VALID", "The signature covers the entire file", "The signer's certificate is trusted"] {
            assert!(verdict.accepted && verdict.text.contains(sentence), "{}", verdict.text);
        }
    }
}

fn the_qr_code_is_read(home: &Home, file: &str) {
    let page = home.beside("page");
    let Some(drawn) = ask("pdftoppm", &["-r", "150", "-png", "-singlefile", file, &argument(&page)]) else { return };
    assert!(drawn.accepted, "{}", drawn.text);
    let picture = argument(&page.with_extension("png"));
    if let Some(verdict) = ask("zbarimg", &["-q", "--raw", "-Sdisable", "-Sqrcode.enable", &picture]) {
        assert!(verdict.accepted && verdict.text.starts_with("HTTPS://"), "{}", verdict.text);
    }
}

fn the_signature_is_trusted_by_poppler(home: &Home, file: &str, anchor: &str) {
    let folder = home.beside("nss");
    fs::create_dir(&folder).unwrap();
    let trust = format!("sql:{}", folder.display());
    let Some(made) = ask("certutil", &["-N", "-d", &trust, "--empty-password"]) else { return };
    assert!(made.accepted, "{}", made.text);
    let added = ask("certutil", &["-A", "-d", &trust, "-n", "test-ca", "-t", "CT,C,C", "-a", "-i", anchor]).unwrap();
    assert!(added.accepted, "{}", added.text);
    if let Some(verdict) = ask("pdfsig", &["-nssdir", &trust, file]) {
        for sentence in ["Signature is Valid", "Certificate is Trusted", "Total document signed"] {
            assert!(verdict.accepted && verdict.text.contains(sentence), "{}", verdict.text);
        }
    }
}

/// pyHanko lies in an environment of its own, which the caller names.
#[expect(clippy::disallowed_methods, reason = "only the one who runs the suite knows where the judge was installed")]
fn pyhanko() -> String {
    std::env::var("ECERT_PYHANKO").unwrap_or_else(|_| "pyhanko".to_owned())
}

fn the_document_verifies_and_every_flipped_byte_is_refused(home: &Home, document: &Document) {
    let original = fs::read(&document.path).unwrap();
    let copy = home.beside("copy.pdf");
    let verify = |bytes: &[u8]| {
        fs::write(&copy, bytes).unwrap();
        home.run(&["verify", &argument(&copy), "--json"])
    };
    let untouched = verify(&original).ended_with(0).json();
    let certificate = home.done(&["cert", "show", &document.number]);
    assert_eq!(untouched["signature"], "valid", "{untouched}");
    assert_eq!(untouched["signer"], "陕西省住房和城乡建设厅综合服务中心", "{untouched}");
    assert_eq!(untouched["covers_whole_file"], true, "{untouched}");
    assert_eq!(untouched["changed_after_signing"], false, "{untouched}");
    assert_eq!(untouched["status"], "valid", "{untouched}");
    assert_eq!(untouched["reasons"], serde_json::json!([]), "{untouched}");
    for field in ["number", "kind", "valid_until"] {
        assert_eq!(untouched["certificate"][field], certificate[field], "{untouched}");
    }
    let masked = untouched["certificate"]["holder_masked"].as_str().unwrap();
    assert!(masked.contains('*') && !masked.contains(certificate["holder"]["name"].as_str().unwrap()), "{masked}");

    let hole = signature_hole(&original);
    let over_the_file = (0..FLIPS).map(|n| n * (original.len() - 1) / (FLIPS - 1));
    let over_the_signature = (0..FLIPS).map(|n| hole.start + n * (hole.len() - 1) / (FLIPS - 1));
    for (n, position) in over_the_file.chain(over_the_signature).enumerate() {
        let mut changed = original.clone();
        // 0x20 turns upper into lower case, which careless readers of hexadecimal digits take for the same.
        changed[position] ^= [0x01, 0x20, 0x80][n % 3];
        let run = verify(&changed);
        let verdict = run.json();
        assert!(run.code == Some(1) && verdict["signature"] != "valid", "byte {position} of {}: {run}", original.len());
    }
}

/// What the signature's byte range leaves out: the hole with its brackets.
fn signature_hole(pdf: &[u8]) -> std::ops::Range<usize> {
    let text = String::from_utf8_lossy(pdf);
    let (_, after) = text.split_once("/ByteRange").unwrap();
    let (_, after) = after.split_once('[').unwrap();
    let numbers: Vec<usize> = after.split_once(']').unwrap().0.split_whitespace().map(|number| number.parse().unwrap()).collect();
    let &[0, start, end, _] = numbers.as_slice() else { panic!("an odd byte range: {numbers:?}") };
    assert!(pdf[start] == b'<' && pdf[end - 1] == b'>', "the hole is not a string");
    start..end
}

#[test]
fn a_demo_without_rows_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let home: PathBuf = folder.path().join("home");
    let run = tests::program::Running::start({
        let mut command = tests::program::ecert();
        command.args(["demo", "--rows", "0", "--home"]).arg(&home);
        command
    })
    .wait();
    assert_eq!(run.code, Some(1), "{run}");
    assert!(run.stderr.starts_with("ecert: a demo needs at least one row"), "{run}");
    assert!(!home.exists(), "a refused demo leaves nothing");
}
