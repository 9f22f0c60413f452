//! Keys that others may have: what they signed is refused with the reason, by the home and by whoever has its trust file.

#![expect(clippy::unwrap_used, reason = "what a test cannot read has failed")]

use std::fs;
use std::io::Write as _;

use rand::SeedableRng as _;
use rand::rngs::StdRng;
use seal::test_authority::TestAuthority;
use serde_json::Value;
use tests::documents::qr_text;
use tests::home::{Home, argument};
use tests::province::{Import, Province};
use time::macros::datetime;

/// A day on which status lists are published; the program itself takes today's.
const DAY: &str = "2026-11-26";

fn codes(verdict: &Value) -> Vec<&str> {
    verdict["reasons"].as_array().unwrap().iter().map(|reason| reason["code"].as_str().unwrap()).collect()
}

fn publish(home: &Home, out: &str) {
    home.done(&["sweep", "publish-status-lists", "--today", DAY]);
    home.done(&["work", "--queue", "publish_status_list", "--until-idle"]);
    home.done(&["document", "status-list", "--out", out]);
}

/// The id of the key of this purpose that is in use.
fn to_pem(certificate: &str, pem: &str) {
    let made = std::process::Command::new("openssl").args(["x509", "-inform", "der", "-in", certificate, "-out", pem]).status();
    assert!(made.unwrap().success());
}

fn in_use(home: &Home, purpose: &str) -> String {
    let shown = home.done(&["keys", "show"]);
    let key = shown["keys"].as_array().unwrap().iter().find(|key| key["purpose"] == purpose && key["state"] == "in use").unwrap().clone();
    key["id"].as_str().unwrap().to_owned()
}

/// A home with an issued document, and whoever has no register.
struct Issued {
    home: Home,
    stranger: Home,
    document: String,
    text: String,
    trust: String,
    list: String,
}

impl Issued {
    fn new(seed: u32) -> Self {
        let (home, stranger) = (Home::new(), Home::new());
        let province = Province::generate(&home, 60, seed, "lease_seconds = 2");
        home.done(&["keys", "init"]);
        province.deliver(&home, Import::ByWorkers);
        home.done(&["work", "--until-idle"]);
        let number = home.sql_value("select number from certificate where stage = 'issued' and legal_status = 'valid' order by id limit 1");
        let [document, trust, list] = ["one.pdf", "trust.pem", "list.cwt"].map(|name| argument(&home.beside(name)));
        home.done(&["document", "get", &number, "--out", &document]);
        publish(&home, &list);
        let issued = Self { text: qr_text(&document), home, stranger, document, trust, list };
        issued.hand_out();
        issued
    }

    fn hand_out(&self) {
        self.home.done(&["keys", "show", "--trust", &self.trust]);
    }

    /// The verdict without a register, by the trust files given.
    fn offline(&self, what: &[&str], trust: &[&str]) -> Value {
        let mut all = vec!["verify", "--offline", "--json", "--status-list", &self.list];
        all.extend(what);
        trust.iter().for_each(|file| all.extend(["--trust", file]));
        self.stranger.run(&all).json()
    }

    fn is_refused(&self, what: &[&str], trust: &[&str], (signature, status): (&str, &str), expected: &[&str]) {
        let verdict = self.offline(what, trust);
        assert_eq!((&verdict["signature"], &verdict["status"]), (&signature.into(), &status.into()), "{verdict}");
        assert_eq!(codes(&verdict), expected, "{verdict}");
    }

    fn is_valid(&self, what: &[&str], trust: &[&str]) {
        self.is_refused(what, trust, ("valid", "valid"), &[]);
    }
}

#[test]
fn what_a_revoked_key_signed_is_refused_with_the_reason() {
    let issued = Issued::new(37);
    let Issued { home, document, text, trust, list, .. } = &issued;
    let by_code = ["--qr", text.as_str()];
    issued.is_valid(&by_code, &[trust]);
    let before = argument(&home.beside("before.pem"));
    fs::copy(trust, &before).unwrap();
    let (qr, status) = (in_use(home, "qr"), in_use(home, "status"));
    for purpose in ["qr", "status"] {
        let rotated = home.done(&["keys", "rotate", purpose]);
        assert_eq!(rotated["retired"], if purpose == "qr" { &qr } else { &status }.as_str(), "{rotated}");
    }
    issued.hand_out();

    // Retired: what was signed before is believed, and nothing that states a later time.
    for what in [&[document.as_str()][..], &by_code] {
        issued.is_valid(what, &[trust]);
    }
    let told = fs::read_to_string(trust).unwrap();
    let earlier = argument(&home.beside("earlier.pem"));
    for (key, signature, reason) in [(&qr, "untrusted", "key-retired"), (&status, "valid", "list-key-retired")] {
        let line = told.lines().find(|line| line.contains(&format!("{key} retired 2"))).unwrap();
        let (head, _) = line.rsplit_once(' ').unwrap();
        fs::write(&earlier, told.replace(line, &format!("{head} 2020-01-01T00:00:00Z"))).unwrap();
        // A file that does not know yet, beside it, changes nothing.
        for files in [&[earlier.as_str()][..], &[&before, &earlier], &[&earlier, &before]] {
            issued.is_refused(&by_code, files, (signature, "unknown"), &[reason]);
        }
        fs::write(&earlier, told.replace(line, line.replace("retired", "retyred").as_str())).unwrap();
        let unclear = issued.stranger.run(&["verify", "--offline", "--qr", text, "--trust", &earlier]).ended_with(1);
        assert!(unclear.stderr.contains("nothing says what the public key"), "{unclear}");
    }

    // Revoked: the list first, then the code.
    let revoked = home.done(&["keys", "revoke", &status]);
    assert_eq!(
        (&revoked["purpose"], &revoked["revoked"], &revoked["certificates"]),
        (&"status".into(), &status.as_str().into(), &Value::Null)
    );
    issued.hand_out();
    issued.is_refused(&by_code, &[trust], ("valid", "unknown"), &["list-key-revoked"]);
    publish(home, list);
    issued.is_valid(&by_code, &[trust]);

    let concerned: i64 = home
        .sql_value(&format!("select count(*) from issue_order join document on order_id = issue_order.id where qr_key_id = '{qr}'"))
        .parse()
        .unwrap();
    let revoked = home.done(&["keys", "revoke", &qr]);
    assert!(0 < concerned && revoked["certificates"] == concerned, "{concerned}: {revoked}");
    let again = home.run(&["keys", "revoke", &qr]).ended_with(0).stdout;
    assert!(again.contains(&format!("{concerned} certificates carry codes of this key")), "{again}");
    issued.hand_out();
    for files in [&[trust.as_str()][..], &[&before, trust]] {
        issued.is_refused(&by_code, files, ("untrusted", "unknown"), &["key-revoked"]);
        issued.is_refused(&[document], files, ("valid", "unknown"), &["key-revoked"]);
    }
    let verdict = home.run(&["verify", "--qr", text, "--json"]).ended_with(1).json();
    assert_eq!((&verdict["signature"], codes(&verdict)), (&"untrusted".into(), vec!["key-revoked"]), "{verdict}");
    assert!(verdict["certificate"]["number"].is_null() && verdict["reasons"][0]["zh"].as_str().unwrap().contains("作废"), "{verdict}");
    // The document's own signature is of another key.
    assert_eq!(home.done(&["verify", document])["status"], "valid");
    let shown = home.done(&["keys", "show"]);
    let gone: Vec<&Value> = shown["keys"].as_array().unwrap().iter().filter(|key| key["state"] == "revoked").collect();
    assert!(gone.len() == 2 && gone.iter().all(|key| key["since"].as_str().unwrap().ends_with('Z')), "{shown}");
}

#[test]
fn a_key_rotated_as_compromised_is_refused_at_once() {
    let issued = Issued::new(41);
    let Issued { home, document, text, trust, list, .. } = &issued;
    let by_code = ["--qr", text.as_str()];
    let (qr, status) = (in_use(home, "qr"), in_use(home, "status"));
    assert!(home.run(&["keys", "revoke", &qr]).ended_with(1).stderr.contains("keys rotate qr --compromised"));
    let rotated = home.done(&["keys", "rotate", "status", "--compromised"]);
    assert_eq!((&rotated["revoked"], &rotated["certificates"]), (&status.as_str().into(), &Value::Null), "{rotated}");
    issued.hand_out();
    issued.is_refused(&by_code, &[trust], ("valid", "unknown"), &["list-key-revoked"]);
    publish(home, list);
    issued.is_valid(&by_code, &[trust]);
    let rotated = home.done(&["keys", "rotate", "qr", "--compromised"]);
    assert!(rotated["revoked"] == qr.as_str() && rotated["certificates"].as_i64().unwrap() > 0, "{rotated}");
    issued.hand_out();
    issued.is_refused(&by_code, &[trust], ("untrusted", "unknown"), &["key-revoked"]);
    let verdict = home.run(&["verify", document, "--qr", text, "--json"]).ended_with(1).json();
    // The file's own signature is as good as before.
    assert!(verdict["signature"] == "valid" && codes(&verdict).contains(&"key-revoked"), "{verdict}");
}

#[test]
fn documents_of_a_revoked_signer_are_believed_by_the_registers_word_alone() {
    let issued = Issued::new(43);
    let Issued { home, stranger, document, trust, .. } = &issued;
    let anchor = argument(&home.path().join("keys/test-ca.pem"));
    let old = in_use(home, "document");
    assert!(home.run(&["keys", "revoke", &old]).ended_with(1).stderr.contains("take another one first"));

    // Another signer takes its place.
    let mut rng = StdRng::seed_from_u64(44);
    let authority = TestAuthority::create(&mut rng, datetime!(2025-01-01 0:00 UTC)).unwrap();
    let signer =
        authority.issue_signer(&mut rng, seal::LAWFUL_SIGNER_NAME, datetime!(2025-01-01 0:00 UTC), datetime!(2034-01-01 0:00 UTC)).unwrap();
    let key = home.file("signer.der", &signer.key_pkcs8_der);
    let certificate = home.file("certificate.der", &signer.certificate_der);
    let certificates = argument(&home.beside("certificates.pem"));
    to_pem(&certificate, &certificates);
    home.done(&["keys", "import", &key, "--certificates", &certificates]);
    let none = home.run(&["keys", "show", "--trust", trust]).ended_with(1);
    assert!(none.stderr.contains("verify.anchors"), "a trust file without an authority serves nobody: {none}");
    let worked = home.done(&["work", "--until-idle"]);
    assert_eq!(worked["certificates_issued"], 0, "{worked}");
    // Its authority is made known.
    let authority = home.file("authority.der", &authority.ca_certificate_der);
    let anchors = argument(&home.beside("authority.pem"));
    to_pem(&authority, &anchors);
    let mut configuration = std::fs::OpenOptions::new().append(true).open(home.path().join("ecert.toml")).unwrap();
    configuration.write_all(format!("\n[verify]\nanchors = [{anchors:?}]\n").as_bytes()).unwrap();
    assert_eq!(home.done(&["verify", document, "--trust", &anchor])["signature"], "valid");

    let revoked = home.done(&["keys", "revoke", &old]);
    assert!(revoked["purpose"] == "document" && revoked["certificates"].as_i64().unwrap() > 0, "{revoked}");
    let known = home.run(&["verify", document, "--trust", &anchor, "--json"]).ended_with(0).json();
    assert_eq!(
        (&known["signature"], &known["status"], codes(&known)),
        (&"valid".into(), &"valid".into(), vec!["key-revoked-since"]),
        "{known}"
    );

    issued.hand_out();
    issued.is_refused(&[document], &[trust, &anchor], ("untrusted", "unknown"), &["key-revoked"]);
    assert!(issued.offline(&[document], &[trust, &anchor])["certificate"]["number"].is_null());
    // Who has no register and asks for one is told the same.
    let verdict = stranger.run(&["verify", document, "--trust", trust, "--trust", &anchor, "--json"]).ended_with(1).json();
    assert_eq!((&verdict["signature"], codes(&verdict)), (&"untrusted".into(), vec!["key-revoked", "no-register"]), "{verdict}");
    // Without the word on the revocation, nothing is known of it.
    issued.is_refused(&[document], &[&anchor], ("valid", "unknown"), &["key-unknown"]);
}
