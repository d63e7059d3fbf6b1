//! `passalong verify`: recounts everything.

use crate::server::{
    commands::console::{open_database, say},
    config::Config,
    errors::BoxError,
    store::counter_check,
};
use std::process::ExitCode;

/// Exit code 1 when any counter differs from what it counts.
pub async fn run(config: &Config, quiet: bool) -> Result<ExitCode, BoxError> {
    let db = open_database(config).await?;
    let mut tx = db.read().await?;
    let mismatches = counter_check::find_mismatches(&mut tx).await?;
    let (codes, clicks, signups) = counter_check::totals(&mut tx).await?;
    drop(tx);
    db.close().await;
    for row in &mismatches {
        say(&format!("{}: the counter says {}, the rows say {}", row.what, row.counter, row.rows));
    }
    if !quiet {
        say(&format!("Recounted {codes} codes, {clicks} clicks and {signups} sign-ups. Drift: {}", mismatches.len()));
    }
    Ok(if mismatches.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
