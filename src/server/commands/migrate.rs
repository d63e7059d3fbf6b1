//! `passalong migrate`: the schema, then personal codes for whoever has none.

use super::{
    super::{Failure, actions::fill_codes, chance::Chance, clock::Clock, program, settings::Settings, store::users},
    open, progress, say,
};
use std::process::ExitCode;

pub async fn run(settings: &Settings, quiet: bool) -> Result<ExitCode, Failure> {
    let db = open(settings).await?;
    let mut tx = db.read().await?;
    let program = program::stored(&mut tx).await?;
    let missing = users::count_without_code(&mut tx).await?;
    drop(tx);
    let bar = progress(u64::try_from(missing)?, "Personal codes", quiet);
    let made = fill_codes::run(&db, &program, &Chance::real(), &Clock::default(), |n| bar.inc(n)).await?;
    bar.finish_and_clear();
    db.close().await;
    if !quiet {
        say(&format!("The database is up to date. New personal codes: {made}."));
    }
    Ok(ExitCode::SUCCESS)
}
