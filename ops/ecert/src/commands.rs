//! The commands, one file each.

mod batch;
mod bench;
mod cert;
mod db;
mod demo;
mod document;
mod ingest;
mod keys;
mod lock;
mod photo;
mod queue;
mod row;
mod sample;
mod staff;
mod sweep;
mod verify;
mod work;

use std::process::ExitCode;

use ::sample::Plan;

use crate::app::{self, App};
use crate::cli::{Cli, Command};

/// The exit code of "done, with held or rejected rows", given only under `--strict`.
const STRICT: u8 = 3;

/// Runs the command.
pub(crate) async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let Cli { global, command } = cli;
    let app = App::new(&global)?;
    match command {
        Command::Demo { rows } => demo::run(app, &global, rows).await,
        Command::Bench(command) => bench::run(&app, command).await,
        Command::Sample { rows, out, seed, as_of, photos } => {
            sample::run(&app, &Plan { rows, seed, as_of: as_of.unwrap_or_else(app::today), photos: Some(photos) }, &out).await
        }
        Command::Db(command) => db::run(&app, command).await,
        Command::Migrate { down } => db::migrate(&app, down).await,
        Command::Keys(command) => keys::run(&app, &command).await,
        Command::Staff(command) => staff::run(&app, command).await,
        Command::Ingest(command) => ingest::run(&app, command).await,
        Command::Batch(command) => batch::run(&app, command).await,
        Command::Photo(command) => photo::run(&app, command).await,
        Command::Row(command) => row::run(&app, command).await,
        Command::Work(command) => work::run(&app, command).await,
        Command::Sweep(command) => sweep::run(&app, command).await,
        Command::Queue(command) => queue::run(&app, command).await,
        Command::Cert(command) => cert::run(&app, command).await,
        Command::Lock(command) => lock::run(&app, command).await,
        Command::Document(command) => document::run(&app, command).await,
        Command::Verify(asked) => verify::run(&app, asked).await,
    }
}
