//! An import that is killed again and again ends as if nothing had happened.

use std::process::Command;

use tests::home::{Home, argument};

/// Rows of the invented province; a third of them stand in the delivered register. More by `ECERT_KILLED_IMPORT_ROWS`.
const ROWS: &str = "900";

/// When the workers are killed: while rows are read, early and late; when all are read; while they are merged, early and late.
const MOMENTS: [(&str, &str); 5] = [
    ("a few steps are staged", "select count(*) >= 3 from intake_step"),
    ("many steps are staged", "select count(*) >= 20 from intake_step"),
    ("everything is read", "select phase <> 'read' from intake_batch"),
    ("a few steps are merged", "select count(*) >= 3 from intake_step where merged_at is not null"),
    ("many steps are merged", "select count(*) >= 12 from intake_step where merged_at is not null"),
];

/// Everything that an import makes, without surrogate ids and times; the chains of events are checked in place of their hashes.
const CONTENT: [(&str, &str); 6] = [
    ("persons", "select md5(string_agg(concat_ws('|', id_kind, id_number, id_original, name, sex, birth_date, phone), E'\\n' order by id_number, id_kind)) from person"),
    ("employers", "select md5(string_agg(concat_ws('|', name, match_key, code), E'\\n' order by match_key, code)) from employer"),
    ("certificates", "select md5(string_agg(concat_ws('|', c.kind, c.number, c.number_printed, p.id_number, e.match_key, e.code, c.category, c.duty,
        c.first_issued_on, c.issued_on, c.valid_from, c.valid_until, c.legal_status, c.stage, c.issue_requested, c.revision, c.event_seq), E'\\n'
        order by c.number)) from certificate c join person p on p.id = c.person_id left join employer e on e.id = c.employer_id"),
    ("events", "select md5(string_agg(concat_ws('|', c.number, v.seq, v.actor, v.event, v.legal_status, v.stage, v.detail,
        v.hash = event_hash('\\x', v.certificate_id, v.seq, v.at, v.actor, v.event, v.legal_status, v.stage, v.detail),
        v.hash = c.event_hash), E'\\n' order by c.number, v.seq)) from certificate_event v join certificate c on c.id = v.certificate_id"),
    ("rows", "select md5(string_agg(concat_ws('|', row_no, line, outcome, superseded, findings, original, number, name, id_number, request), E'\\n'
        order by row_no)) from intake_row"),
    ("batch", "select concat_ws('|', state, rows_read, rows_loaded, rows_warned, rows_held, rows_rejected, rows_dropped,
        (select sum(certificates_created) from intake_step), (select count(*) from intake_known)) from intake_batch"),
];

/// An invented register beside the home, and the configuration for it.
fn register(home: &Home) -> (String, String) {
    let folder = home.beside("province");
    #[expect(clippy::disallowed_methods, reason = "a size for trials by hand")]
    let rows = std::env::var("ECERT_KILLED_IMPORT_ROWS").unwrap_or_else(|_| ROWS.to_owned());
    home.done(&["sample", "--rows", &rows, "--seed", "11", "--out", &argument(&folder)]);
    let toml = std::fs::read_to_string(folder.join("ecert.toml")).expect("a sample has a configuration");
    (argument(&folder.join("安管人员.csv")), format!("{toml}\n[work]\nlease_seconds = 2\nimport_chunk = 10\n"))
}

/// Delivers the register to a home, to be imported by workers.
fn deliver(home: &Home, (register, toml): &(String, String)) {
    home.configure(toml);
    home.done(&["ingest", register, "--as", "certificates", "--kind", "safety-personnel", "--issue", "all"]);
}

/// Whether a condition holds in the home's database now.
fn holds(url: &str, condition: &str) -> bool {
    let output = Command::new("psql").args([url, "--no-psqlrc", "-qAtc", condition]).output().expect("psql is installed");
    String::from_utf8_lossy(&output.stdout).trim() == "t"
}

#[test]
fn an_import_killed_at_five_moments_ends_as_one_that_nobody_disturbed() {
    let (undisturbed, killed) = (Home::new(), Home::new());
    let register = register(&undisturbed);
    deliver(&undisturbed, &register);
    deliver(&killed, &register);
    undisturbed.done(&["work", "--until-idle"]);

    let url = killed.done(&["db", "url"])["url"].as_str().unwrap().to_owned();
    for (attempt, (moment, condition)) in (1..).zip(MOMENTS) {
        // Only while its own attempt is under way: what it waits for may have been reached by the one before.
        let condition = format!("select ({condition}) and (select max(attempt) >= {attempt} from job)");
        let (was_killed, run) = killed.start(&["work", "--until-idle"]).kill_when(|| holds(&url, &condition));
        assert!(was_killed, "{moment}: the import ended before it could be killed: {run}");
    }
    killed.done(&["work", "--until-idle"]);

    let attempts = killed.sql_column("select attempt || ' ' || outcome from job_attempt order by attempt");
    let lost = attempts.iter().filter(|attempt| attempt.ends_with("lost")).count();
    assert_eq!(lost, MOMENTS.len(), "each kill cost an attempt: {attempts:?}");
    assert_same(&killed, &undisturbed);
}

/// Everything that the import of one home made is what that of the other made.
fn assert_same(home: &Home, undisturbed: &Home) {
    for (what, query) in CONTENT {
        let expected = undisturbed.sql_value(query);
        assert!(!expected.is_empty(), "{what}: nothing to compare");
        assert_eq!(home.sql_value(query), expected, "{what} differ");
    }
}

#[test]
fn an_import_whose_database_falls_three_times_ends_as_one_that_nobody_disturbed() {
    let (undisturbed, fallen) = (Home::new(), Home::new());
    let (register, toml) = register(&undisturbed);
    let import = ["ingest", &register, "--as", "certificates", "--kind", "safety-personnel", "--issue", "all", "--wait"];
    for home in [&undisturbed, &fallen] {
        home.configure(&toml);
    }
    undisturbed.done(&import);

    let (staged, merged) = ("select count(*) from intake_step", "select count(*) from intake_step where merged_at is not null");
    fallen.done(&["migrate"]);
    for (moment, steps) in [("steps are staged", staged), ("steps are merged", merged), ("more steps are merged", merged)] {
        let server = fallen.done(&["db", "start"]);
        let url = server["url"].as_str().unwrap().to_owned();
        let condition = format!("select ({steps}) >= {} + 3", fallen.sql_value(steps));
        let pid = fallen.done(&["db", "status"])["pid"].as_i64().unwrap();
        let mut running = fallen.start(&import);
        assert!(running.comes_to(|| holds(&url, &condition)), "{moment}: {}", running.wait());
        // At once and without a checkpoint, as when the machine's power fails for the server alone.
        tests::program::signal(pid, "QUIT");
        let run = running.wait().ended_with(1);
        assert!(run.stderr.contains("the database went away while batch 1 was imported"), "{moment}: {run}");
    }
    fallen.done(&import);
    assert_same(&fallen, &undisturbed);
}

#[test]
fn an_import_that_stands_still_is_taken_over_and_does_no_harm_when_it_wakes() {
    let (undisturbed, slept) = (Home::new(), Home::new());
    let register = register(&undisturbed);
    deliver(&undisturbed, &register);
    deliver(&slept, &register);
    undisturbed.done(&["work", "--until-idle"]);

    let url = slept.done(&["db", "url"])["url"].as_str().unwrap().to_owned();
    // While a few steps are staged, and while a few are merged.
    let sleepers: Vec<_> = [MOMENTS[0], MOMENTS[3]]
        .into_iter()
        .map(|(moment, condition)| {
            let mut running = slept.start(&["work", "--until-idle"]);
            assert!(running.comes_to(|| holds(&url, condition)), "{moment}: the import ended before");
            running.signal("STOP");
            running
        })
        .collect();
    slept.done(&["work", "--until-idle"]);
    assert_eq!(slept.sql_value("select state from intake_batch"), "finished");
    for sleeper in &sleepers {
        sleeper.signal("CONT");
    }
    for sleeper in sleepers {
        let run = sleeper.wait();
        assert!(!run.stderr.contains("panicked"), "{run}");
    }
    let attempts = slept.sql_column("select attempt || ' ' || outcome from job_attempt order by attempt");
    assert_eq!(attempts, ["1 lost", "2 lost", "3 done"]);
    assert_same(&slept, &undisturbed);
}
