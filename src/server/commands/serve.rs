//! `passalong serve`: the server.

use crate::server::{
    config::{Config, site::Site},
    errors::BoxError,
    run::shutdown_signal,
};
use std::process::ExitCode;

/// Serves until the process is asked to stop.
pub async fn run(config: Config, site: Site) -> Result<ExitCode, BoxError> {
    crate::server::run::run(config, site, shutdown_signal()).await?;
    Ok(ExitCode::SUCCESS)
}
