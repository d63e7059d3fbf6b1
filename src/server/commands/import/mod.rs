//! `passalong import …`: people and codes from CSV files, all of a file or nothing.

mod codes;
mod table;
mod transaction;
mod users;

use crate::server::{
    config::{Config, cli::Import},
    errors::BoxError,
};
use std::process::ExitCode;

pub async fn run(config: &Config, what: Import) -> Result<ExitCode, BoxError> {
    match what {
        Import::Users { file, quiet } => users::run(config, &file, quiet).await,
        Import::Codes { file, quiet } => codes::run(config, &file, quiet).await,
    }
}
