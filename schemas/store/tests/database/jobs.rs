//! The vocabulary of the ledger's tests: jobs of one kind, what became of them, and what time does to them.

use std::time::Duration;

use domain::ids::JobId;
use serde_json::json;
use sqlx::PgPool;
use store::ledger::{self, Attempt, Failure, Rescued};

use crate::sql;

/// The kind of the tests' jobs.
pub(crate) const KIND: &str = "count_bricks";
/// Long enough for every test.
pub(crate) const LEASE: Duration = Duration::from_secs(60);
/// How long a vanished worker must have been silent.
pub(crate) const SILENCE: Duration = Duration::from_secs(15);

/// Enqueues a job about `subject` that has two attempts.
pub(crate) async fn enqueue(pool: &PgPool, subject: Option<&str>) -> JobId {
    let job = ledger::NewJob { payload: json!({ "bricks": [1, 2] }), subject: subject.map(str::to_owned) };
    let mut conn = pool.acquire().await.unwrap();
    let ids = ledger::enqueue(&mut conn, KIND, &[job], None, 0, 2).await.unwrap();
    assert_eq!(ids.len(), 1);
    ids[0]
}

/// Tries to begin an attempt.
pub(crate) async fn begin(pool: &PgPool, job: JobId) -> Option<Attempt> {
    ledger::begin(&mut pool.acquire().await.unwrap(), job, "worker-1", LEASE).await.unwrap().attempt()
}

/// Ends an attempt as failed, with this back-off; whether the job is dead.
pub(crate) async fn fail(pool: &PgPool, attempt: &Attempt, back_off: Duration) -> bool {
    let failure = Failure { outcome: "failed", code: "no-mortar".to_owned(), text: "the mortar is gone".to_owned() };
    ledger::fail(&mut pool.acquire().await.unwrap(), attempt, &failure, back_off).await.unwrap()
}

/// Ends an attempt.
pub(crate) async fn finish(pool: &PgPool, attempt: &Attempt, ending: &ledger::Ending) {
    ledger::finish(&mut pool.acquire().await.unwrap(), attempt, ending).await.unwrap();
}

/// State, error code and whether something is leased or finished.
pub(crate) async fn state(pool: &PgPool, job: JobId) -> String {
    sql::text(pool, &format!("select concat_ws(' ', state, error_code) from job where id = {job}")).await
}

/// Outcomes of a job's attempts, in their order; a dash for one under way.
pub(crate) async fn attempts(pool: &PgPool, job: JobId) -> Vec<String> {
    sql::texts(pool, &format!("select outcome from job_attempt where job_id = {job} order by attempt")).await
}

/// How many of apalis's tasks were made for a job, in whatever state.
pub(crate) async fn tasks(pool: &PgPool, job: JobId) -> i64 {
    let task_of_job = format!("convert_from(job, 'UTF8') = '{{\"job\":{job}}}'");
    sql::number(pool, &format!("select count(*) from apalis.jobs where {task_of_job}")).await
}

/// Lets a running attempt's lease run out.
pub(crate) async fn let_the_lease_run_out(pool: &PgPool, job: JobId) {
    sql::run(pool, &format!("update job set lease_until = clock_timestamp() - interval '1 second' where id = {job}")).await;
}

/// Gives a job's newest task to a worker that was last seen this many seconds ago.
pub(crate) async fn fetched_by_a_worker_silent_for(pool: &PgPool, job: JobId, seconds: i64) {
    sql::run(
        pool,
        &format!(
            "insert into apalis.workers (id, worker_type, storage_name, last_seen)
             values ('worker-of-{job}', '{KIND}', 'test', now() - interval '{seconds} seconds');
             update apalis.jobs set status = 'Queued', lock_by = 'worker-of-{job}', lock_at = now() - interval '{seconds} seconds'
             where id = (select task_id(id, dispatch) from job where id = {job})"
        ),
    )
    .await;
}

/// Rescues everything that can be.
pub(crate) async fn rescue(pool: &PgPool) -> Rescued {
    ledger::rescue_lost(&mut pool.acquire().await.unwrap(), SILENCE).await.unwrap()
}

/// Hands out due retries.
pub(crate) async fn requeue(pool: &PgPool) -> i64 {
    ledger::requeue_due(&mut pool.acquire().await.unwrap()).await.unwrap()
}

/// Nothing was to be rescued.
pub(crate) const NOTHING: Rescued = Rescued { leases: 0, dead: 0, stranded: 0 };
