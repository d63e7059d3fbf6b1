//! `passalong api-key create`: prints a new key.

use crate::{
    server::{
        actions::api_keys::create_api_key,
        auth::caller::Actor,
        commands::console::{open_database, say},
        config::{Config, cli::ApiKey, clock::Clock, rng::Rng},
        errors::BoxError,
    },
    text::english,
};
use std::process::ExitCode;

pub async fn run(config: &Config, command: ApiKey) -> Result<ExitCode, BoxError> {
    let ApiKey::Create { name, scopes } = command;
    let db = open_database(config).await?;
    let actor = Actor::command_line();
    let now = Clock::default().now();
    let created = create_api_key::run(&db, &Rng::from_system(), &actor, &name, &scopes, None, now).await;
    let (_, secret) = created.map_err(|error| english().error(&error))?;
    db.close().await;
    Ok(say(&secret.0))
}
