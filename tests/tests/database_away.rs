//! PostgreSQL goes away for longer than a lease while a worker is busy: nothing is lost, halved or tried in vain, and the log stays calm.

use std::time::{Duration, Instant};

use tests::documents;
use tests::home::Home;
use tests::program;
use tests::province::{Import, Province};

/// Longer than the lease below.
const AWAY: Duration = Duration::from_secs(8);

#[test]
fn a_worker_waits_while_the_database_is_away_and_goes_on_by_itself() {
    let home = Home::new();
    let province = Province::generate(&home, 400, 61, "lease_seconds = 3");
    home.done(&["keys", "init"]);
    province.deliver(&home, Import::Now);
    let approved = || home.sql_value("select count(*) from photo where state = 'approved'") != "0";
    let mut worker = home.start(&["work", "--until-idle"]);
    assert!(worker.comes_to(approved), "it reviews");
    // What `pg_ctl stop -m immediate` sends.
    let server = std::fs::read_to_string(home.path().join("postgres/data/postmaster.pid")).expect("a server runs");
    let server: i64 = server.lines().next().and_then(|line| line.trim().parse().ok()).expect("its number");
    program::signal(server, "QUIT");
    let began = Instant::now();
    assert!(worker.comes_to(|| AWAY < began.elapsed()), "it ended when the database went away");
    home.done(&["db", "start"]);
    let run = worker.wait().ended_with(0);

    documents::assert_each_issued_once(&home);
    assert_eq!(home.sql_value("select count(*) from job where state <> 'done'"), "0");
    assert_eq!(home.sql_column("select outcome from job_attempt where outcome in ('failed', 'split', 'lost')"), [""; 0], "{run}");
    let lines = |what: &str| run.stderr.lines().filter(|line| line.contains(what) && line.contains("gate=database")).count();
    assert_eq!((lines("the work waits"), lines("the work goes on")), (1, 1), "once for each change: {run}");
}
