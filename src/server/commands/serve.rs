//! `passalong serve`

use super::super::{Failure, asked_to_stop, assets::Site, settings::Settings};
use std::process::ExitCode;

/// Serves until the process is asked to stop.
pub async fn run(settings: Settings, site: Site) -> Result<ExitCode, Failure> {
    super::super::run(settings, site, asked_to_stop()).await?;
    Ok(ExitCode::SUCCESS)
}
