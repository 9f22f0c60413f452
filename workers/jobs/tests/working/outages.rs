//! What every job needs is away: chunks stay whole, lose no attempt, and go on by themselves; the others are not kept waiting.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::FutureExt as _;
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use workers::adapter::{Holder, Outcome};
use workers::run::{Handler, WorkOptions, work};

use crate::bricklayer::{Act, Bricklayer, attempt, enqueue, laid, number, outcomes, prepare, run, state, text};

async fn make_due(pool: &PgPool) {
    run(pool, "update job set run_at = clock_timestamp() where state = 'retrying'").await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_full_disk_neither_halves_a_chunk_nor_kills_it(pool: PgPool) {
    prepare(&pool).await;
    let job = enqueue(&pool, &[&[1, 2]], 2).await[0];
    let layer = Bricklayer::new(&pool, |attempt, _| if attempt.attempt < 5 { Act::FindNoRoom } else { Act::Lay });
    for _ in 0..4 {
        let Outcome::PutOff { code, reason } = attempt(&pool, &layer, job).await else { panic!("the job waits") };
        assert_eq!((code, reason.as_str()), ("object-store", "write: cannot write documents: no storage space"));
        make_due(&pool).await;
    }
    assert_eq!(state(&pool, job).await, "retrying | object-store | write: cannot write documents: no storage space");
    assert_eq!(attempt(&pool, &layer, job).await, Outcome::Ended);
    assert_eq!(outcomes(&pool, job).await, ["retry", "retry", "retry", "retry", "done"]);
    assert_eq!((laid(&pool).await, number(&pool, "select count(*) from job").await), (vec!["1".to_owned(), "2".to_owned()], 1));
    assert_eq!(state(&pool, job).await, "done", "what was wrong is over");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_deadlock_is_tried_again_whole_and_halved_only_at_the_end(pool: PgPool) {
    prepare(&pool).await;
    let job = enqueue(&pool, &[&[1, 2]], 3).await[0];
    let layer = Bricklayer::new(&pool, |_, _| Act::Deadlock);
    for outcome in [Outcome::Retrying, Outcome::Retrying, Outcome::Ended] {
        assert_eq!(attempt(&pool, &layer, job).await, outcome);
        make_due(&pool).await;
    }
    assert_eq!(outcomes(&pool, job).await, ["failed", "failed", "split"]);
    assert_eq!(text(&pool, "select distinct error_code from job_attempt where outcome = 'failed'").await, "database-busy");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_worker_waits_before_a_full_disk_and_goes_on_when_there_is_room(pool: PgPool) {
    prepare(&pool).await;
    let pool = PgPoolOptions::new().max_connections(16).connect_with(pool.connect_options().as_ref().clone()).await.unwrap();
    let bricks: Vec<[i64; 2]> = (0..100).map(|n| [2 * n + 1, 2 * n + 2]).collect();
    let chunks: Vec<&[i64]> = bricks.iter().map(<[i64; 2]>::as_slice).collect();
    enqueue(&pool, &chunks, 2).await;
    let full = Arc::new(AtomicBool::new(true));
    let is_full = Arc::clone(&full);
    let layer = Bricklayer::new(&pool, move |_, _| if is_full.load(Ordering::SeqCst) { Act::FindNoRoom } else { Act::Lay });
    let handlers: [Handler; 1] = [Arc::<Bricklayer>::clone(&layer)];
    let options =
        WorkOptions { holder: Holder { worker: "worker-1".to_owned(), lease: Duration::from_secs(5) }, concurrency: 4, until_idle: true };
    let working = work(&pool, &handlers, &options, std::future::pending().boxed());
    let mending = async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        let tries = layer.calls();
        full.store(false, Ordering::SeqCst);
        tries
    };
    let (worked, tries) = tokio::join!(working, mending);
    worked.unwrap();
    assert!((3..20).contains(&tries), "a few tried, the others waited: {tries}");
    assert_eq!(number(&pool, "select count(distinct brick) from laid").await, 200);
    assert_eq!(number(&pool, "select count(*) from laid").await, 200);
    assert_eq!(number(&pool, "select count(*) from job where state = 'done'").await, 100, "none was halved, none is dead");
}
