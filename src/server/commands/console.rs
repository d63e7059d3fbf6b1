//! What commands share: the database, and what they print.

use crate::server::{
    config::Config,
    errors::BoxError,
    store::{
        db::{self, Db},
        limits::Limits,
    },
};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::{io::Write, process::ExitCode};

/// Opens the database with the current schema.
pub async fn open_database(config: &Config) -> Result<Db, BoxError> {
    db::open_database(&config.database_url, Limits::COMMAND).await
}

/// A bar on a terminal; nothing elsewhere or when quiet.
pub fn progress(total: u64, what: &'static str, quiet: bool) -> ProgressBar {
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
pub fn tell(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Prints one line to standard error.
pub fn fail(line: &str) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "passalong: {}", line.replace('\n', " ").trim());
    ExitCode::FAILURE
}
