//! `passalong import …`: people, codes and payments from tables, or everything from JSON lines; all of a file or
//! nothing.

mod codes;
mod columns;
mod conversions;
mod file_format;
mod moment;
mod program;
mod referrals;
mod table;
mod transaction;
mod users;
mod vendors;
mod wrong;

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
        Import::Users { csv, from } => users::run(config, &csv, from).await,
        Import::Codes { csv } => codes::run(config, &csv).await,
        Import::Conversions { csv } => conversions::run(config, &csv).await,
    }
}
