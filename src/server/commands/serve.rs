//! `passalong serve`

use crate::server::{config::Config, errors::BoxError, run::shutdown_signal};
use std::process::ExitCode;

/// Serves until the process is asked to stop.
pub async fn run(config: Config) -> Result<ExitCode, BoxError> {
    crate::server::run::run(config, shutdown_signal()).await?;
    Ok(ExitCode::SUCCESS)
}
