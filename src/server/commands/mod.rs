//! The commands of the binary.

pub mod admin;
pub mod api_key;
pub mod backup;
pub mod backup_checksum;
pub mod console;
pub mod database_copy;
pub mod demo;
pub mod export;
pub mod healthcheck;
pub mod import;
pub mod migrate;
pub mod pg_tools;
pub mod restore;
pub mod serve;
pub mod unfinished_file;
pub mod verify;

use crate::server::{
    api,
    commands::console::say,
    config::{
        cli::{Cli, Command},
        logging,
        site::Site,
    },
    errors::BoxError,
};
use std::{process::ExitCode, time::Duration};

/// The server in the document of the API where none is configured.
const EXAMPLE_BASE_URL: &str = "https://refer.example.com";

/// How long threads may go on when the command is done.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_millis(500);

/// Runs the command that was asked for; the site is what is served.
pub fn run(cli: Cli, site: Site) -> Result<ExitCode, BoxError> {
    logging::start(&cli.config);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let code = runtime.block_on(async {
        let config = cli.config;
        match cli.command.unwrap_or(Command::Serve) {
            Command::Serve => serve::run(config, site).await,
            Command::Migrate { quiet } => migrate::run(&config, quiet).await,
            Command::Admin(command) => admin::run(&config, command).await,
            Command::ApiKey(command) => api_key::run(&config, command).await,
            Command::Openapi => Ok(say(&api::document::text(config.base_url.as_deref().unwrap_or(EXAMPLE_BASE_URL)))),
            Command::Demo { quiet } => demo::run(&config, quiet).await,
            Command::Verify { quiet } => verify::run(&config, quiet).await,
            Command::Import(what) => import::run(&config, what).await,
            Command::Export { file, quiet } => export::run(&config, &file, quiet).await,
            Command::Backup { file, quiet } => backup::run(&config, &file, quiet).await,
            Command::Restore { file, quiet } => restore::run(&config, &file, quiet).await,
            Command::Healthcheck => healthcheck::run(&config).await,
        }
    });
    // A thread that still waits, as for the address of a host, does not keep the process.
    runtime.shutdown_timeout(SHUTDOWN_TIMEOUT);
    code
}
