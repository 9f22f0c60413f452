//! Workers that die: at each step of issuing, and by SIGKILL at moments that nobody chose. What they leave is finished by the next.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

use tests::documents;
use tests::home::Home;
use tests::province::{Import, Province};

/// Short leases, so that the next worker need not wait long; small chunks, so that a worker dies with chunks before and behind it.
const WORK: &str = "lease_seconds = 2";

#[test]
fn a_worker_that_dies_after_any_step_of_issuing_costs_time_and_nothing_else() {
    let home = Home::new();
    for (seed, step) in (1..).zip(["begin", "order", "make", "write", "finish"]) {
        let province = Province::generate(&home, 60, seed, WORK);
        home.done(&["keys", "init"]);
        province.deliver(&home, Import::Now);
        let before = documents::all(&home).len();

        let died = home.run(&["work", "--until-idle", "--crash-after", step]);
        assert_ne!(died.code, Some(0), "after {step}: {died}");
        assert!(died.stderr.contains("crash drill"), "after {step}: {died}");
        let open = home.sql_value("select count(*) from certificate where stage in ('ready', 'issuing')");
        assert_ne!(open, "0", "the drill after {step} left nothing to do");

        home.done(&["work", "--until-idle"]);
        documents::assert_each_issued_once(&home);
        assert!(documents::all(&home).len() > before, "nothing was issued after {step}");
        let lost = home.sql_value("select count(*) from job_attempt where outcome = 'lost'");
        assert!(lost.parse::<u32>().unwrap() >= seed, "the attempts that died are told: {lost} after {seed} drills");
    }
    let closed = home.sql_column("select reason from order_closure");
    assert!(closed.is_empty(), "orders that still held are carried out as stored: {closed:?}");
}

#[test]
fn a_drill_at_an_unknown_step_is_refused() {
    let home = Home::new();
    let run = home.run(&["work", "--until-idle", "--crash-after", "lunch"]).ended_with(1);
    assert!(run.stderr.contains("begin, order, make, write, finish"), "{run}");
}

#[test]
fn workers_killed_at_random_moments_lose_no_job_and_issue_nothing_twice() {
    let home = Home::new();
    let province = Province::generate(&home, 150, 7, WORK);
    home.done(&["keys", "init"]);
    province.deliver(&home, Import::ByWorkers);

    let moments = [random_milliseconds(200, 1_200), random_milliseconds(300, 3_000)];
    let mut killed = 0;
    for moment in moments {
        let (was_killed, run) = home.start(&["work", "--until-idle"]).kill_after(moment);
        killed += u32::from(was_killed);
        assert!(was_killed || run.code == Some(0), "{moments:?}: {run}");
    }
    assert!(killed > 0, "the workers were done before they could be killed: {moments:?}");

    let run = home.run(&["work", "--until-idle"]);
    assert_eq!(run.code, Some(0), "{moments:?}: {run}");
    documents::assert_each_issued_once(&home);
    assert_eq!(documents::all(&home).len(), province.issuable(), "{moments:?}");
}

fn random_milliseconds(least: u64, most: u64) -> Duration {
    // The standard library's only randomness: every state begins with other keys.
    Duration::from_millis(least + RandomState::new().build_hasher().finish() % (most - least))
}
