//! Keys of the REST API, for admins.

use crate::{
    domain::{api_key::Secret, ids::ApiKeyId, path::LocalPath, time::Time},
    error::AppError,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A key in the list. The secret is known to its owner alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKeyRow {
    pub id: ApiKeyId,
    pub name: String,
    /// As `read, write`.
    pub scopes: String,
    pub last_four: String,
    pub created_by: String,
    pub created_at: Time,
    pub last_used_at: Option<Time>,
    pub revoked_at: Option<Time>,
}

/// Loads all keys, those that work first.
#[server(endpoint = "load_api_keys")]
pub async fn load_api_keys() -> Result<Vec<ApiKeyRow>, AppError> {
    use crate::server::{actions::show_api_keys, door::Door};
    let door = Door::open();
    door.admin()?;
    show_api_keys::run(&door.server).await
}

/// Makes a key. What it returns is shown once and kept nowhere.
#[server(endpoint = "create_api_key")]
pub async fn create_api_key(
    #[server(default)] name: String,
    #[server(default)] scopes: String,
) -> Result<Secret, AppError> {
    use crate::server::{actions::create_api_key, door::Door};
    let door = Door::open();
    let (server, actor) = (&door.server, door.actor()?);
    create_api_key::run(&server.db, &server.chance, &actor, &name, &scopes, server.clock.now()).await
}

/// Revokes a key for good.
#[server(endpoint = "revoke_api_key")]
pub async fn revoke_api_key(id: ApiKeyId) -> Result<LocalPath, AppError> {
    use crate::server::{actions::revoke_api_key, door::Door};
    let door = Door::open();
    revoke_api_key::run(&door.server, &door.actor()?, id).await?;
    Ok(LocalPath::of("/admin/api-keys?done=revoked"))
}
