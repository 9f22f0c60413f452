//! What keeps jobs from being lost: due retries and leases that ran out; and what the ledger forgets and counts.

use std::time::Duration;

use serde_json::json;
use sqlx::PgPool;
use store::ledger::{self, Ending, FenceError, Rescued};
use store::testing::complete;

use crate::jobs::{KIND, LEASE, NOTHING, attempts, begin, enqueue, fail, finish, let_the_lease_run_out, requeue, rescue, state, tasks};
use crate::sql;

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_retry_is_handed_out_when_it_is_due_and_only_once(pool: PgPool) {
    complete(&pool).await;
    let job = enqueue(&pool, None).await;
    fail(&pool, &begin(&pool, job).await.unwrap(), Duration::from_secs(3600)).await;
    assert_eq!((requeue(&pool).await, tasks(&pool, job).await), (0, 1), "not before its time");
    sql::run(&pool, "update job set run_at = clock_timestamp()").await;
    assert_eq!((requeue(&pool).await, tasks(&pool, job).await), (1, 2), "then once");
    assert_eq!((requeue(&pool).await, tasks(&pool, job).await), (0, 2), "and not again while its task waits");
    assert!(begin(&pool, job).await.is_some());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_job_whose_lease_ran_out_is_given_on(pool: PgPool) {
    complete(&pool).await;
    let job = enqueue(&pool, None).await;
    let lost = begin(&pool, job).await.unwrap();
    assert_eq!(rescue(&pool).await, NOTHING, "a lease in force is left alone");

    let_the_lease_run_out(&pool, job).await;
    assert_eq!(rescue(&pool).await, Rescued { leases: 1, ..NOTHING });
    assert_eq!(state(&pool, job).await, "retrying lease-lost");
    assert_eq!(attempts(&pool, job).await, ["lost"]);
    assert_eq!(tasks(&pool, job).await, 2);
    assert_eq!(rescue(&pool).await, NOTHING, "once");

    let next = begin(&pool, job).await.unwrap();
    assert_eq!((next.attempt, next.lost_before), (2, 1));
    let finished = ledger::finish(&mut pool.acquire().await.unwrap(), &lost, &Ending::Done).await;
    assert!(matches!(finished, Err(FenceError::Lost { .. })), "the attempt that lost it ends nothing");
    finish(&pool, &next, &Ending::Done).await;
    assert_eq!(state(&pool, job).await, "done");
    assert_eq!(attempts(&pool, job).await, ["lost", "done"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_job_that_loses_its_last_lease_is_dead_and_says_why(pool: PgPool) {
    complete(&pool).await;
    let job = enqueue(&pool, None).await;
    for rescued in [Rescued { leases: 1, ..NOTHING }, Rescued { leases: 1, dead: 1, ..NOTHING }] {
        begin(&pool, job).await.unwrap();
        let_the_lease_run_out(&pool, job).await;
        assert_eq!(rescue(&pool).await, rescued);
    }
    assert_eq!(state(&pool, job).await, "dead lease-lost");
    assert_eq!(attempts(&pool, job).await, ["lost", "lost"]);
    assert_eq!(tasks(&pool, job).await, 2, "a dead job is handed to nobody");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_attempt_that_is_just_committing_is_not_given_on(pool: PgPool) {
    complete(&pool).await;
    let job = enqueue(&pool, None).await;
    let attempt = begin(&pool, job).await.unwrap();
    let_the_lease_run_out(&pool, job).await;
    let mut tx = pool.begin().await.unwrap();
    ledger::finish(&mut tx, &attempt, &Ending::Done).await.unwrap();
    assert_eq!(rescue(&pool).await, NOTHING);
    tx.commit().await.unwrap();
    assert_eq!(rescue(&pool).await, NOTHING);
    assert_eq!(state(&pool, job).await, "done");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn pruning_deletes_finished_tasks_and_no_others(pool: PgPool) {
    complete(&pool).await;
    let table = [
        ("Done", 120, false),
        ("Killed", 120, false),
        ("Failed", 120, false),
        ("Done", 1, true),
        ("Pending", 120, true),
        ("Queued", 120, true),
        ("Running", 120, true),
    ];
    for (n, (status, seconds, _)) in table.iter().enumerate() {
        enqueue(&pool, None).await;
        let finished = if matches!(*status, "Done" | "Killed" | "Failed") {
            format!("now() - interval '{seconds} seconds'")
        } else {
            "null".to_owned()
        };
        sql::run(
            &pool,
            &format!("update apalis.jobs set status = '{status}', done_at = {finished}, metadata = 'row=>{n}' where metadata is null or metadata = ''"),
        )
        .await;
    }
    let deleted = ledger::prune_tasks(&mut pool.acquire().await.unwrap(), 100).await.unwrap();
    assert_eq!(deleted, 3);
    let left = sql::texts(&pool, "select metadata -> 'row' from apalis.jobs order by 1").await;
    let stay: Vec<String> = table.iter().enumerate().filter(|(_, (_, _, stays))| *stays).map(|(n, _)| n.to_string()).collect();
    assert_eq!(left, stay);
    assert_eq!(sql::number(&pool, "select count(*) from job").await, 7, "the ledger remembers every job");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn pruning_goes_in_steps(pool: PgPool) {
    complete(&pool).await;
    for _ in 0..3 {
        enqueue(&pool, None).await;
    }
    sql::run(&pool, "update apalis.jobs set status = 'Done', done_at = now() - interval '1 hour'").await;
    let mut conn = pool.acquire().await.unwrap();
    let mut steps = Vec::new();
    for _ in 0..3 {
        steps.push(ledger::prune_tasks(&mut conn, 2).await.unwrap());
    }
    assert_eq!(steps, [2, 1, 0]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_overview_counts_jobs_of_every_state(pool: PgPool) {
    complete(&pool).await;
    enqueue(&pool, None).await;
    enqueue(&pool, Some("oldest")).await;
    sql::run(&pool, "update job set created_at = now() - interval '90 seconds' where subject = 'oldest'").await;
    let running = enqueue(&pool, Some("wall 1")).await;
    begin(&pool, running).await.unwrap();
    let retrying = enqueue(&pool, None).await;
    fail(&pool, &begin(&pool, retrying).await.unwrap(), LEASE).await;
    for hours in [0, 2] {
        let done = enqueue(&pool, None).await;
        finish(&pool, &begin(&pool, done).await.unwrap(), &Ending::Done).await;
        sql::run(&pool, &format!("update job set finished_at = finished_at - interval '{hours} hours' where id = {done}")).await;
    }
    let dead = ledger::enqueue_one(&mut pool.acquire().await.unwrap(), "paint", json!({}), None, None).await.unwrap();
    sql::run(&pool, &format!("update job set state = 'dead', finished_at = now(), error_code = 'x' where id = {dead}")).await;

    let mut conn = pool.acquire().await.unwrap();
    let queues = ledger::queues(&mut conn).await.unwrap();
    let counts: Vec<_> = queues.iter().map(|q| (q.kind.as_str(), q.waiting, q.running, q.retrying, q.dead, q.done_last_hour)).collect();
    assert_eq!(counts, [(KIND, 2, 1, 1, 0, 1), ("paint", 0, 0, 0, 1, 0)]);
    assert!(queues[0].oldest_waiting_seconds.is_some_and(|seconds| (90..120).contains(&seconds)));
    assert_eq!(queues[1].oldest_waiting_seconds, None);

    let open = ledger::open_jobs(&mut conn, &[KIND.to_owned(), "paint".to_owned()]).await.unwrap();
    assert_eq!((open.open, open.running), (4, 1));
    assert_eq!(ledger::open_job_of(&mut conn, &[KIND.to_owned()], "wall 1").await.unwrap(), Some(running));
    assert_eq!(ledger::open_job_of(&mut conn, &["paint".to_owned()], "wall 1").await.unwrap(), None);
    for (kind, open) in [(KIND, true), ("paint", false)] {
        assert_eq!(ledger::any_open(&mut conn, &[kind.to_owned()]).await.unwrap(), open, "{kind}");
    }
    assert!(ledger::is_dead(&mut conn, dead).await.unwrap());
    assert!(!ledger::is_dead(&mut conn, running).await.unwrap());
}
