//! The worker process: drains its queues, each effect once, waits for what will be due, and stops with its work in hand finished.

use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use store::ledger;
use tokio::sync::watch;
use workers::adapter::Holder;
use workers::run::{Handler, WorkOptions, work};

use crate::bricklayer::{Act, Bricklayer, enqueue, laid, number, outcomes, prepare, state};

/// Connections enough for several workers.
async fn pool_for_workers(pool: &PgPool) -> PgPool {
    PgPoolOptions::new().max_connections(16).connect_with(pool.connect_options().as_ref().clone()).await.unwrap()
}

fn options(worker: &str, until_idle: bool) -> WorkOptions {
    WorkOptions { holder: Holder { worker: worker.to_owned(), lease: Duration::from_secs(5) }, concurrency: 4, until_idle }
}

async fn work_until_idle(pool: &PgPool, layer: &Arc<Bricklayer>, worker: &str) {
    let handlers: [Handler; 1] = [Arc::<Bricklayer>::clone(layer)];
    work(pool, &handlers, &options(worker, true), std::future::pending().boxed()).await.unwrap();
}

/// Enqueues jobs of one brick each, from 1 on.
async fn enqueue_bricks(pool: &PgPool, bricks: i64) {
    let bricks: Vec<[i64; 1]> = (1..=bricks).map(|brick| [brick]).collect();
    let chunks: Vec<&[i64]> = bricks.iter().map(<[i64; 1]>::as_slice).collect();
    enqueue(pool, &chunks, 5).await;
}

/// Every brick from 1 to `last` lies once.
async fn each_brick_lies_once(pool: &PgPool, last: i64) {
    let lies = |what: &str| format!("select {what} from laid");
    assert_eq!(number(pool, &lies("count(*)")).await, last);
    assert_eq!(number(pool, &lies("count(distinct brick)")).await, last);
    assert_eq!(number(pool, &lies("max(brick)")).await, last);
    assert_eq!(number(pool, "select count(*) from job where state = 'done' and attempt = 1").await, last);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_worker_drains_its_queue_with_each_effect_once(pool: PgPool) {
    prepare(&pool).await;
    let pool = pool_for_workers(&pool).await;
    enqueue_bricks(&pool, 200).await;
    let layer = Bricklayer::new(&pool, |_, _| Act::Lay);
    work_until_idle(&pool, &layer, "worker-1").await;
    each_brick_lies_once(&pool, 200).await;
    assert_eq!(layer.calls(), 200);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn two_workers_at_once_share_the_queue_with_each_effect_once(pool: PgPool) {
    prepare(&pool).await;
    let pool = pool_for_workers(&pool).await;
    enqueue_bricks(&pool, 200).await;
    let (one, other) = (Bricklayer::new(&pool, |_, _| Act::Lay), Bricklayer::new(&pool, |_, _| Act::Lay));
    tokio::join!(work_until_idle(&pool, &one, "worker-1"), work_until_idle(&pool, &other, "worker-2"));
    each_brick_lies_once(&pool, 200).await;
    assert_eq!(one.calls() + other.calls(), 200);
    assert!(one.calls() > 0 && other.calls() > 0, "both had a share: {} and {}", one.calls(), other.calls());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_worker_waits_for_a_retry_that_will_be_due(pool: PgPool) {
    prepare(&pool).await;
    let job = enqueue(&pool, &[&[1]], 5).await[0];
    let layer = Bricklayer::new(&pool, |attempt, _| if attempt.attempt == 1 { Act::Fail } else { Act::Lay });
    work_until_idle(&pool, &layer, "worker-1").await;
    assert_eq!(outcomes(&pool, job).await, ["failed", "done"]);
    assert_eq!(laid(&pool).await, ["1"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_worker_waits_for_the_lease_of_a_vanished_one(pool: PgPool) {
    prepare(&pool).await;
    let job = enqueue(&pool, &[&[1]], 5).await[0];
    ledger::begin(&mut pool.acquire().await.unwrap(), job, "vanished", Duration::from_secs(1)).await.unwrap().attempt().unwrap();
    let layer = Bricklayer::new(&pool, |_, _| Act::Lay);
    work_until_idle(&pool, &layer, "worker-1").await;
    assert_eq!(outcomes(&pool, job).await, ["lost", "done"]);
    assert_eq!(laid(&pool).await, ["1"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_bad_brick_neither_stops_the_worker_nor_its_neighbours(pool: PgPool) {
    prepare(&pool).await;
    enqueue(&pool, &[&[1, 2, 3, 4], &[5, 6, 7, 8]], 1).await;
    let layer = Bricklayer::new(&pool, |_, bricks| if bricks.contains(&7) { Act::Panic } else { Act::Lay });
    work_until_idle(&pool, &layer, "worker-1").await;
    assert_eq!(laid(&pool).await, ["1", "2", "3", "4", "5", "6", "8"]);
    assert_eq!(number(&pool, "select count(*) from job where state = 'dead'").await, 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_worker_leaves_queues_alone_that_it_has_no_handler_for(pool: PgPool) {
    prepare(&pool).await;
    enqueue_bricks(&pool, 1).await;
    let other = ledger::enqueue_one(&mut pool.acquire().await.unwrap(), "paint", serde_json::json!({}), None, None).await.unwrap();
    let layer = Bricklayer::new(&pool, |_, _| Act::Lay);
    work_until_idle(&pool, &layer, "worker-1").await;
    assert_eq!(laid(&pool).await, ["1"]);
    assert_eq!(state(&pool, other).await, "waiting", "and does not wait for them");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_worker_that_is_stopped_finishes_the_job_in_hand_and_begins_no_other(pool: PgPool) {
    prepare(&pool).await;
    enqueue_bricks(&pool, 50).await;
    let (began, mut begun) = watch::channel(false);
    let layer = Bricklayer::new(&pool, move |_, _| {
        began.send_replace(true);
        Act::LayAfterTwoRenewals
    });
    let handlers: [Handler; 1] = [layer.clone()];
    let options =
        WorkOptions { holder: Holder { worker: "worker-1".to_owned(), lease: Duration::from_secs(1) }, concurrency: 2, until_idle: false };
    let stop = async move {
        begun.wait_for(|begun| *begun).await.unwrap();
    };
    work(&pool, &handlers, &options, stop.boxed()).await.unwrap();
    let in_state = |state: &str| format!("select count(*) from job where state = '{state}'");
    let done = number(&pool, &in_state("done")).await;
    assert!(done > 0, "the job in hand was finished");
    assert_eq!(laid(&pool).await.len(), usize::try_from(done).unwrap());
    assert_eq!(number(&pool, &in_state("running")).await, 0, "nothing is left in hand");
    assert_eq!(number(&pool, &in_state("waiting")).await, 50 - done, "what had not begun waits for the next worker");
    assert!(done < 50);
}
