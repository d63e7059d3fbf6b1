//! `passalong verify`: whether the file is whole, and every counter right.

use crate::server::{
    commands::console::say,
    config::Config,
    errors::BoxError,
    store::{
        counter_check,
        db::{Db, bring_up_to_date},
    },
};
use std::process::ExitCode;

/// Exit code 1 when any counter differs from what it counts.
pub async fn run(config: &Config, quiet: bool) -> Result<ExitCode, BoxError> {
    let db = Db::connect(&config.database_url).await.map_err(|error| format!("DATABASE_URL: {error}"))?;
    let corrupt = db.find_corruption().await.unwrap_or_else(|error| Some(error.to_string()));
    if let Some(what) = corrupt {
        return Err(format!("DATABASE_URL: the database is corrupt: {what}").into());
    }
    bring_up_to_date(&db).await?;
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
