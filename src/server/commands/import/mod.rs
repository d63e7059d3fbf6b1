//! `passalong import …`: people, codes and payments from CSV files, or everything from JSON lines; all of a file or nothing.

mod codes;
mod conversions;
mod program;
mod table;
mod transaction;
mod users;

use crate::server::{
    config::{
        Config,
        cli::{Import, ImportArgs},
    },
    errors::BoxError,
};
use std::process::ExitCode;

pub async fn run(config: &Config, args: ImportArgs) -> Result<ExitCode, BoxError> {
    let Some(what) = args.what else {
        return program::run(config, &args.file.unwrap_or_default(), args.quiet).await;
    };
    match what {
        Import::Users { file, quiet } => users::run(config, &file, quiet).await,
        Import::Codes { file, quiet } => codes::run(config, &file, quiet).await,
        Import::Conversions { file, quiet } => conversions::run(config, &file, quiet).await,
    }
}
