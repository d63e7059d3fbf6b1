//! `passalong migrate`: the schema, then personal codes for whoever has none.

use crate::server::{
    actions::codes::backfill_personal_codes,
    commands::console::{open_database, progress, say},
    config::{Config, clock::Clock, rng::Rng},
    errors::BoxError,
    store::{settings, users},
};
use std::process::ExitCode;

pub async fn run(config: &Config, quiet: bool) -> Result<ExitCode, BoxError> {
    let db = open_database(config).await?;
    let mut tx = db.read().await?;
    let settings = settings::load(&mut tx).await?;
    let missing = users::count_without_code(&mut tx).await?;
    drop(tx);
    let bar = progress(u64::try_from(missing)?, "Personal codes", quiet);
    let made =
        backfill_personal_codes::run(&db, &settings, &Rng::from_system(), &Clock::default(), |n| bar.inc(n)).await?;
    bar.finish_and_clear();
    db.close().await;
    if !quiet {
        say(&format!("The database is up to date. New personal codes: {made}."));
    }
    Ok(ExitCode::SUCCESS)
}
