//! Connections that come back to the pool, in whatever state.

use std::time::Duration;

use futures::StreamExt as _;
use sqlx::{ConnectOptions as _, PgPool};
use store::database;

use crate::sql;

/// A pool of one connection to the database of the test.
async fn of_one(pool: &PgPool, patience: Duration) -> PgPool {
    database::connect(pool.connect_options().to_url_lossy().as_str(), 1, "host-1-00aa", patience).await.unwrap()
}

/// What the server says to different questions, each asked by whoever has the connection then.
async fn answers(pool: &PgPool) -> [i64; 3] {
    [sql::number(pool, "select 1::bigint").await, sql::number(pool, "select 2::bigint").await, sql::number(pool, "select 3::bigint").await]
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_copy_that_was_dropped_leaves_no_answers_to_whoever_comes_next(pool: PgPool) {
    let pool = of_one(&pool, Duration::from_secs(60)).await;
    for _ in 0..3 {
        let mut tx = pool.begin().await.unwrap();
        let mut copy = tx.copy_in_raw("copy staff (name) from stdin").await.unwrap();
        copy.send(b"half a ro".as_slice()).await.unwrap();
        drop(copy);
        drop(tx);
        assert_eq!(answers(&pool).await, [1, 2, 3], "after a copy to the server");

        let mut conn = pool.acquire().await.unwrap();
        let mut rows = conn.copy_out_raw("copy (select generate_series(1, 100000)) to stdout").await.unwrap();
        assert!(rows.next().await.unwrap().is_ok());
        drop(rows);
        drop(conn);
        assert_eq!(answers(&pool).await, [1, 2, 3], "after a copy from the server");
    }
    assert_eq!(sql::number(&pool, "select count(*) from staff").await, 0);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_transaction_that_stands_still_is_ended_by_the_server(pool: PgPool) {
    let hasty = of_one(&pool, Duration::from_millis(200)).await;
    let mut tx = hasty.begin().await.unwrap();
    assert!(store::ledger::is_dead(&mut tx, domain::ids::JobId(1)).await.is_ok());
    // By the server's clock, on another connection.
    sql::run(&pool, "select pg_sleep(0.6)").await;
    assert!(store::ledger::is_dead(&mut tx, domain::ids::JobId(1)).await.is_err());
    drop(tx);
    assert_eq!(answers(&hasty).await, [1, 2, 3], "the pool opens another connection");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_a_worker_had_begun_under_a_lost_lease_is_ended(pool: PgPool) {
    store::testing::complete(&pool).await;
    let of_worker = of_one(&pool, Duration::from_secs(60)).await;
    let mut conn = of_worker.acquire().await.unwrap();
    let job = crate::jobs::enqueue(&pool, None).await;
    store::ledger::begin(&mut conn, job, "host-1-00aa", Duration::from_millis(300)).await.unwrap().attempt().unwrap();
    // A copy that sends nothing more, and one more session of the same worker that has begun nothing.
    let at_rest = of_one(&pool, Duration::from_secs(60)).await;
    assert_eq!(answers(&at_rest).await, [1, 2, 3]);
    let mut copy = conn.copy_in_raw("copy staff (name) from stdin").await.unwrap();
    copy.send(b"half a ro".as_slice()).await.unwrap();
    sql::run(&pool, "select pg_sleep(0.5)").await;
    let rescued = store::ledger::rescue_leases(&mut pool.acquire().await.unwrap()).await.unwrap();
    assert_eq!(rescued.leases, 1);
    assert!(copy.finish().await.is_err(), "the copy was ended");
    assert_eq!(answers(&at_rest).await, [1, 2, 3], "what had begun nothing goes on");
}
