//! One attempt: begun by compare-and-set, fenced, ended.

use std::time::Duration;

use futures::future::join_all;
use sqlx::PgPool;
use store::ledger::{self, Ending, FenceError};
use store::testing::complete;

use crate::jobs::{LEASE, attempts, begin, enqueue, fail, finish, state};
use crate::sql;

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_attempt_is_begun_once(pool: PgPool) {
    complete(&pool).await;
    let job = enqueue(&pool, Some("wall 1")).await;
    let attempt = begin(&pool, job).await.unwrap();
    assert_eq!((attempt.job, attempt.attempt, attempt.max_attempts, attempt.lost_before), (job, 1, 2, 0));
    assert_eq!(attempt.payload["bricks"], serde_json::json!([1, 2]));
    assert!(begin(&pool, job).await.is_none(), "a second fetch finds nothing to do");
    let leased = format!("select count(*) from job where id = {job} and state = 'running' and worker = 'worker-1' and lease_until > now()");
    assert_eq!(sql::number(&pool, &leased).await, 1);
    assert_eq!(attempts(&pool, job).await, ["-"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn of_several_that_begin_at_once_one_gets_the_job(pool: PgPool) {
    complete(&pool).await;
    let job = enqueue(&pool, None).await;
    let begun = join_all((0..4).map(|_| begin(&pool, job))).await;
    assert_eq!(begun.iter().flatten().count(), 1);
    assert_eq!(attempts(&pool, job).await.len(), 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn nothing_begins_before_its_time(pool: PgPool) {
    complete(&pool).await;
    let job = enqueue(&pool, None).await;
    sql::run(&pool, "update job set run_at = clock_timestamp() + interval '1 hour'").await;
    assert!(begin(&pool, job).await.is_none());
    sql::run(&pool, "update job set run_at = clock_timestamp()").await;
    assert!(begin(&pool, job).await.is_some());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_ended_job_does_not_begin_again(pool: PgPool) {
    complete(&pool).await;
    for ended in ["done", "dead", "cancelled"] {
        let job = enqueue(&pool, None).await;
        sql::run(&pool, &format!("update job set state = '{ended}', finished_at = now(), error_code = 'x' where id = {job}")).await;
        assert!(begin(&pool, job).await.is_none(), "{ended}");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_fence_refuses_an_attempt_that_lost_its_job(pool: PgPool) {
    complete(&pool).await;
    for (loss, change) in [
        ("given on", "attempt = attempt + 1"),
        ("rescued", "state = 'retrying', lease_until = null"),
        ("cancelled", "state = 'cancelled', lease_until = null, finished_at = now()"),
    ] {
        let job = enqueue(&pool, None).await;
        let attempt = begin(&pool, job).await.unwrap();
        ledger::fence(&mut pool.acquire().await.unwrap(), &attempt).await.unwrap();
        sql::run(&pool, &format!("update job set {change} where id = {job}")).await;
        let before = sql::text(&pool, &format!("select j::text from job j where id = {job}")).await;

        let mut conn = pool.acquire().await.unwrap();
        let lost = |result: Result<(), FenceError>| matches!(result, Err(FenceError::Lost { attempt: 1, .. }));
        assert!(lost(ledger::fence(&mut conn, &attempt).await), "{loss}: fence");
        assert!(lost(ledger::finish(&mut conn, &attempt, &Ending::Done).await), "{loss}: finish");
        let failure = ledger::Failure { outcome: "failed", code: "x".to_owned(), text: String::new() };
        assert!(lost(ledger::fail(&mut conn, &attempt, &failure, LEASE).await.map(|_| ())), "{loss}: fail");
        assert!(!ledger::renew(&mut conn, &attempt, LEASE).await.unwrap(), "{loss}: renew");
        assert_eq!(sql::text(&pool, &format!("select j::text from job j where id = {job}")).await, before, "{loss}: the job is as it was");
        assert_eq!(attempts(&pool, job).await, ["-"], "{loss}: so is its attempt");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_lease_is_prolonged_on_the_databases_clock(pool: PgPool) {
    complete(&pool).await;
    let job = enqueue(&pool, None).await;
    let attempt = begin(&pool, job).await.unwrap();
    assert!(ledger::renew(&mut pool.acquire().await.unwrap(), &attempt, Duration::from_secs(3600)).await.unwrap());
    let prolonged = "select count(*) from job where lease_until between clock_timestamp() + interval '59 minutes'
                     and clock_timestamp() + interval '60 minutes'";
    assert_eq!(sql::number(&pool, prolonged).await, 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn each_ending_leaves_its_state_and_its_attempt(pool: PgPool) {
    complete(&pool).await;
    let refused = Ending::Refused { code: "holder-locked".to_owned(), text: "the holder is locked".to_owned() };
    let later = Ending::RetryAfter(Duration::from_secs(3600));
    for (ending, state_after, outcome) in [
        (Ending::Done, "done", "done"),
        (refused, "done holder-locked", "refused"),
        (Ending::Split, "done", "split"),
        (later, "retrying", "retry"),
    ] {
        let job = enqueue(&pool, None).await;
        finish(&pool, &begin(&pool, job).await.unwrap(), &ending).await;
        assert_eq!(state(&pool, job).await, state_after);
        assert_eq!(attempts(&pool, job).await, [outcome]);
        let at_rest = format!("select count(*) from job where id = {job} and lease_until is null");
        assert_eq!(sql::number(&pool, &at_rest).await, 1, "{outcome}");
        assert!(begin(&pool, job).await.is_none(), "{outcome}");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_attempt_ends_with_its_effects_or_not_at_all(pool: PgPool) {
    complete(&pool).await;
    for commits in [false, true] {
        let job = enqueue(&pool, None).await;
        let attempt = begin(&pool, job).await.unwrap();
        let mut tx = pool.begin().await.unwrap();
        ledger::finish(&mut tx, &attempt, &Ending::Done).await.unwrap();
        if commits {
            tx.commit().await.unwrap()
        } else {
            tx.rollback().await.unwrap()
        }
        assert_eq!(state(&pool, job).await, if commits { "done" } else { "running" });
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_job_that_asked_for_another_time_has_lost_no_attempt(pool: PgPool) {
    complete(&pool).await;
    let job = enqueue(&pool, None).await;
    for _ in 0..5 {
        finish(&pool, &begin(&pool, job).await.unwrap(), &Ending::RetryAfter(Duration::ZERO)).await;
    }
    assert!(!fail(&pool, &begin(&pool, job).await.unwrap(), Duration::ZERO).await, "the first of two failures");
    assert!(fail(&pool, &begin(&pool, job).await.unwrap(), Duration::ZERO).await, "the second of two failures");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_failed_job_waits_for_its_back_off_and_is_dead_after_the_last_attempt(pool: PgPool) {
    complete(&pool).await;
    let job = enqueue(&pool, None).await;
    assert!(!fail(&pool, &begin(&pool, job).await.unwrap(), Duration::from_secs(600)).await);
    assert_eq!(state(&pool, job).await, "retrying no-mortar");
    let kept = "select count(*) from job where run_at between clock_timestamp() + interval '9 minutes'
                and clock_timestamp() + interval '10 minutes' and error_text = 'the mortar is gone'";
    assert_eq!(sql::number(&pool, kept).await, 1, "the time of the next attempt is kept");
    assert!(begin(&pool, job).await.is_none(), "not before it");

    sql::run(&pool, "update job set run_at = clock_timestamp()").await;
    assert!(fail(&pool, &begin(&pool, job).await.unwrap(), Duration::ZERO).await);
    assert_eq!(state(&pool, job).await, "dead no-mortar");
    assert_eq!(attempts(&pool, job).await, ["failed", "failed"]);
    assert!(ledger::is_dead(&mut pool.acquire().await.unwrap(), job).await.unwrap());
    assert!(begin(&pool, job).await.is_none());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_success_after_a_failure_forgets_the_error(pool: PgPool) {
    complete(&pool).await;
    let job = enqueue(&pool, None).await;
    fail(&pool, &begin(&pool, job).await.unwrap(), Duration::ZERO).await;
    finish(&pool, &begin(&pool, job).await.unwrap(), &Ending::Done).await;
    assert_eq!(state(&pool, job).await, "done");
    assert_eq!(attempts(&pool, job).await, ["failed", "done"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn progress_is_written_by_the_attempt_that_holds_the_job(pool: PgPool) {
    complete(&pool).await;
    let job = enqueue(&pool, None).await;
    let attempt = begin(&pool, job).await.unwrap();
    let mut conn = pool.acquire().await.unwrap();
    ledger::progress(&mut conn, &attempt, 20, Some(100)).await.unwrap();
    ledger::progress(&mut conn, &attempt, 40, None).await.unwrap();
    let shown = "select progress_done || ' of ' || progress_total from job";
    assert_eq!(sql::text(&pool, shown).await, "40 of 100");
    sql::run(&pool, "update job set attempt = attempt + 1").await;
    ledger::progress(&mut conn, &attempt, 60, None).await.unwrap();
    assert_eq!(sql::text(&pool, shown).await, "40 of 100");
}
