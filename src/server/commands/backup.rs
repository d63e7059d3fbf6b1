//! `passalong backup FILE`: a copy of the database while the program serves.

use crate::server::{
    commands::{backup_checksum, console::say, database_copy::Source, pg_tools::backup_hint},
    config::Config,
    errors::BoxError,
    store::sqlite_connect::file_of,
};
use std::{fs, path::Path, process::ExitCode};

/// Writes a new file that only its owner can read; it has its name when it is whole and durable.
pub async fn run(config: &Config, file: &Path, quiet: bool) -> Result<ExitCode, BoxError> {
    if !config.database_url.starts_with("sqlite:") {
        return Err(backup_hint(&config.database_url, file)?.into());
    }
    let taken = || format!("{} is there already", file.display());
    if file.exists() {
        return Err(taken().into());
    }
    let database = file_of(&config.database_url).map_err(|error| format!("DATABASE_URL: {error}"))?;
    let cannot = |error: std::io::Error| format!("cannot write {}: {error}", file.display());
    let source = Source::open(&database, "DATABASE_URL: ").await?;
    let copy = source.copy(file, quiet).await?;
    backup_checksum::append(copy.path()).map_err(cannot)?;
    // Another backup may have been quicker.
    if file.exists() {
        return Err(taken().into());
    }
    copy.put_in_place(file).map_err(cannot)?;
    if !quiet {
        let bytes = fs::metadata(file).map_err(cannot)?.len();
        say(&format!("Wrote {} ({}).", file.display(), indicatif::DecimalBytes(bytes)));
    }
    Ok(ExitCode::SUCCESS)
}
