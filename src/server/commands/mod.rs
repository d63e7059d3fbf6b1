//! The commands of the binary.

pub mod admin;
pub mod api_key;
pub mod demo;
pub mod export;
pub mod healthcheck;
pub mod import;
pub mod migrate;
pub mod serve;
pub mod verify;

use super::{
    Failure,
    assets::Site,
    cli::{Cli, Command},
    log,
    settings::Settings,
    store::Db,
};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::{io::Write, process::ExitCode};

/// Runs the command that was asked for; the site is what is served.
pub fn run(cli: Cli, site: Site) -> Result<ExitCode, Failure> {
    log::start(&cli.settings);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let settings = cli.settings;
        match cli.command.unwrap_or(Command::Serve) {
            Command::Serve => serve::run(settings, site).await,
            Command::Migrate { quiet } => migrate::run(&settings, quiet).await,
            Command::Admin(command) => admin::run(&settings, command).await,
            Command::ApiKey(command) => api_key::run(&settings, command).await,
            Command::Openapi => Ok(say(&super::api::text())),
            Command::Demo { quiet } => demo::run(&settings, quiet).await,
            Command::Verify { quiet } => verify::run(&settings, quiet).await,
            Command::Import(what) => import::run(&settings, what).await,
            Command::Export { file, quiet } => export::run(&settings, &file, quiet).await,
            Command::Healthcheck => healthcheck::run(&settings).await,
        }
    })
}

/// Opens the database with the current schema.
async fn open(settings: &Settings) -> Result<Db, Failure> {
    let db = Db::connect(&settings.database_url).await.map_err(|error| format!("DATABASE_URL: {error}"))?;
    db.migrate().await.map_err(|error| format!("DATABASE_URL: the schema cannot be brought up to date: {error}"))?;
    Ok(db)
}

/// A bar on a terminal; nothing elsewhere or when quiet.
fn progress(total: u64, what: &'static str, quiet: bool) -> ProgressBar {
    let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let style = ProgressStyle::with_template("{msg} {wide_bar} {human_pos}/{human_len} {eta}")
        .unwrap_or(ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(total), target).with_style(style).with_message(what)
}

/// Prints to standard output. A reader that has gone away is nobody's fault.
pub fn say(text: &str) -> ExitCode {
    let _ = writeln!(std::io::stdout(), "{}", text.trim_end());
    ExitCode::SUCCESS
}

/// Prints a line that goes before an error.
fn tell(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Prints one line to standard error.
pub fn fail(line: &str) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "passalong: {}", line.replace('\n', " ").trim());
    ExitCode::FAILURE
}
