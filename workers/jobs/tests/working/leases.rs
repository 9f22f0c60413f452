//! The lease: kept while the handler works; whoever lost it leaves nothing behind.

use std::time::Duration;

use sqlx::PgPool;
use store::ledger;
use workers::adapter::{Holder, Outcome, run_job};

use crate::bricklayer::{Act, Bricklayer, attempt, enqueue, laid, outcomes, prepare, state};

fn short_lease() -> Holder {
    Holder { worker: "worker-1".to_owned(), lease: Duration::from_millis(300) }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_handler_whose_job_was_given_on_rolls_its_effects_back(pool: PgPool) {
    prepare(&pool).await;
    let layer = Bricklayer::new(&pool, |_, bricks| if bricks == [1] { Act::LayWithoutTheJob } else { Act::AskTheFence });
    for job in enqueue(&pool, &[&[1], &[2]], 5).await {
        assert_eq!(attempt(&pool, &layer, job).await, Outcome::Lost);
        assert_eq!(state(&pool, job).await, "running", "whoever has the job now decides");
        assert_eq!(outcomes(&pool, job).await, ["-"]);
    }
    assert_eq!(laid(&pool).await, [""; 0]);
    assert_eq!(layer.calls(), 2);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_handler_whose_job_was_given_on_is_stopped(pool: PgPool) {
    prepare(&pool).await;
    let job = enqueue(&pool, &[&[1]], 5).await[0];
    let layer = Bricklayer::new(&pool, |_, _| Act::StallWithoutTheJob);
    assert_eq!(run_job(&pool, layer.as_ref(), job, &short_lease()).await.unwrap(), Outcome::Lost);
    assert_eq!(state(&pool, job).await, "running");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_lease_is_kept_for_as_long_as_the_handler_works(pool: PgPool) {
    prepare(&pool).await;
    let job = enqueue(&pool, &[&[1]], 5).await[0];
    let layer = Bricklayer::new(&pool, |_, _| Act::LayAfterTwoRenewals);
    assert_eq!(run_job(&pool, layer.as_ref(), job, &short_lease()).await.unwrap(), Outcome::Ended);
    assert_eq!(outcomes(&pool, job).await, ["done"]);
    assert_eq!(laid(&pool).await, ["1"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_rescued_job_is_done_by_the_next_and_not_by_the_one_before(pool: PgPool) {
    prepare(&pool).await;
    let job = enqueue(&pool, &[&[1]], 5).await[0];
    let mut conn = pool.acquire().await.unwrap();
    let vanished = ledger::begin(&mut conn, job, "vanished", Duration::ZERO).await.unwrap().attempt().unwrap();
    assert_eq!(ledger::rescue_lost(&mut conn, Duration::from_secs(15)).await.unwrap().leases, 1);
    let layer = Bricklayer::new(&pool, |_, _| Act::Lay);
    assert_eq!(attempt(&pool, &layer, job).await, Outcome::Ended);
    assert!(ledger::finish(&mut conn, &vanished, &ledger::Ending::Done).await.is_err(), "the vanished one comes back too late");
    assert_eq!(outcomes(&pool, job).await, ["lost", "done"]);
    assert_eq!(laid(&pool).await, ["1"]);
}
