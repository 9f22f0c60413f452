//! Workers that stand still (SIGSTOP) between any two steps of issuing, are replaced, and wake up; and keys whose signatures cannot be made
//! a second time.

use tests::decisions::{self, holder};
use tests::documents;
use tests::home::Home;
use tests::program::Running;
use tests::province::{Import, Province};

/// Short leases, so that the next worker need not wait long.
const WORK: &str = "lease_seconds = 2";

/// Delivers a register whose certificates are ready and wait for issuing.
fn ready(home: &Home, seed: u32) {
    ready_with(home, seed, WORK);
}

fn ready_with(home: &Home, seed: u32, work: &str) {
    let province = Province::generate(home, 40, seed, work);
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
fn two_workers_in_the_midst_of_the_same_certificates_issue_each_once() {
    for (seed, step) in (38..).zip(["order", "make", "write"]) {
        let home = Home::new();
        // The first keeps its job while it stands still.
        ready_with(&home, seed, "lease_seconds = 300");
        let first = standing_after(&home, step, &[]);
        let ordered = ordered(&home);
        // A second job names the very certificates of the first.
        let doubled = home.sql(
            "select enqueue_jobs('issue_certificates', array[null::text], array[payload], null, 0, 10) from job
             where kind = 'issue_certificates' and state = 'running'",
        );
        assert!(!doubled.is_empty() && !ordered.is_empty());
        let mut second = home.start(&["work", "--until-idle", "--queue", "issue_certificates"]);
        // It may issue more: what the first had not begun.
        let issued = || home.sql_value("select count(*) from certificate where stage = 'issuing'") == "0";
        assert!(second.comes_to(issued), "the second issues what the first has ordered");
        let documents = documents::all(&home);
        first.signal("CONT");
        for worker in [first, second] {
            assert!(!worker.wait().ended_with(0).stderr.contains("panicked"));
        }
        assert_eq!(home.sql_column("select distinct outcome from job_attempt where outcome in ('lost', 'failed', 'split')"), [""; 0]);
        let after = documents::all(&home);
        assert!(documents.iter().all(|document| after.contains(document)), "after {step}: each has its one document, the second's");
        documents::assert_each_issued_once(&home);
    }
}

#[test]
fn what_a_worker_has_under_way_when_keys_are_changed_is_not_announced() {
    for (seed, step) in (41..).zip(["order", "make", "write"]) {
        let home = Home::new();
        ready_with(&home, seed, "lease_seconds = 300");
        let mut sleeper = standing_after(&home, step, &[]);
        let ordered = ordered(&home);
        home.done(&["keys", "rotate", "qr"]);
        sleeper.signal("CONT");
        let put_off = || home.sql_value("select count(*) from job_attempt where outcome = 'retry'") != "0";
        assert!(sleeper.comes_to(put_off), "it ended after {step}");
        sleeper.signal("TERM");
        let slept = sleeper.wait().ended_with(0);
        assert!(slept.stderr.contains("start the worker anew"), "after {step}: {slept}");
        assert_eq!(home.sql_value("select count(*) from document"), "0", "after {step}");

        home.done(&["work", "--until-idle"]);
        assert_eq!(home.sql_value("select count(*) from certificate where stage = 'issuing'"), "0", "after {step}");
        let closed =
            home.sql("select o.qr_key_id, x.reason, count(*) from order_closure x join issue_order o on o.id = x.order_id group by 1, 2");
        let [key, reason, count] = closed[0].as_slice() else { panic!("{closed:?}") };
        assert_eq!((reason.as_str(), count, closed.len()), ("outdated", &ordered.len().to_string(), 1), "after {step}");
        let used = home.sql_column("select distinct o.qr_key_id from document d join issue_order o on o.id = d.order_id");
        assert!(used.len() == 1 && used[0] != *key, "after {step}: {used:?} in place of {key}");
    }
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

/// The certificates whose orders are open, oldest first.
fn ordered(home: &Home) -> Vec<String> {
    home.sql_column("select number from certificate where stage = 'issuing' order by id")
}

#[test]
fn what_changes_while_a_worker_stands_still_wins_when_it_wakes() {
    let home = Home::new();
    let province = Province::generate(&home, 40, 41, "lease_seconds = 300");
    home.done(&["keys", "init"]);
    province.deliver(&home, Import::Now);
    home.done(&["work", "--until-idle", "--queue", "review_photos"]);
    let sleeper = standing_after(&home, "write", &[]);
    let ordered = ordered(&home);
    let [locked, of_a_locked_person, cancelled, repainted, ..] = ordered.as_slice() else { panic!("{ordered:?}") };

    home.done(&["lock", "add", locked, "--cause", "a test"]);
    let locked_person = holder(&home, of_a_locked_person);
    home.done(&["lock", "add", "--person", &locked_person[2], "--cause", "a test"]);
    decisions::deliver(&home, cancelled, "注销", "2026-11-20", "");
    let swapped = home.sql(&format!(
        "update photo p set portrait_sha256 = b.portrait_sha256, portrait_key = b.portrait_key
         from (select portrait_sha256, portrait_key from photo where state = 'approved' order by id desc limit 1) b
         where p.id = (select r.portrait_photo_id from certificate c join person r on r.id = c.person_id where c.number = '{repainted}')
         returning p.id"
    ));
    assert_eq!(swapped.len(), 2, "the row, and psql's word on it: {swapped:?}");

    sleeper.signal("CONT");
    let woken = sleeper.wait().ended_with(0);
    let lost = "select count(*) from job_attempt where outcome = 'lost'";
    assert_eq!(home.sql_value(lost), "0", "the one who stood still finished what it had begun: {woken}");
    let closed = |number: &str| {
        home.sql_column(&format!(
            "select x.reason || ' ' || o.version from order_closure x join issue_order o on o.id = x.order_id
             join certificate c on c.id = o.certificate_id where c.number = '{number}' order by o.version"
        ))
    };
    let versions = |number: &str| {
        home.sql_column(&format!(
            "select d.version from document d join certificate c on c.id = d.certificate_id where c.number = '{number}' order by d.version"
        ))
    };
    for (number, reason) in [(locked, "locked 1"), (of_a_locked_person, "locked 1"), (cancelled, "cancelled 1")] {
        assert_eq!((closed(number), versions(number)), (vec![reason.to_owned()], Vec::<String>::new()), "{number}");
    }
    assert_eq!((closed(repainted), versions(repainted)), (vec!["changed 1".to_owned()], vec!["2".to_owned()]), "{repainted}");
    let shared = [&locked_person, &holder(&home, repainted)];
    for untouched in ordered[4..].iter().filter(|number| !shared.contains(&&holder(&home, number))) {
        assert_eq!((closed(untouched), versions(untouched)), (Vec::new(), vec!["1".to_owned()]), "{untouched}");
    }
}
