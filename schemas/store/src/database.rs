//! Connecting, migrating, and telling whether a database is ready for this program.

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};

/// Why a database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The address is no PostgreSQL URL.
    #[error("the database URL cannot be read; it has the form postgresql://user@host/database")]
    Url(#[source] sqlx::Error),
    /// No server answers there.
    #[error("no connection to the database; is the server running and the URL right?")]
    Connect(#[source] sqlx::Error),
    /// A migration step failed.
    #[error("the database could not be migrated")]
    Migrate(#[source] sqlx::migrate::MigrateError),
    /// apalis's own tables could not be made.
    #[error("the queue's tables could not be made; the extension hstore (package postgresql-contrib) must be installable")]
    Queue(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A statement around the migrations failed.
    #[error("the database refused a statement")]
    Statement(#[from] sqlx::Error),
    /// The server is older than PostgreSQL 14.
    #[error("the server is PostgreSQL {0}; ecert needs version 14 or later")]
    TooOld(String),
    /// The tables are missing or older than this program.
    #[error("the database is not migrated to this version of ecert: run `ecert migrate`")]
    NotMigrated,
    /// The tables are newer than this program.
    #[error("the database was migrated by a newer ecert (migration {0}): install that version")]
    Newer(i64),
}

/// Whether a connection that comes back to the pool answers what it is asked. A task that is dropped in the middle of a COPY leaves
/// answers behind that nobody counted, and the next statement would take them for its own: such a connection is closed.
async fn is_at_rest(conn: &mut PgConnection) -> bool {
    let answer = sqlx::query_scalar!(r#"select 7 as "seven!""#).fetch_all(conn).await;
    matches!(answer.as_deref(), Ok([7]))
}

/// Opens a pool of at most `size` connections to `url`. The server ends a statement whose program is gone, and a transaction whose
/// program has said nothing for `patience`: a process that stands still must not hold what its successor waits for. The sessions bear
/// the name of `worker`, so that [`crate::ledger::rescue_leases`] can end those of one that lost its lease.
///
/// # Errors
/// [`DatabaseError::Url`], [`DatabaseError::Connect`] or [`DatabaseError::TooOld`].
pub async fn connect(url: &str, size: u32, worker: &str, patience: Duration) -> Result<PgPool, DatabaseError> {
    let options: PgConnectOptions = url.parse().map_err(DatabaseError::Url)?;
    let session = [
        ("client_connection_check_interval", "10s".to_owned()),
        ("idle_in_transaction_session_timeout", format!("{}ms", patience.as_millis())),
    ];
    let options = options.application_name(&crate::ledger::session_name(worker)).options(session).disable_statement_logging();
    // A pool tries for its whole time limit and then tells nothing; one connection tells at once what is wrong.
    PgConnection::connect_with(&options).await.map_err(DatabaseError::Connect)?.close().await?;
    let pool = PgPoolOptions::new()
        .max_connections(size)
        .acquire_timeout(Duration::from_secs(30))
        .after_release(|conn, _| Box::pin(async { Ok(is_at_rest(conn).await) }))
        .connect_with(options)
        .await
        .map_err(DatabaseError::Connect)?;
    let version = sqlx::query_scalar!(r#"select current_setting('server_version_num')::int as "number!""#).fetch_one(&pool).await?;
    if version < 140_000 {
        return Err(DatabaseError::TooOld((version / 10_000).to_string()));
    }
    Ok(pool)
}

/// Runs apalis's migrations and ours. Doing it again changes nothing.
///
/// # Errors
/// [`DatabaseError::Queue`], [`DatabaseError::Migrate`] or [`DatabaseError::Statement`].
pub async fn migrate(pool: &PgPool) -> Result<(), DatabaseError> {
    setup_queue(pool).await?;
    crate::MIGRATOR.run(pool).await.map_err(DatabaseError::Migrate)
}

/// Makes apalis's tables and mends two things about them.
///
/// `get_jobs` joins by hash or merge against the whole table, finished tasks too (107 ms a fetch at 300,000 rows, 2 ms
/// without those joins). Tasks fetched by a worker that died are looked for by the ledger, so they get an index.
///
/// # Errors
/// [`DatabaseError::Queue`] or [`DatabaseError::Statement`].
pub async fn setup_queue(pool: &PgPool) -> Result<(), DatabaseError> {
    apalis_postgres::PostgresStorage::<()>::setup(pool).await.map_err(|source| DatabaseError::Queue(source.into()))?;
    let mut tx = pool.begin().await?;
    for statement in [
        // Two programs that start at one moment would change the same row of the catalogue, and one of them would fail.
        "select pg_advisory_xact_lock(hashtextextended('setup-queue', 0))",
        "alter function apalis.get_jobs(text, text, integer) set enable_hashjoin = off",
        "alter function apalis.get_jobs(text, text, integer) set enable_mergejoin = off",
        "create index if not exists ecert_fetched on apalis.jobs (lock_at) where status in ('Queued', 'Running')",
    ] {
        sqlx::raw_sql(statement).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Refuses a database whose tables are not exactly those of this program.
///
/// # Errors
/// [`DatabaseError::NotMigrated`] or [`DatabaseError::Newer`].
pub async fn require_migrated(pool: &PgPool) -> Result<(), DatabaseError> {
    let present = sqlx::query_scalar!(r#"select to_regclass('public._sqlx_migrations') is not null as "present!""#).fetch_one(pool).await?;
    if !present {
        return Err(DatabaseError::NotMigrated);
    }
    // The migration table belongs to the migrator, so the checked macros do not know it.
    #[expect(clippy::disallowed_methods, reason = "the migrator's own table is not part of the checked schema")]
    let newest: Option<i64> = sqlx::query_scalar("select max(version) from public._sqlx_migrations where success").fetch_one(pool).await?;
    let ours = crate::MIGRATOR.iter().map(|migration| migration.version).max().unwrap_or(0);
    match newest {
        Some(newest) if newest == ours => Ok(()),
        Some(newest) if newest > ours => Err(DatabaseError::Newer(newest)),
        Some(_) | None => Err(DatabaseError::NotMigrated),
    }
}

/// Refreshes the planner's statistics of the tables that an import fills: rows that came a moment ago are unknown to it, and a
/// plan for few rows takes hours over many.
///
/// # Errors
/// The database's.
pub async fn refresh_statistics(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::raw_sql(
        "analyze intake_row (batch_id, row_no, outcome, number, id_kind, id_number, name, birth_date, employer_key, turn),
                 person, employer, certificate, photo",
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Refreshes the planner's statistics of what is known of an import's rows.
///
/// # Errors
/// The database's.
pub async fn refresh_knowledge(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::raw_sql("analyze intake_known").execute(conn).await?;
    Ok(())
}

/// Settings of one transaction of an import. `Stage` and `Merge` do not wait for the disk: a step's rows and the note that it is done
/// are one transaction, so a server that falls loses both and the step is done again; what follows a phase waits, and with it for all before.
/// `Compare`: memory for one pass over all rows of a batch. `Merge`: a step touches a few
/// rows of tables that grow beneath it, so it goes through their indexes, whatever their size was when it was planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportPhase {
    /// A step is staged.
    Stage,
    /// Rows are compared with each other and with what is known.
    Compare,
    /// A step is merged.
    Merge,
}

/// Prepares the caller's transaction for a phase of an import.
///
/// # Errors
/// The database's.
pub async fn prepare_import(conn: &mut PgConnection, phase: ImportPhase) -> sqlx::Result<()> {
    let settings = match phase {
        ImportPhase::Stage => "set local synchronous_commit = off",
        ImportPhase::Compare => "set local work_mem = '192MB'",
        ImportPhase::Merge => {
            // A plan of its own each time would be sounder still, but foreign keys are checked by plans, too, one a row.
            "set local synchronous_commit = off; set local work_mem = '64MB'; set local enable_seqscan = off; set local enable_mergejoin = off; set local enable_hashjoin = off; \
             set local max_parallel_workers_per_gather = 0"
        }
    };
    sqlx::raw_sql(settings).execute(conn).await?;
    Ok(())
}

/// Takes all of our migrations back; apalis's stay. For tests of the migrations: every row is lost.
///
/// # Errors
/// [`DatabaseError::Migrate`].
pub async fn migrate_down(pool: &PgPool) -> Result<(), DatabaseError> {
    crate::MIGRATOR.undo(pool, 0).await.map_err(DatabaseError::Migrate)
}

/// The database's time.
///
/// # Errors
/// The database's.
pub async fn now(conn: &mut PgConnection) -> sqlx::Result<time::OffsetDateTime> {
    sqlx::query_scalar!(r#"select clock_timestamp() as "now!""#).fetch_one(conn).await
}

/// Asks for a sign of life: an answer to a statement that a server which only reads refuses.
///
/// # Errors
/// The database's, when it gives none.
pub async fn answers(pool: &PgPool) -> sqlx::Result<()> {
    sqlx::query_scalar!(r#"select pg_current_xact_id()::text as "id!""#).fetch_one(pool).await.map(drop)
}

/// Whether the database went away: it was stopped, or cannot be reached any more. The error may be anywhere among the causes.
#[must_use]
pub fn is_gone(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(known) = cause {
        if let Some(known) = known.downcast_ref::<sqlx::Error>() {
            let is_stopping = |code: &str| code.starts_with("57P");
            let told = known.as_database_error().and_then(|error| error.code());
            if matches!(known, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed)
                || told.is_some_and(|code| is_stopping(&code))
            {
                return true;
            }
        }
        cause = known.source();
    }
    false
}
