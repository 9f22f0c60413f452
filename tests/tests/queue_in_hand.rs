//! The queue in the operators' hands: paused, limited, drained, retried, discarded; nothing is lost and every action is on record.

use tests::documents;
use tests::home::Home;
use tests::province::{Import, Province};

/// A home whose certificates are ready and wait for issuing; how many jobs that is.
fn ready(home: &Home, seed: u32) -> i64 {
    let province = Province::generate(home, 40, seed, "lease_seconds = 5");
    home.done(&["keys", "init"]);
    province.deliver(home, Import::Now);
    home.done(&["work", "--until-idle", "--queue", "review_photos"]);
    home.sql_value("select count(*) from job where kind = 'issue_certificates' and state = 'waiting'").parse().expect("a number")
}

fn documents_count(home: &Home) -> usize {
    documents::all(home).len()
}

#[test]
fn a_paused_queue_stands_until_it_is_resumed() {
    let home = Home::new();
    let jobs = ready(&home, 51);
    assert!(0 < jobs);
    let paused = home.done(&["queue", "pause", "--queue", "issue_certificates", "--why", "a test"]);
    assert_eq!(paused["changed"], true);
    let worked = home.done(&["work", "--until-idle"]);
    assert_eq!(worked["certificates_issued"], 0, "and it does not wait for what is paused: {worked}");
    let list = home.done(&["queue", "list"]);
    let issuing = list["queues"].as_array().expect("queues").iter().find(|queue| queue["kind"] == "issue_certificates").expect("the queue");
    assert_eq!((&issuing["paused"], &issuing["waiting"]), (&true.into(), &jobs.into()), "{issuing}");

    home.done(&["queue", "resume"]);
    home.done(&["queue", "limit", "--queue", "issue_certificates", "--running", "1"]);
    home.done(&["work", "--until-idle"]);
    assert!(0 < documents_count(&home));
    documents::assert_each_issued_once(&home);
    let audit = home.sql_column("select action from audit where action like 'queue-%' order by id");
    assert_eq!(audit, ["queue-paused", "queue-resumed", "queue-limited"]);
}

#[test]
fn a_drained_host_begins_nothing_and_its_workers_end() {
    let home = Home::new();
    ready(&home, 52);
    let worker = home.start(&["work"]);
    let drained = home.done(&["queue", "drain"]);
    // Without --until-idle: it ends because its host is drained.
    assert!(worker.wait().ended_with(0).stderr.contains("this host is drained"));
    let before = documents_count(&home);
    home.done(&["work"]);
    assert_eq!(documents_count(&home), before, "a worker that starts on a drained host ends without work");
    home.done(&["queue", "drain", drained["host"].as_str().expect("a name"), "--undo"]);
    home.done(&["work", "--until-idle"]);
    documents::assert_each_issued_once(&home);
}

#[test]
fn what_died_is_told_by_its_code_and_tried_again_or_discarded() {
    let home = Home::new();
    ready(&home, 53);
    // What only an object that stays away for a quarter of an hour would bring about.
    let died = home.sql(
        "with died as (update job set state = 'dead', finished_at = now(), attempt = 10, error_code = 'object-missing', error_text = 'a test'
                       where kind = 'issue_certificates' and state = 'waiting' returning id) select id from died order by id",
    );
    let groups = home.done(&["queue", "dead"]);
    assert_eq!((&groups["dead"][0]["error_code"], &groups["dead"][0]["jobs"]), (&"object-missing".into(), &died.len().into()));
    let shown = home.done(&["queue", "show", &died[0][0]]);
    let about = shown["about"].as_array().expect("what it is about");
    assert!(about.iter().all(|one| one["subject"].as_str().is_some_and(|subject| subject.starts_with("certificate:"))), "{shown}");
    assert_eq!(about[0]["state"], "valid ready");

    let retry = ["queue", "retry", "--error", "object-missing", "--why", "it is back"];
    let dry = home.done(&[&retry[..], &["--dry-run"]].concat());
    assert_eq!((&dry["changed"], &dry["jobs"][0]["state"]), (&died.len().into(), &"dead".into()), "{dry}");
    home.done(&["work", "--until-idle"]);
    assert_eq!(documents_count(&home), 0, "a dry run changes nothing");
    assert_eq!(home.done(&retry)["changed"], died.len());
    home.done(&["work", "--until-idle"]);
    assert!(0 < documents_count(&home));
    documents::assert_each_issued_once(&home);

    let wrong = home.run(&["queue", "discard"]);
    assert_eq!(wrong.code, Some(1), "{wrong}");
    assert!(wrong.stderr.contains("--all"), "{wrong}");
    assert_eq!(home.run(&["queue", "list", "--queue", "issue", "--older-than", "10"]).code, Some(2), "an age has a unit");
    assert_eq!(home.done(&["queue", "discard", "--all"])["changed"], 0);
    let audit = home.sql("select action, detail ->> 'changed', detail ->> 'why' from audit where action like 'jobs-%' order by id");
    assert_eq!(
        audit,
        [["jobs-retried", &died.len().to_string(), "it is back"], ["jobs-discarded", "0", ""]].map(|row| row.map(str::to_owned).to_vec())
    );
}
