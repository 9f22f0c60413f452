//! Enqueueing: in the caller's transaction, set-based, one open job for a kind and subject.

use std::collections::HashSet;
use std::time::Duration;

use serde_json::json;
use sqlx::PgPool;
use store::ledger::{self, Ending, NewJob};
use store::queue::Ticket;
use store::testing::complete;

use crate::jobs::{KIND, begin, enqueue, fail, finish, let_the_lease_run_out, state, tasks};
use crate::sql;

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn enqueueing_is_part_of_the_callers_transaction(pool: PgPool) {
    complete(&pool).await;
    for (commits, jobs) in [(false, 0), (true, 1)] {
        let mut tx = pool.begin().await.unwrap();
        ledger::enqueue_one(&mut tx, KIND, json!({}), None, None).await.unwrap();
        if commits {
            tx.commit().await.unwrap()
        } else {
            tx.rollback().await.unwrap()
        }
        assert_eq!(sql::number(&pool, "select count(*) from job").await, jobs, "jobs, committed: {commits}");
        assert_eq!(sql::number(&pool, "select count(*) from apalis.jobs").await, jobs, "tasks, committed: {commits}");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn many_jobs_are_enqueued_at_once_each_with_its_own_task(pool: PgPool) {
    complete(&pool).await;
    let jobs: Vec<NewJob> = (0..500).map(|n| NewJob { payload: json!({ "brick": n }), subject: None }).collect();
    let ids = ledger::enqueue(&mut pool.acquire().await.unwrap(), KIND, &jobs, None, 3, 5).await.unwrap();
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), 500);
    assert_eq!(sql::number(&pool, "select count(distinct payload) from job where state = 'waiting' and priority = 3").await, 500);
    let own_task = "select count(*) from job j join apalis.jobs a on a.id = task_id(j.id, 1) and a.job_type = j.kind
                    and a.priority = 3 and a.status = 'Pending' and a.run_at < now()";
    assert_eq!(sql::number(&pool, own_task).await, 500);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn nothing_to_enqueue_is_no_error(pool: PgPool) {
    complete(&pool).await;
    let ids = ledger::enqueue(&mut pool.acquire().await.unwrap(), KIND, &[], None, 0, 5).await.unwrap();
    assert_eq!(ids, []);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_task_carries_the_id_of_its_job_and_nothing_else(pool: PgPool) {
    complete(&pool).await;
    let job = enqueue(&pool, Some("wall 7")).await;
    let carried = sql::text(&pool, "select convert_from(job, 'UTF8') from apalis.jobs").await;
    assert_eq!(carried, format!("{{\"job\":{job}}}"));
    let ticket: Ticket = serde_json::from_str(&carried).unwrap();
    assert_eq!(ticket.job, job.0);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn every_task_id_reads_as_a_ulid_of_its_own(pool: PgPool) {
    let mut seen = HashSet::new();
    for job in [1, 15, 16, 255, 4_294_967_296, i64::MAX] {
        for dispatch in [1, 2, 255, i32::MAX] {
            let id = sql::text(&pool, &format!("select task_id({job}, {dispatch})")).await;
            assert_eq!(id.len(), 26, "{id}");
            assert!(id.starts_with(|first| ('0'..='7').contains(&first)), "{id} fits into 128 bits");
            assert!(id.chars().all(|c| "0123456789ABCDEFGHJKMNPQRSTVWXYZ".contains(c)), "{id} has Crockford digits only");
            assert!(seen.insert(id), "job {job} dispatch {dispatch} has an id of its own");
        }
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_open_job_stands_for_its_kind_and_subject_and_an_ended_one_does_not(pool: PgPool) {
    complete(&pool).await;
    let waiting = enqueue(&pool, Some("waiting")).await;
    let retrying = enqueue(&pool, Some("retrying")).await;
    fail(&pool, &begin(&pool, retrying).await.unwrap(), Duration::ZERO).await;
    let done = enqueue(&pool, Some("done")).await;
    finish(&pool, &begin(&pool, done).await.unwrap(), &Ending::Done).await;
    let dead = enqueue(&pool, Some("dead")).await;
    sql::run(&pool, &format!("update job set state = 'dead', finished_at = now(), error_code = 'x' where id = {dead}")).await;
    let cancelled = enqueue(&pool, Some("cancelled")).await;
    sql::run(&pool, &format!("update job set state = 'cancelled', finished_at = now() where id = {cancelled}")).await;

    for (subject, known, stands) in [
        ("waiting", waiting, true),
        ("retrying", retrying, true),
        ("done", done, false),
        ("dead", dead, false),
        ("cancelled", cancelled, false),
    ] {
        let got = enqueue(&pool, Some(subject)).await;
        assert_eq!(got == known, stands, "{subject}");
        assert_eq!(state(&pool, known).await.split(' ').next(), Some(subject), "the known job is left as it was");
    }
    assert_eq!(tasks(&pool, waiting).await, 1, "a twin hands out no second task");
    assert_eq!(sql::number(&pool, "select count(*) from job where again").await, 0, "only a running twin is marked");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn twins_within_one_call_are_one_job_but_jobs_without_subject_are_never_twins(pool: PgPool) {
    complete(&pool).await;
    let job = |subject: Option<&str>| NewJob { payload: json!({}), subject: subject.map(str::to_owned) };
    let jobs = [job(Some("wall 1")), job(None), job(Some("wall 1")), job(None), job(Some("wall 2"))];
    let ids = ledger::enqueue(&mut pool.acquire().await.unwrap(), KIND, &jobs, None, 0, 5).await.unwrap();
    assert_eq!(ids.len(), 4);
    assert_eq!(sql::number(&pool, "select count(*) from job").await, 4);
    assert_eq!(sql::number(&pool, "select count(*) from apalis.jobs").await, 4);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_same_subject_under_another_kind_is_another_job(pool: PgPool) {
    complete(&pool).await;
    let mine = enqueue(&pool, Some("wall 1")).await;
    let other = ledger::enqueue_one(&mut pool.acquire().await.unwrap(), "paint", json!({}), Some("wall 1".to_owned()), None).await.unwrap();
    assert_ne!(mine, other);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn two_callers_at_once_get_one_job_of_a_subject(pool: PgPool) {
    complete(&pool).await;
    let mut first = pool.begin().await.unwrap();
    let mine = ledger::enqueue_one(&mut first, KIND, json!({}), Some("wall 1".to_owned()), None).await.unwrap();
    let second = tokio::spawn({
        let pool = pool.clone();
        async move { enqueue(&pool, Some("wall 1")).await }
    });
    first.commit().await.unwrap();
    assert_eq!(second.await.unwrap(), mine);
    assert_eq!(sql::number(&pool, "select count(*) from job").await, 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_enqueue_that_meets_a_running_twin_runs_it_once_more_after_it_ended(pool: PgPool) {
    complete(&pool).await;
    let endings = [Ending::Done, Ending::Refused { code: "no".to_owned(), text: "not today".to_owned() }];
    for (n, ending) in endings.iter().enumerate() {
        let subject = format!("wall {n}");
        let job = enqueue(&pool, Some(&subject)).await;
        let attempt = begin(&pool, job).await.unwrap();
        assert_eq!(enqueue(&pool, Some(&subject)).await, job);
        assert_eq!(enqueue(&pool, Some(&subject)).await, job, "however often it is asked for");
        assert_eq!(tasks(&pool, job).await, 1, "nothing is handed out while it runs");

        finish(&pool, &attempt, ending).await;
        assert!(state(&pool, job).await.starts_with("done"));
        let next = sql::number(&pool, &format!("select max(id) from job where subject = '{subject}'")).await;
        let next = domain::ids::JobId(next);
        assert_ne!(next, job);
        assert_eq!(state(&pool, next).await, "waiting");
        assert_eq!(tasks(&pool, next).await, 1);
        let same = format!("select count(distinct (kind, payload, max_attempts)) from job where subject = '{subject}'");
        assert_eq!(sql::number(&pool, &same).await, 1, "the next run is about the same");

        finish(&pool, &begin(&pool, next).await.unwrap(), &Ending::Done).await;
        assert_eq!(
            sql::number(&pool, &format!("select count(*) from job where subject = '{subject}'")).await,
            2,
            "once more, not for ever"
        );
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_wish_for_one_more_run_is_kept_over_a_retry(pool: PgPool) {
    complete(&pool).await;
    let job = enqueue(&pool, Some("wall 1")).await;
    let attempt = begin(&pool, job).await.unwrap();
    enqueue(&pool, Some("wall 1")).await;
    fail(&pool, &attempt, Duration::ZERO).await;
    finish(&pool, &begin(&pool, job).await.unwrap(), &Ending::Done).await;
    assert_eq!(sql::number(&pool, "select count(*) from job where subject = 'wall 1' and state = 'waiting'").await, 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_wish_for_one_more_run_outlives_a_job_that_dies(pool: PgPool) {
    complete(&pool).await;
    for rescued in [false, true] {
        let subject = format!("wall, rescued: {rescued}");
        let job = enqueue(&pool, Some(&subject)).await;
        fail(&pool, &begin(&pool, job).await.unwrap(), Duration::ZERO).await;
        let last = begin(&pool, job).await.unwrap();
        assert_eq!(enqueue(&pool, Some(&subject)).await, job, "it meets the last attempt");
        if rescued {
            let_the_lease_run_out(&pool, job).await;
            assert_eq!(ledger::rescue_leases(&mut pool.acquire().await.unwrap()).await.unwrap().dead, 1);
        } else {
            assert!(fail(&pool, &last, Duration::ZERO).await, "it is dead");
        }
        assert!(state(&pool, job).await.starts_with("dead"));
        let next = sql::number(&pool, &format!("select max(id) from job where subject = '{subject}'")).await;
        let next = domain::ids::JobId(next);
        assert_ne!(next, job, "rescued: {rescued}");
        assert_eq!((state(&pool, next).await.as_str(), tasks(&pool, next).await), ("waiting", 1));

        fail(&pool, &begin(&pool, next).await.unwrap(), Duration::ZERO).await;
        assert!(fail(&pool, &begin(&pool, next).await.unwrap(), Duration::ZERO).await);
        let jobs = sql::number(&pool, &format!("select count(*) from job where subject = '{subject}'")).await;
        assert_eq!(jobs, 2, "once more, not for ever");
    }
}
