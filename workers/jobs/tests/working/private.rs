//! A person's values that a panic or an error carries reach neither the ledger nor the log.

use std::io;
use std::sync::{Arc, Mutex};

use sqlx::PgPool;
use tracing_subscriber::fmt::MakeWriter;
use workers::adapter::Outcome;

use crate::bricklayer::{Act, Bricklayer, attempt, enqueue, prepare, state, text};

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_persons_values_reach_neither_the_ledger_nor_the_log(pool: PgPool) {
    prepare(&pool).await;
    let log = Log::default();
    tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone()).with_ansi(false).init();
    for (act, told) in [
        (Act::Panic, "panicked at workers/jobs/tests/working/bricklayer.rs:"),
        (Act::PanicInAStep, "panicked at workers/jobs/tests/working/bricklayer.rs:"),
        (Act::BreakAConstraint, "note the owner: database error 23505, table owner, constraint one_owner"),
        (Act::Misread, "read the owner: database error 22P02"),
    ] {
        let job = enqueue(&pool, &[&[1]], 2).await[0];
        let layer = Bricklayer::new(&pool, move |_, _| act);
        assert_eq!(attempt(&pool, &layer, job).await, Outcome::Retrying, "{act:?}");
        assert!(state(&pool, job).await.contains(told), "{act:?} is told: {}", state(&pool, job).await);
        let rows = "select concat((select string_agg(j::text, ' ') from job j), (select string_agg(a::text, ' ') from job_attempt a))";
        let logged = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
        assert!(logged.contains(told), "{act:?} is logged: {logged}");
        // What sqlx says of its own statements is below the level that the program shows.
        let logged: String = logged.lines().filter(|line| !line.contains(" sqlx::query")).collect();
        for kept in [text(&pool, rows).await, logged] {
            for value in ["张三", "610102199001011234"] {
                assert!(!kept.contains(value), "{act:?}: {kept}");
            }
        }
    }
}
