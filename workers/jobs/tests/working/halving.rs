//! A chunk that fails is halved until the bad item stands alone; its neighbours are done, each once.

use std::time::Duration;

use sqlx::PgPool;
use store::ledger;
use workers::adapter::Outcome;

use crate::bricklayer::{Act, Bricklayer, attempt, enqueue, laid, number, outcomes, prepare, run, texts};

/// Runs every job until none is left to begin.
async fn work_off(pool: &PgPool, layer: &Bricklayer) {
    loop {
        run(pool, "update job set run_at = clock_timestamp() where state = 'retrying'").await;
        let open = texts(pool, "select id::text from job where state in ('waiting', 'retrying') order by id").await;
        if open.is_empty() {
            return;
        }
        for job in open {
            attempt(pool, layer, job.parse().unwrap()).await;
        }
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_bad_brick_of_a_chunk_ends_alone_and_its_neighbours_are_laid(pool: PgPool) {
    prepare(&pool).await;
    let layer = Bricklayer::new(&pool, |_, bricks| match bricks {
        _ if bricks.contains(&6) => Act::Fail,
        _ if bricks.contains(&10) => Act::Panic,
        _ => Act::Lay,
    });
    enqueue(&pool, &[&[1, 2, 3, 4, 5, 6, 7, 8], &[9, 10, 11]], 2).await;
    work_off(&pool, &layer).await;
    assert_eq!(laid(&pool).await, ["1", "2", "3", "4", "5", "7", "8", "9", "11"]);
    let dead = texts(&pool, "select error_code || ' ' || payload::text || ' ' || attempt from job where state = 'dead' order by id").await;
    assert_eq!(dead, ["panicked {\"bricks\": [10]} 2", "failed {\"bricks\": [6]} 2"]);
    assert_eq!(number(&pool, "select count(*) from job where state not in ('done', 'dead')").await, 0);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_chunk_is_replaced_by_its_halves_in_one_transaction(pool: PgPool) {
    prepare(&pool).await;
    let job = enqueue(&pool, &[&[1, 2, 3]], 2).await[0];
    let layer = Bricklayer::new(&pool, |_, _| Act::Fail);
    assert_eq!(attempt(&pool, &layer, job).await, Outcome::Ended);
    assert_eq!(outcomes(&pool, job).await, ["split"]);
    let jobs = texts(&pool, "select state || ' ' || payload::text || ' ' || max_attempts from job order by id").await;
    assert_eq!(jobs, ["done {\"bricks\": [1, 2, 3]} 2", "waiting {\"bricks\": [1]} 2", "waiting {\"bricks\": [2, 3]} 2"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_chunk_that_is_too_slow_is_halved_too(pool: PgPool) {
    prepare(&pool).await;
    let layer =
        Bricklayer::with_time_limit(&pool, Duration::from_millis(500), |_, bricks| if bricks.len() > 1 { Act::Stall } else { Act::Lay });
    enqueue(&pool, &[&[1, 2]], 5).await;
    work_off(&pool, &layer).await;
    assert_eq!(laid(&pool).await, ["1", "2"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_chunk_that_killed_its_worker_is_halved_before_it_is_tried_again(pool: PgPool) {
    prepare(&pool).await;
    let job = enqueue(&pool, &[&[1, 2]], 5).await[0];
    let mut conn = pool.acquire().await.unwrap();
    ledger::begin(&mut conn, job, "killed", Duration::ZERO).await.unwrap().attempt().unwrap();
    ledger::rescue_lost(&mut conn, Duration::from_secs(15)).await.unwrap();
    let layer = Bricklayer::new(&pool, |_, _| Act::Lay);
    assert_eq!(attempt(&pool, &layer, job).await, Outcome::Ended);
    assert_eq!((layer.calls(), outcomes(&pool, job).await), (0, vec!["lost".to_owned(), "split".to_owned()]));
    work_off(&pool, &layer).await;
    assert_eq!(laid(&pool).await, ["1", "2"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_attempt_that_lost_its_job_halves_nothing(pool: PgPool) {
    prepare(&pool).await;
    let job = enqueue(&pool, &[&[1, 2]], 5).await[0];
    let layer = Bricklayer::new(&pool, |_, _| Act::LayWithoutTheJob);
    assert_eq!(attempt(&pool, &layer, job).await, Outcome::Lost);
    assert_eq!(number(&pool, "select count(*) from job").await, 1);
    assert_eq!(number(&pool, "select count(*) from apalis.jobs").await, 1);
}
