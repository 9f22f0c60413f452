//! `ecert db` and `ecert migrate`.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use anyhow::bail;
use serde_json::json;

use crate::app::App;
use crate::cli::Db;
use crate::confirm::agreed;
use crate::output::answer;
use crate::private_postgres::PrivatePostgres;

/// `ecert db …`
pub(crate) async fn run(app: &App, command: Db) -> anyhow::Result<ExitCode> {
    if !app.is_private() {
        bail!("`ecert db` is about the home's private PostgreSQL, but a database URL is given; leave out --database-url and DATABASE_URL");
    }
    let postgres = PrivatePostgres::of(&app.home);
    match command {
        Db::Start => {
            app.database().await?;
            let target = tokio::task::spawn_blocking(move || postgres.ensure_running()).await??;
            answer(app.json, &json!({ "running": true, "url": target.url }), || format!("running: {}\n", target.url))?;
        }
        Db::Stop => {
            let stopped = tokio::task::spawn_blocking(move || postgres.stop()).await??;
            answer(app.json, &json!({ "stopped": stopped }), || {
                if stopped { "stopped\n".to_owned() } else { "it was not running\n".to_owned() }
            })?;
        }
        Db::Status => status(app, &postgres)?,
        Db::Url => {
            app.require_database()?;
            let target = tokio::task::spawn_blocking(move || postgres.ensure_running()).await??;
            answer(app.json, &json!({ "url": target.url }), || format!("{}\n", target.url))?;
        }
        Db::Remove { yes } => remove(app, postgres, yes).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Asks where somebody sits at a terminal; a program is taken at its word.
async fn remove(app: &App, postgres: PrivatePostgres, yes: bool) -> anyhow::Result<()> {
    let dir = postgres.dir()?;
    if let Some(dir) = dir.as_ref().filter(|dir| !yes && dir.exists() && std::io::stdin().is_terminal()) {
        let question = format!(
            "this deletes {} with every record, certificate, event and job in it; objects and keys stay. Remove it?",
            dir.display()
        );
        if !agreed(std::io::stdin().lock(), std::io::stderr().lock(), &question)? {
            bail!("nothing was removed; answer y, or say --yes, to remove the database");
        }
    }
    tokio::task::spawn_blocking(move || postgres.remove()).await??;
    answer(app.json, &json!({ "removed": dir.is_some() }), || match &dir {
        Some(dir) => format!("removed {} with all its data\n", dir.display()),
        None => "there is no private PostgreSQL here; nothing was removed\n".to_owned(),
    })
}

fn status(app: &App, postgres: &PrivatePostgres) -> anyhow::Result<()> {
    app.home.require()?;
    let status = postgres.status()?;
    let cluster = status.cluster.as_ref();
    let document = json!({
        "running": status.phase.is_some(),
        "pid": status.pid,
        "data": cluster.map(|c| c.dir.display().to_string()),
        "outside_home": cluster.map(|c| c.outside_home),
        "user": cluster.map(|c| c.user.clone()),
        "version": cluster.and_then(|c| c.major),
        "log": cluster.map(|c| c.log_file.display().to_string()),
        "url": status.target.as_ref().map(|t| t.url.clone()),
    });
    answer(app.json, &document, || {
        let mut text = match (&status.phase, status.pid) {
            (Some(_), Some(pid)) => format!("running, process {pid}\n"),
            (Some(_), None) => "running\n".to_owned(),
            (None, _) => "not running; `ecert db start` starts it\n".to_owned(),
        };
        if let Some(cluster) = cluster {
            let version = cluster.major.map_or_else(|| "incomplete".to_owned(), |major| format!("PostgreSQL {major}"));
            text +=
                &format!("data   {} ({version}, run by {})\nlog    {}\n", cluster.dir.display(), cluster.user, cluster.log_file.display());
            if cluster.outside_home {
                text += "       outside the home, because the server's user cannot enter it\n";
            }
        }
        if let Some(target) = &status.target {
            text += &format!("url    {}\n", target.url);
        }
        text
    })
}

/// `ecert migrate`
pub(crate) async fn migrate(app: &App, down: bool) -> anyhow::Result<ExitCode> {
    let pool = app.connect().await?;
    if down {
        store::database::migrate_down(&pool).await?;
    } else {
        store::database::migrate(&pool).await?;
    }
    answer(app.json, &json!({ "migrated": !down }), || {
        if down { "all of our migrations were taken back\n".to_owned() } else { "the database is up to date\n".to_owned() }
    })?;
    Ok(ExitCode::SUCCESS)
}
