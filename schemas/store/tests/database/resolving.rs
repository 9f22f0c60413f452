//! What rows of one delivery say about each other: cases 14, 15, 16, 18 and 49 of the dirty data.

use sqlx::PgPool;
use store::intake_rows::StagedRow;
use time::Date;
use time::macros::date;

use crate::staged::{compare, delivery, fates, merged, registered, row, stage, with};

/// Stages rows, resolves them twice, and compares what became of them.
async fn resolves(pool: &PgPool, content: u8, rows: &[StagedRow], expected: &[&str]) {
    let batch = registered(pool, &delivery(content, date!(2026 - 10 - 31), "all")).await;
    stage(pool, &batch, rows).await;
    for pass in ["first", "second"] {
        compare(pool, &batch).await;
        assert_eq!(fates(pool, &batch).await, expected, "{pass} pass");
    }
}

fn issued(row: StagedRow, day: Option<Date>) -> StagedRow {
    with(row, |fields| fields.issued_on = day)
}

fn born(row: StagedRow, day: Date) -> StagedRow {
    with(row, |fields| fields.birth_date = Some(day))
}

fn status(row: StagedRow, status: &str) -> StagedRow {
    with(row, |fields| fields.legal_status = Some(status.to_owned()))
}

/// Takes one known certificate in: number K1 of 王小明.
async fn know(pool: &PgPool) {
    store::testing::complete(pool).await;
    let known = born(row(1, "K1", "ID-KNOWN", "王小明"), date!(1980 - 01 - 02));
    merged(pool, &delivery(200, date!(2026 - 10 - 01), "on-application"), &[known]).await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rows_that_have_nothing_to_do_with_each_other_stay_as_they_were_read(pool: PgPool) {
    let rows =
        [row(1, "N1", "ID1", "王小明"), StagedRow { outcome: "warned", ..row(2, "N2", "ID1", "王小明") }, row(3, "N3", "ID3", "李大海")];
    resolves(&pool, 1, &rows, &["1 loaded", "2 warned", "3 loaded"]).await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn one_document_under_two_names_is_held_on_every_row(pool: PgPool) {
    know(&pool).await;
    let in_the_file = [row(1, "N1", "ID1", "王小明"), row(2, "N2", "ID1", "王晓明"), row(3, "N3", "ID3", "李大海")];
    resolves(&pool, 1, &in_the_file, &["1 held same-id-other-name", "2 held same-id-other-name", "3 loaded"]).await;
    let against_the_known = [row(1, "N1", "ID-KNOWN", "王晓明"), row(2, "N2", "ID-KNOWN", "王小明")];
    resolves(&pool, 2, &against_the_known, &["1 held same-id-other-name", "2 held same-id-other-name"]).await;
    let only_the_known = [row(1, "N1", "ID-KNOWN", "王晓明")];
    resolves(&pool, 3, &only_the_known, &["1 held same-id-other-name"]).await;
    let rejected_rows_claim_nothing = [row(1, "N1", "ID1", "王小明"), StagedRow { outcome: "rejected", ..row(2, "N2", "ID1", "王晓明") }];
    resolves(&pool, 4, &rejected_rows_claim_nothing, &["1 loaded", "2 rejected"]).await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn one_name_and_birth_date_under_two_documents_is_held(pool: PgPool) {
    know(&pool).await;
    let day = date!(1990 - 05 - 06);
    let in_the_file = [born(row(1, "N1", "ID1", "李大海"), day), born(row(2, "N2", "ID2", "李大海"), day)];
    resolves(&pool, 1, &in_the_file, &["1 held same-name-birth-other-id", "2 held same-name-birth-other-id"]).await;
    let namesakes = [born(row(1, "N1", "ID1", "李大海"), day), born(row(2, "N2", "ID2", "李大海"), date!(1991 - 05 - 06))];
    resolves(&pool, 2, &namesakes, &["1 loaded", "2 loaded"]).await;
    let unknown_birth = [row(1, "N1", "ID1", "李大海"), row(2, "N2", "ID2", "李大海")];
    resolves(&pool, 3, &unknown_birth, &["1 loaded", "2 loaded"]).await;
    let twice_the_same = [born(row(1, "N1", "ID1", "李大海"), day), born(row(2, "N2", "ID1", "李大海"), day)];
    resolves(&pool, 4, &twice_the_same, &["1 loaded", "2 loaded"]).await;
    let known_day = date!(1980 - 01 - 02);
    let against_the_known = [born(row(1, "N1", "ID1", "王小明"), known_day)];
    resolves(&pool, 5, &against_the_known, &["1 held same-name-birth-other-id"]).await;
    let the_known_himself = [born(row(1, "N1", "ID-KNOWN", "王小明"), known_day)];
    resolves(&pool, 6, &the_known_himself, &["1 loaded"]).await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn one_number_for_two_people_is_held_on_every_row(pool: PgPool) {
    know(&pool).await;
    let in_the_file = [row(1, "N1", "ID1", "王小明"), row(2, "N1", "ID2", "李大海"), row(3, "N3", "ID3", "赵一")];
    resolves(&pool, 1, &in_the_file, &["1 held number-of-two-people", "2 held number-of-two-people", "3 loaded"]).await;
    let against_the_known = [row(1, "K1", "ID2", "李大海")];
    resolves(&pool, 2, &against_the_known, &["1 held number-of-two-people"]).await;
    let the_known_himself = [row(1, "K1", "ID-KNOWN", "王小明")];
    resolves(&pool, 3, &the_known_himself, &["1 loaded"]).await;
    let a_held_row_claims_too = [row(1, "N1", "ID1", "王小明"), StagedRow { outcome: "held", ..row(2, "N1", "ID2", "李大海") }];
    resolves(&pool, 4, &a_held_row_claims_too, &["1 held number-of-two-people", "2 held number-of-two-people"]).await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn identical_rows_collapse_into_the_first(pool: PgPool) {
    let same = |n| row(n, "N1", "ID1", "王小明");
    resolves(
        &pool,
        1,
        &[same(1), same(2), same(3)],
        &["1 loaded", "2 loaded superseded duplicate-row", "3 loaded superseded duplicate-row"],
    )
    .await;
    let undated = |n| issued(same(n), None);
    resolves(&pool, 2, &[undated(1), undated(2)], &["1 loaded", "2 loaded superseded duplicate-row"]).await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn of_different_rows_of_one_certificate_the_newest_speaks(pool: PgPool) {
    let of = |n, day| issued(row(n, "N1", "ID1", "王小明"), Some(day));
    let older_first = [of(1, date!(2022 - 03 - 01)), of(2, date!(2025 - 03 - 01))];
    resolves(&pool, 1, &older_first, &["1 loaded superseded older-row-of-number", "2 loaded"]).await;
    let newer_first = [of(1, date!(2025 - 03 - 01)), of(2, date!(2022 - 03 - 01)), of(3, date!(2019 - 03 - 01))];
    resolves(&pool, 2, &newer_first, &["1 loaded", "2 loaded superseded older-row-of-number", "3 loaded superseded older-row-of-number"])
        .await;
    let cancelled_then_valid = [status(of(1, date!(2022 - 03 - 01)), "cancelled"), status(of(2, date!(2025 - 03 - 01)), "valid")];
    resolves(&pool, 3, &cancelled_then_valid, &["1 loaded superseded older-row-of-number", "2 loaded"]).await;
    let newest_twice = [of(1, date!(2022 - 03 - 01)), of(2, date!(2025 - 03 - 01)), of(3, date!(2025 - 03 - 01))];
    resolves(&pool, 4, &newest_twice, &["1 loaded superseded older-row-of-number", "2 loaded", "3 loaded superseded duplicate-row"]).await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn older_rows_wait_with_the_newest_where_it_is_held(pool: PgPool) {
    let of = |n, day| issued(row(n, "N1", "ID1", "王小明"), Some(day));
    let held = |row: StagedRow| StagedRow { outcome: "held", ..status(row, "cancelled") };
    let older_valid = [of(1, date!(2022 - 03 - 01)), held(of(2, date!(2025 - 03 - 01))), of(3, date!(2019 - 03 - 01))];
    resolves(&pool, 1, &older_valid, &["1 held newer-row-held", "2 held", "3 held newer-row-held"]).await;
    let newest_taken = [held(of(1, date!(2022 - 03 - 01))), of(2, date!(2025 - 03 - 01))];
    resolves(&pool, 2, &newest_taken, &["1 held", "2 loaded"]).await;
    let same_day = [of(1, date!(2025 - 03 - 01)), held(of(2, date!(2025 - 03 - 01)))];
    resolves(&pool, 3, &same_day, &["1 held tie-of-number", "2 held"]).await;
    let undated = [of(1, date!(2025 - 03 - 01)), held(issued(row(2, "N1", "ID1", "王小明"), None))];
    resolves(&pool, 4, &undated, &["1 held tie-of-number", "2 held"]).await;
    let other_number = [of(1, date!(2022 - 03 - 01)), held(issued(row(2, "N2", "ID1", "王小明"), Some(date!(2025 - 03 - 01))))];
    resolves(&pool, 5, &other_number, &["1 loaded", "2 held"]).await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn different_rows_of_one_certificate_without_a_newest_are_held(pool: PgPool) {
    let day = Some(date!(2025 - 03 - 01));
    let of = |n, day, word: &str| status(issued(row(n, "N1", "ID1", "王小明"), day), word);
    resolves(&pool, 1, &[of(1, day, "cancelled"), of(2, day, "valid")], &["1 held tie-of-number", "2 held tie-of-number"]).await;
    resolves(&pool, 2, &[of(1, None, "cancelled"), of(2, None, "valid")], &["1 held tie-of-number", "2 held tie-of-number"]).await;
    resolves(&pool, 3, &[of(1, None, "cancelled"), of(2, day, "valid")], &["1 held tie-of-number", "2 held tie-of-number"]).await;
    let tied_newest = [of(1, Some(date!(2020 - 01 - 01)), "valid"), of(2, day, "valid"), of(3, day, "cancelled")];
    resolves(&pool, 4, &tied_newest, &["1 held tie-of-number", "2 held tie-of-number", "3 held tie-of-number"]).await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rows_that_differ_in_anything_printed_are_no_duplicates(pool: PgPool) {
    let base = || row(1, "N1", "ID1", "王小明");
    let other = || row(2, "N1", "ID1", "王小明");
    let tied = ["1 held duplicate-row-differs", "2 held duplicate-row-differs"];
    let table = [
        ("end date", base(), with(other(), |f| f.valid_until = Some(date!(2027 - 01 - 01)))),
        (
            "employer",
            with(base(), |f| f.employer_name = Some("甲公司".to_owned())),
            with(other(), |f| f.employer_name = Some("乙公司".to_owned())),
        ),
        (
            "specialties",
            with(base(), |f| f.specialties = Some(serde_json::json!([{ "category": "建筑工程", "valid_until": "2028-02-29" }]))),
            with(other(), |f| f.specialties = Some(serde_json::json!([{ "category": "市政公用工程", "valid_until": "2028-02-29" }]))),
        ),
        (
            "which of two dates is missing",
            with(base(), |f| (f.valid_from, f.valid_until) = (Some(date!(2025 - 03 - 01)), None)),
            with(other(), |f| (f.valid_from, f.valid_until) = (None, Some(date!(2025 - 03 - 01)))),
        ),
    ];
    let mut failed = Vec::new();
    for (content, (case, first, second)) in (1..).zip(table) {
        let batch = registered(&pool, &delivery(content, date!(2026 - 10 - 31), "all")).await;
        stage(&pool, &batch, &[first, second]).await;
        compare(&pool, &batch).await;
        let fates = fates(&pool, &batch).await;
        if fates != tied {
            failed.push((case, fates));
        }
    }
    assert_eq!(failed, []);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rules_see_the_rows_of_their_own_batch_only(pool: PgPool) {
    let earlier = registered(&pool, &delivery(1, date!(2026 - 10 - 01), "all")).await;
    stage(&pool, &earlier, &[row(1, "N1", "ID1", "王小明")]).await;
    resolves(&pool, 2, &[row(1, "N1", "ID2", "李大海")], &["1 loaded"]).await;
    assert_eq!(fates(&pool, &earlier).await, ["1 loaded"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn employers_are_linked_by_what_is_registered_and_never_by_guessing(pool: PgPool) {
    let of = |n: i64, key: &str, code: Option<&str>| {
        with(row(n, &format!("N{n}"), &format!("ID{n}"), "王小明"), |fields| {
            fields.employer_name = Some(key.to_owned());
            fields.employer_key = Some(key.to_owned());
            fields.employer_code = code.map(str::to_owned);
        })
    };
    let known = [of(1, "甲公司", Some("12110000400777687U")), of(2, "乙公司", Some("12110000400777687U"))];
    merged(&pool, &delivery(1, date!(2026 - 10 - 01), "all"), &known).await;
    let rows = [
        of(1, "甲公司", Some("400777687")),
        of(2, "甲公司", None),
        of(3, "甲公司", Some("D2143569X")),
        of(4, "丙公司", Some("400777687")),
        // Named with both codes in this delivery, and with a second unified code: two firms of one name.
        of(5, "乙公司", Some("91350100M000100Y43")),
        of(6, "乙公司", None),
        of(7, "乙公司", Some("400777687")),
        // Eighteen characters with a wrong check character are no unified code.
        of(8, "丁公司", Some("12110000400777687A")),
        of(9, "丁公司", None),
    ];
    let batch = registered(&pool, &delivery(2, date!(2026 - 10 - 31), "all")).await;
    stage(&pool, &batch, &rows).await;
    for _ in 0..2 {
        store::resolve::link_employers(&mut pool.acquire().await.unwrap(), batch.id).await.unwrap();
        let expected = [
            "1 warned employer-linked",
            "2 loaded employer-linked-by-name",
            "3 loaded",
            "4 loaded",
            "5 loaded",
            "6 loaded",
            "7 warned employer-linked",
            "8 loaded",
            "9 loaded",
        ];
        assert_eq!(fates(&pool, &batch).await, expected);
    }
    crate::staged::step(&pool, &batch).await;
    let employers = "select concat_ws(' ', match_key, code) from employer where match_key = '甲公司' order by 1";
    assert_eq!(crate::sql::texts(&pool, employers).await, ["甲公司 12110000400777687U", "甲公司 D2143569X"]);
}
