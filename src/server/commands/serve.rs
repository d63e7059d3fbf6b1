//! `passalong serve`

use super::super::{Failure, asked_to_stop, settings::Settings};
use std::process::ExitCode;

/// Serves until the process is asked to stop.
pub async fn run(settings: Settings) -> Result<ExitCode, Failure> {
    super::super::run(settings, asked_to_stop()).await?;
    Ok(ExitCode::SUCCESS)
}
