//! What staff do to queues and jobs: each action meets exactly what matches, leaves an audit row, and loses nothing.

use std::time::Duration;

use domain::ids::{BatchId, JobId};
use sqlx::PgPool;
use store::ledger::controls::{self, Acted, Order, Scope};
use store::ledger::matching::{self, JobFilter};
use store::ledger::{self, Begun, Ending, HeldBack};
use store::testing::complete;

use crate::jobs::{KIND, LEASE, attempts, begin, enqueue, fail, finish, state, tasks};
use crate::sql;

const STAFF: Order<'static> = Order { actor: "staff:1", why: "a test" };

fn of_kind() -> JobFilter {
    JobFilter { kind: Some(KIND.to_owned()), ..JobFilter::default() }
}

/// A job that failed twice and is dead.
async fn dead(pool: &PgPool, subject: Option<&str>) -> JobId {
    let job = enqueue(pool, subject).await;
    for last in [false, true] {
        assert_eq!(fail(pool, &begin(pool, job).await.unwrap(), Duration::ZERO).await, last);
    }
    job
}

async fn retry(pool: &PgPool, filter: &JobFilter) -> Acted {
    let mut tx = pool.begin().await.unwrap();
    let acted = controls::retry(&mut tx, filter, STAFF).await.unwrap();
    tx.commit().await.unwrap();
    acted
}

/// What apalis hands out next, in its order.
async fn fetched(pool: &PgPool, most: i32) -> Vec<String> {
    sql::run(pool, "insert into apalis.workers (id, worker_type, storage_name, last_seen) values ('w', 'count_bricks', 'test', now())")
        .await;
    sql::texts(pool, &format!("select convert_from(job, 'UTF8') from apalis.get_jobs('w', '{KIND}', {most})")).await
}

async fn audited(pool: &PgPool) -> Vec<String> {
    sql::texts(pool, "select concat_ws(' ', actor, action, detail ->> 'changed', detail ->> 'why') from audit order by id").await
}

async fn held_back(pool: &PgPool, job: JobId, worker: &str) -> Option<HeldBack> {
    match ledger::begin(&mut pool.acquire().await.unwrap(), job, worker, LEASE).await.unwrap() {
        Begun::HeldBack(by) => Some(by),
        Begun::Attempt(_) => None,
        Begun::Nothing => panic!("job {job} cannot begin at all"),
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_dead_job_that_is_tried_again_has_new_attempts_and_its_old_place(pool: PgPool) {
    complete(&pool).await;
    let first = dead(&pool, Some("a")).await;
    sql::run(&pool, "update job set created_at = created_at - interval '1 hour'").await;
    let later = enqueue(&pool, Some("b")).await;
    let acted = retry(&pool, &JobFilter { error_code: Some("no-mortar".to_owned()), ..of_kind() }).await;
    assert_eq!(acted, Acted { changed: vec![first.0], skipped: vec![] });
    assert_eq!(state(&pool, first).await, "waiting no-mortar");
    // The old tasks have ended; the new one comes before that of the later job.
    sql::run(
        &pool,
        "update apalis.jobs set status = 'Done', done_at = now() where id in (select task_id(id, 1) from job where attempt > 0)",
    )
    .await;
    let order = fetched(&pool, 10).await;
    let ticket = |job: JobId| format!("{{\"job\":{job}}}");
    let place = |job: JobId| order.iter().position(|task| *task == ticket(job)).unwrap();
    assert!(place(first) < place(later), "{order:?}");
    let attempt = begin(&pool, first).await.unwrap();
    assert_eq!((attempt.attempt, attempt.max_attempts), (3, 2 + ledger::MAX_ATTEMPTS));
    finish(&pool, &attempt, &Ending::Done).await;
    assert_eq!(attempts(&pool, first).await, ["failed", "failed", "done"]);
    assert_eq!(audited(&pool).await, ["staff:1 jobs-retried 1 a test"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_dead_job_for_which_a_newer_one_stands_is_left_alone(pool: PgPool) {
    complete(&pool).await;
    let replaced = dead(&pool, Some("a")).await;
    let twins = [dead(&pool, Some("b")).await, dead(&pool, Some("b")).await];
    let open = enqueue(&pool, Some("a")).await;
    let acted = retry(&pool, &JobFilter { state: Some("dead".to_owned()), ..of_kind() }).await;
    assert_eq!(acted, Acted { changed: vec![twins[1].0], skipped: vec![replaced.0, twins[0].0] });
    assert_eq!([state(&pool, replaced).await, state(&pool, open).await], ["dead no-mortar", "waiting"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_failed_job_is_made_due_and_keeps_its_attempts(pool: PgPool) {
    complete(&pool).await;
    let job = enqueue(&pool, None).await;
    fail(&pool, &begin(&pool, job).await.unwrap(), Duration::from_secs(3600)).await;
    assert!(begin(&pool, job).await.is_none(), "it is not due");
    retry(&pool, &of_kind()).await;
    assert_eq!(begin(&pool, job).await.unwrap().max_attempts, 2);
    assert_eq!(tasks(&pool, job).await, 2);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn only_what_matches_is_discarded_or_cancelled_and_nothing_runs_afterwards(pool: PgPool) {
    complete(&pool).await;
    let gone = dead(&pool, None).await;
    let kept = dead(&pool, None).await;
    sql::run(&pool, &format!("update job set error_code = 'other' where id = {kept}")).await;
    let running = enqueue(&pool, None).await;
    let attempt = begin(&pool, running).await.unwrap();
    let waiting = enqueue(&pool, None).await;
    let mut conn = pool.acquire().await.unwrap();
    let mortar = JobFilter { error_code: Some("no-mortar".to_owned()), ..JobFilter::default() };
    assert_eq!(controls::discard(&mut conn, &mortar, STAFF).await.unwrap().changed, [gone.0]);
    let young = JobFilter { older_than: Some(Duration::from_secs(60)), ..of_kind() };
    assert_eq!(controls::cancel(&mut conn, &young, STAFF).await.unwrap().changed, [0_i64; 0]);
    assert_eq!(controls::cancel(&mut conn, &of_kind(), STAFF).await.unwrap().changed, [waiting.0]);
    drop(conn);
    for (job, said) in [(gone, "cancelled no-mortar"), (kept, "dead other"), (running, "running"), (waiting, "cancelled cancelled")] {
        assert_eq!(state(&pool, job).await, said);
    }
    assert!(begin(&pool, waiting).await.is_none() && begin(&pool, gone).await.is_none());
    finish(&pool, &attempt, &Ending::Done).await;
    assert_eq!(attempts(&pool, gone).await, ["failed", "failed"], "its history stays");
    assert_eq!(
        audited(&pool).await,
        ["staff:1 jobs-discarded 1 a test", "staff:1 jobs-cancelled 0 a test", "staff:1 jobs-cancelled 1 a test"]
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_import_that_is_cancelled_has_failed_and_runs_again_when_it_is_retried_unless_its_content_came_again(pool: PgPool) {
    complete(&pool).await;
    let batch = |id: i64| {
        format!(
            "insert into intake_batch (id, shape, kind, sha256, issue_policy, as_of, registered_by) overriding system value
        values ({id}, 'certificates', 'architect', sha256('one'), 'all', '2026-11-01', 'test')"
        )
    };
    let of_batch = |id: i64| format!("select concat_ws(' ', state, failure) from intake_batch where id = {id}");
    sql::run(&pool, &batch(1)).await;
    let job = enqueue(&pool, Some("batch:1")).await;
    let mut conn = pool.acquire().await.unwrap();
    controls::cancel(&mut conn, &of_kind(), STAFF).await.unwrap();
    assert_eq!(sql::text(&pool, &of_batch(1)).await, "failed the import was cancelled by staff");
    // As if it had died: cancelled jobs are not tried again.
    sql::run(&pool, &format!("update job set state = 'dead' where id = {job}")).await;
    assert_eq!(retry(&pool, &of_kind()).await.changed, [job.0]);
    assert_eq!((state(&pool, job).await, sql::text(&pool, &of_batch(1)).await), ("waiting cancelled".to_owned(), "running".to_owned()));
    sql::run(
        &pool,
        &format!(
            "update job set state = 'dead', finished_at = now() where id = {job};
        update intake_batch set state = 'failed', finished_at = now(), failure = 'a test'"
        ),
    )
    .await;
    sql::run(&pool, &batch(2)).await;
    assert_eq!(retry(&pool, &of_kind()).await, Acted { changed: vec![], skipped: vec![job.0] });
    assert_eq!(sql::text(&pool, &of_batch(1)).await, "failed a test");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn nothing_of_a_paused_queue_or_batch_begins_until_it_is_resumed(pool: PgPool) {
    complete(&pool).await;
    sql::run(
        &pool,
        "insert into intake_batch (id, shape, kind, sha256, issue_policy, as_of, registered_by) overriding system value
        values (7, 'certificates', 'architect', sha256('one'), 'all', '2026-11-01', 'test')",
    )
    .await;
    let (job, of_batch) = (enqueue(&pool, Some("a")).await, enqueue(&pool, Some("b")).await);
    sql::run(&pool, &format!("update job set batch_id = 7 where id = {of_batch}")).await;
    let mut conn = pool.acquire().await.unwrap();
    let batch = Scope::Batch(BatchId(7));
    for (scope, held, other) in [
        (Scope::All, Some(HeldBack::Paused), Some(HeldBack::Paused)),
        (Scope::Queue(KIND.to_owned()), Some(HeldBack::Paused), Some(HeldBack::Paused)),
        (Scope::Queue("another".to_owned()), None, None),
        (batch.clone(), None, Some(HeldBack::BatchPaused)),
    ] {
        assert!(controls::pause(&mut conn, &scope, STAFF).await.unwrap(), "{scope:?}");
        assert!(!controls::pause(&mut conn, &scope, STAFF).await.unwrap(), "{scope:?} twice");
        for (job, expected) in [(job, held), (of_batch, other)] {
            if expected.is_some() {
                assert_eq!(held_back(&pool, job, "host-1-00aa").await, expected, "{scope:?}");
            }
        }
        let open = ledger::any_open(&mut conn, &[KIND.to_owned()]).await.unwrap();
        assert_eq!(open, held.is_none(), "what is paused keeps nobody waiting: {scope:?}");
        assert!(controls::resume(&mut conn, &scope, STAFF).await.unwrap(), "{scope:?}");
    }
    // Its task was used up while the batch was paused; resuming hands it out again.
    controls::pause(&mut conn, &batch, STAFF).await.unwrap();
    sql::run(&pool, "update apalis.jobs set status = 'Done', done_at = now()").await;
    assert_eq!(ledger::rescue_forgotten(&mut conn, Duration::ZERO, 0).await.unwrap().rescued, 1, "the job of no batch");
    assert!(controls::resume(&mut conn, &Scope::All, STAFF).await.unwrap());
    assert_eq!(tasks(&pool, of_batch).await, 2);
    assert!(begin(&pool, job).await.is_some() && begin(&pool, of_batch).await.is_some());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn no_more_jobs_run_at_once_than_a_queue_may_whoever_asks(pool: PgPool) {
    complete(&pool).await;
    controls::limit(&mut pool.acquire().await.unwrap(), KIND, Some(2), None, STAFF).await.unwrap();
    let mut jobs = Vec::new();
    for _ in 0..8 {
        jobs.push(enqueue(&pool, None).await);
    }
    let begun = futures::future::join_all(jobs.iter().map(|job| begin(&pool, *job))).await;
    let running: Vec<_> = begun.into_iter().flatten().collect();
    assert_eq!(running.len(), 2, "all asked at once");
    let waiting = jobs.iter().find(|job| running.iter().all(|attempt| attempt.job != **job)).unwrap();
    assert_eq!(held_back(&pool, *waiting, "host-2-00aa").await, Some(HeldBack::Limit));
    finish(&pool, &running[0], &Ending::Done).await;
    assert!(begin(&pool, *waiting).await.is_some());
    controls::limit(&mut pool.acquire().await.unwrap(), KIND, None, None, STAFF).await.unwrap();
    let mut rest = 0;
    for job in &jobs {
        rest += usize::from(begin(&pool, *job).await.is_some());
    }
    assert_eq!(rest, 5);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn no_more_jobs_begin_in_a_minute_than_a_queue_may(pool: PgPool) {
    complete(&pool).await;
    controls::limit(&mut pool.acquire().await.unwrap(), KIND, None, Some(60), STAFF).await.unwrap();
    let mut jobs = Vec::new();
    for _ in 0..4 {
        jobs.push(enqueue(&pool, None).await);
    }
    let some_while = |seconds: u32| format!("update queue_control set reckoned_at = reckoned_at - interval '{seconds} seconds'");
    assert_eq!(held_back(&pool, jobs[0], "host-1-00aa").await, Some(HeldBack::Rate), "a limit begins with nothing saved up");
    sql::run(&pool, &some_while(1)).await;
    assert!(begin(&pool, jobs[0]).await.is_some());
    assert_eq!(held_back(&pool, jobs[1], "host-1-00aa").await, Some(HeldBack::Rate));
    // An hour of rest saves up one second's worth.
    sql::run(&pool, &some_while(3600)).await;
    assert!(begin(&pool, jobs[1]).await.is_some());
    assert_eq!(held_back(&pool, jobs[2], "host-1-00aa").await, Some(HeldBack::Rate));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn workers_of_a_drained_host_begin_nothing_and_others_do(pool: PgPool) {
    complete(&pool).await;
    let (one, other) = (enqueue(&pool, None).await, enqueue(&pool, None).await);
    let mut conn = pool.acquire().await.unwrap();
    assert!(controls::drain(&mut conn, "vm-3", true, STAFF).await.unwrap());
    assert_eq!(held_back(&pool, one, "vm-3-4711-54f34fbb1cceb77d").await, Some(HeldBack::Drained));
    assert!(
        controls::is_drained(&mut conn, "vm-3-12-00aa").await.unwrap() && !controls::is_drained(&mut conn, "vm-12-00aa").await.unwrap()
    );
    assert_eq!(held_back(&pool, one, "vm-4711-54f34fbb1cceb77d").await, None);
    assert!(controls::drain(&mut conn, "vm-3", false, STAFF).await.unwrap());
    assert_eq!(held_back(&pool, other, "vm-3-4711-54f34fbb1cceb77d").await, None);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_higher_priority_is_fetched_first(pool: PgPool) {
    complete(&pool).await;
    let (first, later) = (enqueue(&pool, Some("a")).await, enqueue(&pool, Some("b")).await);
    sql::run(&pool, &format!("update job set error_code = 'urgent' where id = {later}")).await;
    let urgent = JobFilter { error_code: Some("urgent".to_owned()), ..JobFilter::default() };
    let mut conn = pool.acquire().await.unwrap();
    assert_eq!(controls::prioritise(&mut conn, &urgent, 5, STAFF).await.unwrap().changed, [later.0]);
    let next = fetched(&pool, 1).await;
    assert_eq!(next, [format!("{{\"job\":{later}}}")]);
    let listed = matching::list(&mut conn, &of_kind(), &["waiting", "retrying"], 10).await.unwrap();
    assert_eq!(listed.iter().map(|job| (job.id, job.priority)).collect::<Vec<_>>(), [(first.0, 0), (later.0, 5)]);
}
