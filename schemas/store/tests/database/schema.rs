//! The schema itself: what the tables refuse, and that the migrations go down and up again.

use sqlx::PgPool;
use store::database;
use store::testing::complete;

use crate::sql;

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn append_only_tables_refuse_update_delete_and_truncate(pool: PgPool) {
    // An event is refused row by row, see `undoing`: it may leave only where it stands among the undone ones.
    for statement in ["update certificate_event set actor = 'x'", "truncate certificate_event cascade"] {
        assert_eq!(sql::refusal(&pool, statement).await, "rows of certificate_event are append-only", "{statement}");
    }
    for (table, column) in [
        ("row_resolution", "why"),
        ("batch_undo", "why"),
        ("undone_record", "sort"),
        ("undone_event", "actor"),
        ("audit", "actor"),
        ("photo_review", "reviewer"),
        ("issue_order", "qr_base"),
        ("order_closure", "reason"),
        ("document", "object_key"),
    ] {
        let emptied = format!("truncate {table} cascade");
        for statement in [format!("update {table} set {column} = 'x'"), format!("delete from {table}"), emptied] {
            assert_eq!(sql::refusal(&pool, &statement).await, format!("rows of {table} are append-only"), "{statement}");
        }
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn append_only_rows_are_not_emptied_with_what_they_point_to(pool: PgPool) {
    for table in ["certificate", "person", "photo"] {
        let refusal = sql::refusal(&pool, &format!("truncate {table} cascade")).await;
        assert!(refusal.ends_with("are append-only"), "{table}: {refusal}");
    }
}

/// A certificate with one order.
async fn certificate_with_an_order(pool: &PgPool) {
    sql::run(
        pool,
        "insert into person (name, id_kind, id_number, id_original) values ('王小明', 'resident', 'ID1', 'ID1');
         insert into certificate (kind, number, number_printed, person_id, legal_status, stage, delivered_as_of)
         select 'safety-personnel', 'N1', 'N1', id, 'valid', 'paper', '2026-10-31' from person;
         insert into issue_order (certificate_id, version, revision, snapshot, portrait_sha256, portrait_key, template_version, template_sha256,
             fonts_sha256, profile_sha256, document_key_id, chain_sha256, qr_key_id, qr_base, status_list, status_index, signing_time)
         select id, 1, 1, '{}', '', '', 1, '', '', '', 'k', '', 'q', 'b', 1, 1, now() from certificate",
    )
    .await;
}

const CLOSE: &str = "insert into order_closure (order_id, reason) select id, 'locked' from issue_order";
const ANNOUNCE: &str = "insert into document (certificate_id, version, order_id, sha256, object_key, size_bytes)
                        select certificate_id, version, id, sha256('1'), 'k', 1 from issue_order";

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_closed_order_never_gets_its_document(pool: PgPool) {
    certificate_with_an_order(&pool).await;
    sql::run(&pool, CLOSE).await;
    assert_eq!(sql::refusal(&pool, ANNOUNCE).await, "document_order_open");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_document_waits_for_a_closure_under_way(pool: PgPool) {
    certificate_with_an_order(&pool).await;
    for closed in [false, true] {
        let mut closing = pool.begin().await.unwrap();
        sqlx::raw_sql(CLOSE).execute(&mut *closing).await.unwrap();
        let mut announcing = pool.begin().await.unwrap();
        sqlx::raw_sql("set local lock_timeout = '100ms'").execute(&mut *announcing).await.unwrap();
        let waited = sqlx::raw_sql(ANNOUNCE).execute(&mut *announcing).await.unwrap_err();
        assert_eq!(waited.as_database_error().unwrap().code().as_deref(), Some("55P03"), "{waited}");
        announcing.rollback().await.unwrap();
        if closed {
            closing.commit().await.unwrap();
            assert_eq!(sql::refusal(&pool, ANNOUNCE).await, "document_order_open");
        } else {
            closing.rollback().await.unwrap();
        }
    }
    assert_eq!(sql::number(&pool, "select count(*) from document").await, 0);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_open_order_gets_its_document(pool: PgPool) {
    certificate_with_an_order(&pool).await;
    sql::run(&pool, ANNOUNCE).await;
    assert_eq!(sql::number(&pool, "select count(*) from document").await, 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_function_that_fetches_tasks_has_its_planner_settings(pool: PgPool) {
    for _ in 0..2 {
        complete(&pool).await;
        let settings =
            "select array_to_string(proconfig, ' ') from pg_proc where oid = 'apalis.get_jobs(text, text, integer)'::regprocedure";
        assert_eq!(sql::text(&pool, settings).await, "enable_hashjoin=off enable_mergejoin=off");
    }
    assert_eq!(sql::number(&pool, "select count(*) from pg_indexes where schemaname = 'apalis' and indexname = 'ecert_fetched'").await, 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_migrations_go_down_and_up_again(pool: PgPool) {
    complete(&pool).await;
    let shape = "select coalesce(string_agg(line, E'\n' order by line), '') from (
        select table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable as line
        from information_schema.columns where table_schema = 'public' and table_name <> '_sqlx_migrations'
        union all select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
                  where connamespace = 'public'::regnamespace and conrelid <> '_sqlx_migrations'::regclass
        union all select indexdef from pg_indexes where schemaname = 'public' and tablename <> '_sqlx_migrations'
        union all select proname from pg_proc p where pronamespace = 'public'::regnamespace
                  and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
        union all select tgrelid::regclass || ' ' || tgname from pg_trigger where not tgisinternal and tgrelid::regclass::text not like 'apalis%'
        union all select sequencename from pg_sequences where schemaname = 'public') x";
    let up = sql::text(&pool, shape).await;
    assert!(up.contains("document_once_per_version"));
    database::require_migrated(&pool).await.unwrap();

    database::migrate_down(&pool).await.unwrap();
    assert_eq!(sql::text(&pool, shape).await, "", "nothing of ours is left");
    assert!(matches!(database::require_migrated(&pool).await, Err(database::DatabaseError::NotMigrated)));
    assert_eq!(sql::number(&pool, "select count(*) from apalis.jobs").await, 0, "the queue's tables stay");

    for _ in 0..2 {
        database::migrate(&pool).await.unwrap();
        assert_eq!(sql::text(&pool, shape).await, up);
    }
    database::require_migrated(&pool).await.unwrap();
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn photos_held_before_there_were_cases_are_checked_once_more(pool: PgPool) {
    complete(&pool).await;
    store::MIGRATOR.undo(&pool, 12).await.unwrap();
    sql::run(
        &pool,
        "insert into person (name, id_kind, id_number, id_original) select '王小明', 'resident', 'ID' || n, 'ID' || n from generate_series(1, 53) n;
         insert into photo (file_name, id_kind, id_number, person_id, original_sha256, original_key, size_bytes, state)
         select id_number || '.jpg', id_kind, id_number, id, sha256(id_number::bytea), id_number, 100, case when id_number = 'ID53' then 'rejected' else 'held' end
         from person",
    )
    .await;
    store::MIGRATOR.run(&pool).await.unwrap();
    let states = sql::texts(&pool, "select state || ' ' || count(*) from photo group by state order by state").await;
    assert_eq!(states, ["received 52", "rejected 1"]);
    let jobs = sql::texts(
        &pool,
        "select j.kind || ' ' || j.state || ' ' || jsonb_array_length(j.payload -> 'photos') || ' ' || a.status
         from job j join apalis.jobs a on a.id = task_id(j.id, j.dispatch) order by j.id",
    )
    .await;
    assert_eq!(jobs, ["review_photos waiting 50 Pending", "review_photos waiting 2 Pending"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_database_of_a_newer_program_is_refused(pool: PgPool) {
    sql::run(
        &pool,
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time) values (9999, 'of tomorrow', true, '', 0)",
    )
    .await;
    assert!(matches!(database::require_migrated(&pool).await, Err(database::DatabaseError::Newer(9999))));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn states_that_contradict_themselves_are_refused(pool: PgPool) {
    sql::run(
        &pool,
        "insert into person (name, id_kind, id_number, id_original) values ('王小明', 'resident', 'ID1', 'ID1');
         insert into certificate (kind, number, number_printed, person_id, legal_status, stage, delivered_as_of)
         select 'safety-personnel', 'N1', 'N1', id, 'valid', 'paper', '2026-10-31' from person;
         insert into job (kind, payload, max_attempts) values ('x', '{}', 5);
         insert into intake_batch (shape, sha256, issue_policy, as_of, registered_by) values ('photos', sha256('1'), 'all', '2026-10-31', 'x')",
    )
    .await;
    for (constraint, statement) in [
        ("certificate_issued_has_version", "update certificate set stage = 'issued'"),
        ("certificate_held_has_reason", "update certificate set stage = 'held'"),
        ("certificate_held_has_reason", "update certificate set hold_reason = 'x'"),
        ("certificate_wanted_in_these_stages", "update certificate set stage = 'ready'"),
        ("certificate_legal_status_known", "update certificate set legal_status = 'fine'"),
        ("certificate_stage_known", "update certificate set stage = 'printed', issue_requested = true"),
        (
            "certificate_number_unique",
            "insert into certificate (kind, number, number_printed, person_id, legal_status, stage, delivered_as_of)
             select kind, number, number_printed, person_id, legal_status, stage, delivered_as_of from certificate",
        ),
        ("job_leased_while_running", "update job set state = 'running'"),
        ("job_leased_while_running", "update job set lease_until = now()"),
        ("job_ended", "update job set state = 'done'"),
        ("job_ended", "update job set finished_at = now()"),
        ("job_dead_says_why", "update job set state = 'dead', finished_at = now()"),
        ("batch_ended", "update intake_batch set state = 'finished'"),
        ("batch_failed_has_reason", "update intake_batch set state = 'failed', finished_at = now()"),
        ("lock_on_one_subject", "insert into lock (cause, cause_text, since, set_by) values ('other', 'x', '2026-10-31', 'x')"),
        (
            "lock_cause_blank",
            "insert into lock (person_id, cause, cause_text, since, set_by) select id, 'other', ' ', '2026-10-31', 'x' from person",
        ),
        (
            "lock_ends_after_start",
            "insert into lock (person_id, cause, cause_text, since, until, set_by) select id, 'other', 'x', '2026-10-31', '2026-10-30', 'x' from person",
        ),
        ("staff_name_blank", "insert into staff (name, created_by) values (' ', 'x')"),
    ] {
        assert_eq!(sql::refusal(&pool, statement).await, constraint, "{statement}");
    }
}
