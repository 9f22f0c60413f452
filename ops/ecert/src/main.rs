//! `ecert`: the only binary. Parses, wires and prints; what is done is done by the crates below.

mod app;
mod cli;
mod commands;
mod config;
mod confirm;
mod home;
mod key_files;
mod out_file;
mod output;
mod pem_blocks;
mod private_postgres;
mod wiring;

use std::process::ExitCode;

use clap::Parser as _;
use time::format_description::well_known::Rfc3339;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::time::OffsetTime;

use crate::cli::Cli;

/// A delivery of a million rows is a hundred million small texts.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let parsed = match Cli::try_parse() {
        Ok(parsed) => parsed,
        Err(error) => return refuse(&error),
    };
    let cli = Cli { global: parsed.global.with_environment(), ..parsed };
    let json = cli.global.json;
    start_logging(&cli);
    keep_quiet_about_cells();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("ecert: cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(commands::run(cli)) {
        Ok(code) => code,
        Err(error) => {
            let text = output::one_line(&error);
            eprintln!("ecert: {text}");
            if json {
                output::failure(&text);
            }
            ExitCode::FAILURE
        }
    }
}

/// Tells a command line that cannot be taken, to a program in the form that it asked for; help and version are no errors.
fn refuse(error: &clap::Error) -> ExitCode {
    if error.use_stderr() && std::env::args_os().any(|argument| argument == "--json") {
        let told = error.to_string();
        // What clap says first is what is wrong; the usage follows.
        let told = told.split("\n\n").next().unwrap_or_default().trim_start_matches("error: ");
        output::failure(&told.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    // A closed terminal is told nothing.
    let _ = error.print();
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// A library that stumbles over a damaged file is caught on its thread and told as an error; what it says may quote a cell.
fn keep_quiet_about_cells() {
    let tell = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().name() != Some("reader") {
            tell(panic);
        }
    }));
}

/// Logs go to standard error, in civil time of Asia/Shanghai. Workers tell what an operator would tell; other commands only what somebody must act on.
fn start_logging(cli: &Cli) {
    let default = if matches!(cli.command, cli::Command::Work(_)) {
        "info,sqlx=warn,apalis=warn,apalis_core=warn,apalis_postgres=warn"
    } else {
        "warn"
    };
    let filter = EnvFilter::try_from_env("ECERT_LOG").unwrap_or_else(|_| EnvFilter::new(default));
    let logger = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_timer(OffsetTime::new(domain::civil_date::SHANGHAI, Rfc3339))
        .with_target(false)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()));
    if cli.global.json { logger.json().init() } else { logger.init() }
}
