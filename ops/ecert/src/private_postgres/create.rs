//! Makes a cluster's data directory. It is made under another name and gets its own when it is complete, so a half-made one is never started.

use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use super::binaries::Binaries;
use super::cluster::Cluster;
use super::connection::{DATABASE, ROLE};
use super::error::{PostgresError, files};
use super::server_user::{ServerUser, last_lines};
use super::settings;

/// Bytes decide the order of text, on every machine alike; the kinds of characters come from Unicode.
const CHARACTER_TYPES: &str = "--lc-ctype=C.UTF-8";
/// Where the system lacks that locale.
const PLAIN_CHARACTER_TYPES: &str = "--lc-ctype=C";

/// Creates the data directory with the superuser and the database.
pub(super) fn data_directory(cluster: &Cluster, user: &ServerUser, binaries: &Binaries) -> Result<(), PostgresError> {
    tracing::info!(
        cluster.dir = %cluster.dir().display(),
        postgres.major = binaries.major(),
        "Creating the private PostgreSQL."
    );
    for unfinished in cluster.unfinished().map_err(files("list", cluster.dir()))? {
        delete(user, &unfinished)?;
    }
    let staging = cluster.staging_dir();
    let made = initialise(&staging, user, binaries).and_then(|()| {
        let data = cluster.data_dir();
        user.run(&mut user.shell(r#"mv -T -- "$1" "$2" && sync -- "$3""#, &[&staging, &data, cluster.dir()]))
    });
    if made.is_err() {
        // The first error is the one to tell.
        let _ = delete(user, &staging);
    }
    made.map(|_| ())
}

/// Deletes a directory of the cluster as its user.
pub(super) fn delete(user: &ServerUser, dir: &Path) -> Result<(), PostgresError> {
    user.run(&mut user.shell(r#"rm -rf -- "$1""#, &[dir])).map(|_| ())
}

fn initialise(staging: &Path, user: &ServerUser, binaries: &Binaries) -> Result<(), PostgresError> {
    let initdb = |character_types: &str| {
        let mut command = user.command(binaries.initdb());
        command.args(["--encoding=UTF8", "--lc-collate=C", "--lc-messages=C", "--lc-monetary=C", "--lc-numeric=C", "--lc-time=C"]);
        command.args([character_types, "--text-search-config=simple", "--data-checksums", "--no-instructions"]);
        command.args(["--auth-local=trust", "--auth-host=reject", "--username", ROLE, "--pgdata"]).arg(staging);
        user.run(&mut command)
    };
    match initdb(CHARACTER_TYPES) {
        Err(PostgresError::Failed { output, .. }) if output.contains("invalid locale") => {
            delete(user, staging)?;
            initdb(PLAIN_CHARACTER_TYPES)?;
        }
        other => {
            other?;
        }
    }
    create_database(staging, user, binaries)?;
    user.write_file(&staging.join("pg_hba.conf"), settings::ACCESS_FILE)?;
    user.write_file(&staging.join("local.conf"), settings::LOCAL_FILE)?;
    user.write_file(&staging.join("postgresql.conf"), settings::MAIN_FILE)
}

/// A server in single-user mode needs no socket and ends with its input.
fn create_database(staging: &Path, user: &ServerUser, binaries: &Binaries) -> Result<(), PostgresError> {
    let mut command = user.command(binaries.postgres());
    command.args(["--single", "-c", "exit_on_error=on", "-D"]).arg(staging).arg("postgres");
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|source| user.cannot_run(&command, source))?;
    if let Some(mut input) = child.stdin.take() {
        // A server that ended early has closed its input; its status says why.
        let _ = writeln!(input, "create database {DATABASE}");
    }
    let output = child.wait_with_output().map_err(|source| user.cannot_run(&command, source))?;
    if output.status.success() {
        return Ok(());
    }
    let output = last_lines(&String::from_utf8_lossy(&output.stderr), 8);
    Err(PostgresError::Failed { program: "creating the database".to_owned(), output })
}
