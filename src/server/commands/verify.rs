//! `passalong verify`: recounts everything.

use super::{
    super::{Failure, settings::Settings, store::tally},
    open, say,
};
use std::process::ExitCode;

/// Exit code 1 when any counter differs from what it counts.
pub async fn run(settings: &Settings, quiet: bool) -> Result<ExitCode, Failure> {
    let db = open(settings).await?;
    let mut tx = db.read().await?;
    let drift = tally::drift(&mut tx).await?;
    let (codes, clicks, signups) = tally::totals(&mut tx).await?;
    drop(tx);
    db.close().await;
    for row in &drift {
        say(&format!("{}: the counter says {}, the rows say {}", row.what, row.counter, row.rows));
    }
    if !quiet {
        say(&format!("Recounted {codes} codes, {clicks} clicks and {signups} sign-ups. Drift: {}", drift.len()));
    }
    Ok(if drift.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
