//! Business under way spares its certificate until it is closed.

use domain::ids::CertificateId;
use sqlx::PgPool;
use store::certificates;
use store::pending::Fields;
use time::macros::date;

use crate::shaped::{delivered, everything, first, step, subject, three_on_paper};
use crate::sql;
use crate::staged::{TODAY, events, fates};

fn business(number: &str, state: &str) -> Fields {
    Fields {
        subject: first(),
        number: number.to_owned(),
        business: "变更".to_owned(),
        on: Some(date!(2026 - 10 - 19)),
        state: state.to_owned(),
        state_word: None,
        closed_on: None,
    }
}

async fn is_pending(pool: &PgPool) -> bool {
    let id = sql::number(pool, "select id from certificate where number = 'N1'").await;
    certificates::facts(&mut pool.acquire().await.unwrap(), &[CertificateId(id)], false).await.unwrap()[0].facts.pending_business
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn business_is_open_until_a_delivery_closes_it(pool: PgPool) {
    three_on_paper(&pool).await;
    let batch = delivered(&pool, 1, "pending", &[business("Y1", "open"), business("Y1", "open")]).await;
    assert_eq!(fates(&pool, &batch).await, ["1 loaded", "2 loaded duplicate-row"]);
    assert!(is_pending(&pool).await);
    let batch = delivered(&pool, 2, "pending", &[business("Y1", "open"), business("Y2", "closed")]).await;
    assert_eq!(fates(&pool, &batch).await, ["1 loaded already-known", "2 loaded"]);
    assert!(is_pending(&pool).await, "another business does not close it");
    delivered(&pool, 3, "pending", &[business("Y1", "closed")]).await;
    assert!(!is_pending(&pool).await);
    assert_eq!(sql::text(&pool, "select closed_on::text from pending_business where number = 'Y1'").await, "2026-11-15");
    let batch = delivered(&pool, 4, "pending", &[business("Y1", "open")]).await;
    assert_eq!(fates(&pool, &batch).await, ["1 warned business-closed"]);
    assert!(!is_pending(&pool).await);
    assert_eq!(events(&pool, "N1").await, ["imported", "business-filed", "business-recorded", "business-closed"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_number_stands_for_one_business_and_a_step_again_changes_nothing(pool: PgPool) {
    three_on_paper(&pool).await;
    let rows = [
        business("Y1", "open"),
        Fields { subject: subject(Some("N2"), "ID2", "李大海"), ..business("Y1", "open") },
        Fields { business: "延续".to_owned(), ..business("Y1", "closed") },
        Fields { subject: subject(Some("N2"), "ID1", "王小明"), ..business("Y3", "open") },
    ];
    let batch = delivered(&pool, 1, "pending", &rows).await;
    let expected = ["1 loaded", "2 held business-number-taken", "3 held business-number-taken", "4 held not-the-holder"];
    assert_eq!(fates(&pool, &batch).await, expected);
    let before = everything(&pool).await;
    step(&pool, &batch, TODAY, 0, 1_000).await;
    assert_eq!(everything(&pool).await, before);
}
