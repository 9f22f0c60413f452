//! Locks stop and lifting them restores; a sweep ends what ran out, once; the history tells who did it.

#![expect(clippy::unwrap_used, reason = "what a test cannot read has failed")]

use serde_json::Value;
use tests::home::{Home, argument};
use tests::province::{Import, Province};

/// A home whose certificates are issued or, with `issue` false, ready to be.
fn home_with_certificates(seed: u32, issue: bool) -> (Home, Province) {
    let home = Home::new();
    let province = Province::generate(&home, 80, seed, "lease_seconds = 2");
    home.done(&["keys", "init"]);
    province.deliver(&home, Import::Now);
    if issue {
        home.done(&["work", "--until-idle"]);
    } else {
        home.done(&["work", "--until-idle", "--queue", "review_photos"]);
    }
    (home, province)
}

fn stage(home: &Home, number: &str) -> Value {
    home.done(&["cert", "show", number])["stage"].clone()
}

fn codes(document: &Value) -> Vec<&str> {
    document["reasons"].as_array().unwrap().iter().map(|reason| reason["code"].as_str().unwrap()).collect()
}

#[test]
fn a_lock_stops_the_document_at_once_and_lifting_it_gives_it_back() {
    let (home, province) = home_with_certificates(11, true);
    let number = &home.sql_column(&format!(
        "select number from certificate where stage = 'issued' and valid_until > date '{}' order by id limit 1",
        province.as_of()
    ))[0];
    let out = argument(&home.beside("got.pdf"));
    let again = argument(&home.beside("again.pdf"));
    let got = home.done(&["document", "get", number, "--out", &out]);
    assert_eq!(got["number"], number.as_str());
    assert_eq!(home.done(&["verify", &out])["status"], "valid");

    // Who acts must be known.
    let lock = ["lock", "add", number, "--cause", "违规锁定", "--as-staff", "王监督"];
    let unknown = home.run(&lock).ended_with(1);
    assert!(unknown.stderr.contains("王监督") && unknown.stderr.contains("staff add"), "{unknown}");
    assert_eq!(home.done(&["cert", "show", number])["locks"], serde_json::json!([]));
    home.done(&["staff", "add", "王监督"]);
    let added = home.done(&lock);
    let id = added["id"].as_str().unwrap().to_owned();
    assert!(added["holder_masked"].as_str().unwrap().ends_with('*'), "{added}");
    // The same lock again is a slip, and changes nothing.
    let events = home.sql_value("select count(*) from certificate_event");
    let again_refused = home.run(&lock).ended_with(1);
    assert!(again_refused.stderr.contains(&format!("lock {id} is in force")), "{again_refused}");
    assert_eq!(home.sql_value("select count(*) from certificate_event"), events);
    assert_eq!(home.sql_value("select count(*) from lock"), "1");

    let shown = home.done(&["cert", "show", number]);
    assert_eq!(shown["locks"][0]["id"], id.as_str(), "{shown}");
    assert_eq!(codes(&shown), ["locked"], "{shown}");
    assert_eq!(shown["legal_status"], "valid", "a lock is no legal status: {shown}");
    let refused = home.run(&["document", "get", number, "--out", &again]).ended_with(1);
    assert!(refused.stderr.starts_with("ecert: ") && refused.stderr.contains("locked") && refused.stderr.contains("锁定"), "{refused}");
    assert!(!home.beside("again.pdf").exists());
    let verdict = home.run(&["verify", &out, "--json"]).ended_with(1).json();
    assert_eq!((&verdict["signature"], &verdict["status"]), (&"valid".into(), &"locked".into()), "{verdict}");
    assert_eq!(codes(&verdict), ["locked"], "{verdict}");

    let lift = ["lock", "lift", &id, "--why", "已处理", "--as-staff", "王监督"];
    home.done(&lift);
    assert_eq!(home.run(&lift).code, Some(1), "a lock is lifted once");
    assert_eq!(home.done(&["verify", &out])["status"], "valid");
    home.done(&["document", "get", number, "--out", &again]);
    assert_eq!(std::fs::read(&out).unwrap(), std::fs::read(&again).unwrap());

    let history = home.done(&["cert", "history", number]);
    assert_eq!((&history["intact"], &history["broken_at"]), (&true.into(), &Value::Null), "{history}");
    let deliverer = home.done(&["batch", "list"])["batches"][0]["registered_by"].clone();
    assert_eq!((&history["events"][0]["actor"], &history["events"][0]["delivered_by"]), (&"import".into(), &deliverer), "{history}");
    let told = home.run(&["cert", "history", number]).ended_with(0).stdout;
    assert!(told.ends_with("the chain of events is intact\n") && told.contains(&format!("import for {}", deliverer.as_str().unwrap())));
    let events = history["events"].as_array().unwrap();
    for name in ["locked", "lock-lifted"] {
        let event = events.iter().find(|event| event["event"] == name).unwrap_or_else(|| panic!("no event {name}: {history}"));
        assert_eq!(event["actor"], "staff:王监督", "{event}");
    }
    home.done(&["staff", "disable", "王监督"]);
    assert_eq!(home.run(&lock).code, Some(1), "who is disabled acts no more");

    a_lock_on_the_holder_holds_on_their_certificates(&home, number, &out);
}

fn a_lock_on_the_holder_holds_on_their_certificates(home: &Home, number: &str, document: &str) {
    let person = home.sql_value(&format!("select person_id from certificate where number = '{number}'"));
    let held = home.sql_value(&format!("select count(*) from certificate where person_id = {person}"));
    let added = home.done(&["lock", "add", "--person", &person, "--cause", "法院冻结"]);
    assert_eq!(added["certificates"].to_string(), held);
    assert_eq!(home.run(&["verify", document, "--json"]).ended_with(1).json()["status"], "locked");
    home.done(&["lock", "lift", added["id"].as_str().unwrap(), "--why", "解除"]);
    assert_eq!(home.done(&["verify", document])["status"], "valid");
}

#[test]
fn a_locked_certificate_that_is_ready_is_issued_only_when_the_lock_is_lifted() {
    let (home, _) = home_with_certificates(12, false);
    let ready = home.sql_column("select number from certificate where stage = 'ready' order by id");
    assert!(ready.len() > 5, "{ready:?}");
    let locked = &ready[0];
    let id = home.done(&["lock", "add", locked, "--cause", "违规锁定"])["id"].as_str().unwrap().to_owned();
    home.done(&["work", "--until-idle"]);
    assert_eq!(stage(&home, locked), "ready");
    assert_eq!(stage(&home, &ready[1]), "issued");
    let out = argument(&home.beside("locked.pdf"));
    let refused = home.run(&["document", "get", locked, "--out", &out]).ended_with(1);
    assert!(refused.stderr.contains("no document"), "{refused}");

    let lifted = home.done(&["lock", "lift", &id, "--why", "已处理"]);
    assert_eq!(lifted["to_issue"], 1, "{lifted}");
    home.done(&["work", "--until-idle"]);
    assert_eq!(stage(&home, locked), "issued");
    home.done(&["document", "get", locked, "--out", &out]);
    assert_eq!(home.done(&["verify", &out])["status"], "valid");
    tests::documents::assert_each_issued_once(&home);
}

#[test]
fn the_sweep_expires_what_ran_out_once_and_spares_what_is_locked() {
    let (home, province) = home_with_certificates(13, true);
    let tomorrow = home.sql_value(&format!("select date '{}' + 1", province.as_of()));
    let a_year_on = home.sql_value(&format!("select date '{}' + 365", province.as_of()));
    // One valid certificate is locked and outlives its end; the first of the others ends.
    let due = home.sql_column(&format!(
        "select number from certificate where stage = 'issued' and legal_status = 'valid' and valid_until < date '{a_year_on}' order by id"
    ));
    assert!(due.len() > 1, "{due:?}");
    let (spared, ending) = (&due[0], &due[1]);
    let documents: Vec<String> = [spared, ending]
        .into_iter()
        .enumerate()
        .map(|(n, number)| {
            let out = argument(&home.beside(&format!("{n}.pdf")));
            home.done(&["document", "get", number, "--out", &out]);
            out
        })
        .collect();
    home.done(&["lock", "add", spared, "--cause", "违规锁定"]);
    let sweep = |day: &str, more: &[&str]| home.done(&[&["sweep", "expire-certificates", "--today", day], more].concat());
    let certificates = || home.sql_value("select md5(string_agg(c::text, '|' order by id)) from certificate c");
    let events = || home.sql_value("select count(*) from certificate_event");

    let before = (certificates(), events());
    let dry = sweep(&a_year_on, &["--dry-run"]);
    assert_eq!((certificates(), events()), before, "a dry run changes nothing: {dry}");
    let changed = dry["changed"].as_u64().unwrap();
    assert!(changed > 0 && dry["skipped"]["locked"] == 1, "{dry}");

    let wet = sweep(&a_year_on, &[]);
    assert_eq!(wet["sweep"], "expire-certificates");
    assert_eq!((&wet["today"], &wet["enqueued"]), (&a_year_on.as_str().into(), &0.into()), "{wet}");
    for field in ["examined", "changed", "skipped"] {
        assert_eq!(wet[field], dry[field], "a dry run counts what a run does: {dry} {wet}");
    }
    assert_eq!(events().parse::<u64>().unwrap(), before.1.parse::<u64>().unwrap() + changed, "one event for each");

    let after = (certificates(), events());
    for day in [&a_year_on, &tomorrow] {
        assert_eq!(sweep(day, &[])["changed"], 0);
    }
    assert_eq!((certificates(), events()), after, "a second run changes nothing");

    let shown = home.done(&["cert", "show", ending]);
    assert_eq!(shown["legal_status"], "expired", "{shown}");
    let verdict = home.run(&["verify", &documents[1], "--json"]).ended_with(1).json();
    assert_eq!((&verdict["signature"], &verdict["status"]), (&"valid".into(), &"expired".into()), "{verdict}");
    assert!(codes(&verdict).contains(&"expired"), "{verdict}");
    assert_eq!(home.done(&["cert", "show", spared])["legal_status"], "valid");
    assert_eq!(home.run(&["verify", &documents[0], "--json"]).ended_with(1).json()["status"], "locked");
    for number in [spared, ending] {
        assert_eq!(home.done(&["cert", "history", number])["intact"], true);
    }
    let broken = home.sql_value(
        "select count(*) from certificate_event a where seq > 1
         and not exists (select from certificate_event b where b.certificate_id = a.certificate_id and b.seq = a.seq - 1)",
    );
    assert_eq!(broken, "0", "no event is missing from any chain");
}
