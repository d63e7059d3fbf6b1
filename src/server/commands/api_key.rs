//! `passalong api-key`: makes, lists and revokes keys of the API.

use crate::{
    domain::ids::ApiKeyId,
    error::AppError,
    server::{
        actions::api_keys::{
            create_api_key::{self, KeyFields, Wanted},
            revoke_api_key,
        },
        api::bodies::api_key::ApiKeyBody,
        auth::caller::Actor,
        commands::console::{open_database, say},
        config::{Config, cli::ApiKey, clock::Clock, rng::Rng},
        errors::BoxError,
        store::{api_keys, db::Db, json::json},
    },
    text::english,
    view_models::api_keys::ApiKeySummary,
};
use std::process::ExitCode;

/// Keys that are read at a time.
const BATCH: i64 = 500;

/// The heads of the list.
const HEADS: [&str; 6] = ["ID", "NAME", "KEY", "OPENS", "LAST USED", "STATE"];

pub async fn run(config: &Config, command: ApiKey) -> Result<ExitCode, BoxError> {
    let db = open_database(config).await?;
    let told = match command {
        ApiKey::Create { name, scopes, origins, publishable: _ } => create(&db, &name, scopes, origins).await,
        ApiKey::List { json } => list(&db, json).await,
        ApiKey::Revoke { id } => revoke(&db, ApiKeyId(id)).await,
    };
    db.close().await;
    match told {
        Ok(text) => Ok(say(&text)),
        Err(AppError::NotFound) => Err("there is no such key; `passalong api-key list` shows them".into()),
        Err(error) => Err(english().error(&error).into()),
    }
}

async fn create(db: &Db, name: &str, scopes: Option<String>, origins: Option<String>) -> Result<String, AppError> {
    let wanted = match &origins {
        Some(origins) => Wanted::Origins(origins),
        None => Wanted::Scopes(scopes.as_deref().unwrap_or_default()),
    };
    let fields = KeyFields::parse(name, wanted)?;
    let (actor, now) = (Actor::command_line(), Clock::default().now());
    let (_, key) = create_api_key::run(db, &Rng::from_system(), &actor, &fields, None, now).await?;
    Ok(key.0)
}

async fn list(db: &Db, as_json: bool) -> Result<String, AppError> {
    let mut tx = db.read().await?;
    let mut keys: Vec<ApiKeySummary> = vec![];
    loop {
        let page = api_keys::page(&mut tx, keys.last().map(ApiKeySummary::cursor).as_ref(), BATCH).await?;
        if page.is_empty() {
            break;
        }
        keys.extend(page);
    }
    if as_json {
        return Ok(json(&keys.into_iter().map(ApiKeyBody::from).collect::<Vec<_>>()));
    }
    let mut rows = vec![HEADS.map(str::to_owned)];
    rows.extend(keys.iter().map(row));
    Ok(aligned(&rows))
}

fn row(key: &ApiKeySummary) -> [String; 6] {
    let shown = key.public_key.clone().unwrap_or_else(|| format!("pal_…{}", key.last_four));
    let opens = key.scope.map_or_else(|| key.origins.as_str().to_owned(), |scope| scope.contained());
    let used = key.last_used_at.map_or_else(|| "never".to_owned(), |at| english().date(at));
    let state = match (key.revoked_at, key.works) {
        (Some(_), _) => "revoked",
        (None, true) => "works",
        (None, false) => "stopped",
    };
    [key.id.to_string(), key.name.clone(), shown, opens, used, state.to_owned()]
}

/// Columns as wide as their longest cell.
fn aligned(rows: &[[String; 6]]) -> String {
    let width = |n: usize| rows.iter().map(|row| row[n].chars().count()).max().unwrap_or_default();
    let widths: [usize; 6] = std::array::from_fn(width);
    let line = |row: &[String; 6]| {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

async fn revoke(db: &Db, id: ApiKeyId) -> Result<String, AppError> {
    let name = revoke_api_key::run(db, &Actor::command_line(), id, Clock::default().now()).await?;
    Ok(format!("Revoked {name}."))
}
