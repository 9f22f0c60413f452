//! What every command starts from: the home, the configuration, who acts, and the database.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use domain::settings::Settings;
use store::objects::Objects;
use store::pool::PgPool;
use time::{Date, OffsetDateTime};
use workers::clock::Clock;

use crate::cli::Global;
use crate::config::Config;
use crate::home::Home;
use crate::private_postgres::PrivatePostgres;

/// A started command.
pub(crate) struct App {
    pub(crate) home: Home,
    pub(crate) config: Config,
    /// Whether a program reads the answer.
    pub(crate) json: bool,
    /// The name of this process among the workers: unique per start.
    pub(crate) worker: String,
    as_staff: Option<String>,
    database_url: Option<String>,
    objects: Objects,
}

impl App {
    /// Reads home and configuration; creates nothing yet.
    pub(crate) fn new(global: &Global) -> anyhow::Result<Self> {
        let home = Home::resolve(global.home.clone(), None);
        let config = Config::load(global.config.as_deref(), &home)?;
        let database_url = global
            .database_url
            .clone()
            .filter(|url| !url.is_empty())
            .or_else(|| config.database.url.as_ref().map(|url| url.expose().to_owned()));
        let objects = objects(&home, &config)?;
        Ok(Self { home, config, json: global.json, worker: worker_name(), as_staff: global.as_staff.clone(), database_url, objects })
    }

    /// Takes over a configuration that was written after the start.
    pub(crate) fn reload(&mut self, global: &Global) -> anyhow::Result<()> {
        self.config = Config::load(global.config.as_deref(), &self.home)?;
        self.objects = objects(&self.home, &self.config)?;
        Ok(())
    }

    /// The database: the given one, which must be migrated, or the private one, which is started and migrated.
    pub(crate) async fn database(&self) -> anyhow::Result<PgPool> {
        match &self.database_url {
            Some(url) => {
                let pool = store::database::connect(url, self.config.database.pool_size, &self.worker, self.patience()).await?;
                store::database::require_migrated(&pool).await?;
                Ok(pool)
            }
            None => {
                let pool = self.connect().await?;
                store::database::migrate(&pool).await?;
                Ok(pool)
            }
        }
    }

    /// The database of a command that looks or acts on what is known: it makes neither a home nor a database.
    pub(crate) async fn known_database(&self) -> anyhow::Result<PgPool> {
        self.require_database()?;
        self.database().await
    }

    /// Refuses a home without a database, where none is given.
    pub(crate) fn require_database(&self) -> anyhow::Result<()> {
        if !self.is_private() {
            return Ok(());
        }
        self.home.require()?;
        if self.has_no_database()? {
            bail!(
                "the home {} has no database yet; `ecert ingest` or `ecert db start` makes one, or name another home with --home DIR",
                self.home.path().display()
            );
        }
        Ok(())
    }

    /// The database as it is, for those who migrate it.
    pub(crate) async fn connect(&self) -> anyhow::Result<PgPool> {
        let url = match &self.database_url {
            Some(url) => url.clone(),
            None => {
                self.home.ensure()?;
                let postgres = PrivatePostgres::of(&self.home);
                tokio::task::spawn_blocking(move || postgres.ensure_running()).await??.url
            }
        };
        // Each queue may hold as many connections as it has jobs under way, and leases are renewed beside them.
        let wanted = u32::try_from(self.config.work.jobs_at_a_time() * 4 + 6)?;
        Ok(store::database::connect(&url, self.config.database.pool_size.max(wanted), &self.worker, self.patience()).await?)
    }

    /// How long a transaction may stand still: whoever holds a lease and has said nothing for several of them has stopped.
    fn patience(&self) -> Duration {
        Duration::from_secs(6 * u64::from(self.config.work.lease_seconds))
    }

    /// Whether the database is the home's own.
    pub(crate) fn is_private(&self) -> bool {
        self.database_url.is_none()
    }

    /// Whether there is neither a given database nor a private one yet.
    pub(crate) fn has_no_database(&self) -> anyhow::Result<bool> {
        Ok(self.is_private() && PrivatePostgres::of(&self.home).status()?.cluster.is_none())
    }

    /// Whether there is a database that can be looked at without making or migrating one.
    pub(crate) fn has_database_to_read(&self) -> anyhow::Result<bool> {
        if !self.is_private() {
            return Ok(true);
        }
        Ok(self.home.path().is_dir() && !self.has_no_database()?)
    }

    /// Who acts; a staff member must exist and be active.
    pub(crate) async fn actor(&self, pool: &PgPool) -> anyhow::Result<String> {
        match &self.as_staff {
            Some(name) => {
                store::staff::require_active(&mut *pool.acquire().await?, name).await?;
                Ok(format!("staff:{name}"))
            }
            None => Ok(format!("local:{}", operating_system_user())),
        }
    }

    /// The object store: the configured one, else that of the home.
    pub(crate) fn objects(&self) -> Objects {
        self.objects.clone()
    }

    /// What the rules depend on.
    pub(crate) fn settings(&self) -> Arc<Settings> {
        Arc::new(self.config.domain_settings().clone())
    }

    /// Refuses a home that cannot be written, before anything is begun.
    pub(crate) fn ensure_home(&self) -> anyhow::Result<()> {
        self.home.ensure().map_err(anyhow::Error::from)
    }
}

/// The configured bucket, else the home's folder. Credentials come from the environment alone, under the names that S3's programs use.
fn objects(home: &Home, config: &Config) -> anyhow::Result<Objects> {
    let Some(url) = &config.objects.url else { return Ok(Objects::in_folder(home.objects())) };
    #[expect(clippy::disallowed_methods, reason = "credentials are read where they are used, and are no setting of the configuration")]
    let mut settings: Vec<(String, String)> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| name.starts_with("AWS_"))
        .collect();
    let configured = [("aws_endpoint", &config.objects.endpoint), ("aws_region", &config.objects.region)];
    settings.extend(configured.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.clone()?))));
    if config.objects.endpoint.as_ref().is_some_and(|endpoint| endpoint.starts_with("http://")) {
        settings.push(("aws_allow_http".to_owned(), "true".to_owned()));
    }
    Ok(Objects::in_bucket(url, settings, home.scratch())?)
}

/// The present time: the one place that reads the clock.
#[expect(clippy::disallowed_methods, reason = "the edge is where the clock is read")]
pub(crate) fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

/// The clock for handlers.
pub(crate) fn clock() -> Clock {
    Clock::new(now)
}

/// The present civil day of Asia/Shanghai.
pub(crate) fn today() -> Date {
    clock().today()
}

fn operating_system_user() -> String {
    let id = rustix::process::geteuid().as_raw();
    std::fs::read_to_string("/etc/passwd")
        .context("no list of users")
        .ok()
        .and_then(|users| {
            users.lines().find_map(|line| {
                let mut fields = line.split(':');
                let name = fields.next()?;
                (fields.nth(1)? == id.to_string()).then(|| name.to_owned())
            })
        })
        .unwrap_or_else(|| format!("uid-{id}"))
}

/// Host, process and a number of the start.
fn worker_name() -> String {
    let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
    let start: u64 = rand::random();
    format!("{host}-{}-{start:016x}", std::process::id())
}
