//! A real signer takes the place of the test authority's: brought in with its passphrase, refused with the reason, opened at every start.

#![expect(clippy::unwrap_used, reason = "what a test cannot read has failed")]

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tests::documents;
use tests::home::{Home, argument};
use tests::province::{Import, Province};

const LAWFUL: &str = "陕西省住房和城乡建设厅综合服务中心";
const PASSPHRASE: &str = "correct horse 口令";

fn openssl(folder: &Path, arguments: &[&str]) {
    let output = Command::new("openssl").args(arguments).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "openssl {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// An authority's files: `ca.pem`, and for each name `NAME.key`, `NAME.pem` and the encrypted `NAME.p12`.
fn authority(folder: &Path, signers: &[(&str, &str, &str)]) {
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("pass"), format!("{PASSPHRASE}\n")).unwrap();
    openssl(folder, &["ecparam", "-name", "secp384r1", "-genkey", "-noout", "-out", "ca.key"]);
    let root =
        ["req", "-x509", "-new", "-sha384", "-key", "ca.key", "-days", "3650", "-subj", "/C=CN/O=Test/CN=Test Root", "-out", "ca.pem"];
    openssl(folder, &[&root[..], &["-addext", "keyUsage=critical,keyCertSign,cRLSign"]].concat());
    for (name, common_name, usage) in signers {
        let file = |ending: &str| format!("{name}.{ending}");
        openssl(folder, &["ecparam", "-name", "secp384r1", "-genkey", "-noout", "-out", &file("ec")]);
        openssl(folder, &["pkcs8", "-topk8", "-nocrypt", "-in", &file("ec"), "-out", &file("key")]);
        let subject = format!("/C=CN/O=陕西省住房和城乡建设厅/CN={common_name}");
        openssl(folder, &["req", "-new", "-sha384", "-utf8", "-key", &file("key"), "-subj", &subject, "-out", &file("csr")]);
        fs::write(folder.join("extensions"), format!("basicConstraints=CA:FALSE\nkeyUsage=critical,{usage}\n")).unwrap();
        let (request, certificate) = (file("csr"), file("pem"));
        let issue = ["x509", "-req", "-sha384", "-in", &request, "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "1825"];
        openssl(folder, &[&issue[..], &["-extfile", "extensions", "-out", &certificate]].concat());
        let archive = ["pkcs12", "-export", "-inkey", &file("key"), "-in", &certificate, "-certfile", "ca.pem", "-passout", "file:pass"];
        openssl(folder, &[&archive[..], &["-out", &file("p12")]].concat());
    }
}

#[test]
fn a_signer_is_taken_after_every_check_and_signs_from_the_next_start_on() {
    let home = Home::new();
    let province = Province::generate(&home, 60, 29, "lease_seconds = 2");
    let folder = home.beside("authority");
    let usage = "digitalSignature,nonRepudiation";
    authority(&folder, &[("good", LAWFUL, usage), ("other", "某人", usage), ("unfit", LAWFUL, "digitalSignature")]);
    let file = |name: &str| argument(&folder.join(name));
    let pass = file("pass");

    home.done(&["keys", "init"]);
    let before = home.done(&["keys", "show"]);
    fs::write(folder.join("wrong"), "another\n").unwrap();
    let (good, wrong) = (file("good.p12"), file("wrong"));
    for (arguments, why) in [
        (vec!["keys", "import", &good], "a passphrase is needed"),
        (vec!["keys", "import", &good, "--passphrase-file", &wrong], "the passphrase is wrong"),
        (vec!["keys", "import", &pass, "--passphrase-file", &pass], "no PKCS#12 file"),
        (vec!["keys", "import", &file("other.p12"), "--passphrase-file", &pass], "某人"),
        (vec!["keys", "import", &file("unfit.p12"), "--passphrase-file", &pass], "nonRepudiation"),
        (vec!["keys", "import", &file("good.key"), "--certificates", &file("other.pem")], "belongs to the private key"),
        (vec!["keys", "import", &file("nothing.p12")], "cannot be read"),
        (vec!["keys", "import", &file("good.key")], "--certificates"),
    ] {
        let refused = home.run(&arguments).ended_with(1);
        assert!(refused.stderr.contains(why) && refused.stderr.lines().count() == 1, "{why}: {refused}");
    }
    assert_eq!(home.done(&["keys", "show"])["keys"], before["keys"], "what is refused changes nothing");
    let empty = Home::new();
    assert!(empty.run(&["keys", "import", &good, "--passphrase-file", &wrong]).ended_with(1).stderr.contains("is wrong"));
    assert!(!empty.path().join("keys").exists(), "what is refused makes no test authority either");

    let taken = home.done(&["keys", "import", &good, "--passphrase-file", &pass]);
    let key = taken["imported"].as_str().unwrap().to_owned();
    province.deliver(&home, Import::Now);

    // Without its passphrase it is not opened, and issuing waits with the reason.
    let waits = home.done(&["work", "--until-idle"]);
    assert!(waits["reason"].as_str().unwrap().contains("a passphrase is needed"), "{waits}");
    assert_eq!(home.sql_value("select count(*) from document"), "0");

    let configuration = fs::read_to_string(home.path().join("ecert.toml")).unwrap();
    let anchors = format!("[keys]\npassphrase_file = \"{pass}\"\n[verify]\nanchors = [\"{}\"]\n", file("ca.pem"));
    home.configure(&format!("{configuration}\n{anchors}"));
    home.done(&["work", "--until-idle"]);
    assert_eq!(home.sql_column("select distinct document_key_id from issue_order"), [key]);
    let number = home.sql_value("select number from certificate where stage = 'issued' and legal_status = 'valid' order by id limit 1");
    let out = argument(&home.beside("got.pdf"));
    home.done(&["document", "get", &number, "--out", &out]);
    let verdict = home.done(&["verify", &out]);
    assert_eq!((&verdict["signature"], &verdict["status"]), (&"valid".into(), &"valid".into()), "{verdict}");

    assert!(home.done(&["keys", "show"])["trust_anchor"].is_null(), "the test authority is no anchor any more");

    // The same key in another file, in the open: that file is the current one, and no passphrase is needed.
    let again = home.done(&["keys", "import", &file("good.key"), "--certificates", &file("good.pem")]);
    assert_eq!(again["imported"], taken["imported"]);
    home.configure(&configuration);
    let shown = home.done(&["keys", "show"]);
    assert_eq!(shown["keys"][0]["id"], taken["imported"], "{shown}");
    assert!(shown["keys"][0]["file"].as_str().unwrap().ends_with("signer.key"), "{shown}");

    // Both are listed, and the first one can be taken into use again.
    assert_eq!(shown["keys"].as_array().unwrap().len(), 4, "{shown}");
    let other = &shown["keys"][3];
    assert_eq!((&other["purpose"], &other["state"], &other["since"]), (&"document".into(), &"not in use".into(), &Value::Null), "{shown}");
    let first = other["id"].as_str().unwrap();
    assert!(home.run(&["keys", "use", again["imported"].as_str().unwrap()]).ended_with(1).stderr.contains("2 imported signers"));
    assert!(home.run(&["keys", "use", first]).ended_with(1).stderr.contains("passphrase is needed"));
    assert_eq!(home.done(&["keys", "use", first, "--passphrase-file", &pass])["signer"], taken["imported"]);
    home.configure(&format!("{configuration}\n{anchors}"));
    assert!(home.done(&["keys", "show"])["keys"][0]["file"].as_str().unwrap().ends_with("signer.p12"));
    codes_of_a_retired_key_still_verify(&home, &out, &number);

    // Nothing puts the test authority in a real signer's place: neither an empty nor a missing nor a wrong word on which one signs.
    let current = home.path().join("keys/signers/current");
    let name = fs::read_to_string(&current).unwrap();
    for word in [Some(""), Some("nobody-at-all"), None] {
        match word {
            Some(word) => fs::write(&current, word).unwrap(),
            None => fs::remove_file(&current).unwrap(),
        }
        for arguments in [vec!["keys", "show"], vec!["verify", &out]] {
            assert!(home.run(&arguments).ended_with(1).stderr.contains("keys use ID"), "{word:?} {arguments:?}");
        }
        assert!(home.done(&["work", "--until-idle"])["idle"] == true);
    }
    assert_eq!(home.done(&["keys", "use", name.trim(), "--passphrase-file", &pass])["signer"], taken["imported"]);
}

/// A new QR key and a new status key: what the old ones signed is believed, by the home and by those who have its trust file.
fn codes_of_a_retired_key_still_verify(home: &Home, document: &str, number: &str) {
    let before = home.done(&["keys", "show"]);
    let text = documents::qr_text(document);
    for purpose in ["qr", "status"] {
        let rotated = home.done(&["keys", "rotate", purpose]);
        let old = before["keys"].as_array().unwrap().iter().find(|key| key["purpose"] == purpose).unwrap();
        assert!(rotated["retired"] == old["id"] && rotated["key"] != old["id"], "{rotated}");
    }
    let verdict = home.done(&["verify", "--qr", &text]);
    assert_eq!((&verdict["status"], &verdict["certificate"]["number"]), (&"valid".into(), &number.into()), "{verdict}");
    let (trust, stranger) = (argument(&home.beside("trust.pem")), Home::new());
    home.done(&["keys", "show", "--trust", &trust]);
    let verdict = stranger.run(&["verify", "--qr", &text, "--offline", "--trust", &trust, "--json"]).ended_with(1).json();
    assert_eq!((&verdict["signature"], &verdict["reasons"][0]["code"]), (&"valid".into(), &"no-status-list".into()), "{verdict}");
    // The next version carries a code of the new key.
    let _ = home.sql(&format!(
        "update certificate set stage = 'ready', issue_requested = true, revision = revision + 1 where number = '{number}' returning stage"
    ));
    home.done(&["sweep", "enqueue-ready", "--today", "2026-11-27"]);
    home.done(&["work", "--until-idle"]);
    let keys = home.sql_column(&format!(
        "select qr_key_id from issue_order o join certificate c on c.id = o.certificate_id where c.number = '{number}' order by o.version"
    ));
    assert_eq!(keys.len(), 2, "{keys:?}");
    assert_ne!(keys[0], keys[1]);
    let (old, new) = (home.done(&["keys", "show"]), home.beside("newer.pdf"));
    assert!(old["keys"].as_array().unwrap().iter().any(|key| key["state"] == "retired" && key["id"] == keys[0].as_str()), "{old}");
    home.done(&["document", "get", number, "--out", &argument(&new)]);
    assert_eq!(home.done(&["verify", "--qr", &documents::qr_text(&argument(&new))])["certificate"]["version"], 2);
}
