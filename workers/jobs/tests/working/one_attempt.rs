//! One attempt and how it ends: done, refused, failed, panicked, too slow, dead; a duplicate ticket does nothing.

use std::time::Duration;

use domain::ids::JobId;
use sqlx::PgPool;
use workers::adapter::{Outcome, run_job};

use crate::bricklayer::{Act, Bricklayer, attempt, enqueue, holder, laid, let_the_back_off_pass, number, outcomes, prepare, run, state};

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_job_that_is_done_leaves_its_effects(pool: PgPool) {
    prepare(&pool).await;
    let job = enqueue(&pool, &[&[1, 2]], 5).await[0];
    let layer = Bricklayer::new(&pool, |_, _| Act::Lay);
    assert_eq!(attempt(&pool, &layer, job).await, Outcome::Ended);
    assert_eq!(state(&pool, job).await, "done");
    assert_eq!(outcomes(&pool, job).await, ["done"]);
    assert_eq!(laid(&pool).await, ["1", "2"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_refusal_is_an_answer_that_is_recorded_and_not_tried_again(pool: PgPool) {
    prepare(&pool).await;
    let job = enqueue(&pool, &[&[1]], 5).await[0];
    let layer = Bricklayer::new(&pool, |_, _| Act::Refuse);
    assert_eq!(attempt(&pool, &layer, job).await, Outcome::Ended);
    assert_eq!(state(&pool, job).await, "done | no-permit | the permit is missing");
    assert_eq!(outcomes(&pool, job).await, ["refused"]);
    assert_eq!(laid(&pool).await, ["0"], "what the refusal wrote is committed with it");
    assert_eq!(attempt(&pool, &layer, job).await, Outcome::NothingToDo);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn each_way_to_fail_has_its_code_and_is_tried_again(pool: PgPool) {
    prepare(&pool).await;
    for (act, after, outcome) in [
        (Act::Fail, "retrying | failed | mix the mortar: …", "failed"),
        (Act::Panic, "retrying | panicked | panicked at workers/jobs/tests/working/bricklayer.rs", "panicked"),
        (Act::PanicInAStep, "retrying | panicked | panicked at workers/jobs/tests/working/bricklayer.rs", "panicked"),
        (Act::Stall, "retrying | timed-out | took longer than 0 s", "timed-out"),
    ] {
        let job = enqueue(&pool, &[&[1]], 5).await[0];
        let layer = Bricklayer::with_time_limit(&pool, Duration::from_millis(if act == Act::Stall { 50 } else { 30_000 }), move |_, _| act);
        assert_eq!(attempt(&pool, &layer, job).await, Outcome::Retrying, "{act:?}");
        // A panic's line stands behind its file.
        let state = state(&pool, job).await;
        assert!(state == after || outcome == "panicked" && state.starts_with(after), "{state}");
        assert_eq!(outcomes(&pool, job).await, [outcome]);
        let later =
            format!("select count(*) from job where id = {job} and run_at > started_at + interval '0.5 seconds' and lease_until is null");
        assert_eq!(number(&pool, &later).await, 1, "{act:?}: not at once");
        assert_eq!(attempt(&pool, &layer, job).await, Outcome::NothingToDo, "{act:?}: and not before");
    }
    assert_eq!(laid(&pool).await, [""; 0]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_job_is_dead_after_its_last_attempt_and_keeps_its_code(pool: PgPool) {
    prepare(&pool).await;
    let job = enqueue(&pool, &[&[1]], 3).await[0];
    let layer = Bricklayer::new(&pool, |attempt, _| if attempt.attempt == 2 { Act::Panic } else { Act::Fail });
    for expected in [Outcome::Retrying, Outcome::Retrying, Outcome::Dead, Outcome::NothingToDo] {
        assert_eq!(attempt(&pool, &layer, job).await, expected);
        let_the_back_off_pass(&pool).await;
    }
    assert_eq!(state(&pool, job).await, "dead | failed | mix the mortar: …");
    assert_eq!(outcomes(&pool, job).await, ["failed", "panicked", "failed"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_job_that_failed_once_can_still_succeed(pool: PgPool) {
    prepare(&pool).await;
    let job = enqueue(&pool, &[&[1]], 5).await[0];
    let layer = Bricklayer::new(&pool, |attempt, _| if attempt.attempt == 1 { Act::Fail } else { Act::Lay });
    attempt(&pool, &layer, job).await;
    let_the_back_off_pass(&pool).await;
    assert_eq!(attempt(&pool, &layer, job).await, Outcome::Ended);
    assert_eq!(state(&pool, job).await, "done");
    assert_eq!(laid(&pool).await, ["1"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_back_off_grows_with_every_failure(pool: PgPool) {
    prepare(&pool).await;
    let job = enqueue(&pool, &[&[1]], 6).await[0];
    let layer = Bricklayer::new(&pool, |_, _| Act::Fail);
    for doubled in [1, 2, 4, 8, 16] {
        attempt(&pool, &layer, job).await;
        let millis = number(
            &pool,
            "select round(extract(epoch from j.run_at - a.finished_at) * 1000)::bigint from job j join job_attempt a
                                    on a.job_id = j.id and a.attempt = j.attempt",
        )
        .await;
        let (shortest, longest) = (doubled * 500, doubled * 1_500);
        assert!((shortest..=longest + 250).contains(&millis), "{millis} ms lie between {shortest} and {longest}");
        let_the_back_off_pass(&pool).await;
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_duplicate_ticket_does_nothing(pool: PgPool) {
    prepare(&pool).await;
    let job = enqueue(&pool, &[&[1]], 5).await[0];
    let layer = Bricklayer::new(&pool, |_, _| Act::Lay);
    let (first, second) = (holder("worker-1"), holder("worker-2"));
    let (one, other) = tokio::join!(run_job(&pool, layer.as_ref(), job, &first), run_job(&pool, layer.as_ref(), job, &second));
    let mut outcomes = [one.unwrap(), other.unwrap()];
    outcomes.sort_by_key(|outcome| *outcome == Outcome::NothingToDo);
    assert_eq!(outcomes, [Outcome::Ended, Outcome::NothingToDo], "two at once");
    assert_eq!(attempt(&pool, &layer, job).await, Outcome::NothingToDo, "one afterwards");
    assert_eq!(attempt(&pool, &layer, JobId(i64::MAX)).await, Outcome::NothingToDo, "one that never was");
    assert_eq!((layer.calls(), laid(&pool).await.len()), (1, 1));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_ticket_for_a_cancelled_job_does_nothing(pool: PgPool) {
    prepare(&pool).await;
    let job = enqueue(&pool, &[&[1]], 5).await[0];
    run(&pool, "update job set state = 'cancelled', finished_at = now()").await;
    let layer = Bricklayer::new(&pool, |_, _| Act::Lay);
    assert_eq!(attempt(&pool, &layer, job).await, Outcome::NothingToDo);
    assert_eq!(layer.calls(), 0);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_payload_that_cannot_be_read_fails_and_says_so(pool: PgPool) {
    prepare(&pool).await;
    let job = enqueue(&pool, &[&[1]], 1).await[0];
    run(&pool, "update job set payload = '{\"bricks\": [\"one\"]}'").await;
    let layer = Bricklayer::new(&pool, |_, _| Act::Lay);
    assert_eq!(attempt(&pool, &layer, job).await, Outcome::Dead);
    assert!(state(&pool, job).await.contains("no list of ids named \"bricks\""));
}
