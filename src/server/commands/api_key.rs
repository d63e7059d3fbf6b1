//! `passalong api-key create`

use super::{
    super::{
        Failure,
        actions::{create_api_key, record::Actor},
        chance::Chance,
        cli::ApiKey,
        clock::Clock,
        settings::Settings,
    },
    open, say,
};
use std::process::ExitCode;

pub async fn run(settings: &Settings, command: ApiKey) -> Result<ExitCode, Failure> {
    let ApiKey::Create { name, scopes } = command;
    let db = open(settings).await?;
    let actor = Actor { id: None, name: "command line".into() };
    let now = Clock::default().now();
    let secret = create_api_key::run(&db, &Chance::real(), &actor, &name, &scopes, now).await?;
    db.close().await;
    Ok(say(&secret.0))
}
