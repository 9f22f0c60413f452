//! Jobs that nobody will begin: tasks of vanished workers, jobs without a task, and what must not hide them.

use std::time::Duration;

use serde_json::json;
use sqlx::PgPool;
use store::ledger::{self, Ending, NewJob, Rescued};
use store::testing::complete;

use crate::jobs::{
    KIND, NOTHING, SILENCE, begin, enqueue, fail, fetched_by_a_worker_silent_for, finish, let_the_lease_run_out, requeue, rescue, tasks,
};
use crate::sql;

/// Enqueues many jobs of another kind.
async fn enqueue_others(pool: &PgPool, jobs: usize) {
    let queue: Vec<NewJob> = (0..jobs).map(|n| NewJob { payload: json!({ "n": n }), subject: None }).collect();
    ledger::enqueue(&mut pool.acquire().await.unwrap(), "waits_for_keys", &queue, None, 0, 5).await.unwrap();
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_task_that_a_vanished_worker_had_fetched_is_handed_out_again(pool: PgPool) {
    complete(&pool).await;
    for (seconds, rescued) in [(16, 1), (1, 0)] {
        for retrying in [false, true] {
            let job = enqueue(&pool, None).await;
            if retrying {
                fail(&pool, &begin(&pool, job).await.unwrap(), Duration::ZERO).await;
                assert_eq!(requeue(&pool).await, 1);
            }
            let before = tasks(&pool, job).await;
            fetched_by_a_worker_silent_for(&pool, job, seconds).await;
            assert_eq!(rescue(&pool).await, Rescued { stranded: rescued, ..NOTHING }, "silent for {seconds} s, retrying: {retrying}");
            assert_eq!(tasks(&pool, job).await, before + rescued);
            assert_eq!(rescue(&pool).await, NOTHING, "once");
            finish(&pool, &begin(&pool, job).await.unwrap(), &Ending::Done).await;
        }
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_job_whose_task_ended_without_it_is_handed_out_again_after_a_while(pool: PgPool) {
    complete(&pool).await;
    let job = enqueue(&pool, None).await;
    sql::run(&pool, "update apalis.jobs set status = 'Done', done_at = now()").await;
    assert_eq!(rescue(&pool).await, NOTHING, "its worker may just be about to begin");
    sql::run(&pool, "update job set run_at = now() - interval '61 seconds', dispatched_at = now() - interval '61 seconds'").await;
    assert_eq!(rescue(&pool).await, Rescued { stranded: 1, ..NOTHING });
    assert_eq!(tasks(&pool, job).await, 2);
    assert!(begin(&pool, job).await.is_some());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_job_that_only_waits_long_for_its_turn_is_not_handed_out_twice(pool: PgPool) {
    complete(&pool).await;
    let job = enqueue(&pool, None).await;
    sql::run(&pool, "update job set run_at = now() - interval '1 hour', dispatched_at = now() - interval '1 hour'").await;
    assert_eq!(rescue(&pool).await, NOTHING);
    assert_eq!(tasks(&pool, job).await, 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_long_queue_of_another_kind_does_not_hide_a_job_without_task(pool: PgPool) {
    complete(&pool).await;
    let queue: Vec<NewJob> = (0..1_100).map(|n| NewJob { payload: json!({ "n": n }), subject: None }).collect();
    ledger::enqueue(&mut pool.acquire().await.unwrap(), "waits_for_keys", &queue, None, 0, 5).await.unwrap();
    let job = enqueue(&pool, None).await;
    sql::run(
        &pool,
        &format!(
            "update job set run_at = now() - interval '1 hour', dispatched_at = now() - interval '1 hour';
             delete from apalis.jobs where job_type = '{KIND}'"
        ),
    )
    .await;
    assert_eq!(rescue(&pool).await, Rescued { stranded: 1, ..NOTHING });
    assert_eq!(tasks(&pool, job).await, 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_task_id_that_is_not_the_ledgers_does_not_stop_the_rescue(pool: PgPool) {
    complete(&pool).await;
    let job = enqueue(&pool, None).await;
    begin(&pool, job).await.unwrap();
    let_the_lease_run_out(&pool, job).await;
    sql::run(
        &pool,
        "insert into apalis.jobs (id, job_type, job, status, lock_at)
         values ('01JZTESTTESTTESTTESTTESTTT', 'x', '', 'Running', now() - interval '1 day')",
    )
    .await;
    assert_eq!(rescue(&pool).await, Rescued { leases: 1, ..NOTHING });
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn old_tasks_of_jobs_that_went_on_do_not_hide_a_stranded_one(pool: PgPool) {
    complete(&pool).await;
    enqueue_others(&pool, 1_100).await;
    let job = enqueue(&pool, None).await;
    fetched_by_a_worker_silent_for(&pool, job, 3_600).await;
    sql::run(
        &pool,
        &format!(
            "update apalis.jobs set status = 'Running', lock_by = 'worker-of-{job}', lock_at = now() - interval '2 hours'
             where job_type = 'waits_for_keys';
             update job set state = 'done', finished_at = now() where kind = 'waits_for_keys'"
        ),
    )
    .await;
    assert_eq!(rescue(&pool).await, Rescued { stranded: 1, ..NOTHING });
    assert_eq!(tasks(&pool, job).await, 2);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn jobs_without_a_task_are_looked_for_step_by_step_and_from_the_start_again(pool: PgPool) {
    complete(&pool).await;
    enqueue_others(&pool, 2_100).await;
    let job = enqueue(&pool, None).await;
    sql::run(
        &pool,
        &format!(
            "update job set run_at = now() - interval '1 hour', dispatched_at = now() - interval '1 hour';
             delete from apalis.jobs where job_type = '{KIND}'"
        ),
    )
    .await;
    let mut conn = pool.acquire().await.unwrap();
    let (mut after, mut rescued) = (0, Vec::new());
    for _ in 0..4 {
        let looked = ledger::rescue_forgotten(&mut conn, SILENCE, after).await.unwrap();
        rescued.push(looked.rescued);
        after = looked.next;
    }
    assert_eq!(rescued, [0, 1, 0, 0]);
    assert_eq!((after, tasks(&pool, job).await), (0, 1));
}
