//! Workers that stand still (SIGSTOP) between any two steps of issuing, are replaced, and wake up; and keys whose signatures cannot be made
//! a second time.

use tests::documents;
use tests::home::Home;
use tests::program::Running;
use tests::province::{Import, Province};

/// Short leases, so that the next worker need not wait long.
const WORK: &str = "lease_seconds = 2";

/// Delivers a register whose certificates are ready and wait for issuing.
fn ready(home: &Home, seed: u32) {
    let province = Province::generate(home, 40, seed, WORK);
    home.done(&["keys", "init"]);
    province.deliver(home, Import::Now);
    home.done(&["work", "--until-idle", "--queue", "review_photos"]);
}

/// A worker that stands still after a step of issuing.
fn standing_after(home: &Home, step: &str, more: &[&str]) -> Running {
    let mut worker = home.start(&[&["work", "--until-idle", "--queue", "issue_certificates", "--stop-after", step], more].concat());
    assert!(worker.stands_still(), "it ended before {step}");
    worker
}

#[test]
fn a_worker_that_stands_still_after_any_step_is_replaced_and_does_no_harm_when_it_wakes() {
    let home = Home::new();
    for (seed, step) in (31..).zip(["begin", "order", "make", "write", "finish"]) {
        ready(&home, seed);
        let before = documents::all(&home).len();
        let sleeper = standing_after(&home, step, &[]);

        home.done(&["work", "--until-idle"]);
        documents::assert_each_issued_once(&home);
        let issued = documents::all(&home);
        assert!(before < issued.len(), "nothing was issued after {step}");

        sleeper.signal("CONT");
        let woken = sleeper.wait();
        assert!(!woken.stderr.contains("panicked"), "after {step}: {woken}");
        documents::assert_each_issued_once(&home);
        assert_eq!(documents::all(&home), issued, "after {step} the sleeper changed what was issued");
    }
    let lost: usize = home.sql_value("select count(*) from job_attempt where outcome = 'lost'").parse().expect("a number");
    assert!(5 <= lost, "the attempts of those that stood still are told as lost: {lost}");
}

#[test]
fn an_order_of_a_key_that_signs_with_fresh_randomness_has_one_document_whoever_makes_it() {
    let home = Home::new();
    ready(&home, 37);
    let randomised = "--randomised-keys";
    let sleeper = standing_after(&home, "make", &[randomised]);
    let died = home.run(&["work", "--until-idle", "--queue", "issue_certificates", randomised, "--crash-after", "write"]);
    assert!(died.stderr.contains("crash drill"), "{died}");
    home.done(&["work", "--until-idle", randomised]);
    // Also that no file lies there that no row announces: all made the same documents.
    documents::assert_each_issued_once(&home);
    sleeper.signal("CONT");
    assert!(!sleeper.wait().stderr.contains("panicked"));
    documents::assert_each_issued_once(&home);

    let stored = home.sql("select part, count(*) from order_signature group by part order by part");
    let documents = documents::all(&home);
    let each = documents.len().to_string();
    assert_eq!(stored, [["document", &each], ["statement", &each]].map(|row| row.map(str::to_owned).to_vec()));
    let verified = home.done(&["verify", documents[0].path.to_str().expect("a path of text")]);
    assert_eq!((&verified["signature"], &verified["status"]), (&"valid".into(), &"valid".into()), "{verified}");
}
