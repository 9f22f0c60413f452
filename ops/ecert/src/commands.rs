//! The commands, one file each.

mod batch;
mod cert;
mod db;
mod demo;
mod document;
mod ingest;
mod keys;
mod lock;
mod queue;
mod sample;
mod staff;
mod sweep;
mod verify;
mod work;

use std::process::ExitCode;

use crate::app::App;
use crate::cli::{Cli, Command};

/// The exit code of "done, with held or rejected rows", given only under `--strict`.
const STRICT: u8 = 3;

/// Runs the command.
pub(crate) async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let Cli { global, command } = cli;
    let app = App::new(&global)?;
    match command {
        Command::Demo { rows } => demo::run(app, &global, rows).await,
        Command::Sample { rows, out, seed, as_of } => sample::run(&app, rows, &out, seed, as_of).await,
        Command::Db(command) => db::run(&app, command).await,
        Command::Migrate { down } => db::migrate(&app, down).await,
        Command::Keys(command) => keys::run(&app, &command).await,
        Command::Staff(command) => staff::run(&app, command).await,
        Command::Ingest(command) => ingest::run(&app, command).await,
        Command::Batch(command) => batch::run(&app, command).await,
        Command::Work(command) => work::run(&app, command).await,
        Command::Sweep(command) => sweep::run(&app, command).await,
        Command::Queue(command) => queue::run(&app, &command).await,
        Command::Cert(command) => cert::run(&app, command).await,
        Command::Lock(command) => lock::run(&app, command).await,
        Command::Document(command) => document::run(&app, command).await,
        Command::Verify { file } => verify::run(&app, &file).await,
    }
}
